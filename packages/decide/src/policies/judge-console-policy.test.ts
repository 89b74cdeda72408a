import type { PolicyRule } from '@sallyport/model/policy';
import type { Assurance } from '@sallyport/model/verdict';
import { describe, expect, it } from 'vitest';
import { judgeConsolePolicy } from './judge-console-policy.ts';

const TWO: Assurance = {
  factors: 2,
  isPossessionRequired: true,
  isPhishingResistantRequired: true,
  isDeviceBoundRequired: true,
  isUserVerificationRequired: true,
  maxAgeSeconds: 0,
};
const ONE: Assurance = { ...TWO, factors: 1 };
const rule = (more: Partial<PolicyRule>): PolicyRule => ({
  id: 'r',
  name: 'r',
  priority: 1,
  isActive: true,
  conditions: {},
  access: 'ALLOW',
  assurance: TWO,
  ...more,
});

describe('judgeConsolePolicy', () => {
  it.each([
    ['asks for two factors', rule({}), true],
    ['asks for one', rule({ assurance: ONE }), false],
    ['asks for one, and is switched off', rule({ assurance: ONE, isActive: false }), false],
    [
      'asks for one, of people who do not exist',
      rule({ assurance: ONE, conditions: { users: { include: ['x'], exclude: [] } } }),
      false,
    ],
    ['asks for one in its second way', rule({ assurance: { ...TWO, alternatives: [TWO, ONE] } }), false],
    ['asks for two in every way', rule({ assurance: { ...TWO, alternatives: [TWO] } }), true],
    ['denies, whatever it would ask', rule({ assurance: ONE, access: 'DENY' }), true],
  ])('a rule that %s', (_, one, isFine) => {
    const judged = judgeConsolePolicy({ rules: [rule({ id: 'first' }), one] });
    expect(judged.verdict.kind).toBe(isFine ? 'allow' : 'deny');
    expect(judged.ruleId).toBe(isFine ? null : 'r');
    if (!isFine) expect(judged.verdict.reasons).toEqual(['console-single-factor']);
  });
});
