import { type Facts, valueAt } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy, PolicyRule } from '@sallyport/model/policy';
import type { Verdict } from '@sallyport/model/verdict';
import { judgeBreakGlass } from '../break-glass/judge-break-glass.ts';
import { type CompiledPolicy, type Condition, compilePolicy } from './compile-policy.ts';
import { meetsAssurance } from './meets-assurance.ts';

export interface SkippedRule {
  readonly ruleId: string;
  /** The first condition that did not hold, and whether its fact was known. */
  readonly condition: Condition;
  readonly isUnknown: boolean;
}
export interface PolicyJudgement {
  readonly verdict: Verdict;
  readonly matchedRuleId: string | null;
  /** Rules of higher priority that did not apply, and why. */
  readonly skipped: readonly SkippedRule[];
}

/** A policy never changes: another version is another value. */
const compiled = new WeakMap<Policy, CompiledPolicy>();
const compiledOf = (policy: Policy): CompiledPolicy => {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const made = compilePolicy(policy);
  compiled.set(policy, made);
  return made;
};

const judgeRule = (rule: PolicyRule, facts: Facts, now: Instant): Verdict => {
  if (rule.access === 'DENY') return { kind: 'deny', reasons: ['policy-rule-matched'] };
  return meetsAssurance(valueAt(facts.proofs, now) ?? [], rule.assurance, now)
    ? { kind: 'allow', reasons: ['policy-rule-matched', 'assurance-met'] }
    : { kind: 'step_up', reasons: ['policy-rule-matched', 'assurance-missing'], need: rule.assurance };
};

const SERVICE_ACCOUNT: PolicyJudgement = {
  verdict: { kind: 'deny', reasons: ['service-account'] },
  matchedRuleId: null,
  skipped: [],
};

/** May somebody sign in as it for now? Then rules that name it decide (decision 0049). */
const isMaintained = (facts: Facts, now: Instant): boolean =>
  valueAt(facts.isServiceAccount, now) === true && valueAt(facts.maintenance, now) !== undefined;

/** A rule that names the account itself; what is for everybody, or for a group, is for people. */
const doesName = ({ conditions }: PolicyRule, facts: Facts, now: Instant): boolean => {
  const userId = valueAt(facts.userId, now);
  return userId !== undefined && conditions.users?.include.includes(userId) === true;
};

/** Judged before any rule is looked at; null: the rules decide. */
const judgeBeforeRules = (facts: Facts, now: Instant): PolicyJudgement | null => {
  const seal = valueAt(facts.breakGlass, now);
  if (valueAt(facts.isServiceAccount, now) === true && (seal !== undefined || !isMaintained(facts, now)))
    return SERVICE_ACCOUNT;
  return seal === undefined ? null : { verdict: judgeBreakGlass(facts, seal, now), matchedRuleId: null, skipped: [] };
};

const noneMatched = (facts: Facts, now: Instant): Verdict => ({
  kind: 'deny',
  reasons: [isMaintained(facts, now) ? 'service-account-no-rule' : 'policy-no-match'],
});

/**
 * The first active rule, by priority, whose conditions all hold decides. A condition whose fact is unknown does not
 * hold for a rule that allows, and holds for one that denies: what is not known never opens a door (design §4.2).
 * No rule, or a policy that is switched off: denied. A service account is denied by every policy, whatever the rules say:
 * nobody signs in as it. While it is under maintenance, of the rules that allow only those that name it are for it, and
 * those that deny hold as for anybody. A break-glass account has a sealed policy of its own wherever it goes: no rule
 * shuts it out, and none lets it in. Verdicts of before there were any have no such facts.
 */
export const evaluatePolicy = (facts: Facts, policy: Policy, now: Instant): PolicyJudgement => {
  const before = judgeBeforeRules(facts, now);
  if (before !== null) return before;
  const { rules, knownAt } = compiledOf(policy);
  const known = knownAt(facts, now);
  const skipped: SkippedRule[] = [];
  const isNamedAlone = isMaintained(facts, now);
  for (const { rule, tests } of rules) {
    if (isNamedAlone && rule.access === 'ALLOW' && !doesName(rule, facts, now)) {
      skipped.push({ ruleId: rule.id, condition: 'users', isUnknown: false });
      continue;
    }
    let failing: SkippedRule | null = null;
    for (const { condition, holds } of tests) {
      const answer = holds(known);
      if (answer === 'yes' || (answer === 'unknown' && rule.access === 'DENY')) continue;
      failing = { ruleId: rule.id, condition, isUnknown: answer === 'unknown' };
      break;
    }
    if (failing === null) return { verdict: judgeRule(rule, facts, now), matchedRuleId: rule.id, skipped };
    skipped.push(failing);
  }
  return { verdict: noneMatched(facts, now), matchedRuleId: null, skipped };
};

export interface PoliciesJudgement extends PolicyJudgement {
  /** The policy whose rule decided; null where none did. */
  readonly policyId: string | null;
}

/**
 * Several policies of a type, by priority: one that is for somebody else is passed over, and so is one of which no rule
 * matches. Where it is not known whether a policy is for this person, nothing further down may let them in.
 */
export const evaluatePolicies = (facts: Facts, policies: readonly Policy[], now: Instant): PoliciesJudgement => {
  const before = judgeBeforeRules(facts, now);
  if (before !== null) return { ...before, policyId: null };
  const skipped: SkippedRule[] = [];
  for (const policy of policies) {
    const { audience, knownAt } = compiledOf(policy);
    const answer = !policy.isActive ? 'no' : audience === null ? 'yes' : audience(knownAt(facts, now));
    if (answer === 'no') continue;
    if (answer === 'unknown') break;
    const judged = evaluatePolicy(facts, policy, now);
    skipped.push(...judged.skipped);
    if (judged.matchedRuleId !== null) return { ...judged, skipped, policyId: policy.id };
  }
  return { verdict: noneMatched(facts, now), matchedRuleId: null, skipped, policyId: null };
};
