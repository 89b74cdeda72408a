import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Break-glass accounts, each use of one with its review, and the webhooks that tell of it. */
export const breakGlass: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('breakGlassAccounts')
      .addColumn('userId', 'text', (c) => c.primaryKey())
      .addColumn('networks', 'text', (c) => c.notNull())
      .addColumn('secretHash', 'text', (c) => c.notNull())
      .addColumn('sealedAt', 'bigint', (c) => c.notNull())
      .addColumn('sealedBy', 'text', (c) => c.notNull())
      .addColumn('unsealedAt', 'bigint')
      .addColumn('lastDrillAt', 'bigint')
      .addColumn('drillUntilAt', 'bigint')
      .addColumn('remindedAt', 'bigint')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('breakGlassUses')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('userId', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('firstAt', 'bigint', (c) => c.notNull())
      .addColumn('lastAt', 'bigint', (c) => c.notNull())
      .addColumn('openings', 'bigint', (c) => c.notNull())
      .addColumn('refusals', 'bigint', (c) => c.notNull())
      .addColumn('sessionId', 'text')
      .addColumn('address', 'text')
      .addColumn('reason', 'text')
      .addColumn('alarmedStep', 'text')
      .addColumn('alarmedAt', 'bigint')
      .addColumn('closedAt', 'bigint')
      .execute();
    await db.schema
      .createIndex('ix_breakGlassUses_userId')
      .on('breakGlassUses')
      .columns(['userId', 'firstAt'])
      .execute();
    await db.schema
      .createTable('breakGlassReviews')
      .addColumn('useId', 'text', (c) => c.notNull())
      .addColumn('reviewerId', 'text', (c) => c.notNull())
      .addColumn('note', 'text', (c) => c.notNull())
      .addColumn('signedAt', 'bigint', (c) => c.notNull())
      // One human counts once (design §4.6), also in two requests of the same moment.
      .addPrimaryKeyConstraint('pk_breakGlassReviews', ['useId', 'reviewerId'])
      .execute();
    await db.schema
      .createTable('webhooks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('secretSealed', 'text', (c) => c.notNull())
      .addColumn('secretSetAt', 'bigint', (c) => c.notNull())
      .addColumn('oldSecretSealed', 'text')
      .addColumn('oldSecretEndsAt', 'bigint')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .execute();
  },
};
