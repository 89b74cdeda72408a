import type { Account, AskedFacts, Hand, RequestDecision, RequestFacts } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import { type ApproverFacts, matchApprover } from './match-approver.ts';
import { areLinked, areOneHand } from './one-hand.ts';
import { openStep, passedOnTo, requestStatus, rulesOfStep } from './request-progress.ts';

/** The vote of somebody else that one may give: theirs, as they are at this moment. */
export interface Seat<H extends Account = Hand> {
  readonly holder: ApproverFacts;
  /** The holder, and whoever named the delegate where that was not the holder. */
  readonly hands: readonly H[];
}

/** Who decides, as they are at this moment. */
export interface RequestDecider<H extends Account = Hand> extends ApproverFacts {
  readonly kind: Principal['kind'];
  readonly hasConsole: boolean;
  /** The account is nobody's own. */
  readonly isBreakGlass: boolean;
  readonly hand: H;
  /** Who named them as their delegate for now; whom those were named by counts for nothing: there are no chains. */
  readonly seats: readonly Seat<H>[];
}

export interface RequestDecisionInput {
  readonly decision: 'approve' | 'deny';
  readonly ask: RequestFacts;
  /** Null for whoever is no person: the host, a job, a service app. */
  readonly decider: RequestDecider | null;
  readonly founders: ReadonlySet<string>;
  readonly now: Instant;
}

/** Whose vote it would be: one's own, or that of the holder of a seat; and whoever else chose that it is theirs. */
export interface Vote<H extends Account = Hand> {
  readonly insteadOf: string | null;
  readonly behind: readonly H[];
}

export type RequestVerdict =
  | { readonly kind: 'allow'; readonly reason: Reason; readonly step: number; readonly vote: Vote }
  | { readonly kind: 'deny'; readonly reason: Reason };

const ENDED: Readonly<Record<string, Reason>> = {
  APPROVED: 'request-decided',
  DENIED: 'request-decided',
  CANCELED: 'request-canceled',
  EXPIRED: 'request-expired',
};

/** Everybody who had a hand in a decision. */
const handsIn = <H extends Account>({ hand, behind }: Pick<RequestDecision<H>, 'hand' | 'behind'>): readonly H[] => [
  hand,
  ...behind,
];

/** What is asked of whom; of the two judgements only the one that gives power knows their ties. */
interface Asked<H extends Account> {
  readonly ask: AskedFacts<H>;
  readonly decider: RequestDecider<H>;
  readonly now: Instant;
}

const whyNever = ({ ask, decider }: Pick<Asked<Account>, 'ask' | 'decider'>): Reason | null => {
  if (areLinked(decider.hand, ask.requester)) return 'request-own';
  if (areLinked(decider.hand, ask.beneficiary)) return 'request-for-you';
  const own = ask.decisions.find((one) => handsIn(one).some((hand) => areLinked(hand, decider.hand)));
  if (own === undefined) return null;
  if (own.hand.userId === decider.userId) return 'request-decided-by-you';
  return areLinked(own.hand, decider.hand) ? 'approver-same-person' : 'request-decided-for-you';
};

/** The same of those behind a vote: nobody's own request, and nobody's second part in it. */
const whyNotInstead = (ask: AskedFacts, { behind }: Vote<Account>): Reason | null => {
  if (behind.some((hand) => [ask.requester, ask.beneficiary].some((one) => areLinked(one, hand))))
    return 'delegator-own-request';
  const before = ask.decisions.flatMap(handsIn);
  return behind.some((hand) => before.some((one) => areLinked(one, hand))) ? 'delegator-decided' : null;
};

const whyNoYes = (ask: RequestFacts, hands: readonly Hand[], founders: ReadonlySet<string>): Reason | null => {
  if (!ask.arePeopleActive) return 'request-people-gone';
  if (!ask.isAsAsked) return 'request-gives-other';
  if (!ask.isStillRunning) return 'grant-not-running';
  const isTied = (other: Hand): boolean => hands.some((hand) => areOneHand(other, hand, founders));
  if ([ask.requester, ask.beneficiary].some(isTied)) return 'approver-tied';
  return ask.decisions.flatMap(handsIn).some(isTied) ? 'approver-tied-to-other' : null;
};

/**
 * Does a step name somebody for this? To one that was given to others these alone say yes, and whoever it passes on to by
 * the clock; a no stays with all whom it names: who is heard against a request is nobody's choice.
 */
