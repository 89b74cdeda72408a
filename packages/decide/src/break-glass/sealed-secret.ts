import { type SealedSplit, SHARES_MAX, SHARES_NEEDED_MAX } from '@sallyport/model/break-glass';
import { FIELD, shareOfSymbol, symbolOfShares } from './share-symbol.ts';

/**
 * 31 symbols, a prime: no 0, 1, I, L or O, which hands and printers confuse. Over a prime a weighted sum finds every single
 * wrong symbol and every two that changed places (ISO/IEC 7064 rests on the same).
 */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
/** What hands write in place of one of them. On no paper, so that the group that has it is mistyped. */
const CONFUSED = '01ILO';
const GROUPS = 7;
const GROUP_LENGTH = 5;
const DATA_LENGTH = GROUP_LENGTH - 1;
/** What a share says of itself stands in a group before the seven: which it is, how many are needed, and of which seal. */
const SHARE_GROUPS = GROUPS + 1;
/** The letter of a share is its place: A is 1. */
const LETTERS = 'ABCDEFGHJ'.slice(0, SHARES_MAX);
const MARK_LENGTH = 2;

/** Random bytes that a secret is made of; 28 symbols of them, 138 bits. Bytes beyond a multiple of 31 are passed over. */
export const SECRET_BYTES = 64;
/** And of its shares: as many symbols again for each that is needed beyond the first. */
export const SHARE_BYTES = 64 * SHARES_NEEDED_MAX;

/** The place of the group is in its sum, so that two groups that changed places are found, too. */
const checkOf = (symbols: string, group: number): string => {
  const sum = [...symbols].reduce((total, symbol, i) => total + (i + 2) * ALPHABET.indexOf(symbol), (group + 1) * 7);
  return ALPHABET[sum % FIELD] as string;
};

const symbolsOf = (bytes: Uint8Array, wanted: number): string => {
  const limit = 256 - (256 % FIELD);
  const symbols = [...bytes].filter((byte) => byte < limit).map((byte) => ALPHABET[byte % FIELD]);
  if (symbols.length < wanted) throw new RangeError('too few random bytes for a secret');
  return symbols.slice(0, wanted).join('');
};

/** As it is printed: groups of four symbols, and one that checks them. */
const written = (data: string): string =>
  Array.from({ length: data.length / DATA_LENGTH }, (_, group) => {
    const four = data.slice(group * DATA_LENGTH, (group + 1) * DATA_LENGTH);
    return four + checkOf(four, group);
  }).join('-');

/** The sealed secret of a break-glass account. */
export const sealedSecretOf = (bytes: Uint8Array): string => written(symbolsOf(bytes, GROUPS * DATA_LENGTH));

/** What was written without the symbols that check it. */
const dataOf = (groups: readonly string[]): string => groups.map((group) => group.slice(0, DATA_LENGTH)).join('');

/**
 * The secret in shares, of which any `needed` give it and fewer tell nothing of it: each symbol has a polynomial of its own.
 * A share is eight groups like those of a secret.
 */
export const sharesOfSecret = (
  secret: string,
  { count, needed }: SealedSplit,
  bytes: Uint8Array,
): readonly string[] => {
  if (!(2 <= needed && needed <= count && count <= SHARES_MAX && needed <= SHARES_NEEDED_MAX))
    throw new RangeError('no such shares');
  const data = [...dataOf(secret.split('-'))].map((symbol) => ALPHABET.indexOf(symbol));
  const chance = symbolsOf(bytes, MARK_LENGTH + data.length * (needed - 1));
  const mark = chance.slice(0, MARK_LENGTH);
  const coefficients = [...chance.slice(MARK_LENGTH)].map((symbol) => ALPHABET.indexOf(symbol));
  return [...LETTERS.slice(0, count)].map((letter, i) => {
    const values = data.map((symbol, at) =>
      shareOfSymbol(symbol, coefficients.slice(at * (needed - 1), (at + 1) * (needed - 1)), i + 1),
    );
    return written(`${letter}${needed}${mark}${values.map((value) => ALPHABET[value]).join('')}`);
  });
};

/** What is wrong with what somebody typed from paper. `share`: which one that they typed, from 1; null: the secret itself. */
export type SealedFault =
  | { readonly kind: 'typo'; readonly share: number | null; readonly group: number }
  | { readonly kind: 'length'; readonly share: number; readonly symbols: number }
  | { readonly kind: 'same-share'; readonly share: number; readonly as: number }
  | { readonly kind: 'other-seal'; readonly share: number }
  | { readonly kind: 'too-few'; readonly typed: number; readonly needed: number };
export type SealedReading = { readonly secret: string } | { readonly fault: SealedFault };

