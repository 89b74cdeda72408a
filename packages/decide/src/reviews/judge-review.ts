import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { Reason } from '@sallyport/model/reasons';
import type { CampaignStatus, ReviewDecision, ReviewerLevel } from '@sallyport/model/review';

/** An item, as far as the judgement of a decision reads it. */
export interface ReviewFacts {
  readonly campaignStatus: CampaignStatus;
  readonly endsAt: Instant;
  /** From when the level that is asked now may decide. */
  readonly levelStartsAt: Instant;
  readonly level: ReviewerLevel;
  /** Null while nobody has decided finally. */
  readonly decision: ReviewDecision | null;
  /** The person whose access it is; of a token its owner. A service app is nobody. */
  readonly subjectId: string;
  /** The campaign lets people keep their own memberships of groups without an admin role. */
  readonly isOwnAllowed: boolean;
  /** It is about a break-glass account. */
  readonly isOfSeal: boolean;
}
export interface ReviewerFacts {
  readonly kind: Principal['kind'];
  readonly userId: string | null;
  /** Asked about the item, at the level that is asked now. */
  readonly isAsked: boolean;
  /** They decided it at the level before, under whichever of their accounts. */
  readonly hasDecidedBefore: boolean;
  /** In the last 30 days one of them and whoever decided it at the level before made, equipped or empowered the other. */
  readonly isTiedToDecider: boolean;
  /** In the last 30 days one of reviewer and subject made, equipped or empowered the other, or both are one human's. */
  readonly isTied: boolean;
  /** At this moment, for good or for a while. */
  readonly isSuperAdmin: boolean;
}
export interface ReviewInput {
  readonly item: ReviewFacts;
  readonly reviewer: ReviewerFacts;
  readonly needsNote: boolean;
  readonly hasNote: boolean;
  readonly now: Instant;
}
export type ReviewVerdict = { readonly kind: 'allow' | 'deny'; readonly reason: Reason };

/**
 * May somebody decide an item now? Nobody reviews themselves, neither by another account that they are tied to (design
 * §4.6), nor decides twice, by themselves or by somebody tied to them; what is decided stays; and after the end there is nothing to decide, whether or not anything
 * has closed the campaign.
 */
export const judgeReview = ({ item, reviewer, needsNote, hasNote, now }: ReviewInput): ReviewVerdict => {
  const deny = (reason: Reason): ReviewVerdict => ({ kind: 'deny', reason });
  if (reviewer.kind !== 'session' || reviewer.userId === null) return deny('reviewer-not-a-person');
  if (item.decision !== null) return deny('review-decided');
  if (item.campaignStatus !== 'ACTIVE') return deny('campaign-not-active');
  if (now >= item.endsAt) return deny('campaign-over');
  if (reviewer.userId === item.subjectId && !item.isOwnAllowed) return deny('review-own');
  if (reviewer.isTied && reviewer.userId !== item.subjectId) return deny('reviewer-tied');
  if (reviewer.hasDecidedBefore) return deny('review-decided-by-you');
  if (!reviewer.isAsked) return deny('reviewer-not-asked');
  if (reviewer.isTiedToDecider) return deny('review-decided-by-tied');
  if (item.isOfSeal && !reviewer.isSuperAdmin) return deny('reviewer-no-super-admin');
  if (now < item.levelStartsAt) return deny('review-level-later');
  if (needsNote && !hasNote) return deny('review-note-missing');
  return { kind: 'allow', reason: 'reviewer-may-decide' };
};

/** What a decision of one level makes of an item: it is final, or goes on to the second level. */
export const afterDecision = (
  level: ReviewerLevel,
  decision: ReviewDecision,
  passesOn: 'LOWER_LEVEL_APPROVES' | 'LOWER_LEVEL_APPROVES_OR_REJECTS' | null,
): 'FINAL' | 'SECOND' => {
  if (level === 'SECOND' || passesOn === null) return 'FINAL';
  return decision === 'APPROVE' || passesOn === 'LOWER_LEVEL_APPROVES_OR_REJECTS' ? 'SECOND' : 'FINAL';
};
