import { findWeaknesses, isBlocking } from '@sallyport/decide/requests/find-weaknesses';
import { judgeAsking } from '@sallyport/decide/requests/judge-asking';
import { approvalsOfSteps } from '@sallyport/decide/requests/request-progress';
import { accessDurationInWords, readAccessDuration, writeAccessDuration } from '@sallyport/model/access-duration';
import type { RequestCondition } from '@sallyport/model/access-request';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { type Entitlement, MAINTENANCE_APPROVALS, MAINTENANCE_SECONDS_MAX } from '@sallyport/model/grant';
import { toIso } from '@sallyport/model/instant';
import { isCaller, type Principal, subjectOf } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { whyNoGrant } from '../grants/create-grant.ts';
import { askerOf } from '../grants/tie-to-grant.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { namesOf } from './entitlements.ts';
import { closeExpired } from './expire-requests.ts';
import { explainSteps, givesPower, type Look, outlooksOf } from './explain-steps.ts';
import { handOf } from './hands.ts';
import { mailApproversOf } from './mail-requests.ts';
import { findSequence } from './manage-sequences.ts';
import { presentRequest } from './present-request.ts';
import { activeConditions } from './read-conditions.ts';
import { recordRequest } from './record-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { digestOf, enterParty, factsOf, givenBy, type RequestRow, stepsOf } from './store.ts';

export interface AccessAsk {
  readonly entitlement: Entitlement;
  /** Whom it is for; the caller unless said. */
  readonly forUserId?: string | undefined;
  /** ISO 8601; where the condition fixes it none is needed. */
  readonly duration?: string | undefined;
  /** When it shall begin; the approval unless said. */
  readonly startsAt?: number | undefined;
  /** The grant of the caller's that shall run longer, by the asked time. */
  readonly extends?: string | undefined;
  readonly reason: string;
  readonly ticket?: string | undefined;
}

/** How far ahead a beginning may lie. */
const START_DAYS_MAX = 30;
/** One person's open requests: a loop must not fill the inboxes of the team. */
const OPEN_MAX = 20;

const requesterOf = (principal: Principal): string => {
  if (isCaller(principal) && principal.kind !== 'service-app') return subjectOf(principal);
  throw refusedRequest('session-needed');
};

const personOf = async (db: Transaction, userId: string) => {
  const user = await db
    .selectFrom('users')
    .select(['status', 'serviceAccountAt'])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (user === undefined) throw notFound(userId, 'User');
  const groups = await db.selectFrom('groupMembers').select('groupId').where('userId', '=', userId).execute();
  return {
    isActive: user.status === 'ACTIVE',
    isServiceAccount: user.serviceAccountAt !== null,
    groupIds: groups.map(({ groupId }) => groupId),
  };
};

const secondsOf = ({ duration: { kind, seconds } }: RequestCondition, asked: string | undefined): number => {
  if (kind === 'fixed' && asked === undefined) return seconds;
  const wanted = asked === undefined ? null : readAccessDuration(asked);
  if (wanted === null)
    throw invalid(
      'duration',
      `say for how long, up to ${accessDurationInWords(seconds)}: an ISO 8601 duration such as PT2H`,
    );
  if (kind === 'fixed' ? wanted !== seconds : wanted > seconds) {
    const most =
      kind === 'fixed' ? `it is always for ${writeAccessDuration(seconds)}` : `at most ${writeAccessDuration(seconds)}`;
    throw invalid('duration', `${sentenceOf('request-duration-too-long')} ${most}`);
  }
  return wanted;
};

interface Matched {
  readonly condition: RequestCondition;
  readonly row: Row<'requestConditions'>;
  readonly sequence: Row<'requestSequences'>;
}

/** The condition that lets somebody ask for this, with its sequence. E0000006 with the reason where none does. */
export const matchedCondition = async (db: Transaction, userId: string, entitlement: Entitlement): Promise<Matched> => {
  const verdict = judgeAsking(await personOf(db, userId), entitlement, await activeConditions(db));
  if (verdict.kind === 'deny') throw refusedRequest(verdict.reason);
  const { condition } = verdict;
  const row = await db
    .selectFrom('requestConditions')
    .selectAll()
    .where('id', '=', condition.id)
    .executeTakeFirstOrThrow();
  return { condition, row, sequence: await findSequence(db, condition.sequenceId) };
};

/**
 * The grant that somebody wants to have for longer. E0000007 unless it is theirs, or, where it lets somebody sign in as a
 * service account, they asked for it; E0000001 where what is asked for with it
 * is another thing, or has a beginning of its own.
 */
