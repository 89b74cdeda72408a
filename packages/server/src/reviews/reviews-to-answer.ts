import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import type { Principal } from '@sallyport/model/principal';
import type { ReviewedKind, ReviewerLevel } from '@sallyport/model/review';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { ASKED } from './asked-now.ts';
import { type Campaign, levelNamed, settingsOf } from './store.ts';

const DAY = 86_400_000;
/** The kind of item that only super admins answer about. */
export const SEAL: ReviewedKind = 'BREAK_GLASS';

/**
 * What waits for an answer at the level that is asked now, with each who is asked and may give it: nobody about their own,
 * nobody twice, at whichever level.
 */
export const openItems = (db: Transaction) =>
  db
    .selectFrom('reviewers')
    .innerJoin('reviewItems', 'reviewItems.id', 'reviewers.itemId')
    .where('reviewers.isAskedNow', '=', ASKED)
    .where((e) =>
      e.or([e('reviewItems.subjectId', '!=', e.ref('reviewers.reviewerId')), e('reviewItems.isOwnAllowed', '=', 1)]),
    )
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('reviewDecisions')
            .select('reviewDecisions.itemId')
            .whereRef('reviewDecisions.itemId', '=', 'reviewItems.id')
            .whereRef('reviewDecisions.decidedBy', '=', 'reviewers.reviewerId'),
        ),
      ),
    );

/** A second level is asked from its day on. */
export const hasBegun = (campaign: Campaign, level: ReviewerLevel, now: number): boolean =>
  now >= campaign.startAt + (levelNamed(settingsOf(campaign), level)?.startReview.onDay ?? 0) * DAY;

export interface ReviewToAnswer {
  readonly campaign: Campaign;
  /** As far as they are counted. */
  readonly items: number;
}

/**
 * The campaigns that wait for somebody's answer, with how many items each, counted up to so many: at the level that is asked now,
 * once that has begun. Who is tied to whose access it is was not asked at the launch; ties that came later are told at the item.
 */
export const reviewsToAnswer = async (
  s: Services,
  principal: Principal,
  countedMax: number,
): Promise<readonly ReviewToAnswer[]> => {
  if (principal.kind !== 'session') return [];
  const { userId } = principal;
  const [db, now] = [s.store.read, s.clock.now()];
  const campaigns = await db
    .selectFrom('campaigns')
    .selectAll()
    .where('status', '=', 'ACTIVE')
    .where('endsAt', '>', now)
    .where('id', 'in', (e) =>
      e.selectFrom('reviewers').select('campaignId').where('reviewerId', '=', userId).where('isAskedNow', '=', ASKED),
    )
    .execute();
  const waiting: ReviewToAnswer[] = [];
  for (const campaign of campaigns) {
    const begun = (['FIRST', 'SECOND'] as const).filter((level) => hasBegun(campaign, level, now));
    const found = await openItems(db)
      .select('reviewItems.id')
      .where('reviewers.reviewerId', '=', userId)
      .where('reviewers.campaignId', '=', campaign.id)
      .where('reviewers.level', 'in', begun)
      .where('reviewItems.kind', 'not in', isSuperAdmin(principal) ? [''] : [SEAL])
      .limit(countedMax)
      .execute();
    if (found.length > 0) waiting.push({ campaign, items: found.length });
  }
  return waiting;
};
