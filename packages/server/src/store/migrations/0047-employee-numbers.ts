import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who is the same employee is asked at every approval: found by index, as mail addresses are (0013). */
export const employeeNumbers: Migration = {
  async up(db: Kysely<unknown>) {
    const folded =
      db.getExecutor().adapter instanceof PostgresAdapter
        ? `lower((cast(profile as json) ->> 'employeeNumber') collate "C")`
        : `lower(json_extract(profile, '$.employeeNumber'))`;
    await sql.raw(`create index ix_users_employeenumber on users (${folded})`).execute(db);
  },
};
