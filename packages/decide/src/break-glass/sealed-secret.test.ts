import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readSealedSecret,
  SECRET_BYTES,
  SHARE_BYTES,
  sealedSecretOf,
  sentenceOfFault,
  sharesOfSecret,
} from './sealed-secret.ts';

const bytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const enough = bytes.filter((all) => all.filter((byte) => byte < 248).length >= 28);
const change = (text: string, at: number, symbol: string): string => text.slice(0, at) + symbol + text.slice(at + 1);
const typo = (group: number, share: number | null = null) => ({ fault: { kind: 'typo', share, group } });

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
        expect(readSealedSecret(change(secret, at, symbol))).toEqual(typo(Math.floor(place / 5) + 1));
        const [one, other] = [secret[at] as string, secret[at + 1]];
        fc.pre(other !== undefined && other !== '-' && other !== one);
        const turned = change(change(secret, at, other as string), at + 1, one);
        expect(readSealedSecret(turned)).toEqual(typo(Math.floor(place / 5) + 1));
      }),
    );
  });
  it('tells the group where a hand wrote what no paper has', () => {
    fc.assert(
      fc.property(enough, fc.nat(34), fc.constantFrom(...'01ILOilo'), (all, place, symbol) => {
        const at = place + Math.floor(place / 5);
        expect(readSealedSecret(change(sealedSecretOf(all), at, symbol))).toEqual(typo(Math.floor(place / 5) + 1));
      }),
    );
  });
  it('tells two groups that changed places', () => {
    fc.assert(
      fc.property(enough, fc.nat(5), (all, first) => {
        const groups = sealedSecretOf(all).split('-');
        const turned = groups.with(first, groups[first + 1] as string).with(first + 1, groups[first] as string);
        expect(readSealedSecret(turned.join('-'))).toEqual(typo(first + 1));
      }),
    );
  });
  it.each(['', 'correct horse battery staple', 'A'.repeat(34), 'A'.repeat(36), `${'A'.repeat(34)}Ä`])(
    'is not %j',
    (typed) => {
      expect(readSealedSecret(typed)).toBeNull();
    },
  );
  it('is never made of too little chance', () => {
    expect(() => sealedSecretOf(new Uint8Array(27))).toThrow(RangeError);
    expect(() => sealedSecretOf(new Uint8Array(64).fill(255))).toThrow(RangeError);
  });
});

/** The same bytes each time: what is asked does not hang on chance. */
const someBytes = (length: number, start: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 97 + start * 13 + ((i * i) % 89)) % 248);
const ordersOf = (all: readonly string[], length: number): string[][] =>
  length === 0
    ? [[]]
    : all.flatMap((one) =>
        ordersOf(
          all.filter((other) => other !== one),
          length - 1,
        ).map((rest) => [one, ...rest]),
      );
const WAYS = [
  [2, 2],
  [3, 2],
  [3, 3],
  [5, 3],
  [9, 2],
  [5, 5],
] as const;
const fault = (typed: readonly string[]) => {
  const read = readSealedSecret(typed.join('\n'));
  return read !== null && 'fault' in read ? read.fault : read;
};

