import type { Mail, Mailer } from '../ports/mailer.ts';
import type { Sink } from './sink.ts';

export const MAIL_SINK = 'mail';
/** What mails of alarms wait in: neither many others, nor one that is tried again later, holds one up. */
export const ALARM_MAIL_SINK = `${MAIL_SINK}:alarms`;

/** Hands what was written for people to the mail server. */
export const mailSinks = (mailer: Mailer): readonly Sink[] => {
  const deliver = (payload: unknown): Promise<void> => mailer.send(payload as Mail);
  return [
    { name: MAIL_SINK, deliver },
    { name: ALARM_MAIL_SINK, isEachByItself: true, deliver },
  ];
};
