import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import type { Principal } from '@sallyport/model/principal';
import type { ReviewedKind } from '@sallyport/model/review';
import type { Services } from '../services.ts';
import { type Campaign, levelNamed, settingsOf } from './store.ts';

const DAY = 86_400_000;
/** The kind of item that only super admins answer about. */
const SEAL: ReviewedKind = 'BREAK_GLASS';

export interface ReviewToAnswer {
  readonly campaign: Campaign;
  readonly items: number;
}

/**
 * The campaigns that wait for somebody's answer, with how many items each: at the level that is asked now, once that has
 * begun. Who is tied to whose access it is was not asked at the launch; ties that came later are told at the item.
 */
export const reviewsToAnswer = async (s: Services, principal: Principal): Promise<readonly ReviewToAnswer[]> => {
  if (principal.kind !== 'session') return [];
  const { userId } = principal;
  const [db, now] = [s.store.read, s.clock.now()];
  const campaigns = await db
    .selectFrom('campaigns')
    .selectAll()
    .where('status', '=', 'ACTIVE')
    .where('endsAt', '>', now)
    .where('id', 'in', (e) => e.selectFrom('reviewers').select('campaignId').where('reviewerId', '=', userId))
    .execute();
  if (campaigns.length === 0) return [];
  const counts = await db
    .selectFrom('reviewers')
    .innerJoin('reviewItems', 'reviewItems.id', 'reviewers.itemId')
    .select((e) => ['reviewers.campaignId', 'reviewers.level', e.fn.countAll<number | string>().as('count')])
    .where('reviewers.reviewerId', '=', userId)
    .where(
      'reviewers.campaignId',
      'in',
      campaigns.map(({ id }) => id),
    )
    .whereRef('reviewers.level', '=', 'reviewItems.level')
    .where('reviewItems.decision', 'is', null)
    .where('reviewItems.isUnanswered', '=', 0)
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
    .groupBy(['reviewers.campaignId', 'reviewers.level'])
    .execute();
  const hasBegun = (campaign: Campaign, level: (typeof counts)[number]['level']): boolean =>
    now >= campaign.startAt + (levelNamed(settingsOf(campaign), level)?.startReview.onDay ?? 0) * DAY;
  return campaigns.flatMap((campaign) => {
    const items = counts
      .filter(({ campaignId, level }) => campaignId === campaign.id && hasBegun(campaign, level))
      .reduce((sum, { count }) => sum + Number(count), 0);
    return items === 0 ? [] : [{ campaign, items }];
  });
};
