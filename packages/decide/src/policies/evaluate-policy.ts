import { type Fact, type FactorProof, type Facts, valueAt } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy, PolicyRule, RuleConditions, Selection } from '@sallyport/model/policy';
import type { Assurance, Verdict } from '@sallyport/model/verdict';

export type Condition = keyof RuleConditions;
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

type Answer = 'yes' | 'no' | 'unknown';

/** `open` are the ids of which it is not known whether they are among `ids`. */
const selects = (
  { include, exclude }: Selection,
  ids: readonly string[] | undefined,
  open: readonly string[] = [],
): Answer => {
  if (include.length === 0 && exclude.length === 0) return 'yes';
  if (ids === undefined) return 'unknown';
  if (ids.some((id) => exclude.includes(id))) return 'no';
  const isIncluded = include.length === 0 || ids.some((id) => include.includes(id));
  if (!isIncluded && !open.some((id) => include.includes(id))) return 'no';
  return isIncluded && !open.some((id) => exclude.includes(id)) ? 'yes' : 'unknown';
};

const equals = <T>(fact: Fact<T> | undefined, wanted: T, now: Instant): Answer => {
  const value = valueAt(fact, now);
  if (value === undefined) return 'unknown';
  return value === wanted ? 'yes' : 'no';
};

const one = (id: string | undefined): string[] | undefined => (id === undefined ? undefined : [id]);

const answersOf = (conditions: RuleConditions, facts: Facts, now: Instant): [Condition, Answer][] => {
  const { users, groups, zones, holdsAdminRole, deviceIsRegistered, deviceIsManaged, riskLevel } = conditions;
  const answers: [Condition, Answer][] = [];
  if (users !== undefined) answers.push(['users', selects(users, one(valueAt(facts.userId, now)))]);
  if (groups !== undefined) answers.push(['groups', selects(groups, valueAt(facts.groupIds, now))]);
  if (zones !== undefined)
    answers.push(['zones', selects(zones, valueAt(facts.zoneIds, now), valueAt(facts.unknownZoneIds, now))]);
  if (holdsAdminRole !== undefined) answers.push(['holdsAdminRole', equals(facts.holdsAdminRole, holdsAdminRole, now)]);
  if (deviceIsRegistered !== undefined)
    answers.push(['deviceIsRegistered', equals(facts.deviceIsRegistered, deviceIsRegistered, now)]);
  if (deviceIsManaged !== undefined)
    answers.push(['deviceIsManaged', equals(facts.deviceIsManaged, deviceIsManaged, now)]);
  if (riskLevel !== undefined) answers.push(['riskLevel', equals(facts.risk, riskLevel, now)]);
  return answers;
};

const isFresh = (proof: FactorProof, maxAgeSeconds: number | null, now: Instant, newestAt: Instant): boolean => {
  if (maxAgeSeconds === null) return true;
  // Zero asks for a proof in this very sign-in: the newest there is. An age of nothing could never be met.
  if (maxAgeSeconds === 0) return proof.provedAt === newestAt;
  return now - proof.provedAt <= maxAgeSeconds * 1000;
};

/**
 * Do the proofs give what a rule asks? A possession factor that verified its holder (PIN or biometric) counts as two
 * factors (NIST SP 800-63B-4 §2.2.1); all qualities are asked of one and the same possession factor.
 */
export const meetsAssurance = (proofs: readonly FactorProof[], need: Assurance, now: Instant): boolean => {
  const newestAt = Math.max(...proofs.map((proof) => proof.provedAt));
  const fresh = proofs.filter((proof) => isFresh(proof, need.maxAgeSeconds, now, newestAt));
  const possessions = fresh.filter((proof) => proof.kind !== 'password');
  const qualified = possessions.filter(
    (proof) =>
      (!need.isPhishingResistantRequired || proof.isPhishingResistant) &&
      (!need.isDeviceBoundRequired || proof.isDeviceBound) &&
      (!need.isUserVerificationRequired || proof.isUserVerified),
  );
  const asksPossession =
    need.isPossessionRequired ||
    need.isPhishingResistantRequired ||
    need.isDeviceBoundRequired ||
    need.isUserVerificationRequired;
  if (asksPossession && qualified.length === 0) return false;
  if (need.factors === 1) return fresh.length > 0;
  const knowsSecret = proofs.some((proof) => proof.kind === 'password');
  return qualified.some((proof) => proof.isUserVerified || knowsSecret);
};

const judgeRule = (rule: PolicyRule, facts: Facts, now: Instant): Verdict => {
  if (rule.access === 'DENY') return { kind: 'deny', reasons: ['policy-rule-matched'] };
  return meetsAssurance(valueAt(facts.proofs, now) ?? [], rule.assurance, now)
    ? { kind: 'allow', reasons: ['policy-rule-matched', 'assurance-met'] }
    : { kind: 'step_up', reasons: ['policy-rule-matched', 'assurance-missing'], need: rule.assurance };
};

/**
 * The first active rule, by priority, whose conditions all hold decides. A condition whose fact is unknown does not
 * hold for a rule that allows, and holds for one that denies: what is not known never opens a door (design §4.2).
 * No rule, or a policy that is switched off: denied. A service account is denied by every policy, whatever the rules say:
 * nobody signs in as it. Verdicts of before there were any have no such fact.
 */
export const evaluatePolicy = (facts: Facts, policy: Policy, now: Instant): PolicyJudgement => {
  if (valueAt(facts.isServiceAccount, now) === true)
    return { verdict: { kind: 'deny', reasons: ['service-account'] }, matchedRuleId: null, skipped: [] };
  const skipped: SkippedRule[] = [];
  const rules = policy.isActive
    ? policy.rules.filter((rule) => rule.isActive).toSorted((a, b) => a.priority - b.priority)
    : [];
  for (const rule of rules) {
    const failing = answersOf(rule.conditions, facts, now).find(
      ([, answer]) => answer === 'no' || (answer === 'unknown' && rule.access === 'ALLOW'),
    );
    if (failing === undefined) return { verdict: judgeRule(rule, facts, now), matchedRuleId: rule.id, skipped };
    skipped.push({ ruleId: rule.id, condition: failing[0], isUnknown: failing[1] === 'unknown' });
  }
  return { verdict: { kind: 'deny', reasons: ['policy-no-match'] }, matchedRuleId: null, skipped };
};
