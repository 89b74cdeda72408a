import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What was recorded of people and of service apps until now, as 0046 knew it. */
const RECORDED = {
  user: {
    events: [
      'user.lifecycle.create',
      'user.account.privilege.grant',
      'user.mfa.factor.activate',
      'user.mfa.factor.deactivate',
      'user.mfa.factor.reset_all',
      'sallyport.enrolment_code.create',
    ],
    targets: ['User'],
  },
  app: {
    events: [
      'app.oauth2.client.lifecycle.create',
      'app.oauth2.client.privilege.grant',
      'app.oauth2.credentials.lifecycle.create',
      'app.oauth2.admin.consent.grant',
    ],
    targets: ['AppInstance', 'PublicClientApp'],
  },
};
const DAYS_30 = 30 * 86_400_000;

/** Who is tied to whom by what the log tells, beside the log: found by index, whatever else happened in the last 30 days. */
export const ties: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('ties')
      .addColumn('ofId', 'text', (c) => c.notNull())
      .addColumn('byId', 'text', (c) => c.notNull())
      .addColumn('ofKind', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('pk_ties', ['ofId', 'byId'])
      .execute();
    await db.schema.createIndex('ix_ties_byId').on('ties').columns(['byId', 'at']).execute();
    for (const table of ['users', 'factors'])
      await db.schema.createIndex(`ix_${table}_createdBy`).on(table).columns(['createdBy', 'createdAt']).execute();
    const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
    const type = isPostgres ? sql`lower(e.event_type collate "C")` : sql`lower(e.event_type)`;
    const [targets, id, kind] = isPostgres
      ? [
          sql`jsonb_array_elements(case jsonb_typeof(e.body::jsonb -> 'target') when 'array' then e.body::jsonb -> 'target'
            else '[]' end) as t(value)`,
          sql`t.value ->> 'id'`,
          sql`t.value ->> 'type'`,
        ]
      : [
          sql`json_each(e.body, '$.target') as t`,
          sql`json_extract(t.value, '$.id')`,
          sql`json_extract(t.value, '$.type')`,
        ];
    for (const [ofKind, recorded] of Object.entries(RECORDED))
      await sql`insert into ties (of_id, by_id, of_kind, at)
        select ${id}, e.actor_id, ${sql.lit(ofKind)}, max(e.published_at) from events e cross join ${targets}
        where ${type} in (${sql.join(recorded.events)}) and ${kind} in (${sql.join(recorded.targets)})
          and e.published_at >= (select max(published_at) from events) - ${sql.lit(DAYS_30)}
        group by ${id}, e.actor_id`.execute(db);
  },
};
