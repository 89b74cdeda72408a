import { isByStandingPower } from '@sallyport/decide/grants/is-by-standing-power';
import { parseRule, type RuleTest } from '@sallyport/decide/group-rules/parse-rule';
import { authorize, hasHiddenAttributes, judgeOwnWidening } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import { authorOf, isCaller, type Principal } from '@sallyport/model/principal';
import { groupAsTarget } from '../groups/manage-groups.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { assertMayChangeNamed } from '../policies/find-policy.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { approverGroups } from '../requests/approver-groups.ts';
import { groupsOfAllPower } from '../requests/super-admin-askers.ts';
import { groupsWithRole } from '../roles/groups-with-role.ts';
import { assertHolds, assertMay, refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findRule, idsOf, ruleAsTarget } from './store.ts';

const RULES_MAX = 200;

export interface RuleBody {
  readonly name: string;
  readonly conditions: {
    readonly expression: { readonly value: string };
    readonly people?:
      | {
          readonly users?: { readonly exclude?: readonly string[] | undefined } | null | undefined;
          readonly groups?: { readonly exclude?: readonly string[] | undefined } | null | undefined;
        }
      | null
      | undefined;
  };
  readonly actions: { readonly assignUserToGroups: { readonly groupIds: readonly string[] } };
}

const present = (row: Row<'groupRules'>, names: ReadonlyMap<string, string> | null) => ({
  id: row.id,
  type: 'group_rule',
  name: row.name,
  status: row.status,
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  allGroupsValid: row.status !== 'INVALID',
  conditions: {
    people: { users: { exclude: idsOf(row.excludedUserIds) }, groups: { exclude: [] } },
    expression: { value: row.expression, type: 'urn:okta:expression:1.0' },
  },
  actions: { assignUserToGroups: { groupIds: idsOf(row.groupIds) } },
  ...(names === null ? {} : { _embedded: { groupIdToGroupNameMap: Object.fromEntries(names) } }),
});

const namesOf = async (db: Transaction, rows: readonly Row<'groupRules'>[], expand: string | undefined) => {
  if (expand !== 'groupIdToGroupNameMap') return () => null;
  const ids = [...new Set(rows.flatMap((row) => idsOf(row.groupIds)))];
  const groups =
    ids.length === 0 ? [] : await db.selectFrom('groups').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  return (row: Row<'groupRules'>) => new Map(idsOf(row.groupIds).map((id) => [id, names.get(id) ?? '']));
};

/** A rule speaks of everybody and of its groups: it is read by whoever may see all groups. */
export const assertMayRead = (principal: Principal): void => assertHolds(principal, 'okta.groups.read');

/** `GET /api/v1/groups/rules`: `search` is part of the name. */
export const listRules = async (
  s: Services,
  principal: Principal,
  input: { readonly search?: string; readonly expand?: string; readonly limit?: string; readonly after?: string },
) => {
  assertMayRead(principal);
  const limit = pageLimit(input.limit, 50, 200);
  let query = s.store.read.selectFrom('groupRules').selectAll().orderBy('id');
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const wanted = (input.search ?? '').toLowerCase();
  const rows = (await query.execute()).filter(({ nameFolded }) => nameFolded.includes(wanted));
  const { shown, after } = pageOf(rows.slice(0, limit + 1), limit);
  const names = await namesOf(s.store.read, shown, input.expand);
  return { rules: shown.map((row) => present(row, names(row))), after };
};

/** `GET /api/v1/groups/rules/{id}`. */
export const getRule = async (s: Services, principal: Principal, id: string, expand: string | undefined) => {
  assertMayRead(principal);
  const row = await findRule(s.store.read, id);
  const names = await namesOf(s.store.read, [row], expand);
  return present(row, names(row));
};

/** E0000001 says what of an expression is not understood. */
export const readExpressionOfRule = (text: string): RuleTest => {
  const parsed = parseRule(text);
  if (!parsed.ok) throw invalid('expression', `The expression ${parsed.message}`);
  return parsed.test;
};

/**
 * May the principal let a rule fill these groups? Like adding anybody to each of them: over all people and all groups,
 * never to one that holds an admin role or may ask for all power (whoever writes profiles would write who is an administrator;
 * a super admin adds members to such a group by name), to none whose people they hold more over than over others, and to one that what admits
 * administrators asks for only as a super admin.
 */
