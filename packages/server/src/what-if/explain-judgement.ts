import { evaluatePolicy, type PolicyJudgement, type SkippedRule } from '@sallyport/decide/policies/evaluate-policy';
import { weakestAuthenticators } from '@sallyport/decide/policies/prove-policy';
import { CONDITION_FACTS, FACT_WORDS } from '@sallyport/model/fact-words';
import { type Facts, valueAt } from '@sallyport/model/facts';
import { type Instant, toIso } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import { AUTHENTICATORS } from '@sallyport/model/policy-proof';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';

type RuleStatus = 'MATCH' | 'NOT_MATCH' | 'UNDEFINED' | 'NOT_READ' | 'INACTIVE';

/** Why a rule did not apply, after its name. */
export const sentenceOfSkipped = ({ condition, isUnknown }: SkippedRule): string => {
  const { words, otherwise } = CONDITION_FACTS[condition];
  return isUnknown ? `It asks for ${words}, which is not known.` : otherwise;
};

/** Every rule in the order of the reading: what became of it, and the first condition that did not hold. */
const explainRules = (policy: Policy, judged: PolicyJudgement) => {
  const inOrder = policy.rules.toSorted((a, b) => a.priority - b.priority);
  const matchedAt = inOrder.findIndex(({ id }) => id === judged.matchedRuleId);
  return inOrder.map(({ id, name, isActive }, place) => {
    const skipped = judged.skipped.find(({ ruleId }) => ruleId === id);
    const status: RuleStatus = !isActive
      ? 'INACTIVE'
      : place === matchedAt
        ? 'MATCH'
        : skipped === undefined
          ? 'NOT_READ'
          : skipped.isUnknown
            ? 'UNDEFINED'
            : 'NOT_MATCH';
    if (skipped === undefined) return { id, name, status, failed: null };
    const { path } = CONDITION_FACTS[skipped.condition];
    const sentence = sentenceOfSkipped(skipped);
    return { id, name, status, failed: { condition: path, isUnknown: skipped.isUnknown, sentence } };
  });
};

/** A value in words, with ids as ids. */
const shownOf = (value: unknown): string => {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shownOf).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { kind, asn, organisation, prefix, grantId } = value as Readonly<Record<string, unknown>>;
  if (asn !== undefined) return `AS${String(asn)} ${String(organisation)}`;
  return String(prefix ?? kind ?? grantId ?? JSON.stringify(value));
};

/** Of whoever is no break-glass account there is nothing to know of a seal, and of a person nothing of maintenance. */
const OF_FEW: readonly (keyof Facts)[] = ['breakGlass', 'maintenance'];
const namesToExplain = (facts: Facts): readonly (keyof Facts)[] =>
  (Object.keys(FACT_WORDS) as (keyof Facts)[]).filter((name) => !OF_FEW.includes(name) || facts[name] !== undefined);

const explainFacts = (facts: Facts, now: Instant) =>
  namesToExplain(facts).map((name) => {
    const fact = facts[name];
    const value = valueAt<unknown>(fact, now);
    return {
      name,
      words: FACT_WORDS[name],
      value: value ?? null,
      shown: shownOf(value),
      isKnown: value !== undefined,
      source: fact?.source ?? null,
      observedAt: fact === undefined ? null : toIso(fact.observedAt),
    };
  });

/** What a policy decides on facts, by the judgement that every sign-in passes, with its reasons in words. */
export const explainJudgement = async (s: Services, facts: Facts, policy: Policy, now: Instant) => {
  const judged = evaluatePolicy(facts, policy, now);
  const { verdict } = judged;
  const rule = policy.rules.find(({ id }) => id === judged.matchedRuleId);
  const userId = valueAt(facts.userId, now);
  const person = await s.store.read
    .selectFrom('users')
    .select(['id', 'login'])
    .where('id', '=', userId ?? '')
    .executeTakeFirst();
  const isUnsure = facts.proofs === undefined && verdict.kind === 'step_up';
  return {
    policy: { id: policy.id, name: policy.name, version: policy.version, isActive: policy.isActive },
    at: toIso(now),
    /** Null: it is about nobody, or the account is gone. */
    person: person ?? null,
    verdict: verdict.kind,
    sentences: [
      ...verdict.reasons.map(sentenceOf),
      ...(isUnsure ? ['No authenticator was named: it is judged as if none was used.'] : []),
    ],
    /** The least that would do; empty unless more is asked for than was proved. */
    needs: verdict.kind === 'step_up' ? weakestAuthenticators(verdict.need).map((name) => AUTHENTICATORS[name]) : [],
    rule: rule === undefined ? null : { id: rule.id, name: rule.name },
    rules: explainRules(policy, judged),
    facts: explainFacts(facts, now),
  };
};
