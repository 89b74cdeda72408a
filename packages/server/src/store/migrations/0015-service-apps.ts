import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Service apps: their public keys, granted scopes and access tokens, and what was used once and never again. */
export const serviceApps: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('apps').addColumn('lastUsedAt', 'bigint').execute();
    for (const column of ['lastUsedAddress', 'lastUsedNetwork'])
      await db.schema.alterTable('apps').addColumn(column, 'text').execute();
    await db.schema
      .createTable('appKeys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('appId', 'text', (c) => c.notNull())
      .addColumn('kid', 'text', (c) => c.notNull())
      .addColumn('jwk', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUsedAt', 'bigint')
      .execute();
    await db.schema.createIndex('ix_appKeys_kid').on('appKeys').columns(['appId', 'kid']).unique().execute();
    await db.schema
      .createTable('appGrants')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('appId', 'text', (c) => c.notNull())
      .addColumn('scopeId', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('ix_appGrants_scopeId')
      .on('appGrants')
      .columns(['appId', 'scopeId'])
      .unique()
      .execute();
    await db.schema
      .createTable('accessTokens')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('appId', 'text', (c) => c.notNull())
      .addColumn('tokenHash', 'text', (c) => c.notNull())
      .addColumn('scopes', 'text', (c) => c.notNull())
      .addColumn('thumbprint', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('expiresAt', 'bigint', (c) => c.notNull())
      .addColumn('revokedAt', 'bigint')
      .execute();
    await db.schema.createIndex('ix_accessTokens_hash').on('accessTokens').columns(['tokenHash']).unique().execute();
    await db.schema.createIndex('ix_accessTokens_appId').on('accessTokens').columns(['appId']).execute();
    await db.schema
      .createTable('usedJwts')
      .addColumn('idHash', 'text', (c) => c.primaryKey())
      .addColumn('expiresAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('ix_usedJwts_expiresAt').on('usedJwts').columns(['expiresAt']).execute();
  },
};