export const assertMayFill = async (
  tx: Transaction,
  principal: Principal,
  groupIds: readonly string[],
): Promise<void> => {
  assertHolds(principal, 'okta.groups.members.manage');
  assertHolds(principal, 'okta.users.groupMembership.manage');
  assertHolds(principal, 'okta.users.read');
  if (hasHiddenAttributes(principal))
    throw new ApiError('E0000006', {
      causes: ['A rule tells what is in profiles. Your role hides some of it, so you cannot make one.'],
    });
  const rows = await tx.selectFrom('groups').selectAll().where('id', 'in', groupIds).execute();
  const withRole = await groupsWithRole(tx, groupIds);
  const approvers = await approverGroups(tx, groupIds);
  const askers = await groupsOfAllPower(tx);
  for (const id of groupIds) {
    const group = rows.find((row) => row.id === id);
    if (
      group === undefined ||
      authorize(principal, 'okta.groups.read', { kind: 'group', id, holdsAdminRole: false }).kind === 'deny'
    )
      throw invalid('groupIds', `there is no group ${id.slice(0, 64)}`);
    if (group.type === 'BUILT_IN') throw invalid('groupIds', `everybody is in ${group.name} anyway`);
    if (withRole.has(id))
      throw invalid('groupIds', `${group.name} holds an admin role. No rule fills it: members are added by name`);
    if (askers.has(id))
      throw invalid('groupIds', `${group.name} may ask for super admin. No rule fills it: members are added by name`);
    if (approvers.has(id)) {
      assertMay(principal, 'okta.groups.members.manage', { kind: 'group', id, holdsAdminRole: true });
      if (isCaller(principal) && !isByStandingPower(principal)) throw refuse(['standing-to-own']);
    }
    const anybody = { kind: 'user', id: null, groupIds: [], holdsAdminRole: false } as const;
    const widening = judgeOwnWidening(principal, anybody, [id]);
    if (widening.kind === 'deny') throw refuse(widening.reasons);
    // A rule moves administrators, too, whom this principal could not move by name.
    await assertMayChangeNamed(tx, principal, id, [group.name]);
  }
};

const columnsOf = ({ name, conditions, actions }: RuleBody) => {
  if ((conditions.people?.groups?.exclude ?? []).length > 0)
    throw invalid('conditions.people.groups.exclude', 'is not supported; say it in the expression');
  readExpressionOfRule(conditions.expression.value);
  return {
    name,
    nameFolded: name.toLowerCase(),
    expression: conditions.expression.value,
    excludedUserIds: JSON.stringify(conditions.people?.users?.exclude ?? []),
    groupIds: JSON.stringify([...new Set(actions.assignUserToGroups.groupIds)]),
  };
};

const assertNameIsFree = async (tx: Transaction, nameFolded: string, ownId: string | null): Promise<void> => {
  const rows = await tx.selectFrom('groupRules').select(['id', 'nameFolded']).execute();
  if (rows.some((row) => row.nameFolded === nameFolded && row.id !== ownId))
    throw invalid('name', 'An object with this field already exists in the current organization');
  if (ownId === null && rows.length >= RULES_MAX)
    throw invalid('name', `there are ${RULES_MAX} rules, and no more fit`);
};

/** `POST /api/v1/groups/rules`: INACTIVE until it is activated. */
export const createRule = async (s: Services, principal: Principal, body: RuleBody) => {
  const now = s.clock.now();
  const row: Row<'groupRules'> = {
    id: newId(s.random, 'groupRule'),
    status: 'INACTIVE',
    ...columnsOf(body),
    scanCursor: null,
    createdAt: now,
    createdBy: authorOf(principal),
    lastUpdatedAt: now,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertMayFill(tx, principal, idsOf(row.groupIds));
    await assertNameIsFree(tx, row.nameFolded, null);
    await tx.insertInto('groupRules').values(row).execute();
    await recordEvent(s, tx, principal, { eventType: 'policy.rule.add', target: [ruleAsTarget(row)] });
  });
  return present(row, null);
};

