import { whyNotRestored } from '@sallyport/decide/reviews/judge-restore';
import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { isReason, sentenceOf } from '@sallyport/model/reasons';
import { isReviewedKind, KIND_WORDS, LOG_FINDING_WORDS, type SealEvidence } from '@sallyport/model/review';
import { sql } from 'kysely';
import { pageLimit } from '../http/page-limit.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { ASKED } from './asked-now.ts';
import { judgeReviews } from './decide-reviews.ts';
import { presentCampaignLine } from './present-campaign.ts';
import {
  type Answered,
  answersOf,
  type Campaign,
  evidenceOf,
  findCampaign,
  findItem,
  levelNamed,
  namesOfPeople,
  type ReviewItem,
  settingsOf,
  statusAt,
} from './store.ts';
import { findVisible, isAskedOf, maySeeAll, ownId } from './who-sees.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

/** A cursor of a sorted list: the value of the last row, and its id. */
const cursorOf = (value: number | string, id: string): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');
const ORDERED_BY_NUMBER: ReadonlySet<string> = new Set(['createdAt', 'decidedAt', 'startAt', 'endsAt']);
const readCursor = (text: string, kind: 'number' | 'string'): readonly [number | string, string] => {
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [number | string, string];
    // A word where an instant stands is an error of PostgreSQL, and none of the caller's that is told.
    if (typeof value === kind && typeof id === 'string') return [value, id];
  } catch {
    // Told below.
  }
  throw invalid('after', 'is no cursor of this list');
};
const readOrder = <C extends string>(text: string | undefined, columns: Readonly<Record<string, C>>) => {
  const [, name = '', direction = 'asc'] = /^(\w+)(?: (asc|desc))?$/.exec(text?.trim() ?? 'created asc') ?? [];
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) throw invalid('orderBy', `is one of ${Object.keys(columns).join(', ')}, with asc or desc`);
  return { column, isDescending: direction === 'desc' };
};

export interface ListQuery {
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
  readonly filter?: string | undefined;
  readonly orderBy?: string | undefined;
}

/** `GET …/campaigns`. `filter`: name, status, scheduleType, reviewerType or recurringCampaignId with eq. */
export const listCampaigns = async (s: Services, input: ListQuery) => {
  const limit = pageLimit(input.limit, 20, 200);
  const now = s.clock.now();
  const { column, isDescending } = readOrder(input.orderBy, {
    created: 'createdAt',
    startDate: 'startAt',
    endDate: 'endsAt',
    name: 'name',
  } as const);
  let query = s.store.read.selectFrom('campaigns').selectAll().where('status', '!=', 'DELETED');
  for (const { field, value } of simpleFilter(input.filter, ['name', 'status', 'recurringCampaignId'])) {
    if (field === 'name') query = query.where('name', '=', value);
    else if (field === 'recurringCampaignId') query = query.where('seriesId', '=', value);
    else if (value === 'ACTIVE') query = query.where('status', '=', 'ACTIVE').where('endsAt', '>', now);
    else if (value === 'COMPLETED')
      query = query.where((e) =>
        e.or([e('status', '=', 'COMPLETED'), e.and([e('status', '=', 'ACTIVE'), e('endsAt', '<=', now)])]),
      );
    else query = query.where('status', '=', value as Campaign['status']);
  }
  if (input.after !== undefined) {
    const [value, id] = readCursor(input.after, ORDERED_BY_NUMBER.has(column) ? 'number' : 'string');
    query = query.where((e) =>
      e.or([
        e(column, isDescending ? '<' : '>', value as never),
        e.and([e(column, '=', value as never), e('id', '>', id)]),
      ]),
    );
  }
  const rows = await query
    .orderBy(column, isDescending ? 'desc' : 'asc')
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    campaigns: shown.map((row) => presentCampaignLine(row, s.config.publicUrl.origin, now)),
    after: last === undefined || rows.length <= limit ? null : cursorOf(last[column], last.id),
  };
};

const profileOf = (row: Row<'users'> | undefined, id: string) => {
  if (row === undefined) return { id, status: 'INACTIVE', type: 'USER' };
  const { firstName, lastName, email } = JSON.parse(row.profile) as Record<string, string | undefined>;
  return {
    ...{ id, login: row.login, email, firstName, lastName },
    status: row.status === 'ACTIVE' ? 'ACTIVE' : 'INACTIVE',
    type: 'USER',
  };
};

