import type { Services } from '../services.ts';

/** How long an entry stays after it was delivered, or given up. */
export const KEPT_DAYS = 90;
const AT_ONCE = 1000;

/**
 * Forgets entries that were delivered or given up long ago, so many at once. Of each sink the last that was delivered stays:
 * it says how far the sink has come. What waits stays however old it is.
 */
export const pruneOutbox = async (s: Pick<Services, 'store' | 'clock'>): Promise<void> => {
  const before = s.clock.now() - KEPT_DAYS * 86_400_000;
  await s.store.transaction(async (tx) => {
    const delivered = tx
      .selectFrom('outbox as old')
      .select('old.id')
      .where('old.deliveredAt', '<=', before)
      .where((e) =>
        e.exists(
          e
            .selectFrom('outbox as later')
            .select('later.id')
            .whereRef('later.sink', '=', 'old.sink')
            .whereRef('later.deliveredAt', '>', 'old.deliveredAt'),
        ),
      )
      .orderBy('old.deliveredAt')
      .limit(AT_ONCE);
    await tx.deleteFrom('outbox').where('id', 'in', delivered).execute();
    const givenUp = tx
      .selectFrom('outbox')
      .select('id')
      .where('deliveredAt', 'is', null)
      .where('deadAt', '<=', before)
      .limit(AT_ONCE);
    await tx.deleteFrom('outbox').where('id', 'in', givenUp).execute();
  });
};
