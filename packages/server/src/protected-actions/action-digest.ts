import { hash } from 'node:crypto';
import type { ActionName } from '@sallyport/model/protected-actions';

/** All of a request that a person signs for. Another byte anywhere is another request. */
export interface RequestParts {
  readonly method: string;
  /** As it stands in the request line, before `?`. */
  readonly path: string;
  /** As it stands in the request line, after `?`; empty without one. */
  readonly query: string;
  readonly contentType: string;
  /** SHA-256 of the bytes of the body, base64url; of no bytes without one. */
  readonly bodyHash: string;
  readonly ifMatch: string;
}

/** A list of texts, digested without any two lists having one spelling: JSON escapes what separates. */
const digest = (...texts: readonly unknown[]): string => hash('sha256', JSON.stringify(texts), 'base64url');

export const bodyHash = (bytes: Uint8Array): string => hash('sha256', bytes, 'base64url');

export const requestDigest = (request: RequestParts): string =>
  digest(
    'sallyport request v1',
    request.method,
    request.path,
    request.query,
    request.contentType,
    request.bodyHash,
    request.ifMatch,
  );

/**
 * The WebAuthn challenge of a proof (design §4.11): it *is* the digest of nonce, session and action, so that the key
 * signs what is done and nothing else. Anybody who has the parts can compute it again; `log verify --proofs` does.
 */
export const proofChallenge = (
  nonce: string,
  requester: { readonly kind: string; readonly id: string },
  action: ActionName,
  requestDigests: readonly string[],
): string => digest('sallyport proof v1', nonce, requester.kind, requester.id, action, requestDigests);
