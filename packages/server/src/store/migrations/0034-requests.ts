import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The columns that `make` adds are none that its type knows. */
const columns = (...names: readonly string[]): never[] => names as unknown as never[];

const sequence = (id: string, name: string, description: string, count: number) => ({
  id,
  name,
  description,
  steps: JSON.stringify([{ approvers: { by: 'admins' }, count }]),
  decideWithinSeconds: 86_400,
  createdAt: 0,
  createdBy: 'setup',
  lastUpdatedAt: 0,
  lastUpdatedBy: 'setup',
});
/** What every org starts with. */
const INITIAL_SEQUENCES = [
  sequence(
    '5a11d0000000000000000002',
    'Two fellow admins',
    'Two different administrators say yes, neither of them who asked nor whom it is for. Use it for admin roles.',
    2,
  ),
  sequence(
    '5a11d0000000000000000001',
    'One approver',
    'One administrator says yes, other than who asked and whom it is for. Use it for what gives no admin role.',
    1,
  ),
];

/**
 * Access requests. What was submitted never changes; what was decided cannot be decided twice, whichever node writes it:
 * `requestParties` holds every link of whoever takes part, once for each request, so neither the one who asked nor a human
 * who decided before can be written down as one more; `(requestId, step, slot)` has no room for a vote more than asked.
 */
export const requests: Migration = {
  async up(db: Kysely<unknown>) {
    const dated = ['createdAt', 'lastUpdatedAt'];
    const make = (name: string, texts: readonly string[], numbers: readonly string[]) => {
      let table = db.schema.createTable(name);
      for (const column of texts) table = table.addColumn(column, 'text', (c) => c.notNull());
      for (const column of numbers) table = table.addColumn(column, 'bigint', (c) => c.notNull());
      return table;
    };
    await make(
      'requestSequences',
      ['id', 'name', 'description', 'steps', 'createdBy', 'lastUpdatedBy'],
      ['decideWithinSeconds', ...dated],
    )
      .addPrimaryKeyConstraint('pk_requestSequences', columns('id'))
      .execute();
    await (db as Kysely<{ requestSequences: Record<string, unknown> }>)
      .insertInto('requestSequences')
      .values(INITIAL_SEQUENCES)
      .execute();

    await make(
      'requestConditions',
      ['id', 'resourceId', 'name', 'status', 'requesters', 'scope', 'sequenceId', 'createdBy', 'lastUpdatedBy'],
      ['priority', ...dated],
    )
      .addColumn('description', 'text')
      .addColumn('duration', 'text')
      .addPrimaryKeyConstraint('pk_requestConditions', columns('id'))
      .execute();
    await db.schema
      .createIndex('ix_requestConditions_resourceId')
      .on('requestConditions')
      .columns(['resourceId', 'priority', 'id'])
      .execute();

    await make(
      'requests',
      [
        'id',
        'requesterId',
        'beneficiaryId',
        'kind',
        'entitlementId',
        'entitlementName',
        'resourceId',
        'conditionId',
      ].concat(['conditionName', 'sequenceId', 'sequenceName', 'steps', 'reason', 'digest', 'lastUpdatedBy']),
      ['durationSeconds', 'decideBy', 'revision', ...dated],
    )
      .addColumn('ticket', 'text')
      .addColumn('startsAt', 'bigint')
      .addColumn('outcome', 'text')
      .addColumn('resolvedAt', 'bigint')
      .addColumn('grantStatus', 'text')
      .addColumn('grantReason', 'text')
      .addColumn('grantId', 'text')
      .addColumn('grantedAt', 'bigint')
      .addColumn('nudgedAt', 'bigint')
      .addPrimaryKeyConstraint('pk_requests', columns('id'))
      .addUniqueConstraint('uq_requests_grantId', columns('grantId'))
      .execute();
    for (const of of [
      ['createdAt', 'id'],
      ['requesterId', 'createdAt', 'id'],
      ['beneficiaryId', 'createdAt', 'id'],
    ])
      await db.schema.createIndex(`ix_requests_${of[0]}`).on('requests').columns(of).execute();
    await db.schema
      .createIndex('uq_requests_open')
      .on('requests')
      .columns(['beneficiaryId', 'kind', 'entitlementId'])
      .unique()
      .where('outcome' as never, 'is', null)
      .execute();
    await db.schema
      .createIndex('ix_requests_open')
      .on('requests')
      .columns(['decideBy'])
      .where('outcome' as never, 'is', null)
      .execute();
    await db.schema
      .createIndex('ix_requests_begin')
      .on('requests')
      .columns(['startsAt'])
      .where('grantStatus' as never, '=', 'PENDING')
      .execute();

    await make('requestTasks', ['id', 'requestId'], ['step'])
      .addPrimaryKeyConstraint('pk_requestTasks', columns('id'))
      .addUniqueConstraint('uq_requestTasks_step', columns('requestId', 'step'))
      .execute();
    await make('requestParties', ['requestId', 'link', 'userId'], [])
      .addPrimaryKeyConstraint('pk_requestParties', columns('requestId', 'link'))
      .execute();
    await make(
      'requestDecisions',
      ['requestId', 'deciderId', 'requesterId', 'beneficiaryId', 'kind', 'digest'],
      ['step', 'needed', 'createdAt'],
    )
      .addColumn('slot', 'bigint')
      .addColumn('comment', 'text')
      .addPrimaryKeyConstraint('pk_requestDecisions', columns('requestId', 'deciderId'))
      .addUniqueConstraint('uq_requestDecisions_slot', columns('requestId', 'step', 'slot'))
      .addCheckConstraint(
        'ck_requestDecisions_other',
        sql`${sql.ref('deciderId')} <> ${sql.ref('requesterId')} and ${sql.ref('deciderId')} <> ${sql.ref('beneficiaryId')}`,
      )
      .addCheckConstraint(
        'ck_requestDecisions_slot',
        sql`("kind" = 'deny' and "slot" is null) or ("kind" = 'approve' and "slot" is not null and "slot" >= 0 and "slot" < "needed")`,
      )
      .execute();
    await db.schema
      .createIndex('ix_requestDecisions_deciderId')
      .on('requestDecisions')
      .columns(['deciderId', 'createdAt'])
      .execute();
    await make('requestMessages', ['id', 'requestId', 'authorId', 'text'], ['createdAt'])
      .addPrimaryKeyConstraint('pk_requestMessages', columns('id'))
      .execute();
    await db.schema
      .createIndex('ix_requestMessages_requestId')
      .on('requestMessages')
      .columns(['requestId', 'createdAt'])
      .execute();
  },
};
