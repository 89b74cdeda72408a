import type { GrantEndReason, GrantTie, GrantTimes } from '@sallyport/model/grant';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import { isSuperAdmin } from '../roles/authorize.ts';
import { statusOfGrant } from './is-grant-active.ts';

export type GrantEndVerdict =
  | { readonly kind: 'allow'; readonly as: GrantEndReason }
  | { readonly kind: 'deny'; readonly reasons: readonly Reason[] };

/**
 * May somebody end a grant before its time? Whoever answers for it, and super admins, also those who are for a while: taking
 * power must not wait for anybody.
 */
export const judgeGrantEnd = (
  principal: Principal,
  tie: GrantTie | null,
  grant: GrantTimes,
  now: Instant,
): GrantEndVerdict => {
  if (tie === null && !isSuperAdmin(principal)) return { kind: 'deny', reasons: ['grant-of-another'] };
  if (statusOfGrant(grant, now) === 'ended') return { kind: 'deny', reasons: ['grant-over'] };
  return { kind: 'allow', as: `ended-by-${tie ?? 'admin'}` };
};
