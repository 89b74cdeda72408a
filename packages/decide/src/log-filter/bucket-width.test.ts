import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf } from './bucket-width.ts';

const HOUR = 3_600_000;

describe('bucketsOf', () => {
  it('stands at whole hours, whenever it is asked', () => {
    const until = Date.UTC(2026, 10, 25, 12, 34);
    expect(bucketsOf(until - 24 * HOUR, until, 60)).toEqual({
      widthMs: 30 * 60_000,
      firstAt: Date.UTC(2026, 10, 24, 12, 30),
      count: 49,
    });
    expect(bucketsOf(until - 7 * 24 * HOUR, until, 60)).toMatchObject({ widthMs: 3 * HOUR, count: 57 });
  });

  it('covers any range with no more bars than wanted, and no bar outside it', () => {
    const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: 2, max: 200 }), (a, b, wanted) => {
        const [since, until] = [Math.min(a, b), Math.max(a, b) + 1];
        const { widthMs, firstAt, count } = bucketsOf(since, until, wanted);
        expect(count).toBeLessThanOrEqual(wanted);
        expect(firstAt).toBeLessThanOrEqual(since);
        expect(firstAt + widthMs).toBeGreaterThan(since);
        expect(firstAt + count * widthMs).toBeGreaterThanOrEqual(until);
        expect(firstAt + (count - 1) * widthMs).toBeLessThan(until);
      }),
    );
  });
});
