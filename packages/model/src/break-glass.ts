import { DEFAULT_KEY_SETTINGS, type KeySettings } from './authenticator-settings.ts';

/** Networks of a break-glass account, tried by people in this order: where one usually is, and two ways round. */
export const NETWORK_RANKS = ['primary', 'secondary', 'tertiary'] as const;
export type NetworkRank = (typeof NETWORK_RANKS)[number];

/** CIDRs, addresses or ranges. The primary is never empty. */
export type BreakGlassNetworks = Readonly<Record<NetworkRank, readonly string[]>>;

/** What the sealed policy of a break-glass account judges by: nothing that anybody changes for the organisation's policies. */
export interface BreakGlassSeal {
  readonly networks: BreakGlassNetworks;
}

/** The `factorId` of a proof that is the sealed secret; its kind is `password`. */
export const SEALED_SECRET = 'sealed-secret';

/** A sealed secret in `count` shares, of which any `needed` open it. */
export interface SealedSplit {
  readonly count: number;
  readonly needed: number;
}
export const SHARES_MAX = 9;
/** More papers than that are not brought together in the night on which they are needed. */
export const SHARES_NEEDED_MAX = 5;

/** Its sessions are short whatever the settings say, and never longer than it takes to mend what is broken. */
export const BREAK_GLASS_SESSION = { lifetimeSeconds: 3600, idleSeconds: 900 } as const;

/** One is lost, the other is in another hand. */
export const BREAK_GLASS_KEYS_MIN = 2;
/** A drill is due after so many days; its announcement holds for so many minutes. */
export const DRILL_DAYS = 90;
export const DRILL_MINUTES = 60;

/** A use is real, or a drill that was announced before. */
export type UseKind = 'USE' | 'DRILL';
/** How many people close the review of each. */
export const REVIEWERS: Readonly<Record<UseKind, number>> = { USE: 2, DRILL: 1 };

/** What is asked of its keys: something that is carried along and stays one. What the organisation asks of keys may change; this does not. */
export const SEALED_KEY_SETTINGS: KeySettings = {
  ...DEFAULT_KEY_SETTINGS,
  attachment: 'ROAMING',
  allowSyncablePasskeys: false,
};
