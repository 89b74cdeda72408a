import { compileRights, type HeldRole } from '@sallyport/decide/roles/compile-rights';
import { isPermission } from '@sallyport/model/permissions';
import type { AttributeCondition, GrantSource, Rights, ScopeEntry, Selector } from '@sallyport/model/rights';
import { isRoleType, isStandardRole, labelOf, type RoleType, type StandardRoleType } from '@sallyport/model/roles';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import type { Tables } from '../store/tables.ts';

/** The rights of whoever holds these standard roles over the whole organisation. */
export const rightsOf = (roles: readonly StandardRoleType[]): Rights =>
  compileRights(
    roles.map((type) => ({
      type,
      scope: 'everything',
      source: { assignmentId: type, type, roleId: null, resourceSetId: null, label: labelOf(type), groupId: null },
    })),
  );

/** Assignments of a person and of their groups. */
export const isHeldBy = (userId: string) => (e: ExpressionBuilder<Tables, 'roleAssignments'>) =>
  e.or([
    e.and([e('principalKind', '=', 'user'), e('principalId', '=', userId)]),
    e.and([
      e('principalKind', '=', 'group'),
      e('principalId', 'in', e.selectFrom('groupMembers').select('groupId').where('userId', '=', userId)),
    ]),
  ]);

/** Assignments of a service app; it is in no group. */
const isHeldByApp = (appId: string) => (e: ExpressionBuilder<Tables, 'roleAssignments'>) =>
  e.and([e('principalKind', '=', 'client'), e('principalId', '=', appId)]);

/** One line of what is held: an assignment, or a part of what one refers to. */
interface HeldPart {
  readonly part: 'assignment' | 'target' | 'label' | 'permission' | 'entry';
  /** Of the assignment, the role or the resource set that the line belongs to. */
  readonly of: string;
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly d: string;
  readonly e: string;
}

/**
 * All of it in one statement, which sees one state of the store: an old list of permissions must not meet a new resource
 * set, which would be more than anybody ever granted.
 */
const heldParts = (db: Transaction, isHeld: ReturnType<typeof isHeldBy>): Promise<HeldPart[]> => {
  const nothing = sql<string>`''`;
  return db
    .with('held', (q) => q.selectFrom('roleAssignments').selectAll().where(isHeld))
    .selectFrom('held')
    .select((e) => [
      sql<HeldPart['part']>`'assignment'`.as('part'),
      'held.id as of',
      'held.type as a',
      e.case().when('held.principalKind', '=', 'group').then(e.ref('held.principalId')).else('').end().as('b'),
      'held.roleId as c',
      'held.resourceSetId as d',
      sql<string>`${e.ref('held.scope')}`.as('e'),
    ])
    .unionAll((u) =>
      u
        .selectFrom('roleTargets')
        .innerJoin('held', 'held.id', 'roleTargets.assignmentId')
        .select([
          sql<HeldPart['part']>`'target'`.as('part'),
          'roleTargets.assignmentId as of',
          'roleTargets.selector as a',
          nothing.as('b'),
          nothing.as('c'),
          nothing.as('d'),
          nothing.as('e'),
        ]),
    )
    .unionAll((u) =>
      u
        .selectFrom('customRoles')
        .select([
          sql<HeldPart['part']>`'label'`.as('part'),
          'customRoles.id as of',
          'customRoles.label as a',
          nothing.as('b'),
          nothing.as('c'),
          nothing.as('d'),
          nothing.as('e'),
        ])
        .where('customRoles.id', 'in', (e) => e.selectFrom('held').select('held.roleId')),
    )
    .unionAll((u) =>
      u
        .selectFrom('rolePermissions')
        .select((e) => [
          sql<HeldPart['part']>`'permission'`.as('part'),
          'rolePermissions.roleId as of',
          'rolePermissions.permission as a',
          e.fn.coalesce('rolePermissions.condition', nothing).as('b'),
          nothing.as('c'),
          nothing.as('d'),
          nothing.as('e'),
        ])
        .where('rolePermissions.roleId', 'in', (e) => e.selectFrom('held').select('held.roleId')),
    )
    .unionAll((u) =>
      u
        .selectFrom('resourceSetEntries')
        .select([
          sql<HeldPart['part']>`'entry'`.as('part'),
          'resourceSetEntries.resourceSetId as of',
          'resourceSetEntries.selector as a',
          'resourceSetEntries.excluded as b',
          nothing.as('c'),
          nothing.as('d'),
          nothing.as('e'),
        ])
        .where('resourceSetEntries.resourceSetId', 'in', (e) => e.selectFrom('held').select('held.resourceSetId')),
    )
    .execute();
};

const readHeldRoles = (parts: readonly HeldPart[]): readonly HeldRole[] => {
  const of = (part: HeldPart['part'], id: string) => parts.filter((one) => one.part === part && one.of === id);
  return parts
    .filter(({ part }) => part === 'assignment')
    .flatMap(({ of: id, a: type, b: groupId, c: roleId, d: resourceSetId, e: scope }): HeldRole[] => {
      const via = groupId === '' ? null : groupId;
      if (isStandardRole(type)) {
        const source = {
          assignmentId: id,
          type,
          roleId: null,
          resourceSetId: null,
          label: labelOf(type),
          groupId: via,
        };
        const entries = of('target', id).map(({ a }) => ({ selector: JSON.parse(a) as Selector, except: [] }));
        return [{ type, source, scope: scope === 'EVERYTHING' ? 'everything' : entries }];
      }
      if (type !== 'CUSTOM') return [];
      const label = of('label', roleId)[0]?.a ?? labelOf('CUSTOM');
      const source: GrantSource = { assignmentId: id, type, roleId, resourceSetId, label, groupId: via };
      const permissions = of('permission', roleId).flatMap(({ a: permission, b: condition }) =>
        isPermission(permission)
          ? [{ permission, condition: condition === '' ? null : (JSON.parse(condition) as AttributeCondition) }]
          : [],
      );
      const entries = of('entry', resourceSetId).map(
        ({ a, b }): ScopeEntry => ({
          selector: JSON.parse(a) as Selector,
          except: JSON.parse(b) as Selector[],
        }),
      );
      return [{ type, source, permissions, scope: entries }];
    });
};

/** What a person holds by themselves and through their groups, without anything time-bound (design §4.16). */
export const standingRights = async (db: Transaction, userId: string): Promise<Rights> =>
  compileRights(readHeldRoles(await heldParts(db, isHeldBy(userId))));

/** The same of a service app, before its scopes. */
export const standingRightsOfApp = async (db: Transaction, appId: string): Promise<Rights> =>
  compileRights(readHeldRoles(await heldParts(db, isHeldByApp(appId))));

/** Kinds of roles that a page of people hold, in one question. */
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
