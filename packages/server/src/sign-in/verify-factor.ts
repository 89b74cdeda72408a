import { isSettingsReason, judgeKeyAssertion } from '@sallyport/decide/authenticators/judge-key';
import { asksVerification, type KeySettings } from '@sallyport/model/authenticator-settings';
import { SEALED_KEY_SETTINGS } from '@sallyport/model/break-glass';
import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { Baseline } from '@sallyport/model/session';
import { keyFactsOf } from '../authenticators/factor-rows.ts';
import { takesCodes } from '../authenticators/takes-codes.ts';
import { verifyTotp } from '../authenticators/verify-totp.ts';
import { verifyAssertion } from '../authenticators/verify-webauthn.ts';
import { recordUse } from '../break-glass/record-use.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import { newSecret } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { assertMaySignIn } from './assert-may-sign-in.ts';
import { NOBODY } from './count-password-failure.ts';
import { type FactorView, madeUpFactors } from './made-up-factors.ts';
import { mfaChallenge, mfaRequired, signInSuccess } from './present-sign-in.ts';
import { continueBaseline } from './sign-in-baseline.ts';
import { factorView, SESSION_TOKEN_SECONDS } from './start-sign-in.ts';
import { signInByStateToken, takeChallenge, updateSignIn } from './store.ts';
import { tokenDigest } from './token-digest.ts';

const CHALLENGE_SECONDS = 120;
const FAILURES_MAX = 10;

export interface VerifyFactor {
  readonly factorId: string;
  readonly stateToken: string;
  readonly clientData?: string | undefined;
  readonly authenticatorData?: string | undefined;
  readonly signatureData?: string | undefined;
  readonly passCode?: string | undefined;
}

interface Running {
  readonly signIn: Row<'signIns'>;
  readonly user: Row<'users'> | undefined;
  readonly factor: Row<'factors'> | undefined;
  readonly baseline: Baseline;
}

/** The sign-in of a state token, held to the network of its first step. */
const loadRunning = async (s: Services, principal: Principal, input: VerifyFactor): Promise<Running> => {
  const signIn = await signInByStateToken(s.store.read, tokenDigest(input.stateToken));
  if (
    signIn === undefined ||
    signIn.purpose !== 'sign-in' ||
    signIn.status !== 'MFA_REQUIRED' ||
    s.clock.now() >= signIn.expiresAt
  )
    throw new ApiError('E0000011', { detail: 'state token' });
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
    .where('id', '=', signIn.userId ?? '')
    .executeTakeFirst();
  const enrolled = await s.store.read
    .selectFrom('factors')
    .selectAll()
    .where('id', '=', input.factorId)
    .where('userId', '=', signIn.userId ?? '')
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst();
  // Not even to whoever has learned its id: a code comes after a password.
  const factor = enrolled?.kind === 'totp' && (signIn.proofs === '[]' || !takesCodes(s)) ? undefined : enrolled;
  const baseline = continueBaseline(s, JSON.parse(signIn.baseline) as Baseline, principal.request);
  if (baseline === null) {
    await s.store.transaction(async (tx) => {
      await updateSignIn(tx, signIn.id, { status: 'VOID', challenge: null });
      await recordFailure(s, tx, principal, signIn, user, 'NETWORK_CHANGED');
    });
    throw new ApiError('E0000085', {
      causes: [sentenceOf('network-changed-during-sign-in')],
      detail: 'network-changed-during-sign-in',
    });
  }
  return { signIn, user, factor, baseline };
};

const recordFailure = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  signIn: Row<'signIns'>,
  user: Row<'users'> | undefined,
  reason: string,
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType: 'user.authentication.auth_via_mfa',
    outcome: { result: 'FAILURE', reason },
    actor:
      user === undefined
        ? { id: 'unknown', type: 'User', alternateId: signIn.login, displayName: 'unknown', detailEntry: null }
        : userAsActor(user),
  });

const personOf = (s: Services, running: Running) => {
  const isProved = (JSON.parse(running.signIn.proofs) as unknown[]).length > 0;
  return isProved && running.user !== undefined
    ? {
        id: running.user.id,
        login: running.signIn.login,
        profile: JSON.parse(running.user.profile) as { firstName?: string },
      }
    : { id: s.pseudonym(running.signIn.login), login: running.signIn.login, profile: {} };
};

const giveChallenge = async (s: Services, running: Running, view: FactorView) => {
  const challenge = newSecret(s.random);
  await s.store.transaction((tx) =>
    updateSignIn(tx, running.signIn.id, {
      challenge,
      challengeExpiresAt: s.clock.now() + CHALLENGE_SECONDS * 1000,
      baseline: JSON.stringify(running.baseline),
    }),
  );
  const { origin, hostname } = s.config.publicUrl;
  // The same for every name: what only administrators are asked would tell who is one. Their keys are judged all the same.
  const verification = asksVerification(s.settings.get('keys')) ? 'required' : 'preferred';
  return mfaChallenge(
    origin,
    '',
    running.signIn.expiresAt,
    personOf(s, running),
    view,
    challenge,
    hostname,
    verification,
  );
};

