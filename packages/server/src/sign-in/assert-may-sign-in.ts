import type { PolicyJudgement } from '@sallyport/decide/policies/evaluate-policy';
import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { gatherFacts } from '../sessions/gather-facts.ts';
import { judgeSignOn } from '../sessions/judge-sign-on.ts';
import type { Row } from '../store/tables.ts';

/**
 * Refuses a sign-in that has proved something where the global session policy denies this person, whatever they would prove
 * besides: a service account, a rule that denies. The step after would say the same, after one more touch. What is returned
 * allows, or asks for more. Errors: E0000085.
 */
export const assertMaySignIn = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  proofs: readonly FactorProof[],
  holdsAdminRole: boolean,
): Promise<PolicyJudgement> => {
  const { network } = principal.request;
  if (network === null) throw new ApiError('E0000085', { detail: 'address-unknown' });
  const facts = await gatherFacts(s, principal, user, proofs, holdsAdminRole, network);
  return judgeSignOn(s, principal, user, facts, { isUnderWay: true });
};
