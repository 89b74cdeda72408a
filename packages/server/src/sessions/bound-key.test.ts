import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSignedBy, proofText, readBoundKey } from './bound-key.ts';

const spki = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('base64url');
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { publicKey, privateKey } = pair();
const boundKey = spki(publicKey);
const signed = (text: string, key = privateKey): string =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

describe('readBoundKey', () => {
  it('takes a P-256 key as a page exports it', () => {
    expect(readBoundKey(boundKey)).toBe(boundKey);
  });

  it('takes no other curve, no other kind of key, no private key and no other text', () => {
    const others = [
      spki(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
      spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      spki(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey),
      spki(generateKeyPairSync('ed25519').publicKey),
      privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
      '',
      'AAAA',
    ];
    expect(others.map(readBoundKey)).toEqual(others.map(() => null));
  });

  it('throws at nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => readBoundKey(text) === null));
    fc.assert(
      fc.property(fc.nat(90), fc.nat(255), (at, value) => {
        const bytes = Buffer.from(boundKey, 'base64url');
        bytes[at] = value;
        readBoundKey(bytes.toString('base64url'));
      }),
    );
  });
});

describe('isSignedBy', () => {
  const text = proofText('102a', 'challenge', '198.51.100.7');

  it('holds for the key, the text and the signature that belong together', () => {
    expect(isSignedBy(boundKey, text, signed(text))).toBe(true);
  });

  it('does not hold for another session, challenge, address or key', () => {
    for (const other of [
      proofText('102b', 'challenge', '198.51.100.7'),
      proofText('102a', 'other', '198.51.100.7'),
      proofText('102a', 'challenge', '198.51.100.8'),
    ])
      expect(isSignedBy(boundKey, text, signed(other))).toBe(false);
    expect(isSignedBy(boundKey, text, signed(text, pair().privateKey))).toBe(false);
  });

  it('does not hold for a signature in another form, an empty one, or a broken key', () => {
    const der = sign('sha256', Buffer.from(text), privateKey).toString('base64url');
    for (const signature of [der, '', 'AAAA', Buffer.alloc(64).toString('base64url')])
      expect(isSignedBy(boundKey, text, signature)).toBe(false);
    expect(isSignedBy('AAAA', text, signed(text))).toBe(false);
  });

  it('any changed bit is another signature', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(signed(text), 'base64url');
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(isSignedBy(boundKey, text, bytes.toString('base64url'))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
