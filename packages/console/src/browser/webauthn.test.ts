import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asKeyError, fromBase64Url, toBase64Url } from './webauthn.ts';

describe('base64url', () => {
  it('is what Node writes, and comes back as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = toBase64Url(new Uint8Array(bytes).buffer);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect([...fromBase64Url(text)]).toEqual([...bytes]);
      }),
    );
  });
});

describe('asKeyError', () => {
  it('has a sentence for a cancel or a time-out, one for a key that is there, and one for the rest', () => {
    expect(asKeyError(new DOMException('x', 'NotAllowedError'))).toMatchObject({
      isCancelled: true,
      message: expect.stringContaining('cancelled') as string,
    });
    expect(asKeyError(new DOMException('x', 'InvalidStateError')).message).toContain('registered already');
    expect(asKeyError(new DOMException('The RP ID is wrong.', 'SecurityError')).message).toBe(
      'This browser or key could not do it: The RP ID is wrong.',
    );
  });
});
