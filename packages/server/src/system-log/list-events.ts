import { ApiError, invalid } from '@sallyport/model/errors';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { dateOf, filterOf, type LogSearch, type LogSearchInput, searchOf, wordsOf } from './log-search.ts';
import { inOrder, type Position, scanEvents } from './scan-events.ts';

export interface ListEvents extends LogSearchInput {
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
  readonly sortOrder?: string | undefined;
}
export interface EventPage {
  readonly events: readonly LogEvent[];
  /** Where the next page begins; null after the last page of a bounded query. */
  readonly after: string | null;
  /** Set when the time for one page was over before it was full: how far the log was searched. */
  readonly searchedTo: number | null;
}

/** How long one page may search: the rest is behind its next link. */
const PAGE_BUDGET_MS = 400;
const LIMIT = { usual: 100, max: 1000 } as const;
/** Polling: how far each node's chain was read. Bounded: the last event that was shown. */
type Cursor =
  | { readonly kind: 'poll'; readonly since: number; readonly seqs: Readonly<Record<string, number>> }
  | {
      readonly kind: 'bounded';
      readonly since: number;
      readonly until: number;
      readonly last: Position;
    };

/** Beyond every instant that an event can have. */
const ALWAYS = Number.MAX_SAFE_INTEGER;

type EventRow = Pick<Row<'events'>, 'node' | 'seq' | 'publishedAt' | 'body'>;

const encode = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

const decode = (text: string): Cursor => {
  const refuse = (): never => {
    throw new ApiError('E0000029', { causes: ['after: use the link of the page before'] });
  };
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Record<string, unknown>>;
    if (
      cursor['kind'] === 'poll' &&
      isNumber(cursor['since']) &&
      Object.values(cursor['seqs'] as object).every(isNumber)
    )
      return cursor as unknown as Cursor;
    const last = cursor['last'] as Record<string, unknown>;
    if (
      cursor['kind'] === 'bounded' &&
      isNumber(cursor['since']) &&
      isNumber(cursor['until']) &&
      isNumber(last['at']) &&
      isNumber(last['seq']) &&
      typeof last['node'] === 'string'
    )
      return cursor as unknown as Cursor;
  } catch {
    return refuse();
  }
  return refuse();
};

const limitOf = (text: string | undefined): number => {
  if (text === undefined) return LIMIT.usual;
  if (!/^\d{1,5}$/.test(text) || Number(text) > LIMIT.max) throw invalid('limit', `must be between 0 and ${LIMIT.max}`);
  return Number(text);
};

const toEvents = (rows: readonly { readonly body: string }[]): LogEvent[] =>
  rows.map((row) => JSON.parse(row.body) as LogEvent);

interface ChainRead {
  readonly node: string;
  readonly rows: readonly EventRow[];
  /** What was read of the chain, shown or not: the next page begins beyond it. */
  readonly seq: number;
  /** Set when something may be left. */
  readonly readTo: Position | null;
}

