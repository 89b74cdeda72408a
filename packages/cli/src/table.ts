import { oneLine } from './plain.ts';

/** Columns aligned by blanks; the last one ends where it ends. An empty value is a dash, so that `cut` and `awk` count right. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const cells = [heads, ...rows].map((row) => row.map((cell) => (cell === '' ? '-' : oneLine(cell))));
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
};

/** Names and values, one a line. */
export const facts = (pairs: readonly (readonly [name: string, value: string | null])[]): string[] => {
  const width = Math.max(...pairs.map(([name]) => name.length)) + 1;
  return pairs.flatMap(([name, value]) => (value === null ? [] : [`${`${name}:`.padEnd(width)}  ${oneLine(value)}`]));
};
