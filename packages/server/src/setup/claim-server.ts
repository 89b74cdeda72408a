import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Baseline } from '@sallyport/model/session';
import { factorsOf, replacePending } from '../authenticators/factor-rows.ts';
import { beginKey, finishKey, type KeyAnswer } from '../authenticators/register-key.ts';
import { newId, newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { continueBaseline, newBaseline } from '../sign-in/sign-in-baseline.ts';
import { insertSignIn, signInByStateToken } from '../sign-in/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { createFirstAdmin } from './create-first-admin.ts';
import { describeNetwork } from './describe-network.ts';
import { SETUP_CODE_SECONDS, spendSetupCode, whyNoKey } from './setup-code.ts';

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
    const spent = await spendSetupCode(tx, input.code.trim(), ['claim', 'enrol'], now);
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
    if (spent.purpose === 'enrol' && (existing === undefined || whyNoKey(existing) !== null))
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
  if (user === undefined || whyNoKey(user) !== null) throw new ApiError('E0000011', { detail: 'setup user' });
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

/** Begins to register a key. */
export const enrolSetupKey = async (s: Services, principal: Principal, input: { readonly stateToken: string }) => {
  const { user } = await loadSetup(s, principal, input.stateToken);
  const { factor, activation } = beginKey(s, user, await factorsOf(s.store.read, user.id), user.id, undefined, true);
  await s.store.transaction((tx) => replacePending(tx, factor));
  return { factorId: factor.id, activation };
};

/** Finishes the registration. A synced passkey is refused: the first administrator's power must stay on a device. */
export const activateSetupKey = async (
  s: Services,
  principal: Principal,
  factorId: string,
  { stateToken, ...answer }: KeyAnswer & { readonly stateToken: string },
) => {
  const { user, signIn } = await loadSetup(s, principal, stateToken);
  const factor = (await factorsOf(s.store.read, user.id)).find((row) => row.id === factorId);
  if (factor === undefined || factor.status !== 'PENDING_ACTIVATION')
    throw new ApiError('E0000068', { causes: [sentenceOf('challenge-expired')] });
  await finishKey(s, {
    user,
    factor,
    answer,
    principal,
    actor: userAsActor(user),
    holderNeedsDeviceBound: true,
    async recheck(tx) {
      const { status } = await tx
        .selectFrom('signIns')
        .select('status')
        .where('id', '=', signIn.id)
        .executeTakeFirstOrThrow();
      if (status !== 'SETUP') throw new ApiError('E0000011', { detail: 'setup ended meanwhile' });
    },
  });
  return { factorId: factor.id, keys: (await keysOf(s, user.id)).length };
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
        eventType: 'sallyport.setup.step',
        actor: userAsActor(user),
        target: [userAsActor(user)],
        debugData: { step: 'second-key', state: 'skipped' },
      });
    await recordEvent(s, tx, principal, {
      eventType: 'user.lifecycle.activate',
      actor: userAsActor(user),
      target: [userAsActor(user)],
    });
  });
  return { keys: keys.length };
};
