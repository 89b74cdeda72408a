import { ApiError, notFound } from '@sallyport/model/errors';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import { superAdminVoices } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser, publishEnded } from '../sessions/end-sessions.ts';
import { chosenBy, subscriptionOf } from '../subscriptions/store.ts';
import { deviceName } from '../system-log/describe-user-agent.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { enqueueMail } from './enqueue-mail.ts';
import { fromWhere, mailTime } from './mail-use.ts';
import { oneLine } from './plain-words.ts';

const SHOWN_MAX = 20;
const TOLD_MAX = 10;

const personOf = (principal: Principal): string => {
  if (principal.kind !== 'session') throw new ApiError('E0000006', { causes: ['A person in a session asks this.'] });
  return principal.userId;
};

/** What was done by this person in a session of theirs; a token's work is told by the token's own page. */
const done = (db: Transaction, userId: string) =>
  db
    .selectFrom('events')
    .select('body')
    .where('actorId', '=', userId)
    .where('eventType', '=', 'security.protected_action.attempt')
    .where('outcomeResult', '=', 'SUCCESS')
    .where('externalSessionId', 'is not', null);

const read = (row: { readonly body: string }): LogEvent => JSON.parse(row.body) as LogEvent;
const wordsOf = (event: LogEvent): string => event.target?.[0]?.displayName ?? 'A protected action';

const present = (event: LogEvent) => ({
  id: event.uuid,
  action: event.target?.[0]?.id ?? null,
  words: wordsOf(event),
  at: event.published,
  address: event.client.ipAddress,
  network: event.securityContext.asOrg,
  device: event.client.userAgent === null ? '' : deviceName(event.client.userAgent),
  sessionId: event.authenticationContext.externalSessionId,
});

/** `GET /sallyport/v1/me/actions`: the last twenty, newest first. */
export const listMyActions = async (s: Services, principal: Principal) => {
  const rows = await done(s.store.read, personOf(principal))
    .orderBy('publishedAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(SHOWN_MAX)
    .execute();
  return { actions: rows.map((row) => present(read(row))) };
};

const findMine = async (db: Transaction, userId: string, id: string): Promise<LogEvent> => {
  const row = await done(db, userId).where('uuid', '=', id).executeTakeFirst();
  // Another person's and none answer alike.
  if (row === undefined) throw notFound(id, 'Action');
  return read(row);
};

/** `GET /sallyport/v1/me/actions/{id}`. */
export const getMyAction = async (s: Services, principal: Principal, id: string) =>
  present(await findMine(s.store.read, personOf(principal), id));

/**
 * Other super admins, or who may ask to be one where none stands, who can look at the account now, but for those who chose to be without such mails. Where that is
 * everybody, each for themselves, all are told: a session alone can choose that, and a thief would choose it first. What was
 * chosen for the role was proved with a key, and counts.
 */
const toldOf = async (s: Services, tx: Transaction, userId: string): Promise<readonly string[]> => {
  const others = (await superAdminVoices(s, tx, 'in-time')).filter((other) => other !== userId);
  const told: string[] = [];
  for (const other of others) {
    if (told.length >= TOLD_MAX) break;
    if ((await subscriptionOf(tx, other, 'REPORT_SUSPICIOUS_ACTIVITY')) === 'subscribed') told.push(other);
  }
  if (told.length > 0) return told;
  const ofRole = (await chosenBy(tx, 'role', 'SUPER_ADMIN')).get('REPORT_SUSPICIOUS_ACTIVITY');
  return ofRole === 'unsubscribed' ? [] : others.slice(0, TOLD_MAX);
};

/**
 * `POST …/not-me`: ends every session of the person, the one that asks too, and tells the log and the other super admins.
 * Whoever did it has a key of theirs or sits in their browser: others must look at the account.
 */
export const notMe = async (s: Services, principal: Principal, id: string) => {
  const userId = personOf(principal);
  const ended = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const event = await findMine(tx, userId, id);
    const user = await tx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow();
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.report_suspicious_activity_by_enduser',
      target: [userAsActor(user), ...(event.target ?? []).slice(0, 1)],
      debugData: {
        suspiciousEventId: event.uuid,
        suspiciousSessionId: event.authenticationContext.externalSessionId ?? '',
      },
    });
    const told = { ids: await toldOf(s, tx, userId), isEachAccount: true };
    await enqueueMail(s, tx, told, {
      kind: 'use.not-me',
      subject: `${user.login} says: that wasn’t me`,
      lines: [
        `${oneLine(user.login)} says that this was not them:`,
        '',
        `    ${oneLine(wordsOf(event))}`,
        `    at ${mailTime(Date.parse(event.published))}`,
        `    from ${event.client.ipAddress ?? 'an unknown address'}`,
        '',
        `It was reported from ${oneLine(fromWhere(principal))}. All their sessions have ended.`,
        'Look at their keys, and at what was done since:',
      ],
      path: `/admins/${userId}`,
    });
    return endSessionsOfUser(s, tx, principal, userAsActor(user), 'not-me');
  });
  publishEnded(s, ended, 'not-me');
  return { ended: ended.length };
};
