import { describe, expect, it } from 'vitest';
import { barsOf, instantsOfSpan, moveSpan, stackOf } from './bars.ts';

const HOUR = 3_600_000;
const bars = barsOf({
  bucketSeconds: 3600,
  buckets: [
    { at: '2026-11-25T10:00:00.000Z', counts: { SUCCESS: 5, ALLOW: 1, DENY: 2 } },
    { at: '2026-11-25T11:00:00.000Z', counts: {} },
    { at: '2026-11-25T12:00:00.000Z', counts: { CHALLENGE: 3, FAILURE: 1 } },
  ],
});

describe('bars', () => {
  it('gather outcomes, lose none, and stack so that what is drawn later is never taller', () => {
    expect(bars.map(({ counts, total }) => [counts.good, counts.refused, counts.other, total])).toEqual([
      [6, 2, 0, 8],
      [0, 0, 0, 0],
      [0, 1, 3, 4],
    ]);
    expect(stackOf(bars)).toEqual([
      [8, 0, 4],
      [2, 0, 4],
      [0, 0, 3],
    ]);
  });

  it('are walked and taken by key, and never left', () => {
    const first = moveSpan(null, 3, 'ArrowLeft', false);
    expect(first).toEqual({ from: 2, to: 2 });
    const two = moveSpan(first, 3, 'ArrowLeft', true);
    expect(two).toEqual({ from: 2, to: 1 });
    expect(moveSpan({ from: 2, to: 0 }, 3, 'ArrowLeft', true)).toEqual({ from: 2, to: 0 });
    expect(moveSpan(two, 3, 'Home', false)).toEqual({ from: 0, to: 0 });
    expect(moveSpan(two, 3, 'x', false)).toBeNull();
    expect(moveSpan(null, 0, 'Home', false)).toBeNull();
  });

  it('say which time a span covers, in either direction', () => {
    const start = Date.UTC(2026, 10, 25, 11);
    expect(instantsOfSpan(bars, { from: 2, to: 1 })).toEqual({ startAt: start, endAt: start + 2 * HOUR, total: 4 });
    expect(instantsOfSpan([], { from: 0, to: 0 })).toBeNull();
  });
});
