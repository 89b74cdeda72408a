import { judgeKeyAssertion } from '@sallyport/decide/authenticators/judge-key';
import { isAtLeast } from '@sallyport/decide/protected-actions/setting-of';
import { SEALED_KEY_SETTINGS } from '@sallyport/model/break-glass';
import { notFound } from '@sallyport/model/errors';
import { networkKey } from '@sallyport/model/network';
import type { Principal } from '@sallyport/model/principal';
import type { ActionName, ProofClass } from '@sallyport/model/protected-actions';
import type { Reason } from '@sallyport/model/reasons';
import { tellApprovers } from '../approvals/tell-approvers.ts';
import { keyFactsOf } from '../authenticators/factor-rows.ts';
import { verifyAssertion } from '../authenticators/verify-webauthn.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import { noteChange } from '../hints/note-change.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { sessionById } from '../sessions/store.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { APPROVAL_SECONDS } from './ask-proof.ts';
import { assertProofsOpen, FAILURES_MAX } from './caller.ts';
import { isHandOffCode, proofToken } from './present-proof.ts';
import { classOfKey, mayProve } from './qualifying-keys.ts';
import { recordAttempt } from './record-attempt.ts';
import { refusedProof } from './refused-proof.ts';
import { proofById } from './store.ts';

/** How long the request may take to come back after its proof. */
export const PROVED_SECONDS = 60;

export interface ProofAnswer {
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signatureData: string;
  readonly credentialId: string;
  /** Typed by the person, where a command line asked. */
  readonly code?: string | undefined;
}
type SessionPrincipal = Extract<Principal, { readonly kind: 'session' }>;

/**
 * The proof that this session may answer: its own, or one that a command line of the same person asked for from the same
 * network. Anybody else's does not exist.
 */
export const answerableProof = async (s: Services, principal: Principal, id: string): Promise<Row<'actionProofs'>> => {
  const row = await proofById(s.store.read, id);
  if (row === undefined || principal.kind !== 'session' || row.userId !== principal.userId) throw notFound(id, 'Proof');
  if (row.requesterKind === 'session' && row.requesterId === principal.sessionId && row.isHandedOff === 0) return row;
  if (row.isHandedOff !== 1) throw notFound(id, 'Proof');
  // Whoever was signed out asks for nothing any more, and nothing is signed for them.
  const requester = await sessionById(s.store.read, row.requesterId);
  if (requester === undefined || requester.endedAt !== null || s.clock.now() >= requester.endsAt)
    throw refusedProof('session-ended');
  const { network } = principal.request;
  if (network === null || networkKey(network) !== row.network) throw refusedProof('proof-other-network');
  return row;
};

/** Why a proof cannot be answered any more; null while it can. */
const closedReason = (row: Row<'actionProofs'>, now: number): Reason | null => {
  if (row.closedAt !== null) return 'proof-cancelled';
  if (row.provedAt !== null) return 'challenge-used';
  if (row.needsKey === 0) return 'approval-needed';
  return now >= row.expiresAt ? 'proof-expired' : null;
};

type Judged =
  | { readonly key: Row<'factors'>; readonly seen: { signCount: number; isBackedUp: boolean } }
  | { readonly reason: Reason; readonly incident: Reason | null; readonly key: Row<'factors'> | undefined };

/** The answer of the key, judged as at a sign-in of an administrator and by the class that the action asks for. */
const judgeAnswer = async (s: Services, row: Row<'actionProofs'>, answer: ProofAnswer): Promise<Judged> => {
  const key = await s.store.read
    .selectFrom('factors')
    .selectAll()
    .where('userId', '=', row.userId)
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .where('credentialId', '=', answer.credentialId)
    .executeTakeFirst();
  const wrong = (reason: Reason, incident: Reason | null = null): Judged => ({ reason, incident, key });
  if (key === undefined || key.publicKey === null || key.credentialId === null) return wrong('key-unknown');
  const verified = await verifyAssertion({
    ...answer,
    credential: { id: key.credentialId, publicKey: key.publicKey },
    expectedChallenge: row.challenge,
    origin: s.config.publicUrl.origin,
    rpId: s.config.publicUrl.hostname,
  });
  if (!verified.ok) return wrong('key-answer-invalid');
  const verdict = judgeKeyAssertion({
    stored: { ...keyFactsOf(key), isBackedUp: key.isBackedUp === 1, signCount: key.signCount },
    seen: verified.seen,
    // As at its sign-in: a break-glass account that got in must be able to mend what is broken.
    settings: (await isBreakGlass(s.store.read, row.userId)) ? SEALED_KEY_SETTINGS : s.settings.get('keys'),
    holderNeedsDeviceBound: isAtLeast(row.proofClass as ProofClass, 'DEVICE_BOUND'),
    userVerificationIsRequired: true,
  });
  if (verdict.kind === 'deny') return wrong(verdict.reasons[0] ?? 'key-answer-invalid', verdict.incident);
  if (!mayProve(key, row.proofClass)) return wrong('key-not-attested');
  return { key, seen: verified.seen };
};

