import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** On which days a person used which permission; a row for each, whatever the number of requests. */
export const permissionUses: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('permissionUses')
      .addColumn('userId', 'text', (c) => c.notNull())
      .addColumn('permission', 'text', (c) => c.notNull())
      .addColumn('day', 'integer', (c) => c.notNull())
      .addColumn('lastUsedAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_permissionUses', ['userId', 'permission', 'day'])
      .execute();
    await db.schema.createIndex('ix_permissionUses_day').on('permissionUses').columns(['day']).execute();
  },
};
