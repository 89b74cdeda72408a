import type { Hand, RequestFacts } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import { type ApproverFacts, matchApprover } from './match-approver.ts';
import { areLinked, areOneHand } from './one-hand.ts';
import { openStep, requestStatus } from './request-progress.ts';

/** Who decides, as they are at this moment. */
export interface RequestDecider extends ApproverFacts {
  readonly kind: Principal['kind'];
  readonly hasConsole: boolean;
  /** The account is nobody's own. */
  readonly isBreakGlass: boolean;
  readonly hand: Hand;
}

export interface RequestDecisionInput {
  readonly decision: 'approve' | 'deny';
  readonly ask: RequestFacts;
  /** Null for whoever is no person: the host, a job, a service app. */
  readonly decider: RequestDecider | null;
  readonly founders: ReadonlySet<string>;
  readonly now: Instant;
}

export type RequestVerdict =
  | { readonly kind: 'allow'; readonly reason: Reason; readonly step: number }
  | { readonly kind: 'deny'; readonly reason: Reason };

const ENDED: Readonly<Record<string, Reason>> = {
  APPROVED: 'request-decided',
  DENIED: 'request-decided',
  CANCELED: 'request-canceled',
  EXPIRED: 'request-expired',
};

const whyNever = ({ ask, decider }: { ask: RequestFacts; decider: RequestDecider }): Reason | null => {
  if (areLinked(decider.hand, ask.requester)) return 'request-own';
  if (areLinked(decider.hand, ask.beneficiary)) return 'request-for-you';
  const own = ask.decisions.find(({ hand }) => areLinked(hand, decider.hand));
  if (own === undefined) return null;
  return own.hand.userId === decider.userId ? 'request-decided-by-you' : 'approver-same-person';
};

/**
 * Whether somebody may decide the step that waits (design §4.6). Never whoever asked or whom it is for, nor an account that
 * could be in the same hand as theirs or as that of somebody who decided before; one human counts once over all steps,
 * through however many groups or accounts; a super admin is no exception, and tokens and machines never decide. Saying no
 * gives nobody power: ties do not matter for it.
 */
export const judgeRequestDecision = (input: RequestDecisionInput): RequestVerdict => {
  const { ask, decider, decision, founders, now } = input;
  const deny = (reason: Reason): RequestVerdict => ({ kind: 'deny', reason });
  if (decider === null || decider.kind !== 'session' || !decider.hasConsole) return deny('approver-not-a-person');
  if (decider.isBreakGlass) return deny('approver-break-glass');
  const ended = ENDED[requestStatus(ask, now)];
  if (ended !== undefined) return deny(ended);
  const never = whyNever({ ask, decider });
  if (never !== null) return deny(never);
  const step = openStep(ask);
  const rule = step === null ? undefined : ask.steps[step]?.approvers;
  if (step === null || rule === undefined) return deny('request-decided');
  if (!matchApprover(rule, decider, ask)) return deny('approver-not-named');
  if (decision === 'deny') return { kind: 'allow', reason: 'approver-may-decide', step };
  if (!ask.arePeopleActive) return deny('request-people-gone');
  if (!ask.isAsAsked) return deny('request-gives-other');
  if ([ask.requester, ask.beneficiary].some((one) => areOneHand(one, decider.hand, founders)))
    return deny('approver-tied');
  if (ask.decisions.some(({ hand }) => areOneHand(hand, decider.hand, founders))) return deny('approver-tied-to-other');
  return { kind: 'allow', reason: 'approver-may-decide', step };
};
