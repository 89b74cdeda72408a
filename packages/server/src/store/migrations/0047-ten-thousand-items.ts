import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Items of a review are read in each of their orders, and counted, from an index: of 10,000 none is read to be sorted. */
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
    await db.schema
      .createIndex('ix_reviewItems_counts')
      .on('reviewItems')
      .columns(['campaignId', 'decision', 'isUnanswered', 'remediationStatus'])
      .execute();
  },
};
