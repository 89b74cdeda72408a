import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a request makes longer, and which grant goes on in which: each in one other at most. */
export const extensions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const table of ['requests', 'grants'])
      await db.schema.alterTable(table).addColumn('extendsGrantId', 'text').execute();
    await db.schema
      .createIndex('uq_grants_extendsGrantId')
      .on('grants')
      .columns(['extendsGrantId'])
      .unique()
      .where(sql<boolean>`extends_grant_id is not null`)
      .execute();
  },
};
