/** Access that ends by time (design §4.5): what somebody was given, from when and until when, on what ground. */
import type { Instant } from './instant.ts';

/**
 * What can be given for a while: an admin role bundle, membership in a group, an app; or, to a service account, that somebody
 * signs in as it (decision 0049), by its own id.
 */
export const ENTITLEMENT_KINDS = ['bundle', 'group', 'app', 'service-account'] as const;
export type EntitlementKind = (typeof ENTITLEMENT_KINDS)[number];
export interface Entitlement {
  readonly kind: EntitlementKind;
  readonly id: string;
}

/** Why it was given: an access request by its id, or an administrator by theirs. */
export interface GrantGround {
  readonly kind: 'request' | 'admin';
  readonly id: string;
}

/** How a grant ended before, or at, its time. */
export const GRANT_END_REASONS = [
  'expired',
  /** It went on in another one, which was asked for and approved. */
  'extended',
  'ended-by-holder',
  /** Of a service account that somebody may sign in as. */
  'ended-by-asker',
  'ended-by-manager',
  'ended-by-admin',
  'bundle-deleted',
  'group-deleted',
  /** The account became a person's, or a service account. */
  'mark-changed',
  'app-deleted',
  'user-deactivated',
  'user-deleted',
] as const;
export type GrantEndReason = (typeof GRANT_END_REASONS)[number];

/**
 * What somebody is to a grant who answers for it. A service account has what it has for others: whoever asked for it, and its
 * manager, see and end it.
 */
export type GrantTie = 'holder' | 'asker' | 'manager';

/** The times of a grant, which alone decide whether it counts. */
export interface GrantTimes {
  readonly startsAt: Instant;
  /** When its power ends: `expiresAt`, or earlier by what the clocks of several nodes may differ. */
  readonly powerEndsAt: Instant;
  readonly endedAt: Instant | null;
}

export interface Grant extends GrantTimes {
  readonly id: string;
  readonly userId: string;
  readonly entitlement: Entitlement;
  /** Until when it was given, as people were told. */
  readonly expiresAt: Instant;
  readonly endReason: GrantEndReason | null;
  readonly source: GrantGround;
  readonly reason: string;
  readonly createdAt: Instant;
  readonly createdBy: string;
}

/** The longest that somebody may sign in as a service account for. */
export const MAINTENANCE_SECONDS_MAX = 86_400;
/** How many different people say yes to it. */
export const MAINTENANCE_APPROVALS = 2;

/** The longest that anything is given for. */
export const GRANT_DAYS_MAX = 365;
