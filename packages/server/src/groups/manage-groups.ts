import { judgeOwnWidening } from '@sallyport/decide/roles/authorize';
import { judgeProfile } from '@sallyport/decide/users/judge-profile';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import { makerOf, type Principal } from '@sallyport/model/principal';
import { membersAt } from '../grants/active-grants.ts';
import { assertMayGive } from '../grants/assert-may-give.ts';
import { endGrantsOf, publishGrantEnd } from '../grants/end-grant.ts';
import { queueForRules } from '../group-rules/store.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { assertMayChangeNamed } from '../policies/find-policy.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { deleteAssignmentsOf, forgetGroup } from '../roles/forget.ts';
import { assertMay, assertMayManageGroup, assertMayManageUser, groupFacts, refuse } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { presentUser } from '../users/present-user.ts';
import { findUser } from '../users/store.ts';
import { withVisibleProfiles } from '../users/visible-users.ts';
import { ownGroupAttributes } from './group-schema.ts';
import { presentGroup } from './present-group.ts';

export interface GroupBody {
  readonly profile: {
    readonly name: string;
    readonly description?: string | null | undefined;
    readonly [attribute: string]: unknown;
  };
}

export const groupAsTarget = (row: Pick<Row<'groups'>, 'id' | 'name'>): LogTarget => ({
  id: row.id,
  type: 'UserGroup',
  alternateId: 'unknown',
  displayName: row.name,
  detailEntry: null,
});

/** E0000007 otherwise. */
export const findGroup = async (db: Transaction, id: string): Promise<Row<'groups'>> => {
  const row = await db.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'UserGroup');
  return row;
};

export const BUILT_IN_STAYS = 'A built-in group cannot be changed.';

const findChangeable = async (db: Transaction, id: string): Promise<Row<'groups'>> => {
  const row = await findGroup(db, id);
  if (row.type === 'BUILT_IN') throw new ApiError('E0000111', { causes: [BUILT_IN_STAYS] });
  return row;
};

const assertNameIsFree = async (tx: Transaction, name: string, ownId: string | null): Promise<void> => {
  const taken = await tx
    .selectFrom('groups')
    .select('id')
    .where('nameFolded', '=', name.toLowerCase())
    .executeTakeFirst();
  if (taken !== undefined && taken.id !== ownId)
    throw invalid('name', 'An object with this field already exists in the current organization');
};

/** E0000001 with what is wrong with a profile. What is not in the schema is refused, too: nobody would ever find it again. */
const columnsOf = async (s: Services, tx: Transaction, { profile }: GroupBody, isNew: boolean) => {
  const own = await ownGroupAttributes(s, tx);
  const { name, description = null, ...rest } = profile;
  const defaults = [...own].flatMap(([key, schema]) =>
    isNew && schema.default !== undefined ? [[key, schema.default]] : [],
  );
  const custom = Object.fromEntries(
    Object.entries({ ...Object.fromEntries(defaults), ...rest }).filter(([, value]) => value !== null),
  );
  const unknown = Object.keys(custom).filter((key) => !own.has(key));
  const faults = [
    ...unknown.map((key) => `${key.slice(0, 64)}: is no attribute of groups; add it to their schema first`),
    ...judgeProfile(
      own,
      custom,
      Object.keys(custom).filter((key) => own.has(key)),
    ),
  ];
  const [first] = faults;
  if (first !== undefined)
    throw new ApiError('E0000001', { args: [first.split(':', 1)[0] ?? 'profile'], causes: faults.slice(0, 20) });
  return {
    name,
    nameFolded: name.toLowerCase(),
    profile: JSON.stringify({ name, description, ...custom }),
  };
};

/** `GET /api/v1/groups/{id}`. */
export const getGroup = async (s: Services, principal: Principal, id: string) => {
  const row = await findGroup(s.store.read, id);
  await assertMayManageGroup(s.store.read, principal, 'okta.groups.read', id);
  return presentGroup(row, s.config.publicUrl.origin);
};

