/**
 * Access requests: who may ask for what, who must say yes, and how a request stands. What can be asked for is whatever a
 * grant can give (`grant.ts`).
 */
import type { Entitlement } from './grant.ts';
import type { Instant } from './instant.ts';
import type { Permission } from './permissions.ts';

/** Whose yes a step asks for. A rule that names nobody is nobody, never everybody. */
export type ApproverRule =
  | { readonly by: 'people'; readonly ids: readonly string[] }
  | { readonly by: 'group'; readonly id: string }
  /** `managerId` of whom the access is for. */
  | { readonly by: 'manager' }
  /** The owners of the group that is asked for. */
  | { readonly by: 'owner' }
  | { readonly by: 'super-admins' }
  /** Whoever holds any admin role. */
  | { readonly by: 'admins' }
  /** Whoever holds a permission over the whole organisation. */
  | { readonly by: 'permission'; readonly permission: Permission };

export interface SequenceStep {
  readonly approvers: ApproverRule;
  /** How many different people must say yes. */
  readonly count: number;
  /** After so long, ISO 8601, since it began to wait these may say yes, too; both or none. */
  readonly escalateAfter?: string | undefined;
  readonly escalateTo?: ApproverRule | undefined;
}

/** At most so many steps of one sequence, and approvals of one step. */
export const STEPS_MAX = 5;
export const APPROVALS_MAX = 5;
/** At most so many people whom a step is given to. */
export const ASSIGNEES_MAX = 10;

export type RequestersRule =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'groups'; readonly ids: readonly string[] };

/** For how long: fixed by the condition, or chosen by whoever asks up to a maximum. */
export interface AccessDuration {
  readonly kind: 'fixed' | 'chosen';
  readonly seconds: number;
}

/** Who may ask for what, for how long, and through which sequence. */
export interface RequestCondition {
  readonly id: string;
  readonly resourceId: string;
  readonly isActive: boolean;
  /** Everything that it refers to exists. */
  readonly isWhole: boolean;
  /** 0 is asked first. */
  readonly priority: number;
  readonly requesters: RequestersRule;
  readonly entitlements: readonly Entitlement[];
  readonly duration: AccessDuration;
  readonly sequenceId: string;
}

/** How a request ended; while it is open there is none. */
export const REQUEST_OUTCOMES = ['APPROVED', 'DENIED', 'CANCELED', 'EXPIRED'] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];
export type RequestStatus = 'PENDING' | RequestOutcome;

/** An account with what two accounts of one person share: their own id, an employee number, an address of mail. */
export interface Account {
  readonly userId: string;
  readonly links: readonly string[];
}

/** An account with all that could make it the same human as another one. */
export interface Hand extends Account {
  /** Who, in the last 30 days, created it, granted it a role, or enrolled or reset its keys. */
  readonly makers: readonly string[];
}

/** A decision of a human on one step. */
export interface RequestDecision<H extends Account = Hand> {
  readonly hand: H;
  /** Whoever else had a hand in it: in whose stead it was, and who chose that somebody decides it. */
  readonly behind: readonly H[];
  readonly step: number;
  readonly kind: 'approve' | 'deny';
}

/** Whom a step was given to by a super admin: of a yes to it they take the place of those whom it names. */
export interface Reassignment<H extends Account = Hand> {
  readonly to: readonly string[];
  readonly by: H;
  readonly at: Instant;
}

/** What is read of a request to tell who is asked about it: no ties, and nothing of what it would give. */
export interface AskedFacts<H extends Account = Account> {
  readonly requester: H;
  /** Whom the access is for. */
  readonly beneficiary: H;
  readonly steps: readonly SequenceStep[];
  readonly decisions: readonly RequestDecision<H>[];
  readonly outcome: RequestOutcome | null;
  readonly decideBy: Instant;
  /** Since when each step waits, or waited; null of one that does not yet. */
  readonly openedAt: readonly (Instant | null)[];
  /** Until when each step waits, or waited: what passes on later passes on to nobody. */
  readonly closedAt: readonly Instant[];
  /** Of each step whom it was given to, as long as the account of whoever did so is in use; null of one that was not. */
  readonly reassigned: readonly (Reassignment<H> | null)[];
  /** The manager of the beneficiary, and who owns what is asked for, as they are now. */
  readonly managerId: string | null;
  readonly ownerUserIds: readonly string[];
  readonly ownerGroupIds: readonly string[];
}

/** All of a request that judgements read; none of it changes after it was submitted but the decisions, whom a step is given to, and the end. */
export interface RequestFacts extends AskedFacts<Hand> {
  /** The requester and the beneficiary could sign in now. */
  readonly arePeopleActive: boolean;
  /** What it gives is what it was when it was asked for: nobody put a role into it, or widened one, since. */
  readonly isAsAsked: boolean;
  /** What it makes longer runs at this moment; so it is of a request that makes nothing longer. */
  readonly isStillRunning: boolean;
}
