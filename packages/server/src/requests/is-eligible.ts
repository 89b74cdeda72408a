import { matchCondition } from '@sallyport/decide/requests/judge-asking';
import type { Transaction } from '../ports/store.ts';
import { entitlementsOf, readConditions, type ScopeSettings } from './read-conditions.ts';

/** Of groups, those that hold an admin role. */
const withRole = async (db: Transaction, groupIds: readonly string[]): Promise<ReadonlySet<string>> => {
  if (groupIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('roleAssignments')
    .select('principalId')
    .where('principalKind', '=', 'group')
    .where('principalId', 'in', groupIds)
    .execute();
  return new Set(rows.map(({ principalId }) => principalId));
};

/**
 * May this person ask for an admin role: for a bundle of them, or for a group that holds one? It is asked at every sign-in
 * and of every account that somebody manages, so the few conditions that give power are found first.
 */
export const isEligible = async (db: Transaction, userId: string): Promise<boolean> => {
  const rows = await db.selectFrom('requestConditions').selectAll().where('status', '=', 'ACTIVE').execute();
  const given = rows.map((row) => ({
    row,
    entitlements: entitlementsOf(row.resourceId, JSON.parse(row.scope) as ScopeSettings),
  }));
  const groupIds = given.flatMap(({ entitlements }) =>
    entitlements.filter(({ kind }) => kind === 'group').map(({ id }) => id),
  );
  const powerful = await withRole(db, groupIds);
  const ofPower = given.filter(({ entitlements }) =>
    entitlements.some(({ kind, id }) => kind === 'bundle' || (kind === 'group' && powerful.has(id))),
  );
  if (ofPower.length === 0) return false;
  const conditions = await readConditions(
    db,
    ofPower.map(({ row }) => row),
  );
  const groups = await db.selectFrom('groupMembers').select('groupId').where('userId', '=', userId).execute();
  const person = { groupIds: groups.map(({ groupId }) => groupId) };
  return conditions.some((condition) => matchCondition(condition, person));
};
