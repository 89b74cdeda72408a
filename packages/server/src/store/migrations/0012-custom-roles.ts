import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Custom roles, resource sets and targets. An assignment says itself whether it is narrowed (`scope`), so that one whose
 * last target is gone gives nothing, not everything.
 */
export const customRoles: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropIndex('ix_roleAssignments_principalKind_principalId_type').execute();
    for (const column of ['roleId', 'resourceSetId'])
      await db.schema
        .alterTable('roleAssignments')
        .addColumn(column, 'text', (c) => c.notNull().defaultTo(''))
        .execute();
    await db.schema
      .alterTable('roleAssignments')
      .addColumn('scope', 'text', (c) => c.notNull().defaultTo('EVERYTHING'))
      .execute();
    await db.schema
      .createIndex('ix_roleAssignments_once')
      .on('roleAssignments')
      .columns(['principalKind', 'principalId', 'type', 'roleId', 'resourceSetId'])
      .unique()
      .execute();
    await db.schema
      .createIndex('ix_roleAssignments_roleId')
      .on('roleAssignments')
      .columns(['roleId', 'resourceSetId'])
      .execute();
    await db.schema
      .createTable('roleTargets')
      .addColumn('assignmentId', 'text', (c) => c.notNull())
      .addColumn('selector', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_roleTargets', ['assignmentId', 'selector'])
      .execute();
    for (const [table, prefix] of [
      ['customRoles', 'role'],
      ['resourceSets', 'set'],
    ] as const) {
      await db.schema
        .createTable(table)
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('label', 'text', (c) => c.notNull())
        .addColumn('labelFolded', 'text', (c) => c.notNull())
        .addColumn('description', 'text', (c) => c.notNull())
        .addColumn('createdAt', 'bigint', (c) => c.notNull())
        .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
        .addColumn('lastUpdatedBy', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex(`ix_${prefix}_label`).on(table).columns(['labelFolded']).unique().execute();
    }
    await db.schema
      .createTable('rolePermissions')
      .addColumn('roleId', 'text', (c) => c.notNull())
      .addColumn('permission', 'text', (c) => c.notNull())
      .addColumn('condition', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_rolePermissions', ['roleId', 'permission'])
      .execute();
    await db.schema
      .createTable('resourceSetEntries')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('resourceSetId', 'text', (c) => c.notNull())
      .addColumn('selector', 'text', (c) => c.notNull())
      .addColumn('excluded', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('ix_resourceSetEntries_selector')
      .on('resourceSetEntries')
      .columns(['resourceSetId', 'selector'])
      .unique()
      .execute();
    await db.schema
      .createTable('roleBindings')
      .addColumn('roleId', 'text', (c) => c.notNull())
      .addColumn('resourceSetId', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_roleBindings', ['resourceSetId', 'roleId'])
      .execute();
  },
};
