import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMINDED_BEFORE_MS, remindAt } from './when-to-remind.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('remindAt', () => {
  it.each([
    [0, null],
    [4 * HOUR - 1, null],
    [4 * HOUR, 30 * MINUTE],
    [7 * DAY - 1, 30 * MINUTE],
    [7 * DAY, DAY],
    [365 * DAY, DAY],
  ])('of what was given for %i ms it is %s ms before the end', (length, before) => {
    const startsAt = 1_700_000_000_000;
    const expiresAt = startsAt + length;
    expect(remindAt({ startsAt, expiresAt })).toBe(before === null ? null : expiresAt - before);
  });

  it('lies in the second half of it, and never further from its end than a job looks', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 400 * DAY }), (startsAt, length) => {
        const expiresAt = startsAt + length;
        const at = remindAt({ startsAt, expiresAt });
        if (at === null) return;
        expect(at).toBeGreaterThan(startsAt + length / 2);
        expect(at).toBeLessThan(expiresAt);
        expect(expiresAt - at).toBeLessThanOrEqual(REMINDED_BEFORE_MS);
      }),
    );
  });
});
