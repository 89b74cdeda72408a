/**
 * How much work something is, as V8 itself counts: the same on every machine, however busy it is. Counting begins with the
 * import of this file, for a function that ran before has no counters within it.
 */
import { type Profiler, Session } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** What was entered since it was last asked for; the session answers before `post` returns. */
const takeCounts = (): readonly Profiler.ScriptCoverage[] => {
  let found: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    found = result;
  });
  return found;
};

/**
 * How often any block of the source files of that name is entered while `work` runs. What a regular expression reads twice
 * within one match is not seen.
 */
export const countSteps = (files: RegExp, work: () => void): number => {
  takeCounts();
  work();
  return takeCounts()
    .filter(({ url }) => files.test(url) && !url.endsWith('.test.ts'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0);
};
