import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { isActiveAt } from '../grants/active-grants.ts';
import { isHeldBy } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { findUser } from '../users/store.ts';
import { listBundleEntitlements, listEntitlementValues } from './bundle-entitlements.ts';

/**
 * The grants of bundles that hold the role of an assignment: one that stands, or an entitlement of such a bundle. E0000007
 * for one that this person has in neither way.
 */
const sourcesOf = async (s: Services, idOrLogin: string, assignmentId: string) => {
  const db = s.store.read;
  const user = await findUser(db, idOrLogin);
  const granted = await db
    .selectFrom('grants')
    .selectAll()
    .where('userId', '=', user.id)
    .where('kind', '=', 'bundle')
    .where(isActiveAt(s.clock.now()))
    .orderBy('id')
    .execute();
  const inBundles = await db
    .selectFrom('roleAssignments')
    .selectAll()
    .where('principalKind', '=', 'bundle')
    .where('principalId', 'in', [...granted.map(({ entitlementId }) => entitlementId), ''])
    .execute();
  const standing = await db.selectFrom('roleAssignments').selectAll().where(isHeldBy(user.id)).execute();
  const asked = [...standing, ...inBundles].find(({ id }) => id === assignmentId);
  if (asked === undefined) throw notFound(assignmentId, 'RoleAssignment');
  const isSame = (one: Row<'roleAssignments'>): boolean =>
    one.type === asked.type && one.roleId === asked.roleId && one.resourceSetId === asked.resourceSetId;
  const bundles = new Set(inBundles.filter(isSame).map(({ principalId }) => principalId));
  return { user, grants: granted.filter(({ entitlementId }) => bundles.has(entitlementId)) };
};

const present = (row: Row<'grants'>, self: string) => ({
  type: 'ENTITLEMENT-BUNDLE' as const,
  grantId: row.id,
  bundleId: row.entitlementId,
  expirationDate: toIso(row.expiresAt),
  _links: { self: { href: `${self}/${row.id}` }, resources: { href: `${self}/${row.id}/resources` } },
});

const addressOf = (s: Services, userId: string, assignmentId: string): string =>
  `${s.config.publicUrl.origin}/api/v1/users/${userId}/roles/${assignmentId}/governance`;

/** `GET …/roles/{roleAssignmentId}/governance`. */
export const listRoleSources = async (s: Services, userId: string, assignmentId: string) => {
  const { user, grants } = await sourcesOf(s, userId, assignmentId);
  const self = addressOf(s, user.id, assignmentId);
  return {
    grants: grants.map((row) => present(row, self)),
    _links: { self: { href: self }, assignee: { href: `${s.config.publicUrl.origin}/api/v1/users/${user.id}` } },
  };
};

const findSource = async (s: Services, userId: string, assignmentId: string, grantId: string) => {
  const { user, grants } = await sourcesOf(s, userId, assignmentId);
  const grant = grants.find(({ id }) => id === grantId);
  if (grant === undefined) throw notFound(grantId, 'Grant');
  return { grant, self: addressOf(s, user.id, assignmentId) };
};

/** `GET …/governance/{grantId}`. */
export const getRoleSource = async (s: Services, userId: string, assignmentId: string, grantId: string) => {
  const { grant, self } = await findSource(s, userId, assignmentId, grantId);
  return present(grant, self);
};

/** `GET …/governance/{grantId}/resources`: what the roles of its bundle are held over. */
export const listRoleSourceResources = async (s: Services, userId: string, assignmentId: string, grantId: string) => {
  const { grant, self } = await findSource(s, userId, assignmentId, grantId);
  const { entitlements } = await listBundleEntitlements(s, grant.entitlementId);
  const resources = new Map<string, string>();
  for (const { id } of entitlements)
    for (const value of (await listEntitlementValues(s, grant.entitlementId, id)).entitlementValues)
      resources.set(value.value, value.name);
  return {
    resources: [...resources].map(([resource, label]) => ({ resource, label })),
    _links: { self: { href: `${self}/${grantId}/resources` } },
  };
};
