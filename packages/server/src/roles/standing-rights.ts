import { compileRights, type HeldRole } from '@sallyport/decide/roles/compile-rights';
import type { Instant } from '@sallyport/model/instant';
import { isPermission } from '@sallyport/model/permissions';
import type { AttributeCondition, GrantSource, Rights, ScopeEntry, Selector } from '@sallyport/model/rights';
import { isRoleType, isStandardRole, labelOf, type RoleType, type StandardRoleType } from '@sallyport/model/roles';
import { type Expression, type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from 'kysely';
import { accountAt, isActiveAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row, Tables } from '../store/tables.ts';

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

/** Assignments of a service app, a bundle or a group itself; none of them is in a group. */
const isHeldByOne =
  (kind: Row<'roleAssignments'>['principalKind'], id: string) => (e: ExpressionBuilder<Tables, 'roleAssignments'>) =>
    e.and([e('principalKind', '=', kind), e('principalId', '=', id)]);

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
  /** Of an assignment that is held for a while: the grant, and when it ends. */
  readonly f: string;
  readonly g: string;
}

const NOTHING = sql<string>`''`;
const NEVER = sql<SqlBool>`1 = 0`;

/** What a person is given at an instant. Its kind is the kind of holder that the roles are of: a bundle, or a group. */
const isGrantedAt = (userId: string, now: Instant): Expression<SqlBool> => {
  const e = expressionBuilder<Tables, 'grants'>();
  return e.and([e('grants.userId', '=', userId), isActiveAt(now)]);
};

/**
 * All of it in one statement, which sees one state of the store: an old list of permissions must not meet a new resource
 * set, which would be more than anybody ever granted.
 */
const heldParts = (
  db: Transaction,
  isHeld: ReturnType<typeof isHeldBy>,
  isGranted: Expression<SqlBool> = NEVER,
  /** What stands as well is held by this grant alone. */
  onlyBy: { readonly id: string; readonly powerEndsAt: Instant } | null = null,
): Promise<HeldPart[]> =>
  db
    .with('held', (q) =>
      q
        .selectFrom('roleAssignments')
        .selectAll('roleAssignments')
        .select([
          (onlyBy === null ? NOTHING : sql<string>`cast(${onlyBy.id} as text)`).as('grantId'),
          (onlyBy === null ? NOTHING : sql<string>`cast(${String(onlyBy.powerEndsAt)} as text)`).as('endsAt'),
        ])
        .where(isHeld)
        .unionAll((u) =>
          u
            .selectFrom('roleAssignments')
            .innerJoin('grants', (join) =>
              join
                .onRef('grants.entitlementId', '=', 'roleAssignments.principalId')
                .onRef('grants.kind', '=', 'roleAssignments.principalKind'),
            )
            .selectAll('roleAssignments')
            .select((e) => [
              'grants.id as grantId',
              sql<string>`cast(${e.ref('grants.powerEndsAt')} as text)`.as('endsAt'),
            ])
            .where(isGranted),
        ),
    )
    .selectFrom('held')
    .select((e) => [
      sql<HeldPart['part']>`'assignment'`.as('part'),
      'held.id as of',
      'held.type as a',
      e.case().when('held.principalKind', '=', 'group').then(e.ref('held.principalId')).else('').end().as('b'),
      'held.roleId as c',
      'held.resourceSetId as d',
      sql<string>`${e.ref('held.scope')}`.as('e'),
      'held.grantId as f',
      'held.endsAt as g',
    ])
    .unionAll((u) =>
      u
        .selectFrom('roleTargets')
        .innerJoin('held', 'held.id', 'roleTargets.assignmentId')
        .select([
          sql<HeldPart['part']>`'target'`.as('part'),
          'roleTargets.assignmentId as of',
          'roleTargets.selector as a',
          NOTHING.as('b'),
          NOTHING.as('c'),
          NOTHING.as('d'),
          NOTHING.as('e'),
          NOTHING.as('f'),
          NOTHING.as('g'),
        ]),
    )
    .unionAll((u) =>
      u
        .selectFrom('customRoles')
        .select([
          sql<HeldPart['part']>`'label'`.as('part'),
          'customRoles.id as of',
          'customRoles.label as a',
          NOTHING.as('b'),
          NOTHING.as('c'),
          NOTHING.as('d'),
          NOTHING.as('e'),
          NOTHING.as('f'),
          NOTHING.as('g'),
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
          e.fn.coalesce('rolePermissions.condition', NOTHING).as('b'),
          NOTHING.as('c'),
          NOTHING.as('d'),
          NOTHING.as('e'),
          NOTHING.as('f'),
          NOTHING.as('g'),
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
          NOTHING.as('c'),
          NOTHING.as('d'),
          NOTHING.as('e'),
          NOTHING.as('f'),
          NOTHING.as('g'),
        ])
        .where('resourceSetEntries.resourceSetId', 'in', (e) => e.selectFrom('held').select('held.resourceSetId')),
    )
    .execute();

