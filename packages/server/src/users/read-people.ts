import { userProfile } from '@sallyport/api/users';
import { invalid } from '@sallyport/model/errors';
import { CsvError, parse } from 'csv-parse/sync';
import type { z } from 'zod';

/** A row of the file: the line it begins on, and either somebody or what is wrong with it. */
export interface PersonRow {
  readonly line: number;
  readonly login: string | null;
  readonly profile: z.infer<typeof userProfile> | null;
  readonly problem: string | null;
}

const ROWS_MAX = 50_000;
const COLUMNS_MAX = 60;
const QUOTE = 0x22;
const ATTRIBUTE = /^[A-Za-z_]\w{0,49}$/;
/** Names that an object has anyway: a column must not be one. */
const isTaken = (name: string): boolean => name in Object.prototype;

/** What separates the cells of the file, and its records: what does so in the first line does in all. */
interface CsvForm {
  readonly delimiter: string;
  readonly end: string;
}

const formOf = (csv: string): CsvForm => {
  const end = /\r\n|\n|\r/.exec(csv)?.[0] ?? '\n';
  const [head = ''] = csv.split(end, 1);
  const delimiter = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ',';
  return { delimiter, end };
};

const readRecords = (csv: string, { delimiter, end }: CsvForm): readonly (readonly string[])[] => {
  try {
    return parse(csv, {
      bom: true,
      delimiter,
      record_delimiter: end,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: 20_000,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid('csv', `The file cannot be read as CSV: ${error.message.slice(0, 200)}`);
  }
};

const readHeader = (names: readonly string[]): void => {
  const missing = ['login', 'email'].filter((name) => !names.includes(name));
  if (names.includes('email') && missing.includes('login')) missing.splice(missing.indexOf('login'), 1);
  if (missing.length > 0) throw invalid('csv', `The first line names no column ${missing.join(' and no column ')}`);
  if (names.length > COLUMNS_MAX) throw invalid('csv', `At most ${COLUMNS_MAX} columns`);
  const odd = names.find((name) => !ATTRIBUTE.test(name) || isTaken(name));
  if (odd !== undefined)
    throw invalid('csv', `${odd === '' ? 'A column without a name' : odd.slice(0, 60)} is no attribute`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid('csv', `The column ${twice} stands there twice`);
};

/** The text of some records, the line on which each begins, and how many there are behind the header in all. */
interface FoundRows {
  readonly header: string;
  readonly text: string;
  readonly lines: readonly number[];
  readonly rows: number;
}

/** Finds rows without making anything of those that are only passed over. */
const findRows = (csv: string, { delimiter, end }: CsvForm, from: number, count: number): FoundRows => {
  // What is blank is no row; a tab is not blank where it separates cells.
  const isBlank = (text: string): boolean => text.trim() === '' && !(delimiter === '\t' && text.includes('\t'));
  let header: string | null = null;
  const lines: number[] = [];
  let [first, last] = [0, 0];
  let rows = 0;
  let line = 1;
  for (let start = 0; start < csv.length; ) {
    // A line's end between quotes belongs to the cell; a quote inside of one stands there twice.
    const begun = line;
    let close = start;
    for (let isQuoted = false; ; ) {
      const next = csv.indexOf(end, close);
      const stop = next === -1 ? csv.length : next;
      for (; close < stop; close += 1) if (csv.charCodeAt(close) === QUOTE) isQuoted = !isQuoted;
      line += 1;
      if (next === -1) break;
      close = next + end.length;
      if (!isQuoted) break;
    }
    if (!isBlank(csv.slice(start, close))) {
      if (header === null) header = csv.slice(start, close);
      else {
        if (rows >= from && rows < from + count) {
          if (lines.length === 0) first = start;
          lines.push(begun);
          last = close;
        }
        rows += 1;
      }
    }
    start = close;
  }
  return { header: header ?? '', text: csv.slice(first, last), lines, rows };
};

const personOf = (names: readonly string[], record: readonly string[], line: number): PersonRow => {
  const wrong = (problem: string): PersonRow => ({ line, login: null, profile: null, problem });
  if (record.length !== names.length)
    return wrong(`has ${record.length} cells where the first line has ${names.length}`);
  const cells = Object.fromEntries(names.flatMap((name, i) => (record[i] ? [[name, record[i]] as const] : [])));
  const read = userProfile.safeParse({ login: cells['email'], ...cells });
  if (read.success) return { line, login: read.data.login, profile: read.data, problem: null };
  const [issue] = read.error.issues;
  return wrong(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not understood'}`);
};

/**
 * Some rows of a CSV file with people, and how many rows it has: what takes time or memory is done for the rows that are
 * asked for alone. RFC 4180, also with semicolons or tabs: a header with the names of attributes, `email` among them and,
 * where it differs, `login`. An empty cell is an attribute that is not set. A login that stands there twice is told where
 * both are among the rows. Throws E0000001 for a file that is none, and where the rows begin behind its end; what is wrong
 * with a single row stands in it.
 */
export const readPeopleSlice = (
  csv: string,
  from: number,
  count: number,
): { readonly people: readonly PersonRow[]; readonly rows: number } => {
  const form = formOf(csv);
  const { header, text, lines, rows } = findRows(csv, form, from, count);
  const names = readRecords(header, form)[0] ?? [];
  readHeader(names);
  if (rows > ROWS_MAX) throw invalid('csv', `At most ${ROWS_MAX} rows`);
  if (from > 0 && from >= rows) throw invalid('from', `The file has ${rows} rows`);
  const lineOf = new Map<string, number>();
  const people = readRecords(text, form).map((record, i): PersonRow => {
    const row = personOf(names, record, lines[i] ?? 0);
    if (row.login === null) return row;
    const folded = row.login.toLowerCase();
    const earlier = lineOf.get(folded);
    lineOf.set(folded, earlier ?? row.line);
    return earlier === undefined ? row : { ...row, problem: `has the same login as line ${earlier}` };
  });
  return { people, rows };
};

/** All rows of such a file. */
export const readPeople = (csv: string): readonly PersonRow[] => readPeopleSlice(csv, 0, ROWS_MAX).people;
