import type { Hand, RequestFacts } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';
import { judgeRequestDecision, type RequestDecider } from './judge-request-decision.ts';
import { areLinked, areOneHand } from './one-hand.ts';
import { approvalsOf } from './request-progress.ts';

export interface StepOutlook {
  readonly count: number;
  readonly given: number;
  /** Who may say yes to it, judged as they will be, and in whose stead. */
  readonly able: readonly { readonly userId: string; readonly insteadOf: string | null }[];
  /** Whom the step names and who may not, with why. */
  readonly unable: readonly { readonly userId: string; readonly reason: Reason }[];
  /** How many of those who may could say yes together: of two in one hand only one can. */
  readonly reachable: number;
}

/** Do two votes count once? */
const areOfOne = (some: readonly Hand[], others: readonly Hand[], founders: ReadonlySet<string>): boolean =>
  some.some((one) => others.some((other) => areLinked(one, other) || areOneHand(one, other, founders)));

/** Who must and who can approve, step by step: the preview before a request is sent, and what its page tells. */
export const explainApprovers = (
  ask: RequestFacts,
  named: readonly (readonly RequestDecider[])[],
  founders: ReadonlySet<string>,
  now: Instant,
): readonly StepOutlook[] =>
  ask.steps.map((step, index) => {
    const only: RequestFacts = {
      ...ask,
      steps: [step],
      openedAt: [ask.openedAt[index] ?? null],
      closedAt: ask.closedAt.slice(index, index + 1),
      reassigned: [ask.reassigned[index] ?? null],
      decisions: ask.decisions.map((one) => ({ ...one, step: one.step === index ? 0 : -1 })),
    };
    const judged = (named[index] ?? []).map((decider) => ({
      decider,
      verdict: judgeRequestDecision({ decision: 'approve', ask: only, decider, founders, now }),
    }));
    const able = judged.flatMap(({ decider, verdict }) =>
      verdict.kind === 'allow' ? [{ decider, vote: verdict.vote, hands: [decider.hand, ...verdict.vote.behind] }] : [],
    );
    const together: (readonly Hand[])[] = [];
    for (const { hands } of able)
      if (!together.some((others) => areOfOne(hands, others, founders))) together.push(hands);
    return {
      count: step.count,
      given: approvalsOf(ask, index),
      able: able.map(({ decider, vote }) => ({ userId: decider.userId, insteadOf: vote.insteadOf })),
      unable: judged
        .filter(({ verdict }) => verdict.kind === 'deny')
        .map(({ decider, verdict }) => ({ userId: decider.userId, reason: verdict.reason })),
      reachable: together.length,
    };
  });
