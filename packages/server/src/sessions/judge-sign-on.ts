import type { PolicyJudgement } from '@sallyport/decide/policies/evaluate-policy';
import { SEALED_SECRET } from '@sallyport/model/break-glass';
import { ApiError } from '@sallyport/model/errors';
import type { Facts } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { recordUse } from '../break-glass/record-use.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { judgeGlobalPolicies } from './judge-policies.ts';

/**
 * Judges the global session policies on the facts of a sign-in. `isUnderWay`: a further authenticator may still come, so
 * that only what none would mend is refused. A refusal is an event that keeps the verdict, and of a break-glass account an
 * alarm. Errors: E0000085 with the reasons.
 */
export const judgeSignOn = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  facts: Facts,
  { isUnderWay }: { readonly isUnderWay: boolean },
): Promise<PolicyJudgement> => {
  const { judged, outcome, targets, evidence } = await judgeGlobalPolicies(s, facts, s.clock.now());
  const { verdict } = judged;
  if (verdict.kind === 'allow' || (isUnderWay && verdict.kind === 'step_up')) return judged;
  const reference = await s.store.transaction(async (tx) => {
    const eventId = await recordEvent(
      s,
      tx,
      principal,
      { eventType: 'policy.evaluate_sign_on', actor: userAsActor(user), outcome, target: targets },
      evidence,
    );
    await recordUse(s, tx, principal, user, {
      step: 'refused',
      reason: verdict.reasons[0] ?? 'policy-no-match',
      isSecretTyped: facts.proofs?.value.some(({ factorId }) => factorId === SEALED_SECRET) === true,
    });
    return eventId;
  });
  throw new ApiError('E0000085', {
    causes: [outcome.reason],
    detail: 'global session policy',
    extra: { sallyport: { kind: 'denied', reasons: verdict.reasons, reference } },
  });
};
