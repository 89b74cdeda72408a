/**
 * Policies of passwords as the wire writes them. What asks for less than what holds for everybody is refused, and so is what
 * this server does not do: a setting that does nothing would be believed (decision 32).
 */
import {
  DEFAULT_PASSWORD_SETTINGS,
  PASSWORD_FLOOR,
  PASSWORD_HISTORY_MAX,
  PASSWORD_LENGTH_ASKED_MAX,
  type PasswordSettings,
} from '@sallyport/model/password-policy';
import { z } from 'zod';

const BLOCKED_NAMES = ['firstName', 'lastName'];
const always = (sentence: string) => z.literal(true, sentence).nullish();
const never = (sentence: string) => z.literal(false, sentence).nullish();
const whole = (max: number) => z.int().min(0).max(max).nullish();
const asked = z.union([z.literal(0), z.literal(1)], 'must be 0 or 1').nullish();

const complexity = z.strictObject({
  minLength: z
    .int()
    .min(
      PASSWORD_FLOOR.minLength,
      `Weaker than what holds for everybody: passwords have at least ${PASSWORD_FLOOR.minLength} characters here.`,
    )
    .max(PASSWORD_LENGTH_ASKED_MAX)
    .nullish(),
  minLowerCase: asked,
  minUpperCase: asked,
  minNumber: asked,
  minSymbol: asked,
  excludeUsername: always('Weaker than what holds for everybody: no password holds the login of its owner.'),
  excludeAttributes: z
    .array(z.string().max(64))
    .refine(
      (names) => BLOCKED_NAMES.every((name) => names.includes(name)) && names.length === BLOCKED_NAMES.length,
      'Only firstName and lastName, both: no password holds the name of its owner. Leave it out.',
    )
    .nullish(),
  dictionary: z
    .strictObject({
      common: z
        .strictObject({
          exclude: always('Weaker than what holds for everybody: commonly used passwords are always refused.'),
        })
        .nullish(),
    })
    .nullish(),
});
const age = z
  .strictObject({
    maxAgeDays: whole(999),
    expireWarnDays: whole(90),
    minAgeMinutes: whole(14 * 1440),
    historyCount: whole(PASSWORD_HISTORY_MAX),
  })
  .refine(
    ({ expireWarnDays, maxAgeDays }) => (expireWarnDays ?? 0) === 0 || (expireWarnDays ?? 0) <= (maxAgeDays ?? 0),
    { path: ['expireWarnDays'], error: 'There is nothing to warn of so early: it must not be more than maxAgeDays.' },
  )
  .refine(
    ({ minAgeMinutes, maxAgeDays }) => (maxAgeDays ?? 0) === 0 || (minAgeMinutes ?? 0) < (maxAgeDays ?? 0) * 1440,
    {
      path: ['minAgeMinutes'],
      error: 'It must be less than maxAgeDays, or nobody changes a password before it expires.',
    },
  );
const lockout = z.strictObject({
  maxAttempts: z
    .int()
    .min(1, 'Weaker than what holds for everybody: there is no guessing without an end.')
    .max(
      PASSWORD_FLOOR.maxAttempts,
      `Weaker than what holds for everybody: the wrong try number ${PASSWORD_FLOOR.maxAttempts} locks a password at the latest.`,
    )
    .nullish(),
  autoUnlockMinutes: z
    .int()
    .min(0)
    .max(7 * 1440)
    .refine(
      (minutes) => minutes === 0 || minutes >= PASSWORD_FLOOR.autoUnlockMinutes,
      `0 (until somebody unlocks it), or at least ${PASSWORD_FLOOR.autoUnlockMinutes}: after less, guessing goes on too fast.`,
    )
    .nullish(),
  showLockoutFailures: z.boolean().nullish(),
  userLockoutNotificationChannels: z.array(z.never('Only []: nobody is mailed about a lock.')).nullish(),
});
const breachedProtection = z.strictObject({
  expireAfterDays: z.null('Only null: this server knows of no breaches.').optional(),
  logoutEnabled: never('Only false: this server knows of no breaches.'),
  delegatedWorkflowId: z.null('Only null: there are no workflows.').optional(),
});

const off = z
  .literal(
    'INACTIVE',
    'Only INACTIVE: nobody resets a password by themselves here. An administrator makes a link with which they choose a new one.',
  )
  .nullish();
