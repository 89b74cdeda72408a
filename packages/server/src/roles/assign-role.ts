import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { isRoleType, ROLES, type RoleType } from '@sallyport/model/roles';
import { findGroup, groupAsTarget } from '../groups/manage-groups.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { assertSuperAdmin, keepingASuperAdmin } from './guard-user.ts';

export type HolderKind = 'user' | 'group';
interface Holder {
  readonly kind: HolderKind;
  readonly id: string;
  readonly target: LogTarget;
  readonly isBuiltIn: boolean;
}

const findHolder = async (db: Transaction, kind: HolderKind, id: string): Promise<Holder> => {
  if (kind === 'user') {
    const user = await findUser(db, id);
    return { kind, id: user.id, target: userAsActor(user), isBuiltIn: false };
  }
  const group = await findGroup(db, id);
  return { kind, id: group.id, target: groupAsTarget(group), isBuiltIn: group.type === 'BUILT_IN' };
};

const present = (row: Row<'roleAssignments'>, origin: string) => ({
  id: row.id,
  label: isRoleType(row.type) ? ROLES[row.type].label : row.type,
  type: row.type,
  status: 'ACTIVE',
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  assignmentType: row.principalKind.toUpperCase(),
  _links: { assignee: { href: `${origin}/api/v1/${row.principalKind}s/${row.principalId}` } },
});

const assignmentsOf = (db: Transaction, holder: Pick<Holder, 'kind' | 'id'>) =>
  db
    .selectFrom('roleAssignments')
    .selectAll()
    .where('principalKind', '=', holder.kind)
    .where('principalId', '=', holder.id)
    .orderBy('createdAt')
    .execute();

/** `GET …/roles`. Of a user also those of their groups, as the wire has it. */
export const listRoles = async (s: Services, kind: HolderKind, id: string) => {
  const holder = await findHolder(s.store.read, kind, id);
  const own = await assignmentsOf(s.store.read, holder);
  const ofGroups =
    kind === 'group'
      ? []
      : await s.store.read
          .selectFrom('roleAssignments')
          .innerJoin('groupMembers', 'groupMembers.groupId', 'roleAssignments.principalId')
          .selectAll('roleAssignments')
          .where('roleAssignments.principalKind', '=', 'group')
          .where('groupMembers.userId', '=', holder.id)
          .execute();
  return [...own, ...ofGroups].map((row) => present(row, s.config.publicUrl.origin));
};

const findAssignment = async (
  db: Transaction,
  holder: Holder,
  assignmentId: string,
): Promise<Row<'roleAssignments'>> => {
  const row = (await assignmentsOf(db, holder)).find((assignment) => assignment.id === assignmentId);
  if (row === undefined) throw notFound(assignmentId, 'RoleAssignment');
  return row;
};

/** `GET …/roles/{id}`. */
export const getRole = async (s: Services, kind: HolderKind, id: string, assignmentId: string) =>
  present(
    await findAssignment(s.store.read, await findHolder(s.store.read, kind, id), assignmentId),
    s.config.publicUrl.origin,
  );

const tellDoors = async (s: Services, holder: Holder): Promise<void> => {
  const ids =
    holder.kind === 'user'
      ? [holder.id]
      : (await s.store.read.selectFrom('groupMembers').select('userId').where('groupId', '=', holder.id).execute()).map(
          (row) => row.userId,
        );
  for (const id of ids) s.bus.publish({ kind: 'user', id, reason: 'rights-changed' });
};

const eventOf = (kind: HolderKind, verb: 'grant' | 'revoke') =>
  kind === 'user' ? (`user.account.privilege.${verb}` as const) : (`group.privilege.${verb}` as const);

/** `POST …/roles`. Errors: E0000001 for a type that is none, E0000090 for one that is held already, E0000111 for a built-in group. */
export const assignRole = async (s: Services, principal: Principal, kind: HolderKind, id: string, type: string) => {
  assertSuperAdmin(principal);
  if (!isRoleType(type)) throw invalid('type', `must be one of ${Object.keys(ROLES).join(', ')}`);
  const now = s.clock.now();
  const { row, holder } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await findHolder(tx, kind, id);
    if (found.isBuiltIn) throw new ApiError('E0000111', { causes: ['Everyone cannot hold an admin role.'] });
    if ((await assignmentsOf(tx, found)).some((assignment) => assignment.type === type)) throw new ApiError('E0000090');
    const by = authorOf(principal);
    const made: Row<'roleAssignments'> = {
      id: newId(s.random, 'roleAssignment'),
      type,
      principalKind: kind,
      principalId: found.id,
      createdAt: now,
      lastUpdatedAt: now,
      createdBy: by,
    };
    await tx.insertInto('roleAssignments').values(made).execute();
    await recordEvent(s, tx, principal, {
      eventType: eventOf(kind, 'grant'),
      target: [found.target],
      debugData: { privilegeGranted: ROLES[type satisfies RoleType].label },
    });
    return { row: made, holder: found };
  });
  await tellDoors(s, holder);
  return present(row, s.config.publicUrl.origin);
};

/** `DELETE …/roles/{id}`. */
export const unassignRole = async (
  s: Services,
  principal: Principal,
  kind: HolderKind,
  id: string,
  assignmentId: string,
): Promise<void> => {
  assertSuperAdmin(principal);
  const holder = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await findHolder(tx, kind, id);
    const row = await findAssignment(tx, found, assignmentId);
    await keepingASuperAdmin(tx, () => tx.deleteFrom('roleAssignments').where('id', '=', row.id).execute());
    await recordEvent(s, tx, principal, {
      eventType: eventOf(kind, 'revoke'),
      target: [found.target],
      debugData: { privilegeRevoked: isRoleType(row.type) ? ROLES[row.type].label : row.type },
    });
    return found;
  });
  await tellDoors(s, holder);
};