const isNamed = (
  { ask, now }: Pick<Asked<Account>, 'ask' | 'now'>,
  decision: RequestDecisionInput['decision'],
  step: number,
  who: ApproverFacts,
): boolean => {
  const given = ask.reassigned[step] ?? null;
  const stays = decision === 'deny' || given === null || given.to.includes(who.userId);
  return (stays ? rulesOfStep : passedOnTo)(ask, step, now).some((rule) => matchApprover(rule, who, ask));
};

/**
 * The votes that somebody has in a step, their own before those of others. Whom a step was given to and does not name has a
 * vote with the hand behind it of whoever gave it, and no seat hands that one on.
 */
const votesIn = <H extends Account>(
  asked: Asked<H>,
  decision: RequestDecisionInput['decision'],
  step: number,
): readonly Vote<H>[] => {
  const { ask, decider } = asked;
  const given = ask.reassigned[step] ?? null;
  const isOwn = isNamed(asked, decision, step, decider);
  return [
    ...(isOwn ? [{ insteadOf: null, behind: [] }] : []),
    ...(!isOwn && given?.to.includes(decider.userId) ? [{ insteadOf: null, behind: [given.by] }] : []),
    ...decider.seats
      // Whoever chose themself, under whichever account, has no vote by it.
      .filter(
        ({ holder, hands: [, ...choosers] }) =>
          isNamed(asked, decision, step, holder) && !choosers.some((one) => areLinked(one, decider.hand)),
      )
      .map(({ holder, hands }) => ({ insteadOf: holder.userId, behind: hands })),
  ];
};

/** Why nothing of a request is decided any more; null while it waits. */
export const whyEnded = (ask: Pick<AskedFacts, 'outcome' | 'decideBy'>, now: Instant): Reason | null =>
  ENDED[requestStatus(ask, now)] ?? null;

/** Why somebody has no part in what waits, whatever they would say; or else the step that waits. */
const partIn = ({ ask, decider, now }: Asked<Account>): { readonly why: Reason } | { readonly step: number } => {
  if (decider.kind !== 'session' || !decider.hasConsole) return { why: 'approver-not-a-person' };
  if (decider.isBreakGlass) return { why: 'approver-break-glass' };
  const why = whyEnded(ask, now) ?? whyNever({ ask, decider });
  if (why !== null) return { why };
  const step = openStep(ask);
  return step === null || ask.steps[step] === undefined ? { why: 'request-decided' } : { step };
};

/**
 * Does a request wait for somebody? So it does for whoever may say no to it, where it is not others who are asked for a yes:
 * to whom a step was given away, it waits for those. Whom ties keep from a yes may say no, so that they are not read for it.
 * Null, or in whose stead they would decide.
 */
export const judgeAsked = (asked: Asked<Account>): Pick<Vote, 'insteadOf'> | null => {
  const part = partIn(asked);
  if ('why' in part || votesIn(asked, 'approve', part.step).length === 0) return null;
  const vote = votesIn(asked, 'deny', part.step).find((one) => whyNotInstead(asked.ask, one) === null);
  return vote === undefined ? null : { insteadOf: vote.insteadOf };
};

/**
 * Whether somebody may decide the step that waits (design §4.6). Never whoever asked or whom it is for, nor an account that
 * could be in the same hand as theirs or as that of somebody who decided before; one human counts once over all steps,
 * through however many groups, accounts or delegates; a super admin is no exception, and tokens and machines never decide.
 * Whoever decides in somebody's stead gives that one's vote: all that keeps either of them from it, or whoever named the
 * delegate, keeps both. Saying no gives nobody power: ties do not matter for it.
 */
export const judgeRequestDecision = (input: RequestDecisionInput): RequestVerdict => {
  const { ask, decider, decision, founders, now } = input;
  const deny = (reason: Reason): RequestVerdict => ({ kind: 'deny', reason });
  if (decider === null) return deny('approver-not-a-person');
  const asked = { ask, decider, now };
  const part = partIn(asked);
  if ('why' in part) return deny(part.why);
  const { step } = part;
  const verdicts = votesIn(asked, decision, step).map((vote): RequestVerdict => {
    const hands = [decider.hand, ...vote.behind];
    const why = whyNotInstead(ask, vote) ?? (decision === 'deny' ? null : whyNoYes(ask, hands, founders));
    return why === null ? { kind: 'allow', reason: 'approver-may-decide', step, vote } : deny(why);
  });
  const wasNamed = votesIn(asked, 'deny', step).length > 0;
  return (
    verdicts.find(({ kind }) => kind === 'allow') ??
    verdicts[0] ??
    deny(wasNamed ? 'request-reassigned' : 'approver-not-named')
  );
};
