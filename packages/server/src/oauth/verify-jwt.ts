import type { KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import type { JwsAlg } from './public-jwk.ts';

export interface JwtHeader {
  readonly alg?: unknown;
  readonly kid?: unknown;
  readonly typ?: unknown;
  readonly jwk?: unknown;
}
export type JwtClaims = Readonly<Record<string, unknown>>;

const TEXT_MAX = 8192;

/** The header of a compact JWS, not verified; null for any other text. */
export const headerOf = (text: string): JwtHeader | null => {
  if (text.length > TEXT_MAX) return null;
  try {
    return decodeProtectedHeader(text);
  } catch {
    return null;
  }
};

const parseObject = (text: string): JwtClaims | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JwtClaims) : null;
  } catch {
    return null;
  }
};

/** The claims of a JWT, not verified: only to learn whose key to ask. */
export const unverifiedClaims = (text: string): JwtClaims | null =>
  parseObject(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8'));

/**
 * The claims of a JWT whose signature is good under this key and this very algorithm (RFC 8725 §3.1: the algorithm comes
 * from the key, never from the token; `none` and HMAC with a public key as its secret end here).
 */
export const verifiedClaims = async (text: string, key: KeyObject, alg: JwsAlg): Promise<JwtClaims | null> => {
  try {
    const { payload } = await compactVerify(text, key, { algorithms: [alg] });
    return parseObject(Buffer.from(payload).toString('utf8'));
  } catch {
    return null;
  }
};

/** A claim that is a number of seconds, in milliseconds. */
export const instantOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value * 1000 : null;
