import type { LogEvent } from '@sallyport/model/log-event';

const storable = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD');
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]));
};

/**
 * The event with U+FFFD in place of every NUL and lone surrogate. PostgreSQL cannot read JSON that contains one, so a
 * sign-in as "a\u0000" would otherwise blind every later filter over the log.
 */
export const storableEvent = (event: LogEvent): LogEvent => storable(event) as LogEvent;
