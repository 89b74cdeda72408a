import { ApiError } from '@sallyport/model/errors';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeople, readPeopleSlice } from './read-people.ts';

const refusalIn = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof ApiError) return (error.options.causes ?? []).join(' ');
    throw error;
  }
  return '';
};
const refusalOf = (csv: string): string => refusalIn(() => readPeople(csv));

describe('people from a CSV file', () => {
  it('are read with quotes, line ends and byte-order marks as spreadsheets write them', () => {
    const csv =
      '\uFEFFemail,firstName,lastName,title\r\n"ann@example.org",Ann,"O\'Hara, Jr.","two\r\nlines"\r\n\r\nbob@example.org,Bob,,\r\n';
    expect(readPeople(csv).map(({ profile }) => profile)).toEqual([
      {
        login: 'ann@example.org',
        email: 'ann@example.org',
        firstName: 'Ann',
        lastName: "O'Hara, Jr.",
        title: 'two\r\nlines',
      },
      { login: 'bob@example.org', email: 'bob@example.org', firstName: 'Bob' },
    ]);
  });

  it.each([
    ['semicolons', 'login;email\nann;ann@example.org\n'],
    ['tabs', 'login\temail\nann\tann@example.org\n'],
  ])('may be separated by %s', (_, csv) => {
    expect(readPeople(csv)[0]?.profile).toEqual({ login: 'ann', email: 'ann@example.org' });
  });

  it.each([
    ['', 'names no column login and no column email'],
    ['name\nx', 'names no column login and no column email'],
    ['login\nx', 'names no column email'],
    ['email,email\na@b.co,a@b.co', 'The column email stands there twice'],
    ['email,__proto__\na@b.co,x', '__proto__ is no attribute'],
    ['email,constructor\na@b.co,x', 'constructor is no attribute'],
    ['email,first name\na@b.co,x', 'first name is no attribute'],
    ['email,\na@b.co,x', 'A column without a name is no attribute'],
    ['email\n"a@b.co', 'The file cannot be read as CSV'],
  ])('%j is refused', (csv, sentence) => {
    expect(refusalOf(csv)).toContain(sentence);
  });

  it('says of each row what is wrong with it, and on which line', () => {
    const csv = 'email,firstName\nno mail,A\na@example.org,A,more\nb@example.org,B\nB@EXAMPLE.org,C\n';
    expect(readPeople(csv).map(({ line, problem }) => [line, problem])).toEqual([
      [2, expect.stringContaining('email')],
      [3, 'has 3 cells where the first line has 2'],
      [4, null],
      [5, 'has the same login as line 4'],
    ]);
  });

  it('holds for any cells: what was written is what is read', () => {
    const cell = fc.string({ maxLength: 40 }).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (people) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const csv = people.map(([a, b], i) => [`p${i}@example.org`, a, b].map(quoted).join(',')).join('\n');
        const read = readPeople(`email,firstName,title\n${csv}`);
        expect(read.map(({ profile }) => [profile?.firstName ?? '', profile?.['title'] ?? ''])).toEqual(people);
      }),
    );
  });

  it('are the same a slice at a time, whatever the file looks like, and as a reader of whole files finds them', () => {
    const word = fc.constantFrom(
      '',
      'Ann',
      ' Bob ',
      '"two\r\nlines"',
      '"a ""b"", c;d"',
      '"\n\n x"',
      "O'Hara",
      'Zoë 東京',
    );
    const row = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(word, word) },
      { weight: 2, arbitrary: fc.constantFrom([], ['one'], ['a', 'b', 'c', 'd']) },
    );
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 12 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        (rows, delimiter, end, hasMark, hasLastEnd, count) => {
          const lines = rows.map((cells, i) =>
            cells.length === 0 ? ' '.repeat(i % 2) : [`p${i}@example.org`, ...cells].join(delimiter),
          );
          const head = ['email', 'firstName', 'title'].join(delimiter);
          const csv = (hasMark ? '\uFEFF' : '') + [head, ...lines].join(end) + (hasLastEnd ? end : '');
          const whole = readPeople(csv);
          const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true };
          const records = parse(csv, { ...options, delimiter, record_delimiter: end });
          expect(whole.map(({ profile, problem }) => profile?.['title'] ?? problem?.slice(0, 5) ?? '')).toEqual(
            records.slice(1).map((record) => (record.length === 3 ? record[2] : 'has ' + record.length)),
          );
          const above = (text: string): number => text.split(end).length;
          for (const { line, login } of whole)
            if (login !== null) expect(line).toBe(above(csv.slice(0, csv.indexOf(login))));
          for (let from = 0; from < whole.length; from += count)
            expect(readPeopleSlice(csv, from, count)).toEqual({
              people: whole.slice(from, from + count),
              rows: whole.length,
            });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of a slice are all that is read as people, however long the file is', () => {
    const cell = 'x'.repeat(30);
    const lines = Array.from({ length: 10_000 }, (_, i) => `p${i}@example.org,${cell}`);
    // Rows outside of the slice are not even looked at: this one would be told.
    lines[5000] = 'no mail';
    const { people, rows } = readPeopleSlice(`email,title\n${lines.join('\n')}\n`, 9_998, 1000);
    expect(rows).toBe(10_000);
    expect(people.map(({ line, login }) => [line, login])).toEqual([
      [10_000, 'p9998@example.org'],
      [10_001, 'p9999@example.org'],
    ]);
  });

  it.each([
    ['email\na@example.org', 1, 'The file has 1 rows'],
    ['name\nx', 0, 'names no column login and no column email'],
    ['email\n"a@example.org', 0, 'The file cannot be read as CSV'],
    ['email\na@example.org\na"b', 1, 'The file cannot be read as CSV'],
  ])('of a slice of %j from %i on: %s', (csv, from, sentence) => {
    expect(refusalIn(() => readPeopleSlice(csv, from, 10))).toContain(sentence);
  });

  it('are at most 50,000, also where few are asked for', () => {
    const csv = `email\n${'a\n'.repeat(50_001)}`;
    expect(refusalIn(() => readPeopleSlice(csv, 0, 10))).toContain('At most 50000 rows');
    expect(readPeopleSlice(csv.slice(0, -2), 49_999, 10)).toMatchObject({ people: [{ line: 50_001 }], rows: 50_000 });
  });
});
