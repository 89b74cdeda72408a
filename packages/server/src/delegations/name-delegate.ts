import { areLinked } from '@sallyport/decide/requests/one-hand';
import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { isBreakGlass } from '../break-glass/store.ts';
import { noteChange } from '../hints/note-change.ts';
import { enqueueMail } from '../notices/enqueue-mail.ts';
import { mailTime } from '../notices/mail-use.ts';
import { oneLine } from '../notices/plain-words.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { findVoter, NO_VOTER } from '../requests/find-voter.ts';
import { handOf } from '../requests/hands.ts';
import { refusedRequest } from '../requests/refuse-request.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';

export interface GovernanceSettings {
  readonly delegates: {
    readonly appointments: readonly {
      /** By id, or by login. */
      readonly delegate: { readonly externalId: string };
      readonly startTime?: string | undefined;
      readonly endTime?: string | undefined;
      readonly note?: string | undefined;
    }[];
  };
}
type Appointment = GovernanceSettings['delegates']['appointments'][number];

const DAYS_MAX = 365;
const DAY = 86_400_000;

/** E0000001 alike for somebody unknown and for whoever could decide nothing. */
const findDelegate = async (tx: Transaction, externalId: string): Promise<Row<'users'>> => {
  const user = await findVoter(tx, externalId);
  if (user === undefined) throw invalid('delegate', NO_VOTER);
  return user;
};

const timesOf = ({ startTime, endTime }: Appointment, now: number) => {
  if (endTime === undefined) throw invalid('endTime', 'say until when: who decides for good is named in a sequence');
  const startsAt = startTime === undefined ? now : Math.max(now, Date.parse(startTime));
  const endsAt = Date.parse(endTime);
  if (endsAt <= startsAt) throw invalid('endTime', 'must lie ahead, and after the beginning');
  if (endsAt > now + DAYS_MAX * DAY) throw invalid('endTime', `must lie at most ${DAYS_MAX} days ahead`);
  return { startsAt, endsAt };
};

type Change = { readonly row: Row<'delegations'>; readonly isEnd: boolean };

/** In the log, by mail to both, and at once to the inbox of whoever decides, or no longer does. */
const tell = async (s: Services, tx: Transaction, principal: Principal, { row, isEnd }: Change): Promise<void> => {
  noteChange(s, 'person', row.delegateId);
  const people = await tx
    .selectFrom('users')
    .selectAll()
    .where('id', 'in', [row.delegatorId, row.delegateId])
    .execute();
  const find = (id: string) => people.find((one) => one.id === id);
  const [delegator, delegate] = [find(row.delegatorId), find(row.delegateId)];
  await recordEvent(s, tx, principal, {
    eventType: 'governance.principal.settings.update',
    target: [delegator, delegate].flatMap((user) => (user === undefined ? [] : [userAsActor(user)])),
    debugData: {
      delegation_id: row.id,
      delegator_id: row.delegatorId,
      delegate_id: isEnd ? '' : row.delegateId,
      delegation_starts_at: toIso(Number(row.startsAt)),
      delegation_ends_at: toIso(isEnd ? s.clock.now() : Number(row.endsAt)),
    },
  });
  if (delegator === undefined || delegate === undefined) return;
  const by =
    authorOf(principal) === delegator.id
      ? undefined
      : await tx.selectFrom('users').select('login').where('id', '=', authorOf(principal)).executeTakeFirst();
  const words = `${delegate.login} decides on access in the stead of ${delegator.login}`;
  for (const person of [delegator, delegate])
    await enqueueMail(
      s,
      tx,
      { ids: [person.id] },
      {
        kind: isEnd ? 'delegation.ended' : 'delegation.begun',
        subject: isEnd ? `No longer: ${words}` : `For a while: ${words}`,
        lines: [
          `${oneLine(words)}${isEnd ? ': that ended now.' : ':'}`,
          ...(by === undefined ? [] : [`This was done by ${oneLine(by.login)}.`]),
          '',
          ...(isEnd
            ? ['Who decides in whose stead stands here:']
            : [
                `    from ${mailTime(Number(row.startsAt))} until ${mailTime(Number(row.endsAt))}`,
                ...(row.note === null ? [] : [`    “${oneLine(row.note)}”`]),
                '',
                `It is one vote, whoever of the two gives it. ${person.id === row.delegatorId ? 'It can be ended here' : 'In whose stead you decide stands here'}:`,
              ]),
        ],
        path: '/me/access',
      },
    );
};

