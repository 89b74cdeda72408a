import type { ProtectedActionVerdict } from '@sallyport/decide/protected-actions/judge-protected-action';
import { ApiError } from '@sallyport/model/errors';
import { networkKey } from '@sallyport/model/network';
import { type Caller, subjectOf } from '@sallyport/model/principal';
import type { ActionName, ProtectedActionSetting } from '@sallyport/model/protected-actions';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { tellApprovers } from '../approvals/tell-approvers.ts';
import { newId, newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { proofChallenge, requestDigest } from './action-digest.ts';
import type { ActionRequest } from './authorize-action.ts';
import { assertProofsOpen, limitProofs, requesterOf } from './caller.ts';
import { approvalUrl, handOffCode, presentAction, presentChallenge, proofUrl } from './present-proof.ts';
import { mayProve } from './qualifying-keys.ts';
import { recordAttempt } from './record-attempt.ts';
import { refusedProof } from './refused-proof.ts';
import { insertProof, keysOf, openAsk } from './store.ts';
import type { ActionTarget } from './target-of.ts';

/** In front of the dialog; in another window beside a command line; until a second person has read it. */
export const PAGE_SECONDS = 120;
export const HAND_OFF_SECONDS = 300;
export const APPROVAL_SECONDS = 1800;

/** The refusal of a proof that a request brought, with the event that tells of it. */
export const proofRefused = async (
  s: Services,
  principal: Caller,
  action: ActionName,
  row: Row<'actionProofs'> | null,
  reason: Reason,
): Promise<ApiError> => {
  limitProofs(s, requesterOf(principal).id);
  await s.store.transaction((tx) => recordAttempt(s, tx, principal, { action, row, result: 'FAILURE', reason }));
  return refusedProof(reason);
};

/** E0000092 `approval_required`: somebody else must say yes; the same request with the same proof goes on then. */
export const waitForApproval = (s: Services, row: Row<'actionProofs'>): ApiError =>
  new ApiError('E0000092', {
    causes: [sentenceOf('approval-needed')],
    detail: 'approval-needed',
    extra: {
      sallyport: {
        kind: 'approval_required',
        ...presentAction(row),
        approvalId: row.id,
        proofUrl: proofUrl(row.id),
        approvalUrl: approvalUrl(s, row.id),
      },
    },
  });

export interface AskedAction {
  readonly action: ActionName;
  readonly target: ActionTarget | null;
  readonly setting: ProtectedActionSetting;
  readonly verdict: ProtectedActionVerdict;
}

/** Writes down that proof is asked for some requests of one action; the caller has limited the asking. Errors: E0000047. */
export const openProof = async (
  s: Services,
  principal: Caller,
  requests: readonly ActionRequest[],
  { action, target, setting, verdict }: AskedAction,
): Promise<Row<'actionProofs'>> => {
  const first = requests[0] as ActionRequest;
  const requester = requesterOf(principal);
  await assertProofsOpen(s, requester.id);
  const needsKey = verdict.kind === 'proof';
  const needsApproval = verdict.kind === 'approval' || setting.needsApproval;
  const now = s.clock.now();
  const nonce = newSecret(s.random);
  const digests = requests.map(({ parts }) => requestDigest(parts));
  const seconds = needsKey ? (first.isCommandLine ? HAND_OFF_SECONDS : PAGE_SECONDS) : APPROVAL_SECONDS;
  const { network, client } = principal.request;
  const { access } = first.route;
  const row: Row<'actionProofs'> = {
    id: newId(s.random, 'actionProof'),
    requesterKind: requester.kind,
    requesterId: requester.id,
    userId: subjectOf(principal),
    action,
    permission: access.kind === 'admin' ? access.permission : null,
    target: target === null ? null : JSON.stringify(target),
    requests: JSON.stringify(requests.map(({ parts }) => parts)),
    summary: first.summary,
    network: network === null ? null : networkKey(network),
    address: client.kind === 'known' ? client.address.text : null,
    isHandedOff: first.isCommandLine ? 1 : 0,
    nonce,
    challenge: proofChallenge(nonce, requester, action, digests),
    proofClass: setting.authenticator,
    needsKey: needsKey ? 1 : 0,
    needsApproval: needsApproval ? 1 : 0,
    needsSecondPerson: setting.needsApproval ? 1 : 0,
    createdAt: now,
    expiresAt: now + seconds * 1000,
    failures: 0,
    factorId: null,
    provedClass: null,
    evidence: null,
    provedAt: null,
    approverId: null,
    decision: null,
    decisionReason: null,
    decidedAt: null,
    closedAt: null,
  };
  await s.store.transaction(async (tx) => {
    await insertProof(tx, row, digests);
    await recordAttempt(s, tx, principal, { action, row, result: 'CHALLENGE', reason: verdict.reasons[0] ?? null });
    if (!needsKey) await tellApprovers(s, tx, principal, row);
  });
  return row;
};

/** What a proof that is asked for says to the caller. */
export const presentAsked = async (s: Services, row: Row<'actionProofs'>) => {
  const keys = (await keysOf(s.store.read, row.userId)).filter((key) => mayProve(key, row.proofClass));
  return {
    kind: 'step_up_required' as const,
    ...presentAction(row),
    proofUrl: proofUrl(row.id),
    ...(row.isHandedOff === 1
      ? { url: `${s.config.publicUrl.origin}/step-up/${row.id}`, code: handOffCode(s, row.id) }
      : presentChallenge(s, row, keys)),
  };
};

/**
 * The refusal of a request that needs proof or approval: E0000092 with all that the caller needs to go on with the same
 * request (design §4.8), or with why that is impossible here.
 */
export const askProof = async (
  s: Services,
  principal: Caller,
  request: ActionRequest,
  asked: AskedAction,
): Promise<ApiError> => {
  const { action, verdict } = asked;
  if (verdict.kind === 'deny')
    return proofRefused(s, principal, action, null, verdict.reasons[0] ?? 'no-key-qualifies');
  const now = s.clock.now();
  if (principal.kind !== 'session') {
    const open = await openAsk(s.store.read, requesterOf(principal), requestDigest(request.parts), now);
    if (open !== undefined) return waitForApproval(s, open);
  }
  limitProofs(s, requesterOf(principal).id);
  const row = await openProof(s, principal, [request], asked);
  if (verdict.kind === 'approval') return waitForApproval(s, row);
  return new ApiError('E0000092', {
    causes: [sentenceOf('proof-needed')],
    detail: 'proof-needed',
    // RFC 9470 §3, for callers that present a bearer token.
    ...(request.isCommandLine
      ? {
          headers: {
            'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", acr_values="phr", max_age=0',
          },
        }
      : {}),
    extra: { sallyport: await presentAsked(s, row) },
  });
};
