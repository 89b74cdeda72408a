import type { SelfEnrolment } from '@sallyport/model/enrolment-policy';
import type { FactorProof } from '@sallyport/model/facts';
import type { Reason } from '@sallyport/model/reasons';
import type { Verdict } from '@sallyport/model/verdict';

export interface Enrolment {
  /** The holder themselves, or somebody who manages them. */
  readonly asker: 'holder' | 'other';
  readonly isToken: boolean;
  readonly holderHoldsRole: boolean;
  /** What the holder has enrolled and finished. */
  readonly kinds: readonly ('webauthn' | 'totp')[];
  /** What the asking session was opened with. */
  readonly proofs: readonly FactorProof[];
  /** What is to be enrolled. */
  readonly kind: 'webauthn' | 'totp';
  /** What the policy of the holder says of this kind, and whether they may enrol by themselves from where they are. */
  readonly policy: { readonly self: SelfEnrolment; readonly isOpenFromHere: boolean };
}

const deny = (reason: Reason): Verdict => ({ kind: 'deny', reasons: [reason] });

/** Was a key, or code, of the strength that is asked proved? */
const isProofStrongEnough = (proof: FactorProof, { holderHoldsRole, kinds }: Enrolment): boolean => {
  if (holderHoldsRole) return proof.isPhishingResistant && proof.isDeviceBound && proof.isUserVerified;
  return kinds.includes('webauthn') ? proof.isPhishingResistant : proof.kind !== 'password';
};

/**
 * May an authenticator be enrolled? Whoever enrols one signs in with it from then on, so that a stolen password, token or
 * session must not be enough (design §5.3): a further one needs proof of one that is there, of equal strength; the first
 * of an administrator comes from a link; nobody adds one to somebody else who has one. A policy of enrolment forbids a kind
 * to everybody who would add it, and a place to the holder alone. No policy takes keys from administrators: without one
 * nobody enters the Admin Console.
 */
export const judgeEnrolment = (enrolment: Enrolment): Verdict => {
  const { asker, isToken, holderHoldsRole, kinds, proofs, kind, policy } = enrolment;
  if (policy.self === 'NOT_ALLOWED' && !(holderHoldsRole && kind === 'webauthn')) return deny('enrolment-not-allowed');
  if (isToken && (asker === 'holder' || holderHoldsRole)) return deny('session-needed');
  if (asker === 'other') return kinds.length > 0 ? deny('enrolled-already') : { kind: 'allow', reasons: [] };
  if (!policy.isOpenFromHere) return deny('enrolment-not-from-here');
  if (kinds.length === 0)
    return holderHoldsRole ? deny('enrolment-link-needed') : { kind: 'allow', reasons: ['own-object'] };
  return proofs.some((proof) => isProofStrongEnough(proof, enrolment))
    ? { kind: 'allow', reasons: ['own-object', 'assurance-met'] }
    : deny('key-proof-missing');
};
