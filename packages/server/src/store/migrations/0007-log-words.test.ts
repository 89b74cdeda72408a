/** A database that was there before the index of words: what it holds is found, and what is changed later as well. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CamelCasePlugin, Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { indexedWordsToSql } from '../../system-log/filter-to-sql.ts';
import { openPostgres } from '../postgres/open-postgres.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import type { NewRow, Tables } from '../tables.ts';
import { migrations } from './index.ts';

const base = process.env['TEST_POSTGRES_URL'];
const ENGINES = base === undefined ? (['sqlite'] as const) : (['sqlite', 'postgres'] as const);
const BEFORE = '0006-log-search';

const eventRow = (seq: number, keywords: string): NewRow<'events'> => ({
  node: 'n1',
  seq,
  uuid: `u${seq}`,
  publishedAt: seq,
  eventType: 't',
  severity: 'INFO',
  actorId: 'a',
  outcomeResult: 'SUCCESS',
  externalSessionId: null,
  transactionId: 't',
  clientIp: null,
  keywords,
  body: '{}',
  personal: '{}',
  previousHash: 'x',
  hash: 'y',
});

const onServer = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  await client.query(statement);
  await client.end();
};

describe.each(ENGINES)('the index of words on %s', (engine) => {
  const name = `words_${process.pid}`;
  let folder: string;
  let store: Store;
  const url = (): string => {
    const target = new URL(base ?? 'postgres://unused');
    target.pathname = `/${name}`;
    return target.toString();
  };
  const file = (): string => join(folder, 'old.db');
  const found = async (...words: string[]): Promise<number[]> => {
    const asked = store.read.selectFrom('events').select('seq').orderBy('seq');
    return (await asked.where(indexedWordsToSql(words, engine)).execute()).map(({ seq }) => seq);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-words-'));
    if (engine === 'postgres') await onServer(`create database ${name}`);
    const dialect =
      engine === 'postgres'
        ? new PostgresDialect({ pool: new pg.Pool({ connectionString: url(), max: 1 }) })
        : new SqliteDialect({ database: new Database(file()) });
    const old = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] });
    expect((await new Migrator({ db: old, provider: migrations }).migrateTo(BEFORE)).error).toBeUndefined();
    await old
      .insertInto('events')
      .values([eventRow(1, ' ana@example.org success '), eventRow(2, ' bob@example.org success ')])
      .execute();
    await old.destroy();
    store = engine === 'postgres' ? await openPostgres(url()) : await openSqlite(file());
  });
  afterEach(async () => {
    await store.close();
    if (engine === 'postgres') await onServer(`drop database ${name} with (force)`);
    rmSync(folder, { recursive: true });
  });

  it('holds what was written before it and after it', async () => {
    expect(await found('ana@example.org')).toEqual([1]);
    expect(await found('success')).toEqual([1, 2]);
    await store.transaction((tx) => tx.insertInto('events').values(eventRow(3, ' ana@example.org failure ')).execute());
    expect(await found('ana@example.org')).toEqual([1, 3]);
    expect(await found('ana@example.org', 'success')).toEqual([1]);
  });

  it('forgets the words that are taken from an event, and an event that is taken from the log', async () => {
    await store.transaction((tx) =>
      tx.updateTable('events').set({ keywords: ' erased success ' }).where('seq', '=', 1).execute(),
    );
    expect([await found('ana@example.org'), await found('erased'), await found('success')]).toEqual([[], [1], [1, 2]]);
    await store.transaction((tx) => tx.deleteFrom('events').where('seq', '=', 2).execute());
    expect([await found('bob@example.org'), await found('success')]).toEqual([[], [1]]);
  });

  it.runIf(engine === 'sqlite')(
    'leaves no trace of an erased word, and survives a VACUUM after a deletion',
    async () => {
      await store.transaction((tx) => tx.insertInto('events').values(eventRow(3, ' carol success ')).execute());
      await store.transaction(async (tx) => {
        await tx.updateTable('events').set({ keywords: ' erased ' }).where('seq', '=', 1).execute();
        await tx.deleteFrom('events').where('seq', '=', 2).execute();
      });
      const { rows } = await sql<{ block: Buffer }>`select block from event_words_data`.execute(store.read);
      const index = Buffer.concat(rows.map(({ block }) => Buffer.from(block))).toString('latin1');
      expect(index).toContain('carol');
      for (const word of ['ana@', 'bob@']) expect(index).not.toContain(word);
      await store.close();
      const db = new Database(file());
      db.exec('vacuum');
      db.exec(`insert into event_words(event_words, rank) values ('integrity-check', 1)`);
      db.close();
      store = await openSqlite(file());
      expect([await found('carol'), await found('erased')]).toEqual([[3], [1]]);
    },
  );
});
