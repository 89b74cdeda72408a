import type { Filter } from '@sallyport/decide/log-filter/filter';
import { parseKeywords } from '@sallyport/decide/log-filter/keywords';
import { parseFilter } from '@sallyport/decide/log-filter/parse-filter';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Services } from '../services.ts';
import { filterToSql, keywordsToSql } from './filter-to-sql.ts';

export interface ListEvents {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: string | undefined;
  readonly filter?: string | undefined;
  readonly q?: string | undefined;
  readonly limit?: string | undefined;
  readonly sortOrder?: string | undefined;
}
export interface EventPage {
  readonly events: readonly LogEvent[];
  /** Where the next page begins; null after the last page of a bounded query. */
  readonly after: string | null;
}

const LIMIT = { usual: 100, max: 1000 } as const;
const WINDOW_DAYS = 7;
const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Polling: how far each node's chain was read. Bounded: the last event that was shown. */
type Cursor =
  | { readonly kind: 'poll'; readonly since: number; readonly seqs: Readonly<Record<string, number>> }
  | {
      readonly kind: 'bounded';
      readonly since: number;
      readonly until: number;
      readonly last: { readonly at: number; readonly node: string; readonly seq: number };
    };

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

const dateOf = (field: string, text: string): number => {
  const at = DATE.test(text)
    ? Date.parse(/[zZ]|[+-]\d{2}:?\d{2}$/.test(text) || text.length === 10 ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isNaN(at)) throw invalid(field, 'must be a date like 2026-01-31T12:00:00.000Z');
  return at;
};

const limitOf = (text: string | undefined): number => {
  if (text === undefined) return LIMIT.usual;
  if (!/^\d{1,5}$/.test(text) || Number(text) > LIMIT.max) throw invalid('limit', `must be between 0 and ${LIMIT.max}`);
  return Number(text);
};

const filterOf = (text: string | undefined): Filter | null => {
  if (text === undefined) return null;
  const parsed = parseFilter(text);
  if (!parsed.ok)
    throw new ApiError(parsed.code, { args: [text.slice(0, 200), parsed.message], causes: [parsed.message] });
  return parsed.filter;
};

const wordsOf = (text: string | undefined): readonly string[] => {
  const parsed = parseKeywords(text ?? '');
  if (!parsed.ok) throw new ApiError(parsed.code, { args: ['q'], causes: [parsed.message] });
  return parsed.words;
};

/** Events that the filter and the words select, from the given instant on. */
const select = (s: Services, input: ListEvents, since: number) => {
  let query = s.store.read
    .selectFrom('events')
    .select(['node', 'seq', 'publishedAt', 'body'])
    .where('publishedAt', '>=', since);
  const filter = filterOf(input.filter);
  if (filter !== null) query = query.where(filterToSql(filter, s.store.engine));
  const words = wordsOf(input.q);
  if (words.length > 0) query = query.where(keywordsToSql(words, s.store.engine));
  return query;
};

const toEvents = (rows: readonly { readonly body: string }[]): LogEvent[] =>
  rows.map((row) => JSON.parse(row.body) as LogEvent);

/**
 * In the order of persistence, each event exactly once: a node's chain has no gaps and is in the order of its commits,
 * so a position in each chain misses nothing, whatever commits beside.
 */
const poll = async (
  s: Services,
  input: ListEvents,
  limit: number,
  cursor: Extract<Cursor, { kind: 'poll' }>,
): Promise<EventPage> => {
  const rows = await select(s, input, cursor.since)
    .where((e) =>
      e.and([...Object.entries(cursor.seqs).map(([node, seq]) => e.or([e('node', '!=', node), e('seq', '>', seq)]))]),
    )
    .orderBy('publishedAt')
    .orderBy('node')
    .orderBy('seq')
    .limit(limit)
    .execute();
  const seqs: Record<string, number> = { ...cursor.seqs };
  for (const row of rows) seqs[row.node] = row.seq;
  return { events: toEvents(rows), after: encode({ ...cursor, seqs }) };
};

interface Bounds {
  readonly since: number;
  readonly until: number;
  readonly last: Extract<Cursor, { kind: 'bounded' }>['last'] | null;
}

const bounded = async (
  s: Services,
  input: ListEvents,
  limit: number,
  isDescending: boolean,
  { since, until, last }: Bounds,
): Promise<EventPage> => {
  let query = select(s, input, since).where('publishedAt', '<', until);
  const beyond = isDescending ? '<' : '>';
  if (last !== null) {
    query = query.where((e) =>
      e.or([
        e('publishedAt', beyond, last.at),
        e.and([e('publishedAt', '=', last.at), e('node', beyond, last.node)]),
        e.and([e('publishedAt', '=', last.at), e('node', '=', last.node), e('seq', beyond, last.seq)]),
      ]),
    );
  }
  const direction = isDescending ? 'desc' : 'asc';
  const rows = await query
    .orderBy('publishedAt', direction)
    .orderBy('node', direction)
    .orderBy('seq', direction)
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const end = shown.at(-1);
  const hasMore = rows.length > limit && end !== undefined;
  return {
    events: toEvents(shown),
    after: hasMore
      ? encode({ kind: 'bounded', since, until, last: { at: end.publishedAt, node: end.node, seq: end.seq } })
      : null,
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
  const until = input.until === undefined ? null : dateOf('until', input.until);
  const since =
    input.since === undefined ? (until ?? s.clock.now()) - WINDOW_DAYS * DAY_MS : dateOf('since', input.since);
  if (until !== null && since > until) throw invalid('since', 'must be before until');
  if (until === null && !isDescending) return poll(s, input, limit, { kind: 'poll', since, seqs: {} });
  return bounded(s, input, limit, isDescending, { since, until: until ?? s.clock.now() + 1, last: null });
};
