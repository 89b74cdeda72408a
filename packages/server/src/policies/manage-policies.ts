import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import type { Fact, FactorProof } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import { POLICY_TYPES } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMay, assertSuperAdmin, superAdminsAbleToSignIn } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { readPolicy } from './policy-index.ts';
import { readDocuments } from './rule-documents.ts';

export interface RuleBody {
  readonly name: string;
  readonly priority?: number | null | undefined;
  readonly conditions?: unknown;
  readonly actions: unknown;
}

/** Catch-alls stand here; what people add comes before. */
const LAST_PRIORITY = 99;

const lifecycleLink = (self: string, status: string) => {
  const verb = status === 'ACTIVE' ? 'deactivate' : 'activate';
  return { [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } } };
};

const presentRule = (row: Row<'policyRules'>, origin: string) => {
  const self = `${origin}/api/v1/policies/${row.policyId}/rules/${row.id}`;
  const actions = JSON.parse(row.actions) as Record<string, unknown>;
  return {
    id: row.id,
    status: row.status,
    name: row.name,
    priority: row.priority,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    system: row.isSystem === 1,
    conditions: row.conditions === '{}' ? null : (JSON.parse(row.conditions) as unknown),
    actions,
    type: row.type,
    _links: { self: { href: self, hints: { allow: ['GET', 'PUT', 'DELETE'] } }, ...lifecycleLink(self, row.status) },
  };
};

const presentPolicy = (row: Row<'policies'>, origin: string, rules: readonly Row<'policyRules'>[] | null) => {
  const self = `${origin}/api/v1/policies/${row.id}`;
  const embedded = {
    ...(row.type === 'ACCESS_POLICY' ? { resourceType: 'APP' } : {}),
    ...(rules === null ? {} : { rules: rules.map((rule) => presentRule(rule, origin)) }),
  };
  return {
    id: row.id,
    status: row.status,
    name: row.name,
    description: row.description,
    priority: row.priority,
    system: row.isSystem === 1,
    conditions: row.conditions === '{}' ? null : (JSON.parse(row.conditions) as unknown),
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    type: row.type,
    ...(Object.keys(embedded).length === 0 ? {} : { _embedded: embedded }),
    _links: {
      self: { href: self, hints: { allow: ['GET', 'PUT'] } },
      rules: { href: `${self}/rules`, hints: { allow: ['GET', 'POST'] } },
    },
  };
};

const findPolicy = async (db: Transaction, id: string): Promise<Row<'policies'>> => {
  const row = await db.selectFrom('policies').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Policy');
  return row;
};
/** A policy that the principal may see, or change. */
const findAllowed = async (
  db: Transaction,
  principal: Principal,
  permission: 'okta.policies.read' | 'okta.policies.manage',
  id: string,
): Promise<Row<'policies'>> => {
  const row = await findPolicy(db, id);
  assertMay(principal, permission, { kind: 'policy', id, type: row.type });
  return row;
};
const rulesOf = (db: Transaction, policyId: string) =>
  db
    .selectFrom('policyRules')
    .selectAll()
    .where('policyId', '=', policyId)
    .orderBy('priority')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
const findRule = async (db: Transaction, policyId: string, ruleId: string): Promise<Row<'policyRules'>> => {
  await findPolicy(db, policyId);
  const row = await db
    .selectFrom('policyRules')
    .selectAll()
    .where('policyId', '=', policyId)
    .where('id', '=', ruleId)
    .executeTakeFirst();
  if (row === undefined) throw notFound(ruleId, 'PolicyRule');
  return row;
};

/** What a reader's `ETag` and a writer's `If-Match` are made of. */
const ruleDocument = ({ name, priority, status, conditions, actions }: Row<'policyRules'>) => ({
  name,
  priority,
  status,
  conditions,
  actions,
});

const wantsRules = (expand: string | undefined): boolean => (expand ?? '').split(',').includes('rules');

/** `GET /api/v1/policies?type=`. */
export const listPolicies = async (
  s: Services,
  principal: Principal,
  input: { readonly type: string; readonly expand?: string; readonly status?: string },
) => {
  if (!(POLICY_TYPES as readonly string[]).includes(input.type))
    throw invalid('type', `must be one of ${POLICY_TYPES.join(', ')}`);
  const rows = await s.store.read
    .selectFrom('policies')
    .selectAll()
    .where('type', '=', input.type)
    .where(whereAllowed(principal, 'okta.policies.read', 'policy'))
    .orderBy('priority')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const shown = rows.filter((row) => input.status === undefined || row.status === input.status);
  return Promise.all(
    shown.map(async (row) =>
      presentPolicy(
        row,
        s.config.publicUrl.origin,
        wantsRules(input.expand) ? await rulesOf(s.store.read, row.id) : null,
      ),
    ),
  );
};

export const getPolicy = async (s: Services, principal: Principal, id: string, expand: string | undefined) =>
  presentPolicy(
    await findAllowed(s.store.read, principal, 'okta.policies.read', id),
    s.config.publicUrl.origin,
    wantsRules(expand) ? await rulesOf(s.store.read, id) : null,
  );

