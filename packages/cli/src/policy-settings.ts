import type { PolicyAnswer } from '@sallyport/client/answers';

type Facts = [string, string][];
type Settings = NonNullable<PolicyAnswer['settings']>;

const counted = (count: number, one: string, many: string): string => (count === 1 ? `one ${one}` : `${count} ${many}`);

const CLASSES = {
  minLowerCase: 'a lower case letter',
  minUpperCase: 'an upper case letter',
  minNumber: 'a digit',
  minSymbol: 'a symbol',
} as const;

const ofPasswords = ({ complexity, age, lockout }: NonNullable<Settings['password']>): Facts => {
  const classes = (Object.keys(CLASSES) as (keyof typeof CLASSES)[]).filter((name) => complexity[name] > 0);
  const asked = classes.map((name) => CLASSES[name]);
  const until =
    lockout.autoUnlockMinutes === 0 ? 'until somebody unlocks it' : `for ${lockout.autoUnlockMinutes} minutes`;
  const told = age.expireWarnDays === 0 ? '' : `, told ${counted(age.expireWarnDays, 'day', 'days')} before`;
  return [
    ['Length', `at least ${complexity.minLength} characters${asked.length === 0 ? '' : `, with ${asked.join(', ')}`}`],
    ['Expires', age.maxAgeDays === 0 ? 'never' : `after ${counted(age.maxAgeDays, 'day', 'days')}${told}`],
    [
      'Changed again',
      age.minAgeMinutes === 0 ? 'at any time' : `after ${counted(age.minAgeMinutes, 'minute', 'minutes')}`,
    ],
    ['Not one of', age.historyCount === 0 ? 'the old one' : `the last ${age.historyCount}`],
    [
      'Locks',
      `after ${counted(lockout.maxAttempts, 'wrong try', 'wrong tries')} in a row, ${until}${lockout.showLockoutFailures ? '; told to whoever types the name' : ''}`,
    ],
  ];
};

const NAMES: Readonly<Record<string, string>> = {
  okta_password: 'Password',
  webauthn: 'Security key',
  google_otp: 'One-time codes',
};
const SELF: Readonly<Record<string, string>> = {
  NOT_ALLOWED: 'not allowed',
  OPTIONAL: 'as they like',
  REQUIRED: 'required',
};
const ofEnrolment = (authenticators: NonNullable<Settings['authenticators']>): Facts =>
  authenticators.map(({ key, enroll, constraints }) => [
    NAMES[key] ?? key,
    [
      SELF[enroll.self] ?? enroll.self,
      ...(enroll.gracePeriod === undefined ? [] : [`from ${enroll.gracePeriod.expiry} on`]),
      ...(constraints === undefined ? [] : [`of the models ${constraints.aaguidGroups.join(', ')}`]),
    ].join(', '),
  ]);

/** The settings of a policy in plain words; nothing of a policy that has none. */
export const wordsOfSettings = (settings: PolicyAnswer['settings']): Facts => [
  ...(settings?.password === undefined ? [] : ofPasswords(settings.password)),
  ...ofEnrolment(settings?.authenticators ?? []),
];
