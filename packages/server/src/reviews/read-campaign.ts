import type { CampaignBody } from '@sallyport/api/reviews';
import { parseCondition } from '@sallyport/decide/policies/parse-condition';
import { invalid } from '@sallyport/model/errors';
import { parseIso } from '@sallyport/model/instant';
import type { PolicyExpression } from '@sallyport/model/policy-expression';
import type { ReviewedKind } from '@sallyport/model/review';
import { isBreakGlass } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { groupsWithRole } from '../roles/groups-with-role.ts';
import { REVIEWER_EXPRESSION } from './ask-reviewers.ts';
import { assertTimeZone, endOfRun, readInterval } from './schedule.ts';
import type { AskedReviewers, CampaignSettings, ReviewerSettings } from './store.ts';

/** The Admin Console: who may do what there is what its campaign asks about. */
const CONSOLE_APP = 'saasure';

const assertPerson = async (db: Transaction, field: string, id: string): Promise<void> => {
  const row = await db
    .selectFrom('users')
    .select(['status', 'serviceAccountAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw invalid(field, 'there is no such person');
  if (row.status !== 'ACTIVE' || row.serviceAccountAt !== null || (await isBreakGlass(db, id)))
    throw invalid(field, 'is nobody who can be asked: an active person is needed');
};
const assertGroup = async (db: Transaction, field: string, id: string): Promise<void> => {
  const row = await db.selectFrom('groups').select('id').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw invalid(field, 'there is no such group');
};

const assertAsked = async (db: Transaction, asked: AskedReviewers): Promise<void> => {
  const { type, reviewerId, reviewerGroupId, reviewerScopeExpression, fallBackReviewerId } = asked;
  if (type === 'USER') {
    if (reviewerId === undefined) throw invalid('reviewerId', 'is needed: who is asked');
    await assertPerson(db, 'reviewerId', reviewerId);
  }
  if (type === 'GROUP') {
    if (reviewerGroupId === undefined) throw invalid('reviewerGroupId', 'is needed: the group whose members are asked');
    await assertGroup(db, 'reviewerGroupId', reviewerGroupId);
  }
  if (type === 'REVIEWER_EXPRESSION' && !REVIEWER_EXPRESSION.test(reviewerScopeExpression ?? ''))
    throw invalid(
      'reviewerScopeExpression',
      'names an attribute that holds the id or login of a person: user.profile.managerId',
    );
  if ((type === 'REVIEWER_EXPRESSION' || type === 'RESOURCE_OWNER') && fallBackReviewerId === undefined)
    throw invalid('fallBackReviewerId', 'is needed: who is asked where nobody is found');
  if (fallBackReviewerId !== undefined) await assertPerson(db, 'fallBackReviewerId', fallBackReviewerId);
};

const CLAUSES = new Set(['always', 'profile', 'memberOf']);
const isOfPeople = (expression: PolicyExpression): boolean => {
  if (expression.kind === 'not') return isOfPeople(expression.of);
  return 'of' in expression ? expression.of.every(isOfPeople) : CLAUSES.has(expression.kind);
};
const assertScope = (text: string | undefined): void => {
  if (text === undefined) return;
  const parsed = parseCondition(text);
  if (!parsed.ok) throw invalid('userScopeExpression', parsed.message);
  if (!isOfPeople(parsed.test))
    throw invalid('userScopeExpression', 'asks about people: their profile and the groups they are in');
};

type Resources = Pick<CampaignSettings, 'kinds' | 'groupIds' | 'resourceSettings'>;
/** What is asked about. What this server cannot review is refused in words: a review that leaves it out would tell nobody. */
const readResources = async (db: Transaction, body: CampaignBody): Promise<Resources> => {
  const { resourceSettings = {}, campaignType = 'RESOURCE', sallyport } = body;
  const targets = resourceSettings.targetResources ?? [];
  const kinds = new Set<ReviewedKind>(sallyport?.kinds ?? []);
  const groupIds: string[] = [];
  for (const word of ['includeEntitlements', 'onlyIncludeOutOfPolicyEntitlements', 'individuallyAssignedAppsOnly'])
    if (resourceSettings[word] === true) throw invalid(word, 'entitlements and apps are not reviewed here');
  if ((resourceSettings.excludedResources ?? []).length > 0)
    throw invalid('excludedResources', 'name what is reviewed instead');
  for (const { resourceId, resourceType = resourceSettings.type } of targets) {
    if (resourceType === 'GROUP') {
      const row = await db.selectFrom('groups').select('type').where('id', '=', resourceId).executeTakeFirst();
      if (row === undefined) throw invalid('targetResources', `there is no group ${resourceId}`);
      if (row.type === 'BUILT_IN')
        throw invalid('targetResources', 'everybody is in Everyone; there is nothing to take');
      groupIds.push(resourceId);
      kinds.add('GROUP_MEMBERSHIP');
    } else if (resourceType === 'APPLICATION') {
      const app = await db.selectFrom('apps').select('name').where('id', '=', resourceId).executeTakeFirst();
      if (app?.name !== CONSOLE_APP)
        throw invalid('targetResources', 'of apps the Admin Console is reviewed: who holds which admin role');
      kinds.add('ROLE');
    } else throw invalid('targetResources', `${String(resourceType).slice(0, 40)} is not reviewed here`);
  }
  if (resourceSettings.type === 'OKTA_SERVICE_ACCOUNT') kinds.add('API_TOKEN').add('SERVICE_APP');
  const isAllGroups =
    campaignType === 'USER' &&
    (['GROUP', 'APPLICATION_AND_GROUP'].includes(resourceSettings.type ?? '') ||
      (resourceSettings.targetTypes ?? []).includes('GROUP'));
  if (isAllGroups) kinds.add('GROUP_MEMBERSHIP');
  if (resourceSettings.includeAdminRoles === true) kinds.add('ROLE');
  if (kinds.size === 0)
    throw invalid('resourceSettings', 'names nothing to review: groups, the Admin Console, or sallyport.kinds');
  return {
    kinds: [...kinds].toSorted(),
    groupIds: groupIds.length === 0 ? null : groupIds,
    resourceSettings: {
      excludedResources: [],
      ...{ individuallyAssignedAppsOnly: false, individuallyAssignedGroupsOnly: false },
      ...{ includeEntitlements: false, onlyIncludeOutOfPolicyEntitlements: false, includeAdminRoles: false },
      ...resourceSettings,
      targetResources: targets.map((one) => ({ includeAllEntitlementsAndBundles: false, ...one })),
    },
  };
};

/** Does it ask about power over others? Then a reason is asked for with each decision, and nobody decides about themselves. */
const isOfAdmins = async (db: Transaction, { kinds, groupIds }: Resources): Promise<boolean> => {
  if (kinds.some((kind) => kind !== 'GROUP_MEMBERSHIP') || groupIds === null) return true;
  return (await groupsWithRole(db, groupIds)).size > 0;
};

const readReviewers = async (
  db: Transaction,
  { reviewerSettings: given, scheduleSettings: { durationInDays } }: CampaignBody,
  isAdminCampaign: boolean,
): Promise<ReviewerSettings> => {
  const { isSelfReviewDisabled, reviewerLevels, justificationRequirement, ...rest } = given;
  const levels = given.type === 'MULTI_LEVEL' ? reviewerLevels : undefined;
  if (given.type === 'MULTI_LEVEL') {
    if (levels === undefined) throw invalid('reviewerLevels', 'two levels are needed');
    for (const level of levels) await assertAsked(db, level);
    if (levels[0]?.startReview.onDay !== 0) throw invalid('reviewerLevels', 'the first level begins on day 0');
    if (levels.some(({ startReview }) => startReview.onDay >= durationInDays))
      throw invalid('onDay', 'lies after the end: nobody could answer, and no answer may take what people have');
    if (levels[0]?.startReview.when !== undefined)
      throw invalid('reviewerLevels', 'the first level depends on nothing; `when` is of the second');
  } else await assertAsked(db, { ...given, type: given.type });
  const isSelfDisabled = given.selfReviewDisabled ?? isSelfReviewDisabled ?? true;
  const isRequired = given.justificationRequired ?? justificationRequirement === 'REQUIRED_FOR_ALL';
  return {
    ...rest,
    ...(levels === undefined
      ? {}
      : { reviewerLevels: levels.map(({ isSelfReviewDisabled: _old, ...level }) => level) }),
    selfReviewDisabled: isAdminCampaign || isSelfDisabled,
    justificationRequired: isAdminCampaign || isRequired,
    bulkDecisionDisabled: given.bulkDecisionDisabled ?? false,
    reassignmentDisabled: given.reassignmentDisabled ?? false,
  };
};

export interface ReadCampaign {
  readonly settings: CampaignSettings;
  readonly startAt: number;
  readonly endsAt: number;
}

/** A campaign as it is kept; E0000001 with what is wrong, or what cannot be done here. */
export const readCampaign = async (db: Transaction, body: CampaignBody): Promise<ReadCampaign> => {
  const { scheduleSettings: schedule, remediationSettings: remediation } = body;
  assertTimeZone(schedule.timeZone);
  const startAt = parseIso(schedule.startDate);
  if (startAt === null) throw invalid('startDate', 'is a date with a time: 2026-12-01T09:00:00Z');
  const { recurrence } = schedule;
  const isRecurring = schedule.type === 'RECURRING';
  if (isRecurring) {
    if (recurrence === undefined) throw invalid('recurrence', 'is needed: how often');
    readInterval(recurrence.interval);
    if (recurrence.ends !== undefined && parseIso(recurrence.ends) === null) throw invalid('ends', 'is no date');
  }
  const { includeOnly = [], includeAllIndirectAssignments = false } = remediation.autoRemediationSettings ?? {};
  if (includeOnly.length > 0 || includeAllIndirectAssignments)
    throw invalid('autoRemediationSettings', 'what is revoked is taken as it stands in the item; leave this out');
  const scope = body.principalScopeSettings ?? {};
  if (scope.onlyIncludeUsersWithSODConflicts === true)
    throw invalid('onlyIncludeUsersWithSODConflicts', 'conflicts of duty are not known here');
  assertScope(scope.userScopeExpression);
  for (const groupId of scope.groupIds ?? []) await assertGroup(db, 'groupIds', groupId);
  const resources = await readResources(db, body);
  const notify = body.notificationSettings ?? {};
  const reminders = notify.remindersReviewerBeforeCampaignCloseInSecs;
  return {
    startAt,
    endsAt: endOfRun(startAt, schedule.durationInDays),
    settings: {
      campaignType: body.campaignType ?? 'RESOURCE',
      scheduleSettings: {
        type: schedule.type,
        durationInDays: schedule.durationInDays,
        timeZone: schedule.timeZone,
        ...(isRecurring && recurrence !== undefined ? { recurrence } : {}),
      },
      firstStartAt: startAt,
      ...resources,
      principalScopeSettings: {
        type: 'USERS',
        ...(scope.userScopeExpression === undefined ? {} : { userScopeExpression: scope.userScopeExpression }),
        excludedUserIds: scope.excludedUserIds ?? [],
        userIds: scope.userIds ?? [],
        groupIds: scope.groupIds ?? [],
        includeOnlyActiveUsers: scope.includeOnlyActiveUsers ?? false,
        onlyIncludeUsersWithSODConflicts: false,
        ...(scope.predefinedInactiveUsersScope === undefined
          ? {}
          : { predefinedInactiveUsersScope: scope.predefinedInactiveUsersScope }),
      },
      reviewerSettings: await readReviewers(db, body, await isOfAdmins(db, resources)),
      notificationSettings: {
        notifyReviewerWhenReviewAssigned: notify.notifyReviewerWhenReviewAssigned ?? false,
        notifyReviewerAtCampaignEnd: notify.notifyReviewerAtCampaignEnd ?? false,
        notifyReviewerWhenOverdue: notify.notifyReviewerWhenOverdue ?? false,
        notifyReviewerDuringMidpointOfReview: notify.notifyReviewerDuringMidpointOfReview ?? false,
        notifyReviewPeriodEnd: notify.notifyReviewPeriodEnd ?? false,
        ...(reminders === undefined ? {} : { remindersReviewerBeforeCampaignCloseInSecs: reminders }),
      },
      remediationSettings: {
        accessApproved: 'NO_ACTION',
        accessRevoked: remediation.accessRevoked,
        noResponse: remediation.noResponse,
      },
    },
  };
};
