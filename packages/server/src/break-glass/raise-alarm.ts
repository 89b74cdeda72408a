import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { ALARM_TYPE } from '@sallyport/model/webhook-types';
import type { ExpressionBuilder } from 'kysely';
import { isActiveAt } from '../grants/active-grants.ts';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { fromWhere, mailTime } from '../notices/mail-use.ts';
import { oneLine } from '../notices/plain-words.ts';
import { superAdminHolders } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { superAdminAskers } from '../requests/super-admin-askers.ts';
import type { Services } from '../services.ts';
import type { Tables } from '../store/tables.ts';
import { enqueueWebhooks } from '../webhooks/enqueue-webhooks.ts';

/** Nobody reads more mails than that, and a mail server that takes them one by one must not hold up the rest. */
const TOLD_MAX = 50;

/** People by a name of their own, who could read a mail. */
const people = (db: Transaction) =>
  db
    .selectFrom('users')
    .select('users.id')
    .where('users.status', '=', 'ACTIVE')
    .where('users.serviceAccountAt', 'is', null)
    .where('users.id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    // Of more than are told, those who hold it all the time first.
    .orderBy((e) => e.case().when('users.id', 'in', superAdminHolders(db)).then(0).else(1).end())
    .orderBy('users.id')
    .limit(TOLD_MAX);

/** Whoever has super admin for a while now, by a bundle or by a group. */
const superAdminsForAWhile = (db: Transaction, now: Instant) =>
  db
    .selectFrom('grants')
    .innerJoin('roleAssignments', (join) =>
      join
        .onRef('roleAssignments.principalId', '=', 'grants.entitlementId')
        .onRef('roleAssignments.principalKind', '=', 'grants.kind'),
    )
    .select('grants.userId')
    .where('roleAssignments.type', '=', 'SUPER_ADMIN')
    .where(isActiveAt(now));

/** Whoever holds any admin role, by themselves or through a group. */
const adminHolders = (db: Transaction) =>
  db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', 'groupMembers.groupId', 'roleAssignments.principalId')
    .select((r) => r.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'))
    .where('roleAssignments.principalKind', 'in', ['user', 'group']);

/**
 * Whom an alarm of a break-glass account is mailed to: whoever holds super admin all the time or now, and whoever may ask
 * for it. Where nobody stands with it, these are the people who would; that nobody has it this hour silences nothing. Nor
 * does taking away how it is asked for: where that leaves nobody but who has it for a while, every administrator is told.
 */
export const keepersToTell = async (db: Transaction, now: Instant): Promise<readonly string[]> => {
  const askers = await superAdminAskers(db);
  const isLasting = (e: ExpressionBuilder<Tables, 'users'>) => [
    e('users.id', 'in', superAdminHolders(db)),
    e('users.id', 'in', askers),
  ];
  const first = await people(db)
    .where((e) => e.or(isLasting(e)))
    .executeTakeFirst();
  const rows = await people(db)
    .where((e) =>
      e.or([
        e('users.id', 'in', superAdminsForAWhile(db, now)),
        ...(first === undefined ? [e('users.id', 'in', adminHolders(db))] : isLasting(e)),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
};

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
 * Tells of a break-glass account on every channel at once, in the transaction of what it tells of: mail to every keeper,
 * whatever they chose to be told, and every webhook that chose it. Nobody waits for either to arrive.
 */
export const raiseAlarm = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { account, step, isDrill, words, eventId }: Alarm,
): Promise<void> => {
  const now = s.clock.now();
  const what = isDrill ? 'Drill' : 'ALARM';
  await enqueueMail(
    s,
    tx,
    { ids: await keepersToTell(tx, now), isEachAccount: true },
    {
      kind: isDrill ? 'break-glass.drill' : 'break-glass.alarm',
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
      ],
      path: `/break-glass/${account.id}`,
    },
  );
  const { client } = principal.request;
  await enqueueWebhooks(s, tx, ALARM_TYPE, {
    accountId: account.id,
    login: account.login,
    step,
    isDrill,
    sentence: words,
    address: client.kind === 'known' ? client.address.text : null,
    eventId,
  });
};
