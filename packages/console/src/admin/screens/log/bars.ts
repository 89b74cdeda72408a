import type { Histogram } from './log-api.ts';
import { FAMILIES, type Family, familyOf } from './outcome-words.ts';

/** One bar of the histogram. */
export interface Bar {
  readonly startAt: number;
  readonly endAt: number;
  readonly counts: Readonly<Record<Family, number>>;
  readonly total: number;
}

/** The bars of an answer, outcomes gathered by family. */
export const barsOf = ({ buckets, bucketSeconds }: Pick<Histogram, 'buckets' | 'bucketSeconds'>): Bar[] =>
  buckets.map(({ at, counts }) => {
    const of: Record<Family, number> = { good: 0, refused: 0, other: 0 };
    for (const [outcome, count] of Object.entries(counts)) of[familyOf(outcome)] += count;
    const startAt = Date.parse(at);
    return { startAt, endAt: startAt + bucketSeconds * 1000, counts: of, total: of.good + of.refused + of.other };
  });

/** Heights to draw, tallest first, so that each smaller one covers the foot of the one before. */
export const stackOf = (bars: readonly Bar[]): readonly (readonly number[])[] =>
  FAMILIES.map((_, i) => bars.map(({ counts }) => FAMILIES.slice(i).reduce((sum, family) => sum + counts[family], 0)));

/** From one bar to another, both included, in either order. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The key of a person on the chart: arrows go, Shift takes along, Home and End go to the ends. Null for other keys. */
export const moveSpan = (span: Span | null, count: number, key: string, isShift: boolean): Span | null => {
  const at = span?.to ?? count - 1;
  const wanted = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[key];
  if (wanted === undefined || count === 0) return null;
  const to = Math.max(0, Math.min(count - 1, span === null && key.startsWith('Arrow') ? at : wanted));
  return { from: isShift ? (span?.from ?? to) : to, to };
};

/** What a span of bars covers. */
export const instantsOfSpan = (
  bars: readonly Bar[],
  { from, to }: Span,
): { readonly startAt: number; readonly endAt: number; readonly total: number } | null => {
  const chosen = bars.slice(Math.min(from, to), Math.max(from, to) + 1);
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { startAt: first.startAt, endAt: last.endAt, total: chosen.reduce((sum, bar) => sum + bar.total, 0) };
};
