import { describe, expect, it } from 'vitest';
import { endOfRun, nextRun, readInterval, startOfRun, zonedIso } from './schedule.ts';

const at = (text: string): number => Date.parse(text);
const starts = (
  first: string,
  zone: string,
  interval: string,
  count: number,
  repeatOnType?: 'SAME_WEEKDAY_AS_START_DATE' | 'LAST_WEEKDAY_AS_START_DATE',
) =>
  Array.from({ length: count }, (_, run) =>
    zonedIso(startOfRun(at(first), zone, { interval, repeatOnType }, run), zone),
  );

describe('the schedule of a review', () => {
  it('keeps the hour of the clock on the wall when clocks are changed', () => {
    expect(starts('2026-09-30T07:00:00Z', 'Europe/Oslo', 'P1M', 3)).toEqual([
      '2026-09-30T09:00:00+02:00',
      '2026-10-30T09:00:00+01:00',
      '2026-11-30T09:00:00+01:00',
    ]);
    expect(starts('2026-03-22T01:30:00Z', 'Europe/Oslo', 'P1W', 3)).toEqual([
      '2026-03-22T02:30:00+01:00',
      // There is no half past two on that day.
      '2026-03-29T03:30:00+02:00',
      '2026-04-05T02:30:00+02:00',
    ]);
  });

  it('comes back to the 31st after a shorter month', () => {
    expect(starts('2027-01-31T10:00:00Z', 'UTC', 'P1M', 4).map((text) => text.slice(0, 10))).toEqual([
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
    ]);
  });

  it('repeats on the same or the last weekday of the month', () => {
    // The second Thursday.
    expect(
      starts('2026-10-08T10:00:00Z', 'UTC', 'P3M', 3, 'SAME_WEEKDAY_AS_START_DATE').map((text) => text.slice(0, 10)),
    ).toEqual(['2026-10-08', '2027-01-14', '2027-04-08']);
    expect(
      starts('2026-10-29T10:00:00Z', 'UTC', 'P1M', 3, 'LAST_WEEKDAY_AS_START_DATE').map((text) => text.slice(0, 10)),
    ).toEqual(['2026-10-29', '2026-11-26', '2026-12-31']);
  });

  it('leaves out runs that were missed, and ends with the series', () => {
    const recurrence = { interval: 'P1W', ends: '2026-12-31T00:00:00Z' };
    const first = at('2026-11-02T10:00:00Z');
    expect(nextRun(first, 'UTC', recurrence, 0, at('2026-11-02T10:00:00Z'))).toEqual({
      run: 1,
      startAt: at('2026-11-09T10:00:00Z'),
    });
    expect(nextRun(first, 'UTC', recurrence, 0, at('2026-12-01T00:00:00Z'))?.run).toBe(5);
    expect(nextRun(first, 'UTC', recurrence, 8, at('2026-12-29T00:00:00Z'))).toBeNull();
  });

  it('ends after whole days of 24 hours, as the recorded service has it', () => {
    const end = endOfRun(at('2025-10-04T13:43:40Z'), 30);
    expect(zonedIso(at('2025-10-04T13:43:40Z'), 'America/Los_Angeles')).toBe('2025-10-04T06:43:40-07:00');
    expect(zonedIso(end, 'America/Los_Angeles')).toBe('2025-11-03T05:43:40-08:00');
  });

  it.each(['', 'P', 'P0D', 'P1M1D', 'PT1H', 'P1.5M', 'monthly', 'P1DT1H'])('refuses %o as an interval', (text) => {
    expect(() => readInterval(text)).toThrow();
  });
});
