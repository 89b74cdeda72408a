import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { durationWords, localWords, relativeWords, utcWords } from './time-words.ts';

const toMs = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at));

/** Re-renders every `everySeconds`, for what counts down or grows old on the screen. */
export const useNow = (everySeconds = 30): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everySeconds * 1000);
    return () => clearInterval(timer);
  }, [everySeconds]);
  return now;
};

/** An instant: local time, or how long ago; UTC and the other one on hover and focus. Null reads as `never`. */
export const Instant = ({
  at,
  as = 'local',
  none = 'never',
}: {
  readonly at: string | number | null | undefined;
  readonly as?: 'local' | 'relative';
  readonly none?: string;
}) => {
  const now = useNow();
  if (at === null || at === undefined) return <span className="sp-quiet">{none}</span>;
  const ms = toMs(at);
  const words = as === 'relative' ? relativeWords(ms, now) : localWords(ms, now);
  const other = as === 'relative' ? localWords(ms, now) : relativeWords(ms, now);
  return (
    <Tooltip label={`${utcWords(ms)} · ${other}`}>
      <time className="sp-nowrap" dateTime={new Date(ms).toISOString()}>
        {words}
      </time>
    </Tooltip>
  );
};

/** Time left: both the end and what remains, in seconds in the last minute. */
export const Countdown = ({ until }: { readonly until: string | number }) => {
  const end = toMs(until);
  const [isNear, setIsNear] = useState(end - Date.now() < 120_000);
  const now = useNow(isNear ? 1 : 15);
  useEffect(() => setIsNear(end - now < 120_000), [end, now]);
  return (
    <span>
      <span className="sp-nowrap">{now >= end ? 'ended' : durationWords((end - now) / 1000)}</span>{' '}
      {/* Where both have no room beside one another, in two lines. */}
      <span className="sp-quiet sp-nowrap">(until {localWords(end, now)})</span>
    </span>
  );
};
