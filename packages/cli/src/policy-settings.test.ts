import { describe, expect, it } from 'vitest';
import { wordsOfSettings } from './policy-settings.ts';

const password = {
  complexity: { minLength: 12, minLowerCase: 0, minUpperCase: 0, minNumber: 0, minSymbol: 0 },
  age: { maxAgeDays: 0, expireWarnDays: 0, minAgeMinutes: 0, historyCount: 0 },
  lockout: { maxAttempts: 10, autoUnlockMinutes: 0, showLockoutFailures: false },
};

describe('the settings of a policy in words', () => {
  it('are what holds for everybody, where a policy of passwords asks for no more', () => {
    expect(wordsOfSettings({ password })).toEqual([
      ['Length', 'at least 12 characters'],
      ['Expires', 'never'],
      ['Changed again', 'at any time'],
      ['Not one of', 'the old one'],
      ['Locks', 'after 10 wrong tries in a row, until somebody unlocks it'],
    ]);
  });

  it('are all that it asks for', () => {
    const strict = {
      complexity: { ...password.complexity, minLength: 20, minNumber: 1, minSymbol: 1 },
      age: { maxAgeDays: 90, expireWarnDays: 1, minAgeMinutes: 60, historyCount: 4 },
      lockout: { maxAttempts: 1, autoUnlockMinutes: 15, showLockoutFailures: true },
    };
    expect(wordsOfSettings({ password: strict }).map(([, words]) => words)).toEqual([
      'at least 20 characters, with a digit, a symbol',
      'after 90 days, told one day before',
      'after 60 minutes',
      'the last 4',
      'after one wrong try in a row, for 15 minutes; told to whoever types the name',
    ]);
  });

  it('say of each kind of authenticator who may, and who must', () => {
    const expiry = '2027-01-01T00:00:00.000Z';
    expect(
      wordsOfSettings({
        authenticators: [
          { key: 'okta_password', enroll: { self: 'OPTIONAL' } },
          {
            key: 'webauthn',
            enroll: { self: 'REQUIRED', gracePeriod: { expiry } },
            constraints: { aaguidGroups: ['Blue', 'Red'] },
          },
          { key: 'google_otp', enroll: { self: 'NOT_ALLOWED' } },
        ],
      }),
    ).toEqual([
      ['Password', 'as they like'],
      ['Security key', `required, from ${expiry} on, of the models Blue, Red`],
      ['One-time codes', 'not allowed'],
    ]);
  });

  it('are none of a policy that has none', () => {
    expect(wordsOfSettings(undefined)).toEqual([]);
  });
});
