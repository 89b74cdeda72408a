import type { Instant } from '@sallyport/model/instant';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { webhookSinks } from '../webhooks/webhook-sink.ts';
import { createCheckpointFileSink } from './checkpoint-file-sink.ts';
import { mailSinks } from './mail-sink.ts';
import { Deferred, type Sink, Stopped, Undeliverable } from './sink.ts';

const BATCH = 100;
export const ATTEMPTS_MAX = 20;
export const BACKOFF_SECONDS_MAX = 3600;
const ERROR_LENGTH_MAX = 500;

/** The sinks that somebody configured. */
export const configuredSinks = async (s: Services): Promise<readonly Sink[]> => [
  ...(s.config.checkpointFile === null ? [] : [createCheckpointFileSink(s.config.checkpointFile)]),
  ...(s.mailer === null ? [] : mailSinks(s.mailer)),
  ...(await webhookSinks(s)),
];

interface Delivered {
  readonly delivered: number;
  readonly failed: number;
}

const wait = (attempts: number): number => Math.min(BACKOFF_SECONDS_MAX, 2 ** attempts) * 1000;

/** Of what waits for a sink the first, as far as it may be tried now. */
const waitingFor = ({ name, isEachByItself = false }: Sink, db: Transaction, now: Instant) =>
  db
    .selectFrom('outbox')
    .selectAll()
    .where('sink', '=', name)
    .where('deliveredAt', 'is', null)
    .where('deadAt', 'is', null)
    .where((e) =>
      e.or([
        e('nextAttemptAt', '<=', now),
        ...(isEachByItself ? [] : [e('lastError', 'is', null), e('lastError', 'not like', 'Deferred:%')]),
      ]),
    )
    .orderBy('createdAt')
    .orderBy('id')
    .limit(BATCH)
    .execute();

const deliverTo = async (s: Services, sink: Sink): Promise<Delivered> => {
  let delivered = 0;
  let failed = 0;
  for (const row of await waitingFor(sink, s.store.read, s.clock.now())) {
    if (row.nextAttemptAt > s.clock.now() || s.sinkTurns.isStopped()) break;
    const failure: unknown = await sink.deliver(JSON.parse(row.payload)).then(
      () => null,
      (cause: unknown) => cause,
    );
    if (failure instanceof Stopped) break;
    const now = s.clock.now();
    const attempts = row.attempts + 1;
    const error = failure === null ? null : String(failure).slice(0, ERROR_LENGTH_MAX);
    const isHopeless = failure instanceof Undeliverable;
    const change =
      error === null
        ? { deliveredAt: now, attempts }
        : {
            attempts,
            lastError: error,
            nextAttemptAt: now + wait(attempts),
            deadAt: isHopeless || attempts >= ATTEMPTS_MAX ? now : null,
          };
    await s.store.transaction((tx) =>
      // What was given up meanwhile, with its webhook, stays given up.
      tx.updateTable('outbox').set(change).where('id', '=', row.id).where('deadAt', 'is', null).execute(),
    );
    if (error === null) delivered += 1;
    else {
      failed += 1;
      s.logger.warn({ sink: sink.name, entry: row.id, attempts, error }, 'a delivery failed');
      if (!isHopeless && !(failure instanceof Deferred)) break;
    }
  }
  return { delivered, failed };
};

/**
 * Delivers what is due, in the order of writing; a sink that fails, or is slow, does not hold up the others, and keeps its
 * order unless each of its entries is by itself; nor does an entry that is deferred for a reason of its own hold up those
 * behind it. To one sink nobody delivers while somebody else does. After twenty attempts, or one that was hopeless, an
 * entry is a dead letter: it stays, with its last error, and is not tried again.
 */
export const deliverOutbox = async (s: Services, sinks?: readonly Sink[]): Promise<Delivered> => {
  const told = await Promise.all(
    (sinks ?? (await configuredSinks(s))).map((sink) => s.sinkTurns.take(sink.name, () => deliverTo(s, sink))),
  );
  return {
    delivered: told.reduce((sum, one) => sum + one.delivered, 0),
    failed: told.reduce((sum, one) => sum + one.failed, 0),
  };
};
