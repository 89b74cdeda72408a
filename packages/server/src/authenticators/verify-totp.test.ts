import { totpAt } from '@sallyport/testkit/soft-totp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyTotp } from './verify-totp.ts';

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const NOW = 1_111_111_111_000;
const STEP = Math.floor(NOW / 30_000);

describe('verifyTotp', () => {
  // RFC 6238 appendix B, the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('agrees with RFC 6238 at %d s', (seconds, code) => {
    expect(verifyTotp({ secret: SECRET, code, now: seconds * 1000 })).toBe(Math.floor(seconds / 30));
  });

  it('accepts the step before and the step after, and tells which', () => {
    const told = [-2, -1, 0, 1, 2].map((steps) =>
      verifyTotp({ secret: SECRET, code: totpAt(SECRET, NOW + steps * 30_000), now: NOW }),
    );
    expect(told).toEqual([null, STEP - 1, STEP, STEP + 1, null]);
  });

  it('tells the latest step of a code that belongs to two, so that it is not good twice', () => {
    // Found by search among the codes of this secret.
    const [first, both, last] = [153_567, 153_568, 153_569].map((step) => step * 30_000) as [number, number, number];
    expect([totpAt(SECRET, first), totpAt(SECRET, last)]).toEqual(['468457', '468457']);
    expect(verifyTotp({ secret: SECRET, code: '468457', now: both })).toBe(153_569);
  });

  it('refuses wrong codes and whatever is not six digits', () => {
    const code = totpAt(SECRET, NOW);
    const other = code === '000000' ? '000001' : '000000';
    for (const wrong of [
      other,
      '',
      code.slice(1),
      `${code}0`,
      ` ${code}`,
      `${code}\n`,
      code.replace(/^./, '٠'),
      '12345x',
      '-12345',
    ])
      expect([wrong, verifyTotp({ secret: SECRET, code: wrong, now: NOW })]).toEqual([wrong, null]);
  });

  it('reads the secret as people type it', () => {
    const typed = 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq====';
    expect(verifyTotp({ secret: typed, code: totpAt(SECRET, NOW), now: NOW })).toBe(STEP);
  });

  it('refuses a secret that is none, or so short that it can be guessed', () => {
    for (const secret of ['', 'A', '=', SECRET.slice(0, 15), `${SECRET}1`, `${SECRET}!`])
      expect([secret, verifyTotp({ secret, code: totpAt(secret.replace(/[1!]/, ''), NOW), now: NOW })]).toEqual([
        secret,
        null,
      ]);
    expect(verifyTotp({ secret: SECRET.slice(0, 16), code: totpAt(SECRET.slice(0, 16), NOW), now: NOW })).toBe(STEP);
  });

  it('has no steps before the epoch, and none at an instant that is no number', () => {
    expect(verifyTotp({ secret: SECRET, code: totpAt(SECRET, 0), now: 0 })).toBe(0);
    expect(verifyTotp({ secret: SECRET, code: totpAt(SECRET, 0), now: -30_000 })).toBe(0);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, -90_000])
      expect(verifyTotp({ secret: SECRET, code: totpAt(SECRET, 0), now })).toBeNull();
  });

  it('agrees with the soft token for any secret and instant', () => {
    const secret = fc.string({
      unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
      minLength: 16,
      maxLength: 64,
    });
    fc.assert(
      fc.property(secret, fc.integer({ min: 0, max: 4_102_444_800_000 }), (anySecret, now) => {
        const step = verifyTotp({ secret: anySecret, code: totpAt(anySecret, now), now });
        expect([0, 1]).toContain((step ?? Number.NaN) - Math.floor(now / 30_000));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.double(), (secret, code, now) => {
        expect(verifyTotp({ secret, code, now })).toBeNull();
      }),
    );
  });
});
