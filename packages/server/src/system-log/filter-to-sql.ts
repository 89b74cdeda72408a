import type { Filter } from '@sallyport/decide/filter/filter';
import { type RawBuilder, sql } from 'kysely';
import { bound, expressionToSql, type Layout, READERS, type SqlDialect } from '../store/expression-to-sql.ts';

/** Columns that are copies of a path: no JSON is read for them. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['uuid', 'uuid'],
  ['eventType', 'eventType'],
  ['severity', 'severity'],
  ['actor.id', 'actorId'],
  ['outcome.result', 'outcomeResult'],
  ['authenticationContext.externalSessionId', 'externalSessionId'],
  ['transaction.id', 'transactionId'],
  ['client.ipAddress', 'clientIp'],
]);

const EVENTS: Layout = {
  document: sql.ref('events.body'),
  columnOf: ({ path }) => {
    const column = COLUMNS.get(path);
    return column === undefined ? null : { sql: sql.ref(`events.${column}`), folding: 'ascii' };
  },
};

/** A filter as a condition on table `events`; it selects exactly the events for which `matchFilter` is true. */
export const filterToSql = (filter: Filter, dialect: SqlDialect): RawBuilder<boolean> =>
  expressionToSql(filter, EVENTS, dialect);

/** A column as filters compare it; its index is on exactly this expression. */
export const foldedColumn = (column: string, dialect: SqlDialect): RawBuilder<string> =>
  sql<string>`lower(${READERS[dialect].asBytes(sql.ref(`events.${column}`))})`;

/** The words of `parseKeywords` as a condition on `events.keywords`. */
export const keywordsToSql = (words: readonly string[], dialect: SqlDialect): RawBuilder<boolean> => {
  const reader = READERS[dialect];
  const text = reader.asBytes(sql.ref('events.keywords'));
  const tests = words.map((word) => reader.contains(text, bound(` ${word} `)));
  return tests.length === 0 ? sql<boolean>`(1 = 1)` : sql<boolean>`(${sql.join(tests, sql` and `)})`;
};

/** The same condition, asked of the index of words (migration 0007). */
export const indexedWordsToSql = (words: readonly string[], dialect: SqlDialect): RawBuilder<boolean> =>
  dialect === 'sqlite'
    ? sql<boolean>`events.rowid in (${wordMatches(words)})`
    : sql<boolean>`string_to_array(events.keywords collate "C", ' ') @> array[${sql.join(words.map(bound))}]`;

/** SQLite only: the rows of events that hold all words. Quoted, a word is no operator of the full text search. */
const wordMatches = (words: readonly string[]): RawBuilder<unknown> =>
  sql`select rowid from event_words where event_words match ${words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ')}`;

/** How many events hold all words, counted up to `most`. */
export const wordCountSql = (
  words: readonly string[],
  most: number,
  dialect: SqlDialect,
): RawBuilder<{ found: number }> => {
  const matches =
    dialect === 'sqlite'
      ? wordMatches(words)
      : // For a frequent word the planner reads the table: the cheaper test first spares most rows the other.
        sql`select 1 from events where ${keywordsToSql(words, dialect)} and ${indexedWordsToSql(words, dialect)}`;
  return sql<{ found: number }>`select count(*) as found from (${matches} limit ${sql.lit(most)}) as matches`;
};
