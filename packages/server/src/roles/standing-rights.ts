import { isRoleType, type Permission, ROLES, type RoleType } from '@sallyport/model/roles';
import type { Transaction } from '../ports/store.ts';

export interface Rights {
  readonly roles: readonly RoleType[];
  readonly permissions: ReadonlySet<Permission>;
}

/** The permissions that roles give. */
export const rightsOf = (roles: readonly RoleType[]): Rights => ({
  roles,
  permissions: new Set(roles.flatMap((role) => ROLES[role].permissions)),
});

/** What a person holds by themselves and through their groups, without anything time-bound (design §4.16). */
export const standingRights = async (db: Transaction, userId: string): Promise<Rights> => {
  const rows = await db
    .selectFrom('roleAssignments')
    .select('type')
    .where((e) =>
      e.or([
        e.and([e('principalKind', '=', 'user'), e('principalId', '=', userId)]),
        e.and([
          e('principalKind', '=', 'group'),
          e('principalId', 'in', e.selectFrom('groupMembers').select('groupId').where('userId', '=', userId)),
        ]),
      ]),
    )
    .execute();
  return rightsOf([...new Set(rows.map((row) => row.type).filter(isRoleType))].sort());
};

/** The same roles for a page of people, in one question. */
export const rolesOfUsers = async (
  db: Transaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly RoleType[]>> => {
  const found = new Map<string, Set<RoleType>>();
  if (userIds.length === 0) return new Map();
  const own = await db
    .selectFrom('roleAssignments')
    .select(['principalId as userId', 'type'])
    .where('principalKind', '=', 'user')
    .where('principalId', 'in', userIds)
    .execute();
  const ofGroups = await db
    .selectFrom('groupMembers')
    .innerJoin('roleAssignments', 'roleAssignments.principalId', 'groupMembers.groupId')
    .select(['groupMembers.userId', 'roleAssignments.type'])
    .where('roleAssignments.principalKind', '=', 'group')
    .where('groupMembers.userId', 'in', userIds)
    .execute();
  for (const { userId, type } of [...own, ...ofGroups])
    if (isRoleType(type)) found.set(userId, (found.get(userId) ?? new Set()).add(type));
  return new Map([...found].map(([userId, types]) => [userId, [...types].sort()]));
};
