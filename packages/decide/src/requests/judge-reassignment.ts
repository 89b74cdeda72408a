import type { Hand, RequestFacts } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';
import { judgeRequestDecision, type RequestDecider, whyEnded } from './judge-request-decision.ts';
import { areLinked } from './one-hand.ts';
import { openStep } from './request-progress.ts';

export interface ReassignmentInput {
  readonly ask: RequestFacts;
  /** The step that was seen waiting. */
  readonly step: number;
  readonly by: { readonly hand: Hand; readonly isBreakGlass: boolean };
  readonly to: readonly RequestDecider[];
  readonly founders: ReadonlySet<string>;
  readonly now: Instant;
}

export type ReassignmentVerdict =
  /** The request as it is then. */
  | { readonly kind: 'allow'; readonly ask: RequestFacts }
  /** `userId` of whom it cannot be given to; null where it cannot be given to anybody. */
  | { readonly kind: 'deny'; readonly reason: Reason; readonly userId: string | null };

/**
 * Whether somebody may give the open step of a request to these people. Never of what they asked for or get themselves; only
 * to people who could say yes to it then, and not to themself unless the step names them. Whom it does not name carries
 * their hand (`judgeRequestDecision`): however many they pick, it is one vote, and theirs is none beside it.
 */
export const judgeReassignment = (input: ReassignmentInput): ReassignmentVerdict => {
  const { ask, step, by, to, founders, now } = input;
  const deny = (reason: Reason, userId: string | null = null): ReassignmentVerdict => ({
    kind: 'deny',
    reason,
    userId,
  });
  if (by.isBreakGlass) return deny('approver-break-glass');
  const ended = whyEnded(ask, now);
  if (ended !== null) return deny(ended);
  if (openStep(ask) !== step) return deny('request-moved-on');
  if (areLinked(by.hand, ask.requester)) return deny('request-own');
  if (areLinked(by.hand, ask.beneficiary)) return deny('request-for-you');
  const given = { to: to.map(({ userId }) => userId), by: by.hand, at: now };
  const then = {
    ...ask,
    reassigned: ask.steps.map((_, index) => (index === step ? given : (ask.reassigned[index] ?? null))),
  };
  for (const one of to) {
    // By what they are themselves: the vote of somebody else is that one's to give.
    const decider = { ...one, seats: [] };
    const verdict = judgeRequestDecision({ decision: 'approve', ask: then, decider, founders, now });
    if (verdict.kind === 'deny') return deny(verdict.reason, one.userId);
    if (verdict.vote.behind.length > 0 && areLinked(one.hand, by.hand))
      return deny('reassigned-to-oneself', one.userId);
  }
  return { kind: 'allow', ask: then };
};
