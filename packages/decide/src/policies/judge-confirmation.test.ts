import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Policy } from '@sallyport/model/policy';
import { describe, expect, it } from 'vitest';
import { type ConfirmationInput, doesChangeCount, judgeConfirmation } from './judge-confirmation.ts';

const CHANGED_AT = 1000;
const CONFIRM_BY = 5000;
const fact = <T>(value: T): Fact<T> => ({ value, source: 'test', observedAt: 0, expiresAt: null });
const key = (provedAt: number): FactorProof => ({
  factorId: 'fwf1',
  kind: 'webauthn',
  isPhishingResistant: true,
  isDeviceBound: true,
  isUserVerified: true,
  provedAt,
});
const policy = (access: 'ALLOW' | 'DENY'): Policy => ({
  id: 'rst1',
  name: 'p',
  type: 'ACCESS_POLICY',
  version: 2,
  isActive: true,
  rules: [
    {
      id: 'rul1',
      name: 'all',
      priority: 1,
      isActive: true,
      conditions: {},
      access,
      assurance: {
        factors: 2,
        isPossessionRequired: true,
        isPhishingResistantRequired: true,
        isDeviceBoundRequired: true,
        isUserVerificationRequired: true,
        maxAgeSeconds: null,
      },
    },
  ],
});
const facts = (proofs: readonly FactorProof[]): Facts => ({ userId: fact('00u1'), proofs: fact(proofs) });
const judge = (more: Partial<ConfirmationInput> = {}) =>
  judgeConfirmation({
    change: { changedAt: CHANGED_AT, confirmBy: CONFIRM_BY, confirmedAt: null, endedAt: null },
    by: 'session',
    signIn: { facts: facts([key(1500)]), now: 1600 },
    policies: { global: [policy('ALLOW')], console: policy('ALLOW') },
    now: 2000,
    ...more,
  });
const change = { changedAt: CHANGED_AT, confirmBy: CONFIRM_BY, confirmedAt: null, endedAt: null };

describe('a change that waits', () => {
  it.each([
    [CONFIRM_BY - 1, null, null, true],
    [CONFIRM_BY, null, null, false],
    [CONFIRM_BY + 1, null, null, false],
    [CONFIRM_BY, 4999, null, true],
    [2000, null, 1900, false],
    [9000, 4999, 8000, false],
  ])('at %i, confirmed at %j, ended at %j: counts %j', (now, confirmedAt, endedAt, counts) => {
    expect(doesChangeCount({ confirmBy: CONFIRM_BY, confirmedAt, endedAt }, now)).toBe(counts);
  });
});

describe('a confirmation', () => {
  it('by whoever signed in after the change, and is let in by the policies as they stand', () => {
    expect(judge()).toEqual({ kind: 'allow', reasons: ['change-passed'] });
    expect(judge({ now: CONFIRM_BY - 1 }).kind).toBe('allow');
  });
  it.each<[string, string, Partial<ConfirmationInput>]>([
    ['by a machine', 'change-needs-person', { by: 'machine' }],
    ['of nothing', 'change-none', { change: null }],
    ['of what is confirmed', 'change-none', { change: { ...change, confirmedAt: 1700 } }],
    ['at the very instant of its end', 'change-returned', { now: CONFIRM_BY }],
    ['of what was taken back', 'change-returned', { change: { ...change, endedAt: 1800 } }],
    ['by a session that never passed the console', 'change-needs-sign-in', { signIn: null }],
    ['by a sign-in of the same instant', 'change-needs-sign-in', { signIn: { facts: facts([key(1000)]), now: 1000 } }],
    [
      'by a command line that took over an older proof',
      'change-needs-sign-in',
      { signIn: { facts: facts([key(900)]), now: 1600 } },
    ],
    [
      'by a password proved after it beside an older key',
      'change-needs-sign-in',
      { signIn: { facts: facts([key(900), { ...key(1500), kind: 'password', factorId: 'password' }]), now: 1600 } },
    ],
    [
      'by whom the console’s policy would deny',
      'change-shuts-out',
      { policies: { global: [policy('ALLOW')], console: policy('DENY') } },
    ],
    [
      'by whom the policies of all sessions would deny',
      'change-shuts-out',
      { policies: { global: [policy('DENY')], console: policy('ALLOW') } },
    ],
    [
      'by a break-glass account, whose seal is asked in place of policies',
      'change-by-break-glass',
      {
        signIn: {
          facts: {
            ...facts([key(1500)]),
            breakGlass: fact({ networks: { primary: ['192.0.2.0/24'], secondary: [], tertiary: [] } }),
          },
          now: 1600,
        },
      },
    ],
    ['where there is no policy', 'change-shuts-out', { policies: { global: [], console: policy('ALLOW') } }],
  ])('%s is refused', (_, reason, more) => {
    expect(judge(more)).toEqual({ kind: 'deny', reasons: [reason] });
  });
});