const groupsOf = (symbols: string): string[] =>
  Array.from({ length: symbols.length / GROUP_LENGTH }, (_, i) =>
    symbols.slice(i * GROUP_LENGTH, (i + 1) * GROUP_LENGTH),
  );
/** The first group that has what no paper has, or whose check does not hold, from 1; 0 where there is none. */
const typoIn = (groups: readonly string[]): number =>
  groups.findIndex(
    (group, i) =>
      [...group].some((symbol) => CONFUSED.includes(symbol)) || checkOf(group.slice(0, -1), i) !== group.at(-1),
  ) + 1;

/** Shares that were typed, each on a line of its own, or all in one. */
const readShares = (typed: readonly string[]): SealedReading => {
  const length = SHARE_GROUPS * GROUP_LENGTH;
  const fault = (found: SealedFault): SealedReading => ({ fault: found });
  const shares: { readonly place: number; readonly about: string; readonly data: string }[] = [];
  let needed = SHARES_MAX;
  for (const [i, symbols] of typed.entries()) {
    const share = i + 1;
    if (symbols.length !== length) return fault({ kind: 'length', share, symbols: symbols.length });
    const groups = groupsOf(symbols);
    const group = typoIn(groups);
    if (group !== 0) return fault({ kind: 'typo', share, group });
    const text = dataOf(groups);
    const place = LETTERS.indexOf(text.charAt(0)) + 1;
    const about = text.slice(1, DATA_LENGTH);
    needed = Number(about.charAt(0));
    // Nobody printed such a share: the check of its first group came out by accident.
    if (place === 0 || !(2 <= needed && needed <= SHARES_NEEDED_MAX)) return fault({ kind: 'typo', share, group: 1 });
    if (shares.length > 0 && shares[0]?.about !== about) return fault({ kind: 'other-seal', share });
    const same = shares.findIndex((other) => other.place === place);
    if (same !== -1) return fault({ kind: 'same-share', share, as: same + 1 });
    shares.push({ place, about, data: text.slice(DATA_LENGTH) });
  }
  if (shares.length < needed) return fault({ kind: 'too-few', typed: shares.length, needed });
  const used = shares.slice(0, needed);
  const data = Array.from({ length: GROUPS * DATA_LENGTH }, (_, at) =>
    symbolOfShares(used.map(({ place, data: own }) => ({ place, value: ALPHABET.indexOf(own.charAt(at)) }))),
  );
  return { secret: written(data.map((symbol) => ALPHABET[symbol]).join('')) };
};

/**
 * What somebody typed from paper: a sealed secret, or shares of one, as printed, whatever the case and whatever stands between
 * the groups. Null for what has not the shape of either. It is judged by what was typed alone.
 */
export const readSealedSecret = (typed: string): SealedReading | null => {
  const lines = typed
    .toUpperCase()
    .split('\n')
    .map((line) => line.replace(/[\s\-–—]+/g, ''))
    .filter((line) => line !== '');
  const symbols = lines.join('');
  if ([...symbols].some((symbol) => !(ALPHABET + CONFUSED).includes(symbol))) return null;
  if (symbols.length === GROUPS * GROUP_LENGTH) {
    const groups = groupsOf(symbols);
    const group = typoIn(groups);
    return group === 0 ? { secret: groups.join('-') } : { fault: { kind: 'typo', share: null, group } };
  }
  const length = SHARE_GROUPS * GROUP_LENGTH;
  const isWhole = symbols !== '' && symbols.length % length === 0;
  if (lines.length > 1 && !isWhole) return readShares(lines);
  if (!isWhole) return null;
  return readShares(
    Array.from({ length: symbols.length / length }, (_, i) => symbols.slice(i * length, (i + 1) * length)),
  );
};

/** As a sentence for whoever stands there with the paper. */
export const sentenceOfFault = (fault: SealedFault): string => {
  switch (fault.kind) {
    case 'typo':
      return fault.share === null
        ? `If this is a sealed secret: group ${fault.group} of its seven is mistyped. Compare it with the paper.`
        : `If these are shares of a sealed secret: in share ${fault.share}, group ${fault.group} of its eight is mistyped. Compare it with the paper.`;
    case 'length':
      return `If these are shares of a sealed secret: share ${fault.share} has ${fault.symbols} of the ${SHARE_GROUPS * GROUP_LENGTH} characters. Compare it with the paper.`;
    case 'same-share':
      return `Share ${fault.share} is the same paper as share ${fault.as}. Use another one.`;
    case 'other-seal':
      return `Share ${fault.share} was made at another time than share 1: only shares of one seal open it.`;
    case 'too-few':
      return `It takes ${fault.needed} shares, and ${fault.typed === 1 ? 'one was' : `${fault.typed} were`} typed.`;
  }
};
