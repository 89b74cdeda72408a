import { hash } from 'node:crypto';

/** How every bearer secret is stored: SHA-256 in base64url. The secrets have 256 bits, so no slow hash is needed. */
export const tokenDigest = (secret: string): string => hash('sha256', secret, 'base64url');
