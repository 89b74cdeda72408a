import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Versions of policies, changes of them that wait to be confirmed, drafts, and what policies are tested with. */
export const policyDrafts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('policyVersions')
      .addColumn('policyId', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('how', 'text', (c) => c.notNull())
      .addColumn('authorKind', 'text')
      .addColumn('authorId', 'text')
      .addColumn('reason', 'text')
      .addColumn('provisionalId', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('policyVersionsKey', ['policyId', 'version'])
      .execute();
    await db.schema
      .createTable('provisionalChanges')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('base', 'text', (c) => c.notNull())
      .addColumn('startedAt', 'bigint', (c) => c.notNull())
      .addColumn('startedBy', 'text', (c) => c.notNull())
      .addColumn('changedAt', 'bigint', (c) => c.notNull())
      .addColumn('changedBy', 'text', (c) => c.notNull())
      .addColumn('confirmBy', 'bigint', (c) => c.notNull())
      .addColumn('confirmedAt', 'bigint')
      .addColumn('confirmedBy', 'text')
      .addColumn('endedAt', 'bigint')
      .addColumn('endedBy', 'text')
      .addColumn('endReason', 'text')
      .execute();
    await db.schema
      .createTable('policyDrafts')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('policyId', 'text', (c) => c.notNull())
      .addColumn('note', 'text', (c) => c.notNull())
      .addColumn('baseVersion', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedBy', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('policyDraftsOfPolicy').on('policyDrafts').column('policyId').execute();
    await db.schema
      .createTable('policyTests')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('policyId', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('facts', 'text', (c) => c.notNull())
      .addColumn('expected', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('policyTestsName', ['policyId', 'name'])
      .execute();
  },
};
