import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { mailOutcome } from './mail-requests.ts';
import { recordRequest, requestsJob } from './record-request.ts';
import { moveOn, type RequestRow } from './store.ts';

const AT_ONCE = 100;

const close = async (s: Services, tx: Transaction, row: RequestRow, resolvedAt: number): Promise<void> => {
  const change = { outcome: 'EXPIRED', resolvedAt, lastUpdatedAt: s.clock.now() } as const;
  if (!(await moveOn(tx, row, change))) return;
  const after = { ...row, ...change };
  await recordRequest(s, tx, requestsJob(s), 'access.request.expire', after);
  await mailOutcome(s, tx, after, 'EXPIRED');
};

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
  for (const row of rows) await close(s, tx, row, Number(row.decideBy));
};

/**
 * Where the clock was set back: what nobody answered stays over, and what was asked for after the time that counts from now
 * on is over with it, for else it would wait for longer than anybody was told. Both while time stands still.
 */
export const endRequestsAfter = (s: Services, to: number): Promise<void> =>
  s.store.transaction(async (tx) => {
    const now = s.clock.now();
    const rows = await tx
      .selectFrom('requests')
      .selectAll()
      .where('outcome', 'is', null)
      .where((e) => e.or([e('decideBy', '<=', now), e('createdAt', '>', to)]))
      .orderBy('createdAt')
      .orderBy('id')
      .execute();
    for (const row of rows) await close(s, tx, row, Math.min(now, Number(row.decideBy)));
  });

export const expireRequests = async (s: Services): Promise<void> => {
  const due = await s.store.read
    .selectFrom('requests')
    .select('id')
    .where('outcome', 'is', null)
    .where('decideBy', '<=', s.clock.now())
    .executeTakeFirst();
  if (due !== undefined) await s.store.transaction((tx) => closeExpired(s, tx));
};
