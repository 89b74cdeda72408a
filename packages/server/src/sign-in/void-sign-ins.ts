import type { FactorProof } from '@sallyport/model/facts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';

/** Do the proofs of a sign-in, or a session, hold one of this factor? */
export const provedWith = (proofs: string, factorId: string): boolean =>
  (JSON.parse(proofs) as FactorProof[]).some((proof) => proof.factorId === factorId);

/**
 * Stops what is under way on the strength of a factor that is gone (`password` is one): sign-ins that have not become a
 * session. Null is every factor, and then those that register a key by a link stop too. Spent as well as void: a session
 * that is just being opened looks at the one, a step of the sign-in at the other.
 */
export const voidSignIns = async (
  s: Services,
  tx: Transaction,
  userId: string,
  factorId: string | null,
): Promise<void> => {
  const open = await tx
    .selectFrom('signIns')
    .select(['id', 'proofs'])
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .where('status', 'in', ['MFA_REQUIRED', 'PASSWORD_EXPIRED', 'SUCCESS', 'SETUP'])
    .execute();
  const gone = open.filter(({ proofs }) => factorId === null || provedWith(proofs, factorId)).map(({ id }) => id);
  if (gone.length === 0) return;
  await tx
    .updateTable('signIns')
    .set({ status: 'VOID', challenge: null, usedAt: s.clock.now() })
    .where('id', 'in', gone)
    .execute();
};
