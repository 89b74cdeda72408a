import { describe, expect, it } from 'vitest';
import { whyNotRestored } from './judge-restore.ts';

const TAKEN = { graceEndsAt: 1000, restoredAt: null, subjectId: 'kim', callerId: 'ana', isSuperAdmin: true, now: 999 };

describe('what a review took', () => {
  it('is given back until its grace is over, to the millisecond', () => {
    expect(whyNotRestored(TAKEN)).toBeNull();
    expect(whyNotRestored({ ...TAKEN, now: 1000 })).toBe('review-grace-over');
    // The host has no account.
    expect(whyNotRestored({ ...TAKEN, callerId: null })).toBeNull();
  });

  it('is given back once, by a super admin, and to nobody by themselves', () => {
    expect(whyNotRestored({ ...TAKEN, graceEndsAt: null })).toBe('review-nothing-kept');
    expect(whyNotRestored({ ...TAKEN, restoredAt: 500 })).toBe('review-nothing-kept');
    expect(whyNotRestored({ ...TAKEN, isSuperAdmin: false })).toBe('review-restored-by-super-admins');
    expect(whyNotRestored({ ...TAKEN, callerId: 'kim' })).toBe('review-own');
  });
});
