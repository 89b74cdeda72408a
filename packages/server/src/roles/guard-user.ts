import { authorize, authorizeOnUser, judgeLastSuperAdmin } from '@sallyport/decide/roles/authorize';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Permission } from '@sallyport/model/roles';
import type { Transaction } from '../ports/store.ts';
import { standingRights } from './standing-rights.ts';

const refuse = (reasons: readonly Parameters<typeof sentenceOf>[0][]): ApiError =>
  new ApiError('E0000006', { causes: reasons.map(sentenceOf), detail: reasons.join(' ') });

/**
 * E0000006 unless the principal holds a further permission: a route that changes several kinds of thing must not be a way
 * around the permission of the strictest.
 */
export const assertHolds = (principal: Principal, permission: Permission): void => {
  const verdict = authorize(principal, permission);
  if (verdict.kind === 'deny') throw refuse(verdict.reasons);
};

/** E0000006 unless the principal is a super admin, or the host. */
export const assertSuperAdmin = (principal: Principal): void => {
  const isAbove = principal.kind === 'host' || principal.kind === 'job';
  const isSuper = principal.kind !== 'anonymous' && !isAbove && principal.roles.includes('SUPER_ADMIN');
  if (!isAbove && !isSuper) throw refuse(['permission-missing']);
};

/** E0000006 unless the principal may use the permission on this user: only a super admin manages the holder of a role. */
export const assertMayManageUser = async (
  db: Transaction,
  principal: Principal,
  permission: Permission,
  targetUserId: string,
): Promise<void> => {
  const { roles } = await standingRights(db, targetUserId);
  const verdict = authorizeOnUser({ principal, permission, targetUserId, targetHoldsAdminRole: roles.length > 0 });
  if (verdict.kind === 'deny') throw refuse(verdict.reasons);
};

/** The same for whoever is in a group that holds a role. */
export const assertMayManageGroup = async (
  db: Transaction,
  principal: Principal,
  permission: Permission,
  groupId: string,
): Promise<void> => {
  const role = await db
    .selectFrom('roleAssignments')
    .select('id')
    .where('principalKind', '=', 'group')
    .where('principalId', '=', groupId)
    .executeTakeFirst();
  const verdict = authorizeOnUser({
    principal,
    permission,
    targetUserId: '',
    targetHoldsAdminRole: role !== undefined,
  });
  if (verdict.kind === 'deny') throw refuse(verdict.reasons);
};

/** Super admins who could sign in now: active, with an enrolled key. */
export const superAdminsAbleToSignIn = async (db: Transaction): Promise<string[]> => {
  const holders = db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) => join.onRef('groupMembers.groupId', '=', 'roleAssignments.principalId'))
    .select((e) => e.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'))
    .where('roleAssignments.type', '=', 'SUPER_ADMIN');
  const rows = await db
    .selectFrom('users')
    .innerJoin('factors', 'factors.userId', 'users.id')
    .select('users.id')
    .distinct()
    .where('users.status', '=', 'ACTIVE')
    .where('factors.kind', '=', 'webauthn')
    .where('factors.status', '=', 'ACTIVE')
    .where('factors.isBackupEligible', '=', 0)
    .where('users.id', 'in', holders)
    .execute();
  return rows.map((row) => row.id);
};

/**
 * Runs a change and refuses it, undone with its transaction, when it would take sign-in from the last super admin able to
 * sign in now (design §4.13). A server on which nobody can yet (set up headless) has nothing to lose.
 */
export const keepingASuperAdmin = async <T>(tx: Transaction, change: () => Promise<T>): Promise<T> => {
  const before = await superAdminsAbleToSignIn(tx);
  const result = await change();
  if (before.length === 0) return result;
  const verdict = judgeLastSuperAdmin({ superAdminsAbleToSignInAfter: (await superAdminsAbleToSignIn(tx)).length });
  if (verdict.kind === 'deny') throw refuse(verdict.reasons);
  return result;
};
