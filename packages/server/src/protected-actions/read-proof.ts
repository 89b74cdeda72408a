import { notFound } from '@sallyport/model/errors';
import { isCaller, type Principal } from '@sallyport/model/principal';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Services } from '../services.ts';
import { assertAlive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { requesterOf } from './caller.ts';
import { answerableProof } from './give-proof.ts';
import { approvalUrl, presentAction, presentChallenge, proofStatus, proofToken } from './present-proof.ts';
import { mayProve } from './qualifying-keys.ts';
import { recordAttempt } from './record-attempt.ts';
import { keysOf, proofById } from './store.ts';

const isRequester = (principal: Principal, row: Row<'actionProofs'>): boolean => {
  if (!isCaller(principal)) return false;
  const { kind, id } = requesterOf(principal);
  return row.requesterKind === kind && row.requesterId === id;
};

/**
 * `GET /sallyport/v1/proofs/{id}`. Whoever asked for it reads how it stands and, once it is proved and approved, what the
 * request brings. The browser that proves for a command line reads what is asked of the key.
 */
export const readProof = async (s: Services, principal: Principal, id: string) => {
  const row = await proofById(s.store.read, id);
  if (row !== undefined && isRequester(principal, row)) {
    const status = proofStatus(row, s.clock.now());
    const isGood = status === 'PROVED' || status === 'APPROVED';
    return {
      id,
      status,
      ...presentAction(row),
      ...(row.decisionReason === null ? {} : { decisionReason: row.decisionReason }),
      ...(row.needsApproval === 1 ? { approvalUrl: approvalUrl(s, id) } : {}),
      ...(isGood ? { proof: proofToken(s, id) } : {}),
    };
  }
  const asked = await answerableProof(s, principal, id);
  const keys = (await keysOf(s.store.read, asked.userId)).filter((key) => mayProve(key, asked.proofClass));
  return {
    id,
    status: proofStatus(asked, s.clock.now()),
    ...presentAction(asked),
    summary: asked.summary,
    ...presentChallenge(s, asked, keys),
  };
};

/** `DELETE /sallyport/v1/proofs/{id}`: the person thought better of it. Nothing was changed, and nothing can be any more. */
export const cancelProof = async (s: Services, principal: Principal, id: string): Promise<void> => {
  const row = await proofById(s.store.read, id);
  if (row === undefined || !isRequester(principal, row)) await answerableProof(s, principal, id);
  if (row === undefined) throw notFound(id, 'Proof');
  await s.store.transaction(async (tx) => {
    await assertAlive(s, tx, principal);
    const { numUpdatedRows } = await tx
      .updateTable('actionProofs')
      .set({ closedAt: s.clock.now() })
      .where('id', '=', id)
      .where('closedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 1n)
      await recordAttempt(s, tx, principal, {
        action: row.action as ActionName,
        row,
        result: 'ABANDONED',
        reason: 'proof-cancelled',
      });
  });
};
