import { describe, expect, it } from 'vitest';
import { asKeyError } from './webauthn.ts';

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
