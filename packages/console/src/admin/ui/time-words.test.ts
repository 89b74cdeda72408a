import { describe, expect, it } from 'vitest';
import { shortId } from './short-id.ts';
import { countdownWords, durationWords, fromLocalInput, localInput, relativeWords, utcWords } from './time-words.ts';

describe('durationWords', () => {
  it.each([
    [0, '0 s'],
    [-3, '0 s'],
    [45, '45 s'],
    [75, '1 min 15 s'],
    [120, '2 min'],
    [4_321, '1 h 12 min'],
    [86_400, '1 day'],
    [180_000, '2 days 2 h'],
  ])('%d s → %s', (seconds, words) => expect(durationWords(seconds)).toBe(words));
});

describe('relativeWords', () => {
  it('looks both ways', () => {
    expect(relativeWords(0, 1_000)).toBe('just now');
    expect(relativeWords(0, 300_000)).toBe('5 min ago');
    expect(relativeWords(4_320_000, 0)).toBe('in 1 h 12 min');
  });

  it('is a date where nobody counts the days', () => {
    const now = Date.UTC(2026, 10, 30, 12);
    const day = 86_400_000;
    expect(relativeWords(now - 365 * day + 1000, now)).toBe('364 days ago');
    for (const at of [now - 365 * day, now + 400 * day, Date.UTC(1980, 5, 15, 12)]) {
      const words = relativeWords(at, now);
      expect(words).toContain(String(new Date(at).getFullYear()));
      expect(words).not.toMatch(/ago|^in|day/);
    }
  });
});

describe('a countdown', () => {
  it('is in minutes and seconds, and ends at nothing', () => {
    expect(countdownWords(252)).toBe('4:12');
    expect(countdownWords(0.2)).toBe('0:01');
    expect(countdownWords(-3)).toBe('0:00');
  });
});

describe('a field of a local time', () => {
  it('is read back, and is nothing as long as it is half typed', () => {
    expect(fromLocalInput(localInput(1_700_000_000_000))).toBe('2023-11-14T22:13:20.000Z');
    for (const half of ['', '2026-', '275761-01-01T00:00', '20261-03-01T10:00', 'soon'])
      expect(fromLocalInput(half), half).toBeNull();
  });
});

describe('what stands in a table', () => {
  it('an instant in UTC, an id by both ends', () => {
    expect(utcWords(0)).toBe('1970-01-01 00:00:00 UTC');
    expect(shortId('short')).toBe('short');
    expect(shortId('00uABCDEFGHIJKLMNOPQ')).toBe('00uABCD…MNOPQ');
  });
});
