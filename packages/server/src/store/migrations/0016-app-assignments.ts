import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who an app is assigned to: a record for people and clients; who may enter is what the policy says. */
export const appAssignments: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('appAssignments')
      .addColumn('appId', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('principalId', 'text', (c) => c.notNull())
      .addColumn('profile', 'text', (c) => c.notNull())
      .addColumn('userName', 'text')
      .addColumn('priority', 'integer', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_appAssignments', ['appId', 'kind', 'principalId'])
      .execute();
    await db.schema
      .createIndex('ix_appAssignments_principal')
      .on('appAssignments')
      .columns(['kind', 'principalId'])
      .execute();
  },
};
