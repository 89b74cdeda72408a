/** A protected action that waits: for the person's key, or for a second person (design §4.11). */
interface AskedAction {
  readonly action: string;
  /** What is about to be done, with its target: `Deactivate Lee Park`. */
  readonly words: string;
  readonly why: string;
  readonly proofUrl: string;
  /** On this computer's clock (ms). */
  readonly endsAt: number;
}
export interface AskedOfKey extends AskedAction {
  readonly kind: 'step_up_required';
  readonly challenge: string;
  readonly rpId: string;
  readonly userVerification: UserVerificationRequirement;
  readonly credentialIds: readonly string[];
}
export interface AskedOfOthers extends AskedAction {
  readonly kind: 'approval_required';
  readonly approvalId: string;
  readonly approvalUrl: string;
}
export type ActionAsked = AskedOfKey | AskedOfOthers;

/** One sending of a request: it was answered, or it waits for proof. */
export type Attempt<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: 'asked'; readonly asked: ActionAsked };

interface Wire {
  readonly kind?: unknown;
  readonly action?: string;
  readonly words?: string;
  readonly why?: string;
  readonly proofUrl?: string;
  readonly expiresAt?: string;
  readonly challenge?: string;
  readonly rpId?: string;
  readonly userVerification?: UserVerificationRequirement;
  readonly allowCredentials?: readonly { readonly id: string }[];
  readonly approvalUrl?: string;
  readonly approvalId?: string;
}

/**
 * What a refusal asks before the action is done; null for every other refusal. `aheadMs`: how far this computer's clock
 * is ahead of the server's.
 */
export const actionAskedIn = (envelope: unknown, aheadMs: number): ActionAsked | null => {
  const wire = ((envelope as { sallyport?: unknown } | null)?.sallyport ?? {}) as Wire;
  const { kind, action = '', words = '', why = '', proofUrl, challenge, rpId, allowCredentials = [] } = wire;
  if (proofUrl?.startsWith('/sallyport/') !== true) return null;
  const common = { action, words, why, proofUrl, endsAt: Date.parse(wire.expiresAt ?? '') + aheadMs };
  if (kind === 'approval_required')
    return { ...common, kind, approvalId: wire.approvalId ?? '', approvalUrl: wire.approvalUrl ?? '/approvals' };
  if (kind !== 'step_up_required' || challenge === undefined || rpId === undefined) return null;
  return {
    ...common,
    kind,
    challenge,
    rpId,
    userVerification: wire.userVerification ?? 'required',
    credentialIds: allowCredentials.map(({ id }) => id),
  };
};

/** The person, or a second one, said no: nothing was done. Forms show its message, and it is no fault. */
export class ActionNotDone extends Error {
  constructor(message = 'Cancelled. Nothing was changed.') {
    super(message);
    this.name = 'ActionNotDone';
  }
}

/** The same no, where a part was done before it was said: the sentence tells what is so. */
export const notDoneAfter = (error: unknown, sentence: string): unknown =>
  error instanceof ActionNotDone ? new ActionNotDone(sentence) : error;

/** Gets the proof for a request that was refused for want of it, and sends that request again until it is answered. */
export type ActionProver = <T>(asked: ActionAsked, send: (proof?: string) => Promise<Attempt<T>>) => Promise<T>;
