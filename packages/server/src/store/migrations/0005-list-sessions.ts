import { type Kysely, SqliteAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Tables } from '../tables.ts';

/** One page of all sessions, by what people look for, is read by an index; none is read to be left out. */
export const listSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('sessions').addColumn('signInAddress', 'text').execute();
    const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
    await (db as Kysely<Tables>)
      .updateTable('sessions')
      .set({
        signInAddress: isSqlite
          ? sql<string>`json_extract(baseline, '$.signInAddress')`
          : sql<string>`baseline::json ->> 'signInAddress'`,
      })
      .execute();
    // The planner of SQLite would find org sessions, which are most, by their missing parent, and then sort them all.
    await db.schema.dropIndex('ix_sessions_parentId').execute();
    await db.schema
      .createIndex('ix_sessions_parentId')
      .on('sessions')
      .columns(['parentId'])
      .where(sql<boolean>`parent_id is not null`)
      .execute();
    const isOrg = sql<boolean>`parent_id is null`;
    await db.schema
      .createIndex('ix_sessions_active')
      .on('sessions')
      .columns(['createdAt', 'id'])
      .where(sql<boolean>`ended_at is null`)
      .where(isOrg)
      .execute();
    await db.schema
      .createIndex('ix_sessions_ended')
      .on('sessions')
      .columns(['endedAt', 'id'])
      .where(sql<boolean>`ended_at is not null`)
      .where(isOrg)
      .execute();
    await db.schema
      .createIndex('ix_sessions_endReason')
      .on('sessions')
      .columns(['endReason', 'endedAt', 'id'])
      .where(sql<boolean>`ended_at is not null`)
      .where(isOrg)
      .execute();
    // What passed by the exempt zone is counted on the few rows that have any.
    await db.schema
      .createIndex('ix_sessions_exemptPasses')
      .on('sessions')
      .columns(['exemptPasses'])
      .where(sql<boolean>`exempt_passes > 0`)
      .execute();
    await db.schema.createIndex('ix_sessions_signInAddress').on('sessions').columns(['signInAddress']).execute();
    await db.schema.createIndex('ix_observations_toAddress').on('observations').columns(['toAddress']).execute();
    await db.schema.createIndex('ix_observations_observedAt').on('observations').columns(['observedAt']).execute();
  },
};
