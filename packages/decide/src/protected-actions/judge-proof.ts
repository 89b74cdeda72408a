import type { Instant } from '@sallyport/model/instant';
import type { Caller } from '@sallyport/model/principal';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Reason } from '@sallyport/model/reasons';

/** A proof as it is stored. */
export interface StoredProof {
  readonly requesterKind: Caller['kind'];
  readonly requesterId: string;
  readonly action: ActionName;
  readonly expiresAt: Instant;
  readonly closedAt: Instant | null;
  readonly needsKey: boolean;
  readonly provedAt: Instant | null;
  readonly needsApproval: boolean;
  readonly decision: 'APPROVED' | 'DENIED' | null;
}

export interface ProofInput {
  readonly proof: StoredProof;
  /** The request that brings it. */
  readonly requester: { readonly kind: Caller['kind']; readonly id: string };
  readonly action: ActionName;
  /** Is this very request among those that were signed, and was it not done with this proof before? */
  readonly request: 'signed' | 'other' | 'done';
  /** Is the key that proved still enrolled? */
  readonly isKeyEnrolled: boolean;
  readonly now: Instant;
}

export type ProofVerdict = { readonly kind: 'allow' | 'wait' | 'deny'; readonly reason: Reason };

/** Whether a proof lets a request pass. `wait`: a second person has not decided yet. */
export const judgeProof = (input: ProofInput): ProofVerdict => {
  const { proof, requester, now } = input;
  const deny = (reason: Reason): ProofVerdict => ({ kind: 'deny', reason });
  if (proof.requesterKind !== requester.kind || proof.requesterId !== requester.id) return deny('proof-of-another');
  if (input.request === 'other' || proof.action !== input.action) return deny('proof-of-another-action');
  if (input.request === 'done') return deny('proof-used');
  if (proof.closedAt !== null) return deny('proof-cancelled');
  if (now >= proof.expiresAt) return deny('proof-expired');
  if (proof.needsKey && proof.provedAt === null) return deny('proof-not-given');
  if (proof.needsKey && !input.isKeyEnrolled) return deny('proof-key-gone');
  if (!proof.needsApproval) return { kind: 'allow', reason: 'proof-is-fresh' };
  if (proof.decision === 'DENIED') return deny('approval-denied');
  return proof.decision === 'APPROVED'
    ? { kind: 'allow', reason: 'approval-given' }
    : { kind: 'wait', reason: 'approval-needed' };
};
