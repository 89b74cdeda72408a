import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin, refuse } from '../roles/guard-user.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import { isBreakGlass } from './store.ts';

/**
 * E0000006 unless it is a super admin in a session of the console, by a name of their own. A token would do it unseen, and
 * whoever is in as a break-glass account must not see to it that they stay in.
 */
export const assertKeeper = async (db: Transaction, principal: Principal): Promise<string> => {
  if (principal.kind !== 'session' || !principal.hasConsole || (await isOfServiceAccount(db, principal)))
    throw refuse(['approver-not-a-person']);
  assertSuperAdmin(principal);
  if (await isBreakGlass(db, principal.userId)) throw refuse(['break-glass-own-routes']);
  return principal.userId;
};
