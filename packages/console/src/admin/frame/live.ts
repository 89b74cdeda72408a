import type { Query, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { StreamListener } from '../../browser/event-stream.ts';
import { INBOX, meQuery } from './me.ts';
import { useAhead } from './server-time.ts';

/** Where the things that a hint names are read. */
const PLACES: Readonly<Record<string, string>> = {
  request: '/sallyport/v1/requests',
  approval: '/sallyport/v1/approvals',
  review: '/sallyport/v1/campaigns',
};

/** Is it told by a hint that the answer to this question may be another one now? */
export const isHintedAt = (key: readonly unknown[], kind: string, id: string | null): boolean => {
  if (kind === 'missed') return true;
  const [first] = key;
  if (kind === 'inbox') return first === INBOX || (first === 'me' && key.length === 1);
  const place = PLACES[kind];
  if (place === undefined || typeof first !== 'string') return false;
  return first === place || (id !== null && `${first}/`.startsWith(`${place}/${encodeURIComponent(id)}/`));
};
const isEverHintedAt = ({ queryKey: [first, ...more] }: Query): boolean =>
  first === INBOX ||
  (first === 'me' && more.length === 0) ||
  Object.values(PLACES).some((place) => `${String(first)}/`.startsWith(`${place}/`));

let isOpen = false;
const listeners = new Set<() => void>();
const setOpen = (next: boolean): void => {
  if (isOpen === next) return;
  isOpen = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/**
 * Reads anew what the stream says has changed: what is on the screen at once, and everything else when it is shown next. One
 * reading at a time; what is hinted at meanwhile is read after it, so that many hints cancel no answer and ask no more often
 * than it is answered. A page that nobody looks at asks when somebody does.
 */
export const createLiveReader = (client: QueryClient): StreamListener => {
  let wasOpen = false;
  let isReading = false;
  let waiting: ((query: Query) => boolean)[] = [];

  const read = async (isMeant: (query: Query) => boolean): Promise<void> => {
    waiting.push(isMeant);
    if (isReading) return;
    isReading = true;
    while (waiting.length > 0) {
      const meant = waiting;
      waiting = [];
      await client.invalidateQueries({
        predicate: (query) => meant.some((one) => one(query)),
        refetchType: document.visibilityState === 'visible' ? 'active' : 'none',
      });
    }
    isReading = false;
  };
  /** What was asked before the stream was open may have been answered before the change that it was not told of. */
  const readSinceLoad = async (): Promise<void> => {
    const asked = client.getQueryCache().findAll({ predicate: isEverHintedAt });
    await Promise.all(asked.map((query) => query.promise?.catch(() => undefined)));
    await read(isEverHintedAt);
  };

  return {
    onOpen() {
      setOpen(true);
      void (wasOpen ? read(() => true) : readSinceLoad());
      wasOpen = true;
    },
    onCut: () => setOpen(false),
    onRights: () => void read(({ queryKey }) => queryKey[0] === meQuery.queryKey[0]),
    onHint: (kind, id) => void read(({ queryKey }) => isHintedAt(queryKey, kind, id)),
  };
};

/** Where no stream tells of changes. */
const FALLBACK_MS = 60_000;
/** What is over by the clock, and is not written down yet. */
const OVERDUE_MS = 5_000;
/** Timers of browsers overflow beyond some 24 days. */
const TIMER_MAX = 86_400_000;

/**
 * How long until a page asks again by itself, in milliseconds: at an instant that it knows of, for no change is told there;
 * and now and then while no stream tells it of changes. False is never.
 */
export const useNextLook = (): ((dueAt: string | null | undefined) => number | false) => {
  const isTold = useSyncExternalStore(subscribe, () => isOpen);
  const ahead = useAhead();
  return (dueAt) => {
    const left = dueAt === null || dueAt === undefined ? null : Date.parse(dueAt) + ahead - Date.now();
    const next = left === null ? TIMER_MAX : left <= 0 ? OVERDUE_MS : Math.min(left + 250, TIMER_MAX);
    if (!isTold) return Math.min(next, FALLBACK_MS);
    return left === null ? false : next;
  };
};
