import type { Principal } from '@sallyport/model/principal';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { fromWhere, mailTime } from '../notices/mail-use.ts';
import { oneLine } from '../notices/plain-words.ts';
import type { Transaction } from '../ports/store.ts';
import { wordsOfProof } from '../protected-actions/present-proof.ts';
import type { Services } from '../services.ts';
import { tellOfApproval } from '../webhooks/tell-webhooks.ts';
import { type Ask, eligibleApprovers } from './store.ts';

/** Mails of one asker: a token that loops must not fill the mailboxes of the team. The inbox shows all of it. */
export const MAIL_LIMIT = { limit: 5, windowSeconds: 600 };
export const TOLD_MAX = 20;

const askerWords = async (tx: Transaction, row: Ask): Promise<string> => {
  if (row.requesterKind === 'service-app') {
    const app = await tx.selectFrom('apps').select('label').where('id', '=', row.requesterId).executeTakeFirst();
    return `the service app ${app?.label ?? ''}`;
  }
  const owner = await tx.selectFrom('users').select('login').where('id', '=', row.userId).executeTakeFirst();
  if (row.requesterKind === 'session') return owner?.login ?? '';
  const token = await tx.selectFrom('apiTokens').select('name').where('id', '=', row.requesterId).executeTakeFirst();
  return `the token ${token?.name ?? ''} of ${owner?.login ?? ''}`;
};

/** Mails whoever could approve an ask. */
const mailApprovers = async (s: Services, tx: Transaction, principal: Principal, row: Ask): Promise<void> => {
  if (s.mailer === null) return;
  if (s.rates.hit(`approval mail ${row.requesterId}`, MAIL_LIMIT, s.clock.now()).isOver) return;
  const who = await askerWords(tx, row);
  const words = wordsOfProof(row);
  const ids = (await eligibleApprovers(s, tx, row)).map(({ id }) => id);
  await enqueueMail(
    s,
    tx,
    { ids, max: TOLD_MAX },
    {
      kind: 'approval.waits',
      subject: `Waits for approval: ${words}`,
      lines: [
        `${oneLine(who)} asks for an approval that you may give:`,
        '',
        `    ${oneLine(words)}`,
        `    asked from ${oneLine(fromWhere(principal))}`,
        `    until ${mailTime(row.expiresAt)}`,
        '',
        'See what exactly, and approve it with your key or deny it:',
      ],
      path: `/approvals/${row.id}`,
    },
  );
};

/** Tells that an ask waits for a second person, in the transaction from which on it does: those who could approve it, and webhooks. */
export const tellApprovers = async (s: Services, tx: Transaction, principal: Principal, row: Ask): Promise<void> => {
  await tellOfApproval(s, tx, 'approval.asked', row);
  await mailApprovers(s, tx, principal, row);
};
