import { asksVerification, type KeySettings } from '@sallyport/model/authenticator-settings';
import type { Reason } from '@sallyport/model/reasons';
import { type KeyFacts, whyKeyIsRefused } from './why-key-is-refused.ts';

/** The verdict on one answer of a key. `incident` is what security staff must hear of even though it was refused. */
export interface KeyVerdict {
  readonly kind: 'allow' | 'deny';
  readonly reasons: readonly Reason[];
  readonly incident: Reason | null;
}

export interface KeyRegistration extends KeyFacts {
  readonly isBackedUp: boolean;
  readonly isUserVerified: boolean;
  /** As the browser reports it (WebAuthn Level 3 §10.1.3); null when it does not. */
  readonly isDiscoverable: boolean | null;
  readonly settings: KeySettings;
  /** The holder has, may activate or was granted admin power. */
  readonly holderNeedsDeviceBound: boolean;
}

export interface KeyAssertion {
  readonly stored: KeyFacts & { readonly isBackedUp: boolean; readonly signCount: number };
  readonly seen: {
    readonly isBackupEligible: boolean;
    readonly isBackedUp: boolean;
    readonly isUserVerified: boolean;
    readonly signCount: number;
  };
  readonly settings: KeySettings;
  readonly holderNeedsDeviceBound: boolean;
  readonly userVerificationIsRequired: boolean;
}

/** Refusals that point at a cloned key, a lying one or one that moved to a cloud, in the order of their gravity. */
const INCIDENTS: readonly Reason[] = ['key-flags-illegal', 'key-backup-state-changed', 'key-counter-regressed'];

/** What the organisation asks of a key and this one is not: no fault of its answer, and told to its holder. */
const SETTINGS_REASONS: ReadonlySet<Reason> = new Set<Reason>([
  'key-synced',
  'key-synced-not-allowed',
  'key-not-built-in',
  'key-not-roaming',
  'key-model-not-proved',
  'key-model-compromised',
  'key-model-not-listed',
  'key-not-hardware',
  'key-not-fips',
]);
export const isSettingsReason = (reason: Reason): boolean => SETTINGS_REASONS.has(reason);

const verdictOf = (refusals: readonly (Reason | false)[]): KeyVerdict => {
  const reasons = refusals.filter((reason) => reason !== false);
  if (reasons.length === 0) return { kind: 'allow', reasons: ['assurance-met'], incident: null };
  return { kind: 'deny', reasons, incident: INCIDENTS.find((reason) => reasons.includes(reason)) ?? null };
};

/** WebAuthn Level 3 §6.1.3: a credential that cannot be backed up is not backed up. */
const hasIllegalFlags = (key: { readonly isBackupEligible: boolean; readonly isBackedUp: boolean }): boolean =>
  key.isBackedUp && !key.isBackupEligible;

/**
 * Whether a key may be enrolled. Backup *eligibility* counts, not the present state: an eligible key may be copied to a
 * cloud account at any later time. Without attestation the flag is the key's own word; it keeps honest people honest.
 */
export const judgeKeyRegistration = (key: KeyRegistration): KeyVerdict =>
  verdictOf([
    ...whyKeyIsRefused(key, key.settings, key.holderNeedsDeviceBound),
    hasIllegalFlags(key) && 'key-flags-illegal',
    key.settings.residentKeyRequirement === 'REQUIRED' && key.isDiscoverable !== true && 'key-not-discoverable',
    !key.isUserVerified &&
      (key.holderNeedsDeviceBound || key.settings.userVerification === 'REQUIRED') &&
      'user-not-verified',
  ]);

/**
 * WebAuthn Level 3 §7.2: a counter that stands still or falls tells of a clone. Zero twice is a key without a counter.
 * Written as "greater", so that a count that is no number is refused.
 */
const isCounterLegal = (stored: number, seen: number): boolean => (stored === 0 && seen === 0) || seen > stored;

/**
 * Whether an enrolled key's answer counts. Everything is judged at every assertion, not only at registration: the holder
 * may have become an administrator since, and the organisation may ask for more than it did. Eligibility never changes in an honest key
 * (§6.1.3), so either direction is an incident; what the person reads first is still that the key is synced.
 * `isBackedUp` of a synced key comes and goes and is no reason.
 */
export const judgeKeyAssertion = (assertion: KeyAssertion): KeyVerdict => {
  const { stored, seen } = assertion;
  return verdictOf([
    ...whyKeyIsRefused(
      { ...stored, isBackupEligible: seen.isBackupEligible },
      assertion.settings,
      assertion.holderNeedsDeviceBound,
    ),
    hasIllegalFlags(seen) && 'key-flags-illegal',
    seen.isBackupEligible !== stored.isBackupEligible && 'key-backup-state-changed',
    !isCounterLegal(stored.signCount, seen.signCount) && 'key-counter-regressed',
    !seen.isUserVerified &&
      (assertion.userVerificationIsRequired || asksVerification(assertion.settings)) &&
      'user-not-verified',
  ]);
};
