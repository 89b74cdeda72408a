import { describe, expect, it } from 'vitest';
import { dueReminder } from './judge-token-age.ts';

const DAY = 86_400_000;
const at = (days: number, remindedDays: number) => dueReminder({ secretSetAt: 0, remindedDays, now: days * DAY });

describe('the reminder that is due', () => {
  it.each([
    [0, 0, null],
    [90 - 1e-6, 0, null],
    [90, 0, 90],
    [90, 90, null],
    [179, 90, null],
    [180, 90, 180],
    // A server that was away tells the highest step, once.
    [400, 0, 365],
    [400, 180, 365],
    [4000, 365, null],
  ])('of a secret %s days old, after step %s: %s', (days, told, due) => {
    expect(at(days, told)).toBe(due);
  });
});
