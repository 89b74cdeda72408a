import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useMe } from './me.ts';
import { visibleScreens } from './navigation.tsx';

const SEQUENCE_SECONDS = 1.5;

/** `g` and then a letter goes to a screen. */
export const useGoKeys = (): void => {
  const navigate = useNavigate();
  const me = useMe();
  const pressedAt = useRef(Number.NEGATIVE_INFINITY);
  useShortcuts(
    useMemo(() => {
      const keys: Record<string, () => boolean> = {};
      for (const { goKey, path } of visibleScreens(me?.permissions ?? [])) {
        if (goKey === undefined) continue;
        keys[goKey] = () => {
          const isSecond = (performance.now() - pressedAt.current) / 1000 < SEQUENCE_SECONDS;
          if (isSecond) void navigate({ to: path as '/' });
          pressedAt.current = Number.NEGATIVE_INFINITY;
          return isSecond;
        };
      }
      return {
        ...keys,
        g: () => {
          pressedAt.current = performance.now();
        },
      };
    }, [navigate, me]),
    'first',
  );
};
