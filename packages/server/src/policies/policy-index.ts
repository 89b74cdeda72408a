import { type AskedOfPeople, askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import type { EnrolmentPolicy } from '@sallyport/model/enrolment-policy';
import type { PasswordPolicy } from '@sallyport/model/password-policy';
import type { Policy, PolicyRule, PolicyType } from '@sallyport/model/policy';
import type { Store, Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { NEVER } from './assurance-documents.ts';
import { enrolmentsIn } from './enrolment-documents.ts';
import { policiesOfType } from './find-policy.ts';
import { passwordSettingsIn } from './password-documents.ts';
import type { StoredPolicyConditions } from './policy-documents.ts';
import {
  accessOf,
  assuranceOf,
  conditionsOf,
  inactivityOf,
  type StoredActions,
  type StoredConditions,
} from './rule-documents.ts';

export interface SessionLengths {
  readonly idleSeconds: number;
  readonly lifetimeSeconds: number;
}
/** Where the rule does not say: two hours idle, a day at most. None is endless. */
const USUAL_LENGTHS: SessionLengths = { idleSeconds: 2 * 3600, lifetimeSeconds: 24 * 3600 };

const lengthsIn = (row: Row<'policyRules'>): SessionLengths => {
  const session = (JSON.parse(row.actions) as StoredActions).signon?.session;
  const idle = session?.maxSessionIdleMinutes ?? 0;
  const lifetime = session?.maxSessionLifetimeMinutes ?? 0;
  return {
    idleSeconds: idle === 0 ? USUAL_LENGTHS.idleSeconds : idle * 60,
    lifetimeSeconds: lifetime === 0 ? USUAL_LENGTHS.lifetimeSeconds : lifetime * 60,
  };
};

/** Policies as judgements read them, in memory: each version is one value, compiled once. */
export interface PolicyIndex {
  reload(): Promise<void>;
  /** The authentication policy of an app, by its id, a built-in one by its name. One that is missing denies: it has no rule. */
  forApp(app: string): Promise<Policy>;
  /** The global session policies, in their order: whether a person gets an org session at all. */
  globalSession(): Promise<readonly Policy[]>;
  /** The policies of passwords, in their order. */
  passwords(): readonly PasswordPolicy[];
  /** The policies of enrolment, in their order. */
  enrolments(): readonly EnrolmentPolicy[];
  /** What expressions of policies ask of people: no more of a profile is kept with a verdict. */
  asked(): AskedOfPeople;
  /** How long the org session lives that a rule of a global session policy admits. */
  lengthsOf(ruleId: string | null): SessionLengths;
}

/** A rule as judgements read it. */
export const toRule = (row: Row<'policyRules'>): PolicyRule => {
  const actions = JSON.parse(row.actions) as StoredActions;
  const inactivitySeconds = inactivityOf(actions);
  return {
    id: row.id,
    name: row.name,
    priority: row.priority,
    isActive: row.status === 'ACTIVE',
    conditions: conditionsOf(JSON.parse(row.conditions) as StoredConditions),
    access: accessOf(actions),
    assurance: assuranceOf(actions) ?? NEVER,
    ...(inactivitySeconds === null ? {} : { inactivitySeconds }),
  };
};

const toPolicy = (row: Row<'policies'>, rules: readonly Row<'policyRules'>[], isAppActive: boolean): Policy => {
  const { people } = JSON.parse(row.conditions) as StoredPolicyConditions;
  const include = people?.groups?.include ?? [];
  return {
    id: row.id,
    name: row.name,
    type: row.type as PolicyType,
    version: row.version,
    isActive: row.status === 'ACTIVE' && isAppActive,
    ...(include.length === 0 || row.isSystem === 1 ? {} : { conditions: { groups: { include, exclude: [] } } }),
    rules: rules.filter((rule) => rule.policyId === row.id).map(toRule),
  };
};

/** As people see them: rules of the same priority, too, are judged in one order on every engine. */
const rulesInOrder = (db: Transaction) =>
  db.selectFrom('policyRules').selectAll().orderBy('priority').orderBy('createdAt').orderBy('id');

/** A policy as it stands in a transaction, also before it is committed. */
export const readPolicy = async (db: Transaction, id: string): Promise<Policy> =>
  toPolicy(
    await db.selectFrom('policies').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    await rulesInOrder(db).where('policyId', '=', id).execute(),
    true,
  );

/** The global session policies as they stand in a transaction. */
export const readGlobalPolicies = async (db: Transaction): Promise<readonly Policy[]> => {
  const rows = await policiesOfType(db, 'OKTA_SIGN_ON');
  const rules = await rulesInOrder(db).execute();
  return rows.map((row) => toPolicy(row, rules, true));
};

const NONE: Policy = { id: 'none', name: 'none', type: 'ACCESS_POLICY', version: 0, isActive: false, rules: [] };

export const createPolicyIndex = (store: Store): PolicyIndex => {
  let byApp = new Map<string, Policy>();
  let globalSession: readonly Policy[] = [];
  let passwords: readonly PasswordPolicy[] = [];
  let enrolments: readonly EnrolmentPolicy[] = [];
  let lengths = new Map<string, SessionLengths>();
  let asked = askedOfPeople([]);
  return {
    async reload() {
      const [apps, policies, rules, global, ofPasswords, ofEnrolment] = await Promise.all([
        store.read.selectFrom('apps').select(['id', 'name', 'isSystem', 'policyId', 'status']).execute(),
        store.read.selectFrom('policies').selectAll().execute(),
        rulesInOrder(store.read).execute(),
        policiesOfType(store.read, 'OKTA_SIGN_ON'),
        policiesOfType(store.read, 'PASSWORD'),
        policiesOfType(store.read, 'MFA_ENROLL'),
      ]);
      globalSession = global.map((row) => toPolicy(row, rules, true));
      passwords = ofPasswords.map((row) => ({
        ...toPolicy(row, rules, true),
        settings: passwordSettingsIn(row.settings),
      }));
      enrolments = ofEnrolment.map((row) => ({
        ...toPolicy(row, rules, true),
        authenticators: enrolmentsIn(row.settings),
      }));
      asked = askedOfPeople(
        rules.flatMap((row) => conditionsOf(JSON.parse(row.conditions) as StoredConditions).expression ?? []),
      );
      lengths = new Map(rules.filter(({ type }) => type === 'SIGN_ON').map((rule) => [rule.id, lengthsIn(rule)]));
      byApp = new Map(
        apps.flatMap((app) => {
          const row = policies.find((policy) => policy.id === app.policyId);
          if (row === undefined) return [];
          const policy = toPolicy(row, rules, app.status === 'ACTIVE');
          return [[app.isSystem === 1 ? app.name : app.id, policy] as const];
        }),
      );
    },
    forApp: async (app) => byApp.get(app) ?? NONE,
    globalSession: async () => globalSession,
    passwords: () => passwords,
    enrolments: () => enrolments,
    asked: () => asked,
    lengthsOf: (ruleId) => lengths.get(ruleId ?? '') ?? USUAL_LENGTHS,
  };
};
