import type { CampaignBody } from '@sallyport/api/reviews';
import { invalid } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { ReviewerLevel } from '@sallyport/model/review';
import { createTies } from '../approvals/ties.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import { noteChange } from '../hints/note-change.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin, refuse } from '../roles/guard-user.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { isFitForSeals } from './ask-reviewers.ts';
import { closeCampaign } from './close-campaigns.ts';
import { launchCampaign } from './launch-campaign.ts';
import { reviewsById } from './list-reviews.ts';
import { mailGiven } from './mail-reviewers.ts';
import { presentCampaign } from './present-campaign.ts';
import { readCampaign } from './read-campaign.ts';
import { hasBegun } from './reviews-to-answer.ts';
import {
  answersOf,
  type Campaign,
  campaignAsTarget,
  findCampaign,
  isOfSeal,
  itemTargets,
  type ReviewItem,
  settingsOf,
  statusAt,
} from './store.ts';
import { NO_COUNTS } from './tally.ts';

/** `POST /governance/api/v1/campaigns`: it begins by itself at its start. E0000001 with what is wrong. */
export const createCampaign = async (s: Services, principal: Principal, body: CampaignBody) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { settings, startAt, endsAt } = await readCampaign(tx, body);
    const now = s.clock.now();
    const made: Campaign = {
      id: newId(s.random, 'campaign'),
      name: body.name,
      description: body.description ?? null,
      status: 'SCHEDULED',
      settings: JSON.stringify(settings),
      startAt,
      endsAt,
      seriesId: null,
      run: 0,
      skipsRemediation: 0,
      itemCount: 0,
      ...NO_COUNTS,
      remark: null,
      createdAt: now,
      createdBy: authorOf(principal),
      lastUpdatedAt: now,
      lastUpdatedBy: authorOf(principal),
      launchedAt: null,
      closedAt: null,
      digest: null,
    };
    await tx.insertInto('campaigns').values(made).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'certification.campaign.create',
      target: [campaignAsTarget(made)],
      debugData: { kinds: settings.kinds.join(' '), noResponse: settings.remediationSettings.noResponse },
    });
    return made;
  });
  return presentCampaign(row, s.config.publicUrl.origin, s.clock.now());
};

/** `GET …/campaigns/{id}`. */
export const getCampaign = async (s: Services, id: string) =>
  presentCampaign(await findCampaign(s.store.read, id), s.config.publicUrl.origin, s.clock.now());

/** `DELETE …/campaigns/{id}`: one that runs is ended first, and one of which something can
 * still be given back stays until that is over. A run that is deleted ends its series. */
export const deleteCampaign = async (s: Services, principal: Principal, id: string): Promise<void> =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findCampaign(tx, id);
    if (row.status === 'ACTIVE') throw invalid('campaignId', 'it is running; end it first');
    const kept = await tx
      .selectFrom('reviewItems')
      .select('id')
      .where('campaignId', '=', id)
      .where('kept', 'is not', null)
      .where('graceEndsAt', '>', s.clock.now())
      .limit(1)
      .executeTakeFirst();
    if (kept !== undefined)
      throw invalid('campaignId', 'what it took can still be given back; delete it when that is over');
    await tx
      .updateTable('campaigns')
      .set({ status: 'DELETED', lastUpdatedAt: s.clock.now(), lastUpdatedBy: authorOf(principal) })
      .where('id', '=', id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'certification.campaign.delete',
      target: [campaignAsTarget(row)],
    });
  });

/** `POST …/launch`: now, whenever it was planned; it runs its whole length. */
export const startCampaign = async (s: Services, principal: Principal, id: string): Promise<void> => {
  const row = await findCampaign(s.store.read, id);
  if (row.status !== 'SCHEDULED') throw invalid('campaignId', 'it has begun already');
  await launchCampaign(s, row, principal, true, (tx) => assertStillLive(s, tx, principal));
};

/** `POST …/end`: the end is now, and what it brings is carried out. With `skipRemediation` what nobody answered stays. */
export const endCampaign = async (
  s: Services,
  principal: Principal,
  id: string,
  skipsRemediation: boolean,
): Promise<void> => {
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findCampaign(tx, id);
    const now = s.clock.now();
    if (statusAt(row, now) !== 'ACTIVE') throw refuse(['campaign-not-active']);
    const change = {
      endsAt: now,
      skipsRemediation: skipsRemediation ? (1 as const) : (0 as const),
      lastUpdatedAt: now,
      lastUpdatedBy: authorOf(principal),
    };
    await tx.updateTable('campaigns').set(change).where('id', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'certification.campaign.update',
      target: [campaignAsTarget(row)],
      debugData: { change: 'ended', skipRemediation: String(skipsRemediation) },
    });
    return { ...row, ...change };
  });
  await closeCampaign(s, ended, principal);
};

/**
 * Would nobody be left to answer an item at both levels, were a level given to somebody? At the other one stands whoever has
 * decided it, or else all who are asked there.
 */
