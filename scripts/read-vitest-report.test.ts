import { describe, expect, it } from 'vitest';
import { readVitestReport, type VitestReport } from './read-vitest-report.ts';

const report = (status: string, ...statuses: string[]): VitestReport => ({
  testResults: [
    {
      name: 'a.test.ts',
      status,
      assertionResults: statuses.map((s, i) => ({ fullName: `test ${i}`, status: s, duration: i })),
    },
  ],
});

describe('readVitestReport', () => {
  it('counts each test', () => {
    const counts = readVitestReport(report('failed', 'passed', 'failed', 'passed', 'skipped'), 1);
    expect(counts).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
    expect(counts.tests[2]).toEqual({ name: 'a.test.ts > test 2', durationMs: 2 });
  });

  it('keeps what a failed test said first, without colours', () => {
    const failed = {
      fullName: 'b',
      status: 'failed',
      failureMessages: ['\u001B[31mError\u001B[39m: no\n  at x', 'more'],
    };
    const { tests } = readVitestReport(
      { testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [failed] }] },
      1,
    );
    expect(tests).toEqual([{ name: 'a.test.ts > b', durationMs: 0, failure: 'Error: no\n  at x' }]);
  });

  it('counts a run without a report, that is a crash, as failed', () => {
    expect(readVitestReport(null, 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a run that found no test as failed, whatever its exit code', () => {
    expect(readVitestReport({ testResults: [] }, 0)).toMatchObject({ passed: 0, failed: 1 });
    expect(readVitestReport(report('passed', 'skipped'), 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a file that could not be loaded, or whose hook failed, as failed', () => {
    expect(readVitestReport(report('failed'), 1)).toMatchObject({ failed: 1 });
    expect(readVitestReport(report('failed', 'passed'), 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  it('counts an exit code that no test explains as failed', () => {
    expect(readVitestReport(report('passed', 'passed'), 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(readVitestReport(report('passed', 'passed'), null)).toMatchObject({ passed: 1, failed: 1 });
    expect(readVitestReport(report('passed', 'passed'), 0)).toMatchObject({ passed: 1, failed: 0 });
  });
});
