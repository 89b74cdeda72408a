import { narrowingOf } from '@sallyport/decide/log-filter/narrowing';
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Services } from '../services.ts';
import type { Tables } from '../store/tables.ts';
import { filterToSql, foldedColumn, indexedWordsToSql, keywordsToSql, wordCountSql } from './filter-to-sql.ts';
import type { LogSearch } from './log-search.ts';

/** Where an event stands in the order of the log. */
export interface Position {
  readonly at: number;
  readonly node: string;
  readonly seq: number;
}
export type EventQuery = SelectQueryBuilder<Tables, 'events', object>;

/** Columns with an index on their folded value, by the path that a filter names. */
const INDEXED: ReadonlyMap<string, string> = new Map([
  ['eventType', 'eventType'],
  ['actor.id', 'actorId'],
  ['authenticationContext.externalSessionId', 'externalSessionId'],
  ['transaction.id', 'transactionId'],
  ['client.ipAddress', 'clientIp'],
]);
/** `uuid` has its own index; ours are in lower case. */
const LOOKED_UP: ReadonlySet<string> = new Set([...INDEXED.keys(), 'uuid']);

/** Rows a slice, and how long one should take: what others wait for the reading thread. */
const SLICE = { first: 1_000, least: 250, most: 200_000, aimMs: 100, growth: 4 } as const;

/**
 * Of one node. The chain's own index is kept away from SQLite's planner (`+`), which has no figures and would choose it:
 * most logs are one chain, so that it reads all of the log and puts it in order, for the first rows of it.
 */
const isOfNode = (node: string, engine: Services['store']['engine']): RawBuilder<boolean> =>
  sql<boolean>`${sql.raw(engine === 'sqlite' ? '+' : '')}${sql.ref('events.node')} = ${node}`;

/** Words of so few events are looked up, then put in order; what is more frequent is soon met by reading in order. */
const RARE_MOST = 3_000;

const areRare = async (s: Services, words: readonly string[]): Promise<boolean> => {
  if (words.length === 0) return false;
  const { rows } = await wordCountSql(words, RARE_MOST + 1, s.store.engine).execute(s.store.read);
  return Number(rows[0]?.found) <= RARE_MOST;
};

/** Strictly beyond a position, in the direction of reading. */
export const beyond = ({ at, node, seq }: Position, isDescending: boolean): RawBuilder<boolean> => {
  const key = sql`(${sql.ref('events.publishedAt')}, ${sql.ref('events.node')}, ${sql.ref('events.seq')})`;
  const place = sql`(cast(${at} as bigint), ${node}, cast(${seq} as bigint))`;
  return isDescending ? sql<boolean>`${key} < ${place}` : sql<boolean>`${key} > ${place}`;
};

const upTo = ({ at, node, seq }: Position, isDescending: boolean): RawBuilder<boolean> => {
  const key = sql`(${sql.ref('events.publishedAt')}, ${sql.ref('events.node')}, ${sql.ref('events.seq')})`;
  const place = sql`(cast(${at} as bigint), ${node}, cast(${seq} as bigint))`;
  return isDescending ? sql<boolean>`${key} >= ${place}` : sql<boolean>`${key} <= ${place}`;
};

/** In the order of the log. */
export const inOrder = <Q extends EventQuery>(query: Q, isDescending: boolean): Q => {
  const direction = isDescending ? 'desc' : 'asc';
  return query.orderBy('publishedAt', direction).orderBy('node', direction).orderBy('seq', direction) as Q;
};

export interface Scan {
  readonly search: LogSearch;
  readonly isDescending: boolean;
  /** Begin beyond this event. */
  readonly after?: Position | null;
  /** One node's chain only: its order is the order of its commits. */
  readonly node?: string;
  readonly budgetMs: number;
  /** Reads one slice: its condition is already there. True when no more is wanted. */
  readonly visit: (slice: EventQuery) => Promise<boolean>;
  /** The visit stops reading by itself once it has enough, so that a search an index answers needs no slices. */
  readonly isLimited: boolean;
}

/**
 * Reads the log in slices along its order, until enough was found, all was read or the time is over: a search for what
 * is rare must neither keep the one reading thread of the embedded store from others, nor make a person wait for the
 * first rows. Gives the last position that was read when something is left; null when all was read.
 */
export const scanEvents = async (s: Services, scan: Scan): Promise<{ readonly readTo: Position | null }> => {
  const { search, isDescending, visit } = scan;
  const startedAt = performance.now();
  const narrowing = narrowingOf(search.filter, LOOKED_UP);
  const isByWords = await areRare(s, search.words);
  // Materialized, so that no planner walks the whole log in order instead, waiting for a word that hardly ever comes.
  const events = (): EventQuery =>
    isByWords
      ? (s.store.read
          .with(
            (cte) => cte('found').materialized(),
            (db) => db.selectFrom('events').selectAll().where(indexedWordsToSql(search.words, s.store.engine)),
          )
          .selectFrom('found as events') as unknown as EventQuery)
      : s.store.read.selectFrom('events');
  const candidates = (after: Position | null): EventQuery => {
    let query = events().where('publishedAt', '>=', search.since).where('publishedAt', '<', search.until);
    if (scan.node !== undefined) query = query.where(isOfNode(scan.node, s.store.engine));
    for (const { path, values } of narrowing.by) {
      const column = INDEXED.get(path);
      query =
        column === undefined
          ? query.where('uuid', 'in', [...values])
          : query.where(
              sql<boolean>`${foldedColumn(column, s.store.engine)} in (${sql.join(values.map((v) => sql`cast(${v} as text)`))})`,
            );
    }
    return after === null ? query : query.where(beyond(after, isDescending));
  };
  const matching = (query: EventQuery): EventQuery => {
    let asked = query;
    if (search.filter !== null && !narrowing.isWhole) asked = asked.where(filterToSql(search.filter, s.store.engine));
    if (search.words.length > 0 && !isByWords) asked = asked.where(keywordsToSql(search.words, s.store.engine));
    return asked;
  };
  let after = scan.after ?? null;
  // The few events that hold rare words are one slice.
  if (isByWords || (scan.isLimited && narrowing.isWhole && search.words.length === 0)) {
    await visit(matching(candidates(after)));
    return { readTo: null };
  }
  let size: number = SLICE.first;
  for (;;) {
    const sliceStartedAt = performance.now();
    const end = await inOrder(candidates(after), isDescending)
      .select(['publishedAt as at', 'node', 'seq'])
      .offset(size - 1)
      .limit(1)
      .executeTakeFirst();
    const slice = matching(candidates(after));
    const isEnough = await visit(end === undefined ? slice : slice.where(upTo(end, isDescending)));
    if (end === undefined) return { readTo: null };
    after = end;
    if (isEnough || performance.now() - startedAt >= scan.budgetMs) return { readTo: end };
    const tookMs = performance.now() - sliceStartedAt;
    const leftMs = scan.budgetMs - (performance.now() - startedAt);
    const fitting = Math.floor((size / Math.max(tookMs, 1)) * Math.min(SLICE.aimMs, leftMs));
    size = Math.max(SLICE.least, Math.min(SLICE.most, size * SLICE.growth, fitting));
  }
};
