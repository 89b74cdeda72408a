import type { ClientAddress } from '@sallyport/model/network';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRanges } from './address-range.ts';
import { type ClientAddressInput, walkClientAddress } from './walk-client-address.ts';

const TRUSTED = compileRanges(['10.0.0.0/8', '2001:db8:ffff::/48']);
const walk = (
  peer: string | undefined,
  values: readonly string[],
  more: Partial<ClientAddressInput> = {},
): ClientAddress =>
  walkClientAddress({
    peer,
    headerName: 'x-forwarded-for',
    headerValues: values,
    ignoredHeaderIsPresent: false,
    trusted: TRUSTED,
    ...more,
  });
const outcome = (client: ClientAddress): string => (client.kind === 'known' ? client.address.text : client.reason);
const forwarded = (peer: string, ...values: string[]): string =>
  outcome(walk(peer, values, { headerName: 'forwarded' }));

describe('walkClientAddress', () => {
  it('believes no header of a peer that is not trusted', () => {
    expect(outcome(walk('192.0.2.1', ['198.51.100.1']))).toBe('192.0.2.1');
    expect(outcome(walk('192.0.2.1', ['nonsense']))).toBe('192.0.2.1');
    expect(outcome(walk('10.0.0.1', ['198.51.100.1'], { trusted: compileRanges([]) }))).toBe('10.0.0.1');
  });
  it('takes the right-most hop that is no proxy, never the left-most by faith', () => {
    expect(outcome(walk('10.0.0.1', ['1.1.1.1, 198.51.100.7']))).toBe('198.51.100.7');
    expect(outcome(walk('10.0.0.1', ['1.1.1.1, 198.51.100.7, 10.0.0.2']))).toBe('198.51.100.7');
    expect(outcome(walk('10.0.0.1', ['nonsense, 198.51.100.7, 10.0.0.2']))).toBe('198.51.100.7');
  });
  it('takes a proxy on our own socket for trusted, and nothing for granted where it names nobody', () => {
    const local = (...values: string[]): string => outcome(walk(undefined, values, { isLocalSocket: true }));
    expect(local('198.51.100.7')).toBe('198.51.100.7');
    expect(local('1.1.1.1, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7');
    expect(local()).toBe('header-unreadable');
    expect(local('nonsense')).toBe('header-unreadable');
    // A socket that was torn down has no address either, and is no local one.
    expect(outcome(walk(undefined, ['198.51.100.7']))).toBe('peer-unreadable');
  });
  it('joins several lines in their order', () => {
    expect(outcome(walk('10.0.0.1', ['1.1.1.1', '198.51.100.7', '10.0.0.2']))).toBe('198.51.100.7');
  });
  it('takes the proxy itself where it forwards for nobody, and the farthest where all are proxies', () => {
    expect(outcome(walk('10.0.0.1', []))).toBe('10.0.0.1');
    expect(outcome(walk('10.0.0.1', ['10.0.0.3, 10.0.0.2']))).toBe('10.0.0.3');
  });
  it('is unknown where garbage stands in the place that counts', () => {
    for (const value of [
      '',
      ',',
      'unknown',
      '198.51.100.7,',
      '198.51.100.7, x',
      '198.51.100.7, x, 10.0.0.2',
      '_hidden',
      '198.51.100.7 10.0.0.2',
    ])
      expect([value, outcome(walk('10.0.0.1', [value]))]).toEqual([value, 'header-unreadable']);
  });
  it('is unknown without a readable peer', () => {
    expect(outcome(walk(undefined, ['198.51.100.7']))).toBe('peer-unreadable');
    expect(outcome(walk('nonsense', ['198.51.100.7']))).toBe('peer-unreadable');
  });
  it('unmaps, and drops ports and zone ids', () => {
    expect(outcome(walk('::ffff:10.0.0.1', ['::ffff:198.51.100.7']))).toBe('198.51.100.7');
    expect(outcome(walk('10.0.0.1', ['198.51.100.7:4711']))).toBe('198.51.100.7');
    expect(outcome(walk('10.0.0.1', ['[2001:db8::7%eth0]:4711']))).toBe('2001:db8::7');
    expect(outcome(walk('2001:db8:ffff::1', ['2001:DB8::7']))).toBe('2001:db8::7');
  });
  it('tells the chain, the client first, and where each hop was read', () => {
    expect(walk('10.0.0.1', ['1.1.1.1, 2001:db8::7, 10.0.0.2'], { ignoredHeaderIsPresent: true })).toMatchObject({
      chain: [
        { ip: '2001:db8::7', version: 'V6', source: 'x-forwarded-for' },
        { ip: '10.0.0.2', version: 'V4', source: 'x-forwarded-for' },
        { ip: '10.0.0.1', version: 'V4', source: 'peer' },
      ],
      ignoredHeaderIsPresent: true,
    });
    expect(walk('10.0.0.1', ['x']).chain).toEqual([{ ip: '10.0.0.1', version: 'V4', source: 'peer' }]);
    expect(walk('10.0.0.1', ['x']).ignoredHeaderIsPresent).toBe(false);
  });
  it('bounds the chain and the header', () => {
    const proxies = (count: number): string => Array.from({ length: count }, (_, i) => `10.1.0.${i}`).join(', ');
    expect(outcome(walk('10.0.0.1', [`198.51.100.7, ${proxies(19)}`]))).toBe('198.51.100.7');
    expect(outcome(walk('10.0.0.1', [`198.51.100.7, ${proxies(20)}`]))).toBe('chain-too-long');
    expect(outcome(walk('10.0.0.1', ['198.51.100.7, 10.0.0.2, 10.0.0.3'], { hopsMax: 2 }))).toBe('chain-too-long');
    const address = '198.51.100.7';
    expect(outcome(walk('10.0.0.1', [address.padStart(4096, ' ')]))).toBe(address);
    expect(outcome(walk('10.0.0.1', [address.padStart(4097, ' ')]))).toBe('chain-too-long');
  });

  it('reads Forwarded (RFC 7239)', () => {
    expect(forwarded('10.0.0.1', 'for=198.51.100.7')).toBe('198.51.100.7');
    expect(forwarded('10.0.0.1', 'For="[2001:db8::7]:4711";proto=https;by=10.0.0.1')).toBe('2001:db8::7');
    expect(forwarded('10.0.0.1', 'for=1.1.1.1, for = 198.51.100.7 ; host="a,b;for=2.2.2.2"', 'for=10.0.0.2')).toBe(
      '198.51.100.7',
    );
    expect(forwarded('10.0.0.1', 'for="198.51.\\100.7"')).toBe('198.51.100.7');
    for (const value of [
      '',
      'by=198.51.100.7',
      'for=unknown',
      'for="198.51.100.7',
      'for=198.51.100.7;for=198.51.100.8',
      'host="\\"',
      'for=2001:db8::7x',
      '198.51.100.7',
      'for="',
    ])
      expect([value, forwarded('10.0.0.1', value)]).toEqual([value, 'header-unreadable']);
  });
  it('reads only the configured header’s grammar', () => {
    expect(outcome(walk('10.0.0.1', ['for=198.51.100.7']))).toBe('header-unreadable');
  });

  it('never depends on what stands to the left of the client', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 5 }),
        (left, proxies) => {
          const right = ['198.51.100.7', ...proxies.map((n) => `10.2.3.${n}`)];
          expect(outcome(walk('10.0.0.1', [[...left, ...right].join(', ')]))).toBe('198.51.100.7');
        },
      ),
    );
  });
  it('is always an address that stands in the header or is the peer, or unknown', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.constantFrom('10.0.0.9', 'x', '')), { maxLength: 8 }), (hops) => {
        const client = walk('10.0.0.1', [hops.join(',')]);
        if (client.kind === 'known') expect([...hops, '10.0.0.1']).toContain(client.address.text);
        expect(client.chain.at(-1)?.ip).toBe('10.0.0.1');
      }),
    );
  });
});
