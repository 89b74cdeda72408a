import { describe, expect, it } from 'vitest';
import { tokenDigest } from '../sign-in/token-digest.ts';
import { tokenHash, tokenHashOfDigest } from './token-hash.ts';

describe('tokenHash', () => {
  it('is SHA-256', () => {
    expect(tokenHash('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('is what the stored digest decodes to', () => {
    expect(tokenHashOfDigest(tokenDigest('a secret'))).toEqual(tokenHash('a secret'));
  });
});
