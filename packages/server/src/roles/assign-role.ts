import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import { makerOf, type Principal } from '@sallyport/model/principal';
import { isRoleType, isStandardRole, labelOf, ROLES, type RoleType } from '@sallyport/model/roles';
import { appTarget } from '../apps/app-target.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import { bundleTarget, findBundle } from '../bundles/store.ts';
import { assertMayGive } from '../grants/assert-may-give.ts';
import { assertNoRuleFills } from '../group-rules/store.ts';
import { findGroup, groupAsTarget } from '../groups/manage-groups.ts';
import { findServiceApp } from '../machines/service-app.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { assertSuperAdmin, refuse } from './guard-user.ts';
import { isHeldBy } from './standing-rights.ts';
import { findLabelled, holdersOf, labelledTarget, publishRights, selectorText } from './store.ts';
import { type FirstTargets, readFirstTargets } from './target-selectors.ts';

/** Who can hold roles; a bundle holds them for whoever has a grant of it. */
export type HolderKind = 'user' | 'group' | 'client' | 'bundle';
export interface Holder {
  readonly kind: HolderKind;
  readonly id: string;
  readonly target: LogTarget;
  readonly isBuiltIn: boolean;
}

/** E0000007 for one that does not exist. */
export const findHolder = async (db: Transaction, kind: HolderKind, id: string): Promise<Holder> => {
  if (kind === 'user') {
    const user = await findUser(db, id);
    return { kind, id: user.id, target: userAsActor(user), isBuiltIn: false };
  }
  if (kind === 'client') {
    const app = await findServiceApp(db, id);
    return { kind, id: app.id, target: appTarget(app), isBuiltIn: false };
  }
  if (kind === 'bundle') {
    const bundle = await findBundle(db, id);
    return { kind, id: bundle.id, target: bundleTarget(bundle), isBuiltIn: false };
  }
  const group = await findGroup(db, id);
  return { kind, id: group.id, target: groupAsTarget(group), isBuiltIn: group.type === 'BUILT_IN' };
};

/** What an assignment refers to, so that its name can be shown. */
type Assignment = Row<'roleAssignments'> & { readonly roleLabel: string | null };

const labelOfAssignment = ({ type, roleLabel }: Pick<Assignment, 'type' | 'roleLabel'>): string =>
  roleLabel ?? (isRoleType(type) ? labelOf(type) : type);

/** Where the holder of an assignment is on the wire. */
export const addressOfHolder = (
  { principalKind, principalId }: Pick<Row<'roleAssignments'>, 'principalKind' | 'principalId'>,
  origin: string,
): string =>
  `${origin}${
    {
      user: '/api/v1/users',
      group: '/api/v1/groups',
      client: '/oauth2/v1/clients',
      bundle: '/api/v1/iam/governance/bundles',
    }[principalKind]
  }/${principalId}`;

const present = (row: Assignment, origin: string) => {
  const assignee = { href: addressOfHolder(row, origin) };
  const common = {
    id: row.id,
    label: labelOfAssignment(row),
    type: row.type,
    status: 'ACTIVE',
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    assignmentType: row.principalKind.toUpperCase(),
  };
  if (row.type !== 'CUSTOM') return { ...common, _links: { assignee } };
  const role = `${origin}/api/v1/iam/roles/${row.roleId}`;
  const set = `${origin}/api/v1/iam/resource-sets/${row.resourceSetId}`;
  return {
    ...common,
    role: row.roleId,
    'resource-set': row.resourceSetId,
    _links: {
      assignee,
      'resource-set': { href: set },
      permissions: { href: `${role}/permissions` },
      role: { href: role },
      member: { href: `${set}/bindings/${row.roleId}/members/${row.id}` },
    },
  };
};

const assignments = (db: Transaction) =>
  db
    .selectFrom('roleAssignments')
    .leftJoin('customRoles', 'customRoles.id', 'roleAssignments.roleId')
    .selectAll('roleAssignments')
    .select('customRoles.label as roleLabel')
    .orderBy('roleAssignments.createdAt')
    .orderBy('roleAssignments.id');

