import type { LogEvent } from '@sallyport/model/log-event';
import { describe, expect, it } from 'vitest';
import { keywordsOf, MAX_KEYWORD_LENGTH, matchKeywords, parseKeywords } from './keywords.ts';
import { storableEvent } from './storable-event.ts';

const event = (displayMessage: string, rest: object = {}) => ({ displayMessage, ...rest }) as unknown as LogEvent;
const matches = (q: string, ...given: Parameters<typeof event>): boolean => {
  const parsed = parseKeywords(q);
  if (!parsed.ok) throw new Error(parsed.message);
  return matchKeywords(parsed.words, event(...given));
};

describe('matchKeywords', () => {
  it.each([
    ['ada', 'Sign-in of Ada Lovelace', true],
    ['LOVELACE ada', 'Sign-in of Ada Lovelace', true],
    ['ada byron', 'Sign-in of Ada Lovelace', false],
    ['love', 'Sign-in of Ada Lovelace', false],
    ['sign-in', 'Sign-in of Ada', true],
    ['sign', 'Sign-in of Ada', true],
    ['in', '(Sign-in)', true],
    ['failed', 'Sign-in failed, try again.', true],
    ['session', 'user.session.start', false],
    ['user.session.start', 'user.session.start', true],
    ['a_a', 'aba', false],
    ['%', 'aba', false],
    ['École', 'ÉCOLE', true],
    ['e\u0301cole', 'École', true],
    ['', 'anything', true],
    ['64500', 'x', true],
    ['deep', 'x', true],
    ['displayMessage', 'x', false],
  ])('%s in "%s": %s', (q, message, expected) => {
    expect(
      matches(q, message, { securityContext: { asNumber: 64500 }, target: [{ detailEntry: { k: 'Deep' } }] }),
    ).toBe(expected);
  });

  it('keeps each word once, between spaces, without control characters', () => {
    expect(keywordsOf(event('a-b A b\0c\n—'))).toBe(' a-b a b c — ');
  });

  it('leaves out what no keyword can ask for, and takes one pass over hostile text', () => {
    const longest = 'x'.repeat(MAX_KEYWORD_LENGTH);
    expect(keywordsOf(event(`${longest} ${longest}x`))).toBe(` ${longest} `);
    // What reads again from each of so many would not come back within the time that a test has.
    expect(keywordsOf(event(`${'.'.repeat(300_000)}a ${'-'.repeat(300_000)}`))).toBe(' a ');
  });
});

describe('parseKeywords', () => {
  it('allows ten keywords of forty characters', () => {
    const word = 'x'.repeat(MAX_KEYWORD_LENGTH);
    expect(parseKeywords(Array.from({ length: 10 }, () => word).join(' '))).toMatchObject({ ok: true });
    expect(parseKeywords(`${word}x`)).toMatchObject({ ok: false, code: 'E0000001' });
    expect(parseKeywords('a '.repeat(11))).toMatchObject({ ok: false, code: 'E0000001' });
  });
});

describe('storableEvent', () => {
  it('replaces what PostgreSQL cannot read, at every depth, and nothing else', () => {
    expect(storableEvent(event('a\0b', { list: [{ 'k\0': '\ud800x😀' }], n: 1, none: null }))).toEqual(
      event('a\uFFFDb', { list: [{ 'k\uFFFD': '\uFFFDx😀' }], n: 1, none: null }),
    );
  });
});
