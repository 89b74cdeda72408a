import { judgeEnrolment } from '@sallyport/decide/authenticators/judge-enrolment';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { authorOf, isMachine, type Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { allowsPerson } from '../policies/allows-person.ts';
import type { Transaction } from '../ports/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { whyNoKey } from '../setup/setup-code.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { encodeBase32 } from './base32.ts';
import { enrolmentOfPerson } from './enrolment-of-person.ts';
import { factorAsTarget, factorsOf, pendingFactor, replacePending } from './factor-rows.ts';
import { findFactor, findHolder, findManagedHolder, type Holder } from './holder.ts';
import { presentFactor } from './present-factor.ts';
import { beginKey, finishKey, freeName } from './register-key.ts';
import { takesCodes } from './takes-codes.ts';
import { verifyTotp } from './verify-totp.ts';

const manage = 'okta.users.credentials.manage';
/** RFC 4226 §4: 160 bits. */
const TOTP_SECRET_BYTES = 20;
/** Installing an app takes longer than touching a key. */
const TOTP_SETUP_SECONDS = 15 * 60;
const ISSUER = 'Sallyport';

const proofsOf = async (db: Transaction, principal: Principal): Promise<readonly FactorProof[]> => {
  if (principal.kind !== 'session') return [];
  const row = await db.selectFrom('sessions').select('proofs').where('id', '=', principal.sessionId).executeTakeFirst();
  return JSON.parse(row?.proofs ?? '[]') as FactorProof[];
};

/** E0000038 where the account cannot enrol; E0000006 where this caller may not enrol for it. */
const assertMayEnrol = async (
  s: Services,
  db: Transaction,
  principal: Principal,
  { user, isOwn }: Holder,
  kind: Row<'factors'>['kind'],
): Promise<{ readonly holdsRole: boolean; readonly enrolled: readonly Row<'factors'>[] }> => {
  const whyNot = whyNoKey(user);
  if (whyNot !== null) throw new ApiError('E0000038', { causes: [whyNot] });
  const enrolled = await factorsOf(db, user.id);
  const active = enrolled.filter(({ status }) => status === 'ACTIVE');
  const proofs = await proofsOf(db, principal);
  const holdsRole = await isAdmin(db, user.id);
  const verdict = judgeEnrolment({
    asker: isOwn ? 'holder' : 'other',
    isToken: isMachine(principal),
    holderHoldsRole: holdsRole,
    kinds: active.map((row) => row.kind),
    // A key that was removed proves nothing any more.
    proofs: proofs.filter(({ factorId }) => active.some(({ id }) => id === factorId)),
    kind,
    policy: {
      self: (await enrolmentOfPerson(s, db, user.id, kind)).self,
      isOpenFromHere: isOwn && (await allowsPerson(s, principal, user, s.policies.enrolments())),
    },
  });
  if (verdict.kind !== 'allow')
    throw new ApiError('E0000006', { causes: verdict.reasons.map(sentenceOf), detail: verdict.reasons.join(' ') });
  return { holdsRole, enrolled };
};

export interface EnrolFactor {
  readonly factorType: 'webauthn' | 'token:software:totp';
  readonly profile?: { readonly authenticatorName?: string | undefined } | null | undefined;
}

/** E0000001 for a name that another authenticator of the person has. */
const assertNameIsFree = (enrolled: readonly Row<'factors'>[], name: string, ownId: string | null): void => {
  const folded = name.toLowerCase();
  if (enrolled.some((row) => row.id !== ownId && row.status === 'ACTIVE' && row.name.toLowerCase() === folded))
    throw invalid('name', 'Another authenticator of this person has this name. Choose another one.');
};

/** A pending app for one-time codes. Its secret is told once, here; stored it is sealed. */
const beginTotp = (
  s: Services,
  user: Row<'users'>,
  enrolled: readonly Row<'factors'>[],
  createdBy: string,
  name: string | undefined,
) => {
  if (!takesCodes(s)) throw new ApiError('E0000014', { causes: ['One-time codes of an app are switched off.'] });
  if (enrolled.some(({ kind, status }) => kind === 'totp' && status === 'ACTIVE'))
    throw new ApiError('E0000014', { causes: ['An app for one-time codes is set up already. Remove it first.'] });
  const sharedSecret = encodeBase32(s.random.bytes(TOTP_SECRET_BYTES));
  const pending = pendingFactor(
    s,
    { userId: user.id, createdBy },
    {
      kind: 'totp',
      name: name ?? freeName(enrolled, 'Authenticator app', 1),
      challenge: null,
      challengeExpiresAt: s.clock.now() + TOTP_SETUP_SECONDS * 1000,
    },
  );
  const factor = { ...pending, secretSealed: s.keys.seal(sharedSecret, `factor:${pending.id}`) };
  const label = `${encodeURIComponent(ISSUER)}:${encodeURIComponent(user.login)}`;
  const activation = {
    timeStep: 30,
    sharedSecret,
    encoding: 'base32',
    keyLength: sharedSecret.length,
    // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    otpauth: `otpauth://totp/${label}?${new URLSearchParams({ secret: sharedSecret, issuer: ISSUER }).toString()}`,
  };
  return { factor, activation };
};

/**
 * `POST /api/v1/users/{id}/factors`: a pending authenticator and what is needed to finish it. Errors: E0000006, E0000014
 * over the number that one account holds, E0000038 for an account that is not active.
 */
export const enrolFactor = async (s: Services, principal: Principal, idOrLogin: string, input: EnrolFactor) => {
  const { factor, activation, user } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const holder = await findManagedHolder(tx, principal, idOrLogin, manage);
    const kind = input.factorType === 'webauthn' ? 'webauthn' : 'totp';
    const { enrolled, holdsRole } = await assertMayEnrol(s, tx, principal, holder, kind);
    const name = input.profile?.authenticatorName;
    if (name !== undefined) assertNameIsFree(enrolled, name, null);
    const begin = kind === 'webauthn' ? beginKey : beginTotp;
    const begun = begin(s, holder.user, enrolled, authorOf(principal), name, holdsRole);
    await replacePending(tx, begun.factor);
    return { ...begun, user: holder.user };
  });
  return { ...presentFactor(s, factor, user), _embedded: { activation } };
};