const isAtBothLevels = async (
  tx: Transaction,
  item: ReviewItem,
  level: ReviewerLevel,
  reviewerId: string,
  tied: ReadonlySet<string>,
): Promise<boolean> => {
  const decided = (await answersOf(tx, [item.id])).get(item.id)?.map(({ decidedBy }) => decidedBy) ?? [];
  const asked = await tx
    .selectFrom('reviewers')
    .select('reviewerId')
    .where('itemId', '=', item.id)
    .where('level', '!=', level)
    .execute();
  const others = decided.length > 0 ? decided : asked.map((other) => other.reviewerId);
  return others.length > 0 && others.every((other) => other === reviewerId || tied.has(other));
};

export interface ReassignBody {
  readonly reviewerId: string;
  readonly reviewIds: readonly string[];
  readonly reviewerLevel?: ReviewerLevel | undefined;
  readonly note: string;
}
/**
 * `POST …/reviews/reassign`: asks somebody else, and only them. By super admins: whoever is asked decides what others keep.
 * Never the subject, nor somebody tied to them, nor whoever answers the other level, or is tied to them; about a break-glass
 * account only super admins. E0000006 with the reason; all
 * are moved or none.
 */
export const reassignReviews = async (s: Services, principal: Principal, id: string, body: ReassignBody) => {
  assertSuperAdmin(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    // Nor does somebody who signed in as a service account choose who answers.
    if (await isOfServiceAccount(tx, principal)) throw refuse(['reviewer-not-a-person']);
    const row = await findCampaign(tx, id);
    const now = s.clock.now();
    if (statusAt(row, now) !== 'ACTIVE') throw refuse(['campaign-not-active']);
    if (settingsOf(row).reviewerSettings.reassignmentDisabled)
      throw invalid('reviewIds', 'the review was made so that nobody else can be asked');
    const reviewer = await tx.selectFrom('users').selectAll().where('id', '=', body.reviewerId).executeTakeFirst();
    if (reviewer?.status !== 'ACTIVE' || reviewer.serviceAccountAt !== null || (await isBreakGlass(tx, reviewer.id)))
      throw invalid('reviewerId', 'is nobody who can be asked: an active person is needed');
    const tiesOf = createTies(tx, now);
    let open = 0;
    for (const reviewId of new Set(body.reviewIds)) {
      const item = await tx
        .selectFrom('reviewItems')
        .selectAll()
        .where('id', '=', reviewId)
        .where('campaignId', '=', id)
        .executeTakeFirst();
      if (item === undefined) throw invalid('reviewIds', `${reviewId.slice(0, 40)} is no item of this review`);
      if (item.decision !== null || item.isUnanswered === 1) throw refuse(['review-decided']);
      const level = body.reviewerLevel ?? item.level;
      if (level === 'FIRST' && item.level === 'SECOND') throw refuse(['review-decided']);
      if (reviewer.id === item.subjectId && item.isOwnAllowed === 0) throw refuse(['review-own']);
      const isApp = item.subjectKind === 'client';
      const ties = await tiesOf(item.subjectKind, isApp ? item.subjectId : reviewer.id);
      if (ties.has(isApp ? reviewer.id : item.subjectId)) throw refuse(['reviewer-tied']);
      if (isOfSeal(item) && !(await isFitForSeals(s, tx, reviewer.id))) throw refuse(['reviewer-no-super-admin']);
      if (await isAtBothLevels(tx, item, level, reviewer.id, await tiesOf('user', reviewer.id)))
        throw refuse(['reviewer-at-both-levels']);
      const before = tx.selectFrom('reviewers').select('reviewerId').where('itemId', '=', item.id);
      // It waits no more for whom it asked before, who may not even see the review any more.
      for (const { reviewerId } of await before.where('level', '=', level).execute())
        noteChange(s, 'person', reviewerId);
      await tx.deleteFrom('reviewers').where('itemId', '=', item.id).where('level', '=', level).execute();
      await tx
        .insertInto('reviewers')
        .values({
          ...{ itemId: item.id, level, reviewerId: reviewer.id, campaignId: id },
          isAskedNow: level === item.level ? 1 : 0,
        })
        .execute();
      await tx
        .updateTable('reviewItems')
        .set({ reviewersVia: 'REASSIGNED', lastUpdatedAt: now })
        .where('id', '=', item.id)
        .execute();
      await recordEvent(s, tx, principal, {
        eventType: 'certification.campaign.item.decide',
        outcome: { result: 'SKIPPED' },
        target: [campaignAsTarget(row), ...itemTargets(item)],
        debugData: { decision: 'DELEGATE', campaignId: id, reviewerId: reviewer.id, note: body.note, level },
      });
      if (level === item.level && hasBegun(row, level, now)) open += 1;
    }
    if (reviewer.id !== authorOf(principal)) await mailGiven(s, tx, row, reviewer.id, open);
  });
  return reviewsById(s, body.reviewIds);
};
