import type { Attribute, Comparison, Filter, FilterClause, FilterValue } from '@sallyport/decide/filter/filter';
import { foldAscii } from '@sallyport/decide/filter/fold-ascii';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';

export type SqlDialect = 'sqlite' | 'postgres';
type Sql = RawBuilder<unknown>;

/** How one engine reads a JSON document. A holder is the document or an element of one of its lists. */
interface JsonReader {
  /** A column of text as a document. */
  readonly document: (column: Sql) => Sql;
  /** A string, or the JSON text of a number or boolean; NULL for all else. */
  readonly text: (holder: Sql, keys: readonly string[]) => Sql;
  /** NULL unless it is a number. */
  readonly number: (holder: Sql, keys: readonly string[]) => Sql;
  /** The JSON text; NULL when missing. */
  readonly json: (holder: Sql, keys: readonly string[]) => Sql;
  readonly toNumber: (value: number) => Sql;
  /** Order and `lower` of plain bytes, without the locale of the database. */
  readonly asBytes: (text: Sql) => Sql;
  readonly some: (document: Sql, list: string, test: (element: Sql) => Sql) => Sql;
  readonly contains: (text: Sql, part: Sql) => Sql;
  readonly endsWith: (text: Sql, end: Sql, length: number) => Sql;
}

export const bound = (value: string): Sql => sql`cast(${value} as text)`;

// `->` and `->>` of SQLite take a JSON path. No language admits a quote in a name.
const sqlitePath = (keys: readonly string[]): string => `$${keys.map((key) => `."${key}"`).join('')}`;
const SQLITE: JsonReader = {
  document: (column) => column,
  // The element of a list comes as a value of SQL, not as JSON.
  text: (holder, keys) => {
    if (keys.length === 0) return sql`cast(${holder} as text)`;
    const path = bound(sqlitePath(keys));
    return sql`(case json_type(${holder}, ${path}) when 'text' then ${holder} ->> ${path} when 'null' then null
      when 'object' then null when 'array' then null else ${holder} -> ${path} end)`;
  },
  number: (holder, keys) => {
    if (keys.length === 0) return sql`(case when typeof(${holder}) in ('integer', 'real') then ${holder} end)`;
    const path = bound(sqlitePath(keys));
    return sql`(case when json_type(${holder}, ${path}) in ('integer', 'real') then cast(${holder} -> ${path} as real) end)`;
  },
  json: (holder, keys) =>
    keys.length === 0 ? sql`json_quote(${holder})` : sql`(${holder} -> ${bound(sqlitePath(keys))})`,
  toNumber: (value) => sql`cast(${String(value)} as real)`,
  asBytes: (text) => text,
  some: (document, list, test) =>
    sql`exists (select 1 from json_each(${document}, ${sqlitePath(list.split('.'))}) as element where ${test(sql.ref('element.value'))})`,
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
  document: (column) => sql`cast(${column} as json)`,
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
  some: (document, list, test) => {
    const node = postgresNode(document, list.split('.'));
    const elements = sql`json_array_elements(case json_typeof(${node}) when 'array' then ${node} else '[]' end)`;
    return sql`exists (select 1 from ${elements} as element(value) where ${test(sql.ref('element.value'))})`;
  },
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  endsWith: (text, end, length) => sql`right(${text}, ${sql.lit(length)}) = ${end}`,
};
export const READERS: Readonly<Record<SqlDialect, JsonReader>> = { sqlite: SQLITE, postgres: POSTGRES };

/** A value that stands in a column, or is computed from columns. */
export interface Column {
  readonly sql: Sql;
  /**
   * How it is compared without regard to case. `ascii`: folded here; `done`: it holds lower case already; `exact`: its
   * case means something.
   */
  readonly folding: 'ascii' | 'done' | 'exact';
  /** There is an index on the folded value, so that `sw` is asked as a range. */
  readonly isIndexed?: boolean;
  /** It is never NULL. */
  readonly isAlwaysThere?: boolean;
}

/** Where the attributes of a thing stand in its table. */
export interface Layout {
  /** The column with the JSON document of all the rest. */
  readonly document: Sql;
  readonly columnOf: (attribute: Attribute) => Column | null;
  /** Of which rows the attribute may be seen: of all others it counts as missing. */
  readonly isVisible?: (attribute: Attribute) => Expression<SqlBool> | null;
}

