import type { LogEvent } from '@sallyport/model/log-event';
import { describe, expect, it } from 'vitest';
import { compareCodePoints } from './compare-code-points.ts';
import { matchFilter } from './match-filter.ts';
import { parseFilter } from './parse-filter.ts';

const person = (id: string, displayName: string) => ({
  id,
  type: 'User',
  alternateId: `${id}@example.com`,
  displayName,
  detailEntry: null,
});
const EVENT: LogEvent = {
  uuid: 'e1',
  published: '2026-01-01T00:00:00.000Z',
  eventType: 'user.session.start',
  legacyEventType: null,
  version: '0',
  severity: 'INFO',
  displayMessage: 'Sign-in',
  actor: { ...person('00u1', 'Ada'), detailEntry: { count: 10, isNew: true, empty: {}, nested: { a: 'b' } } },
  client: {
    id: null,
    ipAddress: '192.0.2.10',
    device: 'Computer',
    zone: 'null',
    userAgent: null,
    geographicalContext: null,
  },
  device: null,
  authenticationContext: {
    authenticationProvider: null,
    authenticationStep: 0,
    credentialProvider: null,
    credentialType: null,
    externalSessionId: null,
    rootSessionId: null,
    interface: null,
    issuer: null,
  },
  outcome: { result: 'SUCCESS', reason: '' },
  securityContext: { asNumber: 64500, asOrg: 'ÉCOLE 100%', isp: null, domain: null, isProxy: false },
  target: [person('00uA', 'Bob'), person('00uB', 'Cleo')],
  transaction: { type: 'WEB', id: 'req1', detail: {} },
  request: { ipChain: [] },
  debugContext: { debugData: { risk: 'LOW' } },
};
const matches = (text: string): boolean => {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return matchFilter(parsed.filter, EVENT);
};

describe('matchFilter', () => {
  it.each([
    ['eventType eq "USER.session.START"', true],
    ['eventType sw "USER." and eventType ew ".Start" and eventType co "SESSION"', true],
    ['eventType in ["x", "User.Session.Start"]', true],
    ['eventType gt "user.session" and eventType lt "user.session.stop"', true],
    // Order is by code point and minds the case: A to Z come first.
    ['eventType lt "USER.session.start"', false],
    // Only A to Z fold, as in the databases.
    ['securityContext.asOrg eq "École 100%"', true],
    ['securityContext.asOrg eq "éCOLE 100%"', false],
    ['securityContext.asOrg co "1_0"', false],
    ['securityContext.asNumber gt 9', true],
    ['securityContext.asNumber eq "64500"', true],
    ['securityContext.isProxy eq false', true],
    ['securityContext.isProxy ne false', false],
    ['target.id eq "00uA" and target.id eq "00uB"', true],
    ['target.0.id eq "00uB"', true],
    ['target.id eq "00uA" and target.displayName eq "Cleo"', true],
    ['target.id ne "00uA"', false],
    ['target.id ne "00uC"', true],
    ['not (target.id eq "00uA")', false],
    ['request.ipChain.ip ne "192.0.2.10"', true],
    ['request.ipChain.ip eq "192.0.2.10"', false],
    ['request.ipChain pr', false],
    ['client.id eq ""', false],
    ['client.id ne "x"', true],
    ['not client.id gt "x"', true],
    ['outcome.reason pr', false],
    ['outcome.reason co ""', true],
    ['client.userAgent.browser ne "CHROME"', true],
    ['target pr and actor pr and target.alternateId pr', true],
    ['transaction.detail pr', false],
    ['actor.detailEntry.count eq 10', true],
    // As text: "10" comes before "9".
    ['actor.detailEntry.count lt 9', true],
    ['actor.detailEntry.isNew eq true', true],
    ['actor.detailEntry.empty pr', false],
    ['actor.detailEntry.nested pr and actor.detailEntry.nested.a eq "B"', true],
    ['actor.detailEntry.nested sw ""', false],
    ['actor.detailEntry.constructor pr', false],
    ['debugContext.debugData.Risk pr', false],
    ['debugContext.debugData.risk pr', true],
    ['uuid eq "e2" or uuid eq "e1" and severity eq "INFO"', true],
  ])('%s: %s', (text, expected) => expect(matches(text)).toBe(expected));
});

describe('compareCodePoints', () => {
  it('orders as the bytes of UTF-8 do', () => {
    const words = ['', 'A', 'a', 'a!', 'é', '\uFF5E', '\uFFFD', '😀', '😁', '😀a', '\uD7FF', '\uE000'];
    const bytes = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const a of words)
      for (const b of words) expect([a, b, Math.sign(compareCodePoints(a, b))]).toEqual([a, b, bytes(a, b)]);
  });
});
