import type { Services } from '../services.ts';
import { recordCondition } from './manage-conditions.ts';
import { readConditions } from './read-conditions.ts';
import { requestsJob } from './record-request.ts';

/** Writes down which conditions refer to what is gone, once each; they let nobody ask from that moment, with or without this. */
export const invalidateConditions = async (s: Services): Promise<void> => {
  const broken = async (db: Services['store']['read']) => {
    const rows = await db.selectFrom('requestConditions').selectAll().where('status', '!=', 'INVALID').execute();
    const whole = new Set((await readConditions(db, rows)).filter(({ isWhole }) => isWhole).map(({ id }) => id));
    return rows.filter(({ id }) => !whole.has(id));
  };
  if ((await broken(s.store.read)).length === 0) return;
  await s.store.transaction(async (tx) => {
    for (const row of await broken(tx)) {
      const after = { ...row, status: 'INVALID' as const, lastUpdatedAt: s.clock.now() };
      await tx.updateTable('requestConditions').set(after).where('id', '=', row.id).execute();
      await recordCondition(s, tx, requestsJob(s), 'access.request.condition.invalidate', after);
    }
  });
};
