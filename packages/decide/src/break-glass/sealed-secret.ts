/**
 * 31 symbols, a prime: no 0, 1, I, L or O, which hands and printers confuse. Over a prime a weighted sum finds every single
 * wrong symbol and every two that changed places (ISO/IEC 7064 rests on the same).
 */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const GROUPS = 7;
const GROUP_LENGTH = 5;

/** Random bytes that a secret is made of; 28 symbols of them, 138 bits. Bytes beyond a multiple of 31 are passed over. */
export const SECRET_BYTES = 64;

/** The place of the group is in its sum, so that two groups that changed places are found, too. */
const checkOf = (symbols: string, group: number): string => {
  const sum = [...symbols].reduce((total, symbol, i) => total + (i + 2) * ALPHABET.indexOf(symbol), (group + 1) * 7);
  return ALPHABET[sum % ALPHABET.length] as string;
};

/** The sealed secret of a break-glass account: seven groups of four symbols and one that checks them, as it is printed. */
export const sealedSecretOf = (bytes: Uint8Array): string => {
  const limit = 256 - (256 % ALPHABET.length);
  const symbols = [...bytes].filter((byte) => byte < limit).map((byte) => ALPHABET[byte % ALPHABET.length]);
  const wanted = GROUPS * (GROUP_LENGTH - 1);
  if (symbols.length < wanted) throw new RangeError('too few random bytes for a secret');
  return Array.from({ length: GROUPS }, (_, group) => {
    const data = symbols.slice(group * (GROUP_LENGTH - 1), (group + 1) * (GROUP_LENGTH - 1)).join('');
    return data + checkOf(data, group);
  }).join('-');
};

/**
 * What somebody typed from paper: as it was printed, whatever the case and whatever stands between the groups. `typoIn`: the
 * first group whose check does not hold, from 1. Null for what has not the shape of a sealed secret at all.
 */
export const readSealedSecret = (typed: string): { readonly secret: string } | { readonly typoIn: number } | null => {
  const symbols = typed.toUpperCase().replace(/[\s\-–—]+/g, '');
  if (symbols.length !== GROUPS * GROUP_LENGTH || [...symbols].some((symbol) => !ALPHABET.includes(symbol)))
    return null;
  const groups = Array.from({ length: GROUPS }, (_, i) => symbols.slice(i * GROUP_LENGTH, (i + 1) * GROUP_LENGTH));
  const wrong = groups.findIndex((group, i) => checkOf(group.slice(0, -1), i) !== group.at(-1));
  return wrong === -1 ? { secret: groups.join('-') } : { typoIn: wrong + 1 };
};
