import type { Principal } from '@sallyport/model/principal';
import type { Rights } from '@sallyport/model/rights';
import { superAdminVoices } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { superAdminAskers } from '../requests/super-admin-askers.ts';
import { rightsOf, standingRights } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';

/** With what somebody approves: what stands, and all of it for whoever speaks as a super admin because none stands. */
export const rightsToApprove = async (db: Transaction, userId: string, voices: ReadonlySet<string>): Promise<Rights> =>
  voices.has(userId) ? rightsOf(['SUPER_ADMIN']) : standingRights(db, userId);

/**
 * The same of a principal: the rights of now, so that a role that was taken meanwhile approves nothing; and none that are
 * held for a while. Two people with power for an hour would else make each other stay. Nobody but a person in the console
 * approves.
 */
export const approverRights = async (s: Services, db: Transaction, principal: Principal): Promise<Rights> => {
  if (principal.kind !== 'session' || !principal.hasConsole) return rightsOf([]);
  const { userId } = principal;
  const standing = await standingRights(db, userId);
  if (standing.roles.includes('SUPER_ADMIN')) return standing;
  // Asked first, for the search for a way in is long, and few are meant.
  const asker = await (await superAdminAskers(db)).where('groupMembers.userId', '=', userId).executeTakeFirst();
  if (asker === undefined) return standing;
  return rightsToApprove(db, userId, new Set(await superAdminVoices(s, db, 'in-time')));
};
