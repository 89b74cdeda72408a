import { bucketsOf } from '@sallyport/decide/log-filter/bucket-width';
import { toIso } from '@sallyport/model/instant';
import { sql } from 'kysely';
import type { Services } from '../services.ts';
import { type LogSearchInput, searchOf } from './log-search.ts';
import { scanEvents } from './scan-events.ts';

const BUDGET_MS = 500;
const BUCKETS_USUAL = 60;

/**
 * `GET /sallyport/v1/logs/histogram`: how many events a search finds, by time and outcome. Counted from the newest on;
 * when the time is over before all was counted, `isPartial` says so and `countedFrom` up to where.
 */
export const histogram = async (s: Services, input: LogSearchInput & { readonly buckets?: number | undefined }) => {
  const search = searchOf(s, input);
  const { widthMs, firstAt, count } = bucketsOf(search.since, search.until, input.buckets ?? BUCKETS_USUAL);
  const counts = Array.from({ length: count }, (): Record<string, number> => ({}));
  let total = 0;
  const { readTo } = await scanEvents(s, {
    search,
    isDescending: true,
    budgetMs: BUDGET_MS,
    isLimited: false,
    visit: async (slice) => {
      // Both sides are whole numbers on both engines, so that the division drops its rest on both.
      const bucket = sql<number>`(${sql.ref('events.publishedAt')} - cast(${firstAt} as bigint)) / cast(${widthMs} as bigint)`;
      const rows = await slice
        .select([bucket.as('bucket'), 'outcomeResult', (e) => e.fn.countAll<number>().as('found')])
        .groupBy([sql`1`, sql`2`])
        .execute();
      for (const { bucket: index, outcomeResult, found } of rows) {
        const of = counts[Number(index)];
        if (of !== undefined) of[outcomeResult] = (of[outcomeResult] ?? 0) + Number(found);
        total += Number(found);
      }
      return false;
    },
  });
  const oldest = await s.store.read
    .selectFrom('events')
    .select('publishedAt')
    .orderBy('publishedAt')
    .limit(1)
    .executeTakeFirst();
  return {
    since: toIso(search.since),
    until: toIso(search.until),
    bucketSeconds: widthMs / 1000,
    buckets: counts.map((of, i) => ({ at: toIso(firstAt + i * widthMs), counts: of })),
    total,
    isPartial: readTo !== null,
    countedFrom: toIso(readTo?.at ?? search.since),
    /** The first event that there is; a range that begins earlier shows what exists. */
    logBeginsAt: oldest === undefined ? null : toIso(oldest.publishedAt),
  };
};
