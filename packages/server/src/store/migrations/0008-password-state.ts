import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A password may be expired, or reset until its owner has chosen a new one. */
export const passwordState: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('users').addColumn('passwordState', 'text').execute();
  },
};
