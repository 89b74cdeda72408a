import { describe, expect, it } from 'vitest';
import { makeKey, readPastedKeys } from './machine-key.ts';

describe('the key of a machine', () => {
  it('is made in two halves: the public one has no private part', async () => {
    const { publicJwk, privateText } = await makeKey();
    expect(Object.keys(publicJwk).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(JSON.parse(privateText)).toMatchObject({ kid: publicJwk.kid, n: publicJwk.n, alg: 'RS256' });
    expect(JSON.parse(privateText)).toHaveProperty('d');
  });
  it('is read from what was pasted: one, or a set, and never a private one', () => {
    const key = { kty: 'RSA', n: 'AA', e: 'AQAB' };
    expect(readPastedKeys(JSON.stringify(key))).toEqual([key]);
    expect(readPastedKeys(JSON.stringify({ keys: [key, key] }))).toHaveLength(2);
    expect(readPastedKeys(JSON.stringify({ ...key, d: 'AA' }))).toContain('private key');
    expect(readPastedKeys(JSON.stringify({ kty: 'oct', k: 'AA' }))).toContain('private key');
    expect(readPastedKeys('{"keys":[]}')).toContain('no key');
    expect(readPastedKeys('-----BEGIN PUBLIC KEY-----')).toContain('no JSON');
    expect(readPastedKeys('null')).toContain('no JSON Web Key');
  });
});
