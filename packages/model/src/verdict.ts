import type { FactorKind } from './facts.ts';
import type { Reason } from './reasons.ts';

/** What a rule asks of the authenticators of a sign-in or of a proof. What is absent of the optional asks for nothing. */
export interface Assurance {
  readonly factors: 1 | 2;
  readonly isPossessionRequired: boolean;
  readonly isPhishingResistantRequired: boolean;
  readonly isDeviceBoundRequired: boolean;
  readonly isUserVerificationRequired: boolean;
  /** Oldest acceptable proof, in seconds; 0 asks for one in this very sign-in; null means any age. */
  readonly maxAgeSeconds: number | null;
  /** Only a key whose attestation was verified has shown that hardware keeps it. */
  readonly isHardwareProtectionRequired?: boolean;
  readonly isPasswordRequired?: boolean;
  /** Oldest acceptable password proof, in seconds; 0 asks for one in this very sign-in. */
  readonly passwordMaxAgeSeconds?: number;
  /** The kinds of proof that count at all; absent: every kind. */
  readonly countedKinds?: readonly FactorKind[];
  /** Other ways to satisfy the rule, each as good as this one; none has alternatives of its own. */
  readonly alternatives?: readonly Assurance[];
}

/** The outcome of a judgement. Total: what is not known is denied (design §4.2). */
export type Verdict =
  | { readonly kind: 'allow'; readonly reasons: readonly Reason[] }
  | { readonly kind: 'deny'; readonly reasons: readonly Reason[] }
  | { readonly kind: 'step_up'; readonly reasons: readonly Reason[]; readonly need: Assurance };
