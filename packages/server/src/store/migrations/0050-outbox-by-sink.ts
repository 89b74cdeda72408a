import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What one sink took last, and what waits for it, are found by index, whatever else was ever sent. */
export const outboxBySink: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['createdAt', 'deliveredAt'])
      await db.schema.createIndex(`ix_outbox_sink_${column}`).on('outbox').columns(['sink', column]).execute();
  },
};
