import { describe, expect, it } from 'vitest';
import { FIELD, shareOfSymbol, symbolOfShares } from './share-symbol.ts';

const SYMBOLS = Array.from({ length: FIELD }, (_, symbol) => symbol);
const tuples = (length: number): number[][] =>
  length === 0 ? [[]] : tuples(length - 1).flatMap((rest) => SYMBOLS.map((symbol) => [...rest, symbol]));

describe('shares of a symbol', () => {
  it.each([
    [2, [[1], [4], [9]]],
    [
      3,
      [
        [1, 2],
        [2, 9],
        [5, 7],
      ],
    ],
  ])('one less than the %i that are needed fits every symbol equally often: nothing is learned', (needed, subsets) => {
    // Every polynomial that there is: the proof is a count, not a sample.
    const polynomials = tuples(needed - 1);
    for (const places of subsets)
      for (const symbol of SYMBOLS) {
        const views = polynomials.map((above) => places.map((place) => shareOfSymbol(symbol, above, place)).join());
        expect(new Set(views).size).toBe(FIELD ** (needed - 1));
      }
  });
  it('as many as are needed give it, whichever they are', () => {
    for (const symbol of SYMBOLS)
      for (const above of [
        [0, 0],
        [30, 30],
        [7, 0],
        [0, 19],
        [symbol, 11],
      ])
        for (const places of [
          [1, 2, 3],
          [3, 1, 2],
          [9, 4, 30],
          [28, 29, 30],
        ])
          expect(symbolOfShares(places.map((place) => ({ place, value: shareOfSymbol(symbol, above, place) })))).toBe(
            symbol,
          );
  });
});
