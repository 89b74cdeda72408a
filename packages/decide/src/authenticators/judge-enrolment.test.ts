import { DEFAULT_KEY_SETTINGS, type KeySettings } from '@sallyport/model/authenticator-settings';
import type { FactorProof } from '@sallyport/model/facts';
import { describe, expect, it } from 'vitest';
import { type Enrolment, judgeEnrolment } from './judge-enrolment.ts';
import { judgeRemoval } from './judge-removal.ts';
import { type EnrolledFactor, whyNotQualified } from './qualify-factor.ts';

const proof = (change: Partial<FactorProof>): FactorProof => ({
  factorId: 'f',
  kind: 'webauthn',
  isPhishingResistant: true,
  isDeviceBound: true,
  isUserVerified: true,
  provedAt: 0,
  ...change,
});
const password = proof({ kind: 'password', isPhishingResistant: false, isDeviceBound: false, isUserVerified: false });
const code = proof({ kind: 'totp', isPhishingResistant: false, isUserVerified: false });
const synced = proof({ isDeviceBound: false });
const judge = (change: Partial<Enrolment>): string => {
  const verdict = judgeEnrolment({
    asker: 'holder',
    isToken: false,
    holderHoldsRole: false,
    kinds: ['webauthn'],
    proofs: [],
    kind: 'webauthn',
    policy: { self: 'OPTIONAL', isOpenFromHere: true },
    ...change,
  });
  return verdict.kind === 'deny' ? verdict.reasons.join(' ') : verdict.kind;
};

describe('enrolling for oneself', () => {
  it('a first one is free for whoever has no power, and comes by a link for whoever has', () => {
    expect(judge({ kinds: [], proofs: [password] })).toBe('allow');
    expect(judge({ kinds: [], proofs: [password], holderHoldsRole: true })).toBe('enrolment-link-needed');
  });
  it.each([
    ['nothing', [], 'key-proof-missing', 'key-proof-missing', 'key-proof-missing'],
    ['a password', [password], 'key-proof-missing', 'key-proof-missing', 'key-proof-missing'],
    ['a code', [password, code], 'key-proof-missing', 'key-proof-missing', 'allow'],
    ['a synced key', [synced], 'key-proof-missing', 'allow', 'allow'],
    ['a device-bound key without PIN', [proof({ isUserVerified: false })], 'key-proof-missing', 'allow', 'allow'],
    ['a device-bound key', [proof({})], 'allow', 'allow', 'allow'],
  ] as const)('a further one by proof of %s', (_, proofs, admin, holder, codeHolder) => {
    expect(judge({ proofs, holderHoldsRole: true })).toBe(admin);
    expect(judge({ proofs })).toBe(holder);
    expect(judge({ proofs, kinds: ['totp'] })).toBe(codeHolder);
  });
  it('never by a token', () => {
    for (const kinds of [[], ['webauthn']] as const)
      for (const holderHoldsRole of [true, false])
        expect(judge({ isToken: true, kinds, holderHoldsRole, proofs: [proof({})] })).toBe('session-needed');
  });
});

describe('a policy of enrolment', () => {
  const forbidden = { self: 'NOT_ALLOWED', isOpenFromHere: true } as const;
  const elsewhere = { self: 'REQUIRED', isOpenFromHere: false } as const;

  it('forbids a kind to whoever would add it, but for keys of administrators', () => {
    for (const asker of ['holder', 'other'] as const) {
      expect(judge({ asker, kinds: [], policy: forbidden })).toBe('enrolment-not-allowed');
      expect(judge({ asker, kinds: [], kind: 'totp', policy: forbidden, holderHoldsRole: true })).toBe(
        'enrolment-not-allowed',
      );
    }
    expect(judge({ asker: 'other', kinds: [], policy: forbidden, holderHoldsRole: true })).toBe('allow');
    expect(judge({ proofs: [proof({})], policy: forbidden, holderHoldsRole: true })).toBe('allow');
  });

  it('forbids a place to the holder alone, whatever they prove', () => {
    expect(judge({ proofs: [proof({})], policy: elsewhere })).toBe('enrolment-not-from-here');
    expect(judge({ proofs: [proof({})], policy: elsewhere, holderHoldsRole: true })).toBe('enrolment-not-from-here');
    expect(judge({ asker: 'other', kinds: [], policy: elsewhere })).toBe('allow');
  });

  it('never widens what is asked without it', () => {
    const asked = { self: 'REQUIRED', isOpenFromHere: true } as const;
    expect(judge({ policy: asked })).toBe('key-proof-missing');
    expect(judge({ kinds: [], holderHoldsRole: true, policy: asked })).toBe('enrolment-link-needed');
  });
});

describe('enrolling for another', () => {
  it('only a first one, and for an administrator by a person only', () => {
    expect(judge({ asker: 'other', kinds: [] })).toBe('allow');
    expect(judge({ asker: 'other', kinds: [], isToken: true })).toBe('allow');
    expect(judge({ asker: 'other', kinds: [], holderHoldsRole: true })).toBe('allow');
    expect(judge({ asker: 'other', kinds: [], holderHoldsRole: true, isToken: true })).toBe('session-needed');
    expect(judge({ asker: 'other', kinds: ['totp'] })).toBe('enrolled-already');
    expect(judge({ asker: 'other', proofs: [proof({})] })).toBe('enrolled-already');
  });
});

it('nobody with a role removes their own last key; another does', () => {
  const removal = { isOwn: true, holderHoldsRole: true, qualifyingBefore: 1, qualifyingAfter: 0 };
  expect(judgeRemoval(removal)).toEqual({ kind: 'deny', reasons: ['key-last-own'] });
  expect(judgeRemoval({ ...removal, isOwn: false }).kind).toBe('allow');
  expect(judgeRemoval({ ...removal, holderHoldsRole: false }).kind).toBe('allow');
  expect(judgeRemoval({ ...removal, qualifyingAfter: 1 }).kind).toBe('allow');
  // What does not count may go, also where nothing counts.
  expect(judgeRemoval({ ...removal, qualifyingBefore: 0 }).kind).toBe('allow');
});

it('says why an authenticator does not open the console', () => {
  const facts = {
    isBackupEligible: false,
    attachment: null,
    aaguid: null,
    isAttested: false,
    isHardwareProtected: false,
    isFipsCompliant: false,
    isModelCompromised: false,
  };
  const key = { kind: 'webauthn', isActive: true, key: facts } as const;
  const why = (factor: EnrolledFactor, change: Partial<KeySettings> = {}) =>
    whyNotQualified(factor, { ...DEFAULT_KEY_SETTINGS, ...change });
  expect(why(key)).toBeNull();
  expect(why({ ...key, isActive: false })).toBe('factor-pending');
  expect(why({ ...key, key: { ...facts, isBackupEligible: true } })).toBe('key-synced');
  expect(why({ ...key, kind: 'totp' })).toBe('factor-phishable');
  expect(why(key, { certBasedAttestationValidation: true })).toBe('key-model-not-proved');
});