const ORDERS = { gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const;
type Order = keyof typeof ORDERS;
const isOrder = (op: Comparison): op is Order => op in ORDERS;
/** The last code point: behind every text that begins with what stands before it. */
const LAST = '\u{10ffff}';

const foldValue = ({ folding }: Column, value: FilterValue): string => {
  if (folding === 'exact') return String(value);
  return folding === 'done' ? String(value).toLowerCase() : foldAscii(String(value));
};

/** What an index on the column is on. Equality needs no order of its own, and finds a plain index. */
export const foldedSql = (reader: JsonReader, column: Column): Sql =>
  column.folding === 'ascii' ? sql`lower(${reader.asBytes(column.sql)})` : column.sql;

const isNumeric = ({ type }: Attribute): boolean => type === 'number' || type === 'instant';

/** One evaluation of what is found, however many values there are. */
const equalsAny = (reader: JsonReader, attribute: Attribute, column: Column, wanted: readonly FilterValue[]): Sql =>
  isNumeric(attribute)
    ? sql`${column.sql} in (${sql.join(wanted.map((value) => reader.toNumber(Number(value))))})`
    : sql`${foldedSql(reader, column)} in (${sql.join(wanted.map((value) => bound(foldValue(column, value))))})`;

const isOrdered = (reader: JsonReader, column: Column, op: Order, wanted: FilterValue): Sql =>
  typeof wanted === 'number'
    ? sql`${column.sql} ${ORDERS[op]} ${reader.toNumber(wanted)}`
    : sql`${reader.asBytes(column.sql)} ${ORDERS[op]} ${bound(column.folding === 'done' ? wanted.toLowerCase() : wanted)}`;

const hasPart = (reader: JsonReader, column: Column, op: 'co' | 'sw' | 'ew', value: FilterValue): Sql => {
  const text = column.folding === 'ascii' ? foldedSql(reader, column) : reader.asBytes(column.sql);
  const wanted = foldValue(column, value);
  const part = bound(wanted);
  const length = [...wanted].length; // in code points, as both engines count
  if (op === 'co') return reader.contains(text, part);
  if (op === 'ew') return reader.endsWith(text, part, length);
  // Not cast: beside a cast SQLite does not use an index on an expression for a range.
  if (column.isIndexed === true) return sql`(${text} >= ${wanted} and ${text} < ${`${wanted}${LAST}`})`;
  return sql`substr(${text}, 1, ${sql.lit(length)}) = ${part}`;
};

/** The value of an attribute: of its column, or in the document. */
export const valueColumn = (reader: JsonReader, layout: Layout, attribute: Attribute, holder: Sql): Column =>
  layout.columnOf(attribute) ?? {
    sql: attribute.type === 'number' ? reader.number(holder, attribute.keys) : reader.text(holder, attribute.keys),
    folding: 'ascii',
  };

const isPresent = (reader: JsonReader, layout: Layout, attribute: Attribute, holder: Sql): Sql => {
  const column = layout.columnOf(attribute);
  if (column === null || attribute.type === 'object')
    return sql`coalesce(${reader.json(holder, attribute.keys)}, 'null') not in ('null', '""', '{}', '[]')`;
  return isNumeric(attribute) ? sql`${column.sql} is not null` : sql`coalesce(${column.sql}, '') <> ''`;
};

const testOf = (reader: JsonReader, layout: Layout, clause: FilterClause, holder: Sql): Sql => {
  const { attribute } = clause;
  if (clause.kind === 'present') return isPresent(reader, layout, attribute, holder);
  const column = valueColumn(reader, layout, attribute, holder);
  if (clause.kind === 'in') return equalsAny(reader, attribute, column, clause.values);
  const { op, value } = clause;
  if (op === 'eq' || op === 'ne') return equalsAny(reader, attribute, column, [value]);
  return isOrder(op) ? isOrdered(reader, column, op, value) : hasPart(reader, column, op, value);
};

/**
 * Under a `not` a clause has two values, never NULL, so that it means what it means in memory. Elsewhere NULL is as good
 * as false, and an index can be used.
 */
const compileClause = (reader: JsonReader, layout: Layout, clause: FilterClause, isNegated: boolean): Sql => {
  const { each } = clause.attribute;
  const isUnequal = clause.kind === 'compare' && clause.op === 'ne';
  const document = reader.document(layout.document);
  const test =
    each === null
      ? testOf(reader, layout, clause, document)
      : reader.some(document, each, (element) => testOf(reader, layout, clause, element));
  const found = each === null && (isNegated || isUnequal) ? sql`coalesce(${test}, false)` : test;
  const visible = layout.isVisible?.(clause.attribute) ?? null;
  const seen = visible === null ? found : sql`(${visible} and ${found})`;
  return isUnequal ? sql`(not ${seen})` : seen;
};

const compile = (reader: JsonReader, layout: Layout, filter: Filter, isNegated: boolean): Sql => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return sql`(${sql.join(
        filter.of.map((part) => compile(reader, layout, part, isNegated)),
        filter.kind === 'and' ? sql` and ` : sql` or `,
      )})`;
    case 'not':
      return sql`(not ${compile(reader, layout, filter.of, true)})`;
    default:
      return compileClause(reader, layout, filter, isNegated);
  }
};

/** A filter as a condition on a table. Every value is a parameter. LIKE is not used, so that no wildcard needs an escape. */
export const expressionToSql = (filter: Filter, layout: Layout, dialect: SqlDialect): RawBuilder<boolean> =>
  sql<boolean>`${compile(READERS[dialect], layout, filter, false)}`;
