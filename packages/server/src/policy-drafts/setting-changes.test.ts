import { describe, expect, it } from 'vitest';
import { wholeEnrolmentSettings } from '../policies/enrolment-documents.ts';
import { wholePasswordSettings } from '../policies/password-documents.ts';
import { settingWords } from './setting-changes.ts';

const passwords = (...given: Parameters<typeof wholePasswordSettings>): string =>
  JSON.stringify(wholePasswordSettings(...given));
const enrolment = (...given: Parameters<typeof wholeEnrolmentSettings>): string =>
  JSON.stringify(wholeEnrolmentSettings(...given));

describe('what other settings say', () => {
  it('of passwords: each number with what it counts, and nothing of what stayed', () => {
    const before = passwords({});
    const after = passwords({
      password: {
        complexity: { minLength: 20, minNumber: 1, minSymbol: 1 },
        age: { maxAgeDays: 1, historyCount: 4 },
        lockout: { maxAttempts: 3, autoUnlockMinutes: 30, showLockoutFailures: true },
      },
    });
    expect(settingWords('PASSWORD', before, after)).toEqual([
      'takes passwords of at least 20 characters, no longer 12 characters',
      'asks in them for a digit, a symbol, no longer nothing',
      'lets them expire after 1 day, no longer never',
      'refuses the last 4, no longer the present one',
      'locks them after 3 wrong tries, no longer 10 wrong tries',
      'unlocks them after 30 minutes, no longer never by itself',
      'tells of a lock whoever types the name, no longer nobody',
    ]);
    expect(settingWords('PASSWORD', after, after)).toEqual([]);
  });
  it('of enrolment: what must be had, until when, and of which models', () => {
    const before = enrolment({ authenticators: [{ key: 'webauthn', enroll: { self: 'OPTIONAL' } }] });
    const after = enrolment({
      authenticators: [
        {
          key: 'webauthn',
          enroll: { self: 'REQUIRED', gracePeriod: { type: 'BY_DATE_TIME', expiry: '2027-01-01T00:00:00.000Z' } },
          constraints: { aaguidGroups: ['FIPS'] },
        },
        { key: 'google_otp', enroll: { self: 'OPTIONAL' } },
      ],
    });
    expect(settingWords('MFA_ENROLL', before, after)).toEqual([
      'says of security keys: required (due 2027-01-01T00:00:00.000Z), only of FIPS, no longer as people like',
      'says of one-time codes: as people like, no longer not allowed',
    ]);
  });
  it('says so where only what it has no words for differs', () => {
    const mail = { properties: { recoveryToken: { tokenLifetimeMinutes: 7 } } };
    const after = passwords({ recovery: { factors: { okta_email: mail } } });
    expect(settingWords('PASSWORD', passwords({}), after)).toEqual(['has other settings']);
  });
});
