import { CallError, call } from './call.ts';
import { type StreamListener, untilSessionEnds } from './event-stream.ts';
import { type Deadlines, type SessionState, stateOf, WARN_SECONDS } from './session-state.ts';

/** What the watch knows of the world; a test gives its own. */
export interface WatchPorts {
  readonly now: () => number;
  /** Runs once after a time; the answer takes it back. */
  readonly after: (seconds: number, run: () => void) => () => void;
  /** Null: there is no such session any more. Throws when nobody answered. */
  readonly readDeadlines: () => Promise<Deadlines | null>;
  /** Resolves when the session ended, with the reason as far as it was said; listens until the signal. */
  readonly untilEnded: (signal: AbortSignal) => Promise<string | null>;
  readonly extend: () => Promise<void>;
}

/** A session as a page sees it. Knows of no framework: a page draws what `state` says whenever it is told. */
export interface SessionWatch {
  readonly state: () => SessionState;
  /** The listener is called at every change, and once a second while the end is near. The answer takes it away. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Looks now: the computer was asleep, or the page was not shown. */
  readonly look: () => void;
  /** "Stay": counts as interaction. Does not move the longest time. */
  readonly stay: () => Promise<void>;
  readonly stop: () => void;
}

/** How old a reading may be while the end is near: another tab may have been busy meanwhile. */
const FRESH_SECONDS = 15;
/** Timers of browsers overflow; a look an hour costs nothing. */
const SLEEP_SECONDS_MAX = 3600;

/**
 * Watches a session until it ended. Deadlines are the server's: they are read again before anybody is warned, because
 * whatever was done in this tab or another has moved them. Reading them is background work and moves nothing.
 */
export const createSessionWatch = (ports: WatchPorts): SessionWatch => {
  const listeners = new Set<() => void>();
  let state: SessionState = { kind: 'running' };
  let deadlines: Deadlines | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  let isReading = false;
  let cancel = (): void => {};
  const listening = new AbortController();

  const stop = (): void => {
    isStopped = true;
    cancel();
    listening.abort();
  };
  const show = (next: SessionState): void => {
    const isSame = next.kind === 'running' && state.kind === 'running';
    state = next;
    if (next.kind === 'ended') stop();
    if (!isSame) for (const listener of listeners) listener();
  };
  const sleep = (seconds: number, run: () => void): void => {
    cancel();
    cancel = ports.after(Math.min(Math.max(seconds, 0), SLEEP_SECONDS_MAX), run);
  };

  const draw = (): void => {
    if (isStopped || deadlines === null) return;
    const now = ports.now();
    const next = stateOf(deadlines, now);
    const isFresh = now - readAt < FRESH_SECONDS * 1000;
    if (next.kind === 'running') {
      show(next);
      sleep((Math.min(deadlines.idleEndsAt, deadlines.endsAt) - now) / 1000 - WARN_SECONDS, () => void read());
    } else if (!isFresh) void read();
    else if (next.kind === 'ending') {
      show(next);
      sleep(1, draw);
    }
    // The server has just said that it lives: the clocks differ by less than a second.
    else sleep(1, () => void read());
  };

  const read = async (): Promise<void> => {
    if (isStopped || isReading) return;
    isReading = true;
    try {
      const found = await ports.readDeadlines();
      if (isStopped) return;
      if (found === null) {
        const last = deadlines === null ? null : stateOf(deadlines, ports.now());
        return show({ kind: 'ended', reason: last?.kind === 'ended' ? last.reason : null });
      }
      deadlines = found;
      readAt = ports.now();
    } catch {
      // Nobody answers. Time goes on without the server: what is over is over.
      const last = deadlines === null ? null : stateOf(deadlines, ports.now());
      if (!isStopped && last !== null && last.kind !== 'running') show(last);
      return sleep(last?.kind === 'ending' ? 1 : FRESH_SECONDS, () => void read());
    } finally {
      isReading = false;
    }
    draw();
  };

  void read();
  void ports.untilEnded(listening.signal).then((reason) => {
    if (!isStopped) show({ kind: 'ended', reason });
  });

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look: () => void read(),
    async stay() {
      await ports.extend();
      await read();
    },
    stop,
  };
};

interface MeSession {
  readonly session: { readonly idleEndsAt: string; readonly endsAt: string; readonly now: string };
}

/** The watch of the session of this page; `on` hears what else its stream says. */
export const watchSession = (on: StreamListener = {}): SessionWatch => {
  const watch = createSessionWatch({
    now: () => Date.now(),
    after: (seconds, run) => {
      const timer = setTimeout(run, seconds * 1000);
      return () => clearTimeout(timer);
    },
    readDeadlines: async () => {
      try {
        const { session } = await call<MeSession>('GET', '/sallyport/v1/me', { isBackground: true });
        // The server's clock rules, wherever this computer's stands.
        const ahead = Date.now() - Date.parse(session.now);
        return { idleEndsAt: Date.parse(session.idleEndsAt) + ahead, endsAt: Date.parse(session.endsAt) + ahead };
      } catch (error) {
        if (error instanceof CallError && error.status === 401) return null;
        throw error;
      }
    },
    untilEnded: (signal) => untilSessionEnds('/sallyport/v1/me/events', { signal, on }),
    extend: async () => {
      await call('POST', '/api/v1/sessions/me/lifecycle/refresh');
    },
  });
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') watch.look();
  };
  document.addEventListener('visibilitychange', onVisible);
  return {
    ...watch,
    stop() {
      document.removeEventListener('visibilitychange', onVisible);
      watch.stop();
    },
  };
};
