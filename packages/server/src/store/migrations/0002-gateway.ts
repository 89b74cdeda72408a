import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Apps behind the gateway: each has a host of its own, and codes carry a session from our host to theirs. */
export const gateway: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('apps').addColumn('host', 'text').execute();
    // Built-in apps have no host; nulls are distinct on both engines.
    await db.schema.createIndex('ix_apps_host').on('apps').column('host').unique().execute();
    await db.schema
      .createTable('gatewayCodes')
      .addColumn('codeHash', 'text', (c) => c.notNull())
      .addColumn('appId', 'text', (c) => c.notNull())
      .addColumn('sessionId', 'text', (c) => c.notNull())
      .addColumn('nonceHash', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('network', 'text', (c) => c.notNull())
      .addColumn('returnTarget', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('expiresAt', 'bigint', (c) => c.notNull())
      .addColumn('usedAt', 'bigint')
      .addPrimaryKeyConstraint('pk_gatewayCodes', ['codeHash'])
      .execute();
    // Codes that are long over are deleted.
    await db.schema.createIndex('ix_gatewayCodes_expiresAt').on('gatewayCodes').column('expiresAt').execute();
  },
};
