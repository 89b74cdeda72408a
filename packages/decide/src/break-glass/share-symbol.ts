/** The field that sealed secrets are written in: 31 symbols are the numbers modulo a prime, so that a share looks like a secret. */
export const FIELD = 31;

/** Fermat: a^(p-2) is 1/a. */
const inverse = (value: number): number => {
  const base = ((value % FIELD) + FIELD) % FIELD;
  let result = 1;
  for (let i = 0; i < FIELD - 2; i++) result = (result * base) % FIELD;
  return result;
};

/**
 * Shamir, “How to share a secret” (1979), of one symbol: the value at `place` (1 to 30) of the polynomial that is `symbol` at
 * 0 and has `coefficients` above. With k - 1 of them, each drawn evenly, k places give the symbol and fewer give nothing.
 */
export const shareOfSymbol = (symbol: number, coefficients: readonly number[], place: number): number =>
  [symbol, ...coefficients].reduceRight((sum, coefficient) => (sum * place + coefficient) % FIELD, 0);

/** The symbol that shares at distinct places are of, as many as were needed: the polynomial through them, at 0 (Lagrange). */
export const symbolOfShares = (shares: readonly { readonly place: number; readonly value: number }[]): number =>
  shares.reduce((sum, { place, value }) => {
    const others = shares.filter((other) => other.place !== place);
    const weight = others.reduce((product, other) => {
      const step = (other.place * inverse(other.place - place)) % FIELD;
      return (product * step) % FIELD;
    }, 1);
    return (sum + value * weight) % FIELD;
  }, 0);
