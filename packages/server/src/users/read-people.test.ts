import { ApiError } from '@sallyport/model/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeople } from './read-people.ts';

const refusalOf = (csv: string): string => {
  try {
    readPeople(csv);
  } catch (error) {
    if (error instanceof ApiError) return (error.options.causes ?? []).join(' ');
    throw error;
  }
  return '';
};

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
});
