import { invalid } from '@sallyport/model/errors';

/** Wall-clock time in a zone. */
interface Local {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export const REPEAT_ON = [
  'SAME_DAY_AS_START_DATE',
  'SAME_WEEKDAY_AS_START_DATE',
  'LAST_WEEKDAY_AS_START_DATE',
] as const;
export interface Recurrence {
  /** ISO 8601, of years and months, or of weeks and days. */
  readonly interval: string;
  readonly repeatOnType?: (typeof REPEAT_ON)[number] | undefined;
  readonly ends?: string | undefined;
}

const DAY = 86_400_000;
/** As long as a year's calendar goes: what comes later is not planned. */
const RUNS_MAX = 1200;

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(zone, made);
  return made;
};

/** E0000001 for a name that is no time zone of the IANA. */
export const assertTimeZone = (zone: string): void => {
  try {
    formatOf(zone);
  } catch {
    throw invalid('timeZone', `${zone.slice(0, 64)} is no time zone; one is called Europe/Oslo, for example`);
  }
};

const localOf = (at: number, zone: string): Local => {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return {
    ...{ year: part('year'), month: part('month'), day: part('day') },
    ...{ hour: part('hour'), minute: part('minute'), second: part('second') },
  };
};

const asUtc = ({ year, month, day, hour, minute, second }: Local): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);
const offsetAt = (at: number, zone: string): number => asUtc(localOf(at, zone)) - Math.floor(at / 1000) * 1000;

/** The instant of a wall-clock time. One that a change of clocks leaves out is as much later as clocks were moved. */
const instantOf = (local: Local, zone: string): number => {
  const guess = asUtc(local) - offsetAt(asUtc(local), zone);
  const better = asUtc(local) - offsetAt(guess, zone);
  return asUtc(localOf(better, zone)) === asUtc(local) ? better : Math.max(guess, better);
};

/** `2025-10-04T06:43:40-07:00`: an instant as the wire writes those of schedules. */
export const zonedIso = (at: number, zone: string): string => {
  const offset = offsetAt(at, zone) / 60_000;
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const size = Math.abs(offset);
  const end = offset === 0 ? 'Z' : `${offset < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
  return `${new Date(at + offset * 60_000).toISOString().slice(0, 19)}${end}`;
};

const INTERVAL = /^P(?=\d)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?$/;
interface Step {
  readonly months: number;
  readonly days: number;
}
/** E0000001 for what is no interval of whole days, or one of months and days together. */
export const readInterval = (text: string): Step => {
  const [whole, years = '0', months = '0', weeks = '0', days = '0'] = INTERVAL.exec(text) ?? [];
  const step = { months: Number(years) * 12 + Number(months), days: Number(weeks) * 7 + Number(days) };
  if (whole === undefined || (step.months === 0) === (step.days === 0))
    throw invalid('interval', 'is an ISO 8601 duration of months or years, or of weeks or days: P3M, P1Y, P2W');
  return step;
};

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay();

/** The day of a month that stands for the first one's: the same number, or the same weekday of the month. */
const dayIn = (first: Local, year: number, month: number, on: Recurrence['repeatOnType']): number => {
  const last = daysIn(year, month);
  if (on !== 'SAME_WEEKDAY_AS_START_DATE' && on !== 'LAST_WEEKDAY_AS_START_DATE') return Math.min(first.day, last);
  const weekday = weekdayOf(first.year, first.month, first.day);
  const nth = Math.floor((first.day - 1) / 7);
  const firstOfIt = 1 + ((weekday - weekdayOf(year, month, 1) + 7) % 7);
  const lastOfIt = firstOfIt + 7 * Math.floor((last - firstOfIt) / 7);
  return on === 'LAST_WEEKDAY_AS_START_DATE' ? lastOfIt : Math.min(firstOfIt + 7 * nth, lastOfIt);
};

/**
 * When the `run`th run begins, counted from 0: always from the first one, so that a 31st comes back after February and the
 * hour stays what the clock on the wall said.
 */
export const startOfRun = (firstAt: number, zone: string, recurrence: Recurrence, run: number): number => {
  const first = localOf(firstAt, zone);
  const { months, days } = readInterval(recurrence.interval);
  if (months > 0) {
    const month = first.month - 1 + months * run;
    const [year, monthOfYear] = [first.year + Math.floor(month / 12), (month % 12) + 1];
    const day = dayIn(first, year, monthOfYear, recurrence.repeatOnType);
    return instantOf({ ...first, year, month: monthOfYear, day }, zone);
  }
  const date = new Date(Date.UTC(first.year, first.month - 1, first.day) + days * run * DAY);
  return instantOf(
    { ...first, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    zone,
  );
};

/** The next run that begins after `now`; those that were missed are left out. Null where the series ends before. */
export const nextRun = (
  firstAt: number,
  zone: string,
  recurrence: Recurrence,
  run: number,
  now: number,
): { readonly run: number; readonly startAt: number } | null => {
  const ends = recurrence.ends === undefined ? Number.POSITIVE_INFINITY : Date.parse(recurrence.ends);
  for (let next = run + 1; next < RUNS_MAX; next += 1) {
    const startAt = startOfRun(firstAt, zone, recurrence, next);
    if (startAt > ends) return null;
    if (startAt > now) return { run: next, startAt };
  }
  return null;
};

/** The end of a run: whole days of 24 hours after its start, as the wire has it. */
export const endOfRun = (startAt: number, durationInDays: number): number => startAt + durationInDays * DAY;
