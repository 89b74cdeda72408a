import { DECISIONS_MAX, REVIEWED_KINDS } from '@sallyport/model/review';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.governance.accessCertifications.read' } as const;
const manage = { kind: 'admin', permission: 'okta.governance.accessCertifications.manage' } as const;
const asked = {
  kind: 'person',
  why: 'whoever is asked about something sees it and decides it, and nothing else',
} as const;

const id = z.string().min(1).max(64);
const ids = (max: number) => z.array(id).max(max);
const flag = z.boolean().optional();
const reviewers = {
  reviewerId: id.optional(),
  reviewerGroupId: id.optional(),
  reviewerScopeExpression: z.string().min(1).max(2000).optional(),
  fallBackReviewerId: id.optional(),
  isSelfReviewDisabled: flag,
  selfReviewDisabled: flag,
};
const oneLevel = z.object({
  type: z.enum(['USER', 'REVIEWER_EXPRESSION', 'GROUP', 'RESOURCE_OWNER']),
  ...reviewers,
  startReview: z.object({
    onDay: z.number().int().min(0).max(3650).default(0),
    when: z.enum(['LOWER_LEVEL_APPROVES', 'LOWER_LEVEL_APPROVES_OR_REJECTS']).optional(),
  }),
});
const resource = z.looseObject({ resourceId: id, resourceType: z.string().max(64).optional() });
/** A campaign as the wire creates one; `sallyport` names what the wire has no word for. */
const campaignBody = z.object({
  name: z.string().trim().min(1).max(255),
  description: z.string().max(1000).optional(),
  campaignType: z.enum(['RESOURCE', 'USER']).optional(),
  scheduleSettings: z.object({
    type: z.enum(['ONE_OFF', 'RECURRING']),
    startDate: z.string().min(1).max(64),
    durationInDays: z.number().int().min(1).max(3650),
    timeZone: z.string().min(1).max(64),
    recurrence: z
      .object({
        interval: z.string().max(32),
        repeatOnType: z
          .enum(['SAME_DAY_AS_START_DATE', 'SAME_WEEKDAY_AS_START_DATE', 'LAST_WEEKDAY_AS_START_DATE'])
          .optional(),
        ends: z.string().max(64).optional(),
      })
      .optional(),
  }),
  resourceSettings: z
    .looseObject({
      type: z.string().max(64).optional(),
      targetTypes: z.array(z.string().max(64)).max(10).optional(),
      targetResources: z.array(resource).max(200).optional(),
      excludedResources: z.array(z.looseObject({})).max(200).optional(),
      includeAdminRoles: flag,
    })
    .optional(),
  principalScopeSettings: z
    .object({
      type: z.literal('USERS').optional(),
      userScopeExpression: z.string().min(1).max(7000).optional(),
      excludedUserIds: ids(50).nullish(),
      userIds: ids(100).nullish(),
      groupIds: ids(5).nullish(),
      includeOnlyActiveUsers: flag,
      onlyIncludeUsersWithSODConflicts: flag,
      predefinedInactiveUsersScope: z.strictObject({ inactiveDays: z.number().int().min(30).max(365) }).optional(),
    })
    .optional(),
  reviewerSettings: z.object({
    type: z.enum(['USER', 'REVIEWER_EXPRESSION', 'GROUP', 'RESOURCE_OWNER', 'MULTI_LEVEL']),
    ...reviewers,
    justificationRequired: flag,
    justificationRequirement: z.enum(['OPTIONAL', 'REQUIRED_FOR_REVOKE', 'REQUIRED_FOR_ALL', 'DISABLED']).optional(),
    bulkDecisionDisabled: flag,
    reassignmentDisabled: flag,
    reviewerLevels: z.array(oneLevel).length(2).optional(),
  }),
  notificationSettings: z
    .object({
      notifyReviewerWhenReviewAssigned: flag,
      notifyReviewerAtCampaignEnd: flag,
      notifyReviewerWhenOverdue: flag.nullish(),
      notifyReviewerDuringMidpointOfReview: flag.nullish(),
      notifyReviewPeriodEnd: flag.nullish(),
      remindersReviewerBeforeCampaignCloseInSecs: z
        .array(z.number().int().min(60).max(31_536_000))
        .min(1)
        .max(3)
        .optional(),
    })
    .optional(),
  remediationSettings: z.object({
    accessApproved: z.literal('NO_ACTION'),
    accessRevoked: z.enum(['NO_ACTION', 'DENY']),
    noResponse: z.enum(['NO_ACTION', 'DENY']),
    autoRemediationSettings: z
      .object({ includeOnly: z.array(z.looseObject({})).optional(), includeAllIndirectAssignments: flag })
      .nullish(),
  }),
  sallyport: z.strictObject({ kinds: z.array(z.enum(REVIEWED_KINDS)).min(1).max(REVIEWED_KINDS.length) }).optional(),
});
export type CampaignBody = z.output<typeof campaignBody>;
export type CampaignDraft = z.input<typeof campaignBody>;

const page = {
  limit: z.string().optional(),
  after: z.string().max(200).optional(),
  filter: z.string().max(1000).optional(),
  orderBy: z.string().max(64).optional(),
};

