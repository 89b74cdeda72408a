import { randomBytes } from 'node:crypto';
import { ID_PREFIX, type IdKind } from '@sallyport/model/ids';

/** The only source of chance. */
export interface Random {
  bytes(count: number): Buffer;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` characters of base62 without modulo bias: bytes of 248 and more are thrown away. */
export const base62 = (random: Random, length: number): string => {
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length - text.length + 8)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
};

/** A new identifier of a kind: three-letter prefix and 17 characters, about 101 bits. */
export const newId = <Kind extends string>(random: Random, kind: IdKind): Kind =>
  (ID_PREFIX[kind] + base62(random, 17)) as Kind;

/** A secret of 256 bits for tokens and codes, base64url. Stored only as a hash. */
export const newSecret = (random: Random): string => random.bytes(32).toString('base64url');
