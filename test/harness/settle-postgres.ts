import { sql } from 'kysely';
import type { TestServer } from './test-server.ts';

/** What autovacuum and the checkpointer do by themselves within minutes: a server's questions may take less time than that. */
export const settlePostgres = ({ services }: TestServer): Promise<void> =>
  services.store.read.connection().execute(async (db) => {
    await sql`set statement_timeout = 0`.execute(db);
    for (const settling of [sql`vacuum analyze`, sql`checkpoint`]) await settling.execute(db);
    await sql`reset statement_timeout`.execute(db);
  });
