import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a verdict was judged from stands in the chain as a salted commitment; those of before have none. */
export const verdictCommitments: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('verdicts').addColumn('salt', 'text').execute();
  },
};
