import { authorize } from '@sallyport/decide/roles/authorize';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { wouldShutEverybodyOut } from '../policies/ways-in.ts';
import { assertMayManageUser } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { findUser } from '../users/store.ts';
import { whyNoToken } from './manages-tokens-of.ts';
import { DEACTIVATED_STAYS } from './mark-service-account.ts';

/** Why changing the mark would be refused; null where it would not. */
const refusalOf = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  facts: Awaited<ReturnType<typeof assertMayManageUser>>,
): Promise<string | null> => {
  const may = authorize(principal, 'okta.users.lifecycle.manage', facts);
  if (may.kind === 'deny') return may.reasons.map(sentenceOf).join(' ');
  if (user.status === 'DEPROVISIONED') return DEACTIVATED_STAYS;
  if (user.serviceAccountAt !== null) return null;
  return (await wouldShutEverybodyOut(s, { without: user.id })) ? sentenceOf('last-super-admin') : null;
};

/**
 * `GET /sallyport/v1/users/{id}/service-account`: whether it is one, since when, and why the caller cannot change that, or make
 * a token of it.
 */
export const getServiceAccount = async (s: Services, principal: Principal, idOrLogin: string) => {
  const db = s.store.read;
  const user = await findUser(db, idOrLogin);
  const facts = await assertMayManageUser(db, principal, 'okta.users.read', user.id, idOrLogin);
  return {
    isServiceAccount: user.serviceAccountAt !== null,
    since: user.serviceAccountAt === null ? null : toIso(user.serviceAccountAt),
    holdsAdminRole: facts.holdsAdminRole,
    refusal: await refusalOf(s, principal, user, facts),
    tokenRefusal: whyNoToken(principal, user),
  };
};
