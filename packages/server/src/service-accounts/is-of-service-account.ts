import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';

/**
 * Is it the session of a service account, in which somebody signed in for a while (decision 0049)? Nobody decides anything
 * there that takes a person: it says yes to nothing, in its own name or another's, and keeps nothing for itself.
 */
export const isOfServiceAccount = async (db: Transaction, principal: Principal): Promise<boolean> => {
  if (principal.kind !== 'session') return false;
  const user = await db
    .selectFrom('users')
    .select('serviceAccountAt')
    .where('id', '=', principal.userId)
    .executeTakeFirst();
  return user !== undefined && user.serviceAccountAt !== null;
};
