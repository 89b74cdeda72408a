import type { FactorProof } from '@sallyport/model/facts';
import type { Baseline, Session, SessionEndReason } from '@sallyport/model/session';
import type { Transaction } from '../ports/store.ts';
import type { NewRow, Row } from '../store/tables.ts';

const withAddress = <R extends NewRow<'sessions'>>(row: R): R => ({
  ...row,
  signInAddress: (JSON.parse(row.baseline) as Baseline).signInAddress,
});

export const insertSession = (tx: Transaction, row: NewRow<'sessions'>): Promise<unknown> =>
  tx.insertInto('sessions').values(withAddress(row)).execute();

/**
 * Puts a renewed org session in place of its row, as long as that lives and has the token that was presented; its app
 * sessions end, for a new one is judged anew. False when it ended, or was renewed by another request, meanwhile.
 */
export const renewSession = async (
  tx: Transaction,
  row: NewRow<'sessions'>,
  tokenHash: string | null,
): Promise<boolean> => {
  // What the session owes for a new address stays owed: a proof of a key is no answer to it.
  const { id, openProofs: _open, proofDueAt: _due, ...change } = withAddress(row);
  const result = await tx
    .updateTable('sessions')
    .set(change)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst();
  await tx
    .updateTable('sessions')
    .set({ endedAt: row.lastActivityAt, endReason: 'replaced' satisfies SessionEndReason })
    .where('parentId', '=', id)
    .where('endedAt', 'is', null)
    .execute();
  return result.numUpdatedRows === 1n;
};

export const sessionById = (db: Transaction, id: string): Promise<Row<'sessions'> | undefined> =>
  db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();

/** The org session that a token, or its predecessor, belongs to. */
export const sessionByTokenHash = (db: Transaction, tokenHash: string): Promise<Row<'sessions'> | undefined> =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where((e) => e.or([e('tokenHash', '=', tokenHash), e('previousTokenHash', '=', tokenHash)]))
    .executeTakeFirst();

export const liveSessionsOf = (db: Transaction, userId: string): Promise<Row<'sessions'>[]> =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('parentId', 'is', null)
    .where('endedAt', 'is', null)
    .orderBy('createdAt', 'desc')
    .execute();

/** Sessions of apps behind the gateway: they have a token of their own. */
export const gatewaySessionsOf = (db: Transaction, userId: string): Promise<Row<'sessions'>[]> =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('parentId', 'is not', null)
    .where('tokenHash', 'is not', null)
    .where('endedAt', 'is', null)
    .orderBy('id')
    .execute();

/** Command-line sessions that a browser's session allowed, and that live. */
export const sessionsOpenedBy = (db: Transaction, id: string): Promise<Row<'sessions'>[]> =>
  db.selectFrom('sessions').selectAll().where('openedBySessionId', '=', id).where('endedAt', 'is', null).execute();

export const appSessionsOf = (db: Transaction, parentId: string): Promise<Row<'sessions'>[]> =>
  db.selectFrom('sessions').selectAll().where('parentId', '=', parentId).execute();

/** Which of these org sessions have the Admin Console open. */
export const withConsole = async (
  db: Transaction,
  ids: readonly string[],
  now: number,
): Promise<ReadonlySet<string | null>> => {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('apps', 'apps.id', 'sessions.appId')
    .select('sessions.parentId')
    .where('sessions.parentId', 'in', ids)
    .where('sessions.endedAt', 'is', null)
    .where('sessions.endsAt', '>', now)
    .where('apps.name', '=', 'saasure')
    .execute();
  return new Set(rows.map((row) => row.parentId));
};

/**
 * Ends a session and its app sessions. False when it had ended before: the first reason stands.
 * `detail` keeps both sides of a mismatch for the owner.
 */
export const endSessionRows = async (
  tx: Transaction,
  id: string,
  at: number,
  reason: SessionEndReason,
  detail: unknown = null,
): Promise<boolean> => {
  const change = {
    endedAt: at,
    endReason: reason,
    openProofs: null,
    proofDueAt: null,
    endDetail: detail === null ? null : JSON.stringify(detail),
  };
  const result = await tx
    .updateTable('sessions')
    .set(change)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  await tx
    .updateTable('sessions')
    .set({ endedAt: at, endReason: reason })
    .where('parentId', '=', id)
    .where('endedAt', 'is', null)
    .execute();
  return result.numUpdatedRows === 1n;
};

/** A row as the record of the model. */
export const toSession = (row: Row<'sessions'>): Session => ({
  id: row.id,
  parentId: row.parentId,
  userId: row.userId,
  appId: row.appId,
  baseline: JSON.parse(row.baseline) as Baseline,
  openedBySessionId: row.openedBySessionId,
  boundKey: row.boundKey,
  deviceId: row.deviceId,
  proofs: JSON.parse(row.proofs) as FactorProof[],
  createdAt: row.createdAt,
  lastActivityAt: row.lastActivityAt,
  idleTimeoutSeconds: row.idleTimeoutSeconds,
  endsAt: row.endsAt,
  endedAt: row.endedAt,
  endReason: row.endReason as SessionEndReason | null,
});
