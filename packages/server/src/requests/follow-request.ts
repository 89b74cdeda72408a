import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { mailApproversOf, mailOutcome } from './mail-requests.ts';
import { assertSees, presentRequest } from './present-request.ts';
import { recordRequest } from './record-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { findRequest, moveOn, type RequestRow } from './store.ts';
import { whyNotAsker, whyNotTakenBack } from './why-not-asker.ts';

const change = async (
  s: Services,
  principal: Principal,
  id: string,
  whyNot: typeof whyNotTakenBack,
  work: (tx: Transaction, row: RequestRow) => Promise<void>,
) => {
  await assertSees(s, principal, id);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findRequest(tx, id);
    const why = whyNot(principal, row, s.clock.now());
    if (why !== null) throw refusedRequest(why);
    await work(tx, row);
  });
  return presentRequest(s, principal, id);
};

/** `POST …/cancel`: what waits, and what was approved for later and has not begun; that never begins. */
export const cancelRequest = (s: Services, principal: Principal, id: string) =>
  change(s, principal, id, whyNotTakenBack, async (tx, row) => {
    const now = s.clock.now();
    const ended = {
      outcome: 'CANCELED',
      resolvedAt: now,
      grantStatus: null,
      lastUpdatedAt: now,
      lastUpdatedBy: authorOf(principal),
    } as const;
    if (!(await moveOn(tx, row, ended))) throw refusedRequest('request-moved-on');
    const after = { ...row, ...ended };
    await recordRequest(s, tx, principal, 'access.request.cancel', after);
    if (row.outcome === 'APPROVED') await mailOutcome(s, tx, after, 'CANCELED');
  });

/** `POST …/nudge`: mails those who can decide once more; once. */
export const nudgeRequest = (s: Services, principal: Principal, id: string) =>
  change(s, principal, id, whyNotAsker, async (tx, row) => {
    if (row.nudgedAt !== null) throw refusedRequest('request-nudged');
    const now = s.clock.now();
    const nudged = { nudgedAt: now, lastUpdatedAt: now, lastUpdatedBy: authorOf(principal) };
    if (!(await moveOn(tx, row, nudged))) throw refusedRequest('request-moved-on');
    const after = { ...row, ...nudged };
    await recordRequest(s, tx, principal, 'access.request.update', after, { nudged: 'true' });
    await mailApproversOf(s, tx, { ...after, revision: Number(row.revision) + 1 }, 'nudge');
  });

/** `POST …/messages`: whoever sees the request says something to the others. */
export const addMessage = async (s: Services, principal: Principal, id: string, message: string): Promise<void> => {
  await assertSees(s, principal, id);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findRequest(tx, id);
    const now = s.clock.now();
    const messageId = newId<string>(s.random, 'requestMessage');
    await tx
      .insertInto('requestMessages')
      .values({ id: messageId, requestId: id, authorId: authorOf(principal), text: message, createdAt: now })
      .execute();
    await recordRequest(s, tx, principal, 'access.request.update', row, { message_id: messageId });
  });
};
