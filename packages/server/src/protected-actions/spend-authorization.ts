import { isCaller, type Principal } from '@sallyport/model/principal';
import { mailUse } from '../notices/mail-use.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { recordAttempt } from './record-attempt.ts';
import { refusedProof } from './refused-proof.ts';
import { isKeyEnrolled, proofById, takeProof } from './store.ts';

/**
 * Uses up the ground of a protected action inside the transaction of the change, and writes the event with the signature.
 * Two requests that bring one proof at the same moment meet here, and one of them changes nothing; so does a key that was
 * removed, and a proof that was cancelled, between the check and now.
 */
export const spendAuthorization = async (s: Services, tx: Transaction, principal: Principal): Promise<void> => {
  if (!isCaller(principal)) return;
  const { authorization } = principal;
  if (authorization === undefined) return;
  const { action, basis, proof, target, words, waivedReason } = authorization;
  if (proof === null) {
    const eventId = await recordAttempt(s, tx, principal, {
      action,
      row: null,
      result: 'SUCCESS',
      reason: basis,
      target,
      waivedReason,
    });
    return mailUse(s, tx, principal, { action, words, eventId });
  }
  const now = s.clock.now();
  const taken = await takeProof(tx, proof.id, proof.requestDigest, principal.request.requestId, now);
  if (taken === 'taken') throw refusedProof('proof-used');
  const row = await proofById(tx, proof.id);
  if (row === undefined || row.closedAt !== null) throw refusedProof('proof-cancelled');
  if (now >= row.expiresAt) throw refusedProof('proof-expired');
  if (row.needsKey === 1 && !(await isKeyEnrolled(tx, row.factorId))) throw refusedProof('proof-key-gone');
  if (taken === 'again') return;
  const eventId = await recordAttempt(s, tx, principal, {
    action,
    row,
    result: 'SUCCESS',
    reason: basis,
    waivedReason,
  });
  await mailUse(s, tx, principal, { action, words, eventId });
};
