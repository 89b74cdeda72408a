import { describe, expect, it } from 'vitest';
import { narrowingOf } from './narrowing.ts';
import { parseFilter } from './parse-filter.ts';

const of = (text: string) => {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return narrowingOf(parsed.filter, new Set(['eventType', 'actor.id']));
};
const TYPE = { path: 'eventType', values: ['user.session.start'] };

describe('narrowingOf', () => {
  it.each([
    ['eventType eq "User.Session.START"', [TYPE], true],
    ['eventType in ["a", "B"]', [{ path: 'eventType', values: ['a', 'b'] }], true],
    [
      'eventType eq "user.session.start" and (actor.id eq "x" and severity eq "WARN")',
      [TYPE, { path: 'actor.id', values: ['x'] }],
      false,
    ],
    // Whatever is not demanded of every event narrows nothing.
    ['eventType eq "a" or actor.id eq "b"', [], false],
    ['not eventType eq "a"', [], false],
    ['eventType ne "a"', [], false],
    ['eventType sw "a"', [], false],
    ['severity eq "WARN"', [], false],
  ] as const)('%s', (text, by, isWhole) => expect(of(text)).toEqual({ by, isWhole }));

  it('demands nothing without a filter', () => {
    expect(narrowingOf(null, new Set())).toEqual({ by: [], isWhole: true });
  });
});