interface Shown {
  readonly people: ReadonlyMap<string, Row<'users'>>;
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly reviewers: ReadonlyMap<string, readonly Row<'reviewers'>[]>;
  readonly groups: ReadonlyMap<string, string>;
}
/** What is shown beside items, in a few questions for a page. */
const beside = async (db: Transaction, items: readonly ReviewItem[]): Promise<Shown> => {
  const ids = [...items.map(({ id }) => id), ''];
  const reviewers = await db
    .selectFrom('reviewers')
    .selectAll()
    .where('itemId', 'in', ids)
    .orderBy('reviewerId')
    .execute();
  const campaignIds = [...new Set(items.map(({ campaignId }) => campaignId)), ''];
  const campaigns = await db.selectFrom('campaigns').selectAll().where('id', 'in', campaignIds).execute();
  const people = await db
    .selectFrom('users')
    .selectAll()
    .where('id', 'in', [
      ...new Set([...items.map(({ subjectId }) => subjectId), ...reviewers.map((r) => r.reviewerId)]),
      '',
    ])
    .execute();
  const groupIds = campaigns.flatMap((row) =>
    (['FIRST', 'SECOND'] as const).flatMap((level) => levelNamed(settingsOf(row), level)?.reviewerGroupId ?? []),
  );
  const groups = await db
    .selectFrom('groups')
    .select(['id', 'name'])
    .where('id', 'in', [...groupIds, ''])
    .execute();
  return {
    people: new Map(people.map((row) => [row.id, row])),
    campaigns: new Map(campaigns.map((row) => [row.id, row])),
    reviewers: Map.groupBy(reviewers, ({ itemId }) => itemId),
    groups: new Map(groups.map(({ id, name }) => [id, name])),
  };
};

const decisionOf = (item: ReviewItem) => item.decision ?? 'UNREVIEWED';

/** Who is asked at a level, as the wire says it: one person, a group, or the owners of a resource. */
const askedAt = (item: ReviewItem, level: ReviewItem['level'], shown: Shown) => {
  const campaign = shown.campaigns.get(item.campaignId);
  const settings = campaign === undefined ? undefined : levelNamed(settingsOf(campaign), level);
  const ids = (shown.reviewers.get(item.id) ?? []).filter((one) => one.level === level).map((one) => one.reviewerId);
  const [only] = ids;
  if (ids.length === 1 && only !== undefined)
    return { reviewerType: 'USER', reviewerProfile: profileOf(shown.people.get(only), only) };
  const groupId = settings?.reviewerGroupId;
  if (settings?.type === 'GROUP' && groupId !== undefined)
    return {
      reviewerType: 'GROUP',
      reviewerGroupProfile: { name: shown.groups.get(groupId) ?? '', groupId, groupType: 'GROUP' },
    };
  return {
    reviewerType: 'RESOURCE_OWNER',
    reviewerGroupProfile: { name: 'Those who are asked', groupId: item.resourceId, groupType: 'RESOURCE_OWNER' },
  };
};

const isTwoLevelled = (item: ReviewItem, shown: Shown): boolean => {
  const campaign = shown.campaigns.get(item.campaignId);
  return campaign !== undefined && settingsOf(campaign).reviewerSettings.type === 'MULTI_LEVEL';
};

const presentReview = (item: ReviewItem, shown: Shown, origin: string) => ({
  id: item.id,
  createdBy: shown.campaigns.get(item.campaignId)?.createdBy ?? 'job',
  created: toIso(item.createdAt),
  lastUpdated: toIso(item.lastUpdatedAt),
  lastUpdatedBy: shown.campaigns.get(item.campaignId)?.lastUpdatedBy ?? 'job',
  campaignId: item.campaignId,
  resourceId: item.resourceId,
  decision: decisionOf(item),
  ...(item.decidedAt === null ? {} : { decided: toIso(item.decidedAt) }),
  remediationStatus: item.remediationStatus,
  principalProfile:
    item.subjectKind === 'user'
      ? profileOf(shown.people.get(item.subjectId), item.subjectId)
      : { id: item.subjectId, status: 'ACTIVE', type: 'CLIENT_APP' },
  ...askedAt(item, item.level, shown),
  ...(isTwoLevelled(item, shown) ? { currentReviewerLevel: item.level } : {}),
  sallyport: { kind: item.kind, resource: item.resourceLabel, isUnanswered: item.isUnanswered === 1 },
  _links: {
    self: { href: `${origin}/governance/api/v1/reviews/${item.id}` },
    reassignReview: { href: `${origin}/governance/api/v1/campaigns/${item.campaignId}/reviews/reassign` },
  },
});

