import type { StoredProof } from '@sallyport/decide/protected-actions/judge-proof';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Transaction } from '../ports/store.ts';
import type { NewRow, Row } from '../store/tables.ts';

export const proofById = (db: Transaction, id: string): Promise<Row<'actionProofs'> | undefined> =>
  db.selectFrom('actionProofs').selectAll().where('id', '=', id).executeTakeFirst();

export const insertProof = async (
  tx: Transaction,
  row: NewRow<'actionProofs'>,
  digests: readonly string[],
): Promise<void> => {
  await tx.insertInto('actionProofs').values(row).execute();
  await tx
    .insertInto('actionProofRequests')
    .values(digests.map((digest) => ({ proofId: row.id, digest, usedAt: null, usedByRequest: null })))
    .execute();
};

/** What the judgement reads of a row. */
export const storedProof = (row: Row<'actionProofs'>): StoredProof => ({
  requesterKind: row.requesterKind,
  requesterId: row.requesterId,
  action: row.action as ActionName,
  expiresAt: row.expiresAt,
  closedAt: row.closedAt,
  needsKey: row.needsKey === 1,
  provedAt: row.provedAt,
  needsApproval: row.needsApproval === 1,
  decision: row.decision,
});

/** A request of a proof, if it is one. */
export const proofRequest = (
  db: Transaction,
  proofId: string,
  digest: string,
): Promise<Row<'actionProofRequests'> | undefined> =>
  db
    .selectFrom('actionProofRequests')
    .selectAll()
    .where('proofId', '=', proofId)
    .where('digest', '=', digest)
    .executeTakeFirst();

/**
 * Uses a proof up for one request: `first` for whoever comes first, `again` for the same request once more (a use case
 * with two transactions, or one that the database asked to repeat), `taken` for everybody else.
 */
export const takeProof = async (
  tx: Transaction,
  proofId: string,
  digest: string,
  requestId: string,
  at: number,
): Promise<'first' | 'again' | 'taken'> => {
  const { numUpdatedRows } = await tx
    .updateTable('actionProofRequests')
    .set({ usedAt: at, usedByRequest: requestId })
    .where('proofId', '=', proofId)
    .where('digest', '=', digest)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return 'first';
  return (await proofRequest(tx, proofId, digest))?.usedByRequest === requestId ? 'again' : 'taken';
};

/** The same request of the same machine that waits, or was approved, already: a machine that retries asks its human once. */
export const openAsk = (
  db: Transaction,
  requester: { readonly kind: string; readonly id: string },
  digest: string,
  now: number,
): Promise<Row<'actionProofs'> | undefined> =>
  db
    .selectFrom('actionProofs')
    .innerJoin('actionProofRequests', 'actionProofRequests.proofId', 'actionProofs.id')
    .selectAll('actionProofs')
    .where('requesterKind', '=', requester.kind as Row<'actionProofs'>['requesterKind'])
    .where('requesterId', '=', requester.id)
    .where('digest', '=', digest)
    .where('usedAt', 'is', null)
    .where('closedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where((e) => e.or([e('decision', 'is', null), e('decision', '=', 'APPROVED')]))
    .executeTakeFirst();

/** Is a key of the person still enrolled? */
export const isKeyEnrolled = async (db: Transaction, factorId: string | null): Promise<boolean> => {
  if (factorId === null) return false;
  const row = await db
    .selectFrom('factors')
    .select('id')
    .where('id', '=', factorId)
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst();
  return row !== undefined;
};

/** Keys of a person that may prove anything. */
export const keysOf = (db: Transaction, userId: string): Promise<Row<'factors'>[]> =>
  db
    .selectFrom('factors')
    .selectAll()
    .where('userId', '=', userId)
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute();

/** Proofs of a session that were given since an instant, the latest first. */
export const provedSince = (db: Transaction, sessionId: string, since: number): Promise<Row<'actionProofs'>[]> =>
  db
    .selectFrom('actionProofs')
    .selectAll()
    .where('requesterKind', '=', 'session')
    .where('requesterId', '=', sessionId)
    .where('provedAt', '>', since)
    .orderBy('provedAt', 'desc')
    .limit(20)
    .execute();

/** Wrong answers of a requester since an instant. */
export const failuresSince = async (db: Transaction, requesterId: string, since: number): Promise<number> => {
  const row = await db
    .selectFrom('actionProofs')
    .select((e) => e.fn.sum<number | string | null>('failures').as('failures'))
    .where('requesterId', '=', requesterId)
    .where('createdAt', '>', since)
    .executeTakeFirst();
  return Number(row?.failures ?? 0);
};
