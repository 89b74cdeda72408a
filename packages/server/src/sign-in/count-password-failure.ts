import { isPasswordLocked, lockAfter } from '@sallyport/decide/authenticators/judge-password-times';
import type { Principal } from '@sallyport/model/principal';
import { settingsOfPerson } from '../passwords/settings-of-person.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';

/** An id for the queries of a name that nobody has: as many, and as slow, as for a real one. */
export const NOBODY = '00uNobodyNobodyNobody';

/** Counts a wrong password; as many as the policy of the person lets pass lock the password, never the keys. */
export const countPasswordFailure = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  user: Row<'users'> | undefined,
): Promise<void> => {
  const now = s.clock.now();
  const counted = user !== undefined && !isPasswordLocked(user, now) && user.passwordHash !== null ? user : null;
  // As many statements for a name that nobody has: their time would tell who exists.
  const id = counted?.id ?? NOBODY;
  const { lockout } = await settingsOfPerson(s, tx, id);
  // After a lock that ended by itself it is counted anew; of two at once the second finds that done.
  await tx
    .updateTable('users')
    .set({ passwordFailures: 0, passwordLockedAt: null, passwordUnlocksAt: null })
    .where('id', '=', id)
    .where('passwordUnlocksAt', '<=', now)
    .execute();
  // Incremented in the database: two failures at once count twice.
  await tx
    .updateTable('users')
    .set((e) => ({ passwordFailures: e('passwordFailures', '+', 1) }))
    .where('id', '=', id)
    .execute();
  const row = await tx.selectFrom('users').select('passwordFailures').where('id', '=', id).executeTakeFirst();
  const lock = lockAfter(row?.passwordFailures ?? 0, lockout, now);
  if (counted === null || lock === null) return;
  await tx.updateTable('users').set(lock).where('id', '=', counted.id).execute();
  await recordEvent(s, tx, principal, {
    eventType: 'user.account.lock',
    actor: userAsActor(counted),
    target: [userAsActor(counted)],
    outcome: { result: 'FAILURE', reason: 'LOCKED_OUT' },
  });
};
