const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 84, 364].map((n) => n * DAY),
];

export interface Buckets {
  readonly widthMs: number;
  /** Of the first one: a whole multiple of the width, so that bars stand at whole minutes, hours, days (UTC). */
  readonly firstAt: number;
  readonly count: number;
}

/** At most `wanted` bars of a width that people can read, over `[since, until)`. */
export const bucketsOf = (since: number, until: number, wanted: number): Buckets => {
  const fits = (widthMs: number): Buckets => {
    const firstAt = Math.floor(since / widthMs) * widthMs;
    return { widthMs, firstAt, count: Math.max(1, Math.ceil((until - firstAt) / widthMs)) };
  };
  const readable = WIDTHS.map(fits).find(({ count }) => count <= wanted);
  return readable ?? { widthMs: Math.max(1, until - since), firstAt: since, count: 1 };
};
