import type { Services } from '../services.ts';
import { closeCampaign } from './close-campaigns.ts';
import { launchCampaign } from './launch-campaign.ts';
import { remindReviewers } from './mail-reviewers.ts';
import { type Campaign, reviewsJob } from './store.ts';
import { finishGraces, takeRevoked } from './take-access.ts';

/**
 * What time brings to reviews: starts, ends, what a crash left to take, the end of a grace, reminders. Whether something has
 * ended is read from the clock everywhere; this only carries it out, and can be stopped and run again at any place.
 */
export const runReviews = async (s: Services): Promise<void> => {
  const now = s.clock.now();
  const due = (status: 'SCHEDULED' | 'ACTIVE', column: 'startAt' | 'endsAt') =>
    s.store.read
      .selectFrom('campaigns')
      .selectAll()
      .where('status', '=', status)
      .where(column, '<=', now)
      .orderBy(column)
      .orderBy('id')
      .execute();
  /** One that fails does not hold up the others; it is tried again with the next run. */
  const each = async (rows: readonly Campaign[], work: (row: Campaign) => Promise<unknown>): Promise<void> => {
    for (const row of rows)
      await work(row).catch((error: unknown) =>
        s.logger.error({ err: error, campaign: row.id }, 'a review could not go on'),
      );
  };
  await each(await due('SCHEDULED', 'startAt'), (row) => launchCampaign(s, row, reviewsJob(s), false));
  await takeRevoked(s, reviewsJob(s), null);
  await each(await due('ACTIVE', 'endsAt'), (row) => closeCampaign(s, row, reviewsJob(s)));
  await finishGraces(s, reviewsJob(s));
  await remindReviewers(s);
};
