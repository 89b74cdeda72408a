import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { isScreenPath, SCREENS, type ScreenRow } from '../screens.ts';
import { Page } from '../ui/page.tsx';
import { Failure, Forbidden, Loading } from '../ui/states.tsx';
import { type Me, meQuery } from './me.ts';

/** Grants that were there when the screen was opened, by their names, and are not any more. */
const endedSince = (before: Me, now: Me): readonly string[] =>
  before.grants.filter(({ id }) => !now.grants.some((grant) => grant.id === id)).map(({ name }) => name);

/** Above a screen that was open when the right to it ended: it stays, for what was typed into it would be lost. */
const RightEnded = ({ title, grants }: { readonly title: string; readonly grants: readonly string[] }) => (
  <div className="sp-banner warn" role="alert">
    <span>
      {grants.length > 0
        ? `Your access for a while has ended: ${grants.join(', ')}. `
        : `Your roles have changed: “${title}” is not part of them any more. `}
      What you have typed stays on this page, but nothing more is saved. Copy what you need;{' '}
      <Link to="/me/access">My access</Link> says what you may do now.
    </span>
  </div>
);

/**
 * Shows a screen to whoever may read it, and says to everybody else what they lack. Whoever loses the right while the
 * screen is open keeps it with what they typed. The server judges again.
 */
export const Guarded = ({ children }: { readonly children: ReactNode }) => {
  const query = useQuery(meQuery);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [opened, setOpened] = useState<{ readonly path: string; readonly me: Me } | null>(null);
  const screen = (SCREENS as readonly ScreenRow[]).find((row) => isScreenPath(path, [row]));
  if (query.data === undefined)
    return query.isError ? (
      <Failure what="Couldn’t load who you are" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the console" />
    );
  const needed = screen?.permission ?? null;
  const me = query.data;
  const mayRead = needed === null || me.permissions.includes(needed);
  // What was known when this screen was last allowed. One value, so that its children keep their place and their state.
  if (mayRead && (opened === null || opened.path !== path || opened.me !== me)) setOpened({ path, me });
  const wasOpen = !mayRead && opened?.path === path;
  if (mayRead || wasOpen)
    return (
      <>
        {wasOpen && <RightEnded title={screen?.title ?? ''} grants={endedSince(opened.me, me)} />}
        {children}
      </>
    );
  return (
    <Page title={screen?.title ?? 'Not for you'}>
      <Forbidden
        what={
          query.data.session.hasConsole
            ? `“${screen?.title}” is not part of your role.`
            : 'You are signed in, but not to the Admin Console.'
        }
        permission={needed}
      />
    </Page>
  );
};
