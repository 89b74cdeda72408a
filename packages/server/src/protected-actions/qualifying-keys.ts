import type { ProofClass } from '@sallyport/model/protected-actions';
import type { Row } from '../store/tables.ts';

/** The strongest class that a key is of. */
export const classOfKey = (key: Pick<Row<'factors'>, 'isBackupEligible' | 'isAttested'>): ProofClass => {
  if (key.isBackupEligible === 1) return 'PHISHING_RESISTANT';
  return key.isAttested === 1 ? 'ATTESTED' : 'DEVICE_BOUND';
};
