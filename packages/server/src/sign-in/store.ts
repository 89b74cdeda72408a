import type { Transaction } from '../ports/store.ts';
import type { NewRow, Row } from '../store/tables.ts';

export const insertSignIn = (tx: Transaction, row: NewRow<'signIns'>): Promise<unknown> =>
  tx.insertInto('signIns').values(row).execute();

export const signInByStateToken = (db: Transaction, stateTokenHash: string): Promise<Row<'signIns'> | undefined> =>
  db.selectFrom('signIns').selectAll().where('stateTokenHash', '=', stateTokenHash).executeTakeFirst();

export const updateSignIn = (tx: Transaction, id: string, change: Partial<Row<'signIns'>>): Promise<unknown> =>
  tx.updateTable('signIns').set(change).where('id', '=', id).execute();

/** Takes the challenge out of a sign-in: of two that answer at once, one finds it gone (single use). */
export const takeChallenge = async (tx: Transaction, id: string, challenge: string): Promise<boolean> => {
  const result = await tx
    .updateTable('signIns')
    .set({ challenge: null, challengeExpiresAt: null })
    .where('id', '=', id)
    .where('challenge', '=', challenge)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

/** Spends a session token; false when it was spent before, also by a request at the same moment. */
export const spendSessionToken = async (tx: Transaction, id: string, at: number): Promise<boolean> => {
  const result = await tx
    .updateTable('signIns')
    .set({ usedAt: at })
    .where('id', '=', id)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

export const signInBySessionToken = (db: Transaction, sessionTokenHash: string): Promise<Row<'signIns'> | undefined> =>
  db.selectFrom('signIns').selectAll().where('sessionTokenHash', '=', sessionTokenHash).executeTakeFirst();

export const userByLogin = (db: Transaction, login: string): Promise<Row<'users'> | undefined> =>
  db.selectFrom('users').selectAll().where('loginFolded', '=', login.toLowerCase()).executeTakeFirst();

export const activeFactorsOf = (db: Transaction, userId: string): Promise<Row<'factors'>[]> =>
  db
    .selectFrom('factors')
    .selectAll()
    .where('userId', '=', userId)
    .where('status', '=', 'ACTIVE')
    .orderBy('createdAt')
    .execute();

/** Sign-ins that ended or expired are of no use; the log has their story. */
export const deleteStaleSignIns = (tx: Transaction, before: number): Promise<unknown> =>
  tx.deleteFrom('signIns').where('expiresAt', '<', before).execute();
