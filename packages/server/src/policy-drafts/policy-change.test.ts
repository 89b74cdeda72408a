import { describe, expect, it } from 'vitest';
import type { PolicyRows } from '../policies/policy-rows.ts';
import { presentRule } from '../policies/present-policy.ts';
import { changesBetween, sentenceOfChange } from './policy-change.ts';

const rowsWith = (conditions: unknown, actions: unknown): PolicyRows => ({
  policy: {
    id: 'rst1',
    type: 'ACCESS_POLICY',
    name: 'Grafana',
    description: null,
    priority: 1,
    status: 'ACTIVE',
    isSystem: 0,
    conditions: '{}',
    settings: '{}',
    version: 1,
    createdAt: 0,
    lastUpdatedAt: 0,
  },
  rules: [
    {
      id: 'rul1',
      policyId: 'rst1',
      type: 'ACCESS_POLICY',
      name: 'Operators',
      priority: 1,
      status: 'ACTIVE',
      isSystem: 0,
      conditions: JSON.stringify(conditions),
      actions: JSON.stringify(actions),
      createdAt: 0,
      lastUpdatedAt: 0,
    },
  ],
});
const sentences = (before: PolicyRows, after: PolicyRows) =>
  changesBetween(before, after, new Map([['00g1', 'Operators']])).map(sentenceOfChange);

describe('what differs between two versions', () => {
  const allow = { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode: '2FA' } } };
  it('is nothing where a client wrote back what it had read, with the empty lists that are written out for it', () => {
    for (const conditions of [{}, { people: { groups: { include: ['00g1'] } } }, { riskScore: { level: 'LOW' } }]) {
      const stored = rowsWith(conditions, allow);
      const [rule] = stored.rules;
      if (rule === undefined) throw new Error('there is a rule');
      const read = presentRule(rule, '');
      expect(sentences(stored, rowsWith(read.conditions, read.actions))).toEqual([]);
    }
  });
  it('is said where a list is filled or emptied', () => {
    const everybody = rowsWith({ people: { groups: { include: [], exclude: [] } } }, allow);
    const operators = rowsWith({ people: { groups: { include: ['00g1'] } } }, allow);
    expect(sentences(everybody, operators)).toEqual([
      expect.stringContaining('newly asks for the groups of the person (newly included: Operators)'),
    ]);
    expect(sentences(operators, everybody)).toEqual([expect.stringContaining('no longer asks for the groups')]);
  });
  it('tells what is written otherwise and means the same', () => {
    const optional = {
      ...allow.appSignOn.verificationMethod,
      constraints: [{ possession: { deviceBound: 'OPTIONAL' } }],
    };
    const other = { appSignOn: { ...allow.appSignOn, verificationMethod: optional } };
    expect(sentences(rowsWith({}, allow), rowsWith({}, other))).toHaveLength(1);
  });
});
