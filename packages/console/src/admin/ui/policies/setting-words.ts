import type { PolicyAnswer } from '@sallyport/client/answers';
import type { Change } from '../changes-table.tsx';
import { localWords } from '../time-words.ts';

type Settings = NonNullable<PolicyAnswer['settings']>;
type Row = readonly [what: string, words: string];

const days = (count: number): string => (count === 1 ? 'a day' : `${count} days`);
const CLASSES = [
  ['minLowerCase', 'a lower case letter'],
  ['minUpperCase', 'an upper case letter'],
  ['minNumber', 'a digit'],
  ['minSymbol', 'a symbol'],
] as const;

const passwordRows = ({ complexity, age, lockout }: NonNullable<Settings['password']>): readonly Row[] => [
  ['Length', `at least ${complexity.minLength} characters`],
  ['Must contain', CLASSES.flatMap(([name, words]) => (complexity[name] > 0 ? [words] : [])).join(', ') || 'anything'],
  ['Expires', age.maxAgeDays === 0 ? 'never' : `after ${days(age.maxAgeDays)}`],
  ['Told before that', age.maxAgeDays === 0 || age.expireWarnDays === 0 ? 'no' : days(age.expireWarnDays)],
  ['Kept for at least', age.minAgeMinutes === 0 ? 'no time' : `${age.minAgeMinutes} min`],
  ['None of', age.historyCount === 0 ? 'the one before' : `the last ${age.historyCount}`],
  ['Locked after', lockout.maxAttempts === 1 ? 'a wrong try' : `${lockout.maxAttempts} wrong tries in a row`],
  [
    'Locked for',
    lockout.autoUnlockMinutes === 0 ? 'until an administrator unlocks it' : `${lockout.autoUnlockMinutes} min`,
  ],
  ['A lock is told', lockout.showLockoutFailures ? 'to whoever types the name' : 'to nobody'],
];

const KEYS: Readonly<Record<string, string>> = {
  okta_password: 'Password',
  webauthn: 'Security keys',
  google_otp: 'One-time codes',
};
const SELF: Readonly<Record<string, string>> = {
  NOT_ALLOWED: 'not allowed',
  OPTIONAL: 'as they like',
  REQUIRED: 'required',
};

/** What a policy for people settles, in plain words; nothing of one that settles nothing. */
export const settingRows = (settings: PolicyAnswer['settings']): readonly Row[] => [
  ...(settings?.password === undefined ? [] : passwordRows(settings.password)),
  ...(settings?.authenticators ?? []).map(({ key, enroll, constraints }): Row => {
    const models = constraints === undefined ? [] : [`only of ${constraints.aaguidGroups.join(', ')}`];
    const from =
      enroll.gracePeriod === undefined
        ? []
        : [`from ${localWords(Date.parse(enroll.gracePeriod.expiry), Date.now())} on`];
    return [KEYS[key] ?? key, [SELF[enroll.self] ?? enroll.self, ...from, ...models].join(', ')];
  }),
];

/** What saving settings would change, in the same words. */
export const settingChanges = (before: Settings, after: Settings): readonly Change[] => {
  const was = new Map(settingRows(before));
  return settingRows(after).flatMap(([what, to]) => {
    const from = was.get(what) ?? 'not said';
    return from === to ? [] : [{ what, from, to }];
  });
};
