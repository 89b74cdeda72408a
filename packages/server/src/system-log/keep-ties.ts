import type { EventType } from '@sallyport/model/event-types';
import type { LogTarget } from '@sallyport/model/log-event';
import { sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import type { NewRow } from '../store/tables.ts';
import type { EventInput } from './build-event.ts';

/** What leaves no column behind, or leaves one that goes away with the thing: the log remembers. */
const OF_PEOPLE: readonly EventType[] = [
  'user.lifecycle.create',
  'user.account.privilege.grant',
  'user.mfa.factor.activate',
  'user.mfa.factor.deactivate',
  'user.mfa.factor.reset_all',
  'sallyport.enrolment_code.create',
];
/** The same for a service app, which is made, equipped and given roles by people. */
const OF_APPS: readonly EventType[] = [
  'app.oauth2.client.lifecycle.create',
  'app.oauth2.client.privilege.grant',
  'app.oauth2.credentials.lifecycle.create',
  'app.oauth2.admin.consent.grant',
];

/** Somebody, and who made something of theirs. */
type Tie = NewRow<'ties'>;

/** Whom an event ties to whom: the account or service app it is about to whoever did it (design §4.6). */
const tiesIn = (
  eventType: EventType,
  target: readonly Pick<LogTarget, 'id' | 'type'>[],
  by: string,
  at: number,
): Tie[] => {
  const ofKind = OF_PEOPLE.includes(eventType) ? 'user' : OF_APPS.includes(eventType) ? 'app' : null;
  if (ofKind === null) return [];
  const types = ofKind === 'user' ? ['User'] : ['AppInstance', 'PublicClientApp'];
  return target.filter(({ type }) => types.includes(type)).map(({ id }) => ({ ofId: id, byId: by, ofKind, at }));
};

const ROWS_PER_STATEMENT = 100;
/** A clock that was set back shortens no tie. */
const LATER = sql<number>`case when excluded.at > ties.at then excluded.at else ties.at end`;

/** Keeps the last of each: who is tied to whom is then found without a look at the log, however long that is. */
const writeTies = async (tx: Transaction, ties: readonly Tie[]): Promise<void> => {
  const last = [...new Map(ties.map((tie) => [`${tie.ofId} ${tie.byId}`, tie])).values()];
  for (let i = 0; i < last.length; i += ROWS_PER_STATEMENT)
    await tx
      .insertInto('ties')
      .values(last.slice(i, i + ROWS_PER_STATEMENT))
      .onConflict((c) => c.columns(['ofId', 'byId']).doUpdateSet({ at: LATER }))
      .execute();
};

/**
 * Keeps that accounts were one human's until now: whoever takes a mailbox or a number of an employee off their other account
 * does not make two people of it.
 */
export const keepFormerAccounts = (
  tx: Transaction,
  userId: string,
  others: readonly string[],
  at: number,
): Promise<void> =>
  writeTies(
    tx,
    others.map((byId) => ({ ofId: userId, byId, ofKind: 'user', at })),
  );

/** Keeps what events that one principal recorded say of it, in their transaction. */
export const keepTies = (tx: Transaction, inputs: readonly EventInput[], actorId: string, at: number): Promise<void> =>
  writeTies(
    tx,
    inputs.flatMap(({ eventType, target = [], actor }) => tiesIn(eventType, target, actor?.id ?? actorId, at)),
  );
