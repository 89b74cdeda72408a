import type { Mail, Mailer } from '../ports/mailer.ts';
import type { Sink } from './sink.ts';

export const MAIL_SINK = 'mail';

/** Hands what was written for people to the mail server. */
export const createMailSink = (mailer: Mailer): Sink => ({
  name: MAIL_SINK,
  deliver: (payload) => mailer.send(payload as Mail),
});
