import { isMutating, type Route } from '@sallyport/api/define-route';
import { judgeProof } from '@sallyport/decide/protected-actions/judge-proof';
import { type Asker, judgeProtectedAction } from '@sallyport/decide/protected-actions/judge-protected-action';
import type { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { type ActionAuthorization, type Caller, subjectOf } from '@sallyport/model/principal';
import {
  type ActionName,
  type ProofClass,
  type ProtectedActionSetting,
  wordsOf,
} from '@sallyport/model/protected-actions';
import type { Reason } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import { sessionById } from '../sessions/store.ts';
import { type RequestParts, requestDigest } from './action-digest.ts';
import { askProof, proofRefused, waitForApproval } from './ask-proof.ts';
import { requesterOf } from './caller.ts';
import { readProofToken } from './present-proof.ts';
import { mayProve } from './qualifying-keys.ts';
import { settingForCaller } from './setting-for-caller.ts';
import { isKeyEnrolled, keysOf, proofById, proofRequest, provedSince, storedProof } from './store.ts';
import { type ActionTarget, bodyHasPower, targetOf } from './target-of.ts';

/** What is about to be done: the row of the route, the places of its path, and the request as it was sent. */
export interface ActionRequest {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly parts: RequestParts;
  readonly body?: unknown;
  /** The body for people, without secrets. */
  readonly summary: string | null;
  /** The caller is a command line: the person proves in a browser. */
  readonly isCommandLine: boolean;
}
/** The protected action of a request, and what it is about; null where the route names none. */
export const actionOf = async (
  s: Services,
  principal: Caller,
  { route, params, body }: Pick<ActionRequest, 'route' | 'params' | 'body'>,
): Promise<{ action: ActionName; target: ActionTarget | null } | null> => {
  if (!isMutating(route) || !('action' in route.protection)) return null;
  const { action, ofPower, ofOneself, unless } = route.protection;
  if (unless !== undefined && (body as Record<string, unknown> | undefined)?.[unless.field] === unless.is) return null;
  const target = await targetOf(s.store.read, route.path, params, subjectOf(principal));
  const own = target?.isSelf === true ? ofOneself : undefined;
  // Whoever holds no admin power adds to their own account by the proof that the use case asks of the sign-in.
  if (own !== undefined && target?.hasPower === false) return null;
  const hasPower = target?.hasPower === true || (await bodyHasPower(s.store.read, route.name, body));
  const powerful = hasPower ? ofPower : undefined;
  return { action: own ?? powerful ?? action, target };
};

const classOfProof = (proof: FactorProof): ProofClass | null => {
  if (!proof.isPhishingResistant || !proof.isUserVerified) return null;
  return proof.isDeviceBound ? 'DEVICE_BOUND' : 'PHISHING_RESISTANT';
};

/** What the judgement reads of a caller, for windows of at most so many minutes: the keys, and what they proved. */
export const callerFacts = async (s: Services, principal: Caller, maxAgeMinutes: number) => {
  if (principal.kind !== 'session') return { kind: 'machine', allowed: principal.allowedActions } as const;
  const keys = await keysOf(s.store.read, principal.userId);
  if (maxAgeMinutes === 0) return { kind: 'session', keys, proofs: [] } as const;
  const session = await sessionById(s.store.read, principal.sessionId);
  const ofSignIn = (JSON.parse(session?.proofs ?? '[]') as FactorProof[]).map((proof) => ({
    proofClass: classOfProof(proof),
    provedAt: proof.provedAt,
    factorId: proof.factorId,
  }));
  const since = s.clock.now() - maxAgeMinutes * 60_000;
  const ofActions = (await provedSince(s.store.read, principal.sessionId, since)).map((row) => ({
    proofClass: row.provedClass as ProofClass | null,
    provedAt: row.provedAt ?? 0,
    factorId: row.factorId,
  }));
  // The proof of a key that is not enrolled any more counts for nothing.
  const proofs = [...ofSignIn, ...ofActions].flatMap(({ proofClass, provedAt, factorId }) =>
    proofClass !== null && keys.some(({ id }) => id === factorId) ? [{ proofClass, provedAt }] : [],
  );
  return { kind: 'session', keys, proofs } as const;
};

/** The caller as the judgement of one action sees it. */
export const askerOf = (facts: Awaited<ReturnType<typeof callerFacts>>, setting: ProtectedActionSetting): Asker =>
  facts.kind === 'machine'
    ? facts
    : {
        kind: 'session',
        proofs: facts.proofs,
        hasKey: facts.keys.some((key) => mayProve(key, setting.authenticator)),
      };

/** The proof that a request brings; throws unless it lets this very request pass. */
const acceptProof = async (
  s: Services,
  principal: Caller,
  presented: string,
  action: ActionName,
  parts: RequestParts,
): Promise<{ id: string; requestDigest: string; reason: Reason }> => {
  const id = readProofToken(s, presented);
  const row = id === null ? undefined : await proofById(s.store.read, id);
  if (row === undefined) throw await proofRefused(s, principal, action, null, 'proof-unknown');
  const digest = requestDigest(parts);
  const request = await proofRequest(s.store.read, row.id, digest);
  const verdict = judgeProof({
    proof: storedProof(row),
    requester: requesterOf(principal),
    action,
    request: request === undefined ? 'other' : request.usedAt === null ? 'signed' : 'done',
    isKeyEnrolled: await isKeyEnrolled(s.store.read, row.factorId),
    now: s.clock.now(),
  });
  if (verdict.kind === 'wait') throw waitForApproval(s, row);
  if (verdict.kind === 'deny') throw await proofRefused(s, principal, action, row, verdict.reason);
  return { id: row.id, requestDigest: digest, reason: verdict.reason };
};

/** `free`: nothing is asked. `unproved`: nothing may be changed; `ask` makes the refusal that says what is missing. */
export type Ground =
  | { readonly kind: 'free' }
  | { readonly kind: 'authorized'; readonly authorization: ActionAuthorization }
  | { readonly kind: 'unproved'; readonly ask: () => Promise<ApiError> };

/**
 * Whether a request may do its protected action now. A proof that it brings and that does not count is refused at once
 * (E0000092 `proof_refused`, or `approval_required` while a second person has not decided).
 */
export const authorizeAction = async (
  s: Services,
  principal: Caller,
  request: ActionRequest,
  presented: string | undefined,
): Promise<Ground> => {
  const found = await actionOf(s, principal, request);
  if (found === null) return { kind: 'free' };
  const { action, target } = found;
  const { setting, waivedReason } = await settingForCaller(s, principal, action);
  const asker = askerOf(await callerFacts(s, principal, setting.maxAgeMinutes), setting);
  const verdict = judgeProtectedAction({ action, setting, asker, now: s.clock.now() });
  const ground = (basis: Reason, proof: ActionAuthorization['proof']): Ground => ({
    kind: 'authorized',
    authorization: {
      action,
      words: wordsOf(action, target?.name ?? target?.id ?? null),
      target: target === null ? null : { id: target.id, name: target.name, type: target.type },
      basis,
      proof,
      ...(waivedReason === null ? {} : { waivedReason }),
    },
  });
  if (verdict.kind === 'allow')
    return setting.isOn ? ground(verdict.reasons[0] ?? 'action-not-protected', null) : { kind: 'free' };
  if (presented === undefined)
    return { kind: 'unproved', ask: () => askProof(s, principal, request, { action, target, setting, verdict }) };
  const { reason, ...proof } = await acceptProof(s, principal, presented, action, request.parts);
  return ground(reason, proof);
};
