import { hash } from 'node:crypto';

/**
 * The key of a session in memory: SHA-256 of the secret. One unsalted pass is enough for 256 random bits, and a look-up
 * by hash takes the same time however much of a guess is right. Taken as a binary string, because asking
 * the hash for a Buffer costs 1.0 µs and this way 0.4 µs.
 */
export const tokenHash = (token: string): Buffer => Buffer.from(hash('sha256', token, 'binary'), 'latin1');

/** The same from the stored form (`tokenDigest`: base64url). */
export const tokenHashOfDigest = (digest: string): Buffer => Buffer.from(digest, 'base64url');
