import { BREAK_GLASS_KEYS_MIN } from '@sallyport/model/break-glass';
import type { Reason } from '@sallyport/model/reasons';
import type { ReviewDecision, ReviewEvidence, SealEvidence } from '@sallyport/model/review';

const DAY = 86_400_000;
/** What was not used for so long is better taken; what was given in the last 30 days had no time to be used. */
export const UNUSED_DAYS = 90;
export const NEW_DAYS = 30;

/** A suggestion, or none; never without its reason. */
export interface Suggestion {
  readonly decision: ReviewDecision | null;
  readonly reason: Reason;
}

/** Of a break-glass account: it is good for not being used. What is amiss but needs no new secret is for its reviewer to weigh. */
const suggestOfSeal = ({ unsealedAt, openReviews, keys, isDrillDue }: SealEvidence): Suggestion => {
  if (unsealedAt !== null) return { decision: 'REVOKE', reason: 'review-glass-broken' };
  if (openReviews > 0) return { decision: null, reason: 'review-glass-unreviewed' };
  if (keys.length < BREAK_GLASS_KEYS_MIN) return { decision: null, reason: 'review-glass-incomplete' };
  if (isDrillDue) return { decision: null, reason: 'review-glass-drill-due' };
  return { decision: 'APPROVE', reason: 'review-glass-ready' };
};

/**
 * What the evidence of an item speaks for. Who travels roams: that alone speaks against nobody. It decides nothing: a reviewer reads it beside the evidence. Where uses were
 * not recorded for long enough "never used" is not known, and nothing is suggested.
 */
export const suggestDecision = (evidence: ReviewEvidence, now: number): Suggestion => {
  const { lastUsedAt, lastSignInAt, grantedAt, recordedSinceAt, subjectIsActive, findings = [] } = evidence;
  const isWithin = (at: number | null, days: number): boolean => at !== null && now - at < days * DAY;
  if (!subjectIsActive) return { decision: 'REVOKE', reason: 'review-subject-inactive' };
  if (findings.some(({ kind }) => kind !== 'ROAMED')) return { decision: 'REVOKE', reason: 'review-finding-open' };
  if (evidence.seal !== undefined) return suggestOfSeal(evidence.seal);
  if (isWithin(lastUsedAt, UNUSED_DAYS)) return { decision: 'APPROVE', reason: 'review-used' };
  if (isWithin(grantedAt, NEW_DAYS)) return { decision: 'APPROVE', reason: 'review-given-lately' };
  if (lastSignInAt === null && lastUsedAt === null && grantedAt !== null)
    return { decision: 'REVOKE', reason: 'review-never-signed-in' };
  const isRecordedLongEnough = recordedSinceAt !== null && !isWithin(recordedSinceAt, UNUSED_DAYS);
  if (!isRecordedLongEnough) return { decision: null, reason: 'review-too-little-known' };
  return { decision: 'REVOKE', reason: 'review-unused' };
};
