import type { Assurance } from '@sallyport/model/verdict';
import { describe, expect, it } from 'vitest';
import { assuranceOfMethod, verificationMethod } from './assurance-documents.ts';

const BASE: Assurance = {
  factors: 2,
  isPossessionRequired: false,
  isPhishingResistantRequired: false,
  isDeviceBoundRequired: false,
  isUserVerificationRequired: false,
  maxAgeSeconds: null,
};
const asked = (more: object): Assurance | null =>
  assuranceOfMethod(verificationMethod.parse({ type: 'ASSURANCE', factorMode: '2FA', ...more }));
const constrained = (...constraints: object[]): Assurance | null => asked({ constraints });
const chained = (...chains: object[]): Assurance | null =>
  assuranceOfMethod(verificationMethod.parse({ type: 'AUTH_METHOD_CHAIN', chains }));
const KEY = { key: 'webauthn', method: 'webauthn' };
const CODE = { key: 'google_otp', method: 'otp' };
const PASSWORD = { key: 'okta_password', method: 'password' };
const SMS = { key: 'phone_number', method: 'sms' };

describe('constraints', () => {
  it('none ask for the factors alone', () => {
    expect(asked({ reauthenticateIn: 'PT2H' })).toEqual({ ...BASE, maxAgeSeconds: 7200 });
    expect(asked({ factorMode: '1FA', constraints: [] })).toEqual({ ...BASE, factors: 1 });
    expect(asked({ reauthenticateIn: 'PT0S' })?.maxAgeSeconds).toBe(0);
  });
  it('qualities, an age inside that counts instead of the one outside, and a password beside the key', () => {
    const possession = { deviceBound: 'REQUIRED', phishingResistant: 'REQUIRED', hardwareProtection: 'REQUIRED' };
    expect(
      asked({ reauthenticateIn: 'PT2H', constraints: [{ possession: { ...possession, reauthenticateIn: 'PT0S' } }] }),
    ).toEqual({
      ...BASE,
      isPossessionRequired: true,
      isDeviceBoundRequired: true,
      isPhishingResistantRequired: true,
      isHardwareProtectionRequired: true,
      maxAgeSeconds: 0,
    });
    expect(constrained({ knowledge: { types: ['password'], reauthenticateIn: 'PT8H' }, possession: {} })).toEqual({
      ...BASE,
      isPossessionRequired: true,
      isPasswordRequired: true,
      passwordMaxAgeSeconds: 28_800,
    });
    expect(constrained({ knowledge: { required: false }, possession: { required: false } })).toEqual(BASE);
  });
  it('are alternatives of each other', () => {
    const both = constrained({ possession: { phishingResistant: 'REQUIRED' } }, { knowledge: {} });
    expect(both).toMatchObject({ isPhishingResistantRequired: true });
    expect(both?.alternatives).toEqual([{ ...BASE, isPasswordRequired: true }]);
  });
  it('methods and types that are named are the only ones that count; excluded ones do not', () => {
    expect(constrained({ possession: { types: ['SECURITY_KEY'] } })?.countedKinds).toEqual(['password', 'webauthn']);
    expect(constrained({ possession: { methods: ['OTP', 'SMS'] } })?.countedKinds).toEqual(['password', 'totp']);
    expect(
      constrained({ possession: { excludedAuthenticationMethods: [CODE], required: false } })?.countedKinds,
    ).toEqual(['password', 'webauthn']);
    expect(
      constrained({ knowledge: { excludedAuthenticationMethods: [PASSWORD], required: false } })?.countedKinds,
    ).toEqual(['webauthn', 'totp']);
  });
  it('qualities of a method that is named hold for it and for no other', () => {
    const either = constrained({
      possession: { authenticationMethods: [{ ...KEY, userVerification: 'REQUIRED' }, CODE] },
    });
    expect(either).toMatchObject({ isUserVerificationRequired: true, countedKinds: ['password', 'webauthn'] });
    expect(either?.alternatives).toEqual([{ ...BASE, isPossessionRequired: true, countedKinds: ['password', 'totp'] }]);
  });
  it.each([
    ['a method that does not exist here', { possession: { authenticationMethods: [SMS] } }],
    ['a type that does not exist here', { possession: { types: ['PHONE'] } }],
    ['a security question', { knowledge: { types: ['SECURITY_QUESTION'] } }],
    ['a code that cannot be phished', { possession: { methods: ['TOTP'], phishingResistant: 'REQUIRED' } }],
    [
      'a code that verifies its holder',
      { possession: { authenticationMethods: [{ ...CODE, userVerification: 'REQUIRED' }] } },
    ],
  ])('%s is what nobody can satisfy', (_, constraint) => {
    expect(constrained(constraint)).toBe(null);
  });
  it('a way that nobody can go does not close the others', () => {
    expect(constrained({ possession: { types: ['PHONE'] } }, { possession: {} })).toEqual({
      ...BASE,
      isPossessionRequired: true,
    });
  });
  it.each([
    [{ constraints: [{ possession: { userVerificationMethods: ['BIOMETRICS'] } }] }],
    [{ constraints: [{ inherence: {} }] }],
    [{ constraints: [{ possession: { deviceBound: 'MAYBE' } }] }],
    [{ reauthenticateIn: '2 hours' }],
    [{ reauthenticateIn: 'P' }],
    [{ reauthenticateIn: 'PT' }],
    [{ factorMode: '3FA' }],
    [{ rememberMe: true }],
    [{ type: 'ID_PROOFING' }],
  ])('%j is refused', (more) => {
    expect(verificationMethod.safeParse({ type: 'ASSURANCE', factorMode: '2FA', ...more }).success).toBe(false);
  });
});

