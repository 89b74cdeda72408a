import type { Instant } from '@sallyport/model/instant';
import type { ActionName, ProofClass, ProtectedActionSetting } from '@sallyport/model/protected-actions';
import type { Reason } from '@sallyport/model/reasons';
import { isAtLeast } from './setting-of.ts';

/** Who is about to do it, as far as proof is concerned. The host and its jobs stand above: theirs is the machine. */
export type Asker =
  | { readonly kind: 'host' }
  | {
      readonly kind: 'session';
      /** The strongest class of each proof of this session, with its instant. */
      readonly proofs: readonly { readonly proofClass: ProofClass; readonly provedAt: Instant }[];
      /** Has the person an enrolled key of the asked class? */
      readonly hasKey: boolean;
    }
  /** An API token or a service app. */
  | { readonly kind: 'machine'; readonly allowed: 'all' | readonly string[] };

export interface ProtectedActionInput {
  readonly action: ActionName;
  readonly setting: ProtectedActionSetting;
  readonly asker: Asker;
  readonly now: Instant;
}

/** What is asked before the action is done; the reasons are the log's and the person's. */
export interface ProtectedActionVerdict {
  readonly kind: 'allow' | 'proof' | 'approval' | 'deny';
  readonly reasons: readonly Reason[];
}

/**
 * Whether an action may be done now, needs fresh proof of the person, or a human's approval. A window in minutes is the
 * age of the last proof of the *same* session; a proof from the future is none (a clock that was set back). Where a second
 * person must approve, a window does not count: the approval is of this very request.
 */
export const judgeProtectedAction = ({ setting, asker, now, action }: ProtectedActionInput): ProtectedActionVerdict => {
  if (asker.kind === 'host') return { kind: 'allow', reasons: ['host-is-above'] };
  if (!setting.isOn) return { kind: 'allow', reasons: ['action-not-protected'] };
  if (asker.kind === 'machine') {
    const isNamed = asker.allowed === 'all' || asker.allowed.includes(action);
    return isNamed && !setting.needsApproval
      ? { kind: 'allow', reasons: ['action-allowed-to-token'] }
      : { kind: 'approval', reasons: ['approval-needed'] };
  }
  const isCovered = asker.proofs.some(
    ({ proofClass, provedAt }) =>
      isAtLeast(proofClass, setting.authenticator) &&
      provedAt <= now &&
      now - provedAt < setting.maxAgeMinutes * 60_000,
  );
  if (isCovered && !setting.needsApproval) return { kind: 'allow', reasons: ['proof-is-fresh'] };
  return asker.hasKey ? { kind: 'proof', reasons: ['proof-needed'] } : { kind: 'deny', reasons: ['no-key-qualifies'] };
};
