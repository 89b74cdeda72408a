import { enqueueMail } from '../notices/enqueue-mail.ts';
import { mailTime } from '../notices/mail-use.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { isFitForSeals } from './ask-reviewers.ts';
import { hasBegun, openItems, SEAL } from './reviews-to-answer.ts';
import { type Campaign, levelsOf, settingsOf } from './store.ts';

type MailKind = 'assigned' | 'reassigned' | 'reminder' | 'midpoint' | 'over';
const DAY = 86_400_000;

const words = (kind: MailKind, name: string, count: number, ends: string) => {
  const items = count === 1 ? 'one item' : `${count} items`;
  switch (kind) {
    case 'assigned':
      return { subject: `Review of access: ${name}`, first: `you are asked about ${items} in the review “${name}”.` };
    case 'reassigned':
      return {
        subject: `Given to you: ${name}`,
        first: `you are asked about ${items} in the review “${name}”, in place of others.`,
      };
    case 'over':
      return {
        subject: `The review “${name}” is over`,
        first: `the review “${name}” is over; ${items} of yours stayed without an answer.`,
      };
    default:
      return {
        subject: `Not answered yet: ${name}`,
        first: `${items} of yours wait in the review “${name}”, which ends on ${ends}.`,
      };
  }
};

/** Whoever could answer something of a campaign now and was not told on this occasion, with how many items. */
const waiting = async (
  s: Services,
  db: Transaction,
  row: Campaign,
  occasion: string,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await openItems(db)
    .innerJoin('users', 'users.id', 'reviewers.reviewerId')
    .select((e) => ['users.id', 'reviewItems.level', 'reviewItems.kind', e.fn.countAll<number | string>().as('count')])
    .where('reviewers.campaignId', '=', row.id)
    .where('users.status', '=', 'ACTIVE')
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('reviewMails')
            .select('reviewMails.reviewerId')
            .where('reviewMails.campaignId', '=', row.id)
            .whereRef('reviewMails.reviewerId', '=', 'users.id')
            .where('reviewMails.kind', '=', occasion),
        ),
      ),
    )
    .groupBy(['users.id', 'reviewItems.level', 'reviewItems.kind'])
    .orderBy('users.id')
    .execute();
  const counts = new Map<string, number>();
  for (const { id, level, kind, count } of rows) {
    if (!hasBegun(row, level, s.clock.now())) continue;
    if (kind === SEAL && !(await isFitForSeals(s, db, id))) continue;
    counts.set(id, (counts.get(id) ?? 0) + Number(count));
  }
  return counts;
};

/** Writes down that somebody was told on an occasion; false where they were before. */
const noteTold = async (tx: Transaction, campaignId: string, reviewerId: string, occasion: string) => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('reviewMails')
    .values({ campaignId, reviewerId, kind: occasion })
    .onConflict((c) => c.columns(['campaignId', 'reviewerId', 'kind']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
};

const mail = async (
  s: Services,
  tx: Transaction,
  row: Campaign,
  kind: MailKind,
  reviewerId: string,
  count: number,
): Promise<void> => {
  const ends = mailTime(row.endsAt);
  const { subject, first } = words(kind, oneLine(row.name), count, ends);
  const told = { ids: [reviewerId] };
  await enqueueMail(s, tx, told, {
    kind: `review.${kind}`,
    subject,
    lines: [first, '', ...(kind === 'over' ? [] : [`It ends on ${ends}.`, ''])],
    path: `/reviews/${row.id}`,
    verb: `review list ${row.id}`,
  });
};

/** Mails those who have something to answer, each once for each occasion; nobody else. */
export const mailReviewers = async (
  s: Services,
  tx: Transaction,
  row: Campaign,
  kind: MailKind,
  occasion: string = kind,
): Promise<void> => {
  if (s.mailer === null) return;
  for (const [id, count] of await waiting(s, tx, row, occasion))
    if (await noteTold(tx, row.id, id, occasion)) await mail(s, tx, row, kind, id, count);
};

/** Mails whom items were given to that they can answer now, in the transaction of the giving, where the campaign tells who is asked. */
export const mailGiven = async (
  s: Services,
  tx: Transaction,
  row: Campaign,
  reviewerId: string,
  count: number,
): Promise<void> => {
  if (s.mailer === null || count === 0 || !settingsOf(row).notificationSettings.notifyReviewerWhenReviewAssigned)
    return;
  await noteTold(tx, row.id, reviewerId, 'assigned');
  await mail(s, tx, row, 'reassigned', reviewerId, count);
};

/** Which reminders are due: so long before the end, and in the middle. */
export const dueReminders = (row: Campaign, now: number): readonly (readonly [MailKind, string])[] => {
  const { notificationSettings, scheduleSettings } = settingsOf(row);
  const before = notificationSettings.remindersReviewerBeforeCampaignCloseInSecs ?? [];
  const due = before
    .filter((seconds) => now >= row.endsAt - seconds * 1000)
    .map((seconds) => ['reminder', `before-${seconds}`] as const);
  const middle = row.startAt + (scheduleSettings.durationInDays * DAY) / 2;
  // The last one that is due stands for those before it: nobody gets three mails at once.
  const last = due.toSorted(([, a], [, b]) => Number(a.slice(7)) - Number(b.slice(7))).slice(0, 1);
  return notificationSettings.notifyReviewerDuringMidpointOfReview && now >= middle
    ? [...last, ['midpoint', 'midpoint']]
    : last;
};

/** Whom a level asks that has begun since: of the first one the launch tells. */
const dueLevels = (row: Campaign): readonly (readonly [MailKind, string])[] => {
  const settings = settingsOf(row);
  const isTold = settings.notificationSettings.notifyReviewerWhenReviewAssigned && levelsOf(settings).length > 1;
  return isTold ? [['assigned', 'assigned']] : [];
};

/**
 * Tells whom a second level asks, and reminds whoever has not answered; a job does it, and what was sent is written down with
 * the mail.
 */
export const remindReviewers = async (s: Services): Promise<void> => {
  if (s.mailer === null) return;
  const now = s.clock.now();
  const running = await s.store.read
    .selectFrom('campaigns')
    .selectAll()
    .where('status', '=', 'ACTIVE')
    .where('endsAt', '>', now)
    .orderBy('id')
    .execute();
  // Nothing is written where nobody is to be told, which is nearly always.
  for (const row of running)
    for (const [kind, occasion] of [...dueLevels(row), ...dueReminders(row, now)])
      if ((await waiting(s, s.store.read, row, occasion)).size > 0)
        await s.store.transaction((tx) => mailReviewers(s, tx, row, kind, occasion));
};
