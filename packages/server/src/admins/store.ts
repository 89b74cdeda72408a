import type { RoleType } from '@sallyport/model/roles';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { breakGlassIds } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import type { Tables } from '../store/tables.ts';
import { inProfile } from '../users/store.ts';

/**
 * What an admin list can be narrowed to. `able`: active, with a key that stays on its device. All but `service-account` are
 * about people: what else holds a role needs no key, and signs in never. `break-glass`: those that no other list has, for
 * they stand apart from whoever holds power by a name of their own.
 */
export const ADMIN_SHOWS = ['able', 'one-key', 'no-key', 'never', 'unused', 'service-account', 'break-glass'] as const;
export type AdminShow = (typeof ADMIN_SHOWS)[number];

export interface AdminQuery {
  readonly q?: string | undefined;
  readonly role?: RoleType | undefined;
  readonly show?: AdminShow | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly id?: string | undefined;
  /** Last sign-in before this counts as unused. */
  readonly unusedBefore: number;
}

export interface AdminRow {
  readonly id: string;
  readonly login: string;
  readonly profile: string;
  readonly status: string;
  readonly hasPassword: boolean;
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
  readonly serviceAccountAt: number | null;
  readonly deviceKeys: number;
  readonly syncedKeys: number;
}

type Users = ExpressionBuilder<Tables, 'users'>;

const keysOf = (e: Users, isBackupEligible: 0 | 1) =>
  e
    .selectFrom('factors')
    .select((f) => f.fn.countAll<number | string>().as('count'))
    .whereRef('factors.userId', '=', 'users.id')
    .where('factors.kind', '=', 'webauthn')
    .where('factors.status', '=', 'ACTIVE')
    .where('factors.isBackupEligible', '=', isBackupEligible);

