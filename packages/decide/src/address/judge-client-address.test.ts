import { describe, expect, it } from 'vitest';
import { type ClientAddressFacts, judgeClientAddress } from './judge-client-address.ts';

const FACTS: ClientAddressFacts = {
  trusted: [],
  headerName: 'X-Forwarded-For',
  isPublicUrlLocal: true,
  untrustedHeaders: 0,
  probe: null,
};
const PROBE = { at: 1, claimed: '192.0.2.9', takenFor: '198.51.100.7', peer: '203.0.113.1' };
const judged = (facts: Partial<ClientAddressFacts>): [string, string[]] => {
  const { canBeSpoofed, findings } = judgeClientAddress({ ...FACTS, ...facts });
  return [canBeSpoofed, findings.map(({ code }) => code)];
};

describe('whether a client can choose its address', () => {
  it.each<[string, Partial<ClientAddressFacts>, string, string[]]>([
    ['no proxy is trusted', {}, 'no', ['header-safe']],
    ['a proxy seems to be missing', { untrustedHeaders: 3 }, 'no', ['proxy-missing', 'header-safe']],
    [
      'the server is elsewhere, and no proxy is named',
      { isPublicUrlLocal: false },
      'no',
      ['proxy-missing', 'header-safe'],
    ],
    ['one proxy, not tried', { trusted: ['203.0.113.1'] }, 'not-shown', ['not-shown']],
    ['one proxy that sets the header', { trusted: ['203.0.113.1'], probe: PROBE }, 'no', ['header-safe']],
    [
      'one that passes it on',
      { trusted: ['203.0.113.1'], probe: { ...PROBE, takenFor: '192.0.2.9' } },
      'yes',
      ['header-believed'],
    ],
    [
      'a client taken for nobody',
      { trusted: ['203.0.113.1'], probe: { ...PROBE, takenFor: null } },
      'not-shown',
      ['not-shown'],
    ],
    [
      'a trial past the proxy',
      { trusted: ['203.0.113.2'], probe: { ...PROBE, takenFor: PROBE.peer } },
      'not-shown',
      ['not-shown'],
    ],
    [
      'loopback',
      { trusted: ['127.0.0.1/32', '::1/128'], probe: { ...PROBE, peer: '127.0.0.1' } },
      'no',
      ['loopback-trusted', 'header-safe'],
    ],
    ['a private range', { trusted: ['10.0.0.0/24'] }, 'not-shown', ['range-trusted', 'not-shown']],
    [
      'the ranges of a content network',
      { trusted: ['104.16.0.0/13', '2400:cb00::/32'], probe: { ...PROBE, peer: '104.16.0.9' } },
      'no',
      ['header-safe'],
    ],
    ['everybody', { trusted: ['0.0.0.0/0'], probe: PROBE }, 'yes', ['everybody-trusted', 'header-safe']],
    ['everybody of IPv6', { trusted: ['::/0'] }, 'yes', ['everybody-trusted', 'not-shown']],
    ['everybody in two halves', { trusted: ['0.0.0.0/1', '128.0.0.0/1'] }, 'yes', ['everybody-trusted', 'not-shown']],
    ['everybody as a range', { trusted: ['1.0.0.0-223.255.255.255'] }, 'yes', ['everybody-trusted', 'not-shown']],
  ])('%s', (_, facts, answer, codes) => expect(judged(facts)).toEqual([answer, codes]));

  it('says what mends each that is not good', () => {
    for (const trusted of [['0.0.0.0/0'], ['127.0.0.1'], ['10.0.0.0/8'], ['203.0.113.1']])
      for (const { state, mend, sentence } of judgeClientAddress({ ...FACTS, trusted }).findings) {
        expect(sentence).not.toBe('');
        expect(mend === null).toBe(state === 'ok');
      }
  });
});
