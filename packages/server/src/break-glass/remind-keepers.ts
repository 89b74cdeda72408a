import { enqueueMail } from '../notices/enqueue-mail.ts';
import type { Services } from '../services.ts';
import { presentAccount } from './present-account.ts';
import { keepersToTell } from './raise-alarm.ts';
import { findAccount } from './store.ts';

/** A reminder that comes each day is one that nobody reads. */
const AGAIN_DAYS = 7;
const DAY = 86_400_000;

/**
 * Mails its keepers that a drill is due, a seal is broken, a review is open or one said no, once a week for as long as it is
 * so. Of several nodes one does it: that it was told is written in the transaction of the mail.
 */
export const remindKeepers = async (s: Services): Promise<void> => {
  if (s.mailer === null) return;
  const now = s.clock.now();
  const told = now - AGAIN_DAYS * DAY;
  const accounts = await s.store.read
    .selectFrom('breakGlassAccounts')
    .select('userId')
    .where((e) => e.or([e('remindedAt', 'is', null), e('remindedAt', '<=', told)]))
    // A use of this very day has its alarms; the first reminder is for the day after.
    .where((e) => e.or([e('unsealedAt', 'is', null), e('unsealedAt', '<=', now - DAY)]))
    .execute();
  for (const { userId } of accounts)
    await s.store.transaction(async (tx) => {
      const { account, user } = await findAccount(tx, userId);
      const shown = await presentAccount(s, tx, account, user);
      const { state, isDrillDue, openReviews, isRevokedInReview, todo } = shown;
      if (state !== 'USED' && !isDrillDue && openReviews === 0 && !isRevokedInReview) return;
      const { numUpdatedRows } = await tx
        .updateTable('breakGlassAccounts')
        .set({ remindedAt: now })
        .where('userId', '=', userId)
        .where((e) => e.or([e('remindedAt', 'is', null), e('remindedAt', '<=', told)]))
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return;
      const ids = await keepersToTell(tx, now);
      await enqueueMail(
        s,
        tx,
        { ids, isEachAccount: true },
        {
          kind: 'break-glass.due',
          subject: `Break-glass account ${user.login} needs somebody`,
          lines: [...todo, ''],
          path: `/break-glass/${userId}`,
        },
      );
    });
};
