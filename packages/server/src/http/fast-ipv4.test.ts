import { parseAddress } from '@sallyport/decide/address/parse-address';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastIpv4, ipv4Text } from './fast-ipv4.ts';

const agrees = (text: string): void => {
  const parsed = parseAddress(text);
  const packed = fastIpv4(text);
  if (packed === -1) {
    // What it refuses goes the long way; only a plain dotted address must not be missed.
    if (parsed?.family === 'v4') expect(parsed.text).not.toBe(text);
  } else {
    expect(parsed?.text).toBe(ipv4Text(packed));
    expect(ipv4Text(packed)).toBe(text);
  }
};

describe('fastIpv4', () => {
  it.each([
    ['0.0.0.0', 0],
    ['1.2.3.4', 0x01020304],
    ['192.0.2.10', 0xc000020a],
    ['255.255.255.255', 0xffffffff],
    ['10.0.0.100', 0x0a000064],
  ])('%s', (text, packed) => {
    expect(fastIpv4(text)).toBe(packed);
    expect(ipv4Text(packed)).toBe(text);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.04',
    '00.0.0.0',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4:80',
    '1.2.3.4, 5.6.7.8',
    '+1.2.3.4',
    '1.2.3.a',
    '::ffff:1.2.3.4',
    '::1',
    '0x1.2.3.4',
    '１.2.3.4',
    '999.1.1.1',
  ])('refuses %j', (text) => {
    expect(fastIpv4(text)).toBe(-1);
    agrees(text);
  });

  it('agrees with parseAddress', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '01', '007', '-1', ' 1', '1 '));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.')),
        agrees,
      ),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(fastIpv4(text)).not.toBe(-1);
        agrees(text);
      }),
    );
  });
});
