import {
  type BreakGlassNetworks,
  type BreakGlassSeal,
  NETWORK_RANKS,
  type NetworkRank,
  SEALED_SECRET,
} from '@sallyport/model/break-glass';
import { type FactorProof, type Facts, valueAt } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Assurance, Verdict } from '@sallyport/model/verdict';
import { compileRanges, isInRanges } from '../address/address-range.ts';
import { parseAddress } from '../address/parse-address.ts';

/** The first of its networks that holds an address; null where none does, or where the address is unknown. */
export const networkHolding = (networks: BreakGlassNetworks, address: string | undefined): NetworkRank | null => {
  const parsed = address === undefined ? null : parseAddress(address);
  if (parsed === null) return null;
  return NETWORK_RANKS.find((rank) => isInRanges(compileRanges(networks[rank]), parsed)) ?? null;
};

const isSecret = ({ kind, factorId }: FactorProof): boolean => kind === 'password' && factorId === SEALED_SECRET;
const isOwnKey = (proof: FactorProof): boolean =>
  proof.kind === 'webauthn' && proof.isPhishingResistant && proof.isDeviceBound && proof.isUserVerified;

/** What is asked besides the secret. */
const KEY: Assurance = {
  factors: 2,
  isPossessionRequired: true,
  isPhishingResistantRequired: true,
  isDeviceBoundRequired: true,
  isUserVerificationRequired: true,
  maxAgeSeconds: null,
  isPasswordRequired: true,
};

/**
 * The sealed policy of a break-glass account, in place of every other: an address in one of its own networks, its sealed
 * secret, and a hardware key of its own that stays on its device and verified who holds it. It reads nothing that can be
 * missing, changed or attacked on the day it is needed: no rule, zone, network data, mail or other service. The secret comes
 * first, for after a key no step of the wire asks for one.
 */
export const judgeBreakGlass = (facts: Facts, seal: BreakGlassSeal, now: Instant): Verdict => {
  if (networkHolding(seal.networks, valueAt(facts.address, now)) === null)
    return { kind: 'deny', reasons: ['break-glass-network-outside'] };
  const proofs = valueAt(facts.proofs, now) ?? [];
  if (!proofs.some(isSecret)) return { kind: 'deny', reasons: ['break-glass-secret-missing'] };
  return proofs.some(isOwnKey)
    ? { kind: 'allow', reasons: ['break-glass-allowed'] }
    : { kind: 'step_up', reasons: ['break-glass-key-missing'], need: KEY };
};
