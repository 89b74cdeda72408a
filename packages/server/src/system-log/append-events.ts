import { keywordsOf } from '@sallyport/decide/log-filter/keywords';
import { storableEvent } from '@sallyport/decide/log-filter/storable-event';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Transaction } from '../ports/store.ts';
import type { NewRow } from '../store/tables.ts';
import { chainHash, GENESIS } from './chain-hash.ts';
import { commitPersonal, withCommitments } from './commit-personal.ts';

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

/** Rows in one statement: between two of them the node answers others. */
const ROWS_PER_STATEMENT = 25;

/**
 * Appends events to the node's chain, in their order, inside the transaction that changes the state they tell of (design
 * §4.4). The node's writers run one after another, so that `(node, seq)` has no gap and is in the order of commits.
 * `builds` receive an instant that never goes backwards along the chain: a clock set back does not reorder the log.
 */
export const appendEvents = async (
  tx: Transaction,
  node: string,
  now: number,
  newSalt: () => string,
  builds: readonly ((publishedAt: number) => LogEvent)[],
): Promise<void> => {
  if (builds.length === 0) return;
  const head = await chainHead(tx, node);
  const publishedAt = Math.max(now, head.publishedAt);
  let { seq, hash } = head;
  for (let i = 0; i < builds.length; i += ROWS_PER_STATEMENT) {
    const rows = builds.slice(i, i + ROWS_PER_STATEMENT).map((build) => {
      const event = storableEvent(build(publishedAt));
      seq += 1;
      const row = eventRow(event, publishedAt, { node, seq, previousHash: hash }, newSalt);
      ({ hash } = row);
      return row;
    });
    await tx.insertInto('events').values(rows).execute();
  }
  if (head.seq === 0) await tx.insertInto('chainHeads').values({ node, seq, hash, publishedAt }).execute();
  else await tx.updateTable('chainHeads').set({ seq, hash, publishedAt }).where('node', '=', node).execute();
};
