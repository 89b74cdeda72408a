import { describe, expect, it } from 'vitest';
import { applyCompletion, completionAt } from './complete-query.ts';

/** `|` is the caret. */
const at = (marked: string) => {
  const caret = marked.indexOf('|');
  return { text: marked.replace('|', ''), caret };
};
const complete = (marked: string, choice: string): string => {
  const { text, caret } = at(marked);
  const completion = completionAt(text, caret);
  if (completion === null) throw new Error(`nothing to complete in ${marked}`);
  const done = applyCompletion(text, caret, completion, choice);
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
};

describe('completionAt', () => {
  it.each([
    ['ev|', { kind: 'field', prefix: 'ev' }],
    ['(act|', { kind: 'field', prefix: 'act' }],
    ['eventType eq "a" and out|', { kind: 'field', prefix: 'out' }],
    ['eventType |', { kind: 'operator', prefix: '' }],
    ['actor.id e|', { kind: 'operator', prefix: 'e' }],
    ['eventType eq |', { kind: 'value', field: 'eventType', prefix: '' }],
    ['eventType eq "roam|', { kind: 'value', field: 'eventType', prefix: 'roam' }],
    ['eventType eq roam|', { kind: 'value', field: 'eventType', prefix: 'roam' }],
    ['a eq "b" and actor.displayName eq "Ana A|', { kind: 'value', field: 'actor.displayName', prefix: 'Ana A' }],
  ] as const)('%s', (marked, expected) => {
    const { text, caret } = at(marked);
    expect(completionAt(text, caret)).toMatchObject(expected);
  });

  it.each(['|', 'ana smi|', 'eventType eq "a" |', '198.51|'])('has nothing for %s', (marked) => {
    const { text, caret } = at(marked);
    expect(completionAt(text, caret)).toBeNull();
  });
});

describe('applyCompletion', () => {
  it.each([
    ['ev|', 'eventType', 'eventType |'],
    ['eventType e|', 'eq', 'eventType eq |'],
    [
      'eventType eq "roam|',
      'security.session.detect_client_roaming',
      'eventType eq "security.session.detect_client_roaming" |',
    ],
    ['eventType eq "roam|" and x pr', 'a', 'eventType eq "a" |and x pr'],
    ['actor.displayName eq |', 'A "B"', 'actor.displayName eq "A \\"B\\"" |'],
  ])('%s + %s', (marked, choice, expected) => expect(complete(marked, choice)).toBe(expected));
});
