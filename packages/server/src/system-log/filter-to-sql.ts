import type { Attribute, EventList } from '@sallyport/decide/log-filter/attributes';
import type { Comparison, Filter, FilterClause, FilterValue } from '@sallyport/decide/log-filter/filter';
import { foldAscii } from '@sallyport/decide/log-filter/fold-ascii';
import { type RawBuilder, sql } from 'kysely';

export type SqlDialect = 'sqlite' | 'postgres';
type Sql = RawBuilder<unknown>;

/** How one engine reads a JSON document. A holder is the event's body or an element of one of its lists. */
interface JsonReader {
  readonly body: Sql;
  /** A string, or the JSON text of a number or boolean; NULL for all else. */
  readonly text: (holder: Sql, keys: readonly string[]) => Sql;
  /** NULL unless it is a number. */
  readonly number: (holder: Sql, keys: readonly string[]) => Sql;
  /** The JSON text; NULL when missing. */
  readonly json: (holder: Sql, keys: readonly string[]) => Sql;
  readonly toNumber: (value: number) => Sql;
  /** Order and `lower` of plain bytes, without the locale of the database. */
  readonly asBytes: (text: Sql) => Sql;
  readonly some: (list: EventList, test: (element: Sql) => Sql) => Sql;
  readonly contains: (text: Sql, part: Sql) => Sql;
  readonly endsWith: (text: Sql, end: Sql, length: number) => Sql;
}

const bound = (value: string): Sql => sql`cast(${value} as text)`;

// `->` and `->>` of SQLite take a JSON path. The keys were admitted by resolveAttribute: no quote can be among them.
const sqlitePath = (keys: readonly string[]): string => `$${keys.map((key) => `."${key}"`).join('')}`;
const SQLITE: JsonReader = {
  body: sql.ref('events.body'),
  text: (holder, keys) => {
    const path = bound(sqlitePath(keys));
    return sql`(case json_type(${holder}, ${path}) when 'text' then ${holder} ->> ${path} when 'null' then null
      when 'object' then null when 'array' then null else ${holder} -> ${path} end)`;
  },
  number: (holder, keys) => {
    const path = bound(sqlitePath(keys));
    return sql`(case when json_type(${holder}, ${path}) in ('integer', 'real') then cast(${holder} -> ${path} as real) end)`;
  },
  json: (holder, keys) => sql`(${holder} -> ${bound(sqlitePath(keys))})`,
  toNumber: (value) => sql`cast(${String(value)} as real)`,
  asBytes: (text) => text,
  some: (list, test) =>
    sql`exists (select 1 from json_each(${SQLITE.body}, ${sqlitePath(list.split('.'))}) as element where ${test(sql.ref('element.value'))})`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  // substr(x, -0) would be all of x.
  endsWith: (text, end, length) =>
    length === 0 ? sql`${text} is not null` : sql`substr(${text}, ${sql.lit(-length)}) = ${end}`,
};

// `json`, not `jsonb`: it keeps a number's text. `->` with a text key does not index arrays, unlike `#>`.
const postgresNode = (holder: Sql, keys: readonly string[]): Sql =>
  sql`(${holder}${sql.join(
    keys.map((key) => sql` -> ${bound(key)}`),
    sql``,
  )})`;
const POSTGRES: JsonReader = {
  body: sql`cast(${sql.ref('events.body')} as json)`,
  text: (holder, keys) => {
    const node = postgresNode(holder, keys);
    return sql`(case json_typeof(${node}) when 'object' then null when 'array' then null else ${node} #>> '{}' end)`;
  },
  number: (holder, keys) => {
    const node = postgresNode(holder, keys);
    return sql`(case json_typeof(${node}) when 'number' then cast(${node} #>> '{}' as numeric) end)`;
  },
  json: (holder, keys) => sql`cast(${postgresNode(holder, keys)} as text)`,
  toNumber: (value) => sql`cast(${String(value)} as numeric)`,
  asBytes: (text) => sql`(${text} collate "C")`,
  some: (list, test) => {
    const node = postgresNode(POSTGRES.body, list.split('.'));
    const elements = sql`json_array_elements(case json_typeof(${node}) when 'array' then ${node} else '[]' end)`;
    return sql`exists (select 1 from ${elements} as element(value) where ${test(sql.ref('element.value'))})`;
  },
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  endsWith: (text, end, length) => sql`right(${text}, ${sql.lit(length)}) = ${end}`,
};
const READERS: Readonly<Record<SqlDialect, JsonReader>> = { sqlite: SQLITE, postgres: POSTGRES };

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