export const listRules = async (s: Services, principal: Principal, policyId: string) => {
  await findAllowed(s.store.read, principal, 'okta.policies.read', policyId);
  return (await rulesOf(s.store.read, policyId)).map((row) => presentRule(row, s.config.publicUrl.origin));
};
/** A rule, and the tag of its version. */
export const getRule = async (s: Services, principal: Principal, policyId: string, ruleId: string) => {
  await findAllowed(s.store.read, principal, 'okta.policies.read', policyId);
  const row = await findRule(s.store.read, policyId, ruleId);
  return { rule: presentRule(row, s.config.publicUrl.origin), version: settingsVersion(ruleDocument(row)) };
};

const policyTarget = (row: Pick<Row<'policies'>, 'id' | 'name' | 'type'>) => ({
  id: row.id,
  type: 'PolicyEntity',
  alternateId: row.name,
  displayName: row.name,
  detailEntry: { policyType: row.type },
});
const ruleTarget = (row: Row<'policyRules'>) => ({
  id: row.id,
  type: 'PolicyRule',
  alternateId: row.name,
  displayName: row.name,
  detailEntry: { policyRuleFactorMode: row.type },
});

/** `PUT /api/v1/policies/{id}`: name and description; rules have their own routes. */
export const replacePolicy = async (
  s: Services,
  principal: Principal,
  id: string,
  body: { readonly name: string; readonly description?: string | null | undefined },
) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findAllowed(tx, principal, 'okta.policies.manage', id);
    const change = { name: body.name, description: body.description ?? null, lastUpdatedAt: s.clock.now() };
    await tx.updateTable('policies').set(change).where('id', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'policy.lifecycle.update',
      target: [policyTarget({ ...before, ...change })],
    });
    return { ...before, ...change };
  });
  await s.policies.reload();
  return presentPolicy(row, s.config.publicUrl.origin, null);
};

const BEST_PROOF = {
  factorId: 'key',
  kind: 'webauthn',
  isPhishingResistant: true,
  isDeviceBound: true,
  isUserVerified: true,
} as const;

/**
 * Could a super admin who can sign in now still open the console, with their key, from the address of this request? A rule
 * that shuts the last of them out is refused with its transaction (design §4.13).
 */
const assertConsoleStaysOpen = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  policyId: string,
): Promise<void> => {
  const app = await tx
    .selectFrom('apps')
    .select('name')
    .where('policyId', '=', policyId)
    .where('name', '=', 'saasure')
    .executeTakeFirst();
  const isGlobal = (await findPolicy(tx, policyId)).type === 'OKTA_SIGN_ON';
  const able = app === undefined && !isGlobal ? [] : await superAdminsAbleToSignIn(tx);
  if (able.length === 0) return;
  const policy = await readPolicy(tx, policyId);
  const now = s.clock.now();
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'what if', observedAt: now, expiresAt: null });
  const proof: FactorProof = { ...BEST_PROOF, provedAt: now };
  const { client } = principal.request;
  const zones = s.zones.idsOf(client);
  for (const userId of able) {
    const groups = await tx.selectFrom('groupMembers').select('groupId').where('userId', '=', userId).execute();
    const facts = {
      userId: fact(userId),
      groupIds: fact(groups.map((group) => group.groupId)),
      holdsAdminRole: fact(true),
      proofs: fact([proof]),
      ...(client.kind === 'known' ? { zoneIds: fact(zones.in), unknownZoneIds: fact(zones.unknown) } : {}),
    };
    if (evaluatePolicy(facts, policy, now).verdict.kind === 'allow') return;
  }
  throw new ApiError('E0000006', { causes: [sentenceOf('last-super-admin')], detail: 'last-super-admin' });
};

const changeRules = async <T>(
  s: Services,
  principal: Principal,
  policyId: string,
  eventType: EventType,
  change: (tx: Transaction, policy: Row<'policies'>) => Promise<{ row: Row<'policyRules'>; result: T }>,
): Promise<T> => {
  const result = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const policy = await findAllowed(tx, principal, 'okta.policies.manage', policyId);
    const guarded = await tx
      .selectFrom('apps')
      .select('id')
      .where('policyId', '=', policyId)
      .where('name', '=', 'saasure')
      .executeTakeFirst();
    // A lesser admin who could soften the console's policy would decide how super admins are authenticated.
    if (guarded !== undefined || policy.type === 'OKTA_SIGN_ON') assertSuperAdmin(principal);
    const changed = await change(tx, policy);
    await tx
      .updateTable('policies')
      .set((e) => ({ version: e('version', '+', 1), lastUpdatedAt: s.clock.now() }))
      .where('id', '=', policyId)
      .execute();
    await assertConsoleStaysOpen(s, tx, principal, policyId);
    await recordEvent(s, tx, principal, { eventType, target: [policyTarget(policy), ruleTarget(changed.row)] });
    return changed.result;
  });
  await s.policies.reload();
  return result;
};

/**
 * Gives a rule its place among those that people wrote: one that moves up stands before whoever has the priority, one
 * that moves down behind, and the others make room. Two never share a place, so that what is read first is never chance.
 */