/** Reads on along one node's chain, from what `seq` says was read before to `head`. */
const readChain = async (
  s: Services,
  search: LogSearch,
  chain: { readonly node: string; readonly seq: number | undefined; readonly head: number },
  limit: number,
  budgetMs: number,
): Promise<ChainRead> => {
  const { node, head } = chain;
  const seq = chain.seq ?? 0;
  const last = await s.store.read
    .selectFrom('events')
    .select('publishedAt')
    .where('node', '=', node)
    .where('seq', '<=', seq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rows: EventRow[] = [];
  const { readTo } = await scanEvents(s, {
    search,
    isDescending: false,
    node,
    after: last === undefined ? null : { at: last.publishedAt, node, seq },
    budgetMs,
    isLimited: true,
    visit: async (slice) => {
      const query = inOrder(slice, false).select(['node', 'seq', 'publishedAt', 'body']);
      rows.push(...(await query.limit(limit - rows.length).execute()));
      return rows.length >= limit;
    },
  });
  const shown = rows.at(-1)?.seq ?? 0;
  if (rows.length >= limit) return { node, rows, seq: shown, readTo };
  return { node, rows, seq: Math.max(seq, shown, readTo?.seq ?? head), readTo };
};

/**
 * In the order of persistence, each event exactly once: a node's chain has no gaps and is in the order of its commits,
 * so a position in each chain misses nothing, whatever commits beside. The work of a page is bounded: one that ran out
 * of time is short or empty, says how far it looked, and its link goes on from there.
 */
const poll = async (
  s: Services,
  input: ListEvents,
  limit: number,
  cursor: Extract<Cursor, { kind: 'poll' }>,
): Promise<EventPage> => {
  const search = { ...searchOf(s, { filter: input.filter, q: input.q }), since: cursor.since, until: ALWAYS };
  if (limit === 0) return { events: [], after: encode(cursor), searchedTo: null };
  // Read first: what a chain holds now is either shown below or does not match, and is not looked at again.
  const heads = await s.store.read.selectFrom('chainHeads').select(['node', 'seq']).orderBy('node').execute();
  const behind = heads.filter(({ node, seq }) => seq > (cursor.seqs[node] ?? 0));
  const reads: ChainRead[] = [];
  for (const { node, seq: head } of behind) {
    const chain = { node, seq: cursor.seqs[node], head };
    reads.push(await readChain(s, search, chain, limit, PAGE_BUDGET_MS / behind.length));
  }
  const found = reads
    .flatMap(({ rows }) => rows)
    .toSorted((a, b) => a.publishedAt - b.publishedAt || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.seq - b.seq));
  const shown = found.slice(0, limit);
  const seqs: Record<string, number> = { ...cursor.seqs };
  for (const { node, rows, seq } of reads) {
    const own = shown.filter((row) => row.node === node);
    // Rows for which the page had no room are read again; then nothing beyond the last that it shows counts as read.
    const upTo = own.length === rows.length ? seq : own.at(-1)?.seq;
    if (upTo !== undefined) seqs[node] = upTo;
  }
  const partial = shown.length < limit ? reads.flatMap(({ readTo }) => readTo?.at ?? []) : [];
  return {
    events: toEvents(shown),
    after: encode({ ...cursor, seqs }),
    searchedTo: partial.length === 0 ? null : Math.min(...partial),
  };
};

interface Bounds {
  readonly since: number;
  readonly until: number;
  readonly last: Position | null;
}

const bounded = async (
  s: Services,
  input: ListEvents,
  limit: number,
  isDescending: boolean,
  { since, until, last }: Bounds,
): Promise<EventPage> => {
  const rows: EventRow[] = [];
  const { readTo } = await scanEvents(s, {
    search: { since, until, filter: filterOf(input.filter), words: wordsOf(input.q) },
    isDescending,
    after: last,
    budgetMs: PAGE_BUDGET_MS,
    isLimited: true,
    visit: async (slice) => {
      const query = inOrder(slice, isDescending).select(['node', 'seq', 'publishedAt', 'body']);
      rows.push(...(await query.limit(limit + 1 - rows.length).execute()));
      return rows.length > limit;
    },
  });
  const shown = rows.slice(0, limit);
  const end = shown.at(-1);
  const next: Position | null =
    rows.length > limit && end !== undefined ? { at: end.publishedAt, node: end.node, seq: end.seq } : readTo;
  return {
    events: toEvents(shown),
    after: next === null || limit === 0 ? null : encode({ kind: 'bounded', since, until, last: next }),
    searchedTo: rows.length > limit || readTo === null ? null : readTo.at,
  };
};

/**
 * `GET /api/v1/logs`. Without `until`, ascending: polling, whose next link never ends. Else bounded, by `published`.
 * Errors: E0000001 dates, limit and keywords; E0000053 and E0000031 filters; E0000029 a cursor that is none.
 */
export const listEvents = (s: Services, input: ListEvents): Promise<EventPage> => {
  const limit = limitOf(input.limit);
  const order = (input.sortOrder ?? 'ASCENDING').toUpperCase();
  if (order !== 'ASCENDING' && order !== 'DESCENDING') throw invalid('sortOrder', 'must be ASCENDING or DESCENDING');
  const isDescending = order === 'DESCENDING';
  const cursor = input.after === undefined ? null : decode(input.after);
  if (cursor?.kind === 'poll') return poll(s, input, limit, cursor);
  if (cursor !== null) return bounded(s, input, limit, isDescending, cursor);
  if (input.until === undefined && !isDescending) {
    const since = input.since === undefined ? searchOf(s, input).since : dateOf('since', input.since);
    return poll(s, input, limit, { kind: 'poll', since, seqs: {} });
  }
  const { since, until: said } = searchOf(s, input);
  // The newest may lie ahead of this clock: it was set back, or another node's goes before it.
  const until = input.until === undefined ? ALWAYS : said;
  return bounded(s, input, limit, isDescending, { since, until, last: null });
};
