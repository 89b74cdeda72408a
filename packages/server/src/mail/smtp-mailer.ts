import nodemailer from 'nodemailer';
import { Deferred, Undeliverable } from '../outbox/sink.ts';
import type { Mailer } from '../ports/mailer.ts';

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/**
 * Hands mail to an SMTP server (RFC 5321). Beyond this host it speaks TLS or not at all, `smtps://` from the first byte and
 * `smtp://` by STARTTLS: a mail says who did what. Nothing is read from files or URLs that a mail might name.
 */
export const createSmtpMailer = (url: URL, from: string): Mailer => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const port = url.port === '' ? (secure ? 465 : 587) : Number(url.port);
  const transport = nodemailer.createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !isLoopback(host),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain =
    from
      .split('@')
      .at(-1)
      ?.replace(/[^\w.-]/g, '') ?? 'localhost';
  return {
    describe: `${host}:${port}`,
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
        });
      } catch (cause) {
        const { code, command, responseCode = 0 } = cause as SmtpError;
        // What the server says of the sender it says of every mail: they wait, and none is given up for it.
        const isOfThisMail = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE';
        // RFC 5321 §4.2.1: 5yz about a recipient will be the same tomorrow; anything else may pass.
        if (isOfThisMail && code === 'EENVELOPE' && (responseCode >= 500 || responseCode === 0))
          throw new Undeliverable('the mail server refuses the address', { cause });
        // Somebody whose box is full, or whose name a filter takes for spam, must not keep alarms from others.
        if (isOfThisMail) throw new Deferred(`the mail server does not take it now (${responseCode})`, { cause });
        throw cause;
      }
    },
  };
};
