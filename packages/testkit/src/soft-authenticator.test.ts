import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeCbor } from './encode-cbor.ts';
import { createSoftAuthenticator } from './soft-authenticator.ts';

const AT = { challenge: 'AAAA', rpId: 'localhost', origin: 'http://localhost:7070' } as const;
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const flagsOf = (authenticatorData: string): number => bytes(authenticatorData)[32] ?? -1;
const countOf = (authenticatorData: string): number => bytes(authenticatorData).readUInt32BE(33);

describe('encodeCbor', () => {
  // RFC 8949 appendix A.
  it.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [1000, '1903e8'],
    [-1, '20'],
    [-100, '3863'],
    [-257, '390100'],
    ['IETF', '6449455446'],
    ['ü', '62c3bc'],
    [Buffer.from('01020304', 'hex'), '4401020304'],
    [[1, [2, 3]], '8201820203'],
    [new Map(), 'a0'],
    [
      new Map([
        [1, 2],
        [3, 4],
      ]),
      'a201020304',
    ],
  ])('%o', (value, hex) => {
    expect(encodeCbor(value).toString('hex')).toBe(hex);
  });

  it('refuses what it cannot write', () => {
    expect(() => encodeCbor(0x10000)).toThrow(RangeError);
  });
});

describe('the soft authenticator', () => {
  it('answers with the challenge, the origin and the RP id it was given', () => {
    const key = createSoftAuthenticator();
    const { credentialId, clientData, transports } = key.register({ ...AT, userId: '00u1' });
    expect(JSON.parse(bytes(clientData).toString())).toEqual({
      type: 'webauthn.create',
      challenge: 'AAAA',
      origin: AT.origin,
      crossOrigin: false,
    });
    expect(transports).toEqual(['usb']);
    const signed = key.assert({ ...AT, allowCredentials: ['other', credentialId] });
    expect(signed.credentialId).toBe(credentialId);
    expect(JSON.parse(bytes(signed.clientData).toString()).type).toBe('webauthn.get');
    expect(bytes(signed.authenticatorData).subarray(0, 32)).toEqual(createHash('sha256').update('localhost').digest());
  });

  it('holds several credentials and picks the first of its own that is allowed', () => {
    const key = createSoftAuthenticator();
    const [a, b] = [
      key.register({ ...AT, userId: '1' }).credentialId,
      key.register({ ...AT, userId: '2' }).credentialId,
    ];
    expect(a).not.toBe(b);
    expect(key.assert({ ...AT, allowCredentials: [b] }).credentialId).toBe(b);
    expect(key.assert({ ...AT, allowCredentials: [b, a] }).credentialId).toBe(a);
    expect(() => key.assert({ ...AT, allowCredentials: [] })).toThrow('no credential');
    expect(() => createSoftAuthenticator().assert({ ...AT, allowCredentials: [a] })).toThrow('no credential');
  });

  it.each([
    [{}, 0x05],
    [{ userVerifies: false }, 0x01],
    [{ isBackupEligible: true }, 0x0d],
    [{ isBackupEligible: true, isBackedUp: true }, 0x1d],
    [{ isBackedUp: true }, 0x15],
  ])('with %o sets the flags 0x%s', (options, flags) => {
    const key = createSoftAuthenticator(options);
    const { credentialId } = key.register({ ...AT, userId: '1' });
    expect(flagsOf(key.assert({ ...AT, allowCredentials: [credentialId] }).authenticatorData)).toBe(flags);
  });

  it('counts, or does not', () => {
    for (const [counter, counts] of [
      ['counting', [2, 3]],
      ['zero', [0, 0]],
    ] as const) {
      const key = createSoftAuthenticator({ counter });
      const allowCredentials = [key.register({ ...AT, userId: '1' }).credentialId];
      expect([1, 2].map(() => countOf(key.assert({ ...AT, allowCredentials }).authenticatorData))).toEqual(counts);
    }
  });

  it('works when it is spread, and follows its own properties', () => {
    const key = createSoftAuthenticator();
    const { register, assert } = { ...key };
    const { credentialId } = register({ ...AT, userId: '1' });
    Object.assign(key, { isBackupEligible: true, isBackedUp: true });
    expect(flagsOf(assert({ ...AT, allowCredentials: [credentialId] }).authenticatorData)).toBe(0x1d);
  });
});
