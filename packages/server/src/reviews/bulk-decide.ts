import { invalid, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { decideReviews, judgeReviews } from './decide-reviews.ts';
import { settingsOf } from './store.ts';

export interface BulkBody {
  readonly criteria: {
    readonly govAnalyzerCriteria?:
      | { readonly recommendedActionDecision: 'APPROVE' | 'REVOKE' | 'UNREVIEWED' }
      | undefined;
  };
  readonly reviewerLevel?: 'FIRST' | 'SECOND' | undefined;
  readonly notes?: string | undefined;
}

const present = (s: Services, campaignId: string, id: string, count: number) => {
  const href = `${s.config.publicUrl.origin}/governance/api/v1/my/campaigns/${campaignId}/reviews/bulk-decisions`;
  return {
    status: 'COMPLETED',
    eligibleReviewRecordCount: count,
    _links: { self: { href }, bulkReviewDecisionStatus: { href: `${href}/jobs/${id}` } },
  };
};

/**
 * `POST …/bulk-decisions`: approves what the caller is asked about and the evidence speaks for; the wire approves only. It
 * is done when it answers: the job tells the same again. Errors as for single decisions.
 */
export const bulkDecide = async (s: Services, principal: Principal, campaignId: string, body: BulkBody) => {
  const wanted = body.criteria.govAnalyzerCriteria?.recommendedActionDecision;
  const jobId = newId(s.random, 'reviewJob');
  const reviewerId = principal.kind === 'session' ? principal.userId : '';
  const count = await decideReviews(
    s,
    principal,
    campaignId,
    async (tx, campaign) => {
      if (settingsOf(campaign).reviewerSettings.bulkDecisionDisabled)
        throw invalid('campaignId', 'this review asks for a decision about each item by itself');
      let query = tx
        .selectFrom('reviewItems')
        .innerJoin('reviewers', 'reviewers.itemId', 'reviewItems.id')
        .selectAll('reviewItems')
        .where('reviewItems.campaignId', '=', campaignId)
        .where('reviewers.reviewerId', '=', reviewerId)
        .whereRef('reviewers.level', '=', 'reviewItems.level')
        .where('reviewItems.decision', 'is', null)
        .where('reviewItems.isUnanswered', '=', 0)
        .orderBy('reviewItems.seq');
      if (wanted === 'UNREVIEWED') query = query.where('reviewItems.suggestion', 'is', null);
      else if (wanted !== undefined) query = query.where('reviewItems.suggestion', '=', wanted);
      if (body.reviewerLevel !== undefined) query = query.where('reviewItems.level', '=', body.reviewerLevel);
      const items = await query.execute();
      const verdicts = await judgeReviews(s, tx, principal, campaign, items, () => true);
      return items
        .filter(({ id }) => verdicts.get(id)?.kind === 'allow')
        .map(({ id }) => ({ reviewId: id, decision: 'APPROVE' as const, note: body.notes }));
    },
    (tx, decided) =>
      tx
        .insertInto('reviewJobs')
        .values({ id: jobId, campaignId, reviewerId, decidedCount: decided, createdAt: s.clock.now() })
        .execute(),
  );
  return { ...present(s, campaignId, jobId, count), jobId };
};

/** `GET …/bulk-decisions/jobs/{id}`: the caller's own. */
export const getBulkJob = async (s: Services, principal: Principal, campaignId: string, id: string) => {
  const row = await s.store.read
    .selectFrom('reviewJobs')
    .selectAll()
    .where('id', '=', id)
    .where('campaignId', '=', campaignId)
    .where('reviewerId', '=', principal.kind === 'session' ? principal.userId : '')
    .executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Job');
  return { ...present(s, campaignId, id, row.decidedCount), id };
};