const REVIEW_FIELDS = ['campaignId', 'principalId', 'reviewerId', 'decision', 'resourceId', 'reviewerLevel'];

/** `GET …/reviews`, filtered with eq, in a settled order: a page that is asked for twice is the same. */
export const listReviews = async (s: Services, input: ListQuery) => {
  const limit = pageLimit(input.limit, 20, 200);
  const { column, isDescending } = readOrder(input.orderBy, {
    created: 'createdAt',
    decided: 'decidedAt',
    decision: 'decision',
    remediationStatus: 'remediationStatus',
  } as const);
  const key = column === 'decidedAt' ? 0 : column === 'decision' ? '' : null;
  let query = s.store.read
    .selectFrom('reviewItems')
    .selectAll()
    // As one that is asked for by itself: of a deleted review nothing is shown.
    .where('campaignId', 'not in', (e) => e.selectFrom('campaigns').select('id').where('status', '=', 'DELETED'));
  for (const { field, value } of simpleFilter(input.filter, REVIEW_FIELDS)) {
    if (field === 'campaignId') query = query.where('campaignId', '=', value);
    else if (field === 'principalId') query = query.where('subjectId', '=', value);
    else if (field === 'resourceId') query = query.where('resourceId', '=', value);
    else if (field === 'reviewerLevel') query = query.where('level', '=', value as ReviewItem['level']);
    else if (field === 'decision')
      query =
        value === 'UNREVIEWED'
          ? query.where('decision', 'is', null)
          : query.where('decision', '=', value as 'APPROVE' | 'REVOKE');
    else query = query.where(isAskedOf(value));
  }
  // What is missing stands before all there is. Written as the index of each order has it, and both parts go one way: of
  // ten thousand none is read to be sorted.
  const sorted = key === null ? sql.ref(column) : sql`coalesce(${sql.ref(column)}, ${sql.lit(key)})`;
  const direction = isDescending ? 'desc' : 'asc';
  if (input.after !== undefined) {
    const [value, id] = readCursor(input.after, ORDERED_BY_NUMBER.has(column) ? 'number' : 'string');
    const beyond = isDescending ? sql`<` : sql`>`;
    query = query.where(sql<boolean>`(${sorted}, ${sql.ref('id')}) ${beyond} (${value}, ${id})`);
  }
  const rows = await query
    .orderBy(sorted, direction)
    .orderBy('id', direction)
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const around = await beside(s.store.read, shown);
  const last = shown.at(-1);
  return {
    reviews: shown.map((item) => presentReview(item, around, s.config.publicUrl.origin)),
    after: last === undefined || rows.length <= limit ? null : cursorOf(last[column] ?? key ?? '', last.id),
  };
};

/** Some items, in the order of their ids. */
export const reviewsById = async (s: Services, ids: readonly string[]) => {
  const rows = await s.store.read
    .selectFrom('reviewItems')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
  const around = await beside(s.store.read, rows);
  return rows.map((item) => presentReview(item, around, s.config.publicUrl.origin));
};

/** `GET …/reviews/{id}`: with what was answered at each level. */
export const getReview = async (s: Services, principal: Principal, id: string) => {
  const db = s.store.read;
  const item = await findItem(db, id);
  const campaign = await findCampaign(db, item.campaignId);
  const around = await beside(db, [item]);
  const answers = (await answersOf(db, [id])).get(id) ?? [];
  const levels = (['FIRST', 'SECOND'] as const).slice(0, isTwoLevelled(item, around) ? 2 : 1);
  const note = answers.at(-1)?.note;
  const noteOf = (answer: Answered | undefined) => (answer?.note == null ? {} : { note: { id, note: answer.note } });
  const shown = presentReview(item, around, s.config.publicUrl.origin);
  const { createdBy, created, lastUpdated, lastUpdatedBy } = shown;
  return {
    ...shown,
    ...(note == null ? {} : noteOf(answers.at(-1))),
    ...(levels.length < 2
      ? {}
      : {
          allReviewerLevels: levels.map((level) => {
            const answer = answers.find((one) => one.level === level);
            return {
              id: `${item.id}.${level}`,
              ...{ createdBy, created, lastUpdated, lastUpdatedBy },
              ...askedAt(item, level, around),
              reviewerLevel: level,
              decision: answer?.decision ?? 'UNREVIEWED',
              ...(answer === undefined ? {} : { decided: toIso(answer.decidedAt), ...noteOf(answer) }),
            };
          }),
        }),
    sallyport: (await presentItems(s, principal, campaign, [item]))[0],
  };
};

