import type { Address } from '@sallyport/model/network';
import type { RangeSet } from './address-range.ts';
import { addressOfBits } from './parse-address.ts';

const bytesOf = (words: readonly number[]): Uint8Array =>
  Uint8Array.from(words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]));

/** The address after it; null after the last there is. */
const nextAddress = (bits: Uint8Array): Uint8Array | null => {
  const next = Uint8Array.from(bits);
  for (let i = next.length - 1; i >= 0; i--) {
    next[i] = ((next[i] as number) + 1) & 255;
    if (next[i] !== 0) return next;
  }
  return null;
};

/**
 * The first address of each range, and the one after its last. Between two neighbours of all edges of several sets, no set
 * changes its answer: one look at each edge sees every combination of them, but for that before the first edge.
 */
export const rangeEdges = function* ({ v4, v6 }: RangeSet): Generator<Address> {
  for (let i = 0; i < v4.length + v6.length / 4; i++) {
    const at = (i - v4.length) * 4;
    const bits = i < v4.length ? bytesOf([v4[i] as number]) : bytesOf([...v6.subarray(at, at + 4)]);
    const edge = i % 2 === 0 ? bits : nextAddress(bits);
    if (edge !== null) yield addressOfBits(edge);
  }
};
