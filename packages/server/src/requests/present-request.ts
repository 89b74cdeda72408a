import { judgeRequestDecision } from '@sallyport/decide/requests/judge-request-decision';
import { matchApprover } from '@sallyport/decide/requests/match-approver';
import { approvalsOfSteps, openStep, requestStatus, rulesOfStep } from '@sallyport/decide/requests/request-progress';
import { authorize } from '@sallyport/decide/roles/authorize';
import { writeAccessDuration } from '@sallyport/model/access-duration';
import type { AskedFacts, RequestFacts } from '@sallyport/model/access-request';
import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { isReason, type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { explainSteps, personNamed } from './explain-steps.ts';
import { askedUser, deciderOf, foundersOf } from './hands.ts';
import { lastMessages } from './last-messages.ts';
import { decisionsOf, factsOf, type RequestRow } from './store.ts';
import { aboutRequester, gainsOf } from './weigh-request.ts';
import { isOwnRequest, personBehind, whyNotAsker, whyNotTakenBack } from './why-not-asker.ts';
import { titleOfRequest } from './words-of-request.ts';

const may = (reason: Reason | null) => ({
  isAllowed: reason === null,
  reason: reason ?? 'approver-may-decide',
  sentence: reason === null ? null : sentenceOf(reason),
});

/**
 * Whose it is (`isOwnRequest`), whoever decides or decided, and whoever manages access requests. Of whom no rule could mean
 * (`isMaybeNamed`) the store is asked nothing.
 */
export const seesRequest = async (
  db: Transaction,
  principal: Principal,
  row: RequestRow,
  facts: RequestFacts,
  now: number,
  isMaybeNamed = true,
): Promise<boolean> => {
  if (authorize(principal, 'okta.governance.accessRequests.manage').kind === 'allow') return true;
  const person = personBehind(principal);
  if (person === null) return false;
  if (isOwnRequest(principal, row) || facts.decisions.some(({ hand }) => hand.userId === person)) return true;
  if (principal.kind !== 'session' || !isMaybeNamed) return false;
  const decider = await askedUser(db, principal.userId, now);
  const voices = [decider, ...decider.seats.map(({ holder }) => holder)];
  return facts.steps.some(
    (_, step) =>
      facts.reassigned[step]?.to.includes(person) ||
      rulesOfStep(facts, step, now).some((rule) => voices.some((who) => matchApprover(rule, who, facts))),
  );
};

/** The request; null for whoever has nothing to do with it, as for one that is none. */
export const requestSeen = async (s: Services, principal: Principal, id: string) => {
  const db = s.store.read;
  const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const now = s.clock.now();
  const facts = await factsOf(db, row, now);
  return (await seesRequest(db, principal, row, facts, now)) ? { row, facts } : null;
};

/** The same, or E0000007. */
export const assertSees = async (s: Services, principal: Principal, id: string) => {
  const found = await requestSeen(s, principal, id);
  if (found === null) throw notFound(id, 'AccessRequest');
  return found;
};

/**
 * Is it a place that a page of requests may begin after? After one that the caller does not see stands nothing, as after none:
 * no page tells that it exists, or since when.
 */
export const isPlaceSeen = async (s: Services, principal: Principal, after: string | undefined): Promise<boolean> =>
  after === undefined || (await requestSeen(s, principal, after)) !== null;

/** The principal as a decider, with all that a judgement asks beside the request. */
const decidingOf = async (db: Transaction, principal: Principal, now: number) => ({
  principal,
  decider: await deciderOf(db, principal, now),
  founders: await foundersOf(db, now),
  now,
});

/** What somebody may do about a request now, and why not. */
const verdictsOf = (
  { principal, decider, founders, now }: Awaited<ReturnType<typeof decidingOf>>,
  row: RequestRow,
  facts: RequestFacts,
) => {
  const judged = (decision: 'approve' | 'deny') => {
    const verdict = judgeRequestDecision({ decision, ask: facts, decider, founders, now });
    return verdict.kind === 'allow'
      ? { ...may(null), insteadOf: verdict.vote.insteadOf }
      : { ...may(verdict.reason), insteadOf: null };
  };
  const asker = whyNotAsker(principal, row, now);
  return {
    approve: judged('approve'),
    deny: judged('deny'),
    cancel: may(whyNotTakenBack(principal, row, now)),
    nudge: may(asker ?? (row.nudgedAt === null ? null : 'request-nudged')),
  };
};

/** What it makes longer: until when that runs, or ran, and until when it would go on. */
const extensionOf = async (db: Transaction, { extendsGrantId: id, durationSeconds }: RequestRow) => {
  if (id === null) return null;
  const row = await db.selectFrom('grants').select('expiresAt').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const endsAt = Number(row.expiresAt);
  return { id, endsAt: toIso(endsAt), untilAt: toIso(endsAt + Number(durationSeconds) * 1000) };
};

/** What lists tell somebody of a request. */
export const presentBriefly = async (
  db: Transaction,
  principal: Principal,
  row: RequestRow,
  facts: AskedFacts,
  now: number,
) => {
  const requestedBy = await personNamed(db, row.requesterId);
  const requestedFor = await personNamed(db, row.beneficiaryId);
  return {
    id: row.id,
    status: requestStatus(facts, now),
    words: titleOfRequest(row, requestedBy, requestedFor, personBehind(principal)),
    requestedBy,
    requestedFor,
    entitlement: { kind: row.kind, id: row.entitlementId, name: row.entitlementName },
    duration: writeAccessDuration(Number(row.durationSeconds)),
    startsAt: row.startsAt === null ? null : toIso(Number(row.startsAt)),
    extends: await extensionOf(db, row),
    reason: row.reason,
    ticket: row.ticket,
    createdAt: toIso(Number(row.createdAt)),
    decideBy: toIso(Number(row.decideBy)),
    resolvedAt: row.resolvedAt === null ? null : toIso(Number(row.resolvedAt)),
    approvalsGiven: facts.decisions.filter(({ kind }) => kind === 'approve').length,
    approvalsNeeded: approvalsOfSteps(facts.steps),
    grant:
      row.grantStatus === null
        ? null
        : {
            status: row.grantStatus,
            id: row.grantId,
            at: row.grantedAt === null ? null : toIso(Number(row.grantedAt)),
            sentence:
              row.grantReason === null
                ? null
                : isReason(row.grantReason)
                  ? sentenceOf(row.grantReason)
                  : row.grantReason,
          },
  };
};

/**
 * `GET /sallyport/v1/requests/{id}`: all that somebody needs to say yes or no, the digest that their key signs, who else
 * can decide, and what this caller may do and why not. To whoever has nothing to do with it, it does not exist.
 */
export const presentRequest = async (s: Services, principal: Principal, id: string) => {
  const { row, facts } = await assertSees(s, principal, id);
  const db = s.store.read;
  const now = s.clock.now();
  const decisions = [];
  for (const { deciderId, insteadOf, kind, step, createdAt, comment } of await decisionsOf(db, id))
    decisions.push({
      by: await personNamed(db, deciderId),
      insteadOf: insteadOf === null ? null : await personNamed(db, insteadOf),
      kind,
      step: Number(step),
      at: toIso(Number(createdAt)),
      comment,
    });
  const verdicts = verdictsOf(await decidingOf(db, principal, now), row, facts);
  const { insteadOf } = verdicts.approve.isAllowed ? verdicts.approve : verdicts.deny;
  const maySeeSession =
    verdicts.approve.isAllowed || verdicts.deny.isAllowed || personBehind(principal) === row.requesterId;
  return {
    ...(await presentBriefly(db, principal, row, facts, now)),
    digest: row.digest,
    condition: { id: row.conditionId, name: row.conditionName },
    sequence: { id: row.sequenceId, name: row.sequenceName },
    step: requestStatus(facts, now) === 'PENDING' ? openStep(facts) : null,
    ...(await explainSteps(db, row, facts, now)),
    decisions,
    ...(await lastMessages(db, id)),
    gains: await gainsOf(db, row),
    about: await aboutRequester(s, row, maySeeSession),
    ...verdicts,
    insteadOf: insteadOf === null ? null : await personNamed(db, insteadOf),
  };
};
