import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Proofs that were asked for before protected actions, and the requests that each one is good for. */
export const protectedActions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('actionProofs')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('requesterKind', 'text', (c) => c.notNull())
      .addColumn('requesterId', 'text', (c) => c.notNull())
      .addColumn('userId', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('permission', 'text')
      .addColumn('target', 'text')
      .addColumn('requests', 'text', (c) => c.notNull())
      .addColumn('summary', 'text')
      .addColumn('network', 'text')
      .addColumn('isHandedOff', 'smallint', (c) => c.notNull())
      .addColumn('nonce', 'text', (c) => c.notNull())
      .addColumn('challenge', 'text', (c) => c.notNull())
      .addColumn('proofClass', 'text', (c) => c.notNull())
      .addColumn('needsKey', 'smallint', (c) => c.notNull())
      .addColumn('needsApproval', 'smallint', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('expiresAt', 'bigint', (c) => c.notNull())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('factorId', 'text')
      .addColumn('provedClass', 'text')
      .addColumn('evidence', 'text')
      .addColumn('provedAt', 'bigint')
      .addColumn('approverId', 'text')
      .addColumn('decision', 'text')
      .addColumn('decisionReason', 'text')
      .addColumn('decidedAt', 'bigint')
      .addColumn('closedAt', 'bigint')
      .execute();
    await db.schema
      .createIndex('ix_actionProofs_requesterId')
      .on('actionProofs')
      .columns(['requesterId', 'createdAt'])
      .execute();
    // What waits for a person, and what nobody answered.
    await db.schema
      .createIndex('ix_actionProofs_closedAt')
      .on('actionProofs')
      .columns(['closedAt', 'expiresAt'])
      .execute();
    await db.schema
      .createTable('actionProofRequests')
      .addColumn('proofId', 'text', (c) => c.notNull())
      .addColumn('digest', 'text', (c) => c.notNull())
      .addColumn('usedAt', 'bigint')
      .addColumn('usedByRequest', 'text')
      .addPrimaryKeyConstraint('pk_actionProofRequests', ['proofId', 'digest'])
      .execute();
  },
};
