import { assert, constantFrom, property, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyRows } from '../policies/policy-rows.ts';
import type { Row } from '../store/tables.ts';
import { changesBetween, type PolicyChange } from './policy-change.ts';
import { rebaseRows } from './rebase-rows.ts';

const rule = (id: string, says: 'ALLOW' | 'DENY' = 'DENY', isSystem: 0 | 1 = 0): Row<'policyRules'> => ({
  id,
  policyId: 'rst1',
  type: 'ACCESS_POLICY',
  name: id,
  priority: isSystem === 1 ? 99 : 1,
  status: 'ACTIVE',
  isSystem,
  conditions: '{}',
  actions: JSON.stringify({ appSignOn: { access: says } }),
  createdAt: 0,
  lastUpdatedAt: 0,
});
const rows = (...rules: readonly Row<'policyRules'>[]): PolicyRows => ({
  policy: {
    id: 'rst1',
    type: 'ACCESS_POLICY',
    name: 'p',
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
  rules: [...rules, rule('last', 'DENY', 1)],
});
const ids = ({ rules }: PolicyRows): string => rules.map(({ id }) => id).join(' ');
const [a, b, c] = [rule('a'), rule('b'), rule('c')];
const said = (before: PolicyRows, after: PolicyRows): string[] =>
  changesBetween(before, after, new Map()).map(({ kind, rule: of }: PolicyChange) => `${kind} ${of?.id ?? 'policy'}`);

describe('a draft brought up to date', () => {
  const rebased = (base: PolicyRows, mine: PolicyRows, theirs: PolicyRows, keep: 'draft' | 'published' = 'draft') =>
    rebaseRows(base, mine, theirs, keep);

  it('keeps what each side did to rules that the other left alone', () => {
    const { rows: merged, conflicts } = rebased(
      rows(a, b, c),
      rows(rule('mine'), a, rule('b', 'ALLOW')),
      rows(rule('a', 'ALLOW'), b, rule('theirs'), c),
    );
    expect(conflicts).toEqual([]);
    expect(ids(merged)).toBe('mine a b theirs last');
    expect(merged.rules.map(({ actions }) => actions.includes('ALLOW'))).toEqual([false, true, true, false, false]);
    expect(merged.rules.map(({ priority }) => priority)).toEqual([1, 2, 3, 4, 99]);
  });
  it('tells of what both changed, also where one removed it, and keeps whose is said', () => {
    const base = rows(a, b);
    const mine = rows(rule('a', 'ALLOW'));
    const theirs = rows({ ...a, name: 'other' }, rule('b', 'ALLOW'));
    expect(rebased(base, mine, theirs).conflicts).toEqual(['“a”', '“b”']);
    expect(ids(rebased(base, mine, theirs, 'draft').rows)).toBe('a last');
    expect(rebased(base, mine, theirs, 'published').rows.rules[0]?.name).toBe('other');
    expect(ids(rebased(base, mine, theirs, 'published').rows)).toBe('a b last');
  });
  it('takes the order of whoever changed it', () => {
    expect(ids(rebased(rows(a, b, c), rows(c, a, b), rows(a, b, c)).rows)).toBe('c a b last');
    expect(ids(rebased(rows(a, b, c), rows(a, b, c, rule('n')), rows(c, b, a)).rows)).toBe('c n b a last');
  });
  it('puts no new rule in front of all because the one that it followed is gone', () => {
    expect(ids(rebased(rows(a, b), rows(a, b, rule('n')), rows(a)).rows)).toBe('a n last');
    expect(ids(rebased(rows(a, b, c), rows(c, a), rows(a, b, rule('theirs'), c)).rows)).toBe('c a theirs last');
  });
  it('is unchanged where nothing was published, and is what is published where nothing was drafted', () => {
    const all = ['a', 'b', 'c', 'd', 'e'];
    const some = subarray(all).chain((kept) => constantFrom(rows(...kept.map((id) => rule(id)))));
    assert(
      property(some, some, (base, other) => {
        expect(said(other, rebased(base, other, base).rows)).toEqual([]);
        expect(said(other, rebased(base, base, other).rows)).toEqual([]);
      }),
    );
  });
});

describe('what differs', () => {
  it('is told of each rule once for what it says and once for where it stands', () => {
    expect(said(rows(a, b, c), rows(a, b, c))).toEqual([]);
    expect(said(rows(a, b, c), rows(c, a, b))).toEqual(['moved c']);
    expect(said(rows(a, b), rows(b, rule('a', 'ALLOW'), rule('n')))).toEqual(['changed a', 'moved a', 'added n']);
    expect(said(rows(a, b, c), rows(b))).toEqual(['removed a', 'removed c']);
  });
});
