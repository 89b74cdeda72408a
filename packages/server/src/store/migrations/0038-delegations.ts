import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who decides on access requests in whose stead, in whose stead a decision was, and whom a step was given to. */
export const delegations: Migration = {
  async up(db: Kysely<unknown>) {
    let table = db.schema.createTable('delegations');
    for (const column of ['id', 'delegatorId', 'delegateId', 'createdBy'])
      table = table.addColumn(column, 'text', (c) => c.notNull());
    for (const column of ['startsAt', 'endsAt', 'createdAt'])
      table = table.addColumn(column, 'bigint', (c) => c.notNull());
    await table
      .addColumn('note', 'text')
      .addPrimaryKeyConstraint('pk_delegations', ['id'] as never[])
      // One vote has one delegate at most.
      .addUniqueConstraint('uq_delegations_delegatorId', ['delegatorId'] as never[])
      .execute();
    await db.schema.createIndex('ix_delegations_delegateId').on('delegations').columns(['delegateId']).execute();
    // The last step of which others were told that it passed on to them.
    await db.schema.alterTable('requests').addColumn('escalatedStep', 'bigint').execute();
    await db.schema.alterTable('requestTasks').addColumn('assignees', 'text').execute();
    await db.schema.alterTable('requestTasks').addColumn('reassignedBy', 'text').execute();
    await db.schema.alterTable('requestTasks').addColumn('reassignedAt', 'bigint').execute();
    await db.schema.alterTable('requestDecisions').addColumn('insteadOf', 'text').execute();
    await db.schema
      .alterTable('requestDecisions')
      .addColumn('behind', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute();
  },
};
