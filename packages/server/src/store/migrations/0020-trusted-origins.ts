import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Origins of other sites whose pages may call the API from a browser. */
export const trustedOrigins: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('trustedOrigins')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('origin', 'text', (c) => c.notNull().unique())
      .addColumn('scopes', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text')
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedBy', 'text')
      .execute();
  },
};
