import { REVIEWERS, type UseKind } from '@sallyport/model/break-glass';
import type { Reason } from '@sallyport/model/reasons';

export interface ReviewFacts {
  readonly kind: UseKind;
  readonly isClosed: boolean;
  /** Somebody is still signed in as the account. */
  readonly isInUse: boolean;
  /** Who has signed it so far. */
  readonly signedBy: readonly string[];
  /** It is a drill that they, or somebody of one hand with them, announced, and another person could sign. */
  readonly isLeftToOthers: boolean;
  readonly reviewer: {
    readonly id: string;
    readonly isPersonInConsole: boolean;
    readonly isBreakGlass: boolean;
    /** Tied to one of those who signed: two accounts of one hand are not two people (design §4.6). */
    readonly isTied: boolean;
    /** In the last 30 days the account made theirs, gave it a role or reset its keys: whoever was in would sign for themself. */
    readonly isMadeByAccount: boolean;
  };
}

export type ReviewVerdict =
  | { readonly kind: 'deny'; readonly reason: Reason }
  | { readonly kind: 'allow'; readonly reason: Reason; readonly closes: boolean };

/** May this person sign the review of a use, and is it closed by that? Of a real use two distinct people sign, of a drill one. */
export const judgeReview = ({
  kind,
  isClosed,
  isInUse,
  signedBy,
  isLeftToOthers,
  reviewer,
}: ReviewFacts): ReviewVerdict => {
  const deny = (reason: Reason): ReviewVerdict => ({ kind: 'deny', reason });
  if (!reviewer.isPersonInConsole) return deny('approver-not-a-person');
  if (reviewer.isBreakGlass) return deny('approver-break-glass');
  if (isClosed) return deny('review-closed');
  if (isInUse) return deny('review-while-in-use');
  if (signedBy.includes(reviewer.id)) return deny('review-signed');
  if (reviewer.isMadeByAccount) return deny('approver-made-by-account');
  if (isLeftToOthers) return deny('review-own-drill');
  if (signedBy.length > 0 && reviewer.isTied) return deny('approver-tied');
  return { kind: 'allow', reason: 'approver-may-decide', closes: signedBy.length + 1 >= REVIEWERS[kind] };
};
