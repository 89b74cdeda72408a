import type { Principal } from '@sallyport/model/principal';
import { askerOf } from '../grants/tie-to-grant.ts';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { fromWhere, mailTime } from '../notices/mail-use.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { answerersOf } from './who-hears.ts';

/** Whoever has the key of the account fills no mailbox with it. */
const MAIL_LIMIT = { limit: 5, windowSeconds: 600 };

/**
 * Tells whoever answers for a grant that somebody signed in as the service account by it: the holder is nobody who would
 * notice that it was not them.
 */
export const mailSignIn = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { login }: Pick<Row<'users'>, 'login'>,
  grantId: string,
): Promise<void> => {
  const now = s.clock.now();
  if (s.mailer === null || s.rates.hit(`maintenance mail ${grantId}`, MAIL_LIMIT, now).isOver) return;
  const grant = await tx.selectFrom('grants').selectAll().where('id', '=', grantId).executeTakeFirstOrThrow();
  const askerId = await askerOf(tx, grant);
  const asker = await tx
    .selectFrom('users')
    .select('login')
    .where('id', '=', askerId ?? '')
    .executeTakeFirst();
  const told = { ids: await answerersOf(tx, grant) };
  await enqueueMail(s, tx, told, {
    kind: 'service-account.signed-in',
    subject: `Somebody signed in as ${oneLine(login)}`,
    lines: [
      'somebody signed in as a service account:',
      '',
      `    ${oneLine(login)}`,
      `    at ${mailTime(now)}`,
      `    from ${oneLine(fromWhere(principal))}`,
      `    until ${mailTime(Number(grant.expiresAt))} at most`,
      `    asked for by ${oneLine(asker?.login ?? 'somebody who was deleted')}: “${oneLine(grant.reason)}”`,
      '',
      'That was as agreed? There is nothing to do.',
      'It was not, or it is done? End it, and its sessions are over at once:',
    ],
    path: '/me/access',
    verb: `grant end ${grantId}`,
  });
};
