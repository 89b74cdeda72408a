import { askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import { hasHiddenAttributes } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { ALL_ZONES, type PolicyType } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { changePolicies } from './change-policies.ts';
import { assertMayChange, findPolicy, findRule, rulesOf } from './find-policy.ts';
import { policyTarget, presentRule, ruleDocument, ruleTarget } from './present-policy.ts';
import { conditionsOf, readDocuments, type StoredConditions } from './rule-documents.ts';

export interface RuleBody {
  readonly name: string;
  readonly type?: string | undefined;
  readonly priority?: number | null | undefined;
  readonly conditions?: unknown;
  readonly actions: unknown;
}

/** Catch-alls stand here; what people add comes before. */
export const LAST_PRIORITY = 99;
export const RULES_MAX = 90;

/** What a rule of a policy is called on the wire. */
export const ruleTypeOf = (policyType: string): string => (policyType === 'OKTA_SIGN_ON' ? 'SIGN_ON' : policyType);

export const listRules = async (s: Services, principal: Principal, policyId: string) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  return (await rulesOf(s.store.read, policyId)).map((row) => presentRule(row, s.config.publicUrl.origin));
};

/** A rule, and the tag of its version. */
export const getRule = async (s: Services, principal: Principal, policyId: string, ruleId: string) => {
  await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  const row = await findRule(s.store.read, policyId, ruleId);
  return { rule: presentRule(row, s.config.publicUrl.origin), version: settingsVersion(ruleDocument(row)) };
};

const changeRules = <T>(
  s: Services,
  principal: Principal,
  policyId: string,
  eventType: EventType,
  change: (tx: Transaction, policy: Row<'policies'>) => Promise<{ row: Row<'policyRules'>; result: T }>,
): Promise<T> =>
  changePolicies(s, principal, async (tx) => {
    const policy = await findPolicy(tx, principal, 'okta.policies.manage', policyId);
    await assertMayChange(tx, principal, policy);
    const changed = await change(tx, policy);
    await tx
      .updateTable('policies')
      .set((e) => ({ version: e('version', '+', 1), lastUpdatedAt: s.clock.now() }))
      .where('id', '=', policyId)
      .execute();
    await recordEvent(s, tx, principal, { eventType, target: [policyTarget(policy), ruleTarget(changed.row)] });
    return changed.result;
  });

/**
 * Gives a rule its place among those that people wrote: one that moves up stands before whoever has the priority, one
 * that moves down behind, and the others make room. Two never share a place, so that what is read first is never chance;
 * where there is no room left, all are numbered anew in their order. Gives the priority that the rule got.
 */
const placeRule = async (
  tx: Transaction,
  policyId: string,
  ruleId: string,
  from: number,
  to: number,
): Promise<number> => {
  const others = (await rulesOf(tx, policyId)).filter((rule) => rule.isSystem === 0 && rule.id !== ruleId);
  const isBefore = (priority: number): boolean => (to > from ? priority <= to : priority < to);
  const before = others.filter((rule) => isBefore(rule.priority));
  const inOrder = [...before, { id: ruleId, priority: to }, ...others.slice(before.length)];
  let places = inOrder.map(({ priority }) => priority);
  for (let i = before.length - 1; i >= 0; i -= 1)
    places[i] = Math.min(places[i] as number, (places[i + 1] as number) - 1);
  for (let i = before.length + 1; i < places.length; i += 1)
    places[i] = Math.max(places[i] as number, (places[i - 1] as number) + 1);
  if ((places[0] as number) < 0 || (places.at(-1) as number) >= LAST_PRIORITY) places = inOrder.map((_, i) => i + 1);
  for (const [i, { id }] of inOrder.entries())
    await tx
      .updateTable('policyRules')
      .set({ priority: places[i] as number })
      .where('id', '=', id)
      .where('priority', '!=', places[i] as number)
      .execute();
  return places[before.length] as number;
};

const assertOwnRule = (row: Row<'policyRules'>): void => {
  if (row.isSystem === 1)
    throw new ApiError('E0000111', { causes: ['The catch-all rule cannot be deleted or switched off.'] });
};

