import { accessDurationInWords } from '@sallyport/model/access-duration';
import type { RequestRow } from './store.ts';

/** `Super admin, for 2 h`; `Super admin, 2 h longer`. */
export const wordsOfRequest = (
  row: Pick<RequestRow, 'entitlementName' | 'durationSeconds' | 'extendsGrantId'>,
): string => {
  const length = accessDurationInWords(Number(row.durationSeconds));
  return `${row.entitlementName}, ${row.extendsGrantId === null ? `for ${length}` : `${length} longer`}`;
};
