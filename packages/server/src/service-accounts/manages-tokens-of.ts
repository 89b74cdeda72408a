import { isByStandingPower } from '@sallyport/decide/grants/is-by-standing-power';
import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import type { Principal } from '@sallyport/model/principal';
import type { Row } from '../store/tables.ts';

/**
 * Who is given the secret of a service account's token, which has no owner to give it to: a super admin in a session, by
 * power that stays (design §4.16). No token makes, or renews, another one that outlives it.
 */
export const managesTokensOf = (principal: Principal, owner: Pick<Row<'users'>, 'serviceAccountAt'>): boolean =>
  owner.serviceAccountAt !== null &&
  principal.kind === 'session' &&
  isSuperAdmin(principal) &&
  isByStandingPower(principal);

/** Why the caller could make no token of the account now; null where they could. */
export const whyNoToken = (
  principal: Principal,
  owner: Pick<Row<'users'>, 'serviceAccountAt' | 'status'>,
): string | null => {
  if (owner.serviceAccountAt === null)
    return 'This account is a person’s: they make their tokens themselves. Mark it as a service account first.';
  if (owner.status !== 'ACTIVE') return 'The owner of a token must be active.';
  return managesTokensOf(principal, owner)
    ? null
    : 'A token of a service account is made by a super admin in a session, who is one without an end.';
};
