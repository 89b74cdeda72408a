import { requestStatus } from '@sallyport/decide/requests/request-progress';
import { isCaller, type Principal, subjectOf } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import type { RequestRow } from './store.ts';

/** The person, or the owner of the token; null for any other. */
export const personBehind = (principal: Principal): string | null =>
  isCaller(principal) && principal.kind !== 'service-app' ? subjectOf(principal) : null;

/** Why the principal may not follow up on it as who asked; null where they may. */
export const whyNotAsker = (
  principal: Principal,
  row: Pick<RequestRow, 'requesterId' | 'beneficiaryId' | 'outcome' | 'decideBy'>,
  now: number,
): Reason | null => {
  const person = personBehind(principal);
  if (person === null || ![row.requesterId, row.beneficiaryId].includes(person)) return 'request-not-asker';
  const status = requestStatus({ outcome: row.outcome, decideBy: Number(row.decideBy) }, now);
  if (status === 'PENDING') return null;
  if (status === 'EXPIRED') return 'request-expired';
  return status === 'CANCELED' ? 'request-canceled' : 'request-decided';
};
