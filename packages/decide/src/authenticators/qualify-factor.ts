import type { Reason } from '@sallyport/model/reasons';

export interface EnrolledFactor {
  readonly kind: 'webauthn' | 'totp';
  readonly isActive: boolean;
  readonly isBackupEligible: boolean;
}

/** Why an authenticator does not open the Admin Console, as it is enrolled; null when it does. */
export const whyNotQualified = ({ kind, isActive, isBackupEligible }: EnrolledFactor): Reason | null => {
  if (!isActive) return 'factor-pending';
  if (kind === 'totp') return 'factor-phishable';
  return isBackupEligible ? 'key-synced' : null;
};
