import { useEffect } from 'react';

const KEY = 'sallyport.shortcuts';

/** Single keys can be turned off (WCAG 2.1.4); what the browser or an input owns is never taken. */
export const areShortcutsOn = (): boolean => localStorage.getItem(KEY) !== 'off';
export const setShortcutsOn = (isOn: boolean): void => localStorage.setItem(KEY, isOn ? 'on' : 'off');

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Single keys of a screen, by `event.key`. None works while somebody types or a dialog is open. What answers false leaves
 * the key to others; keys of the frame are asked `first`, so that the second of a sequence is no key of the screen.
 */
export const useShortcuts = (
  keys: Readonly<Record<string, () => unknown>>,
  order: 'first' | 'after' = 'after',
): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      // A key that is held down was meant once.
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return;
      if (!areShortcutsOn() || document.querySelector('[role="dialog"]') !== null) return;
      const run = keys[event.key];
      if (run === undefined) return;
      if (run() !== false) event.preventDefault();
    };
    const isFirst = order === 'first';
    document.addEventListener('keydown', onKeyDown, isFirst);
    return () => document.removeEventListener('keydown', onKeyDown, isFirst);
  }, [keys, order]);
};
