import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Access that ends by time. A bundle holds roles as people do (`roleAssignments` of the kind `bundle`), and a grant gives
 * them, or membership in a group, to somebody for a while. Names stand in the grant as they were: history outlives what
 * it speaks of.
 */
export const grants: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('bundles')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('nameFolded', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedBy', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('ix_bundles_nameFolded').on('bundles').columns(['nameFolded']).unique().execute();
    let grantsTable = db.schema.createTable('grants').addColumn('id', 'text', (c) => c.primaryKey());
    for (const text of ['userId', 'userLogin', 'userName', 'kind', 'entitlementId', 'entitlementName'])
      grantsTable = grantsTable.addColumn(text, 'text', (c) => c.notNull());
    for (const instant of ['startsAt', 'expiresAt', 'powerEndsAt'])
      grantsTable = grantsTable.addColumn(instant, 'bigint', (c) => c.notNull());
    await grantsTable
      .addColumn('endedAt', 'bigint')
      .addColumn('endedBy', 'text')
      .addColumn('endReason', 'text')
      .addColumn('sourceKind', 'text', (c) => c.notNull())
      .addColumn('sourceId', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .execute();
    // Two grants of one thing to one person would end at two times, of which nobody knows which counts.
    await db.schema
      .createIndex('ix_grants_once')
      .on('grants')
      .columns(['userId', 'kind', 'entitlementId'])
      .unique()
      .where('endedAt' as never, 'is', null)
      .execute();
    await db.schema.createIndex('ix_grants_entitlement').on('grants').columns(['kind', 'entitlementId']).execute();
    await db.schema.createIndex('ix_grants_userId').on('grants').columns(['userId', 'createdAt']).execute();
    await db.schema
      .createIndex('ix_grants_open')
      .on('grants')
      .columns(['powerEndsAt'])
      .where('endedAt' as never, 'is', null)
      .execute();
    await db.schema.createIndex('ix_grants_createdAt').on('grants').columns(['createdAt', 'id']).execute();
  },
};
