import { openStep } from '@sallyport/decide/requests/request-progress';
import type { ApproverRule, RequestFacts } from '@sallyport/model/access-request';
import { isReason, sentenceOf } from '@sallyport/model/reasons';
import { enqueueMail, oneLine } from '../notices/enqueue-mail.ts';
import { mailTime } from '../notices/mail-use.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { outlooksOf } from './explain-steps.ts';
import { candidatesOf } from './hands.ts';
import { factsOf, type RequestRow } from './store.ts';
import { wordsOfRequest } from './words-of-request.ts';

const TOLD_MAX = 20;
/** Requests of one person that are mailed: a stolen session that loops must not fill the mailboxes of the team. */
const MAIL_LIMIT = { limit: 5, windowSeconds: 600 };

const personOf = (tx: Transaction, id: string) =>
  tx.selectFrom('users').select(['id', 'login', 'profile']).where('id', '=', id).executeTakeFirst();

const linkOf = (s: Services, { id }: Pick<RequestRow, 'id'>): string => `${s.config.publicUrl.origin}/requests/${id}`;

const BEGINS = {
  new: 'Waits',
  next: 'Waits',
  nudge: 'Still waits',
  'passed-on': 'Waits by now also',
  reassigned: 'Given to you, and waits',
} as const;

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
  const who = oneLine((await personOf(tx, row.beneficiaryId))?.login ?? '');
  const words = oneLine(wordsOfRequest(row));
  const to = facts.reassigned[step]?.to ?? [];
  const told = able
    .map(({ userId }) => userId)
    .filter((id) => !before.has(id) && (why !== 'reassigned' || to.includes(id)));
  for (const id of told.slice(0, TOLD_MAX)) {
    const approver = await personOf(tx, id);
    if (approver === undefined) continue;
    await enqueueMail(s, tx, approver, {
      subject: `${BEGINS[why]} for your approval: ${words}, for ${who}`,
      lines: [
        `${who} asks for access that you can approve:`,
        '',
        `    ${words}`,
        `    “${oneLine(row.reason)}”${row.ticket === null ? '' : `, ${oneLine(row.ticket)}`}`,
        `    decide by ${mailTime(Number(row.decideBy))}`,
        '',
        'See what it gives, and approve it with your key or deny it:',
        linkOf(s, row),
      ],
    });
  }
};

const SAID: Readonly<Record<string, string>> = {
  APPROVED: 'Approved',
  DENIED: 'Denied',
  EXPIRED: 'Nobody decided',
  CANCELED: 'Taken back before it began',
  GRANTED: 'Begins now',
  FAILED: 'Not granted',
};

/** Tells whoever asked, and whom it is for, how it ended. */
export const mailOutcome = async (
  s: Services,
  tx: Transaction,
  row: RequestRow,
  outcome: keyof typeof SAID,
  comment: string | null = null,
): Promise<void> => {
  const why = outcome === 'FAILED' ? row.grantReason : comment;
  for (const id of new Set([row.requesterId, row.beneficiaryId])) {
    const person = await personOf(tx, id);
    if (person === undefined) continue;
    await enqueueMail(s, tx, person, {
      subject: `${SAID[outcome]}: ${wordsOfRequest(row)}`,
      lines: [
        'what was asked for:',
        '',
        `    ${oneLine(wordsOfRequest(row))}`,
        `    ${SAID[outcome]}`,
        ...(why === null || why === undefined ? [] : [`    “${oneLine(isReason(why) ? sentenceOf(why) : why)}”`]),
        '',
        linkOf(s, row),
      ],
    });
  }
};
