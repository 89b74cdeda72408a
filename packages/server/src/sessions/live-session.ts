import type { Instant } from '@sallyport/model/instant';
import type { Baseline, BindingModes } from '@sallyport/model/session';

export type TableBaseline = Pick<Baseline, 'v4' | 'v6' | 'network' | 'signInAddress'>;

/** The Admin Console's app session on the same `sid`. */
export interface LiveConsole {
  readonly endsAt: Instant;
  readonly lastActivityAt: Instant;
  readonly idleTimeoutSeconds: number;
}

/** What the memory of a node knows of a session. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly baseline: TableBaseline;
  readonly modes: BindingModes;
  readonly isLocked: boolean;
  /** A key of the page is registered: under `PROVE` a new address may be answered with it. */
  readonly hasBoundKey: boolean;
  /** A challenge waits for the page's key: until that is settled, no address passes without a judgement. */
  readonly isProofOpen: boolean;
  readonly createdAt: Instant;
  readonly lastActivityAt: Instant;
  readonly endsAt: Instant;
  readonly idleTimeoutSeconds: number;
  readonly console: LiveConsole | null;
}

/** The token before the current one, still good until `graceUntilAt`. */
export interface Predecessor {
  readonly tokenHash: Uint8Array;
  readonly graceUntilAt: Instant;
}

/** When a session was last used, for the batch that writes it down. */
export interface Activity {
  readonly id: string;
  readonly lastActivityAt: Instant;
  /** Null without a console session. */
  readonly consoleLastActivityAt: Instant | null;
}