export interface ActivateFactor {
  readonly attestation?: string | undefined;
  readonly clientData?: string | undefined;
  readonly transports?: readonly string[] | undefined;
  readonly clientExtensions?: Readonly<Record<string, unknown>> | undefined;
  readonly passCode?: string | undefined;
}

/** Whoever was made without a password becomes active with their first key. */
const activateProvisioned = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  user: Row<'users'>,
): Promise<void> => {
  if (user.status !== 'PROVISIONED') return;
  const now = s.clock.now();
  await tx
    .updateTable('users')
    .set({ status: 'ACTIVE', activatedAt: user.activatedAt ?? now, statusChangedAt: now, lastUpdatedAt: now })
    .where('id', '=', user.id)
    .execute();
  await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.activate', target: [userAsActor(user)] });
};

/** Finishes an app for one-time codes. The code that did it is used up: it does not sign in as well. */
const finishTotp = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
  factor: Row<'factors'>,
  passCode: string,
  recheck: (tx: Transaction) => Promise<void>,
): Promise<Row<'factors'>> => {
  const now = s.clock.now();
  if (!takesCodes(s)) throw new ApiError('E0000014', { causes: ['One-time codes of an app are switched off.'] });
  if (factor.secretSealed === null || now >= (factor.challengeExpiresAt ?? 0))
    throw new ApiError('E0000068', { causes: [sentenceOf('challenge-expired')] });
  const step = verifyTotp({
    secret: s.keys.open(factor.secretSealed, `factor:${factor.id}`),
    code: passCode,
    now,
  });
  if (step === null) throw new ApiError('E0000068', { causes: [sentenceOf('code-wrong')] });
  const change = { status: 'ACTIVE', lastTotpStep: step, challengeExpiresAt: null, lastUpdatedAt: now } as const;
  await s.store.transaction(async (tx) => {
    await recheck(tx);
    const changed = await tx
      .updateTable('factors')
      .set(change)
      .where('id', '=', factor.id)
      .where('status', '=', 'PENDING_ACTIVATION')
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) throw new ApiError('E0000068', { causes: [sentenceOf('challenge-used')] });
    await recordEvent(s, tx, principal, {
      eventType: 'user.mfa.factor.activate',
      target: [userAsActor(user), factorAsTarget(factor)],
      debugData: { factor: 'SOFTWARE_TOTP' },
    });
  });
  return { ...factor, ...change };
};

/**
 * `POST …/factors/{id}/lifecycle/activate`, by whoever began it: whether they may is judged again, for a key that the
 * person has got meanwhile changes the answer. Errors: E0000007, E0000068, E0000228.
 */
export const activateFactor = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  factorId: string,
  input: ActivateFactor,
) => {
  const { user } = await findHolder(s.store.read, principal, idOrLogin, manage);
  const factor = await findFactor(s.store.read, user.id, factorId);
  if (factor.status !== 'PENDING_ACTIVATION')
    throw new ApiError('E0000068', { causes: [sentenceOf('challenge-used')] });
  if (factor.createdBy !== authorOf(principal))
    throw new ApiError('E0000006', { causes: ['Only whoever began this registration finishes it.'] });
  const recheck = async (tx: Transaction): Promise<void> => {
    await assertStillLive(s, tx, principal);
    const holder = await findManagedHolder(tx, principal, idOrLogin, manage);
    await assertMayEnrol(s, tx, principal, holder, factor.kind);
  };
  if (factor.kind === 'totp') {
    const active = await finishTotp(s, principal, user, factor, input.passCode ?? '', recheck);
    return presentFactor(s, active, user);
  }
  const { attestation = '', clientData = '', transports, clientExtensions } = input;
  const active = await finishKey(s, {
    user,
    factor,
    answer: { attestation, clientData, transports, clientExtensions },
    principal,
    holderNeedsDeviceBound: await isAdmin(s.store.read, user.id),
    recheck,
    onStored: (tx) => activateProvisioned(s, tx, principal, user),
  });
  return presentFactor(s, active, user);
};

/** `PUT /sallyport/v1/users/{id}/factors/{factorId}`. */
export const renameFactor = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  factorId: string,
  name: string,
) =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { user } = await findManagedHolder(tx, principal, idOrLogin, manage);
    const factor = await findFactor(tx, user.id, factorId);
    assertNameIsFree(await factorsOf(tx, user.id), name, factor.id);
    const renamed = { ...factor, name, lastUpdatedAt: s.clock.now() };
    await tx
      .updateTable('factors')
      .set({ name, lastUpdatedAt: renamed.lastUpdatedAt })
      .where('id', '=', factor.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'user.mfa.factor.update',
      target: [userAsActor(user), factorAsTarget(renamed)],
      debugData: { formerName: factor.name },
    });
    return presentFactor(s, renamed, user);
  });
