import type { Principal } from '@sallyport/model/principal';
import type { Permission, RoleType } from '@sallyport/model/roles';
import type { Verdict } from '@sallyport/model/verdict';

/** Does the principal hold a permission? Whoever is not known holds none. */
export const authorize = (principal: Principal, permission: Permission): Verdict => {
  if (principal.kind === 'anonymous') return { kind: 'deny', reasons: ['not-an-admin'] };
  return principal.permissions.has(permission)
    ? { kind: 'allow', reasons: ['permission-held'] }
    : { kind: 'deny', reasons: ['permission-missing'] };
};

/** The host and its jobs stand above roles: whoever owns the machine owns the server. */
const isSuperAdmin = (principal: Principal): boolean => {
  if (principal.kind === 'host' || principal.kind === 'job') return true;
  if (principal.kind === 'anonymous') return false;
  return principal.roles.includes('SUPER_ADMIN' satisfies RoleType);
};

export interface UserAccess {
  readonly principal: Principal;
  readonly permission: Permission;
  readonly targetUserId: string;
  readonly targetHoldsAdminRole: boolean;
}

/**
 * May the principal use the permission on this user (or, for a group, on whoever is in it)? A lesser admin who could
 * reset an administrator's credentials would hold that administrator's power: only a super admin manages the holder of
 * an admin role. Reading stays allowed, and so does managing oneself.
 */
export const authorizeOnUser = ({ principal, permission, targetUserId, targetHoldsAdminRole }: UserAccess): Verdict => {
  const held = authorize(principal, permission);
  if (held.kind !== 'allow' || permission.endsWith('.read') || !targetHoldsAdminRole || isSuperAdmin(principal))
    return held;
  const isSelf = (principal.kind === 'session' || principal.kind === 'token') && principal.userId === targetUserId;
  return isSelf
    ? { kind: 'allow', reasons: ['permission-held', 'own-object'] }
    : { kind: 'deny', reasons: ['target-is-admin'] };
};

/**
 * Design §4.13: a change that would take sign-in from the last super admin able to sign in is refused before it
 * counts. The count is of those who could sign in if the change were made.
 */
export const judgeLastSuperAdmin = ({
  superAdminsAbleToSignInAfter,
}: {
  readonly superAdminsAbleToSignInAfter: number;
}): Verdict =>
  superAdminsAbleToSignInAfter > 0 ? { kind: 'allow', reasons: [] } : { kind: 'deny', reasons: ['last-super-admin'] };
