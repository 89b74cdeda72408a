import { matchCondition } from '@sallyport/decide/requests/judge-asking';
import type { Transaction } from '../ports/store.ts';
import { activeConditions } from './read-conditions.ts';

/** May this person ask for an admin role: for a bundle of them, or for a group that holds one? */
export const isEligible = async (db: Transaction, userId: string): Promise<boolean> => {
  const conditions = await activeConditions(db);
  if (conditions.length === 0) return false;
  const groups = await db.selectFrom('groupMembers').select('groupId').where('userId', '=', userId).execute();
  const person = { groupIds: groups.map(({ groupId }) => groupId) };
  const open = conditions
    .filter((condition) => matchCondition(condition, person))
    .flatMap(({ entitlements }) => entitlements);
  if (open.some(({ kind }) => kind === 'bundle')) return true;
  const groupIds = open.filter(({ kind }) => kind === 'group').map(({ id }) => id);
  if (groupIds.length === 0) return false;
  const role = await db
    .selectFrom('roleAssignments')
    .select('id')
    .where('principalKind', '=', 'group')
    .where('principalId', 'in', groupIds)
    .executeTakeFirst();
  return role !== undefined;
};
