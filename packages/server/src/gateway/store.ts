import type { Principal } from '@sallyport/model/principal';
import type { SessionEndReason } from '@sallyport/model/session';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { endSession } from '../sessions/end-sessions.ts';
import type { NewRow, Row } from '../store/tables.ts';

/** Ends every live session of an app, each with its event; their ids, for the bus after commit. */
export const endSessionsOfApp = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  app: Pick<Row<'apps'>, 'id'>,
  reason: SessionEndReason,
): Promise<string[]> => {
  const rows = await tx
    .selectFrom('sessions')
    .select(['id', 'userId'])
    .where('appId', '=', app.id)
    .where('endedAt', 'is', null)
    .execute();
  for (const row of rows) await endSession(s, tx, principal, row, reason);
  return rows.map((row) => row.id);
};

export const insertCode = (tx: Transaction, row: NewRow<'gatewayCodes'>): Promise<unknown> =>
  tx.insertInto('gatewayCodes').values(row).execute();

export const codeByHash = (db: Transaction, codeHash: string): Promise<Row<'gatewayCodes'> | undefined> =>
  db.selectFrom('gatewayCodes').selectAll().where('codeHash', '=', codeHash).executeTakeFirst();

/** Spends a code; of two at once one gets true. */
export const spendCode = async (tx: Transaction, codeHash: string, at: number): Promise<boolean> => {
  const result = await tx
    .updateTable('gatewayCodes')
    .set({ usedAt: at })
    .where('codeHash', '=', codeHash)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
};

/** Deletes codes that were over before an instant. */
export const deleteStaleCodes = (tx: Transaction, before: number): Promise<unknown> =>
  tx.deleteFrom('gatewayCodes').where('expiresAt', '<', before).execute();
