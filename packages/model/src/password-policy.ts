import type { Policy } from './policy.ts';

/** What a password must be, by the wire's names. Classes of characters are asked for (1) or not (0). */
export interface PasswordComplexity {
  readonly minLength: number;
  readonly minLowerCase: number;
  readonly minUpperCase: number;
  readonly minNumber: number;
  readonly minSymbol: number;
}
/** 0 of anything is no limit. */
export interface PasswordAge {
  readonly maxAgeDays: number;
  readonly expireWarnDays: number;
  readonly minAgeMinutes: number;
  /** A new one is none of so many that came before, the present one among them. */
  readonly historyCount: number;
}
export interface PasswordLockout {
  readonly maxAttempts: number;
  /** 0: until somebody unlocks it. */
  readonly autoUnlockMinutes: number;
  readonly showLockoutFailures: boolean;
}

/** What holds for the passwords of the people whom a policy is for. */
export interface PasswordSettings {
  readonly complexity: PasswordComplexity;
  readonly age: PasswordAge;
  readonly lockout: PasswordLockout;
}

export interface PasswordPolicy extends Policy {
  readonly settings: PasswordSettings;
}

/** What holds for everybody whatever a policy says: a policy may ask for more, never for less. */
export const PASSWORD_FLOOR = { minLength: 12, maxAttempts: 10, autoUnlockMinutes: 15 } as const;
/** Far below what a password may have (128), so that no policy asks for what nobody can choose. */
export const PASSWORD_LENGTH_ASKED_MAX = 72;
export const PASSWORD_HISTORY_MAX = 30;

/** NIST SP 800-63B-4 §3.1.1.2: length instead of classes of characters, and no expiry without a cause. */
export const DEFAULT_PASSWORD_SETTINGS: PasswordSettings = {
  complexity: { minLength: PASSWORD_FLOOR.minLength, minLowerCase: 0, minUpperCase: 0, minNumber: 0, minSymbol: 0 },
  age: { maxAgeDays: 0, expireWarnDays: 0, minAgeMinutes: 0, historyCount: 0 },
  lockout: { maxAttempts: PASSWORD_FLOOR.maxAttempts, autoUnlockMinutes: 0, showLockoutFailures: false },
};
