import { describe, expect, it } from 'vitest';
import { judgeReview, type ReviewFacts } from './judge-review.ts';

type Change = Partial<Omit<ReviewFacts, 'reviewer'>> & { readonly reviewer?: Partial<ReviewFacts['reviewer']> };
const judge = ({ reviewer, ...change }: Change = {}) =>
  judgeReview({
    kind: 'USE',
    isClosed: false,
    isInUse: false,
    signedBy: ['00uAna'],
    isLeftToOthers: false,
    ...change,
    reviewer: {
      ...{ id: '00uBo', isPersonInConsole: true, isBreakGlass: false, isTied: false, isMadeByAccount: false },
      ...reviewer,
    },
  });

describe('the review of a break-glass use', () => {
  it('is closed by the second of two people', () => {
    expect(judge({ signedBy: [] })).toMatchObject({ kind: 'allow', closes: false });
    expect(judge()).toMatchObject({ kind: 'allow', closes: true });
  });
  it('of a drill by the first', () => {
    expect(judge({ kind: 'DRILL', signedBy: [] })).toMatchObject({ closes: true });
  });
  it.each<[string, Change, string]>([
    ['by the same person twice', { signedBy: ['00uBo'] }, 'review-signed'],
    ['by a second account of one hand', { reviewer: { isTied: true } }, 'approver-tied'],
    ['by whom the account made', { signedBy: [], reviewer: { isMadeByAccount: true } }, 'approver-made-by-account'],
    ['by whoever announced the drill', { kind: 'DRILL', signedBy: [], isLeftToOthers: true }, 'review-own-drill'],
    ['by a token', { reviewer: { isPersonInConsole: false } }, 'approver-not-a-person'],
    ['by a break-glass account', { reviewer: { isBreakGlass: true } }, 'approver-break-glass'],
    ['while it goes on', { isInUse: true }, 'review-while-in-use'],
    ['after it was closed', { isClosed: true }, 'review-closed'],
  ])('is not signed %s', (_, change, reason) => {
    expect(judge(change)).toEqual({ kind: 'deny', reason });
  });
  it('is begun by whoever is tied to others: one signature closes nothing', () => {
    expect(judge({ signedBy: [], reviewer: { isTied: true } })).toMatchObject({ kind: 'allow', closes: false });
  });
});
