import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';
import type { Session } from '@sallyport/model/session';
import type { Verdict } from '@sallyport/model/verdict';

export type SessionClock = Pick<Session, 'lastActivityAt' | 'endsAt' | 'idleTimeoutSeconds' | 'endedAt'>;

/** The instant from which the session counts as idle. */
export const idleDeadline = (session: Pick<Session, 'lastActivityAt' | 'idleTimeoutSeconds'>): Instant =>
  session.lastActivityAt + session.idleTimeoutSeconds * 1000;

/** The instant at which the session ends if nobody touches it: what clients are told as `expiresAt`. */
export const sessionDeadline = (session: Pick<Session, 'lastActivityAt' | 'idleTimeoutSeconds' | 'endsAt'>): Instant =>
  Math.min(session.endsAt, idleDeadline(session));

const deny = (reason: Reason): Verdict => ({ kind: 'deny', reasons: [reason] });

/**
 * Whether a session still lives at `now`. Time is data (design §4.5): it ends because `now ≥ endsAt`, also if no job
 * ran. Written as "not before the deadline", so that an instant that is no number denies. A clock that went backwards
 * neither ends a session nor moves its deadlines: whoever records activity keeps the later of two instants.
 */
export const judgeSessionLifetime = (session: SessionClock & { readonly isLocked: boolean }, now: Instant): Verdict => {
  if (session.endedAt !== null) return deny('session-ended');
  if (session.isLocked) return deny('session-locked');
  if (!(now < session.endsAt)) return deny('session-lifetime-reached');
  if (!(Math.max(now, session.lastActivityAt) < idleDeadline(session))) return deny('session-idle');
  return { kind: 'allow', reasons: ['session-valid'] };
};
