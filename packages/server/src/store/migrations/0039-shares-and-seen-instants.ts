import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The shares of sealed secrets; who announced a drill; the latest instant that was seen. */
export const sharesAndSeenInstants: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('breakGlassAccounts').addColumn('sharesCount', 'integer').execute();
    await db.schema.alterTable('breakGlassAccounts').addColumn('sharesNeeded', 'integer').execute();
    await db.schema.alterTable('breakGlassAccounts').addColumn('drillBy', 'text').execute();
    await db.schema.alterTable('breakGlassUses').addColumn('announcedBy', 'text').execute();
    await db.schema
      .createTable('seenInstants')
      .addColumn('node', 'text', (c) => c.primaryKey())
      .addColumn('seenAt', 'bigint', (c) => c.notNull())
      .execute();
  },
};
