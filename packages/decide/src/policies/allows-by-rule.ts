import type { Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import { evaluatePolicies } from './evaluate-policy.ts';

/**
 * Do policies that hold for people (decision 32) let somebody do a thing by themselves? The first rule that matches says so;
 * where none does it is no.
 */
export const allowsByRule = (facts: Facts, policies: readonly Policy[], now: Instant): boolean => {
  const { matchedRuleId } = evaluatePolicies(facts, policies, now);
  return policies.some(({ rules }) => rules.some(({ id, access }) => id === matchedRuleId && access === 'ALLOW'));
};
