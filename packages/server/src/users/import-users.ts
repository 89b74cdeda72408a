import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { DEFAULT_TYPE_ID } from '../user-types/default-type.ts';
import { attributesOf } from '../user-types/store.ts';
import { fitToSchema } from './fit-to-schema.ts';
import { assertMayCreate, everyGroupOf, insertUser, newUserRow } from './manage-users.ts';
import { type PersonRow, readPeople, readPeopleSlice } from './read-people.ts';
import { takenAmong } from './unique-values.ts';

export interface ImportUsers {
  readonly csv: string;
  readonly from: number;
  readonly count: number;
  readonly skipsExisting: boolean;
  readonly activates: boolean;
  readonly groupIds: readonly string[];
}

const PROBLEMS_SHOWN = 100;
const SAMPLE = 10;
const LOGINS_A_QUERY = 500;

/** Which of the rows have an account already. */
const existingAmong = async (db: Transaction, rows: readonly PersonRow[]): Promise<(row: PersonRow) => boolean> => {
  const folded = rows.flatMap(({ login }) => (login === null ? [] : [login.toLowerCase()]));
  const found = new Set<string>();
  for (let i = 0; i < folded.length; i += LOGINS_A_QUERY) {
    const taken = await db
      .selectFrom('users')
      .select('loginFolded')
      .where('loginFolded', 'in', folded.slice(i, i + LOGINS_A_QUERY))
      .execute();
    for (const { loginFolded } of taken) found.add(loginFolded);
  }
  return ({ login }) => login !== null && found.has(login.toLowerCase());
};

/** Whoever creates them may write every attribute that any of them brings, in all the groups. */
const assertMayCreateAll = async (
  tx: Transaction,
  principal: Principal,
  rows: readonly PersonRow[],
  groupIds: readonly string[],
): Promise<readonly string[]> => {
  const attributes = Object.assign({}, ...rows.map(({ profile }) => profile ?? {})) as { login: string; email: string };
  const all = await everyGroupOf(tx, groupIds);
  await assertMayCreate(tx, principal, { profile: attributes, groupIds }, all);
  return all;
};

/** Rows of a file as they can be made; one that cannot says why. Whoever is there already has their values themselves. */
const readRows = async (
  db: Transaction,
  rows: readonly PersonRow[],
  isThere: (row: PersonRow) => boolean,
): Promise<readonly PersonRow[]> => {
  const attributes = await attributesOf(db, DEFAULT_TYPE_ID);
  const fitted = fitToSchema(attributes, rows);
  const taken = await takenAmong(
    db,
    DEFAULT_TYPE_ID,
    attributes,
    fitted.map((row) => (isThere(row) ? null : row.profile)),
  );
  return fitted.map((row, i) => {
    const attribute = taken[i] ?? null;
    return row.problem !== null || attribute === null
      ? row
      : { ...row, problem: `${attribute}: somebody else has this value` };
  });
};

/** `POST /sallyport/v1/user-imports?dryRun=true`: what the whole file would make, and what is wrong with it. Nothing is made. */
export const previewImport = async (s: Services, principal: Principal, input: ImportUsers) => {
  const read = readPeople(input.csv);
  const isThere = await existingAmong(s.store.read, read);
  const rows = await readRows(s.store.read, read, isThere);
  await assertMayCreateAll(s.store.read, principal, rows, input.groupIds);
  const wrong = rows.flatMap((row) =>
    row.problem !== null
      ? [{ line: row.line, problem: row.problem }]
      : isThere(row) && !input.skipsExisting
        ? [{ line: row.line, problem: `${row.login} has an account already` }]
        : [],
  );
  const fresh = rows.filter((row) => row.problem === null && !isThere(row));
  return {
    rows: rows.length,
    creates: fresh.length,
    existing: rows.filter(isThere).length,
    problemCount: wrong.length,
    problems: wrong.slice(0, PROBLEMS_SHOWN),
    sample: fresh.slice(0, SAMPLE).map(({ line, profile }) => ({ line, profile })),
  };
};

/**
 * `POST /sallyport/v1/user-imports`: makes the people of a slice of the file, all of them or none. Errors: E0000001 with a
 * cause for each row that is wrong, and where the slice begins behind the end; E0000006.
 */
export const importUsers = async (s: Services, principal: Principal, input: ImportUsers) => {
  const { people, rows: count } = readPeopleSlice(input.csv, input.from, input.count);
  return s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const isThere = await existingAmong(tx, people);
    const rows = await readRows(tx, people, isThere);
    const groupIds = await assertMayCreateAll(tx, principal, rows, input.groupIds);
    const causes: string[] = [];
    const created: string[] = [];
    let skipped = 0;
    for (const row of rows) {
      const { line, login, profile, problem } = row;
      if (problem !== null || profile === null) causes.push(`line ${line}: ${problem}`);
      else if (isThere(row) && !input.skipsExisting) causes.push(`line ${line}: ${login} has an account already`);
      else if (isThere(row)) skipped += 1;
      else if (causes.length === 0) {
        const user = newUserRow(s, principal, profile, { passwordHash: null, activate: input.activates });
        await insertUser(s, tx, principal, user, groupIds);
        created.push(user.id);
      }
    }
    if (causes.length > 0)
      throw new ApiError('E0000001', { args: ['csv'], causes: causes.slice(0, PROBLEMS_SHOWN), detail: 'import' });
    const done = input.from + rows.length;
    return { created: created.length, skipped, done, rows: count, next: done < count ? done : null };
  });
};
