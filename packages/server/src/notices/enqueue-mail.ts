import { areLinked } from '@sallyport/decide/requests/one-hand';
import type { Account } from '@sallyport/model/access-request';
import { accountsOf } from '../approvals/accounts-of-human.ts';
import { enqueue } from '../outbox/enqueue.ts';
import { ALARM_MAIL_SINK, MAIL_SINK } from '../outbox/mail-sink.ts';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import type { NoticeKind } from './notice-kinds.ts';
import { oneLine, withoutLinks } from './plain-words.ts';

interface Profile {
  readonly email?: unknown;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly displayName?: string;
}

export interface Notice {
  readonly kind: NoticeKind;
  readonly subject: string;
  /** Words, those of others among them: none of it becomes a link, and each stays one line. */
  readonly lines: readonly string[];
  /** The page that it is about: the one address in a mail, below its lines. */
  readonly path: string;
  /** Where that is a page of the console, and not everybody who is told need be let in there: the verb that shows the same. */
  readonly verb?: string;
  /** Of what has the same word here each account is told once, however often it is tried. */
  readonly once?: string;
  /** Kept in the outbox beside the mail, never sent: by it the next one of its kind is found. */
  readonly about?: string;
}

export interface Told {
  /** Accounts, the first to be told first. */
  readonly ids: readonly string[];
  /** Of more than that the rest is not told. */
  readonly max?: number;
  /** Also a second account of somebody: what alarms is told to all, for a link between accounts must silence nobody. */
  readonly isEachAccount?: boolean;
}

/** A drill goes the way of what it is a drill of. */
const isAlarm = (kind: NoticeKind): boolean => kind === 'break-glass.alarm' || kind === 'break-glass.drill';

/** An address that a mail server would take for one: one `@`, no space, no list. */
const ADDRESS = /^[^\s@,;<>"()]{1,64}@[^\s@,;<>"()]{1,190}$/;

/** Of these accounts those that are in use and have an address, in the order given; of one human, or one mailbox, the first. */
const recipients = async (tx: Transaction, { ids, max, isEachAccount = false }: Told) => {
  const rows = await tx
    .selectFrom('users')
    .select(['id', 'login', 'profile'])
    .where('id', 'in', ['', ...ids])
    .where('status', '=', 'ACTIVE')
    .execute();
  const users = new Map(rows.map((row) => [row.id, row]));
  const accounts = await accountsOf(tx, [...users.keys()]);
  const found: { readonly account: Account; readonly to: string; readonly name: string }[] = [];
  for (const id of new Set(ids)) {
    const [user, account] = [users.get(id), accounts.get(id)];
    if (user === undefined || account === undefined) continue;
    const profile = JSON.parse(user.profile) as Profile;
    const to = typeof profile.email === 'string' ? profile.email : user.login;
    if (!ADDRESS.test(to)) continue;
    const isTold = found.some(
      (one) => one.to.toLowerCase() === to.toLowerCase() || (!isEachAccount && areLinked(one.account, account)),
    );
    if (!isTold) found.push({ account, to, name: displayNameOf(profile, user.login) });
  }
  return found.slice(0, max);
};

/** Is somebody in use, with an address? Whom nothing can be sent to is nobody to open a transaction for. */
export const canBeMailed = async (db: Transaction, userId: string): Promise<boolean> =>
  (await recipients(db, { ids: [userId] })).length > 0;

const onceId = (once: string, userId: string): string => `${once}-${userId}`;

/** Was somebody told of what is told once? */
export const isWritten = async (db: Transaction, once: string, userId: string): Promise<boolean> =>
  (await db.selectFrom('outbox').select('id').where('id', '=', onceId(once, userId)).executeTakeFirst()) !== undefined;

/**
 * Mails people, in the transaction of the change that it tells of: whoever of them is in use, each human once. Nothing is kept
 * where no mail server is configured, or for somebody without an address.
 */
export const enqueueMail = async (
  s: Services,
  tx: Transaction,
  told: Told,
  { kind, subject, lines, path, verb, about, once }: Notice,
): Promise<void> => {
  if (s.mailer === null) return;
  const { origin } = s.config.publicUrl;
  const org = await tx.selectFrom('org').select('name').executeTakeFirst();
  for (const { account, to, name } of await recipients(tx, told)) {
    const opens = verb === undefined || (await isAdmin(tx, account.userId));
    const text = [
      withoutLinks(`Hello ${oneLine(name)},`),
      '',
      ...lines.map(withoutLinks),
      ...(opens ? [`${origin}${path}`] : ['On the command line:', '', `    sallyport ${verb}`]),
      '',
      `${withoutLinks(oneLine(org?.name ?? 'Sallyport'))}, ${origin}`,
      '',
    ].join('\n');
    const mail = { id: base62(s.random, 22), kind, to, subject: oneLine(withoutLinks(subject)), text, about };
    const sink = isAlarm(kind) ? ALARM_MAIL_SINK : MAIL_SINK;
    await enqueue(s, tx, sink, mail, once === undefined ? undefined : onceId(once, account.userId));
  }
};
