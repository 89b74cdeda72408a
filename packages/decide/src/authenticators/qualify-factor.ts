import type { KeySettings } from '@sallyport/model/authenticator-settings';
import type { Reason } from '@sallyport/model/reasons';
import { type KeyFacts, whyKeyIsRefused } from './why-key-is-refused.ts';

export interface EnrolledFactor {
  readonly kind: 'webauthn' | 'totp';
  readonly isActive: boolean;
  readonly key: KeyFacts;
}

/** Why an authenticator does not open the Admin Console, as it is enrolled; null when it does. */
export const whyNotQualified = ({ kind, isActive, key }: EnrolledFactor, settings: KeySettings): Reason | null => {
  if (!isActive) return 'factor-pending';
  if (kind === 'totp') return 'factor-phishable';
  return whyKeyIsRefused(key, settings, true)[0] ?? null;
};
