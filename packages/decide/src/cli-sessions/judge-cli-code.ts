import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';

export interface CliCodeInput {
  /** What the code was bound to when the person pressed Allow. */
  readonly code: { readonly expiresAt: Instant; readonly redirectUri: string; readonly network: string };
  /** What comes with it now. */
  readonly presented: {
    readonly redirectUri: string;
    /** The verifier hashes to the challenge (RFC 7636 §4.6). */
    readonly isVerifierRight: boolean;
    /** `networkKey` of the command line; null when it could not be established. */
    readonly network: string | null;
  };
  readonly isBrowserSessionLive: boolean;
  readonly isOwnerActive: boolean;
  /** A lock is in force on the owner or on the browser's session. */
  readonly isLocked: boolean;
  readonly now: Instant;
}

/** Why a code that was taken for the first time opens nothing; null when it opens a session. */
export const judgeCliCode = (input: CliCodeInput): Reason | null => {
  const { code, presented, now } = input;
  if (now >= code.expiresAt) return 'cli-code-expired';
  if (!presented.isVerifierRight || presented.redirectUri !== code.redirectUri) return 'cli-verifier-wrong';
  if (presented.network === null || presented.network !== code.network) return 'cli-network-changed';
  if (!input.isBrowserSessionLive) return 'browser-session-ended';
  if (!input.isOwnerActive) return 'user-inactive';
  return input.isLocked ? 'session-locked' : null;
};
