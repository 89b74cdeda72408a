import type { PolicyAnswer } from '@sallyport/client/answers';

export type PolicySettings = NonNullable<PolicyAnswer['settings']>;
type PasswordSettings = NonNullable<PolicySettings['password']>;

/** The numbers of a policy of passwords, by their place on the wire, with what each counts. */
export const PASSWORD_NUMBERS = {
  must: [
    ['complexity.minLength', 'Least length (characters)', '12 to 72. Length is worth more than classes of characters.'],
  ],
  lives: [
    ['age.maxAgeDays', 'Expires after (days)', '0: never. An expired one is good for choosing another one only.'],
    ['age.expireWarnDays', 'Told before that (days)', '0: nobody is told.'],
    ['age.minAgeMinutes', 'Kept for at least (minutes)', '0: it may be changed again at once.'],
    ['age.historyCount', 'None of the last (passwords)', '0 to 30. 0: any but the present one.'],
  ],
  locks: [
    ['lockout.maxAttempts', 'Locked after (wrong tries in a row)', '1 to 10. Security keys still work.'],
    [
      'lockout.autoUnlockMinutes',
      'Unlocks by itself after (minutes)',
      '0: not before an administrator unlocks it. Otherwise 15 or more.',
    ],
  ],
} as const;
export type PasswordNumber = (typeof PASSWORD_NUMBERS)[keyof typeof PASSWORD_NUMBERS][number][0];
export const PASSWORD_CLASSES = [
  ['minLowerCase', 'A lower case letter'],
  ['minUpperCase', 'An upper case letter'],
  ['minNumber', 'A digit'],
  ['minSymbol', 'A symbol'],
] as const;
type ClassName = (typeof PASSWORD_CLASSES)[number][0];

/** A policy of passwords as it is being edited: numbers as they are typed. */
export interface PasswordDraft {
  readonly numbers: Readonly<Record<PasswordNumber, string>>;
  readonly classes: readonly ClassName[];
  readonly isLockTold: boolean;
}

export const passwordDraftOf = ({ complexity, age, lockout }: PasswordSettings): PasswordDraft => ({
  numbers: {
    'complexity.minLength': String(complexity.minLength),
    'age.maxAgeDays': String(age.maxAgeDays),
    'age.expireWarnDays': String(age.expireWarnDays),
    'age.minAgeMinutes': String(age.minAgeMinutes),
    'age.historyCount': String(age.historyCount),
    'lockout.maxAttempts': String(lockout.maxAttempts),
    'lockout.autoUnlockMinutes': String(lockout.autoUnlockMinutes),
  },
  classes: PASSWORD_CLASSES.flatMap(([name]) => (complexity[name] > 0 ? [name] : [])),
  isLockTold: lockout.showLockoutFailures,
});

/** Why what is typed is no number; null when it is one. Which numbers are taken, the server says. */
export const numberFault = (typed: string): string | null =>
  /^\d{1,6}$/.test(typed.trim()) ? null : 'A whole number, 0 or more.';

export const isPasswordDraftGood = ({ numbers }: PasswordDraft): boolean =>
  Object.values(numbers).every((typed) => numberFault(typed) === null);

/** What is sent: what is typed in place of what was there; what the form does not show is kept. */
export const passwordSettingsOf = ({ numbers, classes, isLockTold }: PasswordDraft, before: PolicySettings) => {
  const was = before.password;
  const number = (name: PasswordNumber): number => Number(numbers[name].trim());
  const asked = (name: ClassName): 0 | 1 => (classes.includes(name) ? 1 : 0);
  return {
    ...before,
    password: {
      ...was,
      complexity: {
        ...was?.complexity,
        minLength: number('complexity.minLength'),
        minLowerCase: asked('minLowerCase'),
        minUpperCase: asked('minUpperCase'),
        minNumber: asked('minNumber'),
        minSymbol: asked('minSymbol'),
      },
      age: {
        ...was?.age,
        maxAgeDays: number('age.maxAgeDays'),
        expireWarnDays: number('age.expireWarnDays'),
        minAgeMinutes: number('age.minAgeMinutes'),
        historyCount: number('age.historyCount'),
      },
      lockout: {
        ...was?.lockout,
        maxAttempts: number('lockout.maxAttempts'),
        autoUnlockMinutes: number('lockout.autoUnlockMinutes'),
        showLockoutFailures: isLockTold,
      },
    },
  };
};

/** What a refusal says of one place of a document; null where it is about another one. */
export const causeAt = (causes: readonly string[], place: string): string | null =>
  causes.find((cause) => cause.startsWith(`${place}: `))?.slice(place.length + 2) ?? null;
