import type { Transaction } from '../ports/store.ts';

/** Of these groups, those that hold an admin role. */
export const groupsWithRole = async (db: Transaction, groupIds: readonly string[]): Promise<ReadonlySet<string>> => {
  if (groupIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('roleAssignments')
    .select('principalId')
    .where('principalKind', '=', 'group')
    .where('principalId', 'in', groupIds)
    .execute();
  return new Set(rows.map(({ principalId }) => principalId));
};
