import type { Principal } from '@sallyport/model/principal';
import { enqueueMail, oneLine } from '../notices/enqueue-mail.ts';
import { fromWhere, mailTime } from '../notices/mail-use.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { enqueueWebhooks } from '../webhooks/enqueue-webhooks.ts';

/** Nobody reads more mails than that, and a mail server that takes them one by one must not hold up the rest. */
const TOLD_MAX = 50;

/** Everybody who holds super admin by a name of their own: whom an alarm of a break-glass account is mailed to. */
export const superAdminPeople = (
  db: Transaction,
): Promise<{ readonly id: string; readonly login: string; readonly profile: string }[]> =>
  db
    .selectFrom('users')
    .select(['users.id', 'users.login', 'users.profile'])
    .where('users.status', '=', 'ACTIVE')
    .where('users.serviceAccountAt', 'is', null)
    .where('users.id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    .where('users.id', 'in', (e) =>
      e
        .selectFrom('roleAssignments')
        .leftJoin('groupMembers', 'groupMembers.groupId', 'roleAssignments.principalId')
        .select((r) => r.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'))
        .where('roleAssignments.type', '=', 'SUPER_ADMIN')
        .where('roleAssignments.principalKind', '!=', 'client'),
    )
    .orderBy('users.id')
    .limit(TOLD_MAX)
    .execute();

export interface Alarm {
  readonly account: { readonly id: string; readonly login: string };
  /** `secret-used`, `opened`, `refused` …: what a receiver of the webhook sorts by. */
  readonly step: string;
  readonly isDrill: boolean;
  /** What happened, as a sentence without its end, beginning with what was done. */
  readonly words: string;
  readonly eventId: string;
}

/**
 * Tells of a break-glass account on every channel at once, in the transaction of what it tells of: mail to every super admin,
 * whatever they chose to be told, and every webhook. Nobody waits for either to arrive.
 */
export const raiseAlarm = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { account, step, isDrill, words, eventId }: Alarm,
): Promise<void> => {
  const now = s.clock.now();
  const what = isDrill ? 'Drill' : 'ALARM';
  for (const person of await superAdminPeople(tx))
    await enqueueMail(s, tx, person, {
      subject: `${what}: break-glass account ${account.login}: ${words}`,
      lines: [
        isDrill
          ? 'this is a drill that was announced before:'
          : 'the break-glass account was touched. If nobody of you did it, somebody else has it:',
        '',
        `    ${oneLine(account.login)}: ${oneLine(words)}`,
        `    at ${mailTime(now)}`,
        `    from ${oneLine(fromWhere(principal))}`,
        '',
        'What it did, and what to do now:',
        `${s.config.publicUrl.origin}/break-glass/${account.id}`,
      ],
    });
  const { client } = principal.request;
  await enqueueWebhooks(s, tx, 'break_glass.use', {
    accountId: account.id,
    login: account.login,
    step,
    isDrill,
    sentence: words,
    address: client.kind === 'known' ? client.address.text : null,
    eventId,
  });
};