const assignmentsOf = (db: Transaction, holder: Pick<Holder, 'kind' | 'id'>): Promise<Assignment[]> =>
  assignments(db)
    .where('roleAssignments.principalKind', '=', holder.kind)
    .where('roleAssignments.principalId', '=', holder.id)
    .execute();

/** `GET …/roles`. Of a user also those of their groups, as the wire has it. */
export const listRoles = async (s: Services, kind: HolderKind, id: string) => {
  const holder = await findHolder(s.store.read, kind, id);
  const rows =
    kind !== 'user'
      ? await assignmentsOf(s.store.read, holder)
      : await assignments(s.store.read)
          .where('roleAssignments.id', 'in', (e) =>
            e.selectFrom('roleAssignments').select('roleAssignments.id').where(isHeldBy(holder.id)),
          )
          .execute();
  // Their own first.
  const sorted = rows.toSorted((a, b) => Number(a.principalKind === 'group') - Number(b.principalKind === 'group'));
  return sorted.map((row) => present(row, s.config.publicUrl.origin));
};

/** E0000007 for one that this holder does not have. */
export const findAssignment = async (
  db: Transaction,
  holder: Pick<Holder, 'kind' | 'id'>,
  assignmentId: string,
): Promise<Assignment> => {
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

/** What changes of an assignment are called in the log. */
export const privilegeEvent = (kind: HolderKind, verb: 'grant' | 'revoke') =>
  (
    ({
      user: `user.account.privilege.${verb}`,
      group: `group.privilege.${verb}`,
      client: `app.oauth2.client.privilege.${verb}`,
      bundle: 'resource.entitlement_bundle.update',
    }) as const
  )[kind];

export interface RoleToAssign {
  readonly type: RoleType;
  readonly role: Pick<Row<'customRoles'>, 'id' | 'label'> | null;
  readonly set: Pick<Row<'resourceSets'>, 'id' | 'label'> | null;
  /** What it is narrowed to from its first moment; null is everything. */
  readonly targets?: Awaited<ReturnType<typeof readFirstTargets>>;
}

/**
 * Gives a role to somebody, with its event. E0000090 where they hold it, E0000111 for a built-in group. `createdBy`: to whom
 * its holders are tied by it.
 */
export const giveRole = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  holder: Holder,
  { type, role, set, targets = null }: RoleToAssign,
  createdBy: string = makerOf(principal),
): Promise<Assignment> => {
  if (holder.isBuiltIn) throw new ApiError('E0000111', { causes: ['Everyone cannot hold an admin role.'] });
  if (holder.kind === 'group') await assertNoRuleFills(tx, holder.id);
  await assertMayGive(s, tx, principal, holder);
  const held = await assignmentsOf(tx, holder);
  const isSame = (one: Assignment): boolean =>
    one.type === type && one.roleId === (role?.id ?? '') && one.resourceSetId === (set?.id ?? '');
  if (held.some(isSame)) throw new ApiError('E0000090');
  const now = s.clock.now();
  const row: Row<'roleAssignments'> = {
    id: newId(
      s.random,
      holder.kind === 'bundle' ? 'bundleEntitlement' : type === 'CUSTOM' ? 'roleMember' : 'roleAssignment',
    ),
    type,
    principalKind: holder.kind,
    principalId: holder.id,
    roleId: role?.id ?? '',
    resourceSetId: set?.id ?? '',
    scope: targets === null ? 'EVERYTHING' : 'TARGETS',
    createdAt: now,
    lastUpdatedAt: now,
    createdBy,
  };
  await tx.insertInto('roleAssignments').values(row).execute();
  if (targets !== null)
    await tx
      .insertInto('roleTargets')
      .values(
        targets.selectors.map((selector) => ({
          assignmentId: row.id,
          selector: selectorText(selector),
          createdAt: now,
        })),
      )
      .execute();
  await recordEvent(s, tx, principal, {
    eventType: privilegeEvent(holder.kind, 'grant'),
    target: [
      holder.target,
      ...(role === null ? [] : [labelledTarget('customRoles', role)]),
      ...(set === null ? [] : [labelledTarget('resourceSets', set)]),
      ...(targets === null ? [] : targets.named),
    ],
    debugData: { privilegeGranted: role?.label ?? labelOf(type) },
  });
  return { ...row, roleLabel: role?.label ?? null };
};

