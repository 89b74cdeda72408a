import { stripVTControlCharacters } from 'node:util';

/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export interface TimedTest {
  readonly name: string;
  readonly durationMs: number;
  /** What a failed test said first. */
  readonly failure?: string;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly tests: readonly TimedTest[];
}

const FAILURE_CHARACTERS = 600;

/** The first lines of a message, without the colours of a terminal. */
const firstWords = (message: string): string => stripVTControlCharacters(message).slice(0, FAILURE_CHARACTERS);

/**
 * Counts a run of vitest. A run is never green by accident: no report, no test found, a file that could not be loaded
 * and an exit code that the tests do not explain (an unhandled rejection, for example) count as one failure each.
 */
export const readVitestReport = (report: VitestReport | null, exitCode: number | null): TestCounts => {
  if (report === null) return { passed: 0, failed: 1, skipped: 0, tests: [] };
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ file: file.name, ...test })),
  );
  const count = (...statuses: string[]) => tests.filter(({ status }) => statuses.includes(status)).length;
  const passed = count('passed');
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = count('failed') + unloaded;
  const isUnexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return {
    passed,
    failed: isUnexplained ? 1 : failed,
    skipped: count('skipped', 'pending', 'todo', 'disabled'),
    tests: tests.map(({ file, fullName, status, duration, failureMessages }) => ({
      name: `${file} > ${fullName}`,
      durationMs: duration ?? 0,
      ...(status === 'failed' && { failure: firstWords(failureMessages?.[0] ?? '') }),
    })),
  };
};
