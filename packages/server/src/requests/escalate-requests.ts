import { escalatesAt, openStep } from '@sallyport/decide/requests/request-progress';
import type { Services } from '../services.ts';
import { mailApproversOf } from './mail-requests.ts';
import { recordRequest, requestsJob } from './record-request.ts';
import { factsOf, type RequestRow } from './store.ts';

const AT_ONCE = 100;

/** The open step of a request where it has passed on to others who were not told; else null. */
const untoldStep = async (s: Services, row: RequestRow): Promise<number | null> => {
  const now = s.clock.now();
  const facts = await factsOf(s.store.read, row, now);
  const step = openStep(facts);
  const at = step === null ? null : escalatesAt(facts, step);
  const isUntold = row.escalatedStep === null || (step !== null && Number(row.escalatedStep) < step);
  return at !== null && now >= at && isUntold ? step : null;
};

/**
 * Tells those to whom a step has passed on that they may say yes to it; they may already, by the clock (design §4.5). The
 * request itself does not move on by it: somebody's yes of this moment still counts.
 */
export const escalateRequests = async (s: Services): Promise<void> => {
  const rows = await s.store.read
    .selectFrom('requests')
    .selectAll()
    .where('outcome', 'is', null)
    .where('decideBy', '>', s.clock.now())
    .where('steps', 'like', '%"escalateTo"%')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  let told = 0;
  for (const row of rows) {
    const step = await untoldStep(s, row);
    if (step === null) continue;
    await s.store.transaction(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('requests')
        .set({ escalatedStep: step })
        .where('id', '=', row.id)
        .where('outcome', 'is', null)
        .where((e) => e.or([e('escalatedStep', 'is', null), e('escalatedStep', '<', step)]))
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return;
      await recordRequest(s, tx, requestsJob(s), 'access.request.update', row, { escalated_step: String(step) });
      await mailApproversOf(s, tx, row, 'passed-on');
    });
    told += 1;
    if (told >= AT_ONCE) return;
  }
};