type Outcome =
  | { readonly proof: FactorProof; readonly change: Partial<Row<'factors'>> }
  | { readonly reason: Reason; readonly incident?: string | null };

const proveKey = async (
  s: Services,
  running: Running,
  input: VerifyFactor,
  holdsRole: boolean,
  settings: KeySettings,
): Promise<Outcome> => {
  const { signIn, factor } = running;
  const { challenge, challengeExpiresAt } = signIn;
  if (challenge === null || challengeExpiresAt === null) return { reason: 'challenge-used' };
  if (!(await s.store.transaction((tx) => takeChallenge(tx, signIn.id, challenge))))
    return { reason: 'challenge-used' };
  if (s.clock.now() >= challengeExpiresAt) return { reason: 'challenge-expired' };
  if (factor === undefined || factor.credentialId === null || factor.publicKey === null)
    return { reason: 'key-unknown' };
  const verified = await verifyAssertion({
    clientData: input.clientData ?? '',
    authenticatorData: input.authenticatorData ?? '',
    signatureData: input.signatureData ?? '',
    credential: { id: factor.credentialId, publicKey: factor.publicKey },
    expectedChallenge: challenge,
    origin: s.config.publicUrl.origin,
    rpId: s.config.publicUrl.hostname,
  });
  if (!verified.ok) return { reason: 'key-unknown' };
  const verdict = judgeKeyAssertion({
    stored: { ...keyFactsOf(factor), isBackedUp: factor.isBackedUp === 1, signCount: factor.signCount },
    seen: verified.seen,
    settings,
    holderNeedsDeviceBound: holdsRole,
    userVerificationIsRequired: holdsRole,
  });
  if (verdict.kind === 'deny') return { reason: verdict.reasons[0] ?? 'key-unknown', incident: verdict.incident };
  return {
    proof: {
      factorId: factor.id,
      kind: 'webauthn',
      isPhishingResistant: true,
      isDeviceBound: !verified.seen.isBackupEligible,
      isUserVerified: verified.seen.isUserVerified,
      isHardwareProtected: factor.isHardwareProtected === 1 && !verified.seen.isBackupEligible,
      provedAt: s.clock.now(),
    },
    change: {
      signCount: verified.seen.signCount,
      isBackedUp: verified.seen.isBackedUp ? 1 : 0,
      lastUsedAt: s.clock.now(),
    },
  };
};

const proveTotp = (s: Services, { factor }: Running, passCode: string): Outcome => {
  if (factor === undefined || factor.secretSealed === null) return { reason: 'code-wrong' };
  const step = verifyTotp({
    secret: s.keys.open(factor.secretSealed, `factor:${factor.id}`),
    code: passCode,
    now: s.clock.now(),
  });
  if (step === null) return { reason: 'code-wrong' };
  if (factor.lastTotpStep !== null && step <= factor.lastTotpStep) return { reason: 'code-used' };
  return {
    proof: {
      factorId: factor.id,
      kind: 'totp',
      isPhishingResistant: false,
      isDeviceBound: true,
      isUserVerified: false,
      provedAt: s.clock.now(),
    },
    change: { lastTotpStep: step, lastUsedAt: s.clock.now() },
  };
};

const refuse = async (
  s: Services,
  principal: Principal,
  running: Running,
  outcome: { reason: Reason; incident?: string | null },
): Promise<never> => {
  const { signIn, user, factor } = running;
  await s.store.transaction(async (tx) => {
    await updateSignIn(tx, signIn.id, {
      failures: signIn.failures + 1,
      ...(signIn.failures + 1 >= FAILURES_MAX ? { status: 'VOID' } : {}),
    });
    await recordFailure(s, tx, principal, signIn, user, outcome.reason);
    // Whoever has the secret of a break-glass account, and none of its keys.
    if (user !== undefined && signIn.proofs !== '[]')
      await recordUse(s, tx, principal, user, { step: 'refused', reason: outcome.reason, isSecretTyped: true });
    if (outcome.incident != null && user !== undefined && factor !== undefined) {
      await recordEvent(s, tx, principal, {
        eventType: 'sallyport.authenticator.backup_state_change',
        actor: userAsActor(user),
        outcome: { result: 'DENY', reason: outcome.incident },
        target: [
          userAsActor(user),
          {
            id: factor.id,
            type: 'AuthenticatorEnrollment',
            alternateId: factor.name,
            displayName: factor.name,
            detailEntry: null,
          },
        ],
      });
    }
  });
  if (isSettingsReason(outcome.reason))
    throw new ApiError('E0000228', {
      args: [sentenceOf(outcome.reason)],
      causes: [sentenceOf(outcome.reason)],
      status: 403,
      extra: { sallyport: { kind: 'denied', reason: outcome.reason } },
    });
  throw new ApiError('E0000068', {
    detail: outcome.reason,
    ...(outcome.reason === 'user-not-verified' ? { causes: [sentenceOf('user-not-verified')] } : {}),
  });
};

