import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a session owes and has proved while its address changes under `PROVE`; a restart forgets neither. */
export const proveAndContinue: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [name, type] of [
      ['provedAddress', 'text'],
      ['openProofs', 'text'],
      ['proofDueAt', 'bigint'],
    ] as const)
      await db.schema.alterTable('sessions').addColumn(name, type).execute();
  },
};
