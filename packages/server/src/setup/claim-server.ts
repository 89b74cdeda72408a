import { judgeKeyRegistration } from '@sallyport/decide/authenticators/judge-key';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Baseline } from '@sallyport/model/session';
import { creationOptions, verifyRegistration } from '../authenticators/verify-webauthn.ts';
import { newId, newSecret } from '../ports/random.ts';
import { enrolledKeyData } from '../protected-actions/verify-proofs.ts';
import type { Services } from '../services.ts';
import { continueBaseline, newBaseline } from '../sign-in/sign-in-baseline.ts';
import { insertSignIn, signInByStateToken } from '../sign-in/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { createFirstAdmin } from './create-first-admin.ts';
import { describeNetwork } from './describe-network.ts';
import { canEnrol, SETUP_CODE_SECONDS, spendSetupCode } from './setup-code.ts';

const KEYS_MAX = 10;
const CHALLENGE_SECONDS = 300;

export interface ClaimServer {
  readonly code: string;
  readonly organisation?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly login?: string | undefined;
}

/**
 * Claims an unclaimed server, or begins a key enrolment, with a one-time code of the host. The answer shows the address
 * and network that the server sees, so that a wrong proxy setting is noticed now.
 */
export const claimServer = async (s: Services, principal: Principal, input: ClaimServer) => {
  const now = s.clock.now();
  const baseline = newBaseline(principal.request, now);
  const stateToken = newSecret(s.random);
  const user = await s.store.transaction(async (tx) => {
    const spent = await spendSetupCode(tx, input.code.trim(), now);
    if (spent === null)
      throw new ApiError('E0000068', {
        causes: [
          'The code is wrong, was used before, or is older than 30 minutes. Restart the server to print a new one.',
        ],
      });
    const existing =
      spent.userId === null
        ? undefined
        : await tx.selectFrom('users').selectAll().where('id', '=', spent.userId).executeTakeFirst();
    // A link outlives neither the account that it was made for nor a stop of it.
    if (spent.purpose === 'enrol' && (existing === undefined || !canEnrol(existing)))
      throw new ApiError('E0000079', { causes: ['The account of this link is not active any more.'] });
    if (spent.purpose === 'claim' && (await tx.selectFrom('org').select('id').executeTakeFirst()) !== undefined)
      throw new ApiError('E0000079', { causes: ['The server has been claimed.'] });
    if (
      spent.purpose === 'claim' &&
      (input.login === undefined || input.firstName === undefined || input.lastName === undefined)
    )
      throw invalid('login', 'First name, last name and login are needed');
    const owner =
      existing ??
      (await createFirstAdmin(s, tx, principal, {
        organisation: input.organisation ?? 'My organisation',
        login: input.login ?? '',
        firstName: input.firstName ?? '',
        lastName: input.lastName ?? '',
      }));
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.server.claim',
      actor: userAsActor(owner),
      target: [userAsActor(owner)],
      outcome: { result: 'SUCCESS', reason: spent.purpose },
    });
    await insertSignIn(tx, {
      id: newId(s.random, 'signIn'),
      stateTokenHash: tokenDigest(stateToken),
      purpose: 'setup',
      userId: owner.id,
      login: owner.login,
      status: 'SETUP',
      baseline: JSON.stringify(baseline),
      proofs: '[]',
      facts: '{}',
      challenge: null,
      challengeExpiresAt: null,
      failures: 0,
      createdAt: now,
      expiresAt: now + SETUP_CODE_SECONDS * 1000,
      sessionTokenHash: null,
      sessionTokenExpiresAt: null,
      usedAt: null,
    });
    return owner;
  });
  await Promise.all([s.zones.reload(), s.settings.reload(), s.policies.reload()]);
  const keys = (await keysOf(s, user.id)).length;
  return { stateToken, userId: user.id, login: user.login, keys, network: describeNetwork(s, principal) };
};

