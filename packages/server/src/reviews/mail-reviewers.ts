import { enqueueMail, oneLine } from '../notices/enqueue-mail.ts';
import { mailTime } from '../notices/mail-use.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { ASKED } from './asked-now.ts';
import { type Campaign, settingsOf } from './store.ts';

type MailKind = 'assigned' | 'reminder' | 'midpoint' | 'over';
const DAY = 86_400_000;

const words = (kind: MailKind, name: string, count: number, ends: string) => {
  const items = count === 1 ? 'one item' : `${count} items`;
  switch (kind) {
    case 'assigned':
      return { subject: `Review of access: ${name}`, first: `you are asked about ${items} in the review “${name}”.` };
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

/** Whoever has items of a campaign that nobody decided, with how many. */
const waiting = (tx: Transaction, campaignId: string) =>
  tx
    .selectFrom('reviewers')
    .innerJoin('users', 'users.id', 'reviewers.reviewerId')
    .select((e) => ['users.id', 'users.login', 'users.profile', e.fn.countAll<number | string>().as('count')])
    .where('reviewers.campaignId', '=', campaignId)
    .where('reviewers.isAskedNow', '=', ASKED)
    .where('users.status', '=', 'ACTIVE')
    .groupBy(['users.id', 'users.login', 'users.profile'])
    .orderBy('users.id');

/** Mails those who have something to answer, each once for each occasion; nobody else. */
export const mailReviewers = async (
  s: Services,
  tx: Transaction,
  row: Campaign,
  kind: MailKind,
  occasion: string = kind,
): Promise<void> => {
  if (s.mailer === null) return;
  const ends = mailTime(row.endsAt);
  for (const person of await waiting(tx, row.id).execute()) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('reviewMails')
      .values({ campaignId: row.id, reviewerId: person.id, kind: occasion })
      .onConflict((c) => c.columns(['campaignId', 'reviewerId', 'kind']).doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) continue;
    const { subject, first } = words(kind, oneLine(row.name), Number(person.count), ends);
    await enqueueMail(s, tx, person, {
      subject,
      lines: [
        first,
        '',
        `${s.config.publicUrl.origin}/reviews/${row.id}`,
        ...(kind === 'over' ? [] : ['', `It ends on ${ends}.`]),
      ],
    });
  }
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

/** Reminds whoever has not answered; a job does it, and what was sent is written down with the mail. */
export const remindReviewers = async (s: Services): Promise<void> => {
  if (s.mailer === null) return;
  const now = s.clock.now();
  const running = await s.store.read
    .selectFrom('campaigns')
    .selectAll()
    .where('status', '=', 'ACTIVE')
    .where('endsAt', '>', now)
    .execute();
  for (const row of running)
    for (const [kind, occasion] of dueReminders(row, now))
      await s.store.transaction((tx) => mailReviewers(s, tx, row, kind, occasion));
};
