import { createHmac, hash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { Services } from '../services.ts';
import { algOf, readPublicJwk } from './public-jwk.ts';
import { headerOf, instantOf, verifiedClaims } from './verify-jwt.ts';

/** How far the clock of a machine may be off, and how old a proof may be. */
const SKEW_SECONDS = 60;
const AGE_SECONDS = 300;
/** A nonce is renewed each day, and an older one stays good for three. */
const NONCE_DAYS = 3;
const DAY = 86_400_000;
const JTI_MAX = 256;

const nonceOf = (s: Services, day: number): string =>
  createHmac('sha256', s.pepper).update(`dpop nonce\0${day}`).digest('base64url');

/** The nonce of today. The same for everybody: it only says that a proof was not made in advance. */
export const dpopNonce = (s: Services): string => nonceOf(s, Math.floor(s.clock.now() / DAY));

const isNonce = (s: Services, nonce: unknown): boolean => {
  const today = Math.floor(s.clock.now() / DAY);
  return Array.from({ length: NONCE_DAYS }, (_, i) => nonceOf(s, today - i)).some((one) => one === nonce);
};

export interface DpopRequest {
  readonly method: string;
  /** Path of the request; the proof names the whole URL without its query. */
  readonly path: string;
  /** On an API call: the token that the proof is for. */
  readonly accessToken: string | null;
}
export type DpopProof =
  | {
      readonly kind: 'good';
      readonly thumbprint: string;
      readonly jti: string;
      readonly expiresAt: number;
    }
  | { readonly kind: 'nonce-missing' }
  | { readonly kind: 'bad'; readonly why: string };

/**
 * A proof of possession (RFC 9449 §4.3), all but its single use, which the caller spends with `jti`. On the token call it
 * carries a nonce of ours; on API calls none is asked, for the clients in use send none there.
 */
export const readDpopProof = async (s: Services, text: string, request: DpopRequest): Promise<DpopProof> => {
  const bad = (why: string): DpopProof => ({ kind: 'bad', why });
  const header = headerOf(text);
  if (header === null || header.typ !== 'dpop+jwt') return bad('It is no DPoP proof (typ dpop+jwt).');
  const read = readPublicJwk(header.jwk);
  if (typeof read === 'string') return bad(`Its key ${read}.`);
  if (header.alg !== algOf(read.jwk)) return bad('Its algorithm is not that of its key.');
  const claims = await verifiedClaims(text, read.key, algOf(read.jwk));
  if (claims === null) return bad('Its signature is wrong.');
  const { htm, htu, jti, iat, ath, nonce } = claims;
  if (htm !== request.method) return bad('htm is not the method of this request.');
  if (htu !== `${s.config.publicUrl.origin}${request.path}`) return bad('htu is not the address of this request.');
  if (typeof jti !== 'string' || jti.length === 0 || jti.length > JTI_MAX) return bad('jti is missing.');
  const [issuedAt, now] = [instantOf(iat), s.clock.now()];
  if (issuedAt === null || issuedAt > now + SKEW_SECONDS * 1000) return bad('iat is missing, or in the future.');
  const expiresAt = issuedAt + AGE_SECONDS * 1000;
  if (now >= expiresAt) return bad('iat is too long ago.');
  if (request.accessToken === null) {
    if (nonce === undefined) return { kind: 'nonce-missing' };
    if (!isNonce(s, nonce)) return { kind: 'nonce-missing' };
  } else if (ath !== hash('sha256', request.accessToken, 'base64url')) return bad('ath is not of this token.');
  // `cnf.jkt` of RFC 9449 §6.1: RFC 7638.
  return { kind: 'good', thumbprint: await calculateJwkThumbprint(read.jwk), jti, expiresAt };
};