const loadSetup = async (
  s: Services,
  principal: Principal,
  stateToken: string,
): Promise<{ signIn: Row<'signIns'>; user: Row<'users'> }> => {
  const signIn = await signInByStateToken(s.store.read, tokenDigest(stateToken));
  if (
    signIn === undefined ||
    signIn.purpose !== 'setup' ||
    signIn.status !== 'SETUP' ||
    s.clock.now() >= signIn.expiresAt
  )
    throw new ApiError('E0000011', { detail: 'setup state token' });
  if (continueBaseline(s, JSON.parse(signIn.baseline) as Baseline, principal.request) === null)
    throw new ApiError('E0000085', { causes: [sentenceOf('network-changed-during-sign-in')] });
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
    .where('id', '=', signIn.userId ?? '')
    .executeTakeFirst();
  if (user === undefined || !canEnrol(user)) throw new ApiError('E0000011', { detail: 'setup user' });
  return { signIn, user };
};

const keysOf = (s: Services, userId: string) =>
  s.store.read
    .selectFrom('factors')
    .selectAll()
    .where('userId', '=', userId)
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .execute();

/** Begins to register a key: a pending factor and its creation options (WebAuthn Level 3 §7.1). */
export const enrolSetupKey = async (s: Services, principal: Principal, input: { readonly stateToken: string }) => {
  const { user } = await loadSetup(s, principal, input.stateToken);
  const keys = await keysOf(s, user.id);
  if (keys.length >= KEYS_MAX)
    throw new ApiError('E0000014', { causes: [`An account holds at most ${KEYS_MAX} keys.`] });
  const challenge = newSecret(s.random);
  const id = newId(s.random, 'factor');
  const now = s.clock.now();
  await s.store.transaction(async (tx) => {
    await tx.deleteFrom('factors').where('userId', '=', user.id).where('status', '=', 'PENDING_ACTIVATION').execute();
    await tx
      .insertInto('factors')
      .values({
        id,
        userId: user.id,
        kind: 'webauthn',
        status: 'PENDING_ACTIVATION',
        name: `Security key ${keys.length + 1}`,
        credentialId: null,
        publicKey: null,
        signCount: 0,
        isBackupEligible: 0,
        isBackedUp: 0,
        aaguid: null,
        attestationFormat: null,
        isAttested: 0,
        isDiscoverable: null,
        transports: null,
        secretSealed: null,
        lastTotpStep: null,
        challenge,
        challengeExpiresAt: now + CHALLENGE_SECONDS * 1000,
        createdAt: now,
        lastUpdatedAt: now,
        lastUsedAt: null,
        createdBy: user.id,
      })
      .execute();
  });
  return {
    factorId: id,
    activation: creationOptions({
      challenge,
      rpId: s.config.publicUrl.hostname,
      userId: user.id,
      userName: user.login,
      displayName: userAsActor(user).displayName,
      excludeCredentials: keys.map((key) => key.credentialId).filter((credentialId) => credentialId !== null),
    }),
  };
};

export interface ActivateSetupKey {
  readonly stateToken: string;
  readonly attestation: string;
  readonly clientData: string;
  readonly transports?: readonly string[] | undefined;
}

