import { accessDurationInWords } from '@sallyport/model/access-duration';
import type { RequestRow } from './store.ts';

/** `Super admin, for 2 h`; `Super admin, 2 h longer`. */
export const wordsOfRequest = (
  row: Pick<RequestRow, 'kind' | 'entitlementName' | 'durationSeconds' | 'extendsGrantId'>,
): string => {
  const length = accessDurationInWords(Number(row.durationSeconds));
  const what = row.kind === 'service-account' ? `sign in as ${row.entitlementName}` : row.entitlementName;
  return `${what}, ${row.extendsGrantId === null ? `for ${length}` : `${length} longer`}`;
};
