import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whether a request by a condition needs a ticket; by those that are there none does. */
export const neededTickets: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('requestConditions')
      .addColumn('ticket', 'text', (c) => c.notNull().defaultTo('optional'))
      .execute();
  },
};
