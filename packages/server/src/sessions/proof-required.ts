import { ApiError, type ProofOfSessionRequired } from '@sallyport/model/errors';
import type { Instant } from '@sallyport/model/instant';
import { toIso } from '@sallyport/model/instant';

export const PROOF_URL = '/sallyport/v1/me/sessions/current/proof';

/** A session that lives, and that a request may use again once the page's key has signed. */
export interface ProofAsked {
  readonly sessionId: string;
  readonly challenge: string;
  /** The address of the request, as the server sees it; it is part of what is signed. */
  readonly address: string;
  readonly expiresAt: Instant;
}

/** What the page is told. The session's id is not: the page that holds the key knows it, a thief need not. */
export const presentProofAsked = ({ challenge, address, expiresAt }: ProofAsked): ProofOfSessionRequired => ({
  kind: 'proof_of_session_required',
  challenge,
  address,
  proofUrl: PROOF_URL,
  expiresAt: toIso(expiresAt),
});

/** The refusal of a request that may be repeated after the proof. */
export const proofRequired = (asked: ProofAsked): ApiError =>
  new ApiError('E0000011', { detail: 'proof of session required', extra: { sallyport: presentProofAsked(asked) } });
