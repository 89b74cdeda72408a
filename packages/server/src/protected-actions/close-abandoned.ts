import type { ActionName } from '@sallyport/model/protected-actions';
import type { Services } from '../services.ts';
import { jobContext } from '../setup/announce-setup.ts';
import { recordAttempt } from './record-attempt.ts';

const AT_ONCE = 100;
const KEPT_DAYS = 90;

/**
 * Writes down what was asked and never used, and forgets old rows; the log has their story. Nothing waits for it: what
 * expired counts for nothing without this job, too (design §4.5).
 */
export const closeAbandoned = async (s: Services): Promise<void> => {
  const now = s.clock.now();
  const principal = {
    kind: 'job',
    job: 'abandoned-proofs',
    permissions: new Set<never>(),
    request: jobContext(`abandoned-proofs-${now}`),
  } as const;
  await s.store.transaction(async (tx) => {
    const left = await tx
      .selectFrom('actionProofs')
      .selectAll()
      .where('closedAt', 'is', null)
      .where('expiresAt', '<=', now)
      .limit(AT_ONCE)
      .execute();
    for (const row of left) {
      const open = await tx
        .selectFrom('actionProofRequests')
        .select('digest')
        .where('proofId', '=', row.id)
        .where('usedAt', 'is', null)
        .executeTakeFirst();
      await tx.updateTable('actionProofs').set({ closedAt: now }).where('id', '=', row.id).execute();
      if (open !== undefined)
        await recordAttempt(s, tx, principal, {
          action: row.action as ActionName,
          row,
          result: 'ABANDONED',
          reason: 'proof-expired',
        });
    }
    const old = tx
      .selectFrom('actionProofs')
      .select('id')
      .where('createdAt', '<', now - KEPT_DAYS * 86_400_000);
    await tx.deleteFrom('actionProofRequests').where('proofId', 'in', old).execute();
    await tx
      .deleteFrom('actionProofs')
      .where('createdAt', '<', now - KEPT_DAYS * 86_400_000)
      .execute();
  });
};
