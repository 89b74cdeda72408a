/** One delivery at a time to each sink of this process: two at once would send the same entry twice. */
export interface SinkTurns {
  /** Does the work when whatever was asked for before it, for the same sink, is over; it fails for nobody but its own. */
  take<T>(sink: string, work: () => Promise<T>): Promise<T>;
  /** From now on whoever delivers ends with the entry that is under way: a receiver that takes long holds up no shutdown. */
  stop(): void;
  isStopped(): boolean;
}

/** Sinks do not wait for each other. */
export const createSinkTurns = (): SinkTurns => {
  const last = new Map<string, Promise<unknown>>();
  let isStopped = false;
  return {
    stop() {
      isStopped = true;
    },
    isStopped: () => isStopped,
    async take(sink, work) {
      const before = last.get(sink) ?? Promise.resolve();
      const run = before.then(work);
      const ended = run.catch(() => undefined);
      last.set(sink, ended);
      try {
        return await run;
      } finally {
        if (last.get(sink) === ended) last.delete(sink);
      }
    },
  };
};
