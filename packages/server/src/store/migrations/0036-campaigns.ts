import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Access reviews: campaigns, what they ask about, whom, and what was answered. */
export const campaigns: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('campaigns')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('description', 'text')
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('settings', 'text', (c) => c.notNull())
      .addColumn('startAt', 'bigint', (c) => c.notNull())
      .addColumn('endsAt', 'bigint', (c) => c.notNull())
      .addColumn('seriesId', 'text')
      .addColumn('run', 'bigint', (c) => c.notNull())
      .addColumn('skipsRemediation', 'smallint', (c) => c.notNull())
      .addColumn('itemCount', 'bigint', (c) => c.notNull())
      .addColumn('remark', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('createdBy', 'text', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedBy', 'text', (c) => c.notNull())
      .addColumn('launchedAt', 'bigint')
      .addColumn('closedAt', 'bigint')
      .addColumn('digest', 'text')
      .execute();
    await db.schema.createIndex('ix_campaigns_status').on('campaigns').columns(['status', 'startAt']).execute();
    // Of two nodes that close one run, one makes the next.
    await db.schema.createIndex('ix_campaigns_series').unique().on('campaigns').columns(['seriesId', 'run']).execute();
    await db.schema
      .createTable('reviewItems')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('campaignId', 'text', (c) => c.notNull())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('ref', 'text', (c) => c.notNull())
      .addColumn('subjectKind', 'text', (c) => c.notNull())
      .addColumn('subjectId', 'text', (c) => c.notNull())
      .addColumn('subjectLabel', 'text', (c) => c.notNull())
      .addColumn('resourceId', 'text', (c) => c.notNull())
      .addColumn('resourceLabel', 'text', (c) => c.notNull())
      .addColumn('evidence', 'text', (c) => c.notNull())
      .addColumn('suggestion', 'text')
      .addColumn('suggestionReason', 'text', (c) => c.notNull())
      .addColumn('isOwnAllowed', 'smallint', (c) => c.notNull())
      .addColumn('reviewersVia', 'text', (c) => c.notNull())
      .addColumn('level', 'text', (c) => c.notNull())
      .addColumn('decision', 'text')
      .addColumn('decidedAt', 'bigint')
      .addColumn('isUnanswered', 'smallint', (c) => c.notNull())
      .addColumn('remediationStatus', 'text', (c) => c.notNull())
      .addColumn('remediationReason', 'text')
      .addColumn('kept', 'text')
      .addColumn('graceEndsAt', 'bigint')
      .addColumn('restoredAt', 'bigint')
      .addColumn('restoredBy', 'text')
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('lastUpdatedAt', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('ix_reviewItems_seq')
      .unique()
      .on('reviewItems')
      .columns(['campaignId', 'seq'])
      .execute();
    await db.schema
      .createIndex('ix_reviewItems_ref')
      .unique()
      .on('reviewItems')
      .columns(['campaignId', 'kind', 'ref'])
      .execute();
    await db.schema
      .createIndex('ix_reviewItems_open')
      .on('reviewItems')
      .columns(['remediationStatus', 'graceEndsAt'])
      .execute();
    await db.schema.createIndex('ix_reviewItems_subject').on('reviewItems').columns(['subjectId']).execute();
    await db.schema
      .createTable('reviewers')
      .addColumn('itemId', 'text', (c) => c.notNull())
      .addColumn('level', 'text', (c) => c.notNull())
      .addColumn('reviewerId', 'text', (c) => c.notNull())
      .addColumn('campaignId', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_reviewers', ['itemId', 'level', 'reviewerId'])
      .execute();
    await db.schema
      .createIndex('ix_reviewers_reviewer')
      .on('reviewers')
      .columns(['reviewerId', 'campaignId'])
      .execute();
    // One answer for each item and level: of fifty that come at once the key lets one in.
    await db.schema
      .createTable('reviewDecisions')
      .addColumn('itemId', 'text', (c) => c.notNull())
      .addColumn('level', 'text', (c) => c.notNull())
      .addColumn('decision', 'text', (c) => c.notNull())
      .addColumn('note', 'text')
      .addColumn('decidedBy', 'text', (c) => c.notNull())
      .addColumn('decidedByLabel', 'text', (c) => c.notNull())
      .addColumn('decidedAt', 'bigint', (c) => c.notNull())
      .addColumn('proofId', 'text')
      .addPrimaryKeyConstraint('pk_reviewDecisions', ['itemId', 'level'])
      .execute();
    await db.schema
      .createTable('reviewMails')
      .addColumn('campaignId', 'text', (c) => c.notNull())
      .addColumn('reviewerId', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_reviewMails', ['campaignId', 'reviewerId', 'kind'])
      .execute();
    await db.schema
      .createTable('reviewJobs')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('campaignId', 'text', (c) => c.notNull())
      .addColumn('reviewerId', 'text', (c) => c.notNull())
      .addColumn('decidedCount', 'bigint', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .execute();
  },
};
