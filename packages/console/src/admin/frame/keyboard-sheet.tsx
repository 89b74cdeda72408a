import { Switch } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { areShortcutsOn, setShortcutsOn } from '../ui/shortcuts.ts';
import { useMe } from './me.ts';
import { visibleScreens } from './navigation.tsx';

const ALWAYS = [
  ['Ctrl K', 'Go to, or do'],
  ['/', 'Search in this screen'],
  ['?', 'This sheet'],
  ['j, k or arrows', 'Move in a list'],
  ['Enter or o', 'Open the row'],
  ['Esc', 'Back out one level'],
] as const;
const LOG = [
  ['t', 'System Log: live tail'],
  ['e', 'System Log: export'],
] as const;

/** All keys in one place, and the switch that turns single ones off. */
export const KeyboardSheet = ({ onClose }: { readonly onClose: () => void }) => {
  const me = useMe();
  const [isOn, setIsOn] = useState(areShortcutsOn);
  const goTo = visibleScreens(me?.permissions ?? []).flatMap(({ goKey, title }) =>
    goKey === undefined ? [] : [[`g ${goKey}`, title] as const],
  );
  return (
    <Dialog onClose={onClose} title="Keyboard" size="md">
      <dl className="sp-keys">
        {[...ALWAYS, ...goTo, ...LOG].map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        mt="lg"
        label="Single keys work"
        description="Turn them off if speech input or a slip of the hand triggers them. Ctrl K always works."
        checked={isOn}
        onChange={(event) => {
          setIsOn(event.currentTarget.checked);
          setShortcutsOn(event.currentTarget.checked);
        }}
      />
    </Dialog>
  );
};