const grantToExtend = async (
  db: Transaction,
  requesterId: string,
  beneficiaryId: string,
  ask: AccessAsk,
): Promise<Row<'grants'> | null> => {
  if (ask.extends === undefined) return null;
  const row = await db.selectFrom('grants').selectAll().where('id', '=', ask.extends).executeTakeFirst();
  const isMaintenance = row?.kind === 'service-account';
  if (row === undefined || (isMaintenance ? await askerOf(db, row) : row.userId) !== requesterId)
    throw notFound(ask.extends, 'Grant');
  if (!isMaintenance && beneficiaryId !== requesterId)
    throw invalid('forUserId', 'only whoever has it asks for more time');
  if (row.kind !== ask.entitlement.kind || row.entitlementId !== ask.entitlement.id)
    throw invalid('extends', 'is a grant of something else');
  if (ask.startsAt !== undefined) throw invalid('startsAt', 'what is made longer goes on from where it is');
  return row;
};

const endOfLonger = ({ expiresAt }: Row<'grants'>, seconds: number): number => Number(expiresAt) + seconds * 1000;

/** Whom it is for: of a service account the account itself, whoever of the two is named. */
const beneficiaryOf = (requesterId: string, { entitlement, forUserId }: AccessAsk): string => {
  if (entitlement.kind !== 'service-account') return forUserId ?? requesterId;
  if (forUserId !== undefined && forUserId !== requesterId && forUserId !== entitlement.id)
    throw invalid('forUserId', 'it is for the service account that is asked for');
  return entitlement.id;
};

const build = async (
  s: Services,
  db: Transaction,
  requesterId: string,
  ask: AccessAsk,
  askedSessionId: string | null = null,
): Promise<RequestRow> => {
  const beneficiaryId = beneficiaryOf(requesterId, ask);
  const isMaintenance = ask.entitlement.kind === 'service-account';
  // Of a service account it is people who may ask, or may not; the account itself asks for nothing.
  const { condition, row, sequence } = await matchedCondition(
    db,
    isMaintenance ? requesterId : beneficiaryId,
    ask.entitlement,
  );
  // The sequence may have been changed since the condition named it.
  if (isMaintenance && approvalsOfSteps(stepsOf(sequence)) < MAINTENANCE_APPROVALS)
    throw refusedRequest('request-needs-two');
  // The group may have got its role since somebody offered it without a word on how long.
  if (row.duration === null && (await givesPower(db, ask.entitlement)))
    throw refusedRequest('request-without-duration');
  const now = s.clock.now();
  const startsAt = ask.startsAt ?? null;
  if (startsAt !== null && (startsAt <= now || startsAt > now + START_DAYS_MAX * 86_400_000))
    throw invalid(
      'startsAt',
      `must lie ahead, by at most ${START_DAYS_MAX} days; without it the approval is the beginning`,
    );
  const longer = await grantToExtend(db, requesterId, beneficiaryId, ask);
  const durationSeconds = secondsOf(condition, ask.duration);
  if (isMaintenance && longer !== null && endOfLonger(longer, durationSeconds) > now + MAINTENANCE_SECONDS_MAX * 1000)
    throw invalid('duration', 'it would run for more than a day from now');
  const held = await whyNoGrant(db, beneficiaryId, ask.entitlement, startsAt ?? now, longer?.id ?? null);
  if (held !== null) throw refusedRequest(held);
  const request: Omit<RequestRow, 'digest'> = {
    id: newId(s.random, 'accessRequest'),
    requesterId,
    beneficiaryId,
    kind: ask.entitlement.kind,
    entitlementId: ask.entitlement.id,
    entitlementName: (await namesOf(db, [ask.entitlement])).get(ask.entitlement.id) ?? ask.entitlement.id,
    resourceId: condition.resourceId,
    conditionId: condition.id,
    conditionName: row.name,
    sequenceId: sequence.id,
    sequenceName: sequence.name,
    steps: sequence.steps,
    gives: await givenBy(db, ask.entitlement),
    askedSessionId,
    reason: ask.reason,
    ticket: ask.ticket?.trim() || null,
    durationSeconds,
    startsAt,
    extendsGrantId: longer?.id ?? null,
    createdAt: now,
    // A yes that comes after the end makes nothing longer.
    decideBy: Math.min(
      now + Number(sequence.decideWithinSeconds) * 1000,
      Number(longer?.powerEndsAt ?? Number.POSITIVE_INFINITY),
    ),
    outcome: null,
    resolvedAt: null,
    grantStatus: null,
    grantReason: null,
    grantId: null,
    grantedAt: null,
    nudgedAt: null,
    escalatedStep: null,
    revision: 0,
    lastUpdatedAt: now,
    lastUpdatedBy: requesterId,
  };
  return { ...request, digest: digestOf(request) };
};

/** Does what is asked for by this condition need a ticket? So it does by one that was deleted this moment. */
const ticketOf = async (db: Transaction, { conditionId }: RequestRow): Promise<'required' | 'optional'> =>
  (await db.selectFrom('requestConditions').select('ticket').where('id', '=', conditionId).executeTakeFirst())
    ?.ticket ?? 'required';

