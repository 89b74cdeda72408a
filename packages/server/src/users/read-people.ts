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
const ATTRIBUTE = /^[A-Za-z_]\w{0,49}$/;
/** Names that an object has anyway: a column must not be one. */
const isTaken = (name: string): boolean => name in Object.prototype;

const readRecords = (
  csv: string,
): readonly { readonly record: readonly string[]; readonly info: { lines: number } }[] => {
  const [head = ''] = csv.split(/\r?\n/, 1);
  // What separates the names in the first line separates all.
  const delimiter = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ',';
  try {
    return parse(csv, {
      bom: true,
      delimiter,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: 20_000,
      to: ROWS_MAX + 2,
    }) as unknown as readonly { readonly record: readonly string[]; readonly info: { lines: number } }[];
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

/**
 * People from a CSV file (RFC 4180; also with semicolons or tabs): a header with the names of attributes, `email` among
 * them and, where it differs, `login`. An empty cell is an attribute that is not set. Throws E0000001 for a file that is
 * none; what is wrong with a single row stands in it.
 */
export const readPeople = (csv: string): readonly PersonRow[] => {
  const [header, ...records] = readRecords(csv);
  const names = header?.record ?? [];
  readHeader(names);
  if (records.length > ROWS_MAX) throw invalid('csv', `At most ${ROWS_MAX} rows`);
  const lineOf = new Map<string, number>();
  return records.map(({ record, info }): PersonRow => {
    const line = info.lines;
    if (record.length !== names.length)
      return {
        line,
        login: null,
        profile: null,
        problem: `has ${record.length} cells where the first line has ${names.length}`,
      };
    const cells = Object.fromEntries(names.flatMap((name, i) => (record[i] ? [[name, record[i]] as const] : [])));
    const given = { login: cells['email'], ...cells };
    const read = userProfile.safeParse(given);
    if (!read.success) {
      const [issue] = read.error.issues;
      return {
        line,
        login: null,
        profile: null,
        problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not understood'}`,
      };
    }
    const folded = read.data.login.toLowerCase();
    const earlier = lineOf.get(folded);
    lineOf.set(folded, earlier ?? line);
    return {
      line,
      login: read.data.login,
      profile: read.data,
      problem: earlier === undefined ? null : `has the same login as line ${earlier}`,
    };
  });
};