/** A new group, in the caller's transaction. E0000001 for a name that is taken. */
export const makeGroup = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  body: GroupBody,
): Promise<Row<'groups'>> => {
  const now = s.clock.now();
  const made: Row<'groups'> = {
    id: newId(s.random, 'group'),
    type: 'OKTA_GROUP',
    ...(await columnsOf(s, tx, body, true)),
    createdAt: now,
    lastUpdatedAt: now,
    lastMembershipUpdatedAt: now,
  };
  await assertNameIsFree(tx, made.name, null);
  await tx.insertInto('groups').values(made).execute();
  await recordEvent(s, tx, principal, { eventType: 'group.lifecycle.create', target: [groupAsTarget(made)] });
  return made;
};

/** `POST /api/v1/groups`. Where the permission is narrowed to groups, there are no others to create. */
export const createGroup = async (s: Services, principal: Principal, body: GroupBody) => {
  assertMay(principal, 'okta.groups.create', { kind: 'group', id: null, holdsAdminRole: false });
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return makeGroup(s, tx, principal, body);
  });
  return presentGroup(row, s.config.publicUrl.origin);
};

/** `PUT /api/v1/groups/{id}`. */
export const replaceGroup = async (s: Services, principal: Principal, id: string, body: GroupBody) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await findGroup(tx, id);
    await assertMayManageGroup(tx, principal, 'okta.groups.manage', id);
    const before = await findChangeable(tx, id);
    // A description is nobody's rule; a name may be.
    if (body.profile.name !== before.name)
      await assertMayChangeNamed(tx, principal, id, [before.name, body.profile.name]);
    await assertNameIsFree(tx, body.profile.name, id);
    const change = { ...(await columnsOf(s, tx, body, false)), lastUpdatedAt: s.clock.now() };
    // Expressions of policies ask for groups by their names.
    await keepingAWayIn(s, tx, () => tx.updateTable('groups').set(change).where('id', '=', id).execute());
    await recordEvent(s, tx, principal, {
      eventType: 'group.profile.update',
      target: [groupAsTarget({ ...before, ...change })],
    });
    return { ...before, ...change };
  });
  return presentGroup(row, s.config.publicUrl.origin);
};

const membersOf = (db: Transaction, groupId: string) =>
  db.selectFrom('groupMembers').select('userId').where('groupId', '=', groupId).execute();

/** Tells doors and streams that rights changed; whoever asks next is judged by the new ones anyway. */
const publishRights = (s: Services, userIds: readonly string[]): void => {
  for (const id of userIds) s.bus.publish({ kind: 'user', id, reason: 'rights-changed' });
};

/** `DELETE /api/v1/groups/{id}`, with its memberships and roles. */
export const deleteGroup = async (s: Services, principal: Principal, id: string): Promise<void> => {
  const { members, ended } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await findGroup(tx, id);
    await assertMayManageGroup(tx, principal, 'okta.groups.manage', id);
    const row = await findChangeable(tx, id);
    await assertMayChangeNamed(tx, principal, id, [row.name]);
    const grants = await endGrantsOf(s, tx, principal, { kind: 'group', id }, 'group-deleted');
    const userIds = (await membersOf(tx, id)).map((member) => member.userId);
    // Rules that name this group judge its members anew.
    await queueForRules(tx, userIds, s.clock.now());
    await keepingAWayIn(s, tx, async () => {
      await deleteAssignmentsOf(tx, 'group', id);
      await forgetGroup(tx, id);
      await tx.deleteFrom('groupMembers').where('groupId', '=', id).execute();
      await tx
        .deleteFrom('groupOwners')
        .where((e) => e.or([e('groupId', '=', id), e('ownerId', '=', id)]))
        .execute();
      await tx.deleteFrom('groups').where('id', '=', id).execute();
    });
    await recordEvent(s, tx, principal, { eventType: 'group.lifecycle.delete', target: [groupAsTarget(row)] });
    return { members: userIds, ended: grants };
  });
  publishRights(s, members);
  for (const grant of ended) publishGrantEnd(s, grant);
};

