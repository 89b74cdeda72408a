import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';

/**
 * Puts an entry for a sink into the transaction of the change that it tells of: both are durable, or neither. With an id of
 * its own it is there once: where there is one already, nothing is written.
 */
export const enqueue = async (
  s: Pick<Services, 'random' | 'clock'>,
  tx: Transaction,
  sink: string,
  payload: unknown,
  id = `obx${base62(s.random, 17)}`,
): Promise<void> => {
  const now = s.clock.now();
  await tx
    .insertInto('outbox')
    .values({
      id,
      sink,
      payload: JSON.stringify(payload),
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
      deliveredAt: null,
      deadAt: null,
      lastError: null,
    })
    .onConflict((c) => c.column('id').doNothing())
    .execute();
};
