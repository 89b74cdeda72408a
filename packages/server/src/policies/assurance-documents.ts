/** What rules of app policies ask of the authenticators, as the wire writes it, and what it means for a judgement. */
import type { FactorKind } from '@sallyport/model/facts';
import type { Assurance } from '@sallyport/model/verdict';
import { z } from 'zod';
import { duration, secondsOf } from './durations.ts';

const REQUIREMENT = z.enum(['REQUIRED', 'OPTIONAL']).nullish();

/** The methods that exist here, by the `key method` that clients write. Others may be named, and never count. */
const KIND_OF_METHOD: Readonly<Record<string, FactorKind>> = {
  'okta_password password': 'password',
  'webauthn webauthn': 'webauthn',
  'google_otp otp': 'totp',
};
const KIND_OF_TYPE: Readonly<Record<string, FactorKind>> = {
  PASSWORD: 'password',
  SECURITY_KEY: 'webauthn',
  APP: 'totp',
};
const KIND_OF_METHOD_WORD: Readonly<Record<string, FactorKind>> = {
  PASSWORD: 'password',
  WEBAUTHN: 'webauthn',
  OTP: 'totp',
  TOTP: 'totp',
};
const ALL_KINDS: readonly FactorKind[] = ['password', 'webauthn', 'totp'];

const method = z.strictObject({
  key: z.string().max(64),
  method: z.string().max(64),
  id: z.string().max(64).nullish(),
  hardwareProtection: REQUIREMENT,
  phishingResistant: REQUIREMENT,
  userVerification: REQUIREMENT,
});
type Method = z.infer<typeof method>;
const methods = z.array(method).max(30).nullish();
const words = z.array(z.string().max(64)).max(30).nullish();

const knowledge = z.strictObject({
  required: z.boolean().nullish(),
  types: words,
  methods: words,
  reauthenticateIn: duration,
  authenticationMethods: methods,
  excludedAuthenticationMethods: methods,
});
const possession = z.strictObject({
  required: z.boolean().nullish(),
  types: words,
  methods: words,
  reauthenticateIn: duration,
  authenticationMethods: methods,
  excludedAuthenticationMethods: methods,
  deviceBound: REQUIREMENT,
  hardwareProtection: REQUIREMENT,
  phishingResistant: REQUIREMENT,
  userPresence: REQUIREMENT,
  userVerification: REQUIREMENT,
  userVerificationMethods: z
    .array(z.string())
    .max(0, 'A key does not say whether it was a PIN or a biometric; leave it out.')
    .nullish(),
});
const constraint = z.strictObject({ knowledge: knowledge.nullish(), possession: possession.nullish() });
type Constraint = z.infer<typeof constraint>;

const step = z.strictObject({
  authenticationMethods: z.array(method).min(1).max(10),
  reauthenticateIn: duration,
});
/** At most three steps, written out: nothing here is nested without end. */
const steps = z
  .array(z.strictObject({ ...step.shape, next: z.array(step).length(1, 'A step has one next step.').nullish() }))
  .length(1, 'A step has one next step.')
  .nullish();
const chain = z.strictObject({ ...step.shape, next: steps });
type Chain = z.infer<typeof chain>;

const ages = { reauthenticateIn: duration, inactivityPeriod: duration };
export const verificationMethod = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ASSURANCE'),
    factorMode: z.enum(['1FA', '2FA']),
    ...ages,
    constraints: z.array(constraint).max(10).nullish(),
  }),
  z.strictObject({
    type: z.literal('AUTH_METHOD_CHAIN'),
    factorMode: z.enum(['1FA', '2FA']).nullish(),
    ...ages,
    chains: z.array(chain).min(1).max(5),
  }),
]);
export type VerificationMethod = z.infer<typeof verificationMethod>;

const ageOf = (text: string | null | undefined): number | null => (text == null ? null : secondsOf(text));

const kindOf = ({ key, method: name }: Method): FactorKind | undefined => KIND_OF_METHOD[`${key} ${name}`];
const kindsOf = (named: readonly Method[] | null | undefined): readonly FactorKind[] =>
  (named ?? []).flatMap((one) => kindOf(one) ?? []);

/** The kinds that one half of a constraint lets count, of those that belong to it. */
const countedOf = (half: Constraint['knowledge' | 'possession'], own: readonly FactorKind[]): readonly FactorKind[] => {
  if (half == null) return own;
  const lists = [
    half.types?.flatMap((word) => KIND_OF_TYPE[word.toUpperCase()] ?? []),
    half.methods?.flatMap((word) => KIND_OF_METHOD_WORD[word.toUpperCase()] ?? []),
    half.authenticationMethods == null ? undefined : kindsOf(half.authenticationMethods),
  ];
  const excluded = kindsOf(half.excludedAuthenticationMethods);
  return own.filter((kind) => !excluded.includes(kind) && lists.every((list) => list == null || list.includes(kind)));
};
const NO_ASSURANCE: Assurance = {
  factors: 1,
  isPossessionRequired: false,
  isPhishingResistantRequired: false,
  isDeviceBoundRequired: false,
  isUserVerificationRequired: false,
  maxAgeSeconds: null,
};
/** What nobody can satisfy: what a stored rule asks of authenticators that do not exist here. */
export const NEVER: Assurance = { ...NO_ASSURANCE, countedKinds: [] };
const counting = (kinds: readonly FactorKind[]): Pick<Assurance, 'countedKinds'> =>
  kinds.length === ALL_KINDS.length ? {} : { countedKinds: kinds };

