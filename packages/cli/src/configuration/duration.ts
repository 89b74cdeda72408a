const DURATION = /^P(?=.)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const SECONDS = [604_800, 86_400, 3600, 60, 1] as const;

/** ISO 8601 as the server writes it: `PT24H` and `P1D` are the same. What is no duration stays, for the server to refuse. */
export const plainDuration = (text: string): string => {
  const parts = DURATION.exec(text);
  if (parts === null) return text;
  let left = SECONDS.reduce((sum, unit, i) => sum + unit * Number(parts[i + 1] ?? 0), 0);
  const [days, ...time] = SECONDS.slice(1).map((unit) => {
    const count = Math.floor(left / unit);
    left -= count * unit;
    return count;
  });
  const of = (counts: readonly (number | undefined)[], letters: string): string =>
    counts.map((count, i) => (count === 0 ? '' : `${count}${letters[i]}`)).join('');
  const rest = of(time, 'HMS');
  return `P${of([days], 'D')}${rest === '' ? '' : `T${rest}`}`;
};
