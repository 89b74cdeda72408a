import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const INDEXED = ['email', 'firstName', 'lastName'] as const;

/**
 * Finding people: names and addresses of profiles, folded as searches fold (`users/user-layout`). Then what profiles may
 * hold, by type of user, and who owns a group.
 */
export const people: Migration = {
  async up(db: Kysely<unknown>) {
    const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
    for (const key of INDEXED) {
      const folded = isPostgres
        ? `lower((cast(profile as json) ->> '${key}') collate "C")`
        : `lower(json_extract(profile, '$.${key}'))`;
      await sql.raw(`create index ix_users_${key.toLowerCase()} on users (${folded})`).execute(db);
      // As `sorted-page` orders by it.
      const sorted = isPostgres ? `(${folded} collate "C")` : folded;
      await sql.raw(`create index ix_users_by_${key.toLowerCase()} on users (coalesce(${sorted}, ''), id)`).execute(db);
    }
    // The unique index is in the order of the database's locale, in which a beginning is no range.
    if (isPostgres) await sql.raw('create index ix_users_login_bytes on users (login_folded collate "C")').execute(db);
    await db.schema.createIndex('ix_users_lastUpdatedAt').on('users').columns(['lastUpdatedAt', 'id']).execute();
    await db.schema
      .createTable('userTypes')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('nameFolded', 'text', (c) => c.notNull().unique())
      .addColumn('displayName', 'text', (c) => c.notNull())
      .addColumn('description', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedBy', 'text', (c) => c.notNull())
      .addColumn('schemaUpdatedAt', 'bigint', (c) => c.notNull())
      .execute();
    await sql`insert into user_types select 'oty0000000000000defa', 'user', 'user', 'User',
      'User profile template with default permission settings',
      created_at, 'system', created_at, 'system', created_at from org`.execute(db);
    await db.schema
      .createTable('userAttributes')
      .addColumn('typeId', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_userAttributes', ['typeId', 'name'])
      .execute();
    await db.schema
      .createTable('groupOwners')
      .addColumn('groupId', 'text', (c) => c.notNull())
      .addColumn('ownerId', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_groupOwners', ['groupId', 'ownerId'])
      .execute();
    await db.schema.createIndex('ix_groupOwners_ownerId').on('groupOwners').columns(['ownerId']).execute();
  },
};
