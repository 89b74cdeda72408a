import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tokens get a second secret for the time of a rotation, the age of the first, and what is known of their use. */
export const apiTokenRotation: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [name, type] of [
      ['anywhereReason', 'text'],
      ['secretSetAt', 'bigint'],
      ['oldTokenHash', 'text'],
      ['oldSecretEndsAt', 'bigint'],
      ['oldSecretUsedAt', 'bigint'],
      ['oldSecretUsedAddress', 'text'],
    ] as const)
      await db.schema.alterTable('apiTokens').addColumn(name, type).execute();
    await db.schema
      .alterTable('apiTokens')
      .addColumn('remindedDays', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await sql`update ${sql.table('apiTokens')} set ${sql.ref('secretSetAt')} = ${sql.ref('createdAt')}`.execute(db);
    await db.schema
      .createIndex('ix_apiTokens_oldTokenHash')
      .unique()
      .on('apiTokens')
      .columns(['oldTokenHash'])
      .execute();
    await db.schema
      .createTable('tokenUses')
      .addColumn('tokenId', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('firstAt', 'bigint', (c) => c.notNull())
      .addColumn('lastAt', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_tokenUses', ['tokenId', 'kind', 'value'])
      .execute();
  },
};
