import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Lists of requests and grants are read in their order, whatever they are narrowed by; none is read to be left out or sorted. */
export const aMillionRequests: Migration = {
  async up(db: Kysely<unknown>) {
    const order = ['createdAt', 'id'];
    for (const column of ['outcome', 'grantStatus', 'resourceId', 'entitlementId'])
      await db.schema
        .createIndex(`ix_requests_by_${column}`)
        .on('requests')
        .columns([column, ...order])
        .execute();
    // Of a million the open ones are few: nobody finds them among the others.
    for (const columns of [order, ['requesterId', ...order], ['beneficiaryId', ...order]])
      await db.schema
        .createIndex(`ix_requests_open_${columns[0]}`)
        .on('requests')
        .columns(columns)
        .where(sql<boolean>`outcome is null`)
        .execute();
    await db.schema
      .createIndex('ix_grants_by_entitlementId')
      .on('grants')
      .columns(['entitlementId', ...order])
      .execute();
    await db.schema
      .createIndex('ix_grants_open_createdAt')
      .on('grants')
      .columns(order)
      .where(sql<boolean>`ended_at is null`)
      .execute();
    // Who gave whom something by hand: most grants are of requests, and tie nobody.
    await db.schema
      .createIndex('ix_grants_by_hand')
      .on('grants')
      .columns(['createdAt'])
      .where(sql<boolean>`source_kind = 'admin'`)
      .execute();
  },
};
