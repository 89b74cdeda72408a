import { CloseButton } from '@mantine/core';
import { type ReactNode, useSyncExternalStore } from 'react';

interface Toast {
  readonly id: number;
  readonly content: ReactNode;
}
const SHOWN_SECONDS = 8;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

const change = (next: readonly Toast[]): void => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number): void => change(toasts.filter((toast) => toast.id !== id));

/** Says what was done, with a link to what it led to. For what must be read there are dialogs. */
export const toast = (content: ReactNode): void => {
  const id = ++lastId;
  change([...toasts.slice(-2), { id, content }]);
  setTimeout(() => dismiss(id), SHOWN_SECONDS * 1000);
};

/** The live region is there from the beginning, so that a screen reader hears it fill. */
export const Toasts = () => {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="sp-toasts" role="status" aria-live="polite">
      {shown.map(({ id, content }) => (
        <div className="sp-toast" key={id}>
          <div>{content}</div>
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
};
