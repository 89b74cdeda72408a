import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The unique index on names of groups is in the order of the database's locale, in which a beginning is no range. */
export const groupNamesByBytes: Migration = {
  async up(db: Kysely<unknown>) {
    if (db.getExecutor().adapter instanceof PostgresAdapter)
      await sql.raw('create index ix_groups_name_bytes on groups (name_folded collate "C")').execute(db);
  },
};
