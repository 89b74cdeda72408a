import type { Attachment, KeySettings } from '@sallyport/model/authenticator-settings';
import type { Reason } from '@sallyport/model/reasons';

/** What is known of a key: from its registration, and of its model from today's metadata. */
export interface KeyFacts {
  readonly isBackupEligible: boolean;
  /** By what the browser said at its registration; null when it said nothing. */
  readonly attachment: Exclude<Attachment, 'ANY'> | null;
  readonly aaguid: string | null;
  /** Its attestation ends in a root that is known for its model. */
  readonly isAttested: boolean;
  /** Said by the metadata of its model, so only of an attested one. */
  readonly isHardwareProtected: boolean;
  readonly isFipsCompliant: boolean;
  readonly isModelCompromised: boolean;
}

const refusedAttachment = ({ attachment }: KeyFacts, asked: Attachment): Reason | false => {
  if (asked === 'ANY' || attachment === asked) return false;
  return asked === 'BUILT_IN' ? 'key-not-built-in' : 'key-not-roaming';
};

/**
 * Why the settings refuse a key, gravest reason first; empty when they take it. The one judgement of registration, of
 * every sign-in and proof, of the quarantine report and of what a change of settings would do. A key that has no attested
 * model is of no group and has no properties: what it says of itself counts for nothing.
 */
export const whyKeyIsRefused = (
  key: KeyFacts,
  settings: KeySettings,
  holderNeedsDeviceBound: boolean,
): readonly Reason[] => {
  const isListed = settings.aaguidGroups.some(({ aaguids }) => key.aaguid !== null && aaguids.includes(key.aaguid));
  const attested = settings.certBasedAttestationValidation && key.isAttested;
  const refusals: readonly (Reason | false)[] = [
    key.isBackupEligible && holderNeedsDeviceBound && 'key-synced',
    key.isBackupEligible && !holderNeedsDeviceBound && !settings.allowSyncablePasskeys && 'key-synced-not-allowed',
    refusedAttachment(key, settings.attachment),
    settings.certBasedAttestationValidation && !key.isAttested && 'key-model-not-proved',
    attested && key.isModelCompromised && 'key-model-compromised',
    attested && settings.aaguidGroups.length > 0 && !isListed && 'key-model-not-listed',
    attested && settings.hardwareProtected && !key.isHardwareProtected && 'key-not-hardware',
    attested && settings.fipsCompliant && !key.isFipsCompliant && 'key-not-fips',
  ];
  return refusals.filter((reason) => reason !== false);
};
