import type { FactorProof, Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import { allowsByRule } from './allows-by-rule.ts';
import { evaluatePolicies, evaluatePolicy, type PoliciesJudgement, type PolicyJudgement } from './evaluate-policy.ts';
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

/** One sign-in that was tried, and what both policies say of it at its end. */
export interface TriedSignIn {
  readonly facts: Facts;
  readonly proofs: readonly FactorProof[];
  /** Not denied by the global session policies halfway, and both let them in at the end. */
  readonly isIn: boolean;
  readonly session: PoliciesJudgement;
  readonly console: PolicyJudgement;
}

/**
 * Every sign-in of a person that there is: from each place, in each browser, by all that they can prove now. Judged by the
 * same functions as a real one, step by step: the global session policies after the password and at the end, the console's
 * own at the end. Free are the place and the browser; the person is given, and so is what they can prove. Device, risk and
 * behaviour stay unknown: a way that needs them is none, for nobody can bring them about.
 */
export const trySignIns = function* (
  { signIns, ...somebody }: WaysToTry,
  { global, console }: ConsolePolicies,
  now: Instant,
): Generator<TriedSignIn> {
  for (const request of requestsOf(somebody, [console, ...global], now))
    for (const proofs of signIns) {
      const facts = withProofs(request, proofs, now);
      const first = evaluatePolicies(withProofs(request, proofs.slice(0, 1), now), global, now);
      const session = evaluatePolicies(facts, global, now);
      const atConsole = evaluatePolicy(facts, console, now);
      const isIn =
        first.verdict.kind !== 'deny' && session.verdict.kind === 'allow' && atConsole.verdict.kind === 'allow';
      yield { facts, proofs, isIn, session: first.verdict.kind === 'deny' ? first : session, console: atConsole };
    }
};

/** Facts under which a person could sign in and open the Admin Console now; null where there are none. */
export const findWayIn = (ways: WaysToTry, policies: ConsolePolicies, now: Instant): Facts | null => {
  for (const { isIn, facts } of trySignIns(ways, policies, now)) if (isIn) return facts;
  return null;
};

/** A way in: rules that let somebody in together, and by what. */
export interface WayIn {
  readonly consoleRuleId: string;
  readonly sessionRuleId: string;
  /** Authenticators with which it goes, alone or only beside the password. */
  readonly factors: ReadonlyMap<string, 'alone' | 'with-password'>;
  /** Where it was found first. */
  readonly facts: Facts;
}
/** All ways of somebody into the console; where there is none, the sign-in that came furthest (null: none can be tried). */
export interface WaysIn {
  readonly ways: readonly WayIn[];
  readonly furthest: TriedSignIn | null;
}

const reach = ({ session, console }: TriedSignIn): number =>
  (session.verdict.kind === 'allow' ? 2 : 0) + (console.verdict.kind === 'step_up' ? 1 : 0);

/** Tries them all, so it takes longer than finding out whether there is one. */
export const findWaysIn = (somebody: WaysToTry, policies: ConsolePolicies, now: Instant): WaysIn => {
  const ways = new Map<string, WayIn & { readonly factors: Map<string, 'alone' | 'with-password'> }>();
  let furthest: TriedSignIn | null = null;
  for (const tried of trySignIns(somebody, policies, now)) {
    if (furthest === null || reach(tried) > reach(furthest)) furthest = tried;
    const { isIn, facts, proofs, session, console } = tried;
    if (!isIn) continue;
    const [consoleRuleId, sessionRuleId] = [console.matchedRuleId ?? '', session.matchedRuleId ?? ''];
    const key = `${consoleRuleId} ${sessionRuleId}`;
    const way = ways.get(key) ?? { consoleRuleId, sessionRuleId, factors: new Map(), facts };
    ways.set(key, way);
    const isAlone = proofs.every(({ kind }) => kind !== 'password');
    for (const { kind, factorId } of proofs)
      if (kind !== 'password' && way.factors.get(factorId) !== 'alone')
        way.factors.set(factorId, isAlone ? 'alone' : 'with-password');
  }
  return { ways: [...ways.values()], furthest: ways.size > 0 ? null : furthest };
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