const end = async (s: Services, tx: Transaction, principal: Principal, row: Row<'delegations'>): Promise<void> => {
  await tx.deleteFrom('delegations').where('id', '=', row.id).execute();
  if (Number(row.endsAt) > s.clock.now()) await tell(s, tx, principal, { row, isEnd: true });
};

/** Ends what somebody gave and received, with their account. */
export const endDelegationsOf = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  userId: string,
): Promise<void> => {
  const rows = await tx
    .selectFrom('delegations')
    .selectAll()
    .where((e) => e.or([e('delegatorId', '=', userId), e('delegateId', '=', userId)]))
    .orderBy('id')
    .execute();
  for (const row of rows) await end(s, tx, principal, row);
};

/**
 * Says who decides on access requests in somebody's stead, in place of whoever did. The delegate gives the delegator's one
 * vote (`judgeRequestDecision`); whoever names one for somebody else has their hand in that vote. Errors: E0000001.
 */
const settle = (s: Services, principal: Principal, delegatorId: string, { delegates }: GovernanceSettings) =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const delegator = await findUser(tx, delegatorId);
    const before = await tx
      .selectFrom('delegations')
      .selectAll()
      .where('delegatorId', '=', delegator.id)
      .executeTakeFirst();
    const [named] = delegates.appointments;
    if (named === undefined) {
      if (before !== undefined) await end(s, tx, principal, before);
      return;
    }
    if (delegator.status !== 'ACTIVE' || delegator.serviceAccountAt !== null || (await isBreakGlass(tx, delegator.id)))
      throw invalid('delegates', 'only an active person has a vote to give');
    const now = s.clock.now();
    const createdBy = authorOf(principal);
    const delegate = await findDelegate(tx, named.delegate.externalId);
    if (delegate.id === delegator.id) throw invalid('delegate', 'nobody decides in their own stead');
    // Also under another account: whoever names somebody for others would decide by it.
    if (createdBy !== delegator.id && areLinked(await handOf(tx, delegate.id, now), await handOf(tx, createdBy, now)))
      throw invalid('delegate', 'nobody names themself for somebody else');
    const times = timesOf(named, now);
    if (before !== undefined) await end(s, tx, principal, before);
    const row = {
      id: newId<string>(s.random, 'delegation'),
      delegatorId: delegator.id,
      delegateId: delegate.id,
      ...times,
      note: named.note === undefined || named.note === '' ? null : named.note,
      createdAt: now,
      createdBy,
    };
    await tx.insertInto('delegations').values(row).execute();
    await tell(s, tx, principal, { row, isEnd: false });
  });

/** `PATCH /governance/api/v1/my/settings`. A token gives no vote away: E0000006. */
export const nameMyDelegate = async (s: Services, principal: Principal, body: GovernanceSettings): Promise<void> => {
  if (principal.kind !== 'session') throw refusedRequest('session-needed');
  await settle(s, principal, principal.userId, body);
};

/**
 * `PATCH /governance/api/v1/principal-settings/{userId}`: for somebody who is away. The hand of whoever names is in the vote:
 * a machine has none, nor a break-glass account, which may only end one. Errors: E0000006 with the reason, E0000007.
 */
export const nameDelegateFor = async (
  s: Services,
  principal: Principal,
  delegatorId: string,
  body: GovernanceSettings,
): Promise<void> => {
  if (principal.kind !== 'session') throw refusedRequest('session-needed');
  if (await isOfServiceAccount(s.store.read, principal)) throw refusedRequest('approver-not-a-person');
  if (body.delegates.appointments.length > 0 && (await isBreakGlass(s.store.read, principal.userId)))
    throw refusedRequest('approver-break-glass');
  await settle(s, principal, delegatorId, body);
};
