import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { rateExceeded } from '../http/rate-limits.ts';
import type { Services } from '../services.ts';
import { failuresSince } from './store.ts';

/** Who can be asked for a proof. */
export type Caller = Extract<Principal, { readonly kind: 'session' | 'token' }>;

/** Whose a proof is: the session's or the token's, never the person's in general. */
export const requesterOf = (principal: Caller) =>
  principal.kind === 'session'
    ? ({ kind: 'session', id: principal.sessionId } as const)
    : ({ kind: 'token', id: principal.tokenId } as const);

/** Proofs asked for, or brought and refused, by one session or token: each is written to the log. */
const ASK_LIMIT = { limit: 60, windowSeconds: 60 };
/** Wrong answers of a key after which the proofs of a session wait, and for how long. Sign-in is never touched. */
export const FAILURES_MAX = 5;
const FAILURE_SECONDS = 900;

/** E0000047 when one session or token asks for, or brings, too many proofs. */
export const limitProofs = (s: Services, requesterId: string): void => {
  const now = s.clock.now();
  const standing = s.rates.hit(`proof ${requesterId}`, ASK_LIMIT, now);
  if (standing.isOver) throw rateExceeded(standing, now);
};

/** E0000047 with when to come again, after too many wrong answers. */
export const assertProofsOpen = async (s: Services, requesterId: string): Promise<void> => {
  const now = s.clock.now();
  if ((await failuresSince(s.store.read, requesterId, now - FAILURE_SECONDS * 1000)) < FAILURES_MAX) return;
  throw new ApiError('E0000047', {
    causes: [sentenceOf('proofs-locked')],
    detail: 'proofs-locked',
    headers: { 'Retry-After': String(FAILURE_SECONDS) },
  });
};
