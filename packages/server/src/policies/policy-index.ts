import { type AskedOfPeople, askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import type { EnrolmentPolicy } from '@sallyport/model/enrolment-policy';
import { ApiError } from '@sallyport/model/errors';
import type { Instant } from '@sallyport/model/instant';
import type { PasswordPolicy } from '@sallyport/model/password-policy';
import type { Policy, PolicyRule, PolicyType } from '@sallyport/model/policy';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Clock } from '../ports/clock.ts';
import type { Store, Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import type { AdmittingState } from './admitting-policies.ts';
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
  /** Did a change end by the time, so that what was before counts again, and is that not written down yet? */
  isReturnDue(): boolean;
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

/** A policy as judgements read it, from its rows. */
export const toPolicy = (row: Row<'policies'>, rules: readonly Row<'policyRules'>[], isAppActive: boolean): Policy => {
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

/**
 * E0000085 where policies that somebody was let in by stand otherwise now. Whoever ends a change of policies looks for whom it
 * let in: what is written after that, by a judgement from before, would be seen by nobody.
 */
export const assertNotMoved = async (tx: Transaction, judgedBy: readonly Policy[]): Promise<void> => {
  const ids = judgedBy.map(({ id }) => id);
  const rows = await tx
    .selectFrom('policies')
    .select(['id', 'version'])
    .where('id', 'in', ['', ...ids])
    .execute();
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  if (judgedBy.some(({ id, version }) => id !== NO_POLICY.id && versions.get(id) !== version))
    throw new ApiError('E0000085', {
      causes: [sentenceOf('policies-changed-meanwhile')],
      detail: 'policies-changed-meanwhile',
    });
};

/** The global session policies as they stand in a transaction. */
export const readGlobalPolicies = async (db: Transaction): Promise<readonly Policy[]> => {
  const rows = await policiesOfType(db, 'OKTA_SIGN_ON');
  const rules = await rulesInOrder(db).execute();
  return rows.map((row) => toPolicy(row, rules, true));
};

const toPasswordPolicy = (row: Row<'policies'>, rules: readonly Row<'policyRules'>[]): PasswordPolicy => ({
  ...toPolicy(row, rules, true),
  settings: passwordSettingsIn(row.settings),
});

/** The policies of passwords as they stand in a transaction. */
export const readPasswordPolicies = async (db: Transaction): Promise<readonly PasswordPolicy[]> => {
  const rows = await policiesOfType(db, 'PASSWORD');
  const rules = await rulesInOrder(db).execute();
  return rows.map((row) => toPasswordPolicy(row, rules));
};

/** A policy that is not there: it denies. */
export const NO_POLICY: Policy = {
  id: 'none',
  name: 'none',
  type: 'ACCESS_POLICY',
  version: 0,
  isActive: false,
  rules: [],
};

/** What is judged by, compiled. */
interface Standing {
  readonly byApp: ReadonlyMap<string, Policy>;
  readonly globalSession: readonly Policy[];
  readonly passwords: readonly PasswordPolicy[];
  readonly enrolments: readonly EnrolmentPolicy[];
  readonly lengths: ReadonlyMap<string, SessionLengths>;
}
type App = Pick<Row<'apps'>, 'id' | 'name' | 'isSystem' | 'policyId' | 'status'>;

const standingOf = (
  apps: readonly App[],
  policies: readonly Row<'policies'>[],
  rules: readonly Row<'policyRules'>[],
): Standing => ({
  globalSession: policies.filter(({ type }) => type === 'OKTA_SIGN_ON').map((row) => toPolicy(row, rules, true)),
  passwords: policies.filter(({ type }) => type === 'PASSWORD').map((row) => toPasswordPolicy(row, rules)),
  enrolments: policies
    .filter(({ type }) => type === 'MFA_ENROLL')
    .map((row) => ({ ...toPolicy(row, rules, true), authenticators: enrolmentsIn(row.settings) })),
  lengths: new Map(rules.filter(({ type }) => type === 'SIGN_ON').map((rule) => [rule.id, lengthsIn(rule)])),
  byApp: new Map(
    apps.flatMap((app) => {
      const row = policies.find((policy) => policy.id === app.policyId);
      if (row === undefined) return [];
      const policy = toPolicy(row, rules, app.status === 'ACTIVE');
      return [[app.isSystem === 1 ? app.name : app.id, policy] as const];
    }),
  ),
});

const baseRules = ({ base }: Row<'provisionalChanges'>): readonly Row<'policyRules'>[] =>
  (JSON.parse(base) as AdmittingState).policies.flatMap(({ rules }) => rules);

/** What counts again at an instant unless the change that is under way is confirmed. */
interface Return {
  readonly at: Instant;
  readonly standing: Standing;
}

const returnOf = (
  change: Row<'provisionalChanges'>,
  apps: readonly App[],
  policies: readonly Row<'policies'>[],
  rules: readonly Row<'policyRules'>[],
): Return => {
  const base = JSON.parse(change.base) as AdmittingState;
  const ids = new Set(base.policies.map(({ policy }) => policy.id));
  const others = policies.filter(({ id, type }) => type !== 'OKTA_SIGN_ON' && !ids.has(id));
  return {
    at: change.confirmBy,
    standing: standingOf(
      apps.map((app) => (app.name === 'saasure' ? { ...app, policyId: base.consolePolicyId } : app)),
      [...base.policies.map(({ policy }) => policy), ...others],
      [...base.policies.flatMap((rows) => rows.rules), ...rules.filter(({ policyId }) => !ids.has(policyId))],
    ),
  };
};

/** The change that is neither confirmed nor written down as ended; undefined where there is none. */
export const openChange = (db: Transaction): Promise<Row<'provisionalChanges'> | undefined> =>
  db
    .selectFrom('provisionalChanges')
    .selectAll()
    .where('confirmedAt', 'is', null)
    .where('endedAt', 'is', null)
    .executeTakeFirst();

export const createPolicyIndex = (store: Store, clock: Clock): PolicyIndex => {
  let standing: Standing = standingOf([], [], []);
  let back: Return | null = null;
  let asked = askedOfPeople([]);
  let reloads = 0;
  let applied = 0;
  const isReturnDue = (): boolean => back !== null && clock.now() >= back.at;
  const counting = (): Standing => (back !== null && isReturnDue() ? back.standing : standing);
  return {
    async reload() {
      reloads += 1;
      const turn = reloads;
      const [apps, policies, rules, change] = await Promise.all([
        store.read.selectFrom('apps').select(['id', 'name', 'isSystem', 'policyId', 'status']).execute(),
        store.read.selectFrom('policies').selectAll().orderBy('priority').orderBy('createdAt').orderBy('id').execute(),
        rulesInOrder(store.read).execute(),
        openChange(store.read),
      ]);
      // One that began later has read what is newer.
      if (turn < applied) return;
      applied = turn;
      standing = standingOf(apps, policies, rules);
      back = change === undefined ? null : returnOf(change, apps, policies, rules);
      const all = change === undefined ? rules : [...rules, ...baseRules(change)];
      asked = askedOfPeople(
        all.flatMap((row) => conditionsOf(JSON.parse(row.conditions) as StoredConditions).expression ?? []),
      );
    },
    forApp: async (app) => counting().byApp.get(app) ?? NO_POLICY,
    globalSession: async () => counting().globalSession,
    passwords: () => counting().passwords,
    enrolments: () => counting().enrolments,
    asked: () => asked,
    lengthsOf: (ruleId) => counting().lengths.get(ruleId ?? '') ?? USUAL_LENGTHS,
    isReturnDue,
  };
};
