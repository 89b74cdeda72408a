import { createPublicKey, type KeyObject } from 'node:crypto';

/** A public key as it may stand in the store: RSA of 2048 bits and more, or P-256; never with a private part. */
export type PublicJwk =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
export type JwsAlg = 'RS256' | 'ES256';

const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 8192;
/** RFC 7518 §6.2.2 and §6.3.2, and of symmetric keys §6.4.1: whoever sends one sends a secret. */
const PRIVATE_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export const algOf = (jwk: PublicJwk): JwsAlg => (jwk.kty === 'RSA' ? 'RS256' : 'ES256');

/** Checks a JSON Web Key for signatures; a text says what is wrong with it. */
export const readPublicJwk = (given: unknown): { readonly jwk: PublicJwk; readonly key: KeyObject } | string => {
  if (typeof given !== 'object' || given === null) return 'must be a JSON Web Key';
  const { kty, use, alg, crv, n, e, x, y, key_ops } = given as Record<string, unknown>;
  if (PRIVATE_PARTS.some((part) => part in given))
    return 'has a private part. Keep that on the machine, and send the public key alone';
  if (kty !== 'RSA' && kty !== 'EC') return 'must be of the type RSA or EC';
  if (use !== undefined && use !== null && use !== 'sig') return 'is not a key for signatures (use must be sig)';
  if (Array.isArray(key_ops) && !key_ops.includes('verify')) return 'is not a key for signatures (key_ops)';
  if (alg !== undefined && alg !== null && alg !== (kty === 'RSA' ? 'RS256' : 'ES256'))
    return `is for ${String(alg).slice(0, 20)}; only RS256 and ES256 are taken`;
  const parts = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
  if (Object.values(parts).some((part) => typeof part !== 'string')) return 'is not complete';
  if (kty === 'EC' && crv !== 'P-256') return 'must be on the curve P-256';
  try {
    const key = createPublicKey({ key: parts as Record<string, string>, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? RSA_BITS_MIN;
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) return `must have ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits`;
    return { jwk: parts as PublicJwk, key };
  } catch {
    return 'is not a key';
  }
};
