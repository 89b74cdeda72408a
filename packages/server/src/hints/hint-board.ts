import { setImmediate as breath, setTimeout as pause } from 'node:timers/promises';
import type { SessionPrincipal } from './find-hearers.ts';

/** Something that changed, as the event of the change names it; a person is somebody whose inbox did. */
export interface Change {
  readonly kind: 'request' | 'approval' | 'review' | 'person';
  readonly id: string;
}
/**
 * What a stream says: that something changed, never what. `inbox` is what waits for the person; `missed` that the server
 * cannot tell what it was, so that everything is read anew. An id only of what the person may read.
 */
export interface Hint {
  readonly event: 'inbox' | 'request' | 'approval' | 'review' | 'missed';
  readonly id: string | null;
}
export interface Listener {
  readonly principal: SessionPrincipal;
  readonly tell: (hint: Hint) => void;
}
/** Who hears what of a change. */
export type FindHearers = (change: Change, listeners: readonly Listener[]) => Promise<readonly Heard[]>;
export type Heard = readonly [Listener, Hint];

export interface HintBoard {
  /** Something was committed. Returns at once, and never throws: no change waits for whoever is told of it. */
  changed(change: Change): void;
  /** The answer takes the listener away. */
  listen(listener: Listener): () => void;
  /** No question is under way any more, and none is asked again. */
  close(): Promise<void>;
}

/** Between two looks: what changes meanwhile is looked at together, and the same thing once. */
const TURN_MS = 250;
/** After a failure of the store, which has other work now. */
const FAILED_MS = 5000;
/** More things at one time are not told one by one. */
const WAITING_MAX = 500;

/**
 * Tells open streams of changes, after commit and beside the requests that made them. It asks the store who may know of each
 * changed thing: once for the thing, however many listen and however often it changed meanwhile, and not at all while nobody does.
 */
export const createHintBoard = (find: FindHearers, onError: (error: unknown) => void): HintBoard => {
  const listeners = new Set<Listener>();
  const waiting = new Map<string, Change>();
  let isTooMany = false;
  const closing = new AbortController();
  let running: Promise<void> | null = null;

  const tellAll = (hint: Hint): void => {
    for (const listener of listeners) listener.tell(hint);
  };
  const turn = async (): Promise<number> => {
    const changes = [...waiting.values()];
    waiting.clear();
    const wasTooMany = isTooMany;
    isTooMany = false;
    try {
      if (wasTooMany) tellAll({ event: 'missed', id: null });
      // Whoever left meanwhile is told nothing.
      else
        for (const change of changes)
          for (const [listener, hint] of await find(change, [...listeners]))
            if (listeners.has(listener)) listener.tell(hint);
      return TURN_MS;
    } catch (error) {
      onError(error);
      tellAll({ event: 'missed', id: null });
      return FAILED_MS;
    }
  };
  const run = async (): Promise<void> => {
    // What the same commit changed besides is told with it.
    await breath();
    while (waiting.size > 0 && listeners.size > 0 && !closing.signal.aborted)
      await pause(await turn(), undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    waiting.clear();
    running = null;
  };

  return {
    changed(change) {
      if (listeners.size === 0 || closing.signal.aborted) return;
      if (waiting.size < WAITING_MAX) waiting.set(`${change.kind} ${change.id}`, change);
      else isTooMany = true;
      running ??= run();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
};
