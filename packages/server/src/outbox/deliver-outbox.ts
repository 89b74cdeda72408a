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

/**
 * Of what waits for a sink the first, as far as it may be tried now. Of entries that are each by itself those first that nobody
 * tried yet, then those whose turn has come for the longest time.
 */
const waitingFor = ({ name, isEachByItself = false }: Sink, db: Transaction, now: Instant, limit: number) => {
  const waiting = db
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
    );
  const inTurn = isEachByItself
    ? waiting.orderBy((e) => e.case().when('attempts', '=', 0).then(0).else(1).end()).orderBy('nextAttemptAt')
    : waiting;
  return inTurn.orderBy('createdAt').orderBy('id').limit(limit).execute();
};

/**
 * What a run tries. Where each entry is by itself it looks again after each: what was written meanwhile waits for the one that
 * is under way, and for no other that was tried before.
 */
async function* turnsOf(s: Services, sink: Sink) {
  const next = (limit: number) => waitingFor(sink, s.store.read, s.clock.now(), limit);
  if (sink.isEachByItself !== true) yield* await next(BATCH);
  else
    for (let turn = 0; turn < BATCH; turn += 1) {
      const one = await next(1);
      if (one.length === 0) return;
      yield* one;
    }
}

const deliverTo = async (s: Services, sink: Sink): Promise<Delivered> => {
  let delivered = 0;
  let failed = 0;
  for await (const row of turnsOf(s, sink)) {
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
      const isAlone = isHopeless || failure instanceof Deferred;
      // Where each is by itself, one that fails once more ends the run: all that was new was tried by then.
      if (!isAlone && !(sink.isEachByItself === true && row.attempts === 0)) break;
    }
  }
  return { delivered, failed };
};

/**
 * Delivers what is due, in the order of writing; a sink that fails, or is slow, does not hold up the others, and keeps its
 * order unless each of its entries is by itself: then one that nobody tried yet goes before all that failed before, and waits
 * for none of them. Nor does an entry that is deferred for a reason of its own hold up those behind it. To one sink nobody
 * delivers while somebody else does. After twenty attempts, or one that was hopeless, an entry is a dead letter: it stays,
 * with its last error, and is not tried again.
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
