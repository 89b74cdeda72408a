import { accessDurationInWords } from '@sallyport/model/access-duration';
import type { RequestRow } from './store.ts';

/** `Super admin, for 2 h`. */
export const wordsOfRequest = (row: Pick<RequestRow, 'entitlementName' | 'durationSeconds'>): string =>
  `${row.entitlementName}, for ${accessDurationInWords(Number(row.durationSeconds))}`;
