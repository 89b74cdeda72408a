import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { mailOutcome } from './mail-requests.ts';
import { recordRequest, requestsJob } from './record-request.ts';
import { moveOn } from './store.ts';

const AT_ONCE = 100;

/**
 * Writes down what nobody answered in time, and tells whoever asked; it has ended already (design §4.5). Whoever comes
 * first writes it, once.
 */
export const closeExpired = async (s: Services, tx: Transaction): Promise<void> => {
  const now = s.clock.now();
  const rows = await tx
    .selectFrom('requests')
    .selectAll()
    .where('outcome', 'is', null)
    .where('decideBy', '<=', now)
    .orderBy('decideBy')
    .limit(AT_ONCE)
    .execute();
  for (const row of rows) {
    const change = { outcome: 'EXPIRED', resolvedAt: Number(row.decideBy), lastUpdatedAt: now } as const;
    if (!(await moveOn(tx, row, change))) continue;
    const after = { ...row, ...change };
    await recordRequest(s, tx, requestsJob(s), 'access.request.expire', after);
    await mailOutcome(s, tx, after, 'EXPIRED');
  }
};

export const expireRequests = async (s: Services): Promise<void> => {
  const due = await s.store.read
    .selectFrom('requests')
    .select('id')
    .where('outcome', 'is', null)
    .where('decideBy', '<=', s.clock.now())
    .executeTakeFirst();
  if (due !== undefined) await s.store.transaction((tx) => closeExpired(s, tx));
};
