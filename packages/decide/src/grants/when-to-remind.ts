import type { Grant } from '@sallyport/model/grant';
import type { Instant } from '@sallyport/model/instant';

const HOUR = 3_600_000;
/** Of what was given for so long somebody is told so long before its end; the longest first. */
const REMINDERS = [
  { givenFor: 7 * 24 * HOUR, before: 24 * HOUR },
  { givenFor: 4 * HOUR, before: HOUR / 2 },
] as const;
/** How long before its end a grant can be told of at all. */
export const REMINDED_BEFORE_MS: number = REMINDERS[0].before;

/**
 * From when on whoever has a grant is told that it ends soon; null for what is so short that whoever asked for it knows, and the
 * countdown of the console tells. What was made longer is a grant of its own: it was dealt with when it was asked for.
 */
export const remindAt = ({ startsAt, expiresAt }: Pick<Grant, 'startsAt' | 'expiresAt'>): Instant | null => {
  const length = expiresAt - startsAt;
  const reminder = REMINDERS.find(({ givenFor }) => length >= givenFor);
  return reminder === undefined ? null : expiresAt - reminder.before;
};
