import { factOf, type Permission } from '@sallyport/model/permissions';
import { isCaller, type Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import type { Grant, GrantSource, HeldPermission, Resource, Rights, Scope } from '@sallyport/model/rights';
import type { RoleType } from '@sallyport/model/roles';
import type { Verdict } from '@sallyport/model/verdict';
import { isInScope, isWhole } from './scope.ts';

/** A verdict with the grants that gave the right: a reader learns which role, and through which group. */
export type AccessVerdict = Exclude<Verdict, { kind: 'step_up' }> & { readonly by: readonly GrantSource[] };

const allow = (reasons: readonly Reason[], by: readonly GrantSource[] = []): AccessVerdict => ({
  kind: 'allow',
  reasons,
  by,
});
const deny = (...reasons: readonly Reason[]): AccessVerdict => ({ kind: 'deny', reasons, by: [] });

const isAbove = (principal: Principal): principal is Extract<Principal, { kind: 'host' | 'job' }> =>
  principal.kind === 'host' || principal.kind === 'job';

/** The host and its jobs stand above roles: whoever owns the machine owns the server. */
export const isSuperAdmin = (principal: Principal): boolean => {
  if (isAbove(principal)) return true;
  return isCaller(principal) && principal.roles.includes('SUPER_ADMIN' satisfies RoleType);
};

/** What the principal holds of a permission, grant by grant. */
export const holdingsOf = (
  principal: Principal,
  permission: Permission,
): readonly { readonly grant: Grant; readonly held: HeldPermission }[] =>
  isCaller(principal)
    ? principal.grants.flatMap((grant) => {
        const held = grant.permissions.get(permission);
        return held === undefined ? [] : [{ grant, held }];
      })
    : [];

/** Stopping somebody must never wait for a super admin; it gives nobody anything. */
const STOPS: readonly Permission[] = ['okta.users.lifecycle.clearSessions', 'okta.sessions.manage'];

const reaches = (scope: Scope, permission: Permission, resource: Resource | undefined): boolean => {
  const { on } = factOf(permission);
  if (resource === undefined || on === 'org' || on === 'nothing') return true;
  return resource.kind === 'all' ? isWhole(scope, on) : isInScope(scope, resource);
};

/**
 * May the principal use the permission, on this resource? The one judgement of rights: for the API, its lists (as SQL),
 * the console, the command line and the explanation of who can do what. Without a resource it answers whether the
 * permission is held on anything at all.
 *
 * A lesser admin who could reset an administrator's credentials would hold that administrator's power: only a super
 * admin manages the holder of an admin role, or a group that holds one. Reading stays allowed, and so do ending sessions
 * and managing oneself.
 */
export const authorize = (principal: Principal, permission: Permission, resource?: Resource): AccessVerdict => {
  if (principal.kind === 'anonymous') return deny('not-an-admin');
  if (isAbove(principal))
    return principal.permissions.has(permission) ? allow(['permission-held']) : deny('permission-missing');
  const holdings = holdingsOf(principal, permission);
  if (holdings.length === 0) return deny('permission-missing');
  const reaching = holdings.filter(({ held }) => reaches(held.scope, permission, resource));
  if (reaching.length === 0) return deny('resource-outside');
  const by = reaching.map(({ grant }) => grant.source);
  const isReading = permission.endsWith('.read') || STOPS.includes(permission);
  // Not even a super admin, nor itself: whoever changes it here would change it without what guards its own routes.
  if (resource?.kind === 'user' && resource.isBreakGlass === true && !isReading) return deny('break-glass-own-routes');
  const isGuarded =
    (resource?.kind === 'user' || resource?.kind === 'group' || resource?.kind === 'app') &&
    resource.holdsAdminRole === true &&
    !isReading &&
    !isSuperAdmin(principal);
  if (!isGuarded) return allow(['permission-held'], by);
  const isSelf = 'userId' in principal && resource.kind === 'user' && principal.userId === resource.id;
  return isSelf ? allow(['permission-held', 'own-object'], by) : deny('target-is-admin');
};

/**
 * What is held over the whole organisation. Whoever decides on what another asked decides by these alone: a role over a
 * few people is no right to say yes to what concerns others.
 */
export const wholePermissions = ({ grants }: Pick<Rights, 'grants'>): ReadonlySet<Permission> =>
  new Set(
    grants.flatMap(({ permissions }) =>
      [...permissions].flatMap(([permission, { scope }]) =>
        reaches(scope, permission, { kind: 'all' }) ? [permission] : [],
      ),
    ),
  );

/** Always reached, whatever the condition: without it a person could not be told from another. */
export const ALWAYS_VISIBLE = 'login';

const isOpen = ({ condition }: HeldPermission, attribute: string): boolean =>
  condition === null ||
  attribute === ALWAYS_VISIBLE ||
  condition.attributes.includes(attribute) === (condition.kind === 'include');

/** What the principal holds of a permission that reaches an attribute of profiles. */
export const holdingsOnAttribute = (principal: Principal, permission: Permission, attribute: string) =>
  holdingsOf(principal, permission).filter(({ held }) => isOpen(held, attribute));

/** May the permission be used on this attribute of this person's profile? */
export const reachesAttribute = (
  principal: Principal,
  permission: Permission,
  resource: Extract<Resource, { kind: 'user' }>,
  attribute: string,
): boolean =>
  isAbove(principal)
    ? principal.permissions.has(permission)
    : holdingsOnAttribute(principal, permission, attribute).some(({ held }) => isInScope(held.scope, resource));

/** Is any attribute of anybody's profile hidden from the principal? Nothing is, mostly, and nothing needs looking up. */
export const hasHiddenAttributes = (principal: Principal): boolean =>
  holdingsOf(principal, 'okta.users.read').some(({ held }) => held.condition !== null);

/**
 * Would a change of somebody's groups give its own author more over them? Whoever manages the people of a group could
 * otherwise take anybody into it, or out of what their scope leaves out.
 */
export const judgeOwnWidening = (
  principal: Principal,
  before: Extract<Resource, { kind: 'user' }>,
  groupIdsAfter: readonly string[],
): AccessVerdict => {
  if (isSuperAdmin(principal) || !isCaller(principal)) return allow(['permission-held']);
  const after = { ...before, groupIds: groupIdsAfter };
  for (const { permissions } of principal.grants) {
    for (const [permission, { scope, condition }] of permissions) {
      if (factOf(permission).on !== 'user' || !isInScope(scope, after)) continue;
      const isHeld = holdingsOf(principal, permission).some(
        ({ held }) => isInScope(held.scope, before) && (held.condition === null || held.condition === condition),
      );
      if (!isHeld) return deny('would-widen-own-rights');
    }
  }
  return allow(['permission-held']);
};
