import { hasHiddenAttributes, reachesAttribute } from '@sallyport/decide/roles/authorize';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/** Profiles as the principal may see them: what no role of theirs reaches is not there. */
export const withVisibleProfiles = async <R extends Pick<Row<'users'>, 'id' | 'profile'>>(
  db: Transaction,
  principal: Principal,
  rows: readonly R[],
): Promise<R[]> => {
  if (!hasHiddenAttributes(principal) || rows.length === 0) return [...rows];
  const memberships = await db
    .selectFrom('groupMembers')
    .select(['groupId', 'userId'])
    .where(
      'userId',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.map((row) => {
    const groupIds = memberships.filter(({ userId }) => userId === row.id).map(({ groupId }) => groupId);
    const user = { kind: 'user', id: row.id, groupIds, holdsAdminRole: false } as const;
    const shown = Object.entries(JSON.parse(row.profile) as Record<string, unknown>).filter(([attribute]) =>
      reachesAttribute(principal, 'okta.users.read', user, attribute),
    );
    return { ...row, profile: JSON.stringify(Object.fromEntries(shown)) };
  });
};
