import {
  daysToWarnOf,
  isPasswordExpired,
  isPasswordLocked,
} from '@sallyport/decide/authenticators/judge-password-times';
import { networkHolding } from '@sallyport/decide/break-glass/judge-break-glass';
import { readSealedSecret, sentenceOfFault } from '@sallyport/decide/break-glass/sealed-secret';
import { SEALED_SECRET } from '@sallyport/model/break-glass';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import type { PasswordSettings } from '@sallyport/model/password-policy';
import type { Principal } from '@sallyport/model/principal';
import { recordUse } from '../break-glass/record-use.ts';
import { breakGlassOf, networksOf } from '../break-glass/store.ts';
import { NAME_LIMIT, rateExceeded } from '../http/rate-limits.ts';
import { settingsOfPerson } from '../passwords/settings-of-person.ts';
import { newId, newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { countPasswordFailure, NOBODY } from './count-password-failure.ts';
import { type FactorView, madeUpFactors } from './made-up-factors.ts';
import { lockedOut, mfaRequired, passwordExpired, signInSuccess } from './present-sign-in.ts';
import { remainingFactors } from './remaining-factors.ts';
import { newBaseline } from './sign-in-baseline.ts';
import { insertSignIn, userByLogin } from './store.ts';
import { tokenDigest } from './token-digest.ts';

export const SIGN_IN_SECONDS = 300;
export const SESSION_TOKEN_SECONDS = 300;

export const factorView = (row: Row<'factors'>): FactorView => ({
  id: row.id,
  kind: row.kind,
  credentialId: row.credentialId,
  name: row.name,
});

const asTyped = (login: string) => ({
  id: 'unknown',
  type: 'User',
  alternateId: login.slice(0, 320),
  displayName: 'unknown',
  detailEntry: null,
});

/** Writes down a wrong password, and counts it. */
const recordPasswordFailure = (
  s: Services,
  principal: Principal,
  login: string,
  user: Row<'users'> | undefined,
  reason: string,
): Promise<void> =>
  s.store.transaction(async (tx) => {
    await recordEvent(s, tx, principal, {
      eventType: 'user.session.start',
      outcome: { result: 'FAILURE', reason },
      credentialType: 'PASSWORD',
      actor: user === undefined ? asTyped(login) : { ...userAsActor(user), alternateId: login.slice(0, 320) },
    });
    await countPasswordFailure(s, tx, principal, user);
  });

/** E0000004, the same for an unknown name, a wrong password, an inactive account, and a locked one, unless its policy has that told. */
const failed = (detail: string, hint?: string): ApiError =>
  new ApiError('E0000004', { detail, ...(hint === undefined ? {} : { causes: [hint] }) });

/** What the password proves; null where it is locked and the policy of its owner has that told, whatever was typed. */
const passwordProof = async (
  s: Services,
  principal: Principal,
  login: string,
  password: string,
  user: Row<'users'> | undefined,
  seal: Row<'breakGlassAccounts'> | undefined,
  { lockout }: PasswordSettings,
): Promise<FactorProof | null> => {
  const typed = readSealedSecret(password);
  const asSealed = seal !== undefined && typed !== null && 'secret' in typed ? typed.secret : password;
  const isRight = await s.passwords.verify(
    asSealed,
    (seal === undefined ? user?.passwordHash : seal.secretHash) ?? null,
  );
  const isLocked = user !== undefined && isPasswordLocked(user, s.clock.now());
  const isUsable = user !== undefined && user.status === 'ACTIVE' && !isLocked;
  if (!isRight || !isUsable) {
    await recordPasswordFailure(s, principal, login, user, isLocked ? 'LOCKED_OUT' : 'INVALID_CREDENTIALS');
    if (isLocked && user.status === 'ACTIVE' && lockout.showLockoutFailures) return null;
    // Whoever types a secret from paper at night learns where to look again. It tells nothing of the account.
    throw failed('password-wrong', typed !== null && 'fault' in typed ? sentenceOfFault(typed.fault) : undefined);
  }
  return {
    factorId: seal === undefined ? 'password' : SEALED_SECRET,
    kind: 'password',
    isPhishingResistant: false,
    isDeviceBound: false,
    isUserVerified: false,
    provedAt: s.clock.now(),
  };
};

export interface StartSignIn {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * `POST /api/v1/authn` (design §5.3). A name alone begins with the security key; a name with a password proves the
 * password first. Errors: E0000004 for whatever is wrong with the pair, E0000047 over the name's limit, E0000085 where the
 * policy denies this person.
 */
export const startSignIn = async (s: Services, principal: Principal, input: StartSignIn) => {
  const login = input.username?.trim();
  if (login === undefined || login === '') throw invalid('username', 'The field cannot be left blank');
  const now = s.clock.now();
  const baseline = newBaseline(principal.request, now);
  const user = await userByLogin(s.store.read, login);
  const seal = await breakGlassOf(s.store.read, user?.id ?? NOBODY);
  // Nobody keeps a break-glass account out by guessing at its name: from its own networks the name has no limit.
  if (seal === undefined || networkHolding(networksOf(seal), baseline.signInAddress) === null) {
    const standing = s.rates.hit(`name ${login.toLowerCase()}`, NAME_LIMIT, now);
    if (standing.isOver) throw rateExceeded(standing, now);
  }
  const isActive = user?.status === 'ACTIVE';
  const settings = await settingsOfPerson(s, s.store.read, user?.id ?? NOBODY);
  const proof =
    input.password === undefined || input.password === ''
      ? undefined
      : await passwordProof(s, principal, login, input.password, user, seal, settings);
  if (proof === null) return lockedOut();
  const proofs = proof === undefined ? [] : [proof];
  const { usable, isComplete: isEnough } = await remainingFactors(s, principal, user, proofs);

  const stateToken = newSecret(s.random);
  const sessionToken = newSecret(s.random);
  const changedAt = user?.passwordChangedAt ?? user?.createdAt ?? now;
  // A sealed secret is no password: none of what is asked of those ends it.
  const isExpired =
    seal === undefined &&
    proofs.length > 0 &&
    (user?.passwordState === 'EXPIRED' || isPasswordExpired(changedAt, settings.age, now));
  const isComplete = !isExpired && isEnough;
  const shown = isActive && usable.length > 0 ? usable.map(factorView) : madeUpFactors(s.pepper, login);
  await s.store.transaction(async (tx) => {
    await insertSignIn(tx, {
      id: newId(s.random, 'signIn'),
      stateTokenHash: tokenDigest(stateToken),
      purpose: 'sign-in',
      userId: isActive ? user.id : null,
      login,
      status: isExpired ? 'PASSWORD_EXPIRED' : isComplete ? 'SUCCESS' : 'MFA_REQUIRED',
      baseline: JSON.stringify(baseline),
      proofs: JSON.stringify(proofs),
      facts: '{}',
      challenge: null,
      challengeExpiresAt: null,
      failures: 0,
      createdAt: now,
      expiresAt: now + SIGN_IN_SECONDS * 1000,
      sessionTokenHash: isComplete ? tokenDigest(sessionToken) : null,
      sessionTokenExpiresAt: isComplete ? now + SESSION_TOKEN_SECONDS * 1000 : null,
      usedAt: null,
    });
    if (proofs.length === 0 || user === undefined) return;
    await tx
      .updateTable('users')
      .set({ passwordFailures: 0, passwordLockedAt: null, passwordUnlocksAt: null })
      .where('id', '=', user.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'user.authentication.verify',
      actor: userAsActor(user),
      credentialType: 'PASSWORD',
    });
    await recordUse(s, tx, principal, user, { step: 'secret-used' });
  });
  const profile =
    proofs.length > 0 && user !== undefined
      ? (JSON.parse(user.profile) as { firstName?: string; lastName?: string })
      : {};
  // Before a proof the id is made up for everyone alike: a real one would tell who exists.
  const person = { id: proofs.length > 0 && user !== undefined ? user.id : s.pseudonym(login), login, profile };
  const { origin } = s.config.publicUrl;
  const endsAt = now + SIGN_IN_SECONDS * 1000;
  if (isExpired) return passwordExpired(origin, stateToken, endsAt, person, settings.complexity);
  return isComplete
    ? signInSuccess(
        sessionToken,
        now + SESSION_TOKEN_SECONDS * 1000,
        person,
        daysToWarnOf(changedAt, settings.age, now),
      )
    : mfaRequired(origin, stateToken, endsAt, person, shown);
};
