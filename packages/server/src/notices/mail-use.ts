import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { ActionName } from '@sallyport/model/protected-actions';
import { MAIL_SINK } from '../outbox/mail-sink.ts';
import type { Transaction } from '../ports/store.ts';
import { whoHears } from '../service-accounts/who-hears.ts';
import type { Services } from '../services.ts';
import { networkName } from '../sessions/describe-session.ts';
import { enqueueMail } from './enqueue-mail.ts';
import { oneLine } from './plain-words.ts';

/** One mail for each session and action in so many seconds; the page that it leads to shows all of them. */
export const QUIET_SECONDS = 60;

/** As people read an instant whose zone nobody knows: `2026-11-29 03:42 UTC`. */
export const mailTime = (at: number): string => `${toIso(at).slice(0, 16).replace('T', ' ')} UTC`;

/** From where a request came, in words. */
export const fromWhere = ({ request }: Principal): string =>
  `${request.client.kind === 'known' ? request.client.address.text : 'an unknown address'} (${networkName(request.network)})`;

/** What the mail is about, as its entry in the outbox has it. */
const aboutUse = (sessionId: string, action: ActionName): string => `use ${sessionId} ${action}`;

/**
 * Whether a mail of the same session and action was written a moment ago. It is asked of the outbox, in the transaction of
 * the change: a counter in memory could be used up by a request that fails, and the one that does not would go untold.
 */
const wasToldLately = async (s: Services, tx: Transaction, about: string): Promise<boolean> => {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('sink', '=', MAIL_SINK)
    .where('createdAt', '>', s.clock.now() - QUIET_SECONDS * 1000)
    .where('payload', 'like', `%"about":"${about}"%`)
    .executeTakeFirst();
  return row !== undefined;
};

/**
 * Mails a person that a protected action was done with their account, with a way to say that it was not them; of a service
 * account whoever answers for it, with the way to end that somebody is in.
 */
export const mailUse = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  { action, words, eventId }: { readonly action: ActionName; readonly words: string; readonly eventId: string },
): Promise<void> => {
  if (s.mailer === null || principal.kind !== 'session') return;
  const about = aboutUse(principal.sessionId, action);
  if (await wasToldLately(s, tx, about)) return;
  const { ids, by } = await whoHears(s, tx, principal.userId);
  const what = [
    '',
    `    ${oneLine(words)}`,
    `    at ${mailTime(s.clock.now())}`,
    `    from ${oneLine(fromWhere(principal))}`,
    '',
  ];
  const notice =
    by === null
      ? {
          subject: `Done with your account: ${words}`,
          lines: [
            'this was done with your account and a key of yours:',
            ...what,
            'That was you? There is nothing to do.',
            'That wasn’t you? Open this page, sign in, and end all your sessions there:',
          ],
          path: `/me/actions/${eventId}`,
        }
      : {
          subject: `Done as ${by.userLogin}: ${words}`,
          lines: [
            `this was done as ${oneLine(by.userLogin)}, a service account that somebody signed in as:`,
            ...what,
            'That was as agreed? There is nothing to do.',
            'It was not, or it is done? End it, and its sessions are over at once:',
          ],
          path: '/me/access',
          verb: `grant end ${by.id}`,
        };
  await enqueueMail(s, tx, { ids }, { kind: 'use.done', about, ...notice });
};
