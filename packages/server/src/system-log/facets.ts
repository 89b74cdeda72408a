import type { Services } from '../services.ts';
import { type LogSearchInput, searchOf } from './log-search.ts';
import { inOrder, scanEvents } from './scan-events.ts';

/** What a search can be narrowed by at a glance. */
export const FACETS = [
  'eventType',
  'outcome.result',
  'severity',
  'actor.alternateId',
  'securityContext.asOrg',
  'client.geographicalContext.country',
  'client.ipAddress',
] as const;
const SAMPLE_MAX = 1_000;
const VALUES_MAX = 12;
const BUDGET_MS = 500;

/** The text at a path; null where there is none. */
const textAt = (event: unknown, path: string): string | null => {
  const found = path
    .split('.')
    .reduce<unknown>(
      (at, key) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[key] : null),
      event,
    );
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
};

/** The values of some paths in the newest events that a search finds: bounded work, whatever the log holds. */
export const sampleValues = async (
  s: Services,
  input: LogSearchInput,
  paths: readonly string[],
): Promise<{ readonly rows: readonly (readonly (string | null)[])[]; readonly isPartial: boolean }> => {
  const rows: (readonly (string | null)[])[] = [];
  const { readTo } = await scanEvents(s, {
    search: searchOf(s, input),
    isDescending: true,
    budgetMs: BUDGET_MS,
    isLimited: true,
    visit: async (slice) => {
      // Read here: both engines would parse a document once for each path.
      const found = await inOrder(slice, true)
        .select('body')
        .limit(SAMPLE_MAX + 1 - rows.length)
        .execute();
      for (const { body } of found) {
        const event: unknown = JSON.parse(body);
        rows.push(paths.map((path) => textAt(event, path)));
      }
      return rows.length > SAMPLE_MAX;
    },
  });
  return { rows: rows.slice(0, SAMPLE_MAX), isPartial: rows.length > SAMPLE_MAX || readTo !== null };
};

/** How often each value is there, most frequent first. */
export const countValues = (values: readonly (string | null)[], max: number) => {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return { values: sorted.slice(0, max).map(([value, count]) => ({ value, count })), distinct: sorted.length };
};

/** `GET /sallyport/v1/logs/facets`: counted over the newest events of the search; `isPartial` when there are more. */
export const facets = async (s: Services, input: LogSearchInput) => {
  const { rows, isPartial } = await sampleValues(s, input, FACETS);
  return {
    countedOver: rows.length,
    isPartial,
    facets: FACETS.map((field, i) => ({
      field,
      ...countValues(
        rows.map((row) => row[i] ?? null),
        VALUES_MAX,
      ),
    })),
  };
};
