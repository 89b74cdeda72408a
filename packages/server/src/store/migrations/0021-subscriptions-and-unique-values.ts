import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which mails people get; and values of profiles that no two people share, which the key holds under races, too. */
export const subscriptionsAndUniqueValues: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('subscriptions')
      .addColumn('holderKind', 'text', (c) => c.notNull())
      .addColumn('holderId', 'text', (c) => c.notNull())
      .addColumn('notificationType', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_subscriptions', ['holderKind', 'holderId', 'notificationType'])
      .execute();
    await db.schema
      .createTable('userUniqueValues')
      .addColumn('typeId', 'text', (c) => c.notNull())
      .addColumn('attribute', 'text', (c) => c.notNull())
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('userId', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_userUniqueValues', ['typeId', 'attribute', 'value'])
      .execute();
    await db.schema.createIndex('ix_userUniqueValues_userId').on('userUniqueValues').columns(['userId']).execute();
  },
};