describe('chains', () => {
  it('a password and then a method: two factors, each way with its own', () => {
    const way = chained({
      authenticationMethods: [PASSWORD],
      next: [{ authenticationMethods: [CODE, SMS, KEY], reauthenticateIn: 'PT1H' }],
    });
    expect(way).toEqual({
      ...BASE,
      isPossessionRequired: true,
      isPasswordRequired: true,
      maxAgeSeconds: 3600,
      countedKinds: ['password', 'totp'],
      alternatives: [
        {
          ...BASE,
          isPossessionRequired: true,
          isPasswordRequired: true,
          maxAgeSeconds: 3600,
          countedKinds: ['password', 'webauthn'],
        },
      ],
    });
  });
  it('a key alone is two factors only where it verifies its holder', () => {
    expect(chained({ authenticationMethods: [KEY] })?.factors).toBe(1);
    expect(chained({ authenticationMethods: [{ ...KEY, userVerification: 'REQUIRED' }] })?.factors).toBe(2);
    expect(chained({ authenticationMethods: [PASSWORD] })?.factors).toBe(1);
  });
  it('of methods that do not exist here is what nobody can satisfy', () => {
    expect(chained({ authenticationMethods: [SMS] })).toBe(null);
    expect(chained({ authenticationMethods: [PASSWORD], next: [{ authenticationMethods: [SMS] }] })).toBe(null);
  });
  it('has at most five, each of at most three steps, one after the other', () => {
    const parse = (chains: unknown): boolean =>
      verificationMethod.safeParse({ type: 'AUTH_METHOD_CHAIN', chains }).success;
    const one = { authenticationMethods: [KEY] };
    expect(parse(Array.from({ length: 5 }, () => one))).toBe(true);
    expect(parse(Array.from({ length: 6 }, () => one))).toBe(false);
    expect(parse([{ ...one, next: [one, one] }])).toBe(false);
    expect(parse([{ ...one, next: [{ ...one, next: [one] }] }])).toBe(true);
    expect(parse([{ ...one, next: [{ ...one, next: [{ ...one, next: [one] }] }] }])).toBe(false);
  });
});
