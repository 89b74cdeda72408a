const BYTES_MAX = {
  clientData: 4096,
  attestation: 32_768,
  authenticatorData: 4096,
  signatureData: 1024,
  publicKey: 4096,
} as const;

/** Refuses a part of a key's answer; the message is the `detail` that the log gets. */
export const refuse = (message: string): never => {
  throw new Error(message);
};

/** The bytes of base64 or base64url and of nothing else: one spelling for one value, and not too long. */
export const bytesOf = (name: keyof typeof BYTES_MAX, text: unknown): Buffer => {
  if (typeof text !== 'string') return refuse(`${name}: no text`);
  if (text.length > Math.ceil(BYTES_MAX[name] / 3) * 4) return refuse(`${name}: too long`);
  const bytes = Buffer.from(text, 'base64');
  const canonical = text
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return bytes.length > 0 && bytes.toString('base64url') === canonical ? bytes : refuse(`${name}: not base64`);
};

export interface Expected {
  readonly expectedChallenge: string;
  readonly origin: string;
  readonly rpId: string;
}

/**
 * What the library leaves to us: an empty expectation, which it would let anybody meet or not check at all, and an
 * answer from a framed page.
 */
export const checkClientData = (bytes: Buffer, expected: Expected): void => {
  if (expected.expectedChallenge === '' || expected.origin === '' || expected.rpId === '') {
    throw new Error('challenge, origin and RP id must be expected');
  }
  const clientData: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof clientData !== 'object' || clientData === null) throw new Error('clientData: no object');
  // WebAuthn Level 3 §7.1 and §7.2: both are set inside of a foreign page, and ours are never framed (clickjacking).
  if (('crossOrigin' in clientData && clientData.crossOrigin !== false) || 'topOrigin' in clientData) {
    throw new Error('clientData: answered inside of another page');
  }
};

const ES256 = -7;

/**
 * An ECDSA signature is one DER sequence and nothing after it. The library's reader overlooks a wrong tag, a wrong
 * length and bytes behind the end, so that one signature could be written in many ways.
 */
export const checkSignature = (alg: unknown, signature: Uint8Array): void => {
  if (alg === ES256 && (signature[0] !== 0x30 || signature[1] !== signature.length - 2)) refuse('signature: not DER');
};
