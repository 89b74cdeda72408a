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
 * of an administrator comes from a link; nobody adds one to somebody else who has one.
 */
export const judgeEnrolment = (enrolment: Enrolment): Verdict => {
  const { asker, isToken, holderHoldsRole, kinds, proofs } = enrolment;
  if (isToken && (asker === 'holder' || holderHoldsRole)) return deny('session-needed');
  if (asker === 'other') return kinds.length > 0 ? deny('enrolled-already') : { kind: 'allow', reasons: [] };
  if (kinds.length === 0)
    return holderHoldsRole ? deny('enrolment-link-needed') : { kind: 'allow', reasons: ['own-object'] };
  return proofs.some((proof) => isProofStrongEnough(proof, enrolment))
    ? { kind: 'allow', reasons: ['own-object', 'assurance-met'] }
    : deny('key-proof-missing');
};
