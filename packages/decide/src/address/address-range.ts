import type { Address, AddressFamily } from '@sallyport/model/network';
import { addressOfBits, parseAddress } from './parse-address.ts';

/** All addresses of one family from `from` to `to`, both included. */
export interface AddressRange {
  readonly family: AddressFamily;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Ranges made ready for `isInRanges`: sorted and merged, each family for itself. */
export interface RangeSet {
  /** Pairs from, to; ascending. */
  readonly v4: Float64Array;
  /** From, to: four 32-bit words each; ascending. */
  readonly v6: Uint32Array;
}

const WORDS = 4;

const compare = (a: Uint8Array, b: Uint8Array): number => {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** `10.0.0.0/8`, `2001:db8::/32` or a bare address; null for anything else. Host bits are allowed and ignored. */
export const parseCidr = (text: string): AddressRange | null => {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === null) return null;
  const { family, bits } = address;
  const length = text.slice(slash + 1);
  if (slash === -1) return { family, from: bits, to: bits };
  // `::ffff:10.0.0.0/104` has lost its mapped prefix: what its length would mean is anyone's guess.
  if (text.includes(':') && family === 'v4') return null;
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits.length * 8) return null;
  const mask = bits.map((_, i) => 255 & ~(255 >> Math.min(8, Math.max(0, Number(length) - i * 8))));
  return {
    family,
    from: bits.map((byte, i) => byte & (mask[i] as number)),
    to: bits.map((byte, i) => byte | (255 & ~(mask[i] as number))),
  };
};

/** A CIDR, a bare address, or `192.0.2.1-192.0.2.9`; null for anything else, also for a range that runs backwards. */
export const parseRange = (text: string): AddressRange | null => {
  const dash = text.indexOf('-');
  if (dash === -1) return parseCidr(text.trim());
  const from = parseAddress(text.slice(0, dash).trim());
  const to = parseAddress(text.slice(dash + 1).trim());
  if (from === null || to === null || from.family !== to.family || compare(from.bits, to.bits) > 0) return null;
  return { family: from.family, from: from.bits, to: to.bits };
};

/** A range as its shortest text: one address, or from-to. */
export const rangeText = ({ from, to }: AddressRange): string => {
  const [first, last] = [addressOfBits(from).text, addressOfBits(to).text];
  return first === last ? first : `${first}-${last}`;
};

const word = (bits: Uint8Array, i: number): number =>
  (((bits[i * 4] as number) << 24) |
    ((bits[i * 4 + 1] as number) << 16) |
    ((bits[i * 4 + 2] as number) << 8) |
    (bits[i * 4 + 3] as number)) >>>
  0;

/** Sorted, and overlapping ones made one: the binary search needs them apart. */
const merged = (ranges: readonly AddressRange[]): AddressRange[] => {
  const apart: AddressRange[] = [];
  for (const range of ranges.toSorted((a, b) => compare(a.from, b.from))) {
    const last = apart.at(-1);
    if (last === undefined || compare(range.from, last.to) > 0) apart.push(range);
    else if (compare(range.to, last.to) > 0) apart[apart.length - 1] = { ...last, to: range.to };
  }
  return apart;
};

/**
 * Compiles ranges for the hot path. Texts that are none throw RangeError: whoever stores ranges checks them first, and
 * one that is silently left out would open or close a door unseen.
 */
export const compileRanges = (texts: readonly string[]): RangeSet => {
  const ranges = texts.map((text) => {
    const range = parseRange(text);
    if (range === null) throw new RangeError(`not a range of addresses: ${text}`);
    return range;
  });
  const v4 = merged(ranges.filter((range) => range.family === 'v4'));
  const v6 = merged(ranges.filter((range) => range.family === 'v6'));
  return {
    v4: Float64Array.from(v4.flatMap(({ from, to }) => [word(from, 0), word(to, 0)])),
    v6: Uint32Array.from(
      v6.flatMap(({ from, to }) => [0, 1, 2, 3].map((i) => word(from, i)).concat([0, 1, 2, 3].map((i) => word(to, i)))),
    ),
  };
};

const isInV4 = (ranges: Float64Array, value: number): boolean => {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (value < (ranges[middle * 2] as number)) high = middle - 1;
    else if (value > (ranges[middle * 2 + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
};

/** Orders the address against the four words at `at`. */
const compareWords = (words: Uint32Array, at: number, bits: Uint8Array): number => {
  for (let i = 0; i < WORDS; i++) {
    const difference = word(bits, i) - (words[at + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
};

const isInV6 = (ranges: Uint32Array, bits: Uint8Array): boolean => {
  let low = 0;
  let high = ranges.length / (2 * WORDS) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (compareWords(ranges, middle * 2 * WORDS, bits) < 0) high = middle - 1;
    else if (compareWords(ranges, middle * 2 * WORDS + WORDS, bits) > 0) low = middle + 1;
    else return true;
  }
  return false;
};

/** Is the address in one of the ranges? Of no ranges, none (design §4.2). */
export const isInRanges = (set: RangeSet, address: Address): boolean =>
  address.family === 'v4' ? isInV4(set.v4, word(address.bits, 0)) : isInV6(set.v6, address.bits);
