import { openStep } from '@sallyport/decide/requests/request-progress';
import type { ApproverRule, RequestFacts } from '@sallyport/model/access-request';
import { isReason, sentenceOf } from '@sallyport/model/reasons';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { mailTime } from '../notices/mail-use.ts';
import type { NoticeKind } from '../notices/notice-kinds.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { outlooksOf, personNamed } from './explain-steps.ts';
import { candidatesOf } from './hands.ts';
import { factsOf, type RequestRow } from './store.ts';
import { titleOfRequest, wordsOfRequest } from './words-of-request.ts';

const TOLD_MAX = 20;
/** Requests of one person that are mailed: a stolen session that loops must not fill the mailboxes of the team. */
const MAIL_LIMIT = { limit: 5, windowSeconds: 600 };

const BEGINS = {
  new: ['request.waits', 'Waits'],
  next: ['request.next-step', 'Waits'],
  nudge: ['request.nudge', 'Still waits'],
  'passed-on': ['request.passed-on', 'Waits by now also'],
  reassigned: ['request.reassigned', 'Given to you, and waits'],
} as const satisfies Readonly<Record<string, readonly [NoticeKind, string]>>;

/** Who could say yes before the step passed on: whom it was given to, or else whom it names. */
const namedBefore = async (tx: Transaction, facts: RequestFacts, step: number, now: number) => {
  const given = facts.reassigned[step] ?? null;
  const rule: ApproverRule | undefined =
    given === null ? facts.steps[step]?.approvers : { by: 'people', ids: given.to };
  const named = rule === undefined ? [] : await candidatesOf(tx, rule, facts, now);
  return new Set(named.map(({ userId }) => userId));
};

/**
 * Mails whoever can approve the step that waits now, and nobody else; of what passed on only those who could not before, and
 * of what was given to others these.
 */
export const mailApproversOf = async (
  s: Services,
  tx: Transaction,
  row: RequestRow,
  why: keyof typeof BEGINS,
): Promise<void> => {
  if (s.mailer === null) return;
  const now = s.clock.now();
  // What approvers set off is not counted: a refused approval must not use up the mails of a good one.
  if ((why === 'new' || why === 'nudge') && s.rates.hit(`request mail ${row.requesterId}`, MAIL_LIMIT, now).isOver)
    return;
  const facts = await factsOf(tx, row, now);
  const step = openStep(facts);
  if (step === null) return;
  const before = why === 'passed-on' ? await namedBefore(tx, facts, step, now) : new Set<string>();
  const able = (await outlooksOf(tx, facts, now))[step]?.able ?? [];
  const asker = await personNamed(tx, row.requesterId);
  const title = oneLine(titleOfRequest(row, asker, await personNamed(tx, row.beneficiaryId), null));
  const to = facts.reassigned[step]?.to ?? [];
  const ids = able
    .map(({ userId }) => userId)
    .filter((id) => !before.has(id) && (why !== 'reassigned' || to.includes(id)));
  const [kind, begins] = BEGINS[why];
  await enqueueMail(
    s,
    tx,
    { ids, max: TOLD_MAX },
    {
      kind,
      subject: `${begins} for your approval: ${title}`,
      lines: [
        `${oneLine(asker.login ?? asker.name)} asks for access that you can approve:`,
        '',
        `    ${title}`,
        `    “${oneLine(row.reason)}”${row.ticket === null ? '' : `, ${oneLine(row.ticket)}`}`,
        `    decide by ${mailTime(Number(row.decideBy))}`,
        '',
        'See what it gives, and approve it with your key or deny it:',
      ],
      path: `/requests/${row.id}`,
    },
  );
};

const SAID = {
  APPROVED: ['request.approved', 'Approved'],
  DENIED: ['request.denied', 'Denied'],
  EXPIRED: ['request.expired', 'Nobody decided'],
  CANCELED: ['request.canceled', 'Taken back before it began'],
  GRANTED: ['request.begun', 'Begins now'],
  FAILED: ['request.not-granted', 'Not granted'],
} as const satisfies Readonly<Record<string, readonly [NoticeKind, string]>>;

/** Tells whoever asked, and whom it is for, how it ended. A service account reads no mail. */
export const mailOutcome = async (
  s: Services,
  tx: Transaction,
  row: RequestRow,
  outcome: keyof typeof SAID,
  comment: string | null = null,
): Promise<void> => {
  const why = outcome === 'FAILED' ? row.grantReason : comment;
  const [kind, said] = SAID[outcome];
  const isOfMachine = row.kind === 'service-account';
  const told = { ids: [row.requesterId, ...(isOfMachine ? [] : [row.beneficiaryId])] };
  const [by, to] = [await personNamed(tx, row.requesterId), await personNamed(tx, row.beneficiaryId)];
  // Where somebody asked for another both read whose it is, and who asked.
  const title = isOfMachine || by.id === to.id ? wordsOfRequest(row) : titleOfRequest(row, by, to, null);
  await enqueueMail(s, tx, told, {
    kind,
    subject: `${said}: ${title}`,
    lines: [
      'what was asked for:',
      '',
      `    ${oneLine(title)}`,
      `    ${said}`,
      ...(why === null || why === undefined ? [] : [`    “${oneLine(isReason(why) ? sentenceOf(why) : why)}”`]),
      '',
    ],
    path: `/requests/${row.id}`,
    verb: `request show ${row.id}`,
  });
};
