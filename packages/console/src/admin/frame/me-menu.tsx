import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { call } from '../../browser/call.ts';
import { useNow } from '../ui/instant.tsx';
import { durationWords } from '../ui/time-words.ts';
import { PersonIcon } from './icons.tsx';
import { useMe } from './me.ts';

const SCHEMES = [
  ['auto', 'Like the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Who is signed in, until when, and the way out. Signing out stands apart from everything that ends something else. */
export const MeMenu = ({ onShowKeys }: { readonly onShowKeys: () => void }) => {
  const me = useMe();
  const now = useNow();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const signOut = async (): Promise<void> => {
    await call('DELETE', '/api/v1/sessions/me').catch(() => {});
    location.assign('/ended?reason=signed-out');
  };
  return (
    <Menu position="bottom-end" width={270} loop>
      <Menu.Target>
        <UnstyledButton className="sp-me" aria-label={me === null ? 'You' : `You: ${me.user.name || me.user.login}`}>
          <PersonIcon />
          <span className="sp-me-name">{me?.user.name || me?.user.login}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {me !== null && (
          <Menu.Label>
            <span className="sp-strong">{me.user.login}</span>
            <br />
            {me.roles.length === 0 ? 'No admin role' : me.roles.map(({ label }) => label).join(', ')}
            <br />
            Session ends in {durationWords((Date.parse(me.session.endsAt) - now) / 1000)} at the latest
          </Menu.Label>
        )}
        <Menu.Item component="a" href="/me/sessions">
          Your sessions and keys
        </Menu.Item>
        <Menu.Item component={Link} to="/me/keys">
          My keys
        </Menu.Item>
        <Menu.Item component={Link} to="/me/notices">
          Mails you get
        </Menu.Item>
        <Menu.Item onClick={onShowKeys} rightSection={<kbd>?</kbd>}>
          Keyboard
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Look</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
          {SCHEMES.map(([scheme, label]) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