/** `GET /api/v1/groups/{id}/users`: the members whom the principal may see. */
export const listMembers = async (
  s: Services,
  principal: Principal,
  id: string,
  input: { readonly limit?: string; readonly after?: string },
) => {
  await getGroup(s, principal, id);
  const limit = pageLimit(input.limit, 1000, 1000);
  let query = s.store.read
    .selectFrom('users')
    .selectAll('users')
    .where('users.id', 'in', membersAt(s.store.read, id, s.clock.now()))
    .where(whereAllowed(principal, 'okta.users.read', 'user'))
    .orderBy('users.id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('users.id', '>', input.after);
  const page = pageOf(await query.execute(), limit);
  const shown = await withVisibleProfiles(s.store.read, principal, page.shown);
  return {
    users: shown.map((row) => presentUser(row, s.config.publicUrl.origin, s.clock.now())),
    after: page.after,
  };
};

/** Puts somebody into a group, or takes them out, in the caller's transaction, which has asked whether that may be. */
export const writeMembership = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  group: Row<'groups'>,
  user: Row<'users'>,
  isMember: boolean,
  addedBy: string = makerOf(principal),
): Promise<void> => {
  const now = s.clock.now();
  await keepingAWayIn(s, tx, async () => {
    if (isMember)
      await tx
        .insertInto('groupMembers')
        .values({ groupId: group.id, userId: user.id, addedAt: now, addedBy })
        .execute();
    else await tx.deleteFrom('groupMembers').where('groupId', '=', group.id).where('userId', '=', user.id).execute();
  });
  await queueForRules(tx, [user.id], now);
  await tx.updateTable('groups').set({ lastMembershipUpdatedAt: now }).where('id', '=', group.id).execute();
  await recordEvent(s, tx, principal, {
    eventType: isMember ? 'group.user_membership.add' : 'group.user_membership.remove',
    target: [userAsActor(user), groupAsTarget(group)],
  });
};

/**
 * `PUT` and `DELETE /api/v1/groups/{id}/users/{userId}`. What is so already succeeds quietly, without an event. E0000006 for
 * taking out somebody who is in it for a while only: that is ended as the grant that it is.
 */
export const setMembership = async (
  s: Services,
  principal: Principal,
  groupId: string,
  userId: string,
  isMember: boolean,
): Promise<void> => {
  const user = await findUser(s.store.read, userId);
  const changed = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await findGroup(tx, groupId);
    await assertMayManageGroup(tx, principal, 'okta.groups.members.manage', groupId);
    const group = await findChangeable(tx, groupId);
    const facts = await assertMayManageUser(tx, principal, 'okta.users.groupMembership.manage', user.id, userId);
    const others = facts.groupIds.filter((id) => id !== groupId);
    const widening = judgeOwnWidening(principal, facts, isMember ? [...others, groupId] : others);
    if (widening.kind === 'deny') throw refuse(widening.reasons);
    if (isMember && (await groupFacts(tx, groupId)).holdsAdminRole)
      await assertMayGive(s, tx, principal, { kind: 'user', id: user.id });
    const before = await tx
      .selectFrom('groupMembers')
      .select('userId')
      .where('groupId', '=', groupId)
      .where('userId', '=', user.id)
      .executeTakeFirst();
    if (before === undefined && !isMember) {
      const forAWhile = await membersAt(tx, groupId, s.clock.now())
        .where('memberships.userId', '=', user.id)
        .executeTakeFirst();
      // Not quietly: whoever takes somebody out must not believe that they are out.
      if (forAWhile !== undefined) throw refuse(['member-for-a-while']);
    }
    if ((before !== undefined) === isMember) return false;
    await writeMembership(s, tx, principal, group, user, isMember);
    return true;
  });
  if (changed) publishRights(s, [user.id]);
};
