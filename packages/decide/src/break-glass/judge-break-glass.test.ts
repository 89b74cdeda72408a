import type { BreakGlassNetworks } from '@sallyport/model/break-glass';
import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Policy } from '@sallyport/model/policy';
import { describe, expect, it } from 'vitest';
import { evaluatePolicies, evaluatePolicy } from '../policies/evaluate-policy.ts';
import { networkHolding } from './judge-break-glass.ts';

const NOW = Date.UTC(2026, 10, 29, 3);
const fact = <T>(value: T, expiresAt: number | null = null): Fact<T> => ({
  value,
  source: 'test',
  observedAt: NOW,
  expiresAt,
});
const networks: BreakGlassNetworks = {
  primary: ['198.51.100.0/28'],
  secondary: ['2001:db8:1::/48'],
  tertiary: ['203.0.113.7', '203.0.113.20-203.0.113.22'],
};
const secret: FactorProof = {
  factorId: 'sealed-secret',
  kind: 'password',
  isPhishingResistant: false,
  isDeviceBound: false,
  isUserVerified: false,
  provedAt: NOW,
};
const key: FactorProof = {
  factorId: 'fwf1',
  kind: 'webauthn',
  isPhishingResistant: true,
  isDeviceBound: true,
  isUserVerified: true,
  provedAt: NOW,
};
const facts: Facts = {
  userId: fact('00u1'),
  breakGlass: fact({ networks }),
  address: fact('198.51.100.10'),
  proofs: fact([secret, key]),
};
/** Denies everybody. */
const closed: Policy = {
  id: 'rst1',
  name: 'closed',
  type: 'ACCESS_POLICY',
  version: 1,
  isActive: true,
  rules: [
    {
      id: 'rul1',
      name: 'nobody',
      priority: 0,
      isActive: true,
      conditions: {},
      access: 'DENY',
      assurance: {
        factors: 1,
        isPossessionRequired: false,
        isPhishingResistantRequired: false,
        isDeviceBoundRequired: false,
        isUserVerificationRequired: false,
        maxAgeSeconds: null,
      },
    },
  ],
};
const open: Policy = { ...closed, rules: closed.rules.map((rule) => ({ ...rule, access: 'ALLOW' as const })) };
const judge = (change: Partial<Facts>, policy = closed) => evaluatePolicy({ ...facts, ...change }, policy, NOW).verdict;

describe('the sealed policy of a break-glass account', () => {
  it('allows the secret with a key from each of its networks, whatever the policies say', () => {
    for (const address of ['198.51.100.15', '2001:db8:1:ffff::1', '203.0.113.7', '203.0.113.22'])
      for (const policy of [closed, { ...closed, isActive: false }, { ...closed, rules: [] }])
        expect(judge({ address: fact(address) }, policy)).toEqual({ kind: 'allow', reasons: ['break-glass-allowed'] });
    expect(evaluatePolicies(facts, [], NOW).verdict.kind).toBe('allow');
    expect(evaluatePolicies(facts, [closed], NOW)).toMatchObject({ policyId: null, matchedRuleId: null });
  });
  it.each<[string, Partial<Facts>, string, string]>([
    ['from a fourth network', { address: fact('203.0.113.8') }, 'deny', 'break-glass-network-outside'],
    ['from no known address', { address: undefined as never }, 'deny', 'break-glass-network-outside'],
    [
      'from an address that is known no longer',
      { address: fact('198.51.100.10', NOW) },
      'deny',
      'break-glass-network-outside',
    ],
    ['without the secret', { proofs: fact([key]) }, 'deny', 'break-glass-secret-missing'],
    [
      'with an ordinary password',
      { proofs: fact([{ ...secret, factorId: 'password' }, key]) },
      'deny',
      'break-glass-secret-missing',
    ],
    ['with nothing', { proofs: undefined as never }, 'deny', 'break-glass-secret-missing'],
    ['without a key', { proofs: fact([secret]) }, 'step_up', 'break-glass-key-missing'],
    [
      'with a synced key',
      { proofs: fact([secret, { ...key, isDeviceBound: false }]) },
      'step_up',
      'break-glass-key-missing',
    ],
    [
      'with a key that asked for no PIN',
      { proofs: fact([secret, { ...key, isUserVerified: false }]) },
      'step_up',
      'break-glass-key-missing',
    ],
    [
      'with a code',
      { proofs: fact([secret, { ...key, kind: 'totp', isPhishingResistant: false }]) },
      'step_up',
      'break-glass-key-missing',
    ],
    [
      'with a code that calls itself phishing-resistant',
      { proofs: fact([secret, { ...key, kind: 'totp' }]) },
      'step_up',
      'break-glass-key-missing',
    ],
  ])('%s does not, though a policy lets everybody in', (_, change, kind, reason) => {
    expect(judge(change, open)).toMatchObject({ kind, reasons: [reason] });
    expect(evaluatePolicies({ ...facts, ...change }, [open], NOW).verdict).toMatchObject({ kind, reasons: [reason] });
  });
  it('of which nothing is listed lets nobody in', () => {
    const none = { primary: [], secondary: [], tertiary: [] };
    expect(judge({ breakGlass: fact({ networks: none }) })).toMatchObject({ kind: 'deny' });
  });
  it('a service account is none, whatever else stands on it', () => {
    expect(judge({ isServiceAccount: fact(true) })).toEqual({ kind: 'deny', reasons: ['service-account'] });
  });
  it('names the first network that holds an address', () => {
    const both = { ...networks, secondary: ['198.51.100.0/24'] };
    expect(networkHolding(both, '198.51.100.10')).toBe('primary');
    expect(networkHolding(both, '198.51.100.99')).toBe('secondary');
    expect(networkHolding(both, '::ffff:198.51.100.10')).toBe('primary');
    expect(networkHolding(both, 'somewhere')).toBeNull();
  });
});
