import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What roles a request gave when it was asked for, and the session that it was asked from. */
export const whatRequestsGave: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('requests').addColumn('gives', 'text').execute();
    await db.schema.alterTable('requests').addColumn('askedSessionId', 'text').execute();
  },
};
