import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSessionCookie } from './read-session-cookie.ts';

describe('readSessionCookie', () => {
  it.each([
    ['sid=abc', 'abc'],
    ['a=1; sid=abc; b=2', 'abc'],
    ['a=1;sid=abc', 'abc'],
    ['\tsid=abc ;', 'abc'],
    ['sid="abc"', 'abc'],
    ['sid = abc', 'abc'],
    ['sid=a=b', 'a=b'],
    ['sid="', '"'],
    ['a=sid=abc; sid=x', 'x'],
  ])('%j is %j', (header, token) => {
    expect(readSessionCookie(header, 'sid')).toBe(token);
  });

  it.each([
    '',
    ';',
    'sid',
    'sid;',
    'sid=',
    'sid=""',
    'sidx=abc',
    'xsid=abc',
    'SID=abc',
    '__Host-sid=abc',
    'a=sid=abc',
    'sid;=abc',
  ])('there is none in %j', (header) => {
    expect(readSessionCookie(header, 'sid')).toBeNull();
  });

  it.each(['sid=a; sid=b', 'sid=a; sid=a', 'sid=; sid=b', 'sid=a; b=1; sid =c', 'sid=a;sid='])(
    '%j is repeated',
    (header) => {
      expect(readSessionCookie(header, 'sid')).toBe('repeated');
    },
  );

  it('refuses what is longer than any token, and a header longer than any browser sends', () => {
    expect(readSessionCookie(`sid=${'a'.repeat(128)}`, 'sid')).toBe('a'.repeat(128));
    expect(readSessionCookie(`sid=${'a'.repeat(129)}`, 'sid')).toBeNull();
    expect(readSessionCookie(`sid=a; b=${'x'.repeat(16_384 - 9)}`, 'sid')).toBe('a');
    expect(readSessionCookie(`sid=a; b=${'x'.repeat(16_384 - 8)}`, 'sid')).toBeNull();
  });

  it('finds the token among any other cookies', () => {
    const other = fc
      .tuple(fc.stringMatching(/^[a-z]{4,8}$/), fc.stringMatching(/^[A-Za-z0-9=_-]{0,12}$/))
      .map(([n, v]) => `${n}=${v}`);
    fc.assert(
      fc.property(
        fc.array(other),
        fc.array(other),
        fc.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        (before, after, token) => {
          expect(readSessionCookie([...before, `__Host-sid=${token}`, ...after].join('; '), '__Host-sid')).toBe(token);
        },
      ),
    );
  });
});
