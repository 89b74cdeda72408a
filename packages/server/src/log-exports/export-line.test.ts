import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, exportHead } from './export-line.ts';

/** What a reader of RFC 4180 makes of one cell. */
const read = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

describe('csvCell', () => {
  it.each([
    ['plain', 'plain'],
    [null, ''],
    [64500, '64500'],
    [-3, '-3'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', `"'\t=1"`],
    ['"=1"', `"'""=1"""`],
    ["'=1", "''=1"],
    ['＝1', "'＝1"],
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
  ])('%j → %s', (value, cell) => expect(csvCell(value)).toBe(cell));

  it('never begins as a formula, keeps the text, and never leaves its row or column', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\n', '\r', '\t', ' ', 'a', "'") }),
        (text) => {
          const cell = csvCell(text);
          const value = read(cell);
          expect(value.trimStart()).not.toMatch(/^[=+\-@]/);
          expect([text, `'${text}`]).toContain(value);
          if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('names its columns once', () => {
    const names = exportHead('csv').trim().split(',');
    expect(new Set(names).size).toBe(names.length);
    expect(exportHead('jsonl')).toBe('');
  });
});
