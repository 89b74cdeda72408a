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
