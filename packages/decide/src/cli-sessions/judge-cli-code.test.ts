import { describe, expect, it } from 'vitest';
import { type CliCodeInput, judgeCliCode } from './judge-cli-code.ts';

const URI = 'http://127.0.0.1:4000/callback';
const good: CliCodeInput = {
  code: { expiresAt: 60_000, redirectUri: URI, network: 'as64496' },
  presented: { redirectUri: URI, isVerifierRight: true, network: 'as64496' },
  isBrowserSessionLive: true,
  isOwnerActive: true,
  isLocked: false,
  now: 59_999,
};
const presenting = (change: Partial<CliCodeInput['presented']>): Partial<CliCodeInput> => ({
  presented: { ...good.presented, ...change },
});

describe('a code for a command line', () => {
  it('opens a session for who asked, in time, from the network of the browser', () => {
    expect(judgeCliCode(good)).toBeNull();
  });
  it.each([
    ['at its sixtieth second', { now: 60_000 }, 'cli-code-expired'],
    ['without the verifier', presenting({ isVerifierRight: false }), 'cli-verifier-wrong'],
    ['for another port', presenting({ redirectUri: 'http://127.0.0.1:4001/callback' }), 'cli-verifier-wrong'],
    ['from another network', presenting({ network: 'as64500' }), 'cli-network-changed'],
    ['from nowhere', presenting({ network: null }), 'cli-network-changed'],
    ['of a session that ended', { isBrowserSessionLive: false }, 'browser-session-ended'],
    ['of somebody who may not enter any more', { isOwnerActive: false }, 'user-inactive'],
    ['of who is locked', { isLocked: true }, 'session-locked'],
  ] as const)('opens nothing %s', (_, change, reason) => {
    expect(judgeCliCode({ ...good, ...change })).toBe(reason);
  });
  it('nowhere equals no network, not even an unknown one', () => {
    const input = { ...good, code: { ...good.code, network: '' }, ...presenting({ network: null }) };
    expect(judgeCliCode(input)).toBe('cli-network-changed');
  });
});