/**
 * `POST /api/v1/authn/factors/{id}/verify` (design §5.3; WebAuthn Level 3 §7.2): without an answer a challenge is given,
 * with one it is judged. Errors: E0000011 for a bad state token, E0000068 for a wrong answer, E0000228 for a key that the
 * settings do not take (any more), E0000085 when the network changed or the policy denies this person.
 */
export const verifyFactor = async (s: Services, principal: Principal, input: VerifyFactor) => {
  const running = await loadRunning(s, principal, input);
  const { signIn, user, factor } = running;
  const holdsRole = await isAdmin(s.store.read, user?.id ?? '');
  const view =
    factor === undefined
      ? (madeUpFactors(s.pepper, signIn.login).find((f) => f.id === input.factorId) ?? null)
      : factorView(factor);
  if (view === null) throw new ApiError('E0000007', { args: [`${input.factorId} (Factor)`] });
  const code = input.passCode;
  if (view.kind === 'webauthn' && input.signatureData === undefined)
    return { ...(await giveChallenge(s, running, view)), stateToken: input.stateToken };
  if (view.kind === 'totp' && (code === undefined || code === '')) {
    const person = personOf(s, running);
    return {
      ...mfaRequired(s.config.publicUrl.origin, input.stateToken, signIn.expiresAt, person, [view]),
      status: 'MFA_CHALLENGE',
      factorResult: 'CHALLENGE',
    };
  }
  // What the organisation asks of keys may change; a break-glass account was sealed with what its own policy takes.
  const isSealed = await isBreakGlass(s.store.read, user?.id ?? NOBODY);
  const settings = isSealed ? SEALED_KEY_SETTINGS : s.settings.get('keys');
  const outcome =
    view.kind === 'webauthn'
      ? await proveKey(s, running, input, holdsRole, settings)
      : proveTotp(s, running, code ?? '');
  if ('reason' in outcome) return refuse(s, principal, running, outcome);
  if (user === undefined || factor === undefined) throw new ApiError('E0000068');
  const proofs = [...(JSON.parse(signIn.proofs) as FactorProof[]), outcome.proof];
  await assertMaySignIn(s, principal, user, proofs, holdsRole);

  const now = s.clock.now();
  const sessionToken = newSecret(s.random);
  await s.store.transaction(async (tx) => {
    const fresh = await tx
      .selectFrom('signIns')
      .select(['status', 'proofs'])
      .where('id', '=', signIn.id)
      .executeTakeFirst();
    const owner = await tx.selectFrom('users').select('status').where('id', '=', user.id).executeTakeFirst();
    const used = await tx
      .selectFrom('factors')
      .select(['status', 'lastTotpStep'])
      .where('id', '=', factor.id)
      .executeTakeFirst();
    const isCodeReused =
      outcome.change.lastTotpStep != null &&
      used?.lastTotpStep != null &&
      used.lastTotpStep >= outcome.change.lastTotpStep;
    if (fresh?.status !== 'MFA_REQUIRED' || owner?.status !== 'ACTIVE' || used?.status !== 'ACTIVE' || isCodeReused)
      throw new ApiError('E0000068', { detail: 'changed meanwhile' });
    await tx.updateTable('factors').set(outcome.change).where('id', '=', factor.id).execute();
    await updateSignIn(tx, signIn.id, {
      status: 'SUCCESS',
      baseline: JSON.stringify(running.baseline),
      proofs: JSON.stringify([...(JSON.parse(fresh.proofs) as FactorProof[]), outcome.proof]),
      sessionTokenHash: tokenDigest(sessionToken),
      sessionTokenExpiresAt: now + SESSION_TOKEN_SECONDS * 1000,
      challenge: null,
    });
    await recordEvent(s, tx, principal, {
      eventType: 'user.authentication.auth_via_mfa',
      actor: userAsActor(user),
      credentialType: view.kind === 'webauthn' ? 'ASSERTION' : 'OTP',
      target: [
        userAsActor(user),
        {
          id: factor.id,
          type: 'AuthenticatorEnrollment',
          alternateId: factor.name,
          displayName: factor.name,
          detailEntry: null,
        },
      ],
      debugData: {
        factor: view.kind === 'webauthn' ? 'FIDO_WEBAUTHN' : 'SOFTWARE_TOTP',
        keyTypeUsedForAuthentication: view.kind === 'webauthn' ? 'PROOF_OF_POSSESSION' : 'SHARED_SECRET',
      },
    });
  });
  return signInSuccess(sessionToken, now + SESSION_TOKEN_SECONDS * 1000, {
    id: user.id,
    login: user.login,
    profile: JSON.parse(user.profile) as { firstName?: string },
  });
};

/** Gives up a sign-in. Always answers alike. */
export const cancelSignIn = async (s: Services, input: { readonly stateToken: string }) => {
  await s.store.transaction((tx) =>
    tx
      .updateTable('signIns')
      .set({ status: 'VOID', challenge: null })
      .where('stateTokenHash', '=', tokenDigest(input.stateToken))
      .execute(),
  );
  return {};
};
