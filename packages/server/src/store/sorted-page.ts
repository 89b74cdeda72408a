import type { Attribute } from '@sallyport/decide/filter/filter';
import { invalid } from '@sallyport/model/errors';
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { foldedSql, type Layout, READERS, type SqlDialect, valueColumn } from './expression-to-sql.ts';
import type { Tables } from './tables.ts';

export interface SortedPage {
  readonly attribute: Attribute;
  readonly layout: Layout;
  /** The column that orders what the value does not. */
  readonly id: 'users.id' | 'groups.id';
  /** Anything but `desc` is ascending, as clients expect. */
  readonly direction: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
  readonly dialect: SqlDialect;
}

/** Before every value that there is: what is missing stands first. */
const MISSING = { number: sql.lit(-1e15), text: sql.lit('') } as const;

/** What rows are ordered by, never NULL. Of a hidden value the order must not tell, so it counts as missing. */
const sortKey = ({ attribute, layout, dialect }: SortedPage, isNumeric: boolean): RawBuilder<string | number> => {
  const reader = READERS[dialect];
  const column = valueColumn(reader, layout, attribute, reader.document(layout.document));
  const value = isNumeric ? column.sql : reader.asBytes(foldedSql(reader, column));
  const visible = layout.isVisible?.(attribute) ?? null;
  if (visible === null && column.isAlwaysThere === true) return sql`${value}`;
  const shown = visible === null ? value : sql`(case when ${visible} then ${value} end)`;
  // An index on a name is on this very expression (migration 0013).
  return sql`coalesce(${shown}, ${isNumeric ? MISSING.number : MISSING.text})`;
};

const readCursor = (cursor: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

/**
 * A page in the order of a value and then of ids. The cursor holds both, so that a page goes on at the same place when
 * the last thing of the page before it has changed. E0000001 for a cursor that is none of this order.
 */
export const sortedPage = async <O extends { readonly id: string }>(
  query: SelectQueryBuilder<Tables, 'users' | 'groups', O>,
  page: SortedPage,
): Promise<{ readonly shown: readonly O[]; readonly after: string | null }> => {
  const { attribute, direction, after, limit, dialect } = page;
  const isNumeric = attribute.type === 'number' || attribute.type === 'instant';
  const key = sortKey(page, isNumeric);
  const isDescending = direction?.toLowerCase() === 'desc';
  const id = sql.ref<string>(page.id);
  let rows = query
    .select(key.as('sortKey'))
    .orderBy(key, isDescending ? 'desc' : 'asc')
    .orderBy(page.id);
  if (after !== undefined) {
    const [at, lastId] = readCursor(after);
    if (typeof lastId !== 'string' || typeof at !== (isNumeric ? 'number' : 'string'))
      throw invalid('after', 'is no cursor of this list');
    // Not cast, and first as a range: so an index leads to the place.
    const place = typeof at === 'number' ? READERS[dialect].toNumber(at) : sql`${at}`;
    const [from, beyond] = isDescending ? [sql`<=`, sql`<`] : [sql`>=`, sql`>`];
    rows = rows.where(sql<SqlBool>`(${key} ${from} ${place} and (${key} ${beyond} ${place} or ${id} > ${lastId}))`);
  }
  const found = await rows.execute();
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  if (last === undefined || found.length <= limit) return { shown, after: null };
  const at = isNumeric ? Number(last.sortKey) : last.sortKey;
  return { shown, after: Buffer.from(JSON.stringify([at, last.id])).toString('base64url') };
};
