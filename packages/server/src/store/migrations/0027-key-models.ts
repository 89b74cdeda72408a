import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What a key proved of its model. Keys that were registered before have no chain: they stay "claimed", for their
 * attestation was not kept.
 */
export const keyModels: Migration = {
  async up(db: Kysely<unknown>) {
    for (const text of ['attestationChain', 'modelAttachment'])
      await db.schema.alterTable('factors').addColumn(text, 'text').execute();
    for (const flag of ['isHardwareProtected', 'isFipsCompliant', 'isModelCompromised'])
      await db.schema
        .alterTable('factors')
        .addColumn(flag, 'smallint', (c) => c.notNull().defaultTo(0))
        .execute();
  },
};