type Quality = 'hardwareProtection' | 'phishingResistant' | 'userVerification';

/** Methods that are named carry qualities of their own: each is a way of its own. */
const ofConstraint = ({ knowledge: knows, possession: has }: Constraint, outer: Assurance): readonly Assurance[] => {
  const passwordAge = ageOf(knows?.reauthenticateIn);
  const secrets = countedOf(knows, ['password']);
  const things = countedOf(has, ['webauthn', 'totp']);
  const way = (kinds: readonly FactorKind[], named: Method | null): Assurance => {
    const asks = (quality: Quality): boolean => has?.[quality] === 'REQUIRED' || named?.[quality] === 'REQUIRED';
    return {
      ...outer,
      isPossessionRequired: has != null && has.required !== false,
      isPhishingResistantRequired: asks('phishingResistant'),
      isDeviceBoundRequired: has?.deviceBound === 'REQUIRED',
      isUserVerificationRequired: asks('userVerification'),
      maxAgeSeconds: ageOf(has?.reauthenticateIn) ?? outer.maxAgeSeconds,
      ...(asks('hardwareProtection') ? { isHardwareProtectionRequired: true } : {}),
      ...(knows != null && knows.required !== false ? { isPasswordRequired: true } : {}),
      ...(passwordAge === null ? {} : { passwordMaxAgeSeconds: passwordAge }),
      ...counting([...secrets, ...kinds]),
    };
  };
  const named = has?.authenticationMethods;
  if (named == null || named.length === 0) return [way(things, null)];
  return named.flatMap((one) => things.filter((kind) => kind === kindOf(one)).map((kind) => way([kind], one)));
};

/** Each way through a chain: one method of every step. */
const ofChain = (given: Chain, outer: Assurance): readonly Assurance[] => {
  const all = [given, ...(given.next ?? []), ...(given.next?.[0]?.next ?? [])];
  const ways = all.reduce<readonly (readonly { method: Method; age: number | null }[])[]>(
    (sofar, { authenticationMethods, reauthenticateIn }) =>
      sofar.flatMap((way) =>
        authenticationMethods.map((one) => [...way, { method: one, age: ageOf(reauthenticateIn) }]),
      ),
    [[]],
  );
  return ways.flatMap((way): Assurance[] => {
    const kinds = way.map(({ method: one }) => kindOf(one));
    const possessions = way.filter(({ method: one }) => kindOf(one) !== 'password');
    // A way with a method that does not exist here, or with two things to have, is open to nobody.
    if (kinds.includes(undefined) || possessions.length > 1) return [];
    const asks = (quality: Quality): boolean => possessions.some(({ method: one }) => one[quality] === 'REQUIRED');
    const password = way.find(({ method: one }) => kindOf(one) === 'password');
    return [
      {
        ...outer,
        factors:
          outer.factors === 2 || (password !== undefined && possessions.length > 0) || asks('userVerification') ? 2 : 1,
        isPossessionRequired: possessions.length > 0,
        isPhishingResistantRequired: asks('phishingResistant'),
        isUserVerificationRequired: asks('userVerification'),
        maxAgeSeconds: possessions[0]?.age ?? outer.maxAgeSeconds,
        ...(asks('hardwareProtection') ? { isHardwareProtectionRequired: true } : {}),
        ...(password === undefined ? {} : { isPasswordRequired: true }),
        ...(password?.age == null ? {} : { passwordMaxAgeSeconds: password.age }),
        ...counting(ALL_KINDS.filter((kind) => kinds.includes(kind))),
      },
    ];
  });
};

/** Can any authenticator of this server satisfy it? */
const isSatisfiable = (need: Assurance): boolean => {
  const kinds = need.countedKinds ?? ALL_KINDS;
  const things = kinds.filter((kind) => kind !== 'password' && (kind === 'webauthn' || !asksOfKey(need)));
  if (need.isPasswordRequired === true && !kinds.includes('password')) return false;
  if (need.isPossessionRequired || asksOfKey(need)) return things.length > 0;
  return need.factors === 2
    ? things.length > 0 && (things.includes('webauthn') || kinds.includes('password'))
    : kinds.length > 0;
};
/** Qualities that only a key has. */
const asksOfKey = (need: Assurance): boolean =>
  need.isPhishingResistantRequired || need.isUserVerificationRequired || need.isHardwareProtectionRequired === true;

/** What a verification method asks; null when no authenticator of this server could ever satisfy it. */
export const assuranceOfMethod = (given: VerificationMethod | null | undefined): Assurance | null => {
  if (given == null) return NO_ASSURANCE;
  const outer: Assurance = {
    ...NO_ASSURANCE,
    factors: given.factorMode === '2FA' ? 2 : 1,
    maxAgeSeconds: ageOf(given.reauthenticateIn),
  };
  const ways =
    given.type === 'AUTH_METHOD_CHAIN'
      ? given.chains.flatMap((one) => ofChain(one, outer))
      : (given.constraints ?? []).flatMap((one) => ofConstraint(one, outer));
  const isOpen = given.type === 'ASSURANCE' && (given.constraints ?? []).length === 0;
  const [first, ...others] = isOpen ? [outer] : ways.filter(isSatisfiable);
  if (first === undefined) return null;
  return others.length === 0 ? first : { ...first, alternatives: others };
};