describe('shares of a sealed secret', () => {
  it.each(WAYS)('are %i, of which any %i open it, in any order, and fewer do not', (count, needed) => {
    const secret = sealedSecretOf(someBytes(SECRET_BYTES, count));
    const shares = sharesOfSecret(secret, { count, needed }, someBytes(SHARE_BYTES, needed));
    expect(shares).toHaveLength(count);
    for (const [i, share] of shares.entries())
      expect(share).toMatch(new RegExp(`^${'ABCDEFGHJ'[i]}${needed}[2-9A-HJKMNP-Z]{3}(-[2-9A-HJKMNP-Z]{5}){7}$`));
    for (const used of ordersOf(shares, needed)) {
      expect(readSealedSecret(used.join('\n'))).toEqual({ secret });
      expect(readSealedSecret(used.join('').toLowerCase().replaceAll('-', ' '))).toEqual({ secret });
    }
    expect(fault(shares.slice(1, needed))).toEqual(
      needed === 2 ? { kind: 'too-few', typed: 1, needed: 2 } : { kind: 'too-few', typed: needed - 1, needed },
    );
    expect(readSealedSecret(shares.slice(0, needed + 1).join('\n'))).toEqual({ secret });
  });
  it('give back every secret there is, with whatever chance', () => {
    fc.assert(
      fc.property(enough, fc.constantFrom(...WAYS), fc.nat(), (all, [count, needed], start) => {
        const secret = sealedSecretOf(all);
        const shares = sharesOfSecret(secret, { count, needed }, someBytes(SHARE_BYTES, start));
        expect(readSealedSecret(shares.slice(-needed).join('\n'))).toEqual({ secret });
      }),
    );
  });
  it('name the share and the group that is mistyped', () => {
    const shares = sharesOfSecret(
      sealedSecretOf(someBytes(SECRET_BYTES, 1)),
      { count: 3, needed: 2 },
      someBytes(SHARE_BYTES, 2),
    );
    fc.assert(
      fc.property(
        fc.nat(1),
        fc.nat(39),
        fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
        (which, place, symbol) => {
          const at = place + Math.floor(place / 5);
          const right = shares[which] as string;
          fc.pre(right[at] !== symbol);
          const typed = shares.slice(0, 2).with(which, change(right, at, symbol));
          expect(readSealedSecret(typed.join('\n'))).toEqual(typo(Math.floor(place / 5) + 1, which + 1));
        },
      ),
    );
  });
  it('tell what else does not fit: the same paper twice, one of another seal, a character that is missing', () => {
    const secret = sealedSecretOf(someBytes(SECRET_BYTES, 1));
    const [a = '', b = ''] = sharesOfSecret(secret, { count: 3, needed: 2 }, someBytes(SHARE_BYTES, 2));
    const [, other = ''] = sharesOfSecret(secret, { count: 3, needed: 2 }, someBytes(SHARE_BYTES, 3));
    expect(fault([a, a])).toEqual({ kind: 'same-share', share: 2, as: 1 });
    expect(fault([a, other])).toEqual({ kind: 'other-seal', share: 2 });
    expect(fault([a, b.slice(0, -1)])).toEqual({ kind: 'length', share: 2, symbols: 39 });
    expect(fault([a.slice(0, 20), b.slice(0, 20)])).toEqual({ kind: 'length', share: 1, symbols: 17 });
    const sentences = [[a], [a, a], [a, other], [a, b.slice(1)], [a, `${b.slice(0, -1)}${b.endsWith('2') ? '3' : '2'}`]]
      .map(fault)
      .map((found) => sentenceOfFault(found as Parameters<typeof sentenceOfFault>[0]));
    expect(sentences).toEqual([
      'It takes 2 shares, and one was typed.',
      'Share 2 is the same paper as share 1. Use another one.',
      'Share 2 was made at another time than share 1: only shares of one seal open it.',
      'If these are shares of a sealed secret: share 2 has 39 of the 40 characters. Compare it with the paper.',
      'If these are shares of a sealed secret: in share 2, group 8 of its eight is mistyped. Compare it with the paper.',
    ]);
  });
  it.each([
    [1, 1],
    [2, 3],
    [10, 2],
    [9, 6],
  ])('are not %i of which %i are needed', (count, needed) => {
    const secret = sealedSecretOf(someBytes(SECRET_BYTES, 1));
    expect(() => sharesOfSecret(secret, { count, needed }, someBytes(SHARE_BYTES, 1))).toThrow(RangeError);
  });
  it('are never made of too little chance', () => {
    const secret = sealedSecretOf(someBytes(SECRET_BYTES, 1));
    expect(() => sharesOfSecret(secret, { count: 3, needed: 2 }, new Uint8Array(29))).toThrow(RangeError);
  });
});
