import type { FactorProof } from './facts.ts';
import type { Instant } from './instant.ts';

/**
 * What a changed network or address means for a session, the strictest first. `PROVE`: a new address inside the same
 * network is answered by the page's key, silently; whatever cannot be proved is as under `ENFORCED`.
 */
export const BINDING_MODES = ['ENFORCED', 'PROVE', 'MONITOR', 'DISABLED'] as const;
export type BindingMode = (typeof BINDING_MODES)[number];
export interface BindingModes {
  readonly asnBinding: BindingMode;
  readonly ipBinding: BindingMode;
}

/** What a session is bound to. Recorded once with the sign-in; only a fresh key proof sets a new one (design §4.1). */
export interface Baseline {
  /** Canonical IPv4 address, or null while that family was not seen. */
  readonly v4: string | null;
  readonly v6: string | null;
  /** `networkKey` of the address of the sign-in's first step, as resolved then. */
  readonly network: string;
  /** The address of the sign-in's first step; resolved again before a mismatch is called. */
  readonly signInAddress: string;
  readonly userAgent: string;
  readonly recordedAt: Instant;
}

export const SESSION_END_REASONS = [
  'signed-out',
  'revoked-by-admin',
  'revoked-by-owner',
  'client-roaming',
  'idle',
  'lifetime',
  'token-reused',
  'user-deactivated',
  'not-me',
  'server-restored',
  'keys-reset',
  'role-changed',
  'browser-session-ended',
  'replaced',
  'app-deactivated',
  'policy-returned',
  'grant-ended',
] as const;
export type SessionEndReason = (typeof SESSION_END_REASONS)[number];

/**
 * A session row. `parentId` null is the org session (`sid`); an app session hangs on it and says that this person
 * passed that app's policy (design §5.1).
 */
export interface Session {
  readonly id: string;
  readonly parentId: string | null;
  readonly userId: string;
  /** Null on the org session. */
  readonly appId: string | null;
  readonly baseline: Baseline;
  /** On a command-line session: the browser's session that allowed it, and with which it ends. */
  readonly openedBySessionId: string | null;
  /** The public key (SPKI, base64url) whose private half the page holds and cannot export; null without one. */
  readonly boundKey: string | null;
  readonly deviceId: string | null;
  readonly proofs: readonly FactorProof[];
  readonly createdAt: Instant;
  readonly lastActivityAt: Instant;
  readonly idleTimeoutSeconds: number;
  readonly endsAt: Instant;
  readonly endedAt: Instant | null;
  readonly endReason: SessionEndReason | null;
}
