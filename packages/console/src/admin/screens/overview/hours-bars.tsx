const HEIGHT = 28;
const STEP = 6;

/** A day in bars of an hour. A picture beside a number; the words of it are in its label. */
export const HoursBars = ({ hours, what }: { readonly hours: readonly number[]; readonly what: string }) => {
  const most = Math.max(1, ...hours);
  const sum = hours.reduce((total, n) => total + n, 0);
  const busiest = hours.indexOf(Math.max(...hours));
  const label = `${sum} ${what} in the last ${hours.length} hours, most of them ${hours.length - 1 - busiest} hours ago: ${hours[busiest]}`;
  return (
    <svg className="sp-bars" role="img" aria-label={label} viewBox={`0 0 ${hours.length * STEP} ${HEIGHT}`}>
      {hours.map((n, hour) => {
        const height = n === 0 ? 2 : Math.max(4, (n / most) * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour of the day is its place
            key={hour}
            className={n === 0 ? 'none' : undefined}
            x={hour * STEP}
            y={HEIGHT - height}
            width={STEP - 2}
            height={height}
          />
        );
      })}
    </svg>
  );
};
