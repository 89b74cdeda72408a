import { enqueue } from '../outbox/enqueue.ts';
import { MAIL_SINK } from '../outbox/mail-sink.ts';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { displayNameOf } from '../system-log/record-event.ts';

/** Somebody with an account, as mail addresses them. */
export interface Recipient {
  readonly login: string;
  /** JSON. */
  readonly profile: string;
}
interface Profile {
  readonly email?: unknown;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly displayName?: string;
}

export interface Notice {
  readonly subject: string;
  readonly lines: readonly string[];
  /** Kept in the outbox beside the mail, never sent: by it the next one of its kind is found. */
  readonly about?: string;
}

/** One line, whatever somebody chose as a name: no header and no line of the mail begins inside of it. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);

/** An address that a mail server would take for one: one `@`, no space, no list. */
const ADDRESS = /^[^\s@,;<>"()]{1,64}@[^\s@,;<>"()]{1,190}$/;

/**
 * Mails somebody, in the transaction of the change that it tells of. Nothing is kept where no mail server is configured, or
 * for somebody without an address.
 */
export const enqueueMail = async (
  s: Services,
  tx: Transaction,
  { login, profile }: Recipient,
  { subject, lines, about }: Notice,
): Promise<void> => {
  if (s.mailer === null) return;
  const person = JSON.parse(profile) as Profile;
  const to = typeof person.email === 'string' ? person.email : login;
  if (!ADDRESS.test(to)) return;
  const org = await tx.selectFrom('org').select('name').executeTakeFirst();
  const text = [
    `Hello ${oneLine(displayNameOf(person, login))},`,
    '',
    ...lines,
    '',
    `${oneLine(org?.name ?? 'Sallyport')}, ${s.config.publicUrl.origin}`,
    '',
  ].join('\n');
  await enqueue(s, tx, MAIL_SINK, { id: base62(s.random, 22), to, subject: oneLine(subject), text, about });
};
