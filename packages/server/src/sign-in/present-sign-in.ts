import { toIso } from '@sallyport/model/instant';
import type { PasswordComplexity } from '@sallyport/model/password-policy';
import type { FactorView } from './made-up-factors.ts';

interface Person {
  readonly id: string;
  readonly login: string;
  readonly profile: { readonly firstName?: string; readonly lastName?: string };
}

const presentFactor = (origin: string, factor: FactorView) => ({
  id: factor.id,
  factorType: factor.kind === 'webauthn' ? 'webauthn' : 'token:software:totp',
  provider: factor.kind === 'webauthn' ? 'FIDO' : 'GOOGLE',
  vendorName: factor.kind === 'webauthn' ? 'FIDO' : 'GOOGLE',
  profile: factor.kind === 'webauthn' ? { credentialId: factor.credentialId, authenticatorName: 'Security key' } : {},
  _links: { verify: { href: `${origin}/api/v1/authn/factors/${factor.id}/verify`, hints: { allow: ['POST'] } } },
});

const cancelLink = (origin: string) => ({ href: `${origin}/api/v1/authn/cancel`, hints: { allow: ['POST'] } });

const presentUser = (person: Person) => ({
  id: person.id,
  profile: {
    login: person.login,
    firstName: person.profile.firstName ?? '',
    lastName: person.profile.lastName ?? '',
    locale: 'en',
    timeZone: 'UTC',
  },
});

/** `MFA_REQUIRED`: the factors that may answer. Before any proof the person is only the name that was typed. */
export const mfaRequired = (
  origin: string,
  stateToken: string,
  expiresAt: number,
  person: Person,
  factors: readonly FactorView[],
) => ({
  stateToken,
  expiresAt: toIso(expiresAt),
  status: 'MFA_REQUIRED',
  _embedded: {
    user: presentUser(person),
    factors: factors.map((factor) => presentFactor(origin, factor)),
    policy: { allowRememberDevice: false },
  },
  _links: { cancel: cancelLink(origin) },
});

/** `MFA_CHALLENGE`: what the key has to sign. */
export const mfaChallenge = (
  origin: string,
  stateToken: string,
  expiresAt: number,
  person: Person,
  factor: FactorView,
  challenge: string,
  rpId: string,
  userVerification: 'required' | 'preferred',
) => ({
  stateToken,
  expiresAt: toIso(expiresAt),
  status: 'MFA_CHALLENGE',
  factorResult: 'CHALLENGE',
  challengeType: 'FACTOR',
  _embedded: {
    user: presentUser(person),
    factor: {
      ...presentFactor(origin, factor),
      _embedded: { challenge: { challenge, userVerification, rpId, extensions: {} } },
    },
    policy: { allowRememberDevice: false },
  },
  _links: {
    next: { name: 'verify', href: `${origin}/api/v1/authn/factors/${factor.id}/verify`, hints: { allow: ['POST'] } },
    cancel: cancelLink(origin),
  },
});

/** `PASSWORD_EXPIRED`: the password is good for choosing a new one only, of which is told what it must be. */
export const passwordExpired = (
  origin: string,
  stateToken: string,
  expiresAt: number,
  person: Person,
  complexity: PasswordComplexity,
) => ({
  stateToken,
  expiresAt: toIso(expiresAt),
  status: 'PASSWORD_EXPIRED',
  _embedded: { user: presentUser(person), policy: { complexity } },
  _links: {
    next: {
      name: 'changePassword',
      href: `${origin}/api/v1/authn/credentials/change_password`,
      hints: { allow: ['POST'] },
    },
    cancel: cancelLink(origin),
  },
});

/** `LOCKED_OUT`: told only where the policy of the person says so, for it tells who has an account. */
export const lockedOut = () => ({ status: 'LOCKED_OUT' });

/** `SUCCESS`: a session token that works once. `expireDays`: the password is so near its end that it is told. */
export const signInSuccess = (
  sessionToken: string,
  expiresAt: number,
  person: Person,
  expireDays: number | null = null,
) => ({
  expiresAt: toIso(expiresAt),
  status: 'SUCCESS',
  sessionToken,
  _embedded: {
    user: presentUser(person),
    ...(expireDays === null ? {} : { policy: { expiration: { passwordExpireDays: expireDays } } }),
  },
});
