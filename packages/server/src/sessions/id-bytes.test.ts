import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertId, hashOfId, hashOfIdAt, ID_BYTES, isIdAt, readId, writeId } from './id-bytes.ts';

const id = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);

describe('ids as bytes', () => {
  it('read back as they were written, with the hash of their text', () => {
    fc.assert(
      fc.property(id, (text) => {
        const bytes = new Uint8Array(3 + ID_BYTES + 3).fill(0xff);
        writeId(bytes, 3, text);
        expect(readId(bytes, 3)).toBe(text);
        expect(hashOfIdAt(bytes, 3)).toBe(hashOfId(text));
        expect([bytes[2], bytes[3 + ID_BYTES]]).toEqual([0xff, 0xff]);
      }),
    );
  });

  it('are only themselves, neither a part of another nor longer', () => {
    fc.assert(
      fc.property(id, id, (text, other) => {
        const bytes = new Uint8Array(ID_BYTES);
        writeId(bytes, 0, text);
        expect(isIdAt(bytes, 0, text)).toBe(true);
        expect(isIdAt(bytes, 0, other)).toBe(other === text);
        expect(isIdAt(bytes, 0, `${text}x`)).toBe(false);
        expect(isIdAt(bytes, 0, text.slice(0, -1))).toBe(false);
      }),
    );
  });

  it.each(['', 'x'.repeat(21), 'ä', 'a b', 'a\0', '\x7f', 'a\n'])('%j is none', (text) => {
    expect(() => assertId(text)).toThrow(RangeError);
  });

  it('of every printable character are ids', () => {
    expect(() => assertId('!~azAZ09_-')).not.toThrow();
  });
});
