import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_SECONDS_MAX,
  ACCESS_SECONDS_MIN,
  accessDurationInWords,
  readAccessDuration,
  writeAccessDuration,
} from './access-duration.ts';

describe('durations of access', () => {
  it('are read as the wire writes them', () => {
    expect(readAccessDuration('PT8H')).toBe(8 * 3600);
    expect(readAccessDuration('P52W')).toBe(364 * 86_400);
    expect(readAccessDuration('P365D')).toBe(ACCESS_SECONDS_MAX);
    expect(readAccessDuration('PT1M')).toBe(ACCESS_SECONDS_MIN);
  });
  it.each(['', 'P', 'PT', 'PT59S', 'P366D', 'P365DT1S', 'PT0S', '8h', 'P1Y', 'PT-1H', 'P53W'])('refuse %s', (text) =>
    expect(readAccessDuration(text)).toBeNull(),
  );
  it('are written so that they are read as the same', () =>
    fc.assert(
      fc.property(fc.integer({ min: ACCESS_SECONDS_MIN, max: ACCESS_SECONDS_MAX }), (seconds) => {
        expect(readAccessDuration(writeAccessDuration(seconds))).toBe(seconds);
      }),
    ));
  it('are said in words', () => {
    expect(accessDurationInWords(7200)).toBe('2 h');
    expect(accessDurationInWords(88_200)).toBe('1 d 30 min');
  });
});
