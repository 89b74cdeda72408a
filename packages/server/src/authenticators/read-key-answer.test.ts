import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, checkClientData, checkSignature } from './read-key-answer.ts';

const EXPECTED = { expectedChallenge: 'AAAA', origin: 'https://admin.example.org', rpId: 'admin.example.org' };

describe('bytesOf', () => {
  it('reads base64 and base64url, padded or not', () => {
    for (const text of ['-_8', '+/8', '-_8=', '+/8='])
      expect(bytesOf('clientData', text)).toEqual(Buffer.from([0xfb, 0xff]));
  });

  it('reads back what was written, in either alphabet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (raw) => {
        const bytes = Buffer.from(raw);
        expect(bytesOf('clientData', bytes.toString('base64'))).toEqual(bytes);
        expect(bytesOf('clientData', bytes.toString('base64url'))).toEqual(bytes);
      }),
    );
  });

  it.each([undefined, null, 1, {}, [], '', '=', '==', 'A', 'QQ===', 'Q=Q', 'QQ\n', ' QQ', 'Q!Q', 'QR', 'QQA==A'])(
    'refuses %o',
    (text) => {
      expect(() => bytesOf('clientData', text)).toThrow('clientData');
    },
  );

  it('refuses what is too long', () => {
    const text = (length: number): string => Buffer.alloc(length).toString('base64url');
    expect(bytesOf('signatureData', text(1024))).toHaveLength(1024);
    expect(() => bytesOf('signatureData', text(1028))).toThrow('signatureData: too long');
  });
});

describe('checkClientData', () => {
  const check =
    (clientData: unknown, expected = EXPECTED) =>
    () =>
      checkClientData(Buffer.from(JSON.stringify(clientData)), expected);

  it('accepts an answer of our own page', () => {
    expect(check({})).not.toThrow();
    expect(check({ crossOrigin: false })).not.toThrow();
  });

  it('refuses an answer of a framed page', () => {
    for (const framed of [
      { crossOrigin: true },
      { crossOrigin: 1 },
      { crossOrigin: null },
      { topOrigin: null },
      { crossOrigin: false, topOrigin: 'https://phish.example' },
    ])
      expect(check(framed)).toThrow('another page');
  });

  it('refuses what is no object', () => {
    for (const value of [null, 1, 'x', true]) expect(check(value)).toThrow('no object');
    expect(() => checkClientData(Buffer.from('{'), EXPECTED)).toThrow(SyntaxError);
  });

  it('refuses to expect nothing', () => {
    for (const nothing of [{ expectedChallenge: '' }, { origin: '' }, { rpId: '' }])
      expect(check({}, { ...EXPECTED, ...nothing })).toThrow('must be expected');
  });
});

describe('checkSignature', () => {
  const der = Buffer.from('3006020101020101', 'hex');

  it('holds ECDSA to one DER sequence', () => {
    expect(() => checkSignature(-7, der)).not.toThrow();
    for (const hex of ['', '30', '3106020101020101', '3005020101020101', '3007020101020101', '300602010102010100'])
      expect(() => checkSignature(-7, Buffer.from(hex, 'hex'))).toThrow('not DER');
  });

  it('leaves the others, whose signatures are plain bytes', () => {
    for (const alg of [-8, -257, undefined]) expect(() => checkSignature(alg, Buffer.from('00', 'hex'))).not.toThrow();
  });
});