const readHeldRoles = (parts: readonly HeldPart[]): readonly HeldRole[] => {
  const of = (part: HeldPart['part'], id: string) => parts.filter((one) => one.part === part && one.of === id);
  return parts
    .filter(({ part }) => part === 'assignment')
    .flatMap(
      ({ of: id, a: type, b: groupId, c: roleId, d: resourceSetId, e: scope, f: grantId, g: endsAt }): HeldRole[] => {
        const via = groupId === '' ? null : groupId;
        const timeBound = grantId === '' ? {} : { timeBound: { grantId, endsAt: Number(endsAt) } };
        if (isStandardRole(type)) {
          const source = {
            assignmentId: id,
            type,
            roleId: null,
            resourceSetId: null,
            label: labelOf(type),
            groupId: via,
            ...timeBound,
          };
          const entries = of('target', id).map(({ a }) => ({ selector: JSON.parse(a) as Selector, except: [] }));
          return [{ type, source, scope: scope === 'EVERYTHING' ? 'everything' : entries }];
        }
        if (type !== 'CUSTOM') return [];
        const label = of('label', roleId)[0]?.a ?? labelOf('CUSTOM');
        const source: GrantSource = {
          assignmentId: id,
          type,
          roleId,
          resourceSetId,
          label,
          groupId: via,
          ...timeBound,
        };
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
      },
    );
};

/** What a person holds by themselves and through their groups, without anything time-bound (design §4.16). */
export const standingRights = async (db: Transaction, userId: string): Promise<Rights> =>
  compileRights(readHeldRoles(await heldParts(db, isHeldBy(userId))));

/**
 * What a person holds at an instant: what stands, and what they were given for a while. Only sessions of the person have it;
 * whatever works without them (tokens, service apps) has what stands (design §4.16).
 */
export const rightsAt = async (db: Transaction, userId: string, now: Instant): Promise<Rights> =>
  compileRights(readHeldRoles(await heldParts(db, isHeldBy(userId), isGrantedAt(userId, now))));

/**
 * What a session gives its person. In one of a service account what the account holds all the time is held by the grant that
 * lets somebody sign in, as what a bundle gives is: it ends with it, and makes nothing that stays (decision 0049).
 */
export const rightsOfSession = async (
  db: Transaction,
  userId: string,
  now: Instant,
): Promise<Rights & { readonly maintainerId?: string }> => {
  const { isServiceAccount, maintenance: grant } = await accountAt(db, userId, now);
  // What is nobody's holds nothing once the grant is over, also for whoever comes between that and the end of the session.
  if (isServiceAccount && grant === null) return compileRights([]);
  const rights = compileRights(readHeldRoles(await heldParts(db, isHeldBy(userId), isGrantedAt(userId, now), grant)));
  return grant === null ? rights : { ...rights, maintainerId: grant.askerId };
};

/** The same of a service app, before its scopes. */
export const standingRightsOfApp = async (db: Transaction, appId: string): Promise<Rights> =>
  compileRights(readHeldRoles(await heldParts(db, isHeldByOne('client', appId))));

/** What gives roles: a bundle and a group theirs, a service account what it holds to whoever may sign in as it. */
type GivesRoles = 'bundle' | 'group' | 'service-account';
const isGivenBy = (kind: GivesRoles, id: string): ReturnType<typeof isHeldBy> =>
  kind === 'service-account' ? isHeldBy(id) : isHeldByOne(kind, id);

/** What a bundle, or membership in a group, gives to whoever gets it; or a service account. */
export const rightsGivenBy = async (db: Transaction, kind: GivesRoles, id: string): Promise<Rights> =>
  compileRights(readHeldRoles(await heldParts(db, isGivenBy(kind, id))));

/** The same as it is written down, without what roles are called: alike as long as it gives alike. */
export const linesGivenBy = async (db: Transaction, kind: GivesRoles, id: string): Promise<readonly string[]> =>
  (await heldParts(db, isGivenBy(kind, id)))
    .filter(({ part }) => part !== 'label')
    .map(({ part, of, a, b, c, d, e }) => JSON.stringify([part, of, a, b, c, d, e]))
    .toSorted();

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
