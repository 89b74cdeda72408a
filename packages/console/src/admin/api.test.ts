import { describe, expect, it } from 'vitest';
import { nextPathOf, withQuery } from './api.ts';

describe('nextPathOf', () => {
  it('finds the next page among the links, by path', () =>
    expect(
      nextPathOf('<https://a.example/x?limit=2>; rel="self", <https://a.example/x?limit=2&after=9>; rel="next"'),
    ).toBe('/x?limit=2&after=9'));
  it('is null where there is none', () => {
    expect(nextPathOf(null)).toBeNull();
    expect(nextPathOf('<https://a.example/x>; rel="self"')).toBeNull();
  });
  it('never leads to another host', () =>
    expect(nextPathOf('<https://evil.example/x?after=1>; rel="next"')).toBe('/x?after=1'));
});

describe('withQuery', () => {
  it('leaves out what is empty and escapes the rest', () =>
    expect(withQuery('/x', { q: 'a&b', state: '', after: undefined, limit: 0 })).toBe('/x?q=a%26b&limit=0'));
});
