const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** A length of time in its one largest unit, as people say it. */
export const lengthText = (seconds: number): string => {
  for (const [size, unit] of UNITS) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return '0 s';
};

const YEAR_SECONDS = 365 * 86_400;

/** An instant as people read it, from now, a year away and more by its day; with `utc`, as logs write it. */
export const timeText = (iso: string | null, { isUtc, now }: { isUtc: boolean; now: number }): string => {
  if (iso === null) return '-';
  if (isUtc) return iso;
  const seconds = Math.round((now - Date.parse(iso)) / 1000);
  if (Math.abs(seconds) >= YEAR_SECONDS) return iso.slice(0, 10);
  return seconds >= 0 ? `${lengthText(seconds)} ago` : `in ${lengthText(-seconds)}`;
};

const LENGTHS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90`, `10m`, `1h` as seconds; null when it is none. */
export const secondsOf = (text: string): number | null => {
  const [, amount, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * (LENGTHS[unit] ?? 0);
};

/** `2h`, `15m`, `7d` before now, or a date as it stands, as ISO 8601; null when it is neither. */
export const instantOf = (text: string, now: number): string | null => {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return new Date(now - Number(amount) * (LENGTHS[unit] ?? 0) * 1000).toISOString();
  const at = /^\d{4}-\d{2}-\d{2}/.test(text)
    ? Date.parse(/[zZ]|[+-]\d{2}:?\d{2}$|^.{10}$/.test(text) ? text : `${text}Z`)
    : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
};
