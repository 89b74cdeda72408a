import type { CallOut } from '../http/call-out.ts';
import type { Clock } from '../ports/clock.ts';

/** The key set behind an address, as it stands there. */
export interface KeySets {
  /** The keys at an address; from memory while they are fresh. `isUnknownKey`: the caller looked and did not find its key. */
  fetch(uri: string, isUnknownKey: boolean): Promise<readonly unknown[]>;
  /** What is wrong with an address that somebody wants keys to be fetched from; null where it may be. */
  whyNot(uri: string): string | null;
}

const FRESH_SECONDS = 300;
/** A key that is not there is asked for again at most so often: nobody makes this server knock at another's door. */
const RETRY_SECONDS = 30;
const URIS_MAX = 1000;

interface Entry {
  readonly keys: Promise<readonly unknown[]>;
  readonly fetchedAt: number;
  hasFailed: boolean;
}

/** Fetches key sets from where operators say they are, and keeps them for a while. */
export const createKeySets = ({ clock, callOut }: { readonly clock: Clock; readonly callOut: CallOut }): KeySets => {
  const cache = new Map<string, Entry>();
  const get = async (uri: string): Promise<readonly unknown[]> => {
    const { status, body } = await callOut.ask(uri);
    if (status !== 200) throw new Error(`the answer was ${status}`);
    const { keys } = JSON.parse(body) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error('the answer is no key set');
    return keys;
  };

  return {
    whyNot: callOut.whyNot,
    fetch(uri, isUnknownKey) {
      const now = clock.now();
      const known = cache.get(uri);
      const seconds = isUnknownKey || known?.hasFailed === true ? RETRY_SECONDS : FRESH_SECONDS;
      if (known !== undefined && now - known.fetchedAt < seconds * 1000) return known.keys;
      const entry: Entry = { keys: get(uri), fetchedAt: now, hasFailed: false };
      entry.keys.catch(() => {
        entry.hasFailed = true;
      });
      cache.delete(uri);
      cache.set(uri, entry);
      const [oldest] = cache.keys();
      if (cache.size > URIS_MAX && oldest !== undefined) cache.delete(oldest);
      return entry.keys;
    },
  };
};
