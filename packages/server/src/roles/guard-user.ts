import { authorize, isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { ApiError, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { Resource } from '@sallyport/model/rights';
import type { Permission } from '@sallyport/model/roles';
import { breakGlassIds, isBreakGlass } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { approverGroups } from '../requests/approver-groups.ts';
import { eligibleAmong } from '../requests/is-eligible.ts';
import { groupsOfAllPower } from '../requests/super-admin-askers.ts';
import { groupsWithRole } from './groups-with-role.ts';
import { grantedRoles, isAdmin } from './is-admin.ts';
import { markUsed } from './permission-use.ts';

/** E0000006 with the sentences of a verdict. */
export const refuse = (reasons: readonly Reason[]): ApiError =>
  new ApiError('E0000006', { causes: reasons.map(sentenceOf), detail: reasons.join(' ') });

/**
 * E0000006 unless the principal holds a further permission over the whole organisation: a route that changes several
 * kinds of thing must not be a way around the permission of the strictest.
 */
export const assertHolds = (principal: Principal, permission: Permission): void => {
  const verdict = authorize(principal, permission, { kind: 'all' });
  if (verdict.kind === 'deny') throw refuse(verdict.reasons);
  markUsed(principal, permission);
};

/** E0000006 unless the principal is a super admin, or the host. */
export const assertSuperAdmin = (principal: Principal): void => {
  if (!isSuperAdmin(principal)) throw refuse(['permission-missing']);
};

type Thing = Exclude<Resource, { kind: 'all' }>;
const SEEN_WITH = {
  user: ['okta.users.read', 'User'],
  group: ['okta.groups.read', 'UserGroup'],
  app: ['okta.apps.read', 'AppInstance'],
  policy: ['okta.policies.read', 'Policy'],
  zone: ['okta.networkZones.read', 'NetworkZone'],
} as const satisfies Record<Thing['kind'], readonly [Permission, string]>;

/**
 * Refuses what the principal may not do to this very thing: E0000006 with the reason where they can see it, and E0000007
 * where they cannot, as for what does not exist. `asked` is how they named it.
 */
export const assertMay = (
  principal: Principal,
  permission: Permission,
  resource: Thing,
  asked: string | null = resource.id,
): void => {
  const verdict = authorize(principal, permission, resource);
  if (verdict.kind === 'allow') {
    markUsed(principal, permission);
    return;
  }
  const [read, kind] = SEEN_WITH[resource.kind];
  if (resource.id === null || authorize(principal, read, resource).kind === 'allow') throw refuse(verdict.reasons);
  throw notFound(asked ?? '', kind);
};

type UserFacts = Extract<Resource, { kind: 'user' }>;

/**
 * What judgements ask of a person: the groups in whose scopes they are, and whether they are an administrator. A membership
 * for a while gives to whoever has it; it moves nobody into, or out of, the reach of others.
 */
export const userFacts = async (db: Transaction, id: string): Promise<UserFacts> => {
  const groups = await db.selectFrom('groupMembers').select('groupId').where('userId', '=', id).execute();
  return {
    kind: 'user',
    id,
    groupIds: groups.map(({ groupId }) => groupId),
    holdsAdminRole: await isAdmin(db, id),
    isBreakGlass: await isBreakGlass(db, id),
  };
};

/** The same of a page of people, in a few questions for all. */
export const factsOfUsers = async (
  db: Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, UserFacts>> => {
  if (ids.length === 0) return new Map();
  const groups = await db.selectFrom('groupMembers').select(['userId', 'groupId']).where('userId', 'in', ids).execute();
  const roles = await db
    .selectFrom('roleAssignments')
    .select('principalId')
    .where('principalKind', '!=', 'client')
    .where('principalId', 'in', [...ids, ...new Set(groups.map(({ groupId }) => groupId))])
    .execute();
  const granted = await grantedRoles(db, ids).execute();
  const holders = new Set([
    ...roles.map(({ principalId }) => principalId),
    ...granted.map(({ userId }) => userId),
    ...(await eligibleAmong(db, ids)),
  ]);
  const byUser = Map.groupBy(groups, ({ userId }) => userId);
  const sealed = await breakGlassIds(db);
  return new Map(
    ids.map((id) => {
      const groupIds = (byUser.get(id) ?? []).map(({ groupId }) => groupId);
      const holdsAdminRole = [id, ...groupIds].some((one) => holders.has(one));
      return [id, { kind: 'user', id, groupIds, holdsAdminRole, isBreakGlass: sealed.has(id) }];
    }),
  );
};

/** Does a group hold an admin role? */
export const givesRole = async (db: Transaction, groupId: string): Promise<boolean> =>
  (await groupsWithRole(db, [groupId])).has(groupId);

/**
 * Does an administrator's power hang on who is in a group: does it hold a role, say yes to what others ask for, or hold
 * those who may ask for super admin, or to sign in as what holds it?
 */
export const isGroupOfPower = async (db: Transaction, groupId: string): Promise<boolean> =>
  (await givesRole(db, groupId)) ||
  (await approverGroups(db, [groupId])).has(groupId) ||
  (await groupsOfAllPower(db)).has(groupId);

/** What judgements ask of a group. */
export const groupFacts = async (db: Transaction, id: string): Promise<Extract<Resource, { kind: 'group' }>> => ({
  kind: 'group',
  id,
  holdsAdminRole: await isGroupOfPower(db, id),
});

/** Refuses as `assertMay` does. Only a super admin manages the holder of a role. */
export const assertMayManageUser = async (
  db: Transaction,
  principal: Principal,
  permission: Permission,
  targetUserId: string,
  asked?: string,
): Promise<UserFacts> => {
  const facts = await userFacts(db, targetUserId);
  assertMay(principal, permission, facts, asked);
  return facts;
};

/** The same for a group, and so for whoever is in one that holds a role or approves access. */
export const assertMayManageGroup = async (
  db: Transaction,
  principal: Principal,
  permission: Permission,
  groupId: string,
): Promise<void> => assertMay(principal, permission, await groupFacts(db, groupId));
