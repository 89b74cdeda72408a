import type { RequestFacts } from '@sallyport/model/access-request';
import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';
import { judgeRequestDecision, type RequestDecider } from './judge-request-decision.ts';
import { areOneHand } from './one-hand.ts';
import { approvalsOf } from './request-progress.ts';

export interface StepOutlook {
  readonly count: number;
  readonly given: number;
  /** Who may say yes to it, judged as they will be. */
  readonly able: readonly string[];
  /** Whom the step names and who may not, with why. */
  readonly unable: readonly { readonly userId: string; readonly reason: Reason }[];
  /** How many of those who may could say yes together: of two in one hand only one can. */
  readonly reachable: number;
}

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
      decisions: ask.decisions.map((one) => ({ ...one, step: one.step === index ? 0 : -1 })),
    };
    const judged = (named[index] ?? []).map((decider) => ({
      decider,
      verdict: judgeRequestDecision({ decision: 'approve', ask: only, decider, founders, now }),
    }));
    const able = judged.filter(({ verdict }) => verdict.kind === 'allow').map(({ decider }) => decider);
    const together: RequestDecider[] = [];
    for (const one of able) if (!together.some(({ hand }) => areOneHand(hand, one.hand, founders))) together.push(one);
    return {
      count: step.count,
      given: approvalsOf(ask, index),
      able: able.map(({ userId }) => userId),
      unable: judged
        .filter(({ verdict }) => verdict.kind === 'deny')
        .map(({ decider, verdict }) => ({ userId: decider.userId, reason: verdict.reason })),
      reachable: together.length,
    };
  });