/** A name that stands for nobody would make a rule match more, or less, than its author meant. */
export const assertNamedExist = async (tx: Transaction, conditions: StoredConditions): Promise<void> => {
  const { users, groups, zones, userTypes } = conditionsOf(conditions);
  const named = [
    ['users', 'conditions.people.users', users],
    ['groups', 'conditions.people.groups', groups],
    ['zones', 'conditions.network', zones],
    ['userTypes', 'conditions.userType', userTypes],
  ] as const;
  for (const [table, field, selection] of named) {
    const ids = [...(selection?.include ?? []), ...(selection?.exclude ?? [])].filter((id) => id !== ALL_ZONES);
    if (ids.length === 0) continue;
    const rows = await tx.selectFrom(table).select('id').where('id', 'in', ids).execute();
    const gone = ids.find((id) => !rows.some((row) => row.id === id));
    if (gone !== undefined) throw invalid(field, `${gone} does not exist`);
  }
};

const assertType = (policy: Row<'policies'>, body: RuleBody): void => {
  const type = ruleTypeOf(policy.type);
  if (body.type !== undefined && body.type !== type)
    throw invalid('type', `The rules of this policy are of the type ${type}`);
};

/** Whoever writes what is asked of profiles learns what is in them, one sign-in after the other. */
export const assertMayAsk = (principal: Principal, conditions: StoredConditions): void => {
  const { expression } = conditionsOf(conditions);
  if (expression === undefined || askedOfPeople([expression]).attributes.length === 0) return;
  // Whoever reads no profile at all has nothing that is hidden from them, either.
  assertHolds(principal, 'okta.users.read');
  if (hasHiddenAttributes(principal))
    throw new ApiError('E0000006', {
      causes: ['A rule tells what is in profiles. Your role hides some of it, so its expression may not ask for it.'],
    });
};

/** `POST …/rules`. */
export const createRule = (s: Services, principal: Principal, policyId: string, body: RuleBody, isActive: boolean) =>
  changeRules(s, principal, policyId, 'policy.rule.add', async (tx, policy) => {
    assertType(policy, body);
    const documents = readDocuments(policy.type as PolicyType, body.conditions, body.actions);
    await assertNamedExist(tx, documents.conditions);
    assertMayAsk(principal, documents.conditions);
    const now = s.clock.now();
    const own = (await rulesOf(tx, policyId)).filter((rule) => rule.isSystem === 0);
    if (own.length >= RULES_MAX) throw invalid('rules', `A policy has at most ${RULES_MAX} rules`);
    const row: Row<'policyRules'> = {
      id: newId(s.random, policy.type === 'ACCESS_POLICY' ? 'accessRule' : 'rule'),
      policyId,
      type: ruleTypeOf(policy.type),
      name: body.name,
      priority: body.priority == null ? (own.at(-1)?.priority ?? 0) + 1 : Math.min(body.priority, LAST_PRIORITY - 1),
      status: isActive ? 'ACTIVE' : 'INACTIVE',
      isSystem: 0,
      conditions: JSON.stringify(documents.conditions),
      actions: JSON.stringify(documents.actions),
      createdAt: now,
      lastUpdatedAt: now,
    };
    await tx.insertInto('policyRules').values(row).execute();
    const placed = { ...row, priority: await placeRule(tx, policyId, row.id, LAST_PRIORITY, row.priority) };
    return { row: placed, result: presentRule(placed, s.config.publicUrl.origin) };
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
  changeRules(s, principal, policyId, 'policy.rule.update', async (tx, policy) => {
    const before = await findRule(tx, policyId, ruleId);
    assertUnchanged(ifMatch, ruleDocument(before));
    assertType(policy, body);
    const isCatchAll = before.isSystem === 1;
    const documents = readDocuments(policy.type as PolicyType, isCatchAll ? {} : body.conditions, body.actions);
    await assertNamedExist(tx, documents.conditions);
    assertMayAsk(principal, documents.conditions);
    const change = {
      name: isCatchAll ? before.name : body.name,
      priority: isCatchAll ? before.priority : Math.min(body.priority ?? before.priority, LAST_PRIORITY - 1),
      conditions: isCatchAll ? before.conditions : JSON.stringify(documents.conditions),
      actions: JSON.stringify(documents.actions),
      lastUpdatedAt: s.clock.now(),
    };
    await tx.updateTable('policyRules').set(change).where('id', '=', ruleId).execute();
    const isMoved = change.priority !== before.priority;
    const priority = isMoved
      ? await placeRule(tx, policyId, ruleId, before.priority, change.priority)
      : before.priority;
    const row = { ...before, ...change, priority };
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
