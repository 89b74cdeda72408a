import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterDecision, judgeReview, type ReviewInput } from './judge-review.ts';

const input = (more: {
  readonly item?: Partial<ReviewInput['item']>;
  readonly reviewer?: Partial<ReviewInput['reviewer']>;
  readonly now?: number;
  readonly hasNote?: boolean;
}): ReviewInput => ({
  item: {
    campaignStatus: 'ACTIVE',
    endsAt: 1000,
    levelStartsAt: 0,
    level: 'FIRST',
    decision: null,
    subjectId: 'lee',
    isOwnAllowed: false,
    isOfSeal: false,
    ...more.item,
  },
  reviewer: {
    ...{ kind: 'session', userId: 'bea', isAsked: true, isTied: false, isSuperAdmin: false },
    ...{ hasDecidedBefore: false, isTiedToDecider: false },
    ...more.reviewer,
  },
  needsNote: true,
  hasNote: more.hasNote ?? true,
  now: more.now ?? 500,
});
const reason = (more: Parameters<typeof input>[0]): string => judgeReview(input(more)).reason;

describe('whether somebody may decide an item', () => {
  it('is so for a person who is asked, until the end and not at it', () => {
    expect(judgeReview(input({ now: 999 }))).toEqual({ kind: 'allow', reason: 'reviewer-may-decide' });
    expect(reason({ now: 1000 })).toBe('campaign-over');
    expect(reason({ item: { levelStartsAt: 501 } })).toBe('review-level-later');
    expect(reason({ item: { levelStartsAt: 500 } })).toBe('reviewer-may-decide');
  });

  it.each(['token', 'service-app', 'host', 'job', 'anonymous'] as const)('is not so for %s', (kind) => {
    expect(reason({ reviewer: { kind } })).toBe('reviewer-not-a-person');
  });

  it('is not so for anybody else, twice, without a reason, or for the one who decided the first level or is tied to them', () => {
    expect(reason({ reviewer: { isAsked: false } })).toBe('reviewer-not-asked');
    expect(reason({ item: { decision: 'APPROVE' } })).toBe('review-decided');
    expect(reason({ hasNote: false })).toBe('review-note-missing');
    expect(reason({ item: { level: 'SECOND' }, reviewer: { hasDecidedBefore: true } })).toBe('review-decided-by-you');
    expect(reason({ item: { level: 'SECOND' }, reviewer: { isTiedToDecider: true } })).toBe('review-decided-by-tied');
    expect(reason({ item: { campaignStatus: 'SCHEDULED' } })).toBe('campaign-not-active');
  });

  it('is never so for the subject or somebody tied to them, whatever else holds', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('FIRST' as const, 'SECOND' as const),
        fc.integer({ min: 0, max: 2000 }),
        (isAsked, isSelf, level, now) => {
          const reviewer = isSelf ? { userId: 'lee', isAsked } : { isAsked, isTied: true };
          expect(judgeReview(input({ item: { level }, reviewer, now })).kind).toBe('deny');
        },
      ),
    );
  });

  it('is so about a break-glass account for super admins alone, who are asked as everybody is', () => {
    const item = { isOfSeal: true };
    expect(reason({ item })).toBe('reviewer-no-super-admin');
    expect(reason({ item, reviewer: { isSuperAdmin: true } })).toBe('reviewer-may-decide');
    expect(reason({ item, reviewer: { isSuperAdmin: true, isAsked: false } })).toBe('reviewer-not-asked');
    expect(reason({ item, reviewer: { isSuperAdmin: true, isTied: true } })).toBe('reviewer-tied');
  });

  it('lets people keep what gives no power only where the campaign says so', () => {
    expect(reason({ reviewer: { userId: 'lee' } })).toBe('review-own');
    expect(reason({ reviewer: { userId: 'lee' }, item: { isOwnAllowed: true } })).toBe('reviewer-may-decide');
  });
});

describe('what a decision makes of an item', () => {
  it.each([
    ['FIRST', 'APPROVE', null, 'FINAL'],
    ['FIRST', 'APPROVE', 'LOWER_LEVEL_APPROVES', 'SECOND'],
    ['FIRST', 'REVOKE', 'LOWER_LEVEL_APPROVES', 'FINAL'],
    ['FIRST', 'REVOKE', 'LOWER_LEVEL_APPROVES_OR_REJECTS', 'SECOND'],
    ['SECOND', 'APPROVE', 'LOWER_LEVEL_APPROVES_OR_REJECTS', 'FINAL'],
  ] as const)('%s %s with %s: %s', (level, decision, passesOn, result) => {
    expect(afterDecision(level, decision, passesOn)).toBe(result);
  });
});
