import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Rules that put people into groups. `scanCursor` is the last person that a rule just activated has met, null when it has
 * met all; the queue holds whoever changed since. Both outlive a crash.
 */
export const groupRules: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('groupRules')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('nameFolded', 'text', (c) => c.notNull().unique())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('expression', 'text', (c) => c.notNull())
      .addColumn('excludedUserIds', 'text', (c) => c.notNull())
      .addColumn('groupIds', 'text', (c) => c.notNull())
      .addColumn('scanCursor', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('groupRuleQueue')
      .addColumn('userId', 'text', (c) => c.primaryKey())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('ix_groupMembers_addedBy').on('groupMembers').columns(['addedBy']).execute();
  },
};
