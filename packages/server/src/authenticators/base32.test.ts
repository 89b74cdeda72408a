import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBase32, encodeBase32 } from './base32.ts';

it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%j is %s (RFC 4648 §10)', (plain, encoded) => {
  expect(encodeBase32(Buffer.from(plain))).toBe(encoded);
});

it('what was encoded is decoded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(decodeBase32(encodeBase32(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});

it('reads what people type, and nothing else', () => {
  expect(decodeBase32('mzxw 6ytb oi======')).toEqual(Buffer.from('foobar'));
  expect(decodeBase32('MZXW1')).toBeNull();
});
