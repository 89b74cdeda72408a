import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Accounts that no human signs in as; since when. Null is a person. */
export const serviceAccounts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('users').addColumn('serviceAccountAt', 'bigint').execute();
    await db.schema.createIndex('ix_users_serviceAccountAt').on('users').columns(['serviceAccountAt']).execute();
  },
};