/** Of each campaign how many items somebody is asked about now. */
const countsForMe = async (db: Transaction, campaignIds: readonly string[], userId: string) => {
  const rows = await db
    .selectFrom('reviewers')
    .select((e) => ['campaignId', e.fn.countAll<number | string>().as('count')])
    .where('campaignId', 'in', [...campaignIds, ''])
    .where('reviewerId', '=', userId)
    .where('isAskedNow', '=', ASKED)
    .groupBy('campaignId')
    .execute();
  return new Map(rows.map(({ campaignId, count }) => [campaignId, Number(count)]));
};

const presentSummary = (row: Campaign, waitingForMe: number, names: ReadonlyMap<string, string>, now: number) => {
  const settings = settingsOf(row);
  const { recurrence } = settings.scheduleSettings;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    status: statusAt(row, now),
    kinds: settings.kinds.map((kind) => ({ kind, words: KIND_WORDS[kind] })),
    startsAt: toIso(row.startAt),
    endsAt: toIso(row.endsAt),
    closedAt: iso(row.closedAt),
    repeats: recurrence?.interval ?? null,
    createdBy: names.get(row.createdBy) ?? null,
    noResponse: settings.remediationSettings.noResponse,
    accessRevoked: settings.remediationSettings.accessRevoked,
    needsNote: settings.reviewerSettings.justificationRequired,
    remark: row.remark,
    reportSha256: row.digest,
    counts: {
      items: row.itemCount,
      approved: row.approvedCount,
      revoked: row.revokedCount,
      unanswered: row.unansweredCount,
      failed: row.failedCount,
      waitingForMe,
    },
  };
};

/** `GET /sallyport/v1/campaigns`: the newest first; of whoever may not see all, those in which they are asked. */
export const listCampaignSummaries = async (s: Services, principal: Principal, input: ListQuery) => {
  const db = s.store.read;
  const limit = pageLimit(input.limit, 20, 100);
  let query = db.selectFrom('campaigns').selectAll().where('status', '!=', 'DELETED');
  if (!maySeeAll(principal))
    query = query.where('id', 'in', (e) =>
      e.selectFrom('reviewers').select('campaignId').where('reviewerId', '=', ownId(principal)),
    );
  if (input.after !== undefined) {
    const { id, startAt } = await findVisible(db, principal, input.after);
    query = query.where((e) =>
      e.or([e('startAt', '<', startAt), e.and([e('startAt', '=', startAt), e('id', '>', id)])]),
    );
  }
  const rows = await query
    .orderBy('startAt', 'desc')
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const forMe = await countsForMe(
    db,
    shown.map(({ id }) => id),
    ownId(principal),
  );
  const names = await namesOfPeople(
    db,
    shown.map(({ createdBy }) => createdBy),
  );
  const last = shown.at(-1);
  return {
    campaigns: shown.map((row) => presentSummary(row, forMe.get(row.id) ?? 0, names, s.clock.now())),
    after: last === undefined || rows.length <= limit ? null : last.id,
  };
};

/** `GET /sallyport/v1/campaigns/{id}`. */
export const getCampaignSummary = async (s: Services, principal: Principal, id: string) => {
  const row = await findVisible(s.store.read, principal, id);
  const forMe = await countsForMe(s.store.read, [id], ownId(principal));
  return presentSummary(row, forMe.get(id) ?? 0, await namesOfPeople(s.store.read, [row.createdBy]), s.clock.now());
};

/** Where it opens and by which keys is told to those who keep it: super admins. */
const presentSeal = (principal: Principal, seal: SealEvidence | undefined) =>
  seal === undefined || !isSuperAdmin(principal)
    ? null
    : {
        ...seal,
        sealedAt: toIso(seal.sealedAt),
        unsealedAt: iso(seal.unsealedAt),
        lastDrillAt: iso(seal.lastDrillAt),
      };

