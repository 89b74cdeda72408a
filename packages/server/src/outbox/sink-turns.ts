/** One delivery at a time to each sink of this process: two at once would send the same entry twice. */
export interface SinkTurns {
  /** Does the work when whatever was asked for before it, for the same sink, is over; it fails for nobody but its own. */
  take<T>(sink: string, work: () => Promise<T>): Promise<T>;
}

/** Sinks do not wait for each other. */
export const createSinkTurns = (): SinkTurns => {
  const last = new Map<string, Promise<unknown>>();
  return {
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
