const UNITS = [
  ['day', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

const word = (count: number, unit: string): string =>
  unit === 'day' ? `${count} ${count === 1 ? 'day' : 'days'}` : `${count} ${unit}`;

/** `1 h 12 min`, `45 s`, `3 days 2 h`: the two largest units, seconds only below a minute or two. */
export const durationWords = (seconds: number): string => {
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && !(unit === 's' && parts.length > 0 && seconds >= 120)) parts.push(word(count, unit));
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
};

/** `4:12`: what is left of a few minutes. */
export const countdownWords = (seconds: number): string => {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
};

/** From here on nobody counts the days. */
const YEAR_SECONDS = 365 * 86_400;

/** `5 min ago`, `in 1 h 12 min`, `just now`; a year away and more the day: `3 Mar 2024`. */
export const relativeWords = (at: number, now: number): string => {
  const seconds = Math.round((at - now) / 1000);
  if (Math.abs(seconds) >= YEAR_SECONDS)
    return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
  if (Math.abs(seconds) < 5) return 'just now';
  const largest = durationWords(Math.abs(seconds)).split(' ').slice(0, 2).join(' ');
  return seconds < 0 ? `${largest} ago` : `in ${durationWords(seconds)}`;
};

/** Always UTC, to the second: what stands in the log and in exports. */
export const utcWords = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** The person's own clock. Today without the date. */
export const localWords = (at: number, now: number): string => {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(undefined, {
    ...(isToday
      ? {}
      : {
          day: 'numeric',
          month: 'short',
          ...(new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' }),
        }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
};

const pad = (n: number): string => String(n).padStart(2, '0');
/** As `<input type="datetime-local">` wants it, by the person's own clock, to the second. */
export const localInput = (at: number): string => {
  const d = new Date(at);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}T${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
};

/** What stands in such a field, as ISO 8601; null as long as it is half typed: no instant, or in a year that none is written in. */
export const fromLocalInput = (text: string): string | null => {
  const at = Date.parse(text);
  return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(at) ? new Date(at).toISOString() : null;
};
