import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHeaderValue, identityHead } from './identity-headers.ts';

describe('encodeHeaderValue', () => {
  it('leaves plain text as it is', () => {
    expect(encodeHeaderValue('ana@example.org')).toBe('ana@example.org');
    expect(encodeHeaderValue('Ana "A." Admin')).toBe('Ana "A." Admin');
  });
  it('never lets a line break, or anything but printable ASCII, through', () => {
    expect(encodeHeaderValue('a\r\nSet-Cookie: x=1')).toBe('a%0D%0ASet-Cookie: x=1');
    expect(encodeHeaderValue('Åsa 100%')).toBe('%C3%85sa 100%25');
    expect(encodeHeaderValue(' x ')).toBe('%20x%20');
  });
  it('can be undone, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeHeaderValue(text);
        validateHeaderValue('x', encoded);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(encoded.trim()).toBe(encoded);
        expect(decodeURIComponent(encoded)).toBe(text.toWellFormed());
      }),
    );
  });
});

describe('identityHead', () => {
  it('is a head without a body, not to be stored, with who it is', () => {
    const head = identityHead({ userId: '00u1', login: 'å', displayName: 'Å' }, '1021');
    expect(head).toEqual([
      'content-length',
      '0',
      'cache-control',
      'no-store',
      'sallyport-user',
      '00u1',
      'sallyport-login',
      '%C3%A5',
      'sallyport-name',
      '%C3%85',
      'sallyport-session',
      '1021',
    ]);
  });
});
