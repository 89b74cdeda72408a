import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
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

const asksPlatform = ({ global, console }: ConsolePolicies): boolean =>
  [console, ...global].some(({ rules }) => rules.some(({ conditions }) => (conditions.platforms ?? []).length > 0));

/**
 * Facts under which a person could sign in and open the Admin Console now; null where there are none. Judged by the same
 * functions as a real sign-in, step by step: the global session policies after the password and at the end, the console's
 * own at the end. Free are the place and the browser; the person is given, and so is what they can prove. Device, risk and
 * behaviour stay unknown: a way that needs them is none, for nobody can bring them about.
 */
export const findWayIn = (
  { person, signIns, places }: WaysToTry,
  policies: ConsolePolicies,
  now: Instant,
): Facts | null => {
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'what if', observedAt: now, expiresAt: null });
  const userAgents = asksPlatform(policies) ? EXAMPLE_USER_AGENTS : EXAMPLE_USER_AGENTS.slice(0, 1);
  for (const place of places)
    for (const userAgent of userAgents)
      for (const proofs of signIns) {
        const facts: Facts = { ...person, ...place, userAgent: fact(userAgent), proofs: fact(proofs) };
        const first = { ...facts, proofs: fact(proofs.slice(0, 1)) };
        const isStopped = evaluatePolicies(first, policies.global, now).verdict.kind === 'deny';
        if (
          !isStopped &&
          evaluatePolicies(facts, policies.global, now).verdict.kind === 'allow' &&
          evaluatePolicy(facts, policies.console, now).verdict.kind === 'allow'
        )
          return facts;
      }
  return null;
};
