import {
  CamelCasePlugin,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Store } from '../../ports/store.ts';
import { createGroupCommit } from '../group-commit.ts';
import { migrations } from '../migrations/index.ts';
import { runMigrations } from '../run-migrations.ts';
import type { Tables } from '../tables.ts';
import { openSqliteThread, type SqliteThread } from './sqlite-thread.ts';

const driverOver = (connection: DatabaseConnection): Driver => ({
  init: async () => undefined,
  acquireConnection: async () => connection,
  beginTransaction: async (c) => void (await c.executeQuery({ sql: 'BEGIN IMMEDIATE', parameters: [] } as never)),
  commitTransaction: async (c) => void (await c.executeQuery({ sql: 'COMMIT', parameters: [] } as never)),
  rollbackTransaction: async (c) => void (await c.executeQuery({ sql: 'ROLLBACK', parameters: [] } as never)),
  releaseConnection: async () => undefined,
  destroy: async () => undefined,
});

const kyselyOver = (thread: SqliteThread): Kysely<Tables> =>
  new Kysely<Tables>({
    dialect: {
      createDriver: () => driverOver(thread.connection),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createAdapter: () => new SqliteAdapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    },
    plugins: [new CamelCasePlugin()],
  });

/**
 * The embedded store: one file, WAL, `synchronous=FULL`, one writer thread and one reader thread.
 * The caller holds the data folder's lock: exactly one process owns the file.
 */
export const openSqlite = async (file: string): Promise<Store> => {
  const writer = openSqliteThread(file, false);
  const tx = kyselyOver(writer);
  await runMigrations(new Migrator({ db: tx, provider: migrations }));
  const reader = openSqliteThread(file, true);
  const read = kyselyOver(reader);
  const execute = async (statement: string): Promise<void> => void (await writer.run(statement));
  const group = createGroupCommit({
    tx,
    execute,
    begin: 'BEGIN IMMEDIATE',
    recover: () => execute('ROLLBACK').catch(() => undefined),
  });
  return {
    engine: 'sqlite',
    read,
    transaction: group.transaction,
    counters: group.counters,
    backup: async (target) => void (await reader.run('#backup', [target])),
    async close() {
      await group.settled();
      await reader.close();
      await writer.close();
    },
  };
};
