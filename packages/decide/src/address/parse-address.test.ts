import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfBits, parseAddress, parseAddressWithPort } from './parse-address.ts';

const text = (value: string): string | null => parseAddress(value)?.text ?? null;
const withPort = (value: string): string | null => parseAddressWithPort(value)?.text ?? null;

describe('parseAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:1:0:0:0:1:1', '0:0:1::1:1'],
    ['1:0:0:2:3:4:5:0', '1::2:3:4:5:0'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::1:ffff:192.0.2.1', '::1:ffff:c000:201'],
  ])('reads %s as %s', (written, canonical) => {
    expect(text(written)).toBe(canonical);
  });

  it.each([
    '',
    ' ',
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.01',
    '192.0.2.256',
    '0xc0.0.2.1',
    '192.0.2.1 ',
    ' 192.0.2.1',
    '3221225985',
    '192.0.2.-1',
    '192.0.2.+1',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'g::',
    '1:',
    ':1',
    '192.0.2.1::',
    '::192.0.2.1:1',
    '::192.0.2.256',
    '::1%',
    '::1%a%b',
    '::1%a b',
    '192.0.2.1%eth0',
    '[::1]',
    '::1/64',
    'unknown',
    '_hidden',
    `::1%${'a'.repeat(65)}`,
    '1:2:3:4:5:6:7:192.0.2.1',
  ])('refuses %j', (written) => {
    expect(parseAddress(written)).toBeNull();
  });

  it('gives the bytes in network order', () => {
    expect([...(parseAddress('192.0.2.1')?.bits ?? [])]).toEqual([192, 0, 2, 1]);
    expect([...(parseAddress('2001:db8::ff')?.bits ?? [])]).toEqual([
      0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
    ]);
    expect(parseAddress('::ffff:192.0.2.1')).toEqual(parseAddress('192.0.2.1'));
  });

  it('agrees with node on what an address is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,40}$/)), (written) => {
        const isAddress = isIPv4(written) || isIPv6(written);
        expect(parseAddress(written) !== null).toBe(isAddress);
      }),
      { numRuns: 2000 },
    );
  });

  it('is canonical: the text of the bytes reads as the same bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ minLength: 4, maxLength: 4 }),
          fc.uint8Array({ minLength: 16, maxLength: 16 }),
          fc.array(fc.constantFrom(0, 0, 1), { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes)),
        ),
        (bits) => {
          const address = addressOfBits(bits);
          expect(parseAddress(address.text)).toEqual(address);
          if (address.family === 'v6') expect(new URL(`http://[${address.text}]/`).hostname).toBe(`[${address.text}]`);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('parseAddressWithPort', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:443', '192.0.2.1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:8443', '2001:db8::1'],
    ['[fe80::1%eth0]:1', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:db8::1:443', '2001:db8::1:443'],
    ['[::ffff:192.0.2.1]:5', '192.0.2.1'],
  ])('reads %s as %s', (written, canonical) => {
    expect(withPort(written)).toBe(canonical);
  });
  it.each([
    '192.0.2.1:',
    '192.0.2.1:x',
    '192.0.2.1:123456',
    '192.0.2.1:1:1',
    '[192.0.2.1]:1',
    '[2001:db8::1',
    '[2001:db8::1]x',
    '[2001:db8::1]:',
    '[]',
    'x[::1]',
    '1:2:3:4:5:6:7:8:443',
    'host:443',
    ':443',
  ])('refuses %j', (written) => {
    expect(parseAddressWithPort(written)).toBeNull();
  });
});
