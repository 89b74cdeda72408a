/**
 * What is made once for all test files, before the first of them: the table of network owners, and a store of each engine
 * that has only been through its migrations. Servers of tests begin with a copy; that an empty place becomes one is shown
 * by those that start a process of their own. Node keeps what it compiled for the next thread and the next program.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { buildAsnTable } from '../../packages/server/src/intel/build-asn-table.ts';
import { openPostgres } from '../../packages/server/src/store/postgres/open-postgres.ts';
import { openSqlite } from '../../packages/server/src/store/sqlite/open-sqlite.ts';

/** The folder that holds `asn.bin` and `sallyport.db`. */
export const ONCE_FOLDER = 'TEST_ONCE_FOLDER';
/** The name of the PostgreSQL database that others are copied from. */
export const ONCE_DATABASE = 'TEST_ONCE_DATABASE';

export default async (): Promise<() => void> => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-once-'));
  await buildAsnTable({ outFile: join(folder, 'asn.bin') });
  await (await openSqlite(join(folder, 'sallyport.db'))).close();
  process.env[ONCE_FOLDER] = folder;
  // Kept: the last process of a run writes down what it compiled when all else is over.
  process.env['NODE_COMPILE_CACHE'] = fileURLToPath(
    new URL('../../node_modules/.cache/sallyport-tests', import.meta.url),
  );
  const base = process.env['TEST_POSTGRES_URL'];
  if (base !== undefined) {
    const name = `once_${process.pid}`;
    const client = new pg.Client({ connectionString: base });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    const url = new URL(base);
    url.pathname = `/${name}`;
    await (await openPostgres(url.toString())).close();
    process.env[ONCE_DATABASE] = name;
  }
  return () => rmSync(folder, { recursive: true, force: true });
};
