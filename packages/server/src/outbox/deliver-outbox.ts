import type { Services } from '../services.ts';
import { webhookSinks } from '../webhooks/webhook-sink.ts';
import { createCheckpointFileSink } from './checkpoint-file-sink.ts';
import { createMailSink } from './mail-sink.ts';
import { Deferred, type Sink, Undeliverable } from './sink.ts';

const BATCH = 100;
export const ATTEMPTS_MAX = 20;
export const BACKOFF_SECONDS_MAX = 3600;
const ERROR_LENGTH_MAX = 500;

/** The sinks that somebody configured. */
export const configuredSinks = async (s: Services): Promise<readonly Sink[]> => [
  ...(s.config.checkpointFile === null ? [] : [createCheckpointFileSink(s.config.checkpointFile)]),
  ...(s.mailer === null ? [] : [createMailSink(s.mailer)]),
  ...(await webhookSinks(s)),
];

const wait = (attempts: number): number => Math.min(BACKOFF_SECONDS_MAX, 2 ** attempts) * 1000;

/**
 * Delivers what is due, in the order of writing; a sink that fails, or is slow, keeps its order and does not hold up the
 * others; nor does an entry that is deferred for a reason of its own hold up those behind it. After twenty attempts, or one that was hopeless, an entry is a dead letter: it stays, with its last error, and is not tried again.
 */
export const deliverOutbox = async (
  s: Services,
  sinks?: readonly Sink[],
): Promise<{ delivered: number; failed: number }> => {
  let delivered = 0;
  let failed = 0;
  const deliverTo = async (sink: Sink): Promise<void> => {
    const asked = s.clock.now();
    const rows = await s.store.read
      .selectFrom('outbox')
      .selectAll()
      .where('sink', '=', sink.name)
      .where('deliveredAt', 'is', null)
      .where('deadAt', 'is', null)
      .where((e) =>
        e.or([e('lastError', 'is', null), e('lastError', 'not like', 'Deferred:%'), e('nextAttemptAt', '<=', asked)]),
      )
      .orderBy('createdAt')
      .orderBy('id')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const now = s.clock.now();
      if (row.nextAttemptAt > now) break;
      const failure: unknown = await sink.deliver(JSON.parse(row.payload)).then(
        () => null,
        (cause: unknown) => cause,
      );
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
      await s.store.transaction((tx) => tx.updateTable('outbox').set(change).where('id', '=', row.id).execute());
      if (error === null) delivered += 1;
      else {
        failed += 1;
        s.logger.warn({ sink: sink.name, entry: row.id, attempts, error }, 'a delivery failed');
        if (!isHopeless && !(failure instanceof Deferred)) break;
      }
    }
  };
  await Promise.all((sinks ?? (await configuredSinks(s))).map(deliverTo));
  return { delivered, failed };
};
