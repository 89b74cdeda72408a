import type { AddressKnowledge, ZoneContent } from '@sallyport/model/network-zone';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../address/parse-address.ts';
import { compileBlocklist, judgeBlocklist } from './judge-blocklist.ts';
import { compileZone, matchZone, type ZoneSubject } from './match-zone.ts';

const address = (text: string) => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};
const KNOWN: AddressKnowledge = {
  asn: 64500,
  isLocal: false,
  countryCode: 'DE',
  regionCodes: [],
  services: new Set(['VPN']),
  loaded: new Set(['TOR', 'VPN', 'HOSTING']),
};
const BERLIN = { regionCodes: ['DE-BE', 'DE-X'] };
const subject = (text: string, known: Partial<AddressKnowledge> = {}, claims: readonly string[] = []): ZoneSubject => ({
  address: address(text),
  claims: () => claims.map((claim) => parseAddress(claim)),
  knowledge: () => ({ ...KNOWN, ...known }),
});
const zone = (content: ZoneContent, flags: { isBlocklist?: boolean; isExempt?: boolean; id?: string } = {}) =>
  compileZone({ id: 'z', name: 'Z', isBlocklist: false, isExempt: false, ...flags, content });
const ip = (gateways: readonly string[], proxies: readonly string[] = []): ZoneContent => ({
  type: 'IP',
  gateways: gateways.map((value) => ({ type: value.includes('-') ? 'RANGE' : 'CIDR', value })),
  proxies: proxies.map((value) => ({ type: 'CIDR', value })),
});
const none = { include: [], exclude: [] };
const v2 = (content: Partial<Omit<Extract<ZoneContent, { type: 'DYNAMIC_V2' }>, 'type'>>): ZoneContent => ({
  type: 'DYNAMIC_V2',
  asns: none,
  locations: none,
  ipServiceCategories: none,
  ...content,
});
const answer = (content: ZoneContent, of: ZoneSubject): string => matchZone(zone(content), of).answer;

describe('an IP zone', () => {
  it('holds its gateways of both families, and nothing else', () => {
    const content = ip(['192.0.2.0/24', '198.51.100.1-198.51.100.9', '2001:db8::/32']);
    for (const [text, expected] of [
      ['192.0.2.255', 'in'],
      ['198.51.100.9', 'in'],
      ['198.51.100.10', 'out'],
      ['2001:db8::9', 'in'],
      ['2001:db9::', 'out'],
      ['::ffff:192.0.2.1', 'in'],
    ])
      expect([text, answer(content, subject(text as string))]).toEqual([text, expected]);
  });
  it('of nothing holds nobody', () => expect(answer(ip([]), subject('192.0.2.1'))).toBe('out'));

  it('follows its own proxies one hop after another', () => {
    const content = ip(['192.0.2.0/24'], ['203.0.113.0/24']);
    const from = (claims: readonly string[]): string => answer(content, subject('203.0.113.1', {}, claims));
    expect(from(['192.0.2.7'])).toBe('in');
    expect(from(['203.0.113.2', '192.0.2.7'])).toBe('in');
    // The nearest hop that is no proxy decides; what stands beyond it was written by whoever sent the request.
    expect(from(['198.51.100.1', '192.0.2.7'])).toBe('out');
    expect(from([])).toBe('unknown');
    expect(from(['not an address', '192.0.2.7'])).toBe('unknown');
    expect(from(['203.0.113.2', '203.0.113.3', '203.0.113.4', '203.0.113.5', '203.0.113.6', '192.0.2.7'])).toBe(
      'unknown',
    );
  });
  it('believes no proxy of another zone, and nobody who is no proxy', () => {
    expect(answer(ip(['192.0.2.0/24']), subject('203.0.113.1', {}, ['192.0.2.7']))).toBe('out');
    expect(answer(ip(['192.0.2.0/24'], ['203.0.113.0/24']), subject('198.51.100.1', {}, ['192.0.2.7']))).toBe('out');
    // A zone of proxies alone holds nobody.
    expect(answer(ip([], ['203.0.113.0/24']), subject('203.0.113.1', {}, ['203.0.113.2']))).toBe('unknown');
  });
});