/**
 * For somebody else only whoever manages access requests asks. That one may sign in as a service account is asked for by
 * whomever its condition lets.
 */
const assertMayAskFor = (principal: Principal, requesterId: string, { forUserId, entitlement }: AccessAsk): void => {
  if (entitlement.kind !== 'service-account' && forUserId !== undefined && forUserId !== requesterId)
    assertHolds(principal, 'okta.governance.accessRequests.manage');
};

/** Whose yes it would take if somebody asked now, and what is weak about that. E0000006 with the reason where they may not. */
export const outlookOf = async (s: Services, db: Transaction, requesterId: string, ask: AccessAsk, look?: Look) => {
  const now = s.clock.now();
  const row = await build(s, db, requesterId, ask);
  return { row, ...(await explainSteps(db, row, await factsOf(db, row, now), now, look)) };
};

/**
 * Could somebody have this by asking for it now, for as long as they may, by the yes of others whom `look` finds? Where
 * nothing lets them ask, or what does refuses it, they could not.
 */
export const isWithinReach = async (
  s: Services,
  db: Transaction,
  requesterId: string,
  entitlement: Entitlement,
  look: Look,
): Promise<boolean> => {
  const now = s.clock.now();
  try {
    const { condition } = await matchedCondition(db, requesterId, entitlement);
    const duration = writeAccessDuration(condition.duration.seconds);
    const row = await build(s, db, requesterId, { entitlement, duration, reason: 'look' });
    const outlooks = await outlooksOf(db, await factsOf(db, row, now), now, look);
    return !findWeaknesses(outlooks, true).some(isBlocking);
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
};

/** `POST /sallyport/v1/requests/preview`: what would be asked, whose yes it takes, and what is weak about that. Changes nothing. */
export const previewRequest = async (s: Services, principal: Principal, ask: AccessAsk) => {
  const requesterId = requesterOf(principal);
  assertMayAskFor(principal, requesterId, ask);
  const { row, ...explained } = await outlookOf(s, s.store.read, requesterId, ask);
  return {
    entitlement: { kind: row.kind, id: row.entitlementId, name: row.entitlementName },
    duration: writeAccessDuration(row.durationSeconds),
    condition: { id: row.conditionId, name: row.conditionName },
    sequence: { id: row.sequenceId, name: row.sequenceName },
    /** What is asked without one that is required is refused; what would come of it is shown all the same. */
    ticket: await ticketOf(s.store.read, row),
    decideBy: toIso(row.decideBy),
    ...explained,
  };
};

/**
 * Submits a request: from then on what was asked, and whose yes it takes, stands. Whoever can approve it is mailed.
 * Errors: E0000001, E0000006 with the reason, E0000007.
 */
export const askForAccess = async (s: Services, principal: Principal, ask: AccessAsk) => {
  const requesterId = requesterOf(principal);
  assertMayAskFor(principal, requesterId, ask);
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const made = await build(s, tx, requesterId, ask, principal.kind === 'session' ? principal.sessionId : null);
    if (made.ticket === null && (await ticketOf(tx, made)) === 'required')
      throw invalid('ticket', sentenceOf('request-ticket-missing'));
    await closeExpired(s, tx);
    const open = await tx
      .selectFrom('requests')
      .select(['id', 'beneficiaryId', 'kind', 'entitlementId'])
      .where('outcome', 'is', null)
      .where((e) => e.or([e('requesterId', '=', requesterId), e('beneficiaryId', '=', made.beneficiaryId)]))
      .execute();
    const same = open.find(
      (one) =>
        one.beneficiaryId === made.beneficiaryId && one.kind === made.kind && one.entitlementId === made.entitlementId,
    );
    if (same !== undefined)
      throw new ApiError('E0000001', {
        args: ['entryId'],
        causes: [sentenceOf('request-open')],
        extra: { sallyport: { kind: 'request_refused', reason: 'request-open', requestId: same.id } },
        status: 409,
      });
    if (open.length >= OPEN_MAX) throw invalid('entitlement', `at most ${OPEN_MAX} requests of one person wait`);
    await tx.insertInto('requests').values(made).execute();
    for (const step of (JSON.parse(made.steps) as unknown[]).keys())
      await tx
        .insertInto('requestTasks')
        .values({ id: s.random.bytes(12).toString('hex'), requestId: made.id, step })
        .execute();
    const now = s.clock.now();
    await enterParty(tx, made.id, await handOf(tx, made.requesterId, now));
    if (made.beneficiaryId !== made.requesterId)
      await enterParty(tx, made.id, await handOf(tx, made.beneficiaryId, now));
    await recordRequest(s, tx, principal, 'access.request.create', made);
    await mailApproversOf(s, tx, made, 'new');
    return made;
  });
  return presentRequest(s, principal, row.id);
};
