import { requestStatus } from '@sallyport/decide/requests/request-progress';
import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { isCaller, type Principal, subjectOf } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import type { RequestRow } from './store.ts';

/** The person, or the owner of the token; null for any other. */
export const personBehind = (principal: Principal): string | null =>
  isCaller(principal) && principal.kind !== 'service-app' ? subjectOf(principal) : null;

type Parties = Pick<RequestRow, 'kind' | 'requesterId' | 'beneficiaryId'>;

/** Whoever asked, and whom it is for; a service account, which is nobody, asks for nothing, and follows up on nothing. */
const isAsker = ({ kind, requesterId, beneficiaryId }: Parties, person: string): boolean =>
  person === requesterId || (kind !== 'service-account' && person === beneficiaryId);

/**
 * Is it the principal's own to read? Of a service account it is whoever asked, and whoever is in by then: its programs, which
 * have its tokens all the time, read nothing of what people write.
 */
export const isOwnRequest = (principal: Principal, row: Parties): boolean => {
  const person = personBehind(principal);
  return person !== null && (isAsker(row, person) || (principal.kind === 'session' && person === row.beneficiaryId));
};

/** Why the principal may not follow up on it as who asked; null where they may. */
export const whyNotAsker = (
  principal: Principal,
  row: Parties & Pick<RequestRow, 'outcome' | 'decideBy'>,
  now: number,
): Reason | null => {
  const person = personBehind(principal);
  if (person === null || !isAsker(row, person)) return 'request-not-asker';
  const status = requestStatus({ outcome: row.outcome, decideBy: Number(row.decideBy) }, now);
  if (status === 'PENDING') return null;
  if (status === 'EXPIRED') return 'request-expired';
  return status === 'CANCELED' ? 'request-canceled' : 'request-decided';
};

/**
 * Why the principal may not take it back. Whoever asked, and whom it is for, may as long as it waits; what was approved and
 * has not begun also a super admin may, like ending what has begun: taking power must not wait for anybody.
 */
export const whyNotTakenBack = (
  principal: Principal,
  row: Parameters<typeof whyNotAsker>[1] & Pick<RequestRow, 'grantStatus'>,
  now: number,
): Reason | null => {
  const why = whyNotAsker(principal, row, now);
  if (row.outcome !== 'APPROVED' || row.grantStatus !== 'PENDING') return why;
  return why === 'request-not-asker' && !isSuperAdmin(principal) ? why : null;
};