describe('a dynamic zone', () => {
  const de = { country: 'DE', region: null };
  it.each<[string, ZoneContent, Partial<AddressKnowledge>, string]>([
    ['its ASN', v2({ asns: { include: ['64500'], exclude: [] } }), {}, 'in'],
    ['another ASN', v2({ asns: { include: ['64501'], exclude: [] } }), {}, 'out'],
    ['no ASN known', v2({ asns: { include: ['64501'], exclude: [] } }), { asn: null }, 'unknown'],
    ['a private address', v2({ asns: { include: ['64501'], exclude: [] } }), { asn: null, isLocal: true }, 'out'],
    [
      'an excluded ASN',
      v2({ locations: { include: [de], exclude: [] }, asns: { include: [], exclude: ['64500'] } }),
      {},
      'out',
    ],
    ['its country', v2({ locations: { include: [de], exclude: [] } }), {}, 'in'],
    [
      'its country, of a region',
      v2({ locations: { include: [{ country: 'DE', region: 'DE-BE' }], exclude: [] } }),
      {},
      'unknown',
    ],
    [
      'its country, wholly or of a region',
      v2({ locations: { include: [{ country: 'DE', region: 'DE-BE' }, de], exclude: [] } }),
      {},
      'in',
    ],
    [
      'a region left out',
      v2({ locations: { include: [de], exclude: [{ country: 'DE', region: 'DE-BE' }] } }),
      {},
      'unknown',
    ],
    [
      'a region of elsewhere left out',
      v2({ locations: { include: [de], exclude: [{ country: 'US', region: 'US-CA' }] } }),
      {},
      'in',
    ],
    ['its region', v2({ locations: { include: [{ country: 'DE', region: 'DE-BE' }], exclude: [] } }), BERLIN, 'in'],
    [
      'its region of a region',
      v2({ locations: { include: [], exclude: [{ country: 'DE', region: 'DE-X' }] } }),
      BERLIN,
      'out',
    ],
    [
      'another region',
      v2({ locations: { include: [{ country: 'DE', region: 'DE-BY' }], exclude: [] } }),
      BERLIN,
      'out',
    ],
    [
      'another region left out',
      v2({ locations: { include: [de], exclude: [{ country: 'DE', region: 'DE-BY' }] } }),
      BERLIN,
      'in',
    ],
    ['no country known', v2({ locations: { include: [de], exclude: [] } }), { countryCode: null }, 'unknown'],
    ['all but a country', v2({ locations: { include: [], exclude: [{ country: 'FR', region: null }] } }), {}, 'in'],
    ['all but its country', v2({ locations: { include: [], exclude: [de] } }), {}, 'out'],
    [
      'all but a country, none known',
      v2({ locations: { include: [], exclude: [de] } }),
      { countryCode: null },
      'unknown',
    ],
    ['a list that has it', v2({ ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] } }), {}, 'in'],
    ['a list that has it not', v2({ ipServiceCategories: { include: ['ANONYMIZER_TOR'], exclude: [] } }), {}, 'out'],
    ['a list that is not loaded', v2({ ipServiceCategories: { include: ['NORD_VPN'], exclude: [] } }), {}, 'unknown'],
    [
      'a list of several kinds, one of them not loaded',
      v2({ ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] } }),
      { services: new Set() },
      'unknown',
    ],
    [
      'a named service counts for its group',
      v2({ ipServiceCategories: { include: ['ALL_PROXIES_VPNS'], exclude: [] } }),
      { services: new Set(['NORD_VPN']) },
      'in',
    ],
    [
      'a named service left out',
      v2({ ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: ['WARP_VPN'] } }),
      { services: new Set(['VPN', 'WARP_VPN']) },
      'out',
    ],
    [
      'a service left out, of which there is no list',
      v2({ ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: ['WARP_VPN'] } }),
      {},
      'unknown',
    ],
    [
      'two kinds that hold',
      v2({ asns: { include: ['64500'], exclude: [] }, locations: { include: [de], exclude: [] } }),
      {},
      'in',
    ],
    [
      'two kinds, one unknown',
      v2({ asns: { include: ['64500'], exclude: [] }, locations: { include: [de], exclude: [] } }),
      { countryCode: null },
      'unknown',
    ],
    [
      'two kinds, one unknown and one not',
      v2({ asns: { include: ['1'], exclude: [] }, locations: { include: [de], exclude: [] } }),
      { countryCode: null },
      'out',
    ],
    [
      'proxy type Tor',
      { type: 'DYNAMIC', asns: [], locations: [], proxyType: 'TorAnonymizer' },
      { services: new Set(['TOR']) },
      'in',
    ],
    [
      'proxy type not Tor',
      { type: 'DYNAMIC', asns: [], locations: [], proxyType: 'NotTorAnonymizer' },
      { services: new Set(['TOR']) },
      'unknown',
    ],
    ['proxy type any', { type: 'DYNAMIC', asns: [], locations: [], proxyType: 'Any' }, {}, 'in'],
    [
      'the empty proxy type asks for nothing',
      { type: 'DYNAMIC', asns: ['64500'], locations: [], proxyType: '' },
      {},
      'in',
    ],
  ])('%s', (_, content, known, expected) => {
    const match = matchZone(zone(content), subject('192.0.2.1', known));
    expect(match.answer).toBe(expected);
    expect(match.why).not.toBe('');
  });

  it('says for which list there is no data', () => {
    const content = v2({ ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] } });
    expect(matchZone(zone(content), subject('192.0.2.1', { services: new Set() })).why).toBe(
      'There is no data for PROXY.',
    );
  });

  it('never holds somebody because less is known of them', () => {
    const services = ['TOR', 'VPN', 'PROXY', 'HOSTING', 'NORD_VPN', 'WARP_VPN'] as const;
    const some = fc.subarray(['ALL_ANONYMIZERS', 'ANONYMIZER_TOR', 'HOSTING', 'NORD_VPN', 'ALL_PROXIES_VPNS'] as const);
    fc.assert(
      fc.property(
        some,
        some,
        fc.subarray(['1', '2']),
        fc.subarray(['1', '2']),
        fc.subarray([...services]),
        fc.subarray([...services]),
        fc.constantFrom(1, 2, 3),
        fc.boolean(),
        (include, exclude, asnIn, asnOut, loaded, listed, asn, forgetsAsn) => {
          // A list of VPNs is one of all VPNs: what a named service's own list has stands in it, too.
          const isVpn = listed.some((hit) => hit === 'NORD_VPN' || hit === 'WARP_VPN');
          const hits = isVpn ? [...listed, 'VPN' as const] : listed;
          const content = v2({
            ipServiceCategories: { include, exclude },
            asns: { include: asnIn, exclude: asnOut },
          });
          const all = { asn, services: new Set(hits), loaded: new Set([...services, ...hits]) };
          const less = {
            asn: forgetsAsn ? null : asn,
            services: new Set(hits.filter((hit) => loaded.includes(hit))),
            loaded: new Set(loaded),
          };
          // With everything known nothing is unknown; with less, an answer is the same or unknown.
          const full = answer(content, subject('192.0.2.1', all));
          const part = answer(content, subject('192.0.2.1', less));
          expect(full).not.toBe('unknown');
          expect([full, 'unknown']).toContain(part);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the blocklist', () => {
  const hops = (...texts: string[]) => texts.map((text) => subject(text));
  // The table of the exempt zone: every blocklisted address of the chain must be exempt, too.
  it.each<[readonly string[], readonly string[], boolean]>([
    [[], [], false],
    [['1.1.1.1', '2.2.2.2'], ['1.1.1.1', '2.2.2.2'], false],
    [['1.1.1.1'], ['1.1.1.1'], false],
    [['1.1.1.1'], [], true],
    [['2.2.2.2'], [], true],
    [['1.1.1.1', '2.2.2.2'], ['1.1.1.1'], true],
    [['3.3.3.3'], ['1.1.1.1'], true],
  ])('of %j, exempt %j, blocks: %s', (blocked, exempt, expected) => {
    const blocklist = compileBlocklist(
      [
        zone(ip(blocked), { isBlocklist: true }),
        zone(ip(exempt), { isExempt: true }),
        zone(ip(['1.1.1.1', '2.2.2.2'])),
      ],
      [],
    );
    expect(judgeBlocklist(blocklist, hops('1.1.1.1', '2.2.2.2', '3.3.3.3')) !== null).toBe(expected);
  });
  it('never blocks the network of a break-glass account, but every other hop of its chain', () => {
    const all = zone(ip(['0.0.0.0/0']), { isBlocklist: true });
    const blocklist = compileBlocklist([all], ['1.1.1.0/24']);
    expect(judgeBlocklist(blocklist, hops('1.1.1.1'))).toBe(null);
    expect(judgeBlocklist(blocklist, hops('1.1.1.1', '2.2.2.2'))).not.toBe(null);
  });
  it('asks nothing of anybody when it is empty', () => {
    const blocklist = compileBlocklist([zone(ip([]), { isBlocklist: true })], []);
    expect(blocklist.isEmpty).toBe(true);
    const untouchable: ZoneSubject = {
      address: address('192.0.2.1'),
      claims: () => expect.unreachable(),
      knowledge: () => expect.unreachable(),
    };
    expect(judgeBlocklist(blocklist, [untouchable])).toBe(null);
  });
  it('blocks by what is known, not by what is missing', () => {
    const tor = compileBlocklist(
      [zone(v2({ ipServiceCategories: { include: ['ANONYMIZER_TOR'], exclude: [] } }), { isBlocklist: true })],
      [],
    );
    expect(judgeBlocklist(tor, [subject('192.0.2.1', { services: new Set(['TOR']) })])?.id).toBe('z');
    expect(judgeBlocklist(tor, [subject('192.0.2.1', { loaded: new Set() })])).toBe(null);
  });
  it('sees through the proxies of its own zone', () => {
    const blocklist = compileBlocklist([zone(ip(['192.0.2.7'], ['203.0.113.1']), { isBlocklist: true })], []);
    expect(judgeBlocklist(blocklist, [subject('203.0.113.1', {}, ['192.0.2.7'])])?.id).toBe('z');
    expect(judgeBlocklist(blocklist, [subject('203.0.113.1', {}, ['192.0.2.8'])])).toBe(null);
  });
});
