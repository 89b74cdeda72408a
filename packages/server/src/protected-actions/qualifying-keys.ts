import { isAtLeast } from '@sallyport/decide/protected-actions/setting-of';
import type { ProofClass } from '@sallyport/model/protected-actions';
import type { Row } from '../store/tables.ts';

type Key = Pick<Row<'factors'>, 'isBackupEligible' | 'isAttested'>;

/** The strongest class that a key is of. */
export const classOfKey = (key: Key): ProofClass => {
  if (key.isBackupEligible === 1) return 'PHISHING_RESISTANT';
  return key.isAttested === 1 ? 'ATTESTED' : 'DEVICE_BOUND';
};

/** May the key prove what asks for a class (as a row of a proof stores it)? */
export const mayProve = (key: Key, asked: string): boolean => isAtLeast(classOfKey(key), asked as ProofClass);
