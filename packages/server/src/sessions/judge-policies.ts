import { evaluatePolicies, evaluatePolicy, type PolicyJudgement } from '@sallyport/decide/policies/evaluate-policy';
import type { Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Policy } from '@sallyport/model/policy';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import { policyTarget } from './policy-targets.ts';

const RESULTS = { allow: 'ALLOW', deny: 'DENY', step_up: 'CHALLENGE' } as const;

/** A verdict of policies, as it is acted on, shown and kept. */
export interface JudgedPolicies {
  readonly judged: PolicyJudgement;
  readonly outcome: { readonly result: 'ALLOW' | 'DENY' | 'CHALLENGE'; readonly reason: string };
  /** The policy that decided, as the target of an event; none where none was for this person. */
  readonly targets: readonly LogTarget[];
  /** What is kept with the event, so that the verdict can be computed again. */
  readonly evidence: { readonly judgement: string; readonly input: object; readonly verdict: object };
}

const outcomeOf = ({ verdict }: PolicyJudgement): JudgedPolicies['outcome'] => ({
  result: RESULTS[verdict.kind],
  reason: verdict.reasons.map(sentenceOf).join(' '),
});

/** The policy of one app. */
export const judgeAppPolicy = (facts: Facts, policy: Policy, now: Instant): JudgedPolicies => {
  const judged = evaluatePolicy(facts, policy, now);
  return {
    judged,
    outcome: outcomeOf(judged),
    targets: [policyTarget(policy, judged.matchedRuleId)],
    evidence: { judgement: 'evaluate-policy', input: { facts, policy, now }, verdict: judged },
  };
};

/** The global session policies: whether a person gets an org session at all. */
export const judgeGlobalPolicies = async (s: Services, facts: Facts, now: Instant): Promise<JudgedPolicies> => {
  const policies = await s.policies.globalSession();
  const judged = evaluatePolicies(facts, policies, now);
  const policy = policies.find(({ id }) => id === judged.policyId);
  return {
    judged,
    outcome: outcomeOf(judged),
    targets: policy === undefined ? [] : [policyTarget(policy, judged.matchedRuleId)],
    evidence: { judgement: 'evaluate-policies', input: { facts, policies, now }, verdict: judged },
  };
};