/** Holds a role, or this role, directly or through a group. */
const holds = (e: Users, role: RoleType | undefined): Expression<SqlBool> => {
  const assignments = e
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', 'groupMembers.groupId', 'roleAssignments.principalId')
    .select((r) => r.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'));
  return e('users.id', 'in', role === undefined ? assignments : assignments.where('roleAssignments.type', '=', role));
};

const isSealed = (e: Users): Expression<SqlBool> =>
  e('users.id', 'in', e.selectFrom('breakGlassAccounts').select('breakGlassAccounts.userId'));

const shown = (e: Users, show: Exclude<AdminShow, 'break-glass'>, unusedBefore: number): Expression<SqlBool> => {
  if (show === 'service-account') return e('users.serviceAccountAt', 'is not', null);
  return e.and([e('users.serviceAccountAt', 'is', null), shownOfPeople(e, show, unusedBefore)]);
};

const shownOfPeople = (
  e: Users,
  show: Exclude<AdminShow, 'service-account' | 'break-glass'>,
  unusedBefore: number,
): Expression<SqlBool> => {
  const devices = keysOf(e, 0);
  switch (show) {
    case 'able':
      return e.and([e('users.status', '=', 'ACTIVE'), e(devices, '>', 0)]);
    case 'one-key':
      return e.and([e('users.status', '=', 'ACTIVE'), e(devices, '=', 1)]);
    case 'no-key':
      return e(devices, '=', 0);
    case 'never':
      return e('users.lastLoginAt', 'is', null);
    case 'unused':
      return e.or([e('users.lastLoginAt', 'is', null), e('users.lastLoginAt', '<', unusedBefore)]);
  }
};

/** People who hold an admin role, in the order of their ids; one query for the list and for the counts of the overview. */
export const adminRows = async (db: Transaction, input: AdminQuery): Promise<AdminRow[]> => {
  let query = db
    .selectFrom('users')
    .select(['id', 'login', 'profile', 'status', 'createdAt', 'lastLoginAt', 'serviceAccountAt', 'passwordHash'])
    .select((e) => [keysOf(e, 0).as('deviceKeys'), keysOf(e, 1).as('syncedKeys')])
    .where((e) => holds(e, input.role))
    .orderBy('id');
  if (input.id !== undefined) query = query.where('id', '=', input.id);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const { show, unusedBefore } = input;
  if (show === 'break-glass') query = query.where(isSealed);
  else if (input.id === undefined) query = query.where((e) => e.not(isSealed(e)));
  if (show !== undefined && show !== 'break-glass') query = query.where((e) => shown(e, show, unusedBefore));
  const q = input.q?.trim() ?? '';
  if (q !== '') {
    const like = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where((e) =>
      e.or([
        sql<boolean>`${e.ref('users.loginFolded')} like ${like} escape '\\'`,
        inProfile('firstName', q),
        inProfile('lastName', q),
        inProfile('displayName', q),
      ]),
    );
  }
  if (input.limit !== undefined) query = query.limit(input.limit);
  return (await query.execute()).map(({ passwordHash, deviceKeys, syncedKeys, ...row }) => ({
    ...row,
    hasPassword: passwordHash !== null,
    deviceKeys: Number(deviceKeys ?? 0),
    syncedKeys: Number(syncedKeys ?? 0),
  }));
};

/** A role as somebody holds it: directly or through a group, over everything or less. */
export interface StandingRole {
  readonly type: string;
  /** Of a custom role. */
  readonly role: { readonly id: string; readonly label: string } | null;
  readonly resourceSet: { readonly id: string; readonly label: string } | null;
  /** A standard role that targets narrow. */
  readonly isNarrowed: boolean;
  readonly via: { readonly id: string; readonly name: string } | null;
  readonly since: number;
}

const assignmentsOf = (db: Transaction) =>
  db
    .selectFrom('roleAssignments')
    .leftJoin('customRoles', 'customRoles.id', 'roleAssignments.roleId')
    .leftJoin('resourceSets', 'resourceSets.id', 'roleAssignments.resourceSetId')
    .select([
      'roleAssignments.type',
      'roleAssignments.scope',
      'roleAssignments.roleId',
      'customRoles.label as roleLabel',
      'roleAssignments.resourceSetId',
      'resourceSets.label as setLabel',
      'roleAssignments.createdAt as since',
    ])
    .orderBy('roleAssignments.type')
    .orderBy('roleAssignments.id');

/** How each of these people holds each role: directly, or through which group. */
export const standingRolesOf = async (
  db: Transaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StandingRole[]>> => {
  const ids = [...userIds, ''];
  const direct = await assignmentsOf(db)
    .select('roleAssignments.principalId as userId')
    .where('roleAssignments.principalKind', '=', 'user')
    .where('roleAssignments.principalId', 'in', ids)
    .execute();
  const viaGroups = await assignmentsOf(db)
    .innerJoin('groups', 'groups.id', 'roleAssignments.principalId')
    .innerJoin('groupMembers', 'groupMembers.groupId', 'groups.id')
    .select(['groupMembers.userId', 'groups.id as groupId', 'groups.name as groupName'])
    .where('roleAssignments.principalKind', '=', 'group')
    .where('groupMembers.userId', 'in', ids)
    .execute();
  const roles = new Map<string, StandingRole[]>();
  const add = (row: (typeof direct)[number], via: StandingRole['via']): void => {
    const { userId, type, scope, roleId, roleLabel, resourceSetId, setLabel, since } = row;
    const role: StandingRole = {
      type,
      role: roleLabel === null ? null : { id: roleId, label: roleLabel },
      resourceSet: setLabel === null ? null : { id: resourceSetId, label: setLabel },
      isNarrowed: scope !== 'EVERYTHING',
      via,
      since,
    };
    roles.set(userId, [...(roles.get(userId) ?? []), role]);
  };
  for (const row of direct) add(row, null);
  for (const row of viaGroups) add(row, { id: row.groupId, name: row.groupName });
  return roles;
};

/**
 * How much power stands, as numbers. People who cannot sign in now are counted: they hold it all the same. Break-glass
 * accounts stand apart: they are nobody's, and sealed.
 */
export const countStanding = async (db: Transaction) => {
  const rows = await db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) =>
      join
        .onRef('groupMembers.groupId', '=', 'roleAssignments.principalId')
        .on('roleAssignments.principalKind', '=', 'group'),
    )
    .select([
      'roleAssignments.type',
      'roleAssignments.principalKind',
      'roleAssignments.principalId',
      'groupMembers.userId',
    ])
    .execute();
  const sealed = await breakGlassIds(db);
  const marked = await db.selectFrom('users').select('id').where('serviceAccountAt', 'is not', null).execute();
  const holders = (of: (row: (typeof rows)[number]) => boolean): ReadonlySet<string> =>
    new Set(
      rows.filter(of).flatMap(({ principalKind, principalId, userId }) => {
        if (principalKind === 'client') return [];
        const holder = principalKind === 'user' ? principalId : userId;
        return holder === null || sealed.has(holder) ? [] : [holder];
      }),
    );
  const direct = holders(({ principalKind }) => principalKind === 'user');
  const people = holders(() => true);
  return {
    people: people.size,
    superAdmins: holders(({ type }) => type === 'SUPER_ADMIN').size,
    throughGroupsOnly: [...people].filter((id) => !direct.has(id)).length,
    serviceAccounts: marked.filter(({ id }) => people.has(id)).length,
    breakGlass: sealed.size,
    serviceApps: new Set(rows.flatMap((row) => (row.principalKind === 'client' ? [row.principalId] : []))).size,
  };
};

/** The org sessions that live at an instant. */
export const liveAt = (now: number) => (e: ExpressionBuilder<Tables, 'sessions'>) =>
  e.and([
    e('parentId', 'is', null),
    e('endedAt', 'is', null),
    e('endsAt', '>', now),
    sql<boolean>`${e.ref('lastActivityAt')} + cast(${e.ref('idleTimeoutSeconds')} as bigint) * 1000 > ${now}`,
  ]);

/** How many sessions each of these people has now. */
export const sessionCountsOf = async (
  db: Transaction,
  userIds: readonly string[],
  now: number,
): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('sessions')
    .select((e) => ['userId', e.fn.countAll<number | string>().as('count')])
    .where('userId', 'in', [...userIds, ''])
    .where(liveAt(now))
    .groupBy('userId')
    .execute();
  return new Map(rows.map(({ userId, count }) => [userId, Number(count)]));
};
