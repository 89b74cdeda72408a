import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** A P-256 key in SPKI has 91 bytes; more is no such key. */
const SPKI_BYTES_MAX = 128;
/** ECDSA over P-256 as WebCrypto writes it: r and s, 32 bytes each. */
const SIGNATURE_BYTES = 64;

const keyOf = (spki: Buffer): KeyObject | null => {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
};

/** The stored form of a public key that a page made (SPKI, base64url); null for anything but ECDSA on P-256. */
export const readBoundKey = (publicKey: string): string | null => {
  const spki = Buffer.from(publicKey, 'base64url');
  const key = spki.length > SPKI_BYTES_MAX ? null : keyOf(spki);
  return key === null ? null : key.export({ format: 'der', type: 'spki' }).toString('base64url');
};

/**
 * What the page signs: this session, this challenge, and the address as the server saw it. The page has the same lines
 * (`console/src/browser/prove-session.ts`); neither can be taken for another session's, or be used from elsewhere.
 */
export const proofText = (sessionId: string, challenge: string, address: string): string =>
  ['sallyport session proof v1', sessionId, challenge, address].join('\n');

/** Whether the page's key signed the text (ECDSA with SHA-256). A key or signature that cannot be read did not. */
export const isSignedBy = (boundKey: string, text: string, signature: string): boolean => {
  const key = keyOf(Buffer.from(boundKey, 'base64url'));
  const bytes = Buffer.from(signature, 'base64url');
  return (
    key !== null &&
    bytes.length === SIGNATURE_BYTES &&
    verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes)
  );
};
