import { matchCondition } from '@sallyport/decide/requests/judge-asking';
import type { Transaction } from '../ports/store.ts';
import { groupsWithRole } from '../roles/groups-with-role.ts';
import { rolesOfUsers } from '../roles/standing-rights.ts';
import { entitlementsOf, readConditions, type ScopeSettings } from './read-conditions.ts';

/**
 * Of these people, those who may ask for an admin role: for a bundle of them, for a group that holds one, or to sign in as a
 * service account that does. It is asked at
 * every sign-in and of every account that somebody manages, so the few conditions that give power are found first.
 */
export const eligibleAmong = async (db: Transaction, userIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await db.selectFrom('requestConditions').selectAll().where('status', '=', 'ACTIVE').execute();
  const given = rows.map((row) => ({
    row,
    entitlements: entitlementsOf(row.resourceId, JSON.parse(row.scope) as ScopeSettings),
  }));
  const groupIds = given.flatMap(({ entitlements }) =>
    entitlements.filter(({ kind }) => kind === 'group').map(({ id }) => id),
  );
  const powerful = await groupsWithRole(db, groupIds);
  const accounts = await rolesOfUsers(
    db,
    given.flatMap(({ entitlements }) =>
      entitlements.filter(({ kind }) => kind === 'service-account').map(({ id }) => id),
    ),
  );
  const ofPower = given.filter(({ entitlements }) =>
    entitlements.some(({ kind, id }) => kind === 'bundle' || powerful.has(id) || accounts.has(id)),
  );
  if (ofPower.length === 0 || userIds.length === 0) return new Set();
  const conditions = await readConditions(
    db,
    ofPower.map(({ row }) => row),
  );
  const memberships = await db
    .selectFrom('groupMembers')
    .select(['userId', 'groupId'])
    .where('userId', 'in', userIds)
    .execute();
  const byUser = Map.groupBy(memberships, ({ userId }) => userId);
  const isOne = (userId: string): boolean => {
    const person = { groupIds: (byUser.get(userId) ?? []).map(({ groupId }) => groupId) };
    return conditions.some((condition) => matchCondition(condition, person));
  };
  return new Set(userIds.filter(isOne));
};

/** May this person ask for an admin role? */
export const isEligible = async (db: Transaction, userId: string): Promise<boolean> =>
  (await eligibleAmong(db, [userId])).has(userId);