/** Takes a role from somebody, with its event and what it was narrowed to. */
export const takeRole = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  holder: Holder,
  row: Assignment,
): Promise<void> => {
  await keepingAWayIn(s, tx, () => tx.deleteFrom('roleAssignments').where('id', '=', row.id).execute());
  await tx.deleteFrom('roleTargets').where('assignmentId', '=', row.id).execute();
  await recordEvent(s, tx, principal, {
    eventType: privilegeEvent(holder.kind, 'revoke'),
    target: [holder.target],
    debugData: { privilegeRevoked: labelOfAssignment(row) },
  });
};

const tellDoors = async (s: Services, { kind, id }: Holder): Promise<void> =>
  publishRights(s, await holdersOf(s.store.read, [{ principalKind: kind, principalId: id }]));

export interface RoleBody {
  readonly type: string;
  readonly role?: string | undefined;
  readonly 'resource-set'?: string | undefined;
  /** Not on the wire of others: a role narrowed later would be for everything until then. */
  readonly targets?: FirstTargets | undefined;
}

/** A custom role is held over a resource set, and the two are then bound, as if the binding had been made first. */
export const bindRole = async (tx: Transaction, roleId: string, resourceSetId: string, now: number): Promise<void> => {
  await tx
    .insertInto('roleBindings')
    .values({ roleId, resourceSetId, createdAt: now })
    .onConflict((c) => c.columns(['resourceSetId', 'roleId']).doNothing())
    .execute();
};

/** E0000006 for a break-glass account: it holds super admin for as long as it is one, and nothing else. */
export const assertNotSealed = async (tx: Transaction, { kind, id }: Holder): Promise<void> => {
  if (kind === 'user' && (await isBreakGlass(tx, id))) throw refuse(['break-glass-own-routes']);
};

/** `POST …/roles`. Errors: E0000001 for a type that is none, E0000090 for one that is held already, E0000111 for a built-in group. */
export const assignRole = async (s: Services, principal: Principal, kind: HolderKind, id: string, body: RoleBody) => {
  assertSuperAdmin(principal);
  const { type } = body;
  if (!isRoleType(type)) throw invalid('type', `must be one of ${[...Object.keys(ROLES), 'CUSTOM'].join(', ')}`);
  if (isStandardRole(type) && (body.role !== undefined || body['resource-set'] !== undefined))
    throw invalid('type', 'a standard role takes neither role nor resource-set; a custom one has the type CUSTOM');
  if (type === 'CUSTOM' && (body.role === undefined || body['resource-set'] === undefined))
    throw invalid('role', 'a custom role is held over a resource set: both role and resource-set are needed');
  const { row, holder } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await findHolder(tx, kind, id);
    await assertNotSealed(tx, found);
    const role = type === 'CUSTOM' ? await findLabelled(tx, 'customRoles', body.role ?? '') : null;
    const set = type === 'CUSTOM' ? await findLabelled(tx, 'resourceSets', body['resource-set'] ?? '') : null;
    const targets = await readFirstTargets(tx, type, body.targets);
    const made = await giveRole(s, tx, principal, found, { type, role, set, targets });
    if (role !== null && set !== null) await bindRole(tx, role.id, set.id, s.clock.now());
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
    await assertNotSealed(tx, found);
    await takeRole(s, tx, principal, found, await findAssignment(tx, found, assignmentId));
    return found;
  });
  await tellDoors(s, holder);
};
