/** What routes answer of drafts, versions, confirmations and tests of policies. */
import type { PolicyAnswer, PolicyProofAnswer, PolicyRuleAnswer } from './answers.ts';

interface NamedAnswer {
  readonly id: string;
  readonly name: string;
}
/** Somebody who changed something; `name` is null where the account is gone. */
interface AuthorAnswer {
  readonly id: string;
  readonly name: string | null;
}
/** A rule as a draft holds it; without an id, in what is sent, it is a new one. */
export type DraftRuleAnswer = Pick<PolicyRuleAnswer, 'id' | 'name' | 'status' | 'system' | 'conditions' | 'actions'>;
/** `GET /sallyport/v1/policies/{policyId}/drafts/{draftId}`. */
export interface PolicyDraftAnswer {
  readonly id: string;
  readonly policyId: string;
  readonly note: string;
  readonly baseVersion: number;
  readonly publishedVersion: number;
  /** Why it cannot be published as it is; null where it can. */
  readonly behind: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly conditions: unknown;
  readonly rules: readonly DraftRuleAnswer[];
  readonly catchAll: DraftRuleAnswer | null;
  readonly created: string;
  readonly createdBy: AuthorAnswer;
  readonly lastUpdated: string;
  readonly lastUpdatedBy: AuthorAnswer;
}
/** One difference of two versions, with its sentence. */
export interface PolicyChangeAnswer {
  readonly kind: 'policy' | 'added' | 'removed' | 'changed' | 'moved';
  readonly rule: NamedAnswer | null;
  readonly words: readonly string[];
  readonly sentence: string;
}
export interface PolicyDiffAnswer {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly PolicyChangeAnswer[];
}
/** Of a publication or a return to an earlier version; with `dryRun` of what it would be. */
export interface PolicyPublicationAnswer {
  readonly policy: NamedAnswer & { readonly version: number };
  readonly changes: readonly PolicyChangeAnswer[];
  /** Until when it must be confirmed, or it ends by itself; null: it counts for good. */
  readonly confirmBy: string | null;
  /** With `dryRun`. */
  readonly proof?: PolicyProofAnswer;
}
export interface PolicyVersionAnswer {
  readonly version: number;
  readonly state: 'COUNTS' | 'WAITS' | 'REPLACED' | 'ENDED';
  readonly how: 'first' | 'change' | 'publish' | 'roll-back' | 'return';
  /** `how` for people. */
  readonly words: string;
  readonly at: string;
  readonly by: { readonly kind: string; readonly id: string | null; readonly name: string | null } | null;
  readonly reason: string | null;
  readonly confirmBy: string | null;
  readonly confirmedAt: string | null;
}
/** `GET …/history/{version}`. */
export interface PolicyAsItWasAnswer extends PolicyVersionAnswer {
  readonly policy: PolicyAnswer & { readonly _embedded: { readonly rules: readonly PolicyRuleAnswer[] } };
}
/** `GET|POST /sallyport/v1/policies/confirmation`. */
export interface PolicyConfirmationAnswer {
  /** Null: there never was one. */
  readonly change: {
    readonly id: string;
    readonly state: 'WAITS' | 'CONFIRMED' | 'ENDED';
    readonly started: string;
    readonly startedBy: AuthorAnswer | null;
    readonly lastChanged: string;
    readonly lastChangedBy: AuthorAnswer | null;
    readonly confirmBy: string;
    readonly secondsLeft: number;
    readonly confirmed: string | null;
    readonly confirmedBy: AuthorAnswer | null;
    /** What counts now and would no longer, while it waits. */
    readonly policies: readonly (NamedAnswer & { readonly version: number; readonly sentences: readonly string[] })[];
    /** Why the caller cannot confirm it; null where they can. */
    readonly refusal: string | null;
  } | null;
}
type Kind = 'allow' | 'step_up' | 'deny';
export interface PolicyTestAnswer extends NamedAnswer {
  readonly policyId: string;
  /** As `POST /sallyport/v1/what-if` takes them. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly expected: Kind;
  readonly created: string;
  readonly lastUpdated: string;
}
/** `POST …/tests/run`. */
export interface PolicyTestRunAnswer {
  readonly isPassed: boolean;
  readonly results: readonly (NamedAnswer & {
    readonly expected: Kind;
    readonly isPassed: boolean;
    /** Null: it cannot be judged, or not by whoever asks, and `sentence` says why. */
    readonly verdict: Kind | null;
    readonly rule: NamedAnswer | null;
    readonly sentence: string;
  })[];
}

export interface PolicyDraftAnswers {
  readonly 'policyConfirmation.get': PolicyConfirmationAnswer;
  readonly 'policyConfirmation.confirm': PolicyConfirmationAnswer;
  readonly 'policyHistory.list': readonly PolicyVersionAnswer[];
  readonly 'policyHistory.get': PolicyAsItWasAnswer;
  readonly 'policyHistory.diff': PolicyDiffAnswer;
  readonly 'policyHistory.rollBack': PolicyPublicationAnswer;
  readonly 'policyDrafts.list': readonly PolicyDraftAnswer[];
  readonly 'policyDrafts.create': PolicyDraftAnswer;
  readonly 'policyDrafts.get': PolicyDraftAnswer;
  readonly 'policyDrafts.replace': PolicyDraftAnswer;
  readonly 'policyDrafts.rebase': PolicyDraftAnswer;
  readonly 'policyDrafts.publish': PolicyPublicationAnswer;
  readonly 'policyDrafts.proof': PolicyProofAnswer;
  readonly 'policyTests.list': readonly PolicyTestAnswer[];
  readonly 'policyTests.create': PolicyTestAnswer;
  readonly 'policyTests.replace': PolicyTestAnswer;
  readonly 'policyTests.run': PolicyTestRunAnswer;
}
