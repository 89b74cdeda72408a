import type { Instant } from '@sallyport/model/instant';
import type { PasswordAge, PasswordLockout } from '@sallyport/model/password-policy';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When a password that was chosen then is good for choosing another one only; null: never. */
export const passwordExpiresAt = (changedAt: Instant, { maxAgeDays }: PasswordAge): Instant | null =>
  maxAgeDays === 0 ? null : changedAt + maxAgeDays * DAY_MS;

/** Time is data (design §4.5): it is expired although nothing was written down when that came. */
export const isPasswordExpired = (changedAt: Instant, age: PasswordAge, now: Instant): boolean => {
  const at = passwordExpiresAt(changedAt, age);
  return at !== null && now >= at;
};

/** In how many days, begun ones counted, it expires, where that is soon enough to be told; null where it is not. */
export const daysToWarnOf = (changedAt: Instant, age: PasswordAge, now: Instant): number | null => {
  const at = passwordExpiresAt(changedAt, age);
  if (at === null || now >= at) return null;
  const days = Math.ceil((at - now) / DAY_MS);
  return days <= age.expireWarnDays ? days : null;
};

/** From when on its owner may change it again, so that nobody walks through a history to come back to the old one. */
export const passwordChangeableAt = (changedAt: Instant, { minAgeMinutes }: PasswordAge): Instant =>
  changedAt + minAgeMinutes * MINUTE_MS;

/** What a row knows of a lock. */
export interface PasswordLock {
  readonly passwordLockedAt: Instant | null;
  /** When it ends by itself; null: not before somebody unlocks it. */
  readonly passwordUnlocksAt: Instant | null;
}

/** Is it locked now? A lock whose time has come is none, also where the row still has it. */
export const isPasswordLocked = ({ passwordLockedAt, passwordUnlocksAt }: PasswordLock, now: Instant): boolean =>
  passwordLockedAt !== null && (passwordUnlocksAt === null || now < passwordUnlocksAt);

/** The lock that so many wrong tries in a row bring; null where there may be more of them. */
export const lockAfter = (failures: number, lockout: PasswordLockout, now: Instant): PasswordLock | null =>
  failures < lockout.maxAttempts
    ? null
    : {
        passwordLockedAt: now,
        passwordUnlocksAt: lockout.autoUnlockMinutes === 0 ? null : now + lockout.autoUnlockMinutes * MINUTE_MS,
      };
