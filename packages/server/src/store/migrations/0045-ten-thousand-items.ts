import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Items of a review are read in each of their orders, and counted, from an index: of 10,000 none is read to be sorted, or to be left out. */
export const tenThousandItems: Migration = {
  async up(db: Kysely<unknown>) {
    const orders = {
      createdAt: sql`created_at`,
      decidedAt: sql`coalesce(decided_at, 0)`,
      decision: sql`coalesce(decision, '')`,
      remediationStatus: sql`remediation_status`,
    };
    for (const [name, order] of Object.entries(orders))
      await sql`create index ${sql.ref(`ix_reviewItems_by_${name}`)} on review_items (campaign_id, ${order}, id)`.execute(
        db,
      );
    await sql`create index ${sql.ref('ix_reviewItems_createdAt')} on review_items (created_at, id)`.execute(db);
    const counts = {
      approvedCount: sql`decision = 'APPROVE'`,
      revokedCount: sql`decision = 'REVOKE'`,
      unansweredCount: sql`is_unanswered = 1`,
      failedCount: sql`remediation_status in ('ERROR', 'MANUAL')`,
    };
    for (const [name, which] of Object.entries(counts)) {
      await db.schema
        .alterTable('campaigns')
        .addColumn(name, 'bigint', (c) => c.notNull().defaultTo(0))
        .execute();
      await sql`update campaigns set ${sql.ref(name)} = (select count(*) from review_items i
        where i.campaign_id = campaigns.id and i.${which})`.execute(db);
    }
    await db.schema
      .alterTable('reviewers')
      .addColumn('isAskedNow', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await sql`update reviewers set is_asked_now = 1 where exists (select 1 from review_items i where i.id = reviewers.item_id
      and i.level = reviewers.level and i.decision is null and i.is_unanswered = 0)`.execute(db);
    await db.schema
      .createIndex('ix_reviewers_askedNow')
      .on('reviewers')
      .columns(['reviewerId', 'campaignId', 'itemId'])
      .where(sql<boolean>`is_asked_now = 1`)
      .execute();
  },
};
