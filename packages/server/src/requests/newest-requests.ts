import type { SelectQueryBuilder } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import type { Tables } from '../store/tables.ts';
import type { RequestRow } from './store.ts';

/** What a list of requests is narrowed by. */
export type Narrow = (
  query: SelectQueryBuilder<Tables, 'requests', RequestRow>,
) => SelectQueryBuilder<Tables, 'requests', RequestRow>;

export const isOpenAt =
  (now: number): Narrow =>
  (query) =>
    query.where('outcome', 'is', null).where('decideBy', '>', now);
export const isPastAt =
  (now: number): Narrow =>
  (query) =>
    query.where((e) => e.or([e('outcome', 'is not', null), e('decideBy', '<=', now)]));

/**
 * Requests that any of the alternatives fits, newest first. Each alternative is a question of its own, answered in the order
 * of an index: one question with OR would read and sort all that fits. `after` is told by the request itself, so that one
 * which left the list since the page before is still a place in it; after one that is none stands nothing.
 */
export const newestRequests = async (
  db: Transaction,
  [first, ...others]: readonly [Narrow, ...Narrow[]],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<RequestRow[]> => {
  const last =
    after === undefined
      ? undefined
      : await db.selectFrom('requests').select(['createdAt', 'id']).where('id', '=', after).executeTakeFirst();
  if (after !== undefined && last === undefined) return [];
  const inOrder: Narrow = (query) => query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit);
  const page: Narrow = (query) =>
    inOrder(
      last === undefined
        ? query
        : query.where((e) => e(e.refTuple('createdAt', 'id'), '<', e.tuple(Number(last.createdAt), last.id))),
    );
  const fitting = (narrow: Narrow) =>
    db.selectFrom(page(narrow(db.selectFrom('requests').selectAll())).as('requests')).selectAll();
  const all = others.reduce((some, narrow) => some.union(fitting(narrow)), fitting(first));
  return inOrder(db.selectFrom(all.as('requests')).selectAll() as Parameters<Narrow>[0]).execute();
};
