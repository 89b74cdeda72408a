import { keywordsOf } from '@sallyport/decide/log-filter/keywords';
import { storableEvent } from '@sallyport/decide/log-filter/storable-event';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Transaction } from '../ports/store.ts';
import type { NewRow } from '../store/tables.ts';
import { chainHash, GENESIS } from './chain-hash.ts';
import { commitPersonal, withCommitments } from './commit-personal.ts';

export interface AppendedEvent {
  readonly node: string;
  readonly seq: number;
  readonly hash: string;
}

/** Where the node's chain ends, as this transaction sees it. */
export const chainHead = async (
  db: Transaction,
  node: string,
): Promise<{ seq: number; hash: string; publishedAt: number }> =>
  (await db
    .selectFrom('chainHeads')
    .select(['seq', 'hash', 'publishedAt'])
    .where('node', '=', node)
    .executeTakeFirst()) ?? { seq: 0, hash: GENESIS, publishedAt: 0 };

/** The row of an event at its place in the chain; `newSalt` hides its personal values in the hash (design §4.12). */
export const eventRow = (
  event: LogEvent,
  publishedAt: number,
  place: { readonly node: string; readonly seq: number; readonly previousHash: string },
  newSalt: () => string,
): NewRow<'events'> => {
  const personal = commitPersonal(event, newSalt);
  return {
    ...place,
    uuid: event.uuid,
    publishedAt,
    eventType: event.eventType,
    severity: event.severity,
    actorId: event.actor.id,
    outcomeResult: event.outcome.result,
    externalSessionId: event.authenticationContext.externalSessionId,
    transactionId: event.transaction.id,
    clientIp: event.client.ipAddress,
    keywords: keywordsOf(event),
    body: JSON.stringify(event),
    personal: JSON.stringify(personal),
    hash: chainHash(place.previousHash, place.node, place.seq, withCommitments(event, personal)),
  };
};

/**
 * Appends an event to the node's chain inside the transaction that changes the state it tells of (design §4.4).
 * The node's writers run one after another, so that `(node, seq)` has no gap and is in the order of commits.
 * `build` receives an instant that never goes backwards along the chain: a clock set back does not reorder the log.
 */
export const appendEvent = async (
  tx: Transaction,
  node: string,
  now: number,
  newSalt: () => string,
  build: (publishedAt: number) => LogEvent,
): Promise<AppendedEvent & { event: LogEvent }> => {
  const head = await chainHead(tx, node);
  const publishedAt = Math.max(now, head.publishedAt);
  const event = storableEvent(build(publishedAt));
  const seq = head.seq + 1;
  const row = eventRow(event, publishedAt, { node, seq, previousHash: head.hash }, newSalt);
  const { hash } = row;
  await tx.insertInto('events').values(row).execute();
  if (head.seq === 0) await tx.insertInto('chainHeads').values({ node, seq, hash, publishedAt }).execute();
  else await tx.updateTable('chainHeads').set({ seq, hash, publishedAt }).where('node', '=', node).execute();
  return { node, seq, hash, event };
};
