import { ApiError } from '@sallyport/model/errors';
import type { Caller } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { rateExceeded } from '../http/rate-limits.ts';
import type { Services } from '../services.ts';
import { failuresSince } from './store.ts';

/**
 * Whose a proof is: the session's or the token's, never the person's in general; a service app's own, whose access tokens
 * come and go while a human decides.
 */
export const requesterOf = (principal: Caller): { readonly kind: Caller['kind']; readonly id: string } => {
  if (principal.kind === 'session') return { kind: 'session', id: principal.sessionId };
  return { kind: principal.kind, id: principal.kind === 'token' ? principal.tokenId : principal.appId };
};

/** Proofs asked for, or brought and refused, by one session or token: each is written to the log. */
const ASK_LIMIT = { limit: 60, windowSeconds: 60 };
/** Wrong answers of a key after which the proofs of a session wait, and for how long. Sign-in is never touched. */
export const FAILURES_MAX = 5;
export const FAILURE_SECONDS = 900;

/** E0000047 when one session or token asks for, or brings, too many proofs. */
export const limitProofs = (s: Services, requesterId: string): void => {
  const now = s.clock.now();
  const standing = s.rates.hit(`proof ${requesterId}`, ASK_LIMIT, now);
  if (standing.isOver) throw rateExceeded(standing, now);
};

/**
 * E0000047 with when to come again, after too many wrong answers. The lock lies on the session, by its id: a sign-in that
 * renews the same session (design §5.1) does not lift it, for not every one proves a key; a new session has none.
 */
export const assertProofsOpen = async (s: Services, requesterId: string): Promise<void> => {
  const now = s.clock.now();
  if ((await failuresSince(s.store.read, requesterId, now - FAILURE_SECONDS * 1000)) < FAILURES_MAX) return;
  throw new ApiError('E0000047', {
    causes: [sentenceOf('proofs-locked')],
    detail: 'proofs-locked',
    headers: { 'Retry-After': String(FAILURE_SECONDS) },
  });
};
