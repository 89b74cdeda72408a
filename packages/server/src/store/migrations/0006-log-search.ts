import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a filter looks up by equality, folded as filters fold: ASCII only, whatever the database's locale is. */
const FOLDED = ['event_type', 'actor_id', 'external_session_id', 'transaction_id', 'client_ip'] as const;

/**
 * Searching a million events: the order of a page and its outcomes come from one index, and each folded column has an
 * index in the same order. Then what people keep of the log: saved queries, and exports.
 */
export const logSearch: Migration = {
  async up(db: Kysely<unknown>) {
    const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
    for (const old of ['publishedAt', 'eventType_publishedAt', 'actorId_publishedAt', 'transactionId'])
      await db.schema.dropIndex(`ix_events_${old}`).execute();
    await sql`create index ix_events_order on events (published_at, node, seq, outcome_result)`.execute(db);
    for (const column of FOLDED) {
      const folded = isPostgres ? `lower(${column} collate "C")` : `lower(${column})`;
      await sql
        .raw(`create index ix_events_${column}_folded on events (${folded}, published_at, node, seq)`)
        .execute(db);
    }
    await db.schema
      .createTable('savedQueries')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('ownerId', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('nameFolded', 'text', (c) => c.notNull())
      .addColumn('isShared', 'smallint', (c) => c.notNull())
      .addColumn('search', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('ix_savedQueries_ownerId').on('savedQueries').columns(['ownerId']).execute();
    await db.schema
      .createTable('logExports')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('ownerId', 'text', (c) => c.notNull())
      .addColumn('format', 'text', (c) => c.notNull())
      .addColumn('search', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('estimatedRows', 'bigint', (c) => c.notNull())
      .addColumn('rowCount', 'bigint', (c) => c.notNull())
      .addColumn('byteCount', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('finishedAt', 'bigint')
      .addColumn('expiresAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('ix_logExports_ownerId').on('logExports').columns(['ownerId', 'createdAt']).execute();
  },
};
