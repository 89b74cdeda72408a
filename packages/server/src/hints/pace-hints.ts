import type { Hint } from './hint-board.ts';

/** More things than these at one time are not named one by one: everything is read anew. */
const NAMED_MAX = 20;

/**
 * The hints of one stream, at their pace: the first is said at once, what comes before the next look is said with it, each
 * once. `write` answers whether the listener takes more; what it does not take waits, and is never more than a few names.
 */
export const paceHints = (write: (text: string) => boolean) => {
  let pending = new Set<string>();
  let isOpen = true;
  let takesMore = true;

  const flush = (): void => {
    if (pending.size === 0 || !isOpen || !takesMore) return;
    const text = [...pending].join('');
    pending = new Set();
    isOpen = false;
    takesMore = write(text);
  };
  return {
    hear({ event, id }: Hint): void {
      pending.add(`event: ${event}\ndata: ${JSON.stringify(id === null ? {} : { id })}\n\n`);
      if (pending.size > NAMED_MAX) pending = new Set(['event: missed\ndata: {}\n\n']);
      // What is told in the same turn is said together.
      queueMicrotask(flush);
    },
    /** Once a second. */
    look(takesMoreNow: boolean): void {
      takesMore = takesMoreNow;
      isOpen = true;
      flush();
    },
  };
};
