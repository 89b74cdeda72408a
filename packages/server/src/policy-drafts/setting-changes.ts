import type { AskedEnrolment, EnrolmentKey } from '@sallyport/model/enrolment-policy';
import { toIso } from '@sallyport/model/instant';
import type { PasswordComplexity } from '@sallyport/model/password-policy';
import { enrolmentsIn } from '../policies/enrolment-documents.ts';
import { passwordSettingsIn } from '../policies/password-documents.ts';

/** What a policy does, and how: `lets them expire`, `after 90 days`. */
type Says = readonly (readonly [verb: string, how: string])[];

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
const CLASSES: readonly (readonly [Exclude<keyof PasswordComplexity, 'minLength'>, string])[] = [
  ['minLowerCase', 'a lower case letter'],
  ['minUpperCase', 'an upper case letter'],
  ['minNumber', 'a digit'],
  ['minSymbol', 'a symbol'],
];
const ofPasswords = (stored: string): Says => {
  const { complexity, age, lockout } = passwordSettingsIn(stored);
  const classes = CLASSES.flatMap(([name, words]) => (complexity[name] > 0 ? [words] : []));
  const minutes = (count: number): string => counted(count, 'minute', 'minutes');
  return [
    ['takes passwords of at least', counted(complexity.minLength, 'character', 'characters')],
    ['asks in them for', classes.join(', ') || 'nothing'],
    ['lets them expire', age.maxAgeDays === 0 ? 'never' : `after ${counted(age.maxAgeDays, 'day', 'days')}`],
    ['tells of that', age.expireWarnDays === 0 ? 'never' : `${counted(age.expireWarnDays, 'day', 'days')} before`],
    ['has them kept for at least', age.minAgeMinutes === 0 ? 'no time' : minutes(age.minAgeMinutes)],
    ['refuses', age.historyCount === 0 ? 'the present one' : `the last ${age.historyCount}`],
    ['locks them after', counted(lockout.maxAttempts, 'wrong try', 'wrong tries')],
    [
      'unlocks them',
      lockout.autoUnlockMinutes === 0 ? 'never by itself' : `after ${minutes(lockout.autoUnlockMinutes)}`,
    ],
    ['tells of a lock', lockout.showLockoutFailures ? 'whoever types the name' : 'nobody'],
  ];
};

const NAMES: Readonly<Record<EnrolmentKey, string>> = {
  okta_password: 'passwords',
  webauthn: 'security keys',
  google_otp: 'one-time codes',
};
const SELF: Readonly<Record<AskedEnrolment['self'], string>> = {
  NOT_ALLOWED: 'not allowed',
  OPTIONAL: 'as people like',
  REQUIRED: 'required',
};
const ofEnrolment = (stored: string): Says =>
  enrolmentsIn(stored).map(({ key, self, graceEndsAt, aaguidGroups }) => {
    const due = graceEndsAt === null ? '' : ` (due ${toIso(graceEndsAt)})`;
    const models = aaguidGroups.length === 0 ? '' : `, only of ${aaguidGroups.join(', ')}`;
    return [`says of ${NAMES[key]}:`, `${SELF[self]}${due}${models}`];
  });

/** What differs between what two versions of a policy for people settle, in words that go on after the name of the policy. */
export const settingWords = (type: string, before: string, after: string): string[] => {
  if (before === after) return [];
  const says = type === 'PASSWORD' ? ofPasswords : ofEnrolment;
  const was = new Map(says(before));
  const words = says(after).flatMap(([verb, how]) => {
    const had = was.get(verb) ?? 'nothing';
    return had === how ? [] : [`${verb} ${how}, no longer ${had}`];
  });
  return words.length === 0 ? ['has other settings'] : words;
};