const placeRule = async (
  tx: Transaction,
  policyId: string,
  ruleId: string,
  from: number,
  to: number,
): Promise<void> => {
  const others = (await rulesOf(tx, policyId)).filter((rule) => rule.isSystem === 0 && rule.id !== ruleId);
  const isBefore = (priority: number): boolean => (to > from ? priority <= to : priority < to);
  const set = (id: string, priority: number) =>
    tx.updateTable('policyRules').set({ priority }).where('id', '=', id).execute();
  let free = to;
  for (const { id, priority } of others.filter((rule) => isBefore(rule.priority)).toReversed()) {
    if (priority < free) break;
    free = Math.max(free - 1, 0);
    await set(id, free);
  }
  free = to;
  for (const { id, priority } of others.filter((rule) => !isBefore(rule.priority))) {
    if (priority > free) break;
    free = Math.min(free + 1, LAST_PRIORITY - 1);
    await set(id, free);
  }
};

const assertOwnRule = (row: Row<'policyRules'>): void => {
  if (row.isSystem === 1)
    throw new ApiError('E0000111', { causes: ['The catch-all rule cannot be deleted or switched off.'] });
};

/** `POST …/rules`. */
export const createRule = (s: Services, principal: Principal, policyId: string, body: RuleBody, isActive: boolean) =>
  changeRules(s, principal, policyId, 'policy.rule.add', async (tx, policy) => {
    const documents = readDocuments(body.conditions, body.actions);
    const now = s.clock.now();
    const own = (await rulesOf(tx, policyId)).filter((rule) => rule.isSystem === 0);
    const isAccess = policy.type === 'ACCESS_POLICY';
    const row: Row<'policyRules'> = {
      id: newId(s.random, isAccess ? 'accessRule' : 'rule'),
      policyId,
      type: isAccess ? 'ACCESS_POLICY' : 'SIGN_ON',
      name: body.name,
      priority: Math.min(body.priority ?? (own.at(-1)?.priority ?? 0) + 1, LAST_PRIORITY - 1),
      status: isActive ? 'ACTIVE' : 'INACTIVE',
      isSystem: 0,
      conditions: JSON.stringify(documents.conditions),
      actions: JSON.stringify(documents.actions),
      createdAt: now,
      lastUpdatedAt: now,
    };
    await tx.insertInto('policyRules').values(row).execute();
    await placeRule(tx, policyId, row.id, LAST_PRIORITY, row.priority);
    return { row, result: presentRule(row, s.config.publicUrl.origin) };
  });

/**
 * `PUT …/rules/{id}`. Of the catch-all only the actions can be changed. 412 when `ifMatch` is the tag of another version
 * than the one that is saved now.
 */
export const replaceRule = (
  s: Services,
  principal: Principal,
  policyId: string,
  ruleId: string,
  body: RuleBody,
  ifMatch?: string,
) =>
  changeRules(s, principal, policyId, 'policy.rule.update', async (tx) => {
    const before = await findRule(tx, policyId, ruleId);
    assertUnchanged(ifMatch, ruleDocument(before));
    const documents = readDocuments(body.conditions, body.actions);
    const isCatchAll = before.isSystem === 1;
    const change = {
      name: isCatchAll ? before.name : body.name,
      priority: isCatchAll ? before.priority : Math.min(body.priority ?? before.priority, LAST_PRIORITY - 1),
      conditions: isCatchAll ? before.conditions : JSON.stringify(documents.conditions),
      actions: JSON.stringify(documents.actions),
      lastUpdatedAt: s.clock.now(),
    };
    await tx.updateTable('policyRules').set(change).where('id', '=', ruleId).execute();
    if (change.priority !== before.priority) await placeRule(tx, policyId, ruleId, before.priority, change.priority);
    const row = { ...before, ...change };
    return { row, result: presentRule(row, s.config.publicUrl.origin) };
  });

/** `DELETE …/rules/{id}`. */
export const deleteRule = (s: Services, principal: Principal, policyId: string, ruleId: string) =>
  changeRules(s, principal, policyId, 'policy.rule.delete', async (tx) => {
    const row = await findRule(tx, policyId, ruleId);
    assertOwnRule(row);
    await tx.deleteFrom('policyRules').where('id', '=', ruleId).execute();
    return { row, result: null };
  });

/** `POST …/rules/{id}/lifecycle/activate` and `…/deactivate`. */
export const setRuleStatus = (
  s: Services,
  principal: Principal,
  policyId: string,
  ruleId: string,
  status: 'ACTIVE' | 'INACTIVE',
) =>
  changeRules(
    s,
    principal,
    policyId,
    status === 'ACTIVE' ? 'policy.rule.activate' : 'policy.rule.deactivate',
    async (tx) => {
      const row = await findRule(tx, policyId, ruleId);
      if (status === 'INACTIVE') assertOwnRule(row);
      await tx
        .updateTable('policyRules')
        .set({ status, lastUpdatedAt: s.clock.now() })
        .where('id', '=', ruleId)
        .execute();
      return { row, result: null };
    },
  );
