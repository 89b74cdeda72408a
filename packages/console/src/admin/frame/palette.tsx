import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useMe } from './me.ts';
import { visibleScreens } from './navigation.tsx';
import { findItems, type PaletteItem } from './palette-items.ts';

const RECENT_KEY = 'sallyport.recent';
const RECENT_MAX = 5;

const readRecent = (): string[] => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? '[]');
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
};

/** One input to go anywhere and do anything that needs no form. The pattern is a combobox with a list (ARIA 1.2). */
export const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const me = useMe();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const [recent] = useState(readRecent);
  const items = useMemo<PaletteItem[]>(
    () => [
      ...visibleScreens(me?.permissions ?? []).map(({ path, title, group, words, goKey }) => ({
        key: path,
        title,
        hint: goKey === undefined ? (group ?? '') : `g ${goKey}`,
        words: `${group} ${words ?? ''}`,
        run: () => void navigate({ to: path as '/' }),
      })),
      {
        key: 'own',
        title: 'Your sessions and keys',
        hint: 'Me',
        words: 'my sign out devices',
        run: () => location.assign('/me/sessions'),
      },
      { key: 'light', title: 'Look: light', hint: 'Theme', words: 'bright', run: () => setColorScheme('light') },
      { key: 'dark', title: 'Look: dark', hint: 'Theme', words: 'night', run: () => setColorScheme('dark') },
      { key: 'auto', title: 'Look: like the system', hint: 'Theme', words: 'auto', run: () => setColorScheme('auto') },
    ],
    [me, navigate, setColorScheme],
  );
  // A pasted event or session id opens what it names.
  const named: PaletteItem[] = /^[0-9a-f-]{36}$/.test(typed.trim())
    ? [
        {
          key: 'event',
          title: `Event ${typed.trim()}`,
          hint: 'System Log',
          words: typed,
          run: () => location.assign(`/log/${typed.trim()}`),
        },
      ]
    : /^[a-z0-9]{3}[A-Za-z0-9]{17}$/.test(typed.trim())
      ? [
          ...(typed.trim().startsWith('102') && me?.permissions.includes('okta.sessions.read')
            ? [
                {
                  key: 'session',
                  title: `Session ${typed.trim()}`,
                  hint: 'Session',
                  words: typed,
                  run: () => void navigate({ to: '/sessions/$id', params: { id: typed.trim() } }),
                },
              ]
            : []),
          {
            key: 'id',
            title: `Find ${typed.trim()} in the System Log`,
            hint: 'Id',
            words: typed,
            run: () => location.assign(`/log?q=${encodeURIComponent(typed.trim())}`),
          },
        ]
      : [];
  const found = [...named, ...findItems(items, named.length > 0 ? '' : typed, recent)].slice(0, 12);
  const run = (item: PaletteItem | undefined): void => {
    if (item === undefined) return;
    localStorage.setItem(
      RECENT_KEY,
      JSON.stringify([item.key, ...recent.filter((key) => key !== item.key)].slice(0, RECENT_MAX)),
    );
    onClose();
    item.run();
  };
  return (
    <Dialog
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="10vh"
      padding={0}
      size="lg"
      aria-label="Go to, or do"
    >
      <input
        className="sp-palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[at] === undefined ? undefined : `${listId}-${at}`}
        aria-label="Go to, or do"
        placeholder="Go to a screen, paste an id, or do something…"
        autoComplete="off"
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            setAt((at + step + found.length) % Math.max(1, found.length));
          } else if (event.key === 'Enter') run(found[at]);
        }}
      />
      <div id={listId} role="listbox" aria-label="Results" className="sp-palette-list">
        {found.map((item, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which names the active option
          // biome-ignore lint/a11y/useFocusableInteractive: an option of a combobox is never focused itself
          <div
            key={item.key}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === at}
            className="sp-palette-item"
            onClick={() => run(item)}
            onMouseMove={() => setAt(i)}
          >
            <span>{item.title}</span>
            <span className="sp-quiet">{item.hint}</span>
          </div>
        ))}
        {found.length === 0 && (
          <p className="sp-palette-none" role="status">
            Nothing is called that. Try another word.
          </p>
        )}
      </div>
    </Dialog>
  );
};
