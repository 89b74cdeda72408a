import { DEFAULT_PASSWORD_SETTINGS, type PasswordAge } from '@sallyport/model/password-policy';
import { describe, expect, it } from 'vitest';
import {
  daysToWarnOf,
  isPasswordExpired,
  isPasswordLocked,
  lockAfter,
  passwordChangeableAt,
  passwordExpiresAt,
} from './judge-password-times.ts';

const DAY = 86_400_000;
const CHANGED = Date.UTC(2026, 10, 1, 12);
const age = (more: Partial<PasswordAge>): PasswordAge => ({ ...DEFAULT_PASSWORD_SETTINGS.age, ...more });
const lockout = (maxAttempts: number, autoUnlockMinutes: number) => ({
  maxAttempts,
  autoUnlockMinutes,
  showLockoutFailures: false,
});

describe('the age of a password', () => {
  it('ends it at the millisecond, and never where none is asked', () => {
    expect(passwordExpiresAt(CHANGED, age({ maxAgeDays: 30 }))).toBe(CHANGED + 30 * DAY);
    expect(isPasswordExpired(CHANGED, age({ maxAgeDays: 30 }), CHANGED + 30 * DAY - 1)).toBe(false);
    expect(isPasswordExpired(CHANGED, age({ maxAgeDays: 30 }), CHANGED + 30 * DAY)).toBe(true);
    expect(passwordExpiresAt(CHANGED, age({}))).toBeNull();
    expect(isPasswordExpired(CHANGED, age({}), CHANGED + 9999 * DAY)).toBe(false);
  });

  it('is told in days that have begun, as long before as is asked, and not after', () => {
    const asked = age({ maxAgeDays: 30, expireWarnDays: 5 });
    const at = (fromEnd: number) => daysToWarnOf(CHANGED, asked, CHANGED + 30 * DAY - fromEnd);
    expect([at(5 * DAY + 1), at(5 * DAY), at(DAY + 1), at(DAY), at(1), at(0)]).toEqual([null, 5, 2, 1, 1, null]);
    expect(daysToWarnOf(CHANGED, age({ maxAgeDays: 30 }), CHANGED + 30 * DAY - 1)).toBeNull();
    expect(daysToWarnOf(CHANGED, age({ expireWarnDays: 5 }), CHANGED)).toBeNull();
  });

  it('may have to be reached before another change', () => {
    expect(passwordChangeableAt(CHANGED, age({ minAgeMinutes: 90 }))).toBe(CHANGED + 90 * 60_000);
    expect(passwordChangeableAt(CHANGED, age({}))).toBe(CHANGED);
  });
});

describe('the lock of a password', () => {
  it('comes with the last try that is allowed', () => {
    expect(lockAfter(2, lockout(3, 15), CHANGED)).toBeNull();
    expect(lockAfter(3, lockout(3, 15), CHANGED)).toEqual({
      passwordLockedAt: CHANGED,
      passwordUnlocksAt: CHANGED + 15 * 60_000,
    });
    expect(lockAfter(99, lockout(3, 0), CHANGED)).toEqual({ passwordLockedAt: CHANGED, passwordUnlocksAt: null });
  });

  it('ends at the millisecond, or by somebody only', () => {
    const lock = { passwordLockedAt: CHANGED, passwordUnlocksAt: CHANGED + 15 * 60_000 };
    expect(isPasswordLocked(lock, CHANGED + 15 * 60_000 - 1)).toBe(true);
    expect(isPasswordLocked(lock, CHANGED + 15 * 60_000)).toBe(false);
    expect(isPasswordLocked({ passwordLockedAt: CHANGED, passwordUnlocksAt: null }, CHANGED + 9999 * DAY)).toBe(true);
    expect(isPasswordLocked({ passwordLockedAt: null, passwordUnlocksAt: null }, CHANGED)).toBe(false);
  });
});
