import { describe, expect, it } from 'vitest';
import { judgeReadiness, type ReadinessFacts } from './judge-readiness.ts';

const NOW = Date.UTC(2026, 10, 29, 3);
const DAY = 86_400_000;
const ready: ReadinessFacts = {
  usableKeys: 2,
  isActive: true,
  unsealedAt: null,
  isSessionOpen: false,
  openReviews: 0,
  isRevokedInReview: false,
  sealedAt: NOW - DAY,
  lastDrillAt: null,
  alarmChannels: 2,
  now: NOW,
};
const judge = (change: Partial<ReadinessFacts>) => judgeReadiness({ ...ready, ...change });

describe('a break-glass account', () => {
  it('is ready with two keys, a whole seal and two channels, and then asks for nothing', () => {
    expect(judge({})).toEqual({ state: 'READY', isDrillDue: false, drillDueAt: NOW + 89 * DAY, todo: [] });
  });
  it.each<[string, Partial<ReadinessFacts>, string]>([
    ['one key', { usableKeys: 1 }, 'INCOMPLETE'],
    ['no key', { usableKeys: 0 }, 'INCOMPLETE'],
    ['an account that was stopped', { isActive: false }, 'INCOMPLETE'],
    ['a broken seal', { unsealedAt: NOW }, 'USED'],
    ['a session', { isSessionOpen: true, unsealedAt: NOW, usableKeys: 1 }, 'IN_USE'],
  ])('with %s is not', (_, change, state) => {
    expect(judge(change).state).toBe(state);
  });
  it('is due for a drill at the very instant, counted from the last one or from its sealing', () => {
    expect(judge({ sealedAt: NOW - 90 * DAY + 1 }).isDrillDue).toBe(false);
    expect(judge({ sealedAt: NOW - 90 * DAY }).isDrillDue).toBe(true);
    expect(judge({ sealedAt: NOW - 200 * DAY, lastDrillAt: NOW - 89 * DAY }).isDrillDue).toBe(false);
  });
  it('to which a review said no stays usable, and says what is to be done', () => {
    expect(judge({ isRevokedInReview: true })).toMatchObject({
      state: 'READY',
      todo: ['A review said no to it: give it a new secret, or retire it.'],
    });
  });
  it('says what to do, the most urgent first', () => {
    expect(judge({ unsealedAt: NOW, usableKeys: 0, openReviews: 1, alarmChannels: 0, lastDrillAt: 0 }).todo).toEqual([
      'Its secret was used: give it a new one, and seal that.',
      'Register 2 hardware keys for it.',
      'Its last use is not reviewed.',
      'Nobody is told when it is used: set up mail and a webhook.',
      'No drill for 90 days: try whether it works.',
    ]);
  });
});
