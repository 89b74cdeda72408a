import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchRule } from './match-rule.ts';
import { parseRule } from './parse-rule.ts';

const facts = {
  profile: { firstName: 'Amy', city: 'Oslo', age: 42, oncall: true, tags: ['red', 'blue'], note: 'a "b" \\ c' },
  groupIds: ['00gOne'],
};
const holds = (text: string): boolean => {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return matchRule(parsed.test, facts);
};

describe('what rules say', () => {
  it.each([
    ['user.firstName=="Amy"', true],
    ['user.firstName == "amy"', false],
    ["user.city != 'Oslo'", false],
    ['user.age == 42 and user.oncall == true', true],
    ['user.age >= 42 && user.age < 43', true],
    ['user.age == "42"', false],
    ['user.missing == null', true],
    ['user.missing != "x"', true],
    ['user.missing < 5', false],
    ['user.tags == "red"', true],
    ['String.startsWith(user.city, "Os")', true],
    ['String.stringContains(user.city, "sl") AND !String.startsWith(user.city,"x")', true],
    ['String.startsWith(user.age, "4")', false],
    ['isMemberOfAnyGroup("00gTwo", "00gOne")', true],
    ['isMemberOfGroup("00gTwo")', false],
    ['user.city=="Rome" or user.city=="Oslo" and user.firstName=="Bob"', false],
    ['(user.city=="Rome" || user.city=="Oslo") && not (user.firstName=="Bob")', true],
    ['user.note == "a \\"b\\" \\\\ c"', true],
    ['user.hasOwnProperty == null', true],
    ['user.constructor == null', true],
  ])('%s', (text, expected) => expect(holds(text)).toBe(expected));
});

describe('what is refused, with a reason', () => {
  it.each([
    ['', 'ends too early'],
    ['user.city', 'ends too early'],
    ['user.city = "x"', 'cannot be read at'],
    ['user.city == "x" user.age == 4', 'not expected there'],
    ['user.city == x', 'a value is expected'],
    ['user.city > "x"', 'numbers only'],
    ['user.__proto__ == "x"', 'is not understood'],
    ['user.a.b == "x"', 'is not understood'],
    ['Arrays.contains(user.tags, "x")', 'is not understood'],
    ['user.getInternalProperty("id") == "x"', 'is no comparison'],
    ['isMemberOfGroupName("x")', 'is not understood'],
    ['(user.city == "x"', ') is expected at the end'],
    ['user.city == "x', 'cannot be read at'],
    [`${'('.repeat(40)}user.a==1${')'.repeat(40)}`, 'nested at most'],
    [Array.from({ length: 101 }, () => 'user.a==1').join(' or '), 'at most 100 comparisons'],
    [`user.a == "${'x'.repeat(2000)}"`, 'at most 2000 characters'],
  ])('%s', (text, words) => {
    const parsed = parseRule(text);
    expect(parsed.ok ? 'taken' : parsed.message).toContain(words);
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      'user.a',
      '==',
      '"x"',
      '(',
      ')',
      'and',
      'or',
      '!',
      ',',
      'isMemberOfAnyGroup',
      '5',
      '"',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => typeof parseRule(words.join(' ')).ok === 'boolean'),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseRule(text).ok === 'boolean'));
  });
});
