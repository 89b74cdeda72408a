import { describe, expect, it } from 'vitest';
import { byPrefix } from './by-prefix.ts';
import { originOf } from './connection.ts';
import { exitNameOf } from './exit-codes.ts';
import { filterText } from './filter-text.ts';
import { oneLine, plain } from './plain.ts';
import { createProgram, withUsualVerb } from './program.ts';
import { facts, table } from './table.ts';
import { instantOf, lengthText, timeText } from './time-text.ts';

describe('a filter from words', () => {
  it.each([
    [[], undefined],
    [['eventType eq "a.b"'], 'eventType eq "a.b"'],
    [['eventType', 'eq', 'a.b'], 'eventType eq "a.b"'],
    [['eventType', 'eq', '"a.b"'], 'eventType eq "a.b"'],
    [['published', 'GT', '2026-01-01'], 'published GT "2026-01-01"'],
    [['outcome.reason', 'eq', 'two words'], 'outcome.reason eq "two words"'],
    [['a', 'eq', '5', 'and', 'b', 'eq', 'true'], 'a eq 5 and b eq true'],
    [['(a', 'eq', 'x', 'or', 'b', 'pr)', 'and', 'c', 'ne', 'y'], '(a eq "x" or b pr) and c ne "y"'],
    [['(a', 'eq', 'x)'], '(a eq "x")'],
    [['a', 'eq', 'say "hi"'], 'a eq "say \\"hi\\""'],
  ])('%j is %s', (words, expected) => {
    expect(filterText(words as string[])).toBe(expected);
  });
});

describe('instants', () => {
  const now = Date.parse('2026-11-25T12:00:00.000Z');
  it.each([
    ['2h', '2026-11-25T10:00:00.000Z'],
    ['30d', '2026-10-26T12:00:00.000Z'],
    ['2026-11-25', '2026-11-25T00:00:00.000Z'],
    ['2026-11-25T12:00:00', '2026-11-25T12:00:00.000Z'],
    ['2026-11-25T12:00:00+01:00', '2026-11-25T11:00:00.000Z'],
    ['yesterday', null],
    ['2', null],
    ['-2h', null],
    ['', null],
  ])('%j is %s', (text, expected) => {
    expect(instantOf(text, now)).toBe(expected);
  });
  it('are told from now, or as they are', () => {
    const at = (iso: string | null, isUtc = false): string => timeText(iso, { isUtc, now });
    expect(at('2026-11-25T11:59:01.000Z')).toBe('59 s ago');
    expect(at('2026-11-25T10:01:00.000Z')).toBe('1 h ago');
    expect(at('2026-11-26T12:00:00.000Z')).toBe('in 1 d');
    expect(at('2026-11-26T12:00:00.000Z', true)).toBe('2026-11-26T12:00:00.000Z');
    expect(at('2025-11-26T12:00:00.000Z')).toBe('364 d ago');
    expect(at('2024-03-03T12:00:00.000Z')).toBe('2024-03-03');
    expect(at('2099-01-01T00:00:00.000Z')).toBe('2099-01-01');
    expect(at(null)).toBe('-');
    expect(lengthText(0)).toBe('0 s');
  });
});

describe('text of others', () => {
  it('has no control characters', () => {
    expect(plain('a\u001b[2Jb\u009bc\u202ed\r\u0007')).toBe('a\\u001b[2Jb\\u009bc\\u202ed\\u000d\\u0007');
    expect(plain('Zoë, 東京\n')).toBe('Zoë, 東京\n');
  });
  it('cannot make a row of a table two, nor shift a column', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['x\ny', ''],
          ['long one', 'z'],
        ],
      ),
    ).toEqual(['A         B', 'x y       -', 'long one  z']);
  });
});

describe('what a noun alone means', () => {
  const program = createProgram();
  it.each([
    [['session'], ['session', 'list']],
    [
      ['session', '--json'],
      ['session', 'list', '--json'],
    ],
    [['settings'], ['settings', 'show']],
    [
      ['log', '--since', '2h'],
      ['log', 'query', '--since', '2h'],
    ],
    [
      ['session', '--help'],
      ['session', '--help'],
    ],
    [
      ['session', 'show', 'x'],
      ['session', 'show', 'x'],
    ],
    [['setup'], ['setup']],
    [['nothing'], ['nothing']],
  ])('%j is %j', (words, expected) => {
    expect(withUsualVerb(program, words)).toEqual(expected);
  });
  it('every verb has a sentence, and examples where it is not of the host', () => {
    const leaves = program.commands.flatMap((noun) => (noun.commands.length > 0 ? noun.commands : [noun]));
    expect(leaves.length).toBeGreaterThan(30);
    for (const verb of leaves) expect(verb.description(), verb.name()).toMatch(/\S{2,}/);
  });
});

describe('the rest', () => {
  it('a code says more than a status, and a status more than nothing', () => {
    expect([
      exitNameOf('E0000047', 429),
      exitNameOf('none', 404),
      exitNameOf('none', 500),
      exitNameOf('x', 403),
    ]).toEqual(['pending', 'notFound', 'failed', 'denied']);
  });
  it('a beginning of an id names one object or is refused', () => {
    const items = [{ id: 'abc' }, { id: 'abd' }, { id: 'ab' }];
    expect(byPrefix(items, 'ab')).toEqual({ id: 'ab' });
    expect(byPrefix(items, 'abd')).toEqual({ id: 'abd' });
    expect(byPrefix(items, 'x')).toBeNull();
    expect(() => byPrefix(items, 'a')).toThrow(/3 objects/);
  });
  it('a token goes over https, or stays on this machine', () => {
    expect(originOf('https://sallyport.example.org/', '--url')).toBe('https://sallyport.example.org');
    expect(originOf('http://[::1]:7070', '--url')).toBe('http://[::1]:7070');
    for (const bad of [
      'http://10.0.0.1',
      'http://localhost.example.org',
      'https://h/path',
      'https://u@h',
      'file:///x',
      'h',
    ])
      expect(() => originOf(bad, '--url'), bad).toThrow();
  });
});

describe('what others named with a line’s end', () => {
  it('writes no line of its own', () => {
    expect(oneLine('Delete it\nOpen http://evil.example')).toBe('Delete it Open http://evil.example');
    expect(facts([['Purpose', 'deploys\nYou may approve:  yes']])).toEqual(['Purpose:  deploys You may approve:  yes']);
  });
});