/** Counts a wrong answer, and closes the proof at the last; answers how many are left. */
const recordWrong = async (
  s: Services,
  principal: SessionPrincipal,
  row: Row<'actionProofs'>,
  reason: Reason,
  incident: { readonly reason: Reason; readonly key: Row<'factors'> } | null,
): Promise<number> => {
  const now = s.clock.now();
  return s.store.transaction(async (tx) => {
    await tx
      .updateTable('actionProofs')
      .set((e) => ({ failures: e('failures', '+', 1) }))
      .where('id', '=', row.id)
      .execute();
    // Counted where it is written: of answers that come at one moment each counts.
    const { failures } = await tx
      .selectFrom('actionProofs')
      .select('failures')
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow();
    if (failures >= FAILURES_MAX)
      await tx
        .updateTable('actionProofs')
        .set({ closedAt: now })
        .where('id', '=', row.id)
        .where('closedAt', 'is', null)
        .execute();
    await recordAttempt(s, tx, principal, { action: row.action as ActionName, row, result: 'FAILURE', reason });
    const left = Math.max(0, FAILURES_MAX - failures);
    if (incident === null) return left;
    const owner = await tx.selectFrom('users').selectAll().where('id', '=', row.userId).executeTakeFirstOrThrow();
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.authenticator.backup_state_change',
      outcome: { result: 'DENY', reason: incident.reason },
      target: [
        userAsActor(owner),
        {
          id: incident.key.id,
          type: 'AuthenticatorEnrollment',
          alternateId: incident.key.name,
          displayName: incident.key.name,
          detailEntry: null,
        },
      ],
    });
    return left;
  });
};

/**
 * `POST /sallyport/v1/proofs/{id}`: the key's answer to a challenge that is the digest of the action (design §4.11).
 * Answers with what the request brings as `Sallyport-Proof`; to a browser that proves for a command line it is not told.
 * A wrong answer counts: after five in a quarter of an hour the session's proofs wait, its sign-in does not.
 * Errors: E0000007, E0000092 `proof_refused`, E0000047.
 */
export const giveProof = async (s: Services, principal: Principal, id: string, answer: ProofAnswer) => {
  const row = await answerableProof(s, principal, id);
  if (principal.kind !== 'session') throw notFound(id, 'Proof');
  const closed = closedReason(row, s.clock.now());
  if (closed !== null) throw refusedProof(closed);
  await assertProofsOpen(s, row.requesterId);
  if (row.isHandedOff === 1 && !isHandOffCode(s, row.id, answer.code ?? '')) {
    const triesLeft = await recordWrong(s, principal, row, 'proof-code-wrong', null);
    throw refusedProof('proof-code-wrong', { triesLeft });
  }
  const judged = await judgeAnswer(s, row, answer);
  if ('reason' in judged) {
    const { incident, key } = judged;
    await recordWrong(
      s,
      principal,
      row,
      judged.reason,
      incident === null || key === undefined ? null : { reason: incident, key },
    );
    throw refusedProof(judged.reason);
  }
  const { key, seen } = judged;
  const now = s.clock.now();
  const expiresAt = now + (row.needsApproval === 1 ? APPROVAL_SECONDS : PROVED_SECONDS) * 1000;
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { numUpdatedRows } = await tx
      .updateTable('actionProofs')
      .set({
        provedAt: now,
        expiresAt,
        factorId: key.id,
        provedClass: classOfKey(key),
        evidence: JSON.stringify({
          proofClientData: answer.clientData,
          proofAuthenticatorData: answer.authenticatorData,
          proofSignature: answer.signatureData,
          proofCredentialId: key.credentialId,
          proofPublicKey: key.publicKey,
        }),
      })
      .where('id', '=', row.id)
      .where('provedAt', 'is', null)
      .where('closedAt', 'is', null)
      .where('expiresAt', '>', now)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw refusedProof('challenge-used');
    // The counter is compared once more where it is written: of two answers of a clone at one moment one is late.
    const { numUpdatedRows: keyRows } = await tx
      .updateTable('factors')
      .set({ signCount: seen.signCount, isBackedUp: seen.isBackedUp ? 1 : 0, lastUsedAt: now })
      .where('id', '=', key.id)
      .where('status', '=', 'ACTIVE')
      // As `decide` judged it (WebAuthn Level 3 §7.2): greater, or zero twice.
      .where('signCount', seen.signCount === 0 ? '=' : '<', seen.signCount)
      .executeTakeFirst();
    if (keyRows !== 1n) throw refusedProof('challenge-used');
    if (row.needsApproval === 1) {
      noteChange(s, 'approval', row.id);
      await tellApprovers(s, tx, principal, { ...row, provedAt: now, expiresAt });
    }
  });
  return row.isHandedOff === 1 ? { status: 'PROVED' } : { status: 'PROVED', proof: proofToken(s, row.id) };
};
