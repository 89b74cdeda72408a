import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What an approver must know of an ask: from which address it came, and whether its owner may decide it alone. */
export const approvals: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('actionProofs').addColumn('address', 'text').execute();
    await db.schema
      .alterTable('actionProofs')
      .addColumn('needsSecondPerson', 'smallint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex('ix_actionProofs_needsApproval')
      .on('actionProofs')
      .columns(['needsApproval', 'createdAt', 'id'])
      .execute();
  },
};
