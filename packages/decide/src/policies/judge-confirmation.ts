import { type Facts, valueAt } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Reason } from '@sallyport/model/reasons';
import { evaluatePolicies, evaluatePolicy } from './evaluate-policy.ts';
import type { ConsolePolicies } from './find-way-in.ts';

/** The instants of a change of what admits administrators that was made in a session. */
export interface ProvisionalChange {
  readonly changedAt: Instant;
  readonly confirmBy: Instant;
  readonly confirmedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** Does it count now? It ends because of the time, whoever writes that down, and when (design §4.5). */
export const doesChangeCount = (
  { confirmBy, confirmedAt, endedAt }: Pick<ProvisionalChange, 'confirmBy' | 'confirmedAt' | 'endedAt'>,
  now: Instant,
): boolean => endedAt === null && (confirmedAt !== null || now < confirmBy);

/** A sign-in that passed the console's policy: the facts that it was judged on, and when. */
export interface JudgedSignIn {
  readonly facts: Facts;
  readonly now: Instant;
}

/** Would these policies let that sign-in into the Admin Console? */
export const wouldAdmit = ({ facts, now }: JudgedSignIn, policies: ConsolePolicies): boolean =>
  evaluatePolicies(facts, policies.global, now).verdict.kind === 'allow' &&
  evaluatePolicy(facts, policies.console, now).verdict.kind === 'allow';

export interface ConfirmationInput {
  /** The newest; null: there never was one. */
  readonly change: ProvisionalChange | null;
  readonly by: 'session' | 'machine';
  /** The newest of the session that confirms; null where it never passed the console's policy. */
  readonly signIn: JudgedSignIn | null;
  /** As they stand now, with the change. */
  readonly policies: ConsolePolicies;
  readonly now: Instant;
}
export interface ConfirmationVerdict {
  readonly kind: 'allow' | 'deny';
  readonly reasons: readonly Reason[];
}

/**
 * May the change be confirmed now? Only whoever proved a key after it, and whom the policies let in as they stand, shows
 * that it shuts nobody out: the session that made it shows nothing, nor does a command line that hangs on an older sign-in.
 */
export const judgeConfirmation = ({ change, by, signIn, policies, now }: ConfirmationInput): ConfirmationVerdict => {
  const deny = (reason: Reason): ConfirmationVerdict => ({ kind: 'deny', reasons: [reason] });
  if (by !== 'session') return deny('change-needs-person');
  if (change === null || change.confirmedAt !== null) return deny('change-none');
  if (!doesChangeCount(change, now)) return deny('change-returned');
  if (signIn === null || signIn.now <= change.changedAt) return deny('change-needs-sign-in');
  // Policies are not asked of it.
  if (signIn.facts.breakGlass !== undefined) return deny('change-by-break-glass');
  const proofs = valueAt(signIn.facts.proofs, signIn.now) ?? [];
  if (!proofs.some(({ kind, provedAt }) => kind === 'webauthn' && provedAt > change.changedAt))
    return deny('change-needs-sign-in');
  return wouldAdmit(signIn, policies) ? { kind: 'allow', reasons: ['change-passed'] } : deny('change-shuts-out');
};
