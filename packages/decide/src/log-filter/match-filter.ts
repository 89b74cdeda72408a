import type { LogEvent } from '@sallyport/model/log-event';
import type { Attribute, Comparison, Filter, FilterClause, FilterValue } from '../filter/filter.ts';
import { foldAscii } from '../filter/fold-ascii.ts';
import { compareCodePoints } from './compare-code-points.ts';

const dig = (root: unknown, keys: readonly string[]): unknown => {
  let at = root;
  for (const key of keys) {
    if (at === null || typeof at !== 'object' || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
};

/** What the attribute names in the event: one value, or one for each element of its list. */
const valuesOf = ({ each, keys }: Attribute, event: LogEvent): unknown[] => {
  if (each === null) return [dig(event, keys)];
  const list = dig(event, each.split('.'));
  return Array.isArray(list) ? list.map((element: unknown) => dig(element, keys)) : [];
};

const isPresent = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '') return false;
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return typeof value !== 'number' || Number.isFinite(value);
};

/** The value as the attribute's type compares it, or null: a null, an object or a wrong type compares with nothing. */
const comparable = (type: Attribute['type'], value: unknown): FilterValue | null => {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (type === 'number') return typeof value === 'number' ? value : null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

const order = (a: FilterValue, b: FilterValue): number =>
  typeof a === 'number' || typeof b === 'number' ? Number(a) - Number(b) : compareCodePoints(a, b);
const fold = (value: FilterValue): FilterValue => (typeof value === 'number' ? value : foldAscii(value));
const text = (value: FilterValue): string => foldAscii(String(value));

const TESTS: Readonly<Record<Exclude<Comparison, 'ne'>, (a: FilterValue, b: FilterValue) => boolean>> = {
  eq: (a, b) => fold(a) === fold(b),
  co: (a, b) => text(a).includes(text(b)),
  sw: (a, b) => text(a).startsWith(text(b)),
  ew: (a, b) => text(a).endsWith(text(b)),
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
};

const matchClause = (clause: FilterClause, event: LogEvent): boolean => {
  const found = valuesOf(clause.attribute, event);
  if (clause.kind === 'present') return found.some(isPresent);
  const values = found.map((value) => comparable(clause.attribute.type, value)).filter((value) => value !== null);
  if (clause.kind === 'in') return values.some((value) => clause.values.some((wanted) => TESTS.eq(value, wanted)));
  const { op, value: wanted } = clause;
  if (op === 'ne') return !values.some((value) => TESTS.eq(value, wanted));
  return values.some((value) => TESTS[op](value, wanted));
};

/**
 * Whether an event satisfies a filter; `filterToSql` of the server selects exactly the same events.
 * - `eq ne co sw ew in` ignore the case of A to Z; `gt ge lt le` are lexicographic by code point and do not.
 * - Over `target` and `request.ipChain` each clause by itself asks whether some element satisfies it.
 * - `ne` is the negation of `eq`, always: true when the value is missing, and over a list when no element equals.
 *   Every other comparison with a missing value is false.
 * - In the free maps numbers and booleans compare as their JSON text.
 * - `pr`: present, and neither null nor empty.
 */
export const matchFilter = (filter: Filter, event: LogEvent): boolean => {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((part) => matchFilter(part, event));
    case 'or':
      return filter.of.some((part) => matchFilter(part, event));
    case 'not':
      return !matchFilter(filter.of, event);
    default:
      return matchClause(filter, event);
  }
};