/** Finishes the registration. A synced passkey is refused: the first administrator's power must stay on a device. */
export const activateSetupKey = async (
  s: Services,
  principal: Principal,
  factorId: string,
  input: ActivateSetupKey,
) => {
  const { user } = await loadSetup(s, principal, input.stateToken);
  const factor = await s.store.read
    .selectFrom('factors')
    .selectAll()
    .where('id', '=', factorId)
    .where('userId', '=', user.id)
    .where('status', '=', 'PENDING_ACTIVATION')
    .executeTakeFirst();
  if (factor === undefined || factor.challenge === null || s.clock.now() >= (factor.challengeExpiresAt ?? 0))
    throw new ApiError('E0000068', { causes: [sentenceOf('challenge-expired')] });
  const verified = await verifyRegistration({
    attestation: input.attestation,
    clientData: input.clientData,
    expectedChallenge: factor.challenge,
    origin: s.config.publicUrl.origin,
    rpId: s.config.publicUrl.hostname,
  });
  if (!verified.ok)
    throw new ApiError('E0000068', { causes: ['The key’s answer could not be verified.'], detail: verified.detail });
  const verdict = judgeKeyRegistration({
    isBackupEligible: verified.isBackupEligible,
    isBackedUp: verified.isBackedUp,
    isUserVerified: verified.isUserVerified,
    holderNeedsDeviceBound: true,
  });
  const target = {
    id: factor.id,
    type: 'AuthenticatorEnrollment',
    alternateId: factor.name,
    displayName: factor.name,
    detailEntry: null,
  };
  if (verdict.kind === 'deny') {
    const reason = verdict.reasons[0] ?? 'key-synced';
    await s.store.transaction(async (tx) => {
      await tx.updateTable('factors').set({ challenge: null }).where('id', '=', factor.id).execute();
      await recordEvent(s, tx, principal, {
        eventType: 'user.mfa.factor.activate',
        actor: userAsActor(user),
        outcome: { result: 'FAILURE', reason },
        target: [userAsActor(user), target],
      });
    });
    throw new ApiError('E0000228', {
      args: [sentenceOf(reason)],
      causes: [sentenceOf(reason)],
      extra: { sallyport: { kind: 'denied', reason } },
    });
  }
  const now = s.clock.now();
  const keys = await s.store.transaction(async (tx) => {
    const taken = await tx
      .selectFrom('factors')
      .select('id')
      .where('credentialId', '=', verified.credentialId)
      .executeTakeFirst();
    if (taken !== undefined)
      throw new ApiError('E0000228', {
        args: ['It is registered already. Use another key.'],
        causes: ['This key is registered already. Use another one.'],
      });
    const change = await tx
      .updateTable('factors')
      .set({
        status: 'ACTIVE',
        credentialId: verified.credentialId,
        publicKey: verified.publicKey,
        signCount: verified.signCount,
        isBackupEligible: verified.isBackupEligible ? 1 : 0,
        isBackedUp: verified.isBackedUp ? 1 : 0,
        aaguid: verified.aaguid,
        attestationFormat: verified.attestationFormat,
        isAttested: verified.isAttested ? 1 : 0,
        transports: JSON.stringify(input.transports ?? []),
        challenge: null,
        challengeExpiresAt: null,
        lastUpdatedAt: now,
      })
      .where('id', '=', factor.id)
      .where('challenge', '=', factor.challenge)
      .executeTakeFirst();
    if (change.numUpdatedRows !== 1n) throw new ApiError('E0000068', { causes: [sentenceOf('challenge-used')] });
    await recordEvent(s, tx, principal, {
      eventType: 'user.mfa.factor.activate',
      actor: userAsActor(user),
      target: [userAsActor(user), target],
      debugData: {
        aaguid: verified.aaguid,
        attestation: verified.isAttested ? 'attested' : 'claimed',
        ...enrolledKeyData(verified),
      },
    });
    return (
      await tx
        .selectFrom('factors')
        .select('id')
        .where('userId', '=', user.id)
        .where('kind', '=', 'webauthn')
        .where('status', '=', 'ACTIVE')
        .execute()
    ).length;
  });
  return { factorId: factor.id, keys };
};

/** Ends set-up. A skipped second key is recorded: losing the only one then means host-side recovery. */
export const finishSetup = async (
  s: Services,
  principal: Principal,
  input: { readonly stateToken: string; readonly secondKeySkipped: boolean },
) => {
  const { signIn, user } = await loadSetup(s, principal, input.stateToken);
  const keys = await keysOf(s, user.id);
  if (keys.length === 0)
    throw new ApiError('E0000079', { causes: ['Register a key first: nobody may finish locked out.'] });
  await s.store.transaction(async (tx) => {
    await tx.updateTable('signIns').set({ status: 'DONE' }).where('id', '=', signIn.id).execute();
    const now = s.clock.now();
    // Whoever was made without a password becomes active with their first key.
    await tx
      .updateTable('users')
      .set({ status: 'ACTIVE', activatedAt: user.activatedAt ?? now, statusChangedAt: now, lastUpdatedAt: now })
      .where('id', '=', user.id)
      .where('status', 'in', ['STAGED', 'PROVISIONED'])
      .execute();
    if (keys.length < 2)
      await recordEvent(s, tx, principal, {
        eventType: 'sallyport.second_key.skipped',
        actor: userAsActor(user),
        target: [userAsActor(user)],
      });
    await recordEvent(s, tx, principal, {
      eventType: 'user.lifecycle.activate',
      actor: userAsActor(user),
      target: [userAsActor(user)],
    });
  });
  return { keys: keys.length };
};
