import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';

/**
 * Why what a review took cannot be given back now, by this person; null where it can. The end of the grace is read from
 * the clock, whether or not anything has tidied up since.
 */
export const whyNotRestored = ({
  graceEndsAt,
  restoredAt,
  subjectId,
  callerId,
  isSuperAdmin,
  now,
}: {
  /** Null where nothing was taken. */
  readonly graceEndsAt: Instant | null;
  readonly restoredAt: Instant | null;
  readonly subjectId: string;
  readonly callerId: string | null;
  /** Whoever is asked may take; what is given back is power, and is given by those who hold all of it. */
  readonly isSuperAdmin: boolean;
  readonly now: Instant;
}): Reason | null => {
  if (graceEndsAt === null || restoredAt !== null) return 'review-nothing-kept';
  if (now >= graceEndsAt) return 'review-grace-over';
  if (callerId === subjectId) return 'review-own';
  return isSuperAdmin ? null : 'review-restored-by-super-admins';
};
