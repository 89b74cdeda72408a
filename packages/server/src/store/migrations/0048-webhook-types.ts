import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What each webhook is told of; those that are there go on to be told of alarms alone. */
export const webhookTypes: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('webhooks')
      .addColumn('types', 'text', (c) => c.notNull().defaultTo('["break_glass.use"]'))
      .execute();
  },
};
