/** How long access lasts, as the wire writes it: ISO 8601 of weeks, days, hours, minutes and seconds. */
const PATTERN = /^P(?=.)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const DAY = 86_400;

/** The longest that anything is given for (a year), and the shortest, in seconds. */
export const ACCESS_SECONDS_MAX = 365 * DAY;
export const ACCESS_SECONDS_MIN = 60;

/** The seconds of a duration; null for anything else, and for one that is too short or too long to be given. */
export const readAccessDuration = (text: string): number | null => {
  const parts = PATTERN.exec(text);
  if (parts === null) return null;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const all = (weeks * 7 + days) * DAY + hours * 3600 + minutes * 60 + seconds;
  return all < ACCESS_SECONDS_MIN || all > ACCESS_SECONDS_MAX ? null : all;
};

/** `PT8H`, `P1DT30M`. */
export const writeAccessDuration = (seconds: number): string => {
  const [days, hours, minutes, rest] = [
    Math.floor(seconds / DAY),
    Math.floor((seconds % DAY) / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  const time = [hours > 0 ? `${hours}H` : '', minutes > 0 ? `${minutes}M` : '', rest > 0 ? `${rest}S` : ''].join('');
  return `P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
};

/** As people say it: `2 h`, `1 d 30 min`. */
export const accessDurationInWords = (seconds: number): string =>
  writeAccessDuration(seconds)
    .replace('P', '')
    .replace('T', ' ')
    .replace(/(\d+)([DHMS])/g, (_, n: string, unit: string) => `${n} ${{ D: 'd', H: 'h', M: 'min', S: 's' }[unit]} `)
    .replace(/ +/g, ' ')
    .trim();