export const reviewRoutes = defineRoutes([
  {
    name: 'campaigns.list',
    method: 'GET',
    path: '/governance/api/v1/campaigns',
    summary: 'Reviews of access',
    access: read,
    rateClass: 'management',
    query: z.object(page),
  },
  {
    name: 'campaigns.create',
    method: 'POST',
    path: '/governance/api/v1/campaigns',
    summary: 'Plan a review of access, once or again and again',
    access: manage,
    rateClass: 'management',
    status: 201,
    body: campaignBody,
    protection: { action: 'campaign.create' },
    events: ['certification.campaign.create'],
  },
  {
    name: 'campaigns.get',
    method: 'GET',
    path: '/governance/api/v1/campaigns/{campaignId}',
    summary: 'A review of access',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'campaigns.delete',
    method: 'DELETE',
    path: '/governance/api/v1/campaigns/{campaignId}',
    summary: 'Delete a review that is not running',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'campaign.change' },
    events: ['certification.campaign.delete'],
  },
  {
    name: 'campaigns.launch',
    method: 'POST',
    path: '/governance/api/v1/campaigns/{campaignId}/launch',
    summary: 'Start a planned review now',
    access: manage,
    rateClass: 'management',
    status: 202,
    protection: { action: 'campaign.change' },
    events: ['certification.campaign.launch'],
  },
  {
    name: 'campaigns.end',
    method: 'POST',
    path: '/governance/api/v1/campaigns/{campaignId}/end',
    summary: 'End a review now, and carry out what it says of no answer or not',
    access: manage,
    rateClass: 'management',
    status: 202,
    body: z.object({ skipRemediation: flag }),
    protection: { action: 'campaign.change' },
    events: ['certification.campaign.close'],
  },
  {
    name: 'campaigns.reassign',
    method: 'POST',
    path: '/governance/api/v1/campaigns/{campaignId}/reviews/reassign',
    summary: 'Ask somebody else about items',
    access: manage,
    rateClass: 'management',
    body: z.object({
      reviewerId: id,
      reviewIds: z.array(id).min(1).max(50),
      reviewerLevel: z.enum(['FIRST', 'SECOND']).optional(),
      note: z.string().trim().min(1).max(300),
    }),
    protection: { action: 'review.reassign' },
    events: ['certification.campaign.item.decide'],
  },
  {
    name: 'reviews.list',
    method: 'GET',
    path: '/governance/api/v1/reviews',
    summary: 'Items of reviews',
    access: read,
    rateClass: 'management',
    query: z.object(page),
  },
  {
    name: 'reviews.get',
    method: 'GET',
    path: '/governance/api/v1/reviews/{reviewId}',
    summary: 'An item of a review, with who is asked and what was answered',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'reviews.bulkDecide',
    method: 'POST',
    path: '/governance/api/v1/my/campaigns/{campaignId}/reviews/bulk-decisions',
    summary: 'Approve all that the caller is asked about and that the evidence speaks for',
    access: asked,
    rateClass: 'self',
    status: 202,
    body: z.object({
      criteria: z.object({
        type: z.literal('GOVERNANCE_ANALYZER'),
        govAnalyzerCriteria: z
          .object({ recommendedActionDecision: z.enum(['APPROVE', 'REVOKE', 'UNREVIEWED']) })
          .optional(),
      }),
      reviewDecision: z.literal('APPROVE'),
      reviewerLevel: z.enum(['FIRST', 'SECOND']).optional(),
      notes: z.string().trim().min(1).max(300).optional(),
    }),
    protection: { action: 'review.decide' },
    events: ['certification.campaign.item.decide'],
  },
  {
    name: 'reviews.bulkJob',
    method: 'GET',
    path: '/governance/api/v1/my/campaigns/{campaignId}/reviews/bulk-decisions/jobs/{jobId}',
    summary: 'What became of many decisions at once',
    access: asked,
    rateClass: 'self',
  },
  {
    name: 'reviewCampaigns.list',
    method: 'GET',
    path: '/sallyport/v1/campaigns',
    summary: 'Reviews with their numbers: all, or those that the caller is asked in',
    access: asked,
    rateClass: 'self',
    query: z.object({ limit: z.string().optional(), after: z.string().max(200).optional() }),
  },
  {
    name: 'reviewCampaigns.get',
    method: 'GET',
    path: '/sallyport/v1/campaigns/{campaignId}',
    summary: 'A review with its numbers',
    access: asked,
    rateClass: 'self',
  },
  {
    name: 'reviewCampaigns.items',
    method: 'GET',
    path: '/sallyport/v1/campaigns/{campaignId}/items',
    summary: 'Items with their evidence, a suggestion and its reason, and whether the caller may decide',
    access: asked,
    rateClass: 'self',
    query: z.object({
      show: z.enum(['mine', 'all']).optional(),
      state: z.enum(['open', 'decided', 'taken']).optional(),
      limit: z.string().optional(),
      after: z.string().max(200).optional(),
    }),
  },
  {
    name: 'reviewCampaigns.decide',
    method: 'POST',
    path: '/sallyport/v1/campaigns/{campaignId}/decisions',
    summary: 'Submit decisions; all of them count, or none',
    access: asked,
    rateClass: 'self',
    body: z.strictObject({
      decisions: z
        .array(
          z.strictObject({
            reviewId: id,
            decision: z.enum(['APPROVE', 'REVOKE']),
            note: z.string().trim().min(1).max(300).optional(),
          }),
        )
        .min(1)
        .max(DECISIONS_MAX),
    }),
    protection: { action: 'review.decide' },
    events: ['certification.campaign.item.decide'],
  },
  {
    name: 'reviewCampaigns.report',
    method: 'GET',
    path: '/sallyport/v1/campaigns/{campaignId}/report',
    summary: 'The report; from the close on its digest stands in the System Log',
    access: read,
    rateClass: 'management',
    query: z.object({ format: z.enum(['json', 'csv', 'html']).optional() }),
  },
  {
    name: 'reviews.restore',
    method: 'POST',
    path: '/sallyport/v1/reviews/{reviewId}/restore',
    summary: 'Give back what a review took, as it was, within its days of grace',
    access: manage,
    rateClass: 'management',
    protection: { action: 'review.restore' },
    events: ['certification.campaign.item.remediate'],
  },
]);
