/** Words of access reviews: campaigns, their items, and what is decided about each. */

import type { BreakGlassNetworks } from './break-glass.ts';

/** What an item is about: one thing that can be taken from somebody by itself; a break-glass account, by hand. */
export const REVIEWED_KINDS = ['ROLE', 'GROUP_MEMBERSHIP', 'GRANT', 'API_TOKEN', 'SERVICE_APP', 'BREAK_GLASS'] as const;
export type ReviewedKind = (typeof REVIEWED_KINDS)[number];
export const isReviewedKind = (text: string): text is ReviewedKind =>
  (REVIEWED_KINDS as readonly string[]).includes(text);

/** How people read a kind. */
export const KIND_WORDS: Readonly<Record<ReviewedKind, string>> = {
  ROLE: 'Admin role',
  GROUP_MEMBERSHIP: 'Membership of a group',
  GRANT: 'Access for a while',
  API_TOKEN: 'API token',
  SERVICE_APP: 'Service app',
  BREAK_GLASS: 'Break-glass account',
};

export type CampaignStatus = 'SCHEDULED' | 'ACTIVE' | 'COMPLETED' | 'DELETED';
export type ReviewDecision = 'APPROVE' | 'REVOKE';
export type RemediationStatus = 'NONE' | 'OPEN' | 'ERROR' | 'SUCCESS' | 'MANUAL';
export type ReviewerLevel = 'FIRST' | 'SECOND';

/** What was taken can be given back for so long, exactly as it was. */
export const GRACE_DAYS = 7;
/** One submission: what somebody can read before their key signs it. */
export const DECISIONS_MAX = 200;
/** Of a group, so many are asked. */
export const GROUP_REVIEWERS_MAX = 10;

/** How a break-glass account stands: what its reviewers look at. */
export interface SealEvidence {
  readonly sealedAt: number;
  /** Its secret was used since then; null: the seal is whole. */
  readonly unsealedAt: number | null;
  readonly lastDrillAt: number | null;
  readonly isDrillDue: boolean;
  /** Names of the keys that its sealed policy takes. */
  readonly keys: readonly string[];
  readonly networks: BreakGlassNetworks;
  /** Its uses and drills that nobody has reviewed. */
  readonly openReviews: number;
}
/** What the System Log holds against a subject, and how people read it. */
export const LOG_FINDING_WORDS = {
  REPORTED: 'said of a session that it was not theirs',
  TOKEN_REUSED: 'a replaced session token was used again',
  OUTSIDE_NETWORK: 'a token was used from outside of its network',
  ROAMED: 'a session left its network and was ended',
} as const;
export type LogFindingKind = keyof typeof LOG_FINDING_WORDS;
export interface LogFinding {
  readonly kind: LogFindingKind;
  readonly count: number;
  readonly lastAt: number;
}
/** Requests for access of the last 90 days: how many, how many of them were given, and how many were for this very thing. */
export interface RequestsEvidence {
  readonly asked: number;
  readonly given: number;
  readonly forThis: number;
}
/** What is known of an item; instants are null where nothing is known. */
export interface ReviewEvidence {
  readonly grantedAt: number | null;
  /** Who gave it, as people read it; null where nobody is known. */
  readonly grantedBy: string | null;
  /** How it was given, in words. */
  readonly how: string;
  /** When this very power was used last, and on how many days of the last 90. */
  readonly lastUsedAt: number | null;
  readonly usedDays: number | null;
  readonly lastSignInAt: number | null;
  readonly subjectIsActive: boolean;
  /** Uses are recorded since then. */
  readonly recordedSinceAt: number | null;
  /** Of the last 90 days; what was gathered before these were has none. */
  readonly findings?: readonly LogFinding[];
  readonly requests?: RequestsEvidence;
  /** What it gives, in words: roles of the group, permissions of the token's calls. */
  readonly gives: readonly string[];
  /** Of a break-glass account alone. */
  readonly seal?: SealEvidence;
}
