const SURROGATES_START = 0xd800;
const SURROGATES_END = 0xdfff;

/**
 * Orders two strings by code point, which is the order of their UTF-8 bytes (SQLite BINARY, PostgreSQL "C").
 * JavaScript's own `<` orders by UTF-16 unit and puts U+FF5E after every emoji.
 */
export const compareCodePoints = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  const isPair = (unit: number): boolean => unit >= SURROGATES_START && unit <= SURROGATES_END;
  if (isPair(x) !== isPair(y)) return isPair(x) ? 1 : -1;
  return x - y;
};
