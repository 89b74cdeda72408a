import type { FactorProof } from '@sallyport/model/facts';
import type { PolicyClause, PolicyExpression } from '@sallyport/model/policy-expression';

export type Answer = 'yes' | 'no' | 'unknown';

/** What an expression reads; `undefined` is unknown. */
export interface ExpressionFacts {
  readonly profile: Readonly<Record<string, unknown>> | undefined;
  /** What of the profile was looked up; `undefined`: all that was to be. */
  readonly profileAttributes: readonly string[] | undefined;
  readonly groups: ReadonlySet<string> | undefined;
  readonly groupNames: ReadonlySet<string> | undefined;
  readonly proofs: readonly FactorProof[] | undefined;
  readonly riskLevel: string | undefined;
  readonly behaviorNames: ReadonlySet<string> | undefined;
  readonly deviceIsManaged: boolean | undefined;
  readonly deviceIsRegistered: boolean | undefined;
}
export type ExpressionTest = (facts: ExpressionFacts) => Answer;

const answer = (value: boolean | undefined): Answer => (value === undefined ? 'unknown' : value ? 'yes' : 'no');

/** RFC 8176: `pwd`, `otp`, `hwk` or `swk` with `pop`, `user` for PIN or biometric, `mfa` for two factors. */
const methodsOf = (proofs: readonly FactorProof[]): ReadonlySet<string> => {
  const methods = new Set<string>();
  for (const { kind, isDeviceBound, isUserVerified, isPhishingResistant } of proofs) {
    if (kind === 'password') methods.add('pwd');
    else if (kind === 'totp') methods.add('otp');
    else methods.add(isDeviceBound ? 'hwk' : 'swk').add('pop');
    if (isPhishingResistant) methods.add('phr');
    if (isUserVerified) methods.add('user');
  }
  const hasThing = proofs.some(({ kind }) => kind !== 'password');
  if (hasThing && (methods.has('pwd') || methods.has('user'))) methods.add('mfa');
  return methods;
};

type ProfileClause = Extract<PolicyClause, { kind: 'profile' }>;
/** Text with regard to case; an attribute that is missing equals null only; of a list an element that equals is enough. */
const holds = ({ attribute, op, value }: ProfileClause, profile: Readonly<Record<string, unknown>>): boolean => {
  const found = Object.hasOwn(profile, attribute) ? (profile[attribute] ?? null) : null;
  const isSame = Array.isArray(found) ? found.includes(value) : found === value;
  if (op === '==') return isSame;
  if (op === '!=') return !isSame;
  if (op === 'contains')
    return Array.isArray(found) ? isSame : typeof found === 'string' && found.includes(String(value));
  if (op === 'startsWith') return typeof found === 'string' && found.startsWith(String(value));
  if (typeof found !== 'number' || typeof value !== 'number') return false;
  if (op === '<') return found < value;
  if (op === '<=') return found <= value;
  return op === '>' ? found > value : found >= value;
};

const testOfClause = (clause: PolicyClause): ExpressionTest => {
  switch (clause.kind) {
    case 'always':
      return () => answer(clause.value);
    case 'profile':
      return ({ profile, profileAttributes }) =>
        answer(profileAttributes?.includes(clause.attribute) === false ? undefined : profile && holds(clause, profile));
    case 'memberOf':
      return (facts) => {
        const held = clause.by === 'id' ? facts.groups : facts.groupNames;
        return answer(held && clause.groups.some((group) => held.has(group)));
      };
    case 'risk':
      return ({ riskLevel }) => answer(riskLevel === undefined ? undefined : riskLevel === clause.level);
    case 'behavior':
      return ({ behaviorNames }) => answer(behaviorNames?.has(clause.name));
    case 'amr':
      return ({ proofs }) => answer(proofs && methodsOf(proofs).has(clause.value));
    case 'deviceIsManaged':
      return ({ deviceIsManaged }) => answer(deviceIsManaged);
    case 'deviceIsRegistered':
      return ({ deviceIsRegistered }) => answer(deviceIsRegistered);
  }
};

const OPPOSITE = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;

/**
 * An expression made ready for judging. What is not known stays unknown unless the rest decides without it: `a || b` holds
 * when `a` does, whatever `b` is.
 */
export const compileExpression = (expression: PolicyExpression): ExpressionTest => {
  if (expression.kind === 'not') {
    const test = compileExpression(expression.of);
    return (facts) => OPPOSITE[test(facts)];
  }
  if (!('of' in expression)) return testOfClause(expression);
  const tests = expression.of.map(compileExpression);
  const [decisive, otherwise] = expression.kind === 'and' ? (['no', 'yes'] as const) : (['yes', 'no'] as const);
  return (facts) => {
    let found: Answer = otherwise;
    for (const test of tests) {
      const each = test(facts);
      if (each === decisive) return decisive;
      if (each === 'unknown') found = 'unknown';
    }
    return found;
  };
};

/** What must be known of a person to judge an expression. */
export interface AskedOfPeople {
  readonly attributes: readonly string[];
  readonly groupIds: readonly string[];
  readonly groupNames: readonly string[];
}
const clausesOf = (expression: PolicyExpression): readonly PolicyClause[] => {
  if (expression.kind === 'not') return clausesOf(expression.of);
  return 'of' in expression ? expression.of.flatMap(clausesOf) : [expression];
};
export const askedOfPeople = (expressions: readonly PolicyExpression[]): AskedOfPeople => {
  const clauses = expressions.flatMap(clausesOf);
  const groupsBy = (by: 'id' | 'name'): readonly string[] => [
    ...new Set(clauses.flatMap((clause) => (clause.kind === 'memberOf' && clause.by === by ? clause.groups : []))),
  ];
  return {
    attributes: [...new Set(clauses.flatMap((clause) => (clause.kind === 'profile' ? [clause.attribute] : [])))],
    groupIds: groupsBy('id'),
    groupNames: groupsBy('name'),
  };
};
