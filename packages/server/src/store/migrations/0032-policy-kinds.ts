import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { newId, systemRandom } from '../../ports/random.ts';

interface Rows {
  readonly groups: { id: string; type: string };
  readonly policies: Readonly<Record<string, string | number | null>>;
  readonly policyRules: Readonly<Record<string, string | number | null>>;
}

/** What held for everybody before there was a policy that says it. */
const PASSWORD_SETTINGS = {
  password: {
    complexity: {
      minLength: 12,
      minLowerCase: 0,
      minUpperCase: 0,
      minNumber: 0,
      minSymbol: 0,
      excludeUsername: true,
      dictionary: { common: { exclude: true } },
      excludeAttributes: ['firstName', 'lastName'],
    },
    age: { maxAgeDays: 0, expireWarnDays: 0, minAgeMinutes: 0, historyCount: 0 },
    lockout: {
      maxAttempts: 10,
      autoUnlockMinutes: 0,
      showLockoutFailures: false,
      userLockoutNotificationChannels: [],
    },
    breachedProtection: { expireAfterDays: null, logoutEnabled: false, delegatedWorkflowId: null },
  },
  recovery: {
    factors: {
      recovery_question: { status: 'INACTIVE', properties: { complexity: { minLength: 4 } } },
      okta_email: { status: 'INACTIVE', properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
      okta_sms: { status: 'INACTIVE' },
      okta_call: { status: 'INACTIVE' },
    },
  },
  delegation: { options: { skipUnlock: false } },
};
const ENROL_SETTINGS = {
  type: 'AUTHENTICATORS',
  authenticators: ['okta_password', 'webauthn', 'google_otp'].map((key) => ({ key, enroll: { self: 'OPTIONAL' } })),
};

/**
 * Policies of passwords and of enrolment: the default ones, which say what held before, the passwords that they look back on,
 * and when a lock ends by itself.
 */
export const policyKinds: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('users').addColumn('passwordUnlocksAt', 'bigint').execute();
    await db.schema
      .createTable('passwordHistory')
      .addColumn('userId', 'text', (c) => c.notNull())
      .addColumn('ordinal', 'integer', (c) => c.notNull())
      .addColumn('passwordHash', 'text', (c) => c.notNull())
      .addColumn('replacedAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('passwordHistoryKey', ['userId', 'ordinal'])
      .execute();
    const rows = db as Kysely<Rows>;
    const everyone = await rows.selectFrom('groups').select('id').where('type', '=', 'BUILT_IN').executeTakeFirst();
    // Before the server is claimed there is no organisation: it is seeded with them.
    if (everyone === undefined) return;
    const now = Date.now();
    const people = { groups: { include: [everyone.id] } };
    for (const { type, conditions, settings, actions } of [
      {
        type: 'PASSWORD',
        conditions: { people, authProvider: { provider: 'OKTA' } },
        settings: PASSWORD_SETTINGS,
        actions: { passwordChange: { access: 'ALLOW' } },
      },
      {
        type: 'MFA_ENROLL',
        conditions: { people },
        settings: ENROL_SETTINGS,
        actions: { enroll: { self: 'CHALLENGE' } },
      },
    ]) {
      const policyId = newId<string>(systemRandom, 'policy');
      const common = { type, status: 'ACTIVE', isSystem: 1, createdAt: now, lastUpdatedAt: now };
      await rows
        .insertInto('policies')
        .values({
          ...common,
          id: policyId,
          name: 'Default Policy',
          description: 'The default policy applies in all situations if no other policy applies.',
          priority: 1,
          conditions: JSON.stringify(conditions),
          settings: JSON.stringify(settings),
          version: 1,
        })
        .execute();
      await rows
        .insertInto('policyRules')
        .values({
          ...common,
          id: newId<string>(systemRandom, 'rule'),
          policyId,
          name: 'Default Rule',
          priority: 99,
          conditions: '{}',
          actions: JSON.stringify(actions),
        })
        .execute();
    }
  },
};
