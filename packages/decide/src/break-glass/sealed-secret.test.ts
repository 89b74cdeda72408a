import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSealedSecret, SECRET_BYTES, sealedSecretOf } from './sealed-secret.ts';

const bytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const enough = bytes.filter((all) => all.filter((byte) => byte < 248).length >= 28);
const change = (text: string, at: number, symbol: string): string => text.slice(0, at) + symbol + text.slice(at + 1);

describe('a sealed secret', () => {
  it('is seven groups of symbols that no hand confuses, and is read as it was printed', () => {
    fc.assert(
      fc.property(enough, (all) => {
        const secret = sealedSecretOf(all);
        expect(secret).toMatch(/^[2-9A-HJKMNP-Z]{5}(-[2-9A-HJKMNP-Z]{5}){6}$/);
        for (const typed of [
          secret,
          secret.toLowerCase(),
          secret.replaceAll('-', ' '),
          ` ${secret.replaceAll('-', '')}\n`,
        ])
          expect(readSealedSecret(typed)).toEqual({ secret });
      }),
    );
  });
  it('tells the group of every single wrong symbol, and of every two neighbours that changed places', () => {
    fc.assert(
      fc.property(enough, fc.nat(34), fc.constantFrom(...'23456789ABCDEFGHJKMNPQRSTUVWXYZ'), (all, place, symbol) => {
        const secret = sealedSecretOf(all);
        const at = place + Math.floor(place / 5);
        fc.pre(secret[at] !== symbol);
        expect(readSealedSecret(change(secret, at, symbol))).toEqual({ typoIn: Math.floor(place / 5) + 1 });
        const [one, other] = [secret[at] as string, secret[at + 1]];
        fc.pre(other !== undefined && other !== '-' && other !== one);
        const turned = change(change(secret, at, other as string), at + 1, one);
        expect(readSealedSecret(turned)).toEqual({ typoIn: Math.floor(place / 5) + 1 });
      }),
    );
  });
  it('tells two groups that changed places', () => {
    fc.assert(
      fc.property(enough, fc.nat(5), (all, first) => {
        const groups = sealedSecretOf(all).split('-');
        const turned = groups.with(first, groups[first + 1] as string).with(first + 1, groups[first] as string);
        expect(readSealedSecret(turned.join('-'))).toEqual({ typoIn: first + 1 });
      }),
    );
  });
  it.each([
    '',
    'correct horse battery staple',
    'A'.repeat(34),
    'A'.repeat(36),
    `${'A'.repeat(34)}0`,
    `${'A'.repeat(34)}I`,
  ])('is not %j', (typed) => {
    expect(readSealedSecret(typed)).toBeNull();
  });
  it('is never made of too little chance', () => {
    expect(() => sealedSecretOf(new Uint8Array(27))).toThrow(RangeError);
    expect(() => sealedSecretOf(new Uint8Array(64).fill(255))).toThrow(RangeError);
  });
});