/** A change of a rule by somebody who may fill the groups of it, before and after. */
const changeRule = (
  s: Services,
  principal: Principal,
  id: string,
  eventType: EventType,
  change: (tx: Transaction, row: Row<'groupRules'>) => Promise<Partial<Row<'groupRules'>>>,
): Promise<Row<'groupRules'>> =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    assertMayRead(principal);
    const row = await findRule(tx, id);
    const set = { ...(await change(tx, row)), lastUpdatedAt: s.clock.now() };
    await tx.updateTable('groupRules').set(set).where('id', '=', id).execute();
    await recordEvent(s, tx, principal, { eventType, target: [ruleAsTarget({ ...row, ...set })] });
    return { ...row, ...set };
  });

/** `PUT /api/v1/groups/rules/{id}`, of one that is not active: what it did would not be what it says. */
export const replaceRule = async (s: Services, principal: Principal, id: string, body: RuleBody) => {
  const columns = columnsOf(body);
  const row = await changeRule(s, principal, id, 'policy.rule.update', async (tx, before) => {
    if (before.status === 'ACTIVE') throw invalid('status', 'an active rule stays as it is; deactivate it first');
    await assertMayFill(tx, principal, idsOf(columns.groupIds));
    await assertNameIsFree(tx, columns.nameFolded, id);
    return { ...columns, status: 'INACTIVE' };
  });
  return present(row, null);
};

/** `POST …/lifecycle/activate`: from now on, and for everybody there is, in the background. */
export const activateRule = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await changeRule(s, principal, id, 'group.user_membership.rule.trigger', async (tx, row) => {
    await assertMayFill(tx, principal, idsOf(row.groupIds));
    return { status: 'ACTIVE', scanCursor: '' };
  });
};

/** `POST …/lifecycle/deactivate`: nobody is added or removed any more; whoever is in stays in. */
export const deactivateRule = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await changeRule(s, principal, id, 'group.user_membership.rule.deactivated', async () => {
    assertHolds(principal, 'okta.groups.members.manage');
    return { status: 'INACTIVE', scanCursor: null };
  });
};

/** `DELETE /api/v1/groups/rules/{id}`, of one that is not active; with `removeUsers` also whom it put into its groups. */
export const deleteRule = async (s: Services, principal: Principal, id: string, removesUsers: boolean) => {
  const removed = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    assertMayRead(principal);
    assertHolds(principal, 'okta.groups.members.manage');
    assertHolds(principal, 'okta.users.groupMembership.manage');
    const row = await findRule(tx, id);
    if (row.status === 'ACTIVE') throw invalid('status', 'deactivate the rule first');
    const members = removesUsers
      ? await tx
          .selectFrom('groupMembers')
          .innerJoin('users', 'users.id', 'groupMembers.userId')
          .innerJoin('groups', 'groups.id', 'groupMembers.groupId')
          .select(['users.id', 'users.login', 'users.profile', 'groups.id as groupId', 'groups.name'])
          .where('groupMembers.addedBy', '=', id)
          .execute()
      : [];
    const withRole = await groupsWithRole(tx, [...new Set(members.map(({ groupId }) => groupId))]);
    const askers = await groupsOfAllPower(tx);
    const leaving = members.filter(({ groupId }) => !withRole.has(groupId) && !askers.has(groupId));
    const emptied = new Map(leaving.map(({ groupId, name }) => [groupId, name]));
    for (const [groupId, name] of emptied) await assertMayChangeNamed(tx, principal, groupId, [name]);
    await keepingAWayIn(s, tx, async () => {
      for (const { groupId, id: userId } of leaving)
        await tx.deleteFrom('groupMembers').where('groupId', '=', groupId).where('userId', '=', userId).execute();
    });
    for (const { groupId, name, ...user } of leaving)
      await recordEvent(s, tx, principal, {
        eventType: 'group.user_membership.remove',
        target: [userAsActor(user), groupAsTarget({ id: groupId, name }), ruleAsTarget(row)],
      });
    await tx.deleteFrom('groupRules').where('id', '=', id).execute();
    await recordEvent(s, tx, principal, { eventType: 'policy.rule.delete', target: [ruleAsTarget(row)] });
    return leaving.map((user) => user.id);
  });
  for (const userId of new Set(removed)) s.bus.publish({ kind: 'user', id: userId, reason: 'rights-changed' });
};
