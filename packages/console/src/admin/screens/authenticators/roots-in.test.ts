import { describe, expect, it } from 'vitest';
import { rootsIn } from './roots-in.ts';

const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;

describe('certificates that are pasted', () => {
  it('are one each, whatever stands between them', () => {
    const two = [{ x5c: pem('AAAA\nBBBB') }, { x5c: pem('CCCC') }];
    expect(rootsIn(`${pem('AAAA\nBBBB')}\n${pem('CCCC')}\n`)).toEqual(two);
    expect(rootsIn(`${pem('AAAA\nBBBB')}${pem('CCCC')}`)).toEqual(two);
    expect(rootsIn('AAAA\nBBBB\n\n  \n\nCCCC')).toEqual([{ x5c: 'AAAA\nBBBB' }, { x5c: 'CCCC' }]);
    expect(rootsIn(' \n ')).toEqual([]);
  });
});
