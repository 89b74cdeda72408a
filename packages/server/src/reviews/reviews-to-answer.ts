import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import type { Principal } from '@sallyport/model/principal';
import type { ReviewedKind } from '@sallyport/model/review';
import type { Services } from '../services.ts';
import { ASKED } from './asked-now.ts';
import { type Campaign, levelNamed, settingsOf } from './store.ts';

const DAY = 86_400_000;
/** The kind of item that only super admins answer about. */
const SEAL: ReviewedKind = 'BREAK_GLASS';

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
    const settings = settingsOf(campaign);
    const begun = (['FIRST', 'SECOND'] as const).filter(
      (level) => now >= campaign.startAt + (levelNamed(settings, level)?.startReview.onDay ?? 0) * DAY,
    );
    const found = await db
      .selectFrom('reviewers')
      .innerJoin('reviewItems', 'reviewItems.id', 'reviewers.itemId')
      .select('reviewItems.id')
      .where('reviewers.reviewerId', '=', userId)
      .where('reviewers.isAskedNow', '=', ASKED)
      .where('reviewers.campaignId', '=', campaign.id)
      .where('reviewers.level', 'in', begun)
      .where((e) => e.or([e('reviewItems.subjectId', '!=', userId), e('reviewItems.isOwnAllowed', '=', 1)]))
      .where('reviewItems.kind', 'not in', isSuperAdmin(principal) ? [''] : [SEAL])
      // Nobody answers twice, at whichever level.
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('reviewDecisions')
              .select('reviewDecisions.itemId')
              .whereRef('reviewDecisions.itemId', '=', 'reviewItems.id')
              .where('reviewDecisions.decidedBy', '=', userId),
          ),
        ),
      )
      .limit(countedMax)
      .execute();
    if (found.length > 0) waiting.push({ campaign, items: found.length });
  }
  return waiting;
};
