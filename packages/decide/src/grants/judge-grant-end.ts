import type { GrantEndReason, GrantTimes } from '@sallyport/model/grant';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import { isSuperAdmin } from '../roles/authorize.ts';
import { statusOfGrant } from './is-grant-active.ts';

export type GrantEndVerdict =
  | { readonly kind: 'allow'; readonly as: GrantEndReason }
  | { readonly kind: 'deny'; readonly reasons: readonly Reason[] };

/**
 * May somebody end a grant before its time? Whoever has it, and super admins, also those who are for a while: taking power
 * must not wait for anybody.
 */
export const judgeGrantEnd = (
  principal: Principal,
  grant: GrantTimes & { readonly userId: string },
  now: Instant,
): GrantEndVerdict => {
  const isOwn = 'userId' in principal && principal.userId === grant.userId;
  if (!isOwn && !isSuperAdmin(principal)) return { kind: 'deny', reasons: ['grant-of-another'] };
  if (statusOfGrant(grant, now) === 'ended') return { kind: 'deny', reasons: ['grant-over'] };
  return { kind: 'allow', as: isOwn ? 'ended-by-holder' : 'ended-by-admin' };
};
