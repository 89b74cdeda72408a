import { notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import type { ReviewDecision, ReviewEvidence, ReviewedKind, ReviewerLevel } from '@sallyport/model/review';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { jobContext } from '../setup/announce-setup.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import type { Recurrence } from './schedule.ts';

export type Campaign = Row<'campaigns'>;
export type ReviewItem = Row<'reviewItems'>;

export const REVIEWER_TYPES = ['USER', 'REVIEWER_EXPRESSION', 'GROUP', 'RESOURCE_OWNER'] as const;
/** Who is asked, as the wire says it. */
export interface AskedReviewers {
  readonly type: (typeof REVIEWER_TYPES)[number];
  readonly reviewerId?: string | undefined;
  readonly reviewerGroupId?: string | undefined;
  readonly reviewerScopeExpression?: string | undefined;
  readonly fallBackReviewerId?: string | undefined;
}
export interface ReviewerLevelSettings extends AskedReviewers {
  readonly startReview: {
    readonly onDay: number;
    readonly when?: 'LOWER_LEVEL_APPROVES' | 'LOWER_LEVEL_APPROVES_OR_REJECTS' | undefined;
  };
}
export interface ReviewerSettings extends Omit<AskedReviewers, 'type'> {
  readonly type: AskedReviewers['type'] | 'MULTI_LEVEL';
  readonly selfReviewDisabled: boolean;
  readonly justificationRequired: boolean;
  readonly bulkDecisionDisabled: boolean;
  readonly reassignmentDisabled: boolean;
  readonly reviewerLevels?: readonly ReviewerLevelSettings[] | undefined;
}
export interface ScopeSettings {
  readonly type: 'USERS';
  readonly userScopeExpression?: string | undefined;
  readonly excludedUserIds: readonly string[];
  readonly userIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly includeOnlyActiveUsers: boolean;
  readonly onlyIncludeUsersWithSODConflicts: false;
  readonly predefinedInactiveUsersScope?: { readonly inactiveDays: number } | undefined;
}
/** What the wire says of a campaign, made whole; of what it asks about `kinds` and `groupIds` (null is every group). */
export interface CampaignSettings {
  readonly campaignType: 'RESOURCE' | 'USER';
  readonly scheduleSettings: {
    readonly type: 'ONE_OFF' | 'RECURRING';
    readonly durationInDays: number;
    readonly timeZone: string;
    readonly recurrence?: Recurrence | undefined;
  };
  /** When the first run was to begin. */
  readonly firstStartAt: number;
  readonly resourceSettings: Readonly<Record<string, unknown>>;
  readonly principalScopeSettings: ScopeSettings;
  readonly reviewerSettings: ReviewerSettings;
  readonly notificationSettings: {
    readonly notifyReviewerWhenReviewAssigned: boolean;
    readonly notifyReviewerAtCampaignEnd: boolean;
    readonly notifyReviewerWhenOverdue: boolean;
    readonly notifyReviewerDuringMidpointOfReview: boolean;
    readonly notifyReviewPeriodEnd: boolean;
    readonly remindersReviewerBeforeCampaignCloseInSecs?: readonly number[] | undefined;
  };
  readonly remediationSettings: {
    readonly accessApproved: 'NO_ACTION';
    readonly accessRevoked: 'NO_ACTION' | 'DENY';
    readonly noResponse: 'NO_ACTION' | 'DENY';
  };
  readonly kinds: readonly ReviewedKind[];
  readonly groupIds: readonly string[] | null;
}
export const settingsOf = (row: Pick<Campaign, 'settings'>): CampaignSettings =>
  JSON.parse(row.settings) as CampaignSettings;

/** What an item refers to: one of these, by its kind. */
export type ItemRef =
  | { readonly assignmentId: string }
  | { readonly groupId: string; readonly userId: string }
  | { readonly grantId: string }
  | { readonly tokenId: string }
  | { readonly appId: string }
  | { readonly accountId: string };
export const refOf = (row: Pick<ReviewItem, 'ref'>): Readonly<Record<string, string>> =>
  JSON.parse(row.ref) as Record<string, string>;
export const evidenceOf = (row: Pick<ReviewItem, 'evidence'>): ReviewEvidence =>
  JSON.parse(row.evidence) as ReviewEvidence;

/** Is it about a break-glass account? Only super admins are asked about one, and a review takes none. */
export const isOfSeal = ({ kind }: Pick<ReviewItem, 'kind'>): boolean =>
  kind === ('BREAK_GLASS' satisfies ReviewedKind);

/**
 * What a revoke makes of an item. Of a break-glass account it is to be done by hand whatever the campaign says of what is
 * revoked: nothing is taken of it, and nothing that was said of it is lost.
 */
export const afterRevoke = (settings: CampaignSettings, item: ReviewItem): 'OPEN' | 'NONE' =>
  settings.remediationSettings.accessRevoked === 'DENY' || isOfSeal(item) ? 'OPEN' : 'NONE';

/** E0000007 otherwise. A deleted one is gone for whoever asks; its report stays in the store. */
export const findCampaign = async (db: Transaction, id: string): Promise<Campaign> => {
  const row = await db
    .selectFrom('campaigns')
    .selectAll()
    .where('id', '=', id)
    .where('status', '!=', 'DELETED')
    .executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Campaign');
  return row;
};
export const findItem = async (db: Transaction, id: string): Promise<ReviewItem> => {
  const row = await db.selectFrom('reviewItems').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Review');
  return row;
};

/** The end counts, whether or not anything has closed it yet (design §4.5). */
export const statusAt = ({ status, endsAt }: Campaign, now: number): Campaign['status'] =>
  status === 'ACTIVE' && now >= endsAt ? 'COMPLETED' : status;

/** How the levels of a campaign are asked; one, or two. */
export const levelsOf = ({ reviewerSettings }: CampaignSettings): readonly ReviewerLevelSettings[] => {
  const { type, reviewerLevels } = reviewerSettings;
  if (type !== 'MULTI_LEVEL') return [{ ...reviewerSettings, type, startReview: { onDay: 0 } }];
  return reviewerLevels ?? [];
};
export const levelNamed = (settings: CampaignSettings, level: ReviewerLevel): ReviewerLevelSettings | undefined =>
  levelsOf(settings)[level === 'FIRST' ? 0 : 1];

export const campaignAsTarget = ({ id, name }: Pick<Campaign, 'id' | 'name'>): LogTarget => ({
  id,
  type: 'Campaign',
  alternateId: 'unknown',
  displayName: name,
  detailEntry: null,
});
/** An item in an event: the item, whose it is, and what it is. */
export const itemTargets = (item: ReviewItem, subjectLogin = 'unknown'): LogTarget[] => [
  {
    id: item.id,
    type: 'CampaignItem',
    alternateId: 'unknown',
    displayName: `${item.resourceLabel} of ${item.subjectLabel}`,
    detailEntry: null,
  },
  {
    id: item.subjectId,
    type: item.subjectKind === 'user' ? 'User' : 'PublicClientApp',
    alternateId: subjectLogin,
    displayName: item.subjectLabel,
    detailEntry: null,
  },
];

/** Names of people, as they are read; who is gone has none. */
export const namesOfPeople = async (db: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const names = new Map<string, string>();
  const wanted = [...new Set(ids)];
  for (let i = 0; i < wanted.length; i += 500) {
    const rows = await db
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('id', 'in', wanted.slice(i, i + 500))
      .execute();
    for (const { id, login, profile } of rows) names.set(id, displayNameOf(JSON.parse(profile) as object, login));
  }
  return names;
};

/** Whoever does what time brings. */
export const reviewsJob = (s: Services): Principal & { kind: 'job' } => ({
  kind: 'job',
  job: 'reviews',
  permissions: new Set<never>(),
  request: jobContext(`reviews-${s.random.bytes(9).toString('base64url')}`),
});

export interface Answered {
  readonly level: ReviewerLevel;
  readonly decision: ReviewDecision;
  readonly note: string | null;
  readonly decidedBy: string;
  readonly decidedByLabel: string;
  readonly decidedAt: number;
}
/** What was answered about items, the first level first. */
export const answersOf = async (
  db: Transaction,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Answered[]>> => {
  const found = new Map<string, Answered[]>();
  for (let i = 0; i < itemIds.length; i += 500) {
    const rows = await db
      .selectFrom('reviewDecisions')
      .selectAll()
      .where('itemId', 'in', itemIds.slice(i, i + 500))
      .orderBy('level')
      .execute();
    for (const row of rows) found.set(row.itemId, [...(found.get(row.itemId) ?? []), row]);
  }
  return found;
};
