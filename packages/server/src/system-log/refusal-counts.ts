import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';

/** Requests of one kind from one place, refused and not yet told. */
export interface Refusals<About> {
  readonly about: About;
  /** Of the last of them. */
  readonly principal: Principal;
  readonly count: number;
  readonly firstAt: Instant;
}

/**
 * Requests that are refused and told of. A flood of the same kind is one event at once and one at the end of its window,
 * with the count: whoever is refused cannot fill the log, nor make the store write for each of their requests.
 */
export interface RefusalCounts<About> {
  /** True for the first of a window: that one is told now. */
  note(principal: Principal, about: About, now: Instant): boolean;
  /** What was counted in windows that have ended, or in all of them. */
  drain(now: Instant, isAll?: boolean): readonly Refusals<About>[];
}

export const REFUSAL_WINDOW_SECONDS = 60;
/** Windows open at a time; what comes beside them is counted together. */
const WINDOWS_MAX = 1000;
const EVERYTHING_ELSE = 'everything else';

/** `keyOf`: refusals of the same text are of the same kind. */
export const createRefusalCounts = <About>(
  keyOf: (principal: Principal, about: About) => string,
): RefusalCounts<About> => {
  type Window = { endsAt: Instant; firstAt: Instant | null; count: number; last: Refusals<About> | null };
  const windows = new Map<string, Window>();
  const due: Refusals<About>[] = [];
  const close = (key: string): void => {
    const last = windows.get(key)?.last;
    if (last !== null && last !== undefined) due.push(last);
    windows.delete(key);
  };
  return {
    note(principal, about, now) {
      const own = keyOf(principal, about);
      const key = windows.has(own) || windows.size < WINDOWS_MAX ? own : EVERYTHING_ELSE;
      const open = windows.get(key);
      if (open !== undefined && now < open.endsAt) {
        open.firstAt ??= now;
        open.count += 1;
        open.last = { about, principal, count: open.count, firstAt: open.firstAt };
        return false;
      }
      close(key);
      windows.set(key, { endsAt: now + REFUSAL_WINDOW_SECONDS * 1000, firstAt: null, count: 0, last: null });
      return true;
    },
    drain(now, isAll = false) {
      for (const [key, { endsAt }] of windows) if (isAll || now >= endsAt) close(key);
      return due.splice(0);
    },
  };
};
