import { hash } from 'node:crypto';

/**
 * The key of a session in memory: SHA-256 of the secret. One unsalted pass is enough for 256 random bits, and a look-up
 * by hash takes the same time however much of a guess is right.
 */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer');

/** The same from the stored form (`tokenDigest`: base64url). */
export const tokenHashOfDigest = (digest: string): Buffer => Buffer.from(digest, 'base64url');
