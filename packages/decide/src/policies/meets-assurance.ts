import type { FactorProof } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Assurance } from '@sallyport/model/verdict';

const isFresh = (proof: FactorProof, maxAgeSeconds: number | null, now: Instant, newestAt: Instant): boolean => {
  if (maxAgeSeconds === null) return true;
  // Zero asks for a proof in this very sign-in: the newest there is. An age of nothing could never be met.
  if (maxAgeSeconds === 0) return proof.provedAt === newestAt;
  return now - proof.provedAt <= maxAgeSeconds * 1000;
};

const meetsOne = (all: readonly FactorProof[], need: Assurance, now: Instant): boolean => {
  const proofs = need.countedKinds === undefined ? all : all.filter(({ kind }) => need.countedKinds?.includes(kind));
  const newestAt = Math.max(...proofs.map((proof) => proof.provedAt));
  const fresh = proofs.filter((proof) => isFresh(proof, need.maxAgeSeconds, now, newestAt));
  const qualified = fresh.filter(
    (proof) =>
      proof.kind !== 'password' &&
      (!need.isPhishingResistantRequired || proof.isPhishingResistant) &&
      (!need.isDeviceBoundRequired || proof.isDeviceBound) &&
      (need.isHardwareProtectionRequired !== true || proof.isHardwareProtected === true) &&
      (!need.isUserVerificationRequired || proof.isUserVerified),
  );
  const asksPossession =
    need.isPossessionRequired ||
    need.isPhishingResistantRequired ||
    need.isDeviceBoundRequired ||
    need.isHardwareProtectionRequired === true ||
    need.isUserVerificationRequired;
  if (asksPossession && qualified.length === 0) return false;
  // The password comes first in a sign-in, so that "in this very sign-in" is any that the sign-in knows.
  const passwordAge = need.passwordMaxAgeSeconds === 0 ? null : (need.passwordMaxAgeSeconds ?? null);
  const knowsSecret = proofs.some((proof) => proof.kind === 'password' && isFresh(proof, passwordAge, now, newestAt));
  if (need.isPasswordRequired === true && !knowsSecret) return false;
  if (need.factors === 1) return fresh.length > 0;
  return qualified.some((proof) => proof.isUserVerified || knowsSecret);
};

/**
 * Do the proofs give what a rule asks? A possession factor that verified its holder (PIN or biometric) counts as two
 * factors (NIST SP 800-63B-4 §2.2.1); all qualities are asked of one and the same possession factor. Of alternatives one
 * suffices, whole: two that are half met do not add up.
 */
export const meetsAssurance = (proofs: readonly FactorProof[], need: Assurance, now: Instant): boolean =>
  meetsOne(proofs, need, now) || (need.alternatives ?? []).some((other) => meetsOne(proofs, other, now));

/** The same demand with other ages of proofs: a sign-in that was hours ago knows no "in this very sign-in". */
export const withAges = (need: Assurance, age: (seconds: number | null) => number | null): Assurance => {
  const { passwordMaxAgeSeconds, alternatives, ...others } = need;
  const passwordAge = age(passwordMaxAgeSeconds ?? null);
  return {
    ...others,
    maxAgeSeconds: age(need.maxAgeSeconds),
    ...(passwordAge === null ? {} : { passwordMaxAgeSeconds: passwordAge }),
    ...(alternatives === undefined ? {} : { alternatives: alternatives.map((other) => withAges(other, age)) }),
  };
};
