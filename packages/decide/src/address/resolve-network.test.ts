import { describe, expect, it } from 'vitest';
import { parseAddress } from './parse-address.ts';
import { isLocalAddress, prefixOf, resolveNetwork, sameV6Subnet } from './resolve-network.ts';

const address = (text: string) => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};

describe('local addresses', () => {
  it.each([
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '::1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'febf::1',
    '::ffff:10.0.0.1',
  ])('%s is local', (text) => {
    expect(isLocalAddress(address(text))).toBe(true);
  });
  it.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '126.0.0.1',
    '128.0.0.1',
    '169.253.0.1',
    '169.255.0.1',
    '100.64.0.1',
    '192.0.2.1',
    '0.0.0.0',
    '::',
    '::2',
    'fbff::1',
    'fe00::1',
    'fec0::1',
    '2001:db8::1',
    'ff02::1',
  ])('%s is public', (text) => {
    expect(isLocalAddress(address(text))).toBe(false);
  });
});

describe('the network of an address', () => {
  it('is its ASN where one is known', () => {
    expect(resolveNetwork(address('192.0.2.1'), () => ({ asn: 64500, organisation: 'Example' }))).toEqual({
      kind: 'asn',
      asn: 64500,
      organisation: 'Example',
    });
  });
  it('is local without asking anybody', () => {
    const asked: string[] = [];
    expect(
      resolveNetwork(address('10.1.1.1'), (a) => {
        asked.push(a.text);
        return null;
      }),
    ).toEqual({ kind: 'local' });
    expect(asked).toEqual([]);
  });
  it('is its own /24 or /48 where nothing is known', () => {
    expect(resolveNetwork(address('192.0.2.77'), () => null)).toEqual({ kind: 'prefix', prefix: '192.0.2.0/24' });
    expect(prefixOf(address('2001:db8:1:2:3:4:5:6'))).toBe('2001:db8:1::/48');
  });
});

describe('sameV6Subnet', () => {
  it.each([
    ['2001:db8:1:1::1', '2001:db8:1:1:ffff::1', true],
    ['2001:db8:1:1::1', '2001:db8:1:2::1', false],
    ['192.0.2.1', '192.0.2.1', false],
    ['2001:db8::1', '192.0.2.1', false],
    ['192.0.2.1', '2001:db8::1', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(sameV6Subnet(address(a), address(b))).toBe(expected);
  });
});
