import { evaluatePolicy, type PolicyJudgement } from '@sallyport/decide/policies/evaluate-policy';
import { ApiError } from '@sallyport/model/errors';
import type { Facts } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { policyTarget } from './policy-targets.ts';

/**
 * Judges the global session policy on the facts of a sign-in. `isUnderWay`: a further authenticator may still come, so that
 * only what none would mend is refused. A refusal is an event that keeps the verdict. Errors: E0000085 with the reasons.
 */
export const judgeSignOn = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  facts: Facts,
  { isUnderWay }: { readonly isUnderWay: boolean },
): Promise<PolicyJudgement> => {
  const now = s.clock.now();
  const policy = await s.policies.globalSession();
  const judged = evaluatePolicy(facts, policy, now);
  const { verdict, matchedRuleId } = judged;
  if (verdict.kind === 'allow' || (isUnderWay && verdict.kind === 'step_up')) return judged;
  const reason = verdict.reasons.map(sentenceOf).join(' ');
  const reference = await s.store.transaction((tx) =>
    recordEvent(
      s,
      tx,
      principal,
      {
        eventType: 'policy.evaluate_sign_on',
        actor: userAsActor(user),
        outcome: { result: verdict.kind === 'deny' ? 'DENY' : 'CHALLENGE', reason },
        target: [policyTarget(policy, matchedRuleId)],
      },
      { judgement: 'evaluate-policy', input: { facts, policy, now }, verdict: judged },
    ),
  );
  throw new ApiError('E0000085', {
    causes: [reason],
    detail: 'global session policy',
    extra: { sallyport: { kind: 'denied', reasons: verdict.reasons, reference } },
  });
};
