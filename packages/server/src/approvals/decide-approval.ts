import { judgeApproval } from '@sallyport/decide/protected-actions/judge-approval';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { ActionName } from '@sallyport/model/protected-actions';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { noteChange } from '../hints/note-change.ts';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Transaction } from '../ports/store.ts';
import { wordsOfProof } from '../protected-actions/present-proof.ts';
import { recordAttempt } from '../protected-actions/record-attempt.ts';
import { whoHears } from '../service-accounts/who-hears.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { tellOfApproval } from '../webhooks/tell-webhooks.ts';
import { approverRights } from './approver-rights.ts';
import { getApproval } from './list-approvals.ts';
import { type Ask, approverOf, askFacts, findAsk } from './store.ts';
import { tiedToAsker } from './ties.ts';
import { assertSees } from './who-sees.ts';

/** How long whoever asked has to send the approved request. */
export const APPROVED_SECONDS = 300;

/** E0000006 with why somebody may not decide, or why there is nothing to decide any more. */
const refusedApproval = (reason: Reason): ApiError =>
  new ApiError('E0000006', {
    causes: [sentenceOf(reason)],
    detail: reason,
    extra: { sallyport: { kind: 'approval_refused', reason } },
  });

/** The ask, judged inside the transaction that decides it. */
const judged = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  id: string,
  decision: 'approve' | 'deny',
): Promise<Ask> => {
  const row = await findAsk(tx, id);
  const now = s.clock.now();
  const rights = await approverRights(s, tx, principal);
  assertSees(principal, rights, row);
  const tied = await tiedToAsker(tx, row, now);
  const approver = await approverOf(tx, principal, rights, (userId) => tied.has(userId));
  const verdict = judgeApproval({ decision, ask: await askFacts(s, tx, row), approver, now });
  if (verdict.kind === 'deny') throw refusedApproval(verdict.reason);
  return row;
};

/** Writes a decision down; of two at the same moment one comes first, and the other changes nothing. */
const write = async (
  s: Services,
  tx: Transaction,
  row: Ask,
  change: Pick<Ask, 'decision' | 'decisionReason' | 'approverId' | 'expiresAt'>,
): Promise<void> => {
  const now = s.clock.now();
  const { numUpdatedRows } = await tx
    .updateTable('actionProofs')
    .set({ ...change, decidedAt: now })
    .where('id', '=', row.id)
    .where('decision', 'is', null)
    .where('closedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw refusedApproval('approval-decided');
  noteChange(s, 'approval', row.id);
  await tellOfApproval(s, tx, 'approval.decided', { ...row, ...change, decidedAt: now });
  if (row.requesterKind !== 'session') return;
  const answer = change.decision === 'APPROVED' ? 'Approved' : 'Denied';
  const { ids, by } = await whoHears(s, tx, row.userId);
  await enqueueMail(
    s,
    tx,
    { ids },
    {
      kind: 'approval.decided',
      subject: `${answer}: ${wordsOfProof(row)}`,
      lines: [
        by === null
          ? `what you asked for was ${answer.toLowerCase()}:`
          : `what was asked for as ${oneLine(by.userLogin)} was ${answer.toLowerCase()}:`,
        '',
        `    ${oneLine(wordsOfProof(row))}`,
        ...(change.decisionReason === null ? [] : [`    ${oneLine(change.decisionReason)}`]),
        '',
      ],
      // What waits is seen by whoever asked, and whoever may decide; that somebody is in also by whoever answers for it.
      ...(by === null
        ? { path: `/approvals/${row.id}`, verb: `approval show ${row.id}` }
        : { path: '/me/access', verb: `grant show ${by.id}` }),
    },
  );
};

const personOf = (principal: Principal): string => {
  if (principal.kind !== 'session') throw refusedApproval('approver-not-a-person');
  return principal.userId;
};

/**
 * `POST …/approve`. The body holds the challenge of what is approved, and the approver's own key has signed that body
 * (design §4.11): neither this server nor whoever holds the approver's cookie can make it an approval of anything else.
 * From then on whoever asked has five minutes. Errors: E0000007, E0000006 with the reason, E0000092.
 */
export const approve = async (s: Services, principal: Principal, id: string, challenge: string) => {
  const approverId = personOf(principal);
  await s.store.transaction(async (tx) => {
    const row = await judged(s, tx, principal, id, 'approve');
    if (row.challenge !== challenge) throw refusedApproval('approval-of-another');
    await assertStillLive(s, tx, principal);
    await write(s, tx, row, {
      decision: 'APPROVED',
      decisionReason: null,
      approverId,
      expiresAt: s.clock.now() + APPROVED_SECONDS * 1000,
    });
  });
  return getApproval(s, principal, id);
};

/** `POST …/deny`: final, with a reason that whoever asked reads. Errors as for `approve`, without a key. */
export const deny = async (s: Services, principal: Principal, id: string, reason: string) => {
  const approverId = personOf(principal);
  await s.store.transaction(async (tx) => {
    const row = await judged(s, tx, principal, id, 'deny');
    await assertStillLive(s, tx, principal);
    const change = { decision: 'DENIED', decisionReason: reason, approverId, expiresAt: row.expiresAt } as const;
    await write(s, tx, row, change);
    await recordAttempt(s, tx, principal, {
      action: row.action as ActionName,
      row: { ...row, ...change },
      result: 'DENY',
      reason: 'approval-denied',
    });
  });
  return getApproval(s, principal, id);
};