const presentItems = async (s: Services, principal: Principal, campaign: Campaign, items: readonly ReviewItem[]) => {
  const db = s.store.read;
  const now = s.clock.now();
  const verdicts = await judgeReviews(s, db, principal, campaign, items, () => true);
  const answers = await answersOf(
    db,
    items.map(({ id }) => id),
  );
  const around = await beside(db, items);
  const names = await namesOfPeople(db, [
    ...[...around.reviewers.values()].flat().map(({ reviewerId }) => reviewerId),
    ...items.flatMap(({ restoredBy }) => restoredBy ?? []),
  ]);
  const said = (reason: string | null) => (reason !== null && isReason(reason) ? sentenceOf(reason) : null);
  return items.map((item) => {
    const verdict = verdicts.get(item.id) ?? { kind: 'deny' as const, reason: 'reviewer-not-asked' as const };
    const evidence = evidenceOf(item);
    const whyNot = whyNotRestored({ ...item, callerId: ownId(principal), isSuperAdmin: isSuperAdmin(principal), now });
    return {
      id: item.id,
      kind: item.kind,
      kindWords: isReviewedKind(item.kind) ? KIND_WORDS[item.kind] : item.kind,
      subject: { id: item.subjectId, kind: item.subjectKind, name: item.subjectLabel },
      resource: { id: item.resourceId, name: item.resourceLabel },
      gives: evidence.gives,
      grantedAt: iso(evidence.grantedAt),
      grantedBy: evidence.grantedBy,
      how: evidence.how,
      lastUsedAt: iso(evidence.lastUsedAt),
      usedDays: evidence.usedDays,
      lastSignInAt: iso(evidence.lastSignInAt),
      subjectIsActive: evidence.subjectIsActive,
      findings: (evidence.findings ?? []).map(({ kind, count, lastAt }) => ({
        ...{ kind, words: LOG_FINDING_WORDS[kind], count, lastAt: toIso(lastAt) },
      })),
      requests: evidence.requests ?? null,
      seal: presentSeal(principal, evidence.seal),
      suggestion: { decision: item.suggestion, sentence: said(item.suggestionReason) },
      level: item.level,
      reviewers: (around.reviewers.get(item.id) ?? [])
        .filter(({ level }) => level === item.level)
        .map(({ reviewerId }) => ({ id: reviewerId, name: names.get(reviewerId) ?? 'somebody who was deleted' })),
      reviewersVia: item.reviewersVia,
      decision: item.decision,
      isUnanswered: item.isUnanswered === 1,
      answers: (answers.get(item.id) ?? []).map(({ level, decision, note, decidedByLabel, decidedAt }) => ({
        ...{ level, decision, note, by: decidedByLabel, at: toIso(decidedAt) },
      })),
      remediation: { status: item.remediationStatus, sentence: said(item.remediationReason) },
      restorableUntil: item.kept === null ? null : iso(item.graceEndsAt),
      restore: { isAllowed: whyNot === null, sentence: whyNot === null ? null : sentenceOf(whyNot) },
      restoredAt: iso(item.restoredAt),
      restoredBy: item.restoredBy === null ? null : (names.get(item.restoredBy) ?? null),
      decide: { isAllowed: verdict.kind === 'allow', sentence: sentenceOf(verdict.reason) },
    };
  });
};

export interface ListItems {
  readonly show?: 'mine' | 'all' | undefined;
  readonly state?: 'open' | 'decided' | 'taken' | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}
/** `GET /sallyport/v1/campaigns/{id}/items`, in the order of the launch. */
export const listItems = async (s: Services, principal: Principal, id: string, input: ListItems) => {
  const db = s.store.read;
  const campaign = await findVisible(db, principal, id);
  const limit = pageLimit(input.limit, 50, 200);
  const seesAll = input.show === 'all' && maySeeAll(principal);
  const seen = () => {
    const query = db.selectFrom('reviewItems').selectAll().where('campaignId', '=', id);
    return seesAll ? query : query.where(isAskedOf(ownId(principal)));
  };
  let query = seen();
  if (input.state === 'open') query = query.where('decision', 'is', null).where('isUnanswered', '=', 0);
  if (input.state === 'decided')
    query = query.where((e) => e.or([e('decision', 'is not', null), e('isUnanswered', '=', 1)]));
  if (input.state === 'taken') query = query.where('graceEndsAt', 'is not', null);
  if (input.after !== undefined) {
    const from = await seen().where('id', '=', input.after).executeTakeFirst();
    if (from === undefined) throw invalid('after', 'is no cursor of this list');
    query = query.where('seq', '>', from.seq);
  }
  const rows = await query
    .orderBy('seq')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await presentItems(s, principal, campaign, shown),
    after: last === undefined || rows.length <= limit ? null : last.id,
  };
};
