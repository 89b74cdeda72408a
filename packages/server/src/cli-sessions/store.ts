import type { Transaction } from '../ports/store.ts';
import type { NewRow, Row } from '../store/tables.ts';

export const insertCliCode = (tx: Transaction, row: NewRow<'cliCodes'>): Promise<unknown> =>
  tx.insertInto('cliCodes').values(row).execute();

export const cliCodeByHash = (db: Transaction, codeHash: string): Promise<Row<'cliCodes'> | undefined> =>
  db.selectFrom('cliCodes').selectAll().where('codeHash', '=', codeHash).executeTakeFirst();

/** Takes a code; false when it was taken before, also by a request at the same moment. */
export const takeCliCode = async (tx: Transaction, codeHash: string, at: number): Promise<boolean> => {
  const result = await tx
    .updateTable('cliCodes')
    .set({ usedAt: at })
    .where('codeHash', '=', codeHash)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

/** Remembers what a code opened, so that its replay can end it. */
export const noteOpened = (tx: Transaction, codeHash: string, sessionId: string): Promise<unknown> =>
  tx.updateTable('cliCodes').set({ openedSessionId: sessionId }).where('codeHash', '=', codeHash).execute();

/** Codes that nobody can use any more; the log has their story. */
export const deleteStaleCliCodes = (tx: Transaction, before: number): Promise<unknown> =>
  tx.deleteFrom('cliCodes').where('expiresAt', '<', before).execute();
