import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRanges, isInRanges, parseCidr, parseRange, rangeText } from './address-range.ts';
import { addressOfBits, parseAddress } from './parse-address.ts';

const isIn = (texts: readonly string[], address: string): boolean => {
  const parsed = parseAddress(address);
  if (parsed === null) throw new Error(address);
  return isInRanges(compileRanges(texts), parsed);
};
const shown = (text: string, parse = parseRange): string | null => {
  const range = parse(text);
  return range === null ? null : rangeText(range);
};

describe('parseCidr and parseRange', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0-10.255.255.255'],
    ['10.1.2.3/8', '10.0.0.0-10.255.255.255'],
    ['192.0.2.128/25', '192.0.2.128-192.0.2.255'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
    ['2001:db8::/33', '2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff'],
    ['::/0', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::1/128', '::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('%s is %s', (text, expected) => {
    expect(shown(text, parseCidr)).toBe(expected);
    expect(shown(text)).toBe(expected);
  });
  it('reads from-to', () => {
    expect(shown('192.0.2.1-192.0.2.9')).toBe('192.0.2.1-192.0.2.9');
    expect(shown(' 192.0.2.1 - 192.0.2.9 ')).toBe('192.0.2.1-192.0.2.9');
    expect(shown('192.0.2.9-192.0.2.9')).toBe('192.0.2.9');
    expect(shown('::1-::2')).toBe('::1-::2');
  });
  it.each([
    '',
    '/',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    '::ffff:10.0.0.0/104',
    'x/8',
    '192.0.2.9-192.0.2.1',
    '192.0.2.1-::1',
    '192.0.2.1-',
    '-192.0.2.1',
    '192.0.2.1-x',
  ])('refuses %j', (text) => {
    expect(parseRange(text)).toBeNull();
  });
});

describe('isInRanges', () => {
  it('is false for no ranges, in both families', () => {
    expect(isIn([], '192.0.2.1')).toBe(false);
    expect(isIn([], '::1')).toBe(false);
    expect(isIn(['::/0'], '192.0.2.1')).toBe(false);
    expect(isIn(['0.0.0.0/0'], '::1')).toBe(false);
  });
  it('includes both ends and nothing beyond', () => {
    const ranges = ['192.0.2.10-192.0.2.20', '2001:db8::10-2001:db8::20'];
    for (const inside of ['192.0.2.10', '192.0.2.20', '2001:db8::10', '2001:db8::20'])
      expect(isIn(ranges, inside)).toBe(true);
    for (const outside of ['192.0.2.9', '192.0.2.21', '2001:db8::f', '2001:db8::21', '2001:db9::10'])
      expect(isIn(ranges, outside)).toBe(false);
  });
  it('throws on a text that is no range', () => {
    expect(() => compileRanges(['192.0.2.1', 'nonsense'])).toThrow('not a range of addresses: nonsense');
  });
  it('agrees with a linear look at every range', () => {
    const v4 = fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 32 }));
    const v6 = fc.tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.integer({ min: 0, max: 128 }));
    const cidr = fc
      .oneof(v4, v6)
      .map(([bits, length]) => ({ bits, length, text: `${addressOfBits(bits).text}/${length}` }))
      .filter(({ text }) => parseCidr(text) !== null);
    const covers = (range: { bits: Uint8Array; length: number }, bits: Uint8Array): boolean =>
      range.bits.length === bits.length &&
      Array.from({ length: range.length }, (_, i) => i).every(
        (i) => (((range.bits[i >> 3] as number) ^ (bits[i >> 3] as number)) & (128 >> (i & 7))) === 0,
      );
    fc.assert(
      fc.property(
        fc.array(cidr, { maxLength: 20 }),
        fc.array(
          fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
          { maxLength: 20 },
        ),
        (ranges, probes) => {
          const set = compileRanges(ranges.map(({ text }) => text));
          for (const bits of [...probes, ...ranges.map((range) => range.bits)]) {
            const address = addressOfBits(bits);
            if (address.bits.length !== bits.length) continue;
            expect(isInRanges(set, address)).toBe(ranges.some((range) => covers(range, bits)));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
