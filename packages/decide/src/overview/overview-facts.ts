import type { Instant } from '@sallyport/model/instant';
import type { BindingModes } from '@sallyport/model/session';
import type { ReadinessState } from '../break-glass/judge-readiness.ts';

export interface PeopleFacts {
  /** Whoever holds an admin role now, directly or through a group. */
  readonly admins: number;
  readonly superAdmins: number;
  /** Active, with a key that stays on its device. */
  readonly ableToSignIn: number;
  /** Super admins who could sign in now from somewhere and open the console, by today's policies, zones and keys. */
  readonly superAdminsAble: number;
  /** The same of whoever may ask for super admin, and is none of those. */
  readonly askersAble: number;
  /** False where nobody stands with it who could sign in, some may ask for it, and too few could say yes to any of them. */
  readonly isSuperAdminInReach: boolean;
  readonly withOneKey: number;
  /** Logins, for the sentence. */
  readonly superAdminsWithOneKey: readonly string[];
  readonly withoutKey: number;
  readonly neverSignedIn: number;
  /** Holders of a role that no human signs in as; none of the numbers above but the first two counts them. */
  readonly serviceAccounts: number;
  /** Logins, for the sentence. */
  readonly superServiceAccounts: readonly string[];
  /** Super admins that are nobody's; none of the numbers above counts them. */
  readonly breakGlass: readonly BreakGlassFacts[];
}
/** A break-glass account, as `judgeReadiness` sees it. */
export interface BreakGlassFacts {
  readonly id: string;
  readonly login: string;
  readonly state: ReadinessState;
  readonly isDrillDue: boolean;
  readonly openReviews: number;
  readonly isRevokedInReview: boolean;
  readonly alarmChannels: number;
  readonly lastDrillAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}
export interface SessionFacts {
  readonly active: number;
  readonly people: number;
}
export interface ActivityFacts {
  /** Sessions ended by binding, an hour each, the oldest first. */
  readonly endedByBinding: readonly number[];
  readonly deniedSignIns: number;
  /** Sign-ins as a service account that were refused, in the last 24 hours. */
  readonly asServiceAccount: number;
  /** "That wasn't me" in the last 24 hours. */
  readonly notMe: number;
}
export interface TokenFacts {
  readonly active: number;
  readonly anywhere: number;
  readonly unused: number;
  readonly expiring: number;
  readonly old: number;
}
export interface BindingFacts {
  readonly modes: BindingModes;
  /** What would have happened had both been enforced. */
  readonly report: { readonly days: number; readonly people: number; readonly sessions: number };
  readonly exemptEntries: number;
}
/** Where something goes that leaves this host by itself. */
export const CHANNELS = ['checkpoints', 'mail', 'webhooks'] as const;
export type Channel = (typeof CHANNELS)[number];
export interface QueueFacts {
  readonly waiting: number;
  /** Of those that wait, what was tried and did not get there. */
  readonly failing: number;
  /** Given up lately, and made good by nothing since. */
  readonly dead: number;
  readonly lastError: string | null;
}
export interface LogFacts {
  readonly isCheckpointFileConfigured: boolean;
  readonly lastCheckpointAt: Instant | null;
  /** Of the last checkpoint that arrived outside of this host. */
  readonly lastOutsideAt: Instant | null;
  readonly uncoveredEvents: number;
  readonly queues: Readonly<Record<Channel, QueueFacts>>;
}
export interface NetworkFacts {
  readonly sources: readonly { readonly source: string; readonly dataAt: Instant | null }[];
  readonly trustedProxies: number;
  /** A configured range holds every address. */
  readonly isEverybodyTrusted: boolean;
  /** Requests since the start that brought the configured header from somebody who is no trusted proxy. */
  readonly untrustedHeaders: number;
  /** Requests since the start that brought the other header. */
  readonly ignoredHeaders: number;
  readonly clientHeader: string;
  /** Active zones that block, or that active rules name, and that ask for what there is no data for. */
  readonly zonesWithoutData: readonly ZoneFacts[];
}
export interface ZoneFacts {
  readonly id: string;
  readonly name: string;
  readonly isBlocklist: boolean;
  /** What it asks for, in words. */
  readonly missing: readonly string[];
  /** Names of the rules. */
  readonly rules: readonly string[];
}
export interface SetupFacts {
  readonly open: readonly string[];
  readonly skipped: readonly { readonly step: string; readonly note: string }[];
  readonly isFinished: boolean;
}

/** What the overview knows. A part that the reader may not see is null, and nothing is judged of it. */
export interface OverviewFacts {
  readonly now: Instant;
  readonly people: PeopleFacts | null;
  readonly sessions: SessionFacts | null;
  readonly activity: ActivityFacts | null;
  readonly tokens: TokenFacts | null;
  readonly binding: BindingFacts | null;
  readonly log: LogFacts | null;
  readonly network: NetworkFacts | null;
  readonly setup: SetupFacts | null;
}