const ORDERS = { gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const;
type Order = keyof typeof ORDERS;

const isOrder = (op: Comparison): op is Order => op in ORDERS;

/** One evaluation of `found`, however many values there are. */
const equalsAny = (reader: JsonReader, { type }: Attribute, found: Sql, wanted: readonly FilterValue[]): Sql =>
  type === 'number'
    ? sql`${found} in (${sql.join(wanted.map((value) => reader.toNumber(Number(value))))})`
    : sql`lower(${reader.asBytes(found)}) in (${sql.join(wanted.map((value) => bound(foldAscii(String(value)))))})`;

const isOrdered = (reader: JsonReader, found: Sql, op: Order, wanted: FilterValue): Sql =>
  typeof wanted === 'number'
    ? sql`${found} ${ORDERS[op]} ${reader.toNumber(wanted)}`
    : sql`${reader.asBytes(found)} ${ORDERS[op]} ${bound(wanted)}`;

const hasPart = (reader: JsonReader, found: Sql, op: 'co' | 'sw' | 'ew', wanted: string): Sql => {
  const text = sql`lower(${reader.asBytes(found)})`;
  const part = bound(wanted);
  const length = [...wanted].length; // in code points, as both engines count
  if (op === 'co') return reader.contains(text, part);
  return op === 'ew' ? reader.endsWith(text, part, length) : sql`substr(${text}, 1, ${sql.lit(length)}) = ${part}`;
};

const valueIn = (reader: JsonReader, { path, type, keys }: Attribute, holder: Sql): Sql => {
  if (type === 'number') return reader.number(holder, keys);
  const column = COLUMNS.get(path);
  return column === undefined ? reader.text(holder, keys) : sql.ref(`events.${column}`);
};

const testOf = (reader: JsonReader, clause: FilterClause, holder: Sql): Sql => {
  const { attribute } = clause;
  if (clause.kind === 'present')
    return sql`coalesce(${reader.json(holder, attribute.keys)}, 'null') not in ('null', '""', '{}', '[]')`;
  const found = valueIn(reader, attribute, holder);
  if (clause.kind === 'in') return equalsAny(reader, attribute, found, clause.values);
  const { op, value } = clause;
  if (op === 'eq' || op === 'ne') return equalsAny(reader, attribute, found, [value]);
  return isOrder(op) ? isOrdered(reader, found, op, value) : hasPart(reader, found, op, foldAscii(String(value)));
};

/** A clause has two values, never NULL, so that `not` means what it means in memory. */
const compileClause = (reader: JsonReader, clause: FilterClause): Sql => {
  const { each } = clause.attribute;
  const test =
    each === null
      ? sql`coalesce(${testOf(reader, clause, reader.body)}, false)`
      : reader.some(each, (element) => testOf(reader, clause, element));
  return clause.kind === 'compare' && clause.op === 'ne' ? sql`(not ${test})` : test;
};

const compile = (reader: JsonReader, filter: Filter): Sql => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return sql`(${sql.join(
        filter.of.map((part) => compile(reader, part)),
        filter.kind === 'and' ? sql` and ` : sql` or `,
      )})`;
    case 'not':
      return sql`(not ${compile(reader, filter.of)})`;
    default:
      return compileClause(reader, filter);
  }
};

/**
 * A filter as a condition on table `events`; it selects exactly the events for which `matchFilter` is true.
 * Every value is a parameter. LIKE is not used, so that no wildcard needs an escape.
 */
export const filterToSql = (filter: Filter, dialect: SqlDialect): RawBuilder<boolean> =>
  sql<boolean>`${compile(READERS[dialect], filter)}`;

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
const wordMatches = (words: readonly string[]): Sql =>
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
