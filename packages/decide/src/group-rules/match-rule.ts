import type { RuleTest, RuleValue } from './parse-rule.ts';

export interface RuleFacts {
  readonly profile: Readonly<Record<string, unknown>>;
  /**
   * The groups that people put this person in. Those that rules gave are left out: otherwise a rule could undo its own
   * ground, and what somebody is in would depend on the order in which rules ran.
   */
  readonly groupIds: readonly string[];
}

const valueIn = ({ profile }: RuleFacts, attribute: string): unknown =>
  Object.hasOwn(profile, attribute) ? (profile[attribute] ?? null) : null;

/** An element of a list that equals is as good as a value that does. */
const equals = (found: unknown, value: RuleValue): boolean =>
  Array.isArray(found) ? found.includes(value) : found === value;

const compare = (found: unknown, op: '<' | '<=' | '>' | '>=', value: RuleValue): boolean => {
  if (typeof found !== 'number' || typeof value !== 'number') return false;
  if (op === '<') return found < value;
  if (op === '<=') return found <= value;
  return op === '>' ? found > value : found >= value;
};

/** Does the rule hold for this person? Text is compared with regard to case; a missing value equals null only. */
export const matchRule = (test: RuleTest, facts: RuleFacts): boolean => {
  switch (test.kind) {
    case 'and':
      return test.of.every((part) => matchRule(part, facts));
    case 'or':
      return test.of.some((part) => matchRule(part, facts));
    case 'not':
      return !matchRule(test.of, facts);
    case 'memberOf':
      return test.groupIds.some((id) => facts.groupIds.includes(id));
    case 'compare': {
      const found = valueIn(facts, test.attribute);
      if (test.op === '==') return equals(found, test.value);
      return test.op === '!=' ? !equals(found, test.value) : compare(found, test.op, test.value);
    }
    default: {
      const found = valueIn(facts, test.attribute);
      if (typeof found !== 'string') return false;
      return test.kind === 'startsWith' ? found.startsWith(test.value) : found.includes(test.value);
    }
  }
};
