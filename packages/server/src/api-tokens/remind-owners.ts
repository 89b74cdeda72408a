import { dueReminder, REMINDER_DAYS } from '@sallyport/decide/api-tokens/judge-token-age';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Services } from '../services.ts';

const AT_ONCE = 100;
const DAY = 86_400_000;

/**
 * Mails owners that a secret has grown old, once for each step of its age. Of several nodes one does it: the step is
 * written in the transaction of the mail.
 */
export const remindOwners = async (s: Services): Promise<void> => {
  // Without a mail server nothing is marked as told: one that is set up later tells it.
  if (s.mailer === null) return;
  const now = s.clock.now();
  const old = await s.store.read
    .selectFrom('apiTokens')
    .innerJoin('users', 'users.id', 'apiTokens.userId')
    .select([
      'apiTokens.id',
      'apiTokens.name',
      'apiTokens.purpose',
      'apiTokens.secretSetAt',
      'apiTokens.remindedDays',
      'apiTokens.userId',
    ])
    .where('apiTokens.revokedAt', 'is', null)
    .where('apiTokens.expiresAt', '>', now)
    .where('users.status', '=', 'ACTIVE')
    .where((e) =>
      e.or(
        REMINDER_DAYS.map((days) =>
          e.and([e('apiTokens.secretSetAt', '<=', now - days * DAY), e('apiTokens.remindedDays', '<', days)]),
        ),
      ),
    )
    .orderBy('apiTokens.id')
    .limit(AT_ONCE)
    .execute();
  for (const token of old) {
    const days = dueReminder({ secretSetAt: token.secretSetAt, remindedDays: token.remindedDays, now });
    if (days === null) continue;
    await s.store.transaction(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('apiTokens')
        .set({ remindedDays: days })
        .where('id', '=', token.id)
        .where('remindedDays', '=', token.remindedDays)
        .where('secretSetAt', '=', token.secretSetAt)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return;
      await enqueueMail(
        s,
        tx,
        { ids: [token.userId] },
        {
          kind: 'token.old',
          subject: `The secret of your API token ${token.name} is ${days} days old`,
          lines: [
            `the secret of your API token “${oneLine(token.name)}” has been the same for ${days} days.`,
            `What it is for: ${oneLine(token.purpose)}`,
            '',
            'A secret that is changed now and then is worth less to whoever copied it.',
            'Nothing stops by itself because of its age.',
            '',
            'Give it a new one; the old one goes on working for as long as you choose:',
          ],
          path: '/tokens?show=old',
          verb: 'token list',
        },
      );
    });
  }
};
