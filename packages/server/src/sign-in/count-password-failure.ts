import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';

const PASSWORD_FAILURES_MAX = 10;
/** An id for the queries of a name that nobody has: as many, and as slow, as for a real one. */
export const NOBODY = '00uNobodyNobodyNobody';

/** Counts a wrong password; the tenth locks the password, never the keys. */
export const countPasswordFailure = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  user: Row<'users'> | undefined,
): Promise<void> => {
  const counted = user !== undefined && user.passwordLockedAt === null && user.passwordHash !== null ? user : null;
  // As many statements for a name that nobody has: their time would tell who exists.
  const id = counted?.id ?? NOBODY;
  // Incremented in the database: two failures at once count twice.
  await tx
    .updateTable('users')
    .set((e) => ({ passwordFailures: e('passwordFailures', '+', 1) }))
    .where('id', '=', id)
    .execute();
  const row = await tx.selectFrom('users').select('passwordFailures').where('id', '=', id).executeTakeFirst();
  if (counted === null || (row?.passwordFailures ?? 0) < PASSWORD_FAILURES_MAX) return;
  await tx.updateTable('users').set({ passwordLockedAt: s.clock.now() }).where('id', '=', counted.id).execute();
  await recordEvent(s, tx, principal, {
    eventType: 'user.account.lock',
    actor: userAsActor(counted),
    target: [userAsActor(counted)],
    outcome: { result: 'FAILURE', reason: 'LOCKED_OUT' },
  });
};
