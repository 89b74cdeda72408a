import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';

interface Used {
  readonly id: string;
  readonly lastActivityAt: number;
}

/** Rows of one statement: three values each, well below what either engine takes. */
const ROWS_PER_STATEMENT = 500;

/** `case id when 'a' then 1 when 'b' then 2 … end`: as many instants as rows, in one statement. */
const instantBy = (column: 'id' | 'parentId', rows: readonly Used[]): RawBuilder<number> =>
  sql<number>`case ${sql.ref(column)} ${sql.join(
    rows.map(({ id, lastActivityAt }) => sql`when ${id} then cast(${lastActivityAt} as bigint)`),
    sql` `,
  )} end`;

const chunks = (rows: readonly Used[]): Used[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_PER_STATEMENT) }, (_, i) =>
    rows.slice(i * ROWS_PER_STATEMENT, (i + 1) * ROWS_PER_STATEMENT),
  );

/**
 * Writes when sessions were last used. Thousands may be touched within seconds, so a statement takes hundreds of them:
 * building one for each would cost more than the checks that touched them.
 */
export const writeActivity = async (tx: Transaction, rows: readonly Used[]): Promise<void> => {
  for (const chunk of chunks(rows))
    await tx
      .updateTable('sessions')
      .set({ lastActivityAt: instantBy('id', chunk) })
      .where(
        'id',
        'in',
        chunk.map(({ id }) => id),
      )
      .execute();
};

/** The same for the console sessions that hang on sessions of these ids. */
export const writeConsoleActivity = async (tx: Transaction, rows: readonly Used[]): Promise<void> => {
  for (const chunk of chunks(rows))
    await tx
      .updateTable('sessions')
      .set({ lastActivityAt: instantBy('parentId', chunk) })
      .where(
        'parentId',
        'in',
        chunk.map(({ id }) => id),
      )
      .where('tokenHash', 'is', null)
      .where('endedAt', 'is', null)
      .execute();
};
