import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useId, useSyncExternalStore } from 'react';

/** Open dialogs, the uppermost last: one may open another, and Esc closes only that. */
let open: readonly string[] = [];
const listeners = new Set<() => void>();
const change = (next: readonly string[]): void => {
  open = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** What had the focus last. A button that is busy is disabled, and a disabled one loses it. */
let lastFocused: Element | null = null;
if (typeof document !== 'undefined')
  document.addEventListener('focusin', ({ target }) => {
    lastFocused = target instanceof Element ? target : null;
  });

/** Gives the focus back; to what is disabled as soon as it no longer is, unless the person went elsewhere. */
const focusAgain = (element: Element | null): void => {
  if (!(element instanceof HTMLElement) || !element.isConnected) return;
  element.focus({ preventScroll: true });
  if (!element.matches(':disabled')) return;
  const watch = new MutationObserver(() => {
    watch.disconnect();
    if (document.activeElement === document.body) focusAgain(element);
  });
  watch.observe(element, { attributeFilter: ['disabled'] });
};

/** A dialog that exists while it is open. The focus goes back to where it was, so that Esc leads to the very place. */
export const Dialog = ({ closeOnEscape = true, ...props }: Omit<ModalProps, 'opened'>) => {
  const id = useId();
  const isUppermost = useSyncExternalStore(subscribe, () => open.at(-1) === id);
  useEffect(() => {
    const before = document.activeElement === document.body ? lastFocused : document.activeElement;
    change([...open, id]);
    return () => {
      change(open.filter((other) => other !== id));
      // After the dialog is gone: its focus trap would take it back.
      requestAnimationFrame(() => focusAgain(before));
    };
  }, [id]);
  return <Modal opened returnFocus={false} closeOnEscape={closeOnEscape && isUppermost} {...props} />;
};