const recovery = z.strictObject({
  factors: z
    .strictObject({
      recovery_question: z
        .strictObject({
          status: off,
          properties: z
            .strictObject({ complexity: z.strictObject({ minLength: z.int().nullish() }).nullish() })
            .nullish(),
        })
        .nullish(),
      okta_email: z
        .strictObject({
          status: off,
          properties: z
            .strictObject({ recoveryToken: z.strictObject({ tokenLifetimeMinutes: z.int().nullish() }).nullish() })
            .nullish(),
        })
        .nullish(),
      okta_sms: z.strictObject({ status: off }).nullish(),
      okta_call: z.strictObject({ status: off }).nullish(),
    })
    .nullish(),
});

export const passwordSettingsSchema = z.strictObject({
  password: z
    .strictObject({
      complexity: complexity.nullish(),
      age: age.nullish(),
      lockout: lockout.nullish(),
      breachedProtection: breachedProtection.nullish(),
    })
    .nullish(),
  recovery: recovery.nullish(),
  delegation: z
    .strictObject({
      options: z.strictObject({ skipUnlock: never('Only false: passwords are of this server alone.') }).nullish(),
    })
    .nullish(),
});
export type WrittenPasswordSettings = z.infer<typeof passwordSettingsSchema>;

type Given<T> = { readonly [K in keyof T]?: T[K] | null | undefined } | null | undefined;
/** What is said of a part; what is not is as usual. */
const filled = <T extends object>(usual: T, given: Given<T>): T =>
  Object.fromEntries(
    Object.entries(usual).map(([key, value]) => [key, (given as Record<string, unknown> | null)?.[key] ?? value]),
  ) as T;

/** The settings with all that was not said, and with what is so for everybody written out. */
export const wholePasswordSettings = ({ password, recovery: written }: WrittenPasswordSettings) => {
  const { recovery_question: question, okta_email: mail } = written?.factors ?? {};
  const usual = DEFAULT_PASSWORD_SETTINGS;
  const settings: PasswordSettings = {
    complexity: filled(usual.complexity, password?.complexity),
    age: filled(usual.age, password?.age),
    lockout: filled(usual.lockout, password?.lockout),
  };
  return {
    password: {
      complexity: {
        ...settings.complexity,
        excludeUsername: true,
        dictionary: { common: { exclude: true } },
        excludeAttributes: BLOCKED_NAMES,
      },
      age: settings.age,
      lockout: { ...settings.lockout, userLockoutNotificationChannels: [] },
      breachedProtection: { expireAfterDays: null, logoutEnabled: false, delegatedWorkflowId: null },
    },
    recovery: {
      factors: {
        // Of what is switched off anyway clients read what they wrote.
        recovery_question: {
          status: 'INACTIVE',
          properties: { complexity: { minLength: question?.properties?.complexity?.minLength ?? 4 } },
        },
        okta_email: {
          status: 'INACTIVE',
          properties: {
            recoveryToken: { tokenLifetimeMinutes: mail?.properties?.recoveryToken?.tokenLifetimeMinutes ?? 60 },
          },
        },
        okta_sms: { status: 'INACTIVE' },
        okta_call: { status: 'INACTIVE' },
      },
    },
    delegation: { options: { skipUnlock: false } },
  };
};

/** What stored settings ask. */
export const passwordSettingsIn = (stored: string): PasswordSettings => {
  const { password } = JSON.parse(stored) as ReturnType<typeof wholePasswordSettings>;
  const { complexity: must, age: lives, lockout: locks } = password;
  return { complexity: must, age: lives, lockout: locks };
};

const self = z.strictObject({
  access: z
    .literal(
      'DENY',
      'Only DENY: nobody does this by themselves here. An administrator makes a link, or unlocks the password.',
    )
    .nullish(),
  type: z.string().max(64).nullish(),
});
export const passwordActions = z.strictObject({
  passwordChange: z.strictObject({ access: z.enum(['ALLOW', 'DENY']) }),
  selfServicePasswordReset: self.nullish(),
  selfServiceUnlock: self.nullish(),
});

export const passwordConditions = z.strictObject({
  people: z
    .strictObject({
      groups: z.strictObject({ include: z.array(z.string().max(64)).max(500).nullish() }).nullish(),
    })
    .nullish(),
  authProvider: z
    .strictObject({
      provider: z.enum(['ANY', 'OKTA'], 'Only ANY or OKTA: all people are of this server.').nullish(),
      include: z.array(z.never()).nullish(),
    })
    .nullish(),
});
