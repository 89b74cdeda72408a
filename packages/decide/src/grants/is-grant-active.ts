import type { GrantTimes } from '@sallyport/model/grant';
import type { Instant } from '@sallyport/model/instant';

/**
 * Does a grant count at an instant? By its times alone (design §4.5): whether a job ran, or the server was up, is nothing
 * to it. Written so that an instant that is no number counts for nothing. `grants/active-grants` of the server says the
 * same in SQL.
 */
export const isGrantActive = ({ startsAt, powerEndsAt, endedAt }: GrantTimes, now: Instant): boolean =>
  endedAt === null && startsAt <= now && now < powerEndsAt;

/** `active`, `scheduled` before its start, and `ended` by time or by somebody. */
export type GrantStatus = 'scheduled' | 'active' | 'ended';
export const statusOfGrant = (times: GrantTimes, now: Instant): GrantStatus => {
  if (isGrantActive(times, now)) return 'active';
  return times.endedAt === null && now < times.startsAt ? 'scheduled' : 'ended';
};
