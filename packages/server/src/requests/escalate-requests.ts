import { escalatesAt, openStep } from '@sallyport/decide/requests/request-progress';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { mailApproversOf } from './mail-requests.ts';
import { recordRequest, requestsJob } from './record-request.ts';
import { factsOf, findRequest, type RequestRow } from './store.ts';

const AT_ONCE = 100;

/** The open step of a request where it has passed on to others who were not told; else null. */
const untoldStep = async (db: Transaction, row: RequestRow, now: number): Promise<number | null> => {
  const facts = await factsOf(db, row, now);
  const step = openStep(facts);
  const at = step === null ? null : escalatesAt(facts, step);
  const isUntold = row.escalatedStep === null || (step !== null && Number(row.escalatedStep) < step);
  return at !== null && now >= at && isUntold ? step : null;
};

/** Tells of one request, as it stands in the transaction; false where there is nothing to tell. */
const tellOf = async (s: Services, seen: RequestRow): Promise<boolean> => {
  if ((await untoldStep(s.store.read, seen, s.clock.now())) === null) return false;
  return s.store.transaction(async (tx) => {
    const row = await findRequest(tx, seen.id);
    const step = row.outcome === null ? await untoldStep(tx, row, s.clock.now()) : null;
    if (step === null) return false;
    const { numUpdatedRows } = await tx
      .updateTable('requests')
      .set({ escalatedStep: step })
      .where('id', '=', row.id)
      .where('revision', '=', Number(row.revision))
      .where((e) => e.or([e('escalatedStep', 'is', null), e('escalatedStep', '<', step)]))
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return false;
    await recordRequest(s, tx, requestsJob(s), 'access.request.update', row, { escalated_step: String(step) });
    await mailApproversOf(s, tx, row, 'passed-on');
    return true;
  });
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
    try {
      if (await tellOf(s, row)) told += 1;
    } catch (error) {
      // One that cannot be told of must not keep it from all others.
      s.logger.error({ err: error, request: row.id }, 'whom a request passed on to was not told');
    }
    if (told >= AT_ONCE) return;
  }
};
