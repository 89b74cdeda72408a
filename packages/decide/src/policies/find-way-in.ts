import type { FactorProof, Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import { allowsByRule } from './allows-by-rule.ts';
import { evaluatePolicies, evaluatePolicy } from './evaluate-policy.ts';
import { EXAMPLE_USER_AGENTS } from './find-facts.ts';

/** The policies that stand between a person and the Admin Console. */
export interface ConsolePolicies {
  /** The global session policies, in their order. */
  readonly global: readonly Policy[];
  readonly console: Policy;
}
export interface WaysToTry {
  /** What is known of the person, wherever they are. */
  readonly person: Facts;
  /** What each sign-in that they can do now would prove. */
  readonly signIns: readonly (readonly FactorProof[])[];
  /** What is known of a request from each place that there is. */
  readonly places: Iterable<Facts>;
}

/** What is known of a request of somebody, from each place and in each browser that the policies could tell apart. */
const requestsOf = function* (
  { person, places }: Pick<WaysToTry, 'person' | 'places'>,
  policies: readonly Policy[],
  now: Instant,
): Generator<Facts> {
  const asksPlatform = policies.some(({ rules }) =>
    rules.some(({ conditions }) => (conditions.platforms ?? []).length > 0),
  );
  const userAgents = asksPlatform ? EXAMPLE_USER_AGENTS : EXAMPLE_USER_AGENTS.slice(0, 1);
  for (const place of places)
    for (const userAgent of userAgents)
      yield {
        ...person,
        ...place,
        userAgent: { value: userAgent, source: 'what if', observedAt: now, expiresAt: null },
      };
};

const withProofs = (facts: Facts, proofs: readonly FactorProof[], now: Instant): Facts => ({
  ...facts,
  proofs: { value: proofs, source: 'what if', observedAt: now, expiresAt: null },
});

/**
 * Facts under which a person could sign in and open the Admin Console now; null where there are none. Judged by the same
 * functions as a real sign-in, step by step: the global session policies after the password and at the end, the console's
 * own at the end. Free are the place and the browser; the person is given, and so is what they can prove. Device, risk and
 * behaviour stay unknown: a way that needs them is none, for nobody can bring them about.
 */
export const findWayIn = (
  { signIns, ...somebody }: WaysToTry,
  { global, console }: ConsolePolicies,
  now: Instant,
): Facts | null => {
  for (const request of requestsOf(somebody, [console, ...global], now))
    for (const proofs of signIns) {
      const facts = withProofs(request, proofs, now);
      const first = withProofs(request, proofs.slice(0, 1), now);
      if (
        evaluatePolicies(first, global, now).verdict.kind !== 'deny' &&
        evaluatePolicies(facts, global, now).verdict.kind === 'allow' &&
        evaluatePolicy(facts, console, now).verdict.kind === 'allow'
      )
        return facts;
    }
  return null;
};

export interface PasswordToRenew {
  readonly password: FactorProof;
  /** The policies of passwords, in their order: their rules say from where one is changed. */
  readonly passwords: readonly Policy[];
}

/**
 * Facts under which somebody could choose another password once theirs is too old; null where there are none. It is a step
 * of a sign-in: the rules of passwords must allow it from there, and the global session policies must let the password pass.
 */
export const findPlaceToRenew = (
  somebody: Pick<WaysToTry, 'person' | 'places'>,
  { password, passwords }: PasswordToRenew,
  global: readonly Policy[],
  now: Instant,
): Facts | null => {
  for (const request of requestsOf(somebody, [...passwords, ...global], now))
    if (
      allowsByRule(withProofs(request, [], now), passwords, now) &&
      evaluatePolicies(withProofs(request, [password], now), global, now).verdict.kind !== 'deny'
    )
      return request;
  return null;
};
