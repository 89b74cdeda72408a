import { askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import type { Facts } from '@sallyport/model/facts';
import type { Policy } from '@sallyport/model/policy';

/**
 * Facts that were kept with a verdict, for a policy that may ask for more than was asked then. Of before it was kept what
 * had been looked up, it is known that whatever the policy of the time asked for had been: of any other attribute nothing
 * is known, and it must not be taken for one that is missing.
 */
export const keptFacts = (facts: Facts, { rules }: Policy): Facts => {
  const { profile, profileAttributes } = facts;
  if (profile === undefined || profileAttributes !== undefined) return facts;
  const { attributes } = askedOfPeople(rules.flatMap(({ conditions }) => conditions.expression ?? []));
  return {
    ...facts,
    profileAttributes: { ...profile, value: [...new Set([...attributes, ...Object.keys(profile.value)])] },
  };
};
