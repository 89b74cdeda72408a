import { describe, expect, it } from 'vitest';
import { causeAt, isPasswordDraftGood, numberFault, passwordDraftOf, passwordSettingsOf } from './password-draft.ts';

const SETTINGS = {
  password: {
    complexity: { minLength: 12, minLowerCase: 0, minUpperCase: 1, minNumber: 0, minSymbol: 0, excludeUsername: true },
    age: { maxAgeDays: 90, expireWarnDays: 5, minAgeMinutes: 10, historyCount: 4 },
    lockout: {
      maxAttempts: 10,
      autoUnlockMinutes: 15,
      showLockoutFailures: false,
      userLockoutNotificationChannels: [],
    },
  },
  recovery: { factors: { okta_email: { properties: { recoveryToken: { tokenLifetimeMinutes: 77 } } } } },
};

describe('the draft of a policy of passwords', () => {
  it('writes back what it read, also what it does not show', () => {
    expect(passwordSettingsOf(passwordDraftOf(SETTINGS.password), SETTINGS)).toEqual(SETTINGS);
  });
  it('puts each number and each class at its own place', () => {
    const numbers = {
      'complexity.minLength': ' 20 ',
      'age.maxAgeDays': '1',
      'age.expireWarnDays': '2',
      'age.minAgeMinutes': '3',
      'age.historyCount': '4',
      'lockout.maxAttempts': '5',
      'lockout.autoUnlockMinutes': '60',
    };
    const { password } = passwordSettingsOf({ numbers, classes: ['minSymbol'], isLockTold: true }, SETTINGS);
    expect(password).toEqual({
      complexity: {
        minLength: 20,
        minLowerCase: 0,
        minUpperCase: 0,
        minNumber: 0,
        minSymbol: 1,
        excludeUsername: true,
      },
      age: { maxAgeDays: 1, expireWarnDays: 2, minAgeMinutes: 3, historyCount: 4 },
      lockout: {
        maxAttempts: 5,
        autoUnlockMinutes: 60,
        showLockoutFailures: true,
        userLockoutNotificationChannels: [],
      },
    });
  });
  it('is not sent with anything that is no number: what is empty would be read as 0, and 0 is no limit', () => {
    const draft = passwordDraftOf(SETTINGS.password);
    expect(isPasswordDraftGood(draft)).toBe(true);
    for (const typed of ['', ' ', '-1', '1.5', '1e2', '0x10', 'twelve', '9999999']) {
      expect(numberFault(typed), typed).not.toBeNull();
      expect(isPasswordDraftGood({ ...draft, numbers: { ...draft.numbers, 'age.maxAgeDays': typed } })).toBe(false);
    }
  });
});

it('a refusal is of the place that it names, and of no other that begins like it', () => {
  const causes = ['settings.password.age.maxAgeDays: too many'];
  expect(causeAt(causes, 'settings.password.age.maxAgeDays')).toBe('too many');
  expect(causeAt(causes, 'settings.password.age.maxAge')).toBeNull();
  expect(causeAt([], 'settings')).toBeNull();
});
