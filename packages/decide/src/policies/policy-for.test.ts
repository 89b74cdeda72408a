import type { Policy } from '@sallyport/model/policy';
import { describe, expect, it } from 'vitest';
import { policyFor } from './policy-for.ts';

const policy = (id: string, include: readonly string[] | null, more: Partial<Policy> = {}): Policy => ({
  id,
  name: id,
  type: 'PASSWORD',
  version: 1,
  isActive: true,
  ...(include === null ? {} : { conditions: { groups: { include, exclude: [] } } }),
  rules: [],
  ...more,
});

describe('the policy for somebody', () => {
  const all = [policy('first', ['a']), policy('second', ['b', 'a']), policy('last', null)];

  it('is the first of which they are in a group, else the one for everybody', () => {
    expect([['a'], ['b'], ['a', 'b'], ['c'], []].map((groups) => policyFor(all, groups)?.id)).toEqual([
      'first',
      'second',
      'first',
      'last',
      'last',
    ]);
  });

  it('is none that is switched off, and none whose groups they are not in although nobody else is', () => {
    expect(policyFor([policy('off', ['a'], { isActive: false }), ...all.slice(1)], ['a'])?.id).toBe('second');
    expect(policyFor([policy('gone', ['deleted'])], ['a'])).toBeUndefined();
    expect(policyFor([], ['a'])).toBeUndefined();
  });

  it('is none from which one of their groups is excluded', () => {
    const conditions = { groups: { include: ['a'], exclude: ['b'] } };
    expect(policyFor([policy('but b', null, { conditions }), policy('last', null)], ['a', 'b'])?.id).toBe('last');
  });
});
