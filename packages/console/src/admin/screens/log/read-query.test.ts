import { parseFilter } from '@sallyport/decide/log-filter/parse-filter';
import { describe, expect, it } from 'vitest';
import { clauseOf, joinFilter, readQuery } from './read-query.ts';

describe('readQuery', () => {
  it.each([
    'eventType eq "security.session.detect_client_roaming"',
    '  eventType   EQ "x"',
    'not (eventType eq "x")',
    '((actor.id eq "x") or severity eq "WARN")',
    'severity eq "WARN" and eventType sw "user."',
    'securityContext.asNumber gt 9',
    'securityContext.isProxy eq false',
    'eventType in ["a", "b"]',
    'outcome.reason pr',
    'client pr and severity eq "WARN"',
    // Begun, or wrong: the server says what is missing, under what was typed.
    'eventType eq',
    'eventType eq "a',
    'eventType eq user.session.start',
    'actor.id xx "a"',
  ])('takes for an expression: %s', (text) => {
    expect(readQuery(text)).toEqual({ kind: 'filter', filter: text.trim() });
  });

  it.each([
    '',
    'ana',
    'ana@example.org',
    'user in trouble',
    'left gt right',
    'pull pr merged',
    'user.session.start',
    '198.51.100.7',
    'a:b',
  ])('takes for words: %s', (text) => expect(readQuery(text)).toEqual({ kind: 'words', words: text, chips: [] }));

  it('makes chips of short forms, and leaves the words', () => {
    expect(readQuery('ana outcome:DENY -ip:192.0.2.1 country:"New Zealand" late')).toEqual({
      kind: 'words',
      words: 'ana late',
      chips: [
        'outcome.result eq "DENY"',
        'client.ipAddress ne "192.0.2.1"',
        'client.geographicalContext.country eq "New Zealand"',
      ],
    });
  });
});

describe('joinFilter', () => {
  it('is a filter that the server reads, whatever a value holds', () => {
    expect(joinFilter('', [])).toBeUndefined();
    expect(joinFilter('a eq "b"', [])).toBe('a eq "b"');
    const hostile = clauseOf('actor.displayName', 'x" or "1" eq "1\\');
    const joined = joinFilter('eventType eq "a" or eventType eq "b"', [
      hostile,
      clauseOf('securityContext.asNumber', '64500', true),
    ]);
    const parsed = parseFilter(joined ?? '');
    expect(parsed).toMatchObject({ ok: true, filter: { kind: 'and', of: [{ kind: 'or' }, {}, {}] } });
  });
});
