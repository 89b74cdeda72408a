import { describe, expect, it } from 'vitest';
import { totpAt } from './soft-totp.ts';

/** RFC 6238 appendix B, the last six of its eight digits; the secret is base32 of `12345678901234567890`. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('totpAt', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('shows at %d s what RFC 6238 shows', (seconds, code) => {
    expect(totpAt(SECRET, seconds * 1000)).toBe(code);
  });

  it('reads the secret as people type it', () => {
    expect(totpAt('gezd gnbv gy3t qojq gezd gnbv gy3t qojq====', 59_000)).toBe('287082');
  });
});
