import { judgeRequestDecision, type Vote } from '@sallyport/decide/requests/judge-request-decision';
import { approvalsOf, openStep, outcomeOfDecisions } from '@sallyport/decide/requests/request-progress';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { grantApproved, grantData, publishGranted } from './grant-request.ts';
import { deciderOf, foundersOf } from './hands.ts';
import { mailApproversOf, mailOutcome } from './mail-requests.ts';
import { assertSees, presentRequest } from './present-request.ts';
import { recordRequest } from './record-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { digestOf, enterParty, factsOf, findRequest, moveOn, type RequestRow } from './store.ts';

export interface DecideRequest {
  readonly kind: 'approve' | 'deny';
  /** Of what is approved; whoever denies need not name it. */
  readonly digest?: string | undefined;
  /** The step that the caller saw waiting, where it matters. */
  readonly step?: number | undefined;
  /** What whoever decides says of it; the empty text is none. */
  readonly comment?: string | undefined;
}

/** What the log says of a vote that was given in somebody's stead, or that somebody chose the voter for. */
const voteData = ({ insteadOf, behind: [by] }: Vote): Readonly<Record<string, string>> => ({
  ...(insteadOf === null ? {} : { instead_of: insteadOf }),
  ...(insteadOf !== null || by === undefined ? {} : { reassigned_by: by.userId }),
});

const decideIn = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: RequestRow,
  { kind, digest, step: asked, comment: said }: DecideRequest,
): Promise<RequestRow> => {
  const comment = said === undefined || said === '' ? null : said;
  const now = s.clock.now();
  const facts = await factsOf(tx, row, now);
  const decider = await deciderOf(tx, principal, now);
  const verdict = judgeRequestDecision({
    decision: kind,
    ask: facts,
    decider,
    founders: await foundersOf(tx, now),
    now,
  });
  if (verdict.kind === 'deny' || decider === null)
    throw refusedRequest(verdict.kind === 'deny' ? verdict.reason : 'approver-not-a-person');
  const { step, vote } = verdict;
  if (asked !== undefined && asked !== step) throw refusedRequest('request-moved-on');
  if (digestOf(row) !== row.digest) throw refusedRequest('request-changed');
  if (kind === 'approve' && digest !== row.digest) throw refusedRequest('request-of-another');
  await assertStillLive(s, tx, principal);
  const decisions = [...facts.decisions, { hand: decider.hand, behind: vote.behind, step, kind }];
  const outcome = outcomeOfDecisions({ steps: facts.steps, decisions });
  const ended = outcome === 'PENDING' ? {} : { outcome, resolvedAt: now };
  let after: RequestRow = { ...row, ...ended, lastUpdatedAt: now, lastUpdatedBy: decider.userId };
  // First of all, for it takes the row's lock: on another node whoever decides at the same moment waits here, and then loses.
  if (!(await moveOn(tx, row, { ...ended, lastUpdatedAt: now, lastUpdatedBy: decider.userId })))
    throw refusedRequest('request-moved-on');
  const links = [decider.hand, ...vote.behind].flatMap((hand) => hand.links);
  if (!(await enterParty(tx, row.id, { ...decider.hand, links }))) throw refusedRequest('approver-same-person');
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('requestDecisions')
    .values({
      requestId: row.id,
      deciderId: decider.userId,
      requesterId: row.requesterId,
      beneficiaryId: row.beneficiaryId,
      step,
      needed: facts.steps[step]?.count ?? 0,
      slot: kind === 'approve' ? approvalsOf(facts, step) : null,
      kind,
      digest: row.digest,
      comment,
      createdAt: now,
      insteadOf: vote.insteadOf,
      behind: JSON.stringify(vote.behind.map(({ userId }) => userId)),
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) throw refusedRequest('request-moved-on');
  if (outcome === 'APPROVED') {
    const isLater = row.startsAt !== null && Number(row.startsAt) > now;
    const given = isLater ? ({ grantStatus: 'PENDING' } as const) : await grantApproved(s, tx, after);
    await tx.updateTable('requests').set(given).where('id', '=', row.id).execute();
    after = { ...after, ...given };
  }
  await recordRequest(
    s,
    tx,
    principal,
    outcome === 'PENDING' ? 'access.request.update' : 'access.request.resolve',
    after,
    {
      decision: kind,
      decided_step: String(step),
      request_digest: row.digest,
      ...(comment === null ? {} : { decision_comment: comment }),
      ...voteData(vote),
      ...grantData(after),
    },
  );
  if (outcome === 'PENDING') {
    if (openStep({ steps: facts.steps, decisions }) !== step)
      await mailApproversOf(s, tx, { ...after, revision: Number(row.revision) + 1 }, 'next');
    return after;
  }
  await mailOutcome(s, tx, after, after.grantStatus === 'FAILED' ? 'FAILED' : outcome, comment);
  return after;
};

/**
 * `POST …/approve` and `…/deny`. Who approves has signed with their own key a body that holds the digest of the whole
 * request (design §4.11): neither this server nor whoever holds their cookie can make it an approval of anything else. With
 * the last approval the grant is made, in the same transaction. Errors: E0000007, E0000006 with the reason, E0000092.
 */
export const decideRequest = async (s: Services, principal: Principal, id: string, input: DecideRequest) => {
  await assertSees(s, principal, id);
  const after = await s.store.transaction(async (tx) => decideIn(s, tx, principal, await findRequest(tx, id), input));
  publishGranted(s, after);
  return presentRequest(s, principal, id);
};
