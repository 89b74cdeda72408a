import { wholePermissions } from '@sallyport/decide/roles/authorize';
import { ApiError, notFound } from '@sallyport/model/errors';
import { type Caller, isCaller, type Principal, subjectOf } from '@sallyport/model/principal';
import type { Rights } from '@sallyport/model/rights';
import type { Ask } from './store.ts';

/** Who looks, with all by which they may: what they have now, for a while too, and what they would approve with. */
export const readerOf = (principal: Principal, toApprove: Rights): Caller => {
  if (!isCaller(principal)) throw new ApiError('E0000011');
  const permissions = wholePermissions(principal);
  return toApprove.roles.includes('SUPER_ADMIN')
    ? { ...principal, roles: toApprove.roles, permissions: new Set([...permissions, ...wholePermissions(toApprove)]) }
    : { ...principal, permissions };
};

/**
 * E0000007 unless somebody asked for it or holds the permission for it: to anybody else it does not exist, also where they
 * would decide it. Why not would tell that it is there, and how it stands.
 */
export const assertSees = (principal: Principal, toApprove: Rights, row: Ask): void => {
  const who = readerOf(principal, toApprove);
  const holds =
    row.permission === null
      ? who.roles.includes('SUPER_ADMIN')
      : [...who.permissions].some((permission) => permission === row.permission);
  if (subjectOf(who) !== row.userId && !holds) throw notFound(row.id, 'Approval');
};
