import { countSteps } from '@sallyport/testkit/count-steps';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../filter/filter.ts';
import { MAX_FILTER_CLAUSES, MAX_FILTER_DEPTH, MAX_FILTER_LENGTH } from '../filter/parse-expression.ts';
import { ATTRIBUTES } from './attributes.ts';
import { parseFilter } from './parse-filter.ts';

/** A filter as a short expression, so that a row of a table shows its shape. */
const shape = (filter: Filter): string => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.kind} ${filter.of.map(shape).join(' ')})`;
    case 'not':
      return `(not ${shape(filter.of)})`;
    case 'present':
      return `pr:${filter.attribute.path}`;
    case 'in':
      return `${filter.attribute.path}:in:${JSON.stringify(filter.values)}`;
    case 'compare':
      return `${filter.attribute.path}:${filter.op}:${JSON.stringify(filter.value)}`;
  }
};
const outcome = (text: string): string => {
  const parsed = parseFilter(text);
  return parsed.ok ? shape(parsed.filter) : `${parsed.code} ${parsed.message}`;
};

describe('what is accepted', () => {
  it.each([
    ['eventType eq "security.session.detect_client_roaming"', 'eventType:eq:"security.session.detect_client_roaming"'],
    ['event_type eq "a"', 'eventType:eq:"a"'],
    ['eventType EQ "a" AND outcome.reason Pr', '(and eventType:eq:"a" pr:outcome.reason)'],
    ['severity eq "a" or severity eq "b" and uuid eq "c"', '(or severity:eq:"a" (and severity:eq:"b" uuid:eq:"c"))'],
    ['(severity eq "a" or severity eq "b") and uuid eq "c"', '(and (or severity:eq:"a" severity:eq:"b") uuid:eq:"c")'],
    ['not severity pr and uuid pr', '(and (not pr:severity) pr:uuid)'],
    [
      'target.id eq "00u1" and not (actor.type eq "SystemPrincipal")',
      '(and target.id:eq:"00u1" (not actor.type:eq:"SystemPrincipal"))',
    ],
    ['not(not(uuid pr))', '(not (not pr:uuid))'],
    ['((uuid pr))', 'pr:uuid'],
    ['uuid in ["a","b"]', 'uuid:in:["a","b"]'],
    ['securityContext.asNumber IN [ 64500 , "64501" ]', 'securityContext.asNumber:in:[64500,64501]'],
    ['target.0.id eq "a"', 'target.id:eq:"a"'],
    ['request.ipChain.12.ip sw "192.0.2."', 'request.ipChain.ip:sw:"192.0.2."'],
    ['securityContext.asNumber ge -0', 'securityContext.asNumber:ge:0'],
    ['securityContext.asNumber eq 6.45e4', 'securityContext.asNumber:eq:64500'],
    ['securityContext.isProxy eq true', 'securityContext.isProxy:eq:"true"'],
    ['securityContext.isProxy eq "TRUE"', 'securityContext.isProxy:eq:"true"'],
    ['debugContext.debugData.any_key-9 eq "x"', 'debugContext.debugData.any_key-9:eq:"x"'],
    ['debugContext.debugData.url sw "/api"', 'debugContext.debugData.url:sw:"/api"'],
    ['target.detailEntry.a.b pr', 'pr:target.detailEntry.a.b'],
    ['target pr', 'pr:target'],
    ['transaction.detail.requestApiTokenId eq "00T1"', 'transaction.detail.requestApiTokenId:eq:"00T1"'],
    ['displayMessage eq "\\u00e9 \\"q\\" \\\\ \\/ (a) and"', 'displayMessage:eq:"é \\"q\\" \\\\ / (a) and"'],
    [' \tuuid\r\neq"a" ', 'uuid:eq:"a"'],
    ['actor.detailEntry.n gt 5', 'actor.detailEntry.n:gt:"5"'],
  ])('%s', (text, expected) => expect(outcome(text)).toBe(expected));

  it('gives frozen nodes', () => {
    const parsed = parseFilter('uuid in ["a"] and (uuid pr or not uuid pr)');
    const isFrozen = (node: unknown): boolean =>
      typeof node !== 'object' || node === null || (Object.isFrozen(node) && Object.values(node).every(isFrozen));
    expect(parsed.ok && isFrozen(parsed.filter)).toBe(true);
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'E0000053 a comparison is missing'],
    ['   ', 'E0000053 a comparison is missing'],
    ['nope eq "a"', 'E0000053 field is not valid: nope'],
    ['EventType eq "a"', 'E0000053 field is not valid: EventType'],
    ['actor.ID eq "a"', 'E0000053 field is not valid: actor.ID'],
    ['constructor pr', 'E0000053 field is not valid: constructor'],
    ['target.changeDetails.from.x eq "a"', 'E0000053 field is not valid: target.changeDetails.from.x'],
    ['target.changeDetails pr', 'E0000053 field is not valid: target.changeDetails'],
    ['debugContext.debugData.a..b eq "a"', 'E0000053 field is not valid: debugContext.debugData.a..b'],
    ['debugContext.debugData. eq "a"', 'E0000053 field is not valid: debugContext.debugData.'],
    ['published gt "2026-01-01T00:00:00.000Z"', 'E0000053 published cannot be used in a filter; use since and until'],
    ['uuid like "a"', 'E0000053 operator is not valid: like'],
    ['uuid = "a"', 'E0000053 an operator is missing after: uuid'],
    ['actor eq "a"', 'E0000053 operator eq is not valid for field: actor'],
    ['securityContext.asNumber co 6', 'E0000053 operator co is not valid for field: securityContext.asNumber'],
    ['securityContext.isProxy gt false', 'E0000053 operator gt is not valid for field: securityContext.isProxy'],
    ['securityContext.asNumber eq "x"', 'E0000053 securityContext.asNumber is compared with a number'],
    ['securityContext.asNumber eq 1e999', 'E0000053 securityContext.asNumber is compared with a number'],
    ['securityContext.isProxy eq 1', 'E0000053 securityContext.isProxy is compared with true or false'],
    ['debugContext.debugData.url co "a"', 'E0000031 co is not supported for debugContext.debugData.url'],
    [
      'uuid pr and debugContext.debugData.requestUri CO "a"',
      'E0000031 co is not supported for debugContext.debugData.requestUri',
    ],
    ['uuid eq a', 'E0000053 a value in double quotes, a number, true or false is expected at: a'],
    ['uuid eq null', 'E0000053 a value in double quotes, a number, true or false is expected at: null'],
    ["uuid eq 'a'", "E0000053 a value in double quotes, a number, true or false is expected at: 'a'"],
    ['uuid eq "a', 'E0000053 a value in double quotes, a number, true or false is expected at: "a'],
    ['uuid eq "\\x"', 'E0000053 a value in double quotes, a number, true or false is expected at: "\\x"'],
    ['uuid eq "a\\u0000"', 'E0000053 a value contains a character that is never stored'],
    ['uuid eq "\\ud800"', 'E0000053 a value contains a character that is never stored'],
    ['uuid eq', 'E0000053 a value in double quotes, a number, true or false is expected at: '],
    ['uuid', 'E0000053 an operator is missing after: uuid'],
    ['(uuid pr', 'E0000053 a parenthesis is not closed'],
    ['(uuid pr "a")', 'E0000053 unexpected: "a")'],
    ['uuid pr)', 'E0000053 unexpected: )'],
    ['uuid pr uuid pr', 'E0000053 unexpected: uuid pr'],
    ['uuid pr and', 'E0000053 a comparison is missing'],
    ['and uuid pr', 'E0000053 field is not valid: and'],
    ['()', 'E0000053 a field is expected at: )'],
    ['uuid in []', 'E0000053 a value in double quotes, a number, true or false is expected at: ]'],
    ['uuid in ["a"', 'E0000053 a list is not closed'],
    ['uuid in "a"', 'E0000053 in is followed by a list: in ["a", "b"]'],
    ['target[type eq "a"]', 'E0000053 an operator is missing after: target'],
  ])('%s', (text, expected) => expect(outcome(text)).toBe(expected));
});

describe('bounds', () => {
  const repeated = (count: number, separator: string): string =>
    Array.from({ length: count }, () => 'uuid pr').join(separator);

  it('allows the limits and refuses one more', () => {
    expect(parseFilter(repeated(MAX_FILTER_CLAUSES, ' or ')).ok).toBe(true);
    expect(outcome(repeated(MAX_FILTER_CLAUSES + 1, ' or '))).toContain('E0000053 a filter has at most');
    const nested = (depth: number): string => `${'('.repeat(depth)}uuid pr${')'.repeat(depth)}`;
    expect(parseFilter(nested(MAX_FILTER_DEPTH)).ok).toBe(true);
    expect(outcome(nested(MAX_FILTER_DEPTH + 1))).toContain('E0000053 a filter is nested at most');
    expect(outcome(`${'not '.repeat(MAX_FILTER_DEPTH + 1)}uuid pr`)).toContain('E0000053 a filter is nested at most');
    expect(outcome(`uuid eq "${'a'.repeat(MAX_FILTER_LENGTH)}"`)).toContain('E0000053 a filter has at most');
    expect(outcome(`uuid in [${Array.from({ length: MAX_FILTER_CLAUSES + 1 }, () => '1').join(',')}]`)).toContain(
      'E0000053 a filter has at most',
    );
  });

  it('answers hostile text of full length in fewer steps than it has characters', () => {
    const room = MAX_FILTER_LENGTH - 20;
    const hostile = ['(', 'not ', '"', '\\', 'uuid eq "\\', ' ', '1', 'a.', '[', 'uuid in [1,'].map((part) =>
      part.repeat(room / part.length),
    );
    const steps = (text: string): number => countSteps(/\/(log-)?filter\//, () => parseFilter(text));
    // Refused after a few tokens; what tried again from each character would enter more blocks than there are of them.
    for (const text of hostile)
      for (const whole of [text, `uuid eq ${text}`, `uuid eq "${text}`, `securityContext.asNumber eq "${text}x"`])
        expect(steps(whole), whole.slice(0, 60)).toBeLessThan(whole.length);
  });

  it('never throws', () => {
    const tokens = [
      ...ATTRIBUTES.keys(),
      'eq',
      'co',
      'in',
      'pr',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      ',',
      '"a"',
      '"',
      '\\',
      '1',
      'true',
      '\0',
      'debugContext.debugData.x',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...tokens), { maxLength: 20 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (filter) => {
        const parsed = parseFilter(filter);
        expect(parsed.ok || parsed.code.startsWith('E00000')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
