import {
  CamelCasePlugin,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { Store } from '../../ports/store.ts';
import { createGroupCommit } from '../group-commit.ts';
import { migrations } from '../migrations/index.ts';
import { runMigrations } from '../run-migrations.ts';
import type { Tables } from '../tables.ts';

/** bigint arrives as text; every bigint of ours is below 2^53. */
const INT8 = 20;
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Any number will do that nobody else on the database takes: "SALL" in ASCII. */
const ADVISORY_LOCK = 0x53_41_4c_4c;
/** A node that was killed a moment ago: PostgreSQL lets go of its lock when it sees the closed connection. */
const LOCK_WAIT_MS = 4000;
const LOCK_RETRY_MS = 50;

/** Another server is on the database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
}

/**
 * Nodes keep live sessions in memory and do not yet tell each other of revocations: a second one would go on admitting
 * what the first has ended. So the database, like the data folder, belongs to one.
 */
const takeDatabase = async (client: pg.Client): Promise<void> => {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      ADVISORY_LOCK,
    ]);
    if (rows[0]?.taken === true) return;
    if (performance.now() > deadline) {
      throw new DatabaseInUseError(
        'the database is in use by another Sallyport; several nodes on one database are not supported yet',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
  }
};

/** On a connection of its own, which has no limit of time: an index on a log of millions takes minutes. */
const migrate = async (url: string): Promise<void> => {
  const pool = new pg.Pool({ connectionString: url, max: 1, types, connectionTimeoutMillis: 5000 });
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
  try {
    await runMigrations(new Migrator({ db, provider: migrations }));
  } finally {
    await db.destroy();
  }
};

/**
 * PostgreSQL: one connection writes for this node, in groups, so that the node's log chain is in the order of its
 * commits; a pool reads. A lost connection rejects what it carried and is made anew.
 */
export const openPostgres = async (
  url: string,
  { isOwner = true }: { readonly isOwner?: boolean } = {},
): Promise<Store> => {
  await migrate(url);
  // Filters of the log are one-off queries: compiling each takes longer than running it. None may hold a reader for ever.
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    types,
    connectionTimeoutMillis: 5000,
    options: '-c jit=off -c statement_timeout=30s',
  });
  pool.on('error', () => undefined);
  const read = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, types, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      if (isOwner) await takeDatabase(client);
    } catch (error) {
      await client.end();
      throw error;
    }
    return client;
  };
  let client: pg.Client | null = await connect().catch(async (error: unknown) => {
    await read.destroy();
    throw error;
  });
  const current = async (): Promise<pg.Client> => {
    client ??= await connect();
    return client;
  };
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: { sql: string; parameters: readonly unknown[] }) {
      const result = await (await current()).query(query.sql, [...query.parameters]);
      return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
    },
    // biome-ignore lint/correctness/useYield: a stream of rows is not offered; lists are paged
    async *streamQuery() {
      throw new Error('rows are not streamed; ask for pages');
    },
  };
  const tx = new Kysely<Tables>({
    dialect: {
      createDriver: () => ({
        init: async () => undefined,
        acquireConnection: async () => connection,
        beginTransaction: async () => undefined,
        commitTransaction: async () => undefined,
        rollbackTransaction: async () => undefined,
        releaseConnection: async () => undefined,
        destroy: async () => undefined,
      }),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    },
    plugins: [new CamelCasePlugin()],
  });
  const group = createGroupCommit({
    tx,
    begin: 'BEGIN',
    execute: async (statement) => void (await (await current()).query(statement)),
    async recover() {
      const broken = client;
      client = null;
      await broken?.end().catch(() => undefined);
    },
  });
  return {
    engine: 'postgres',
    read,
    transaction: group.transaction,
    counters: group.counters,
    async close() {
      await group.settled();
      await client?.end();
      await read.destroy();
    },
  };
};
