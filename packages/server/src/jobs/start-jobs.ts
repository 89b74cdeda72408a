import { tellOutsideUses } from '../api-tokens/outside-uses.ts';
import { remindOwners } from '../api-tokens/remind-owners.ts';
import { reloadKeyModels } from '../authenticators/refresh-key-models.ts';
import { remindKeepers } from '../break-glass/remind-keepers.ts';
import { deleteStaleCliCodes } from '../cli-sessions/store.ts';
import { rememberInstant, settleClock } from '../clock/settle-clock.ts';
import { deleteStaleCodes } from '../gateway/store.ts';
import { closeExpired } from '../grants/close-expired.ts';
import { remindHolders } from '../grants/remind-holders.ts';
import { evaluateRules } from '../group-rules/evaluate-rules.ts';
import { stopAllExports } from '../log-exports/run-export.ts';
import { deleteStaleExports } from '../log-exports/store.ts';
import { deleteStaleTokens } from '../machines/service-app.ts';
import { configuredSinks, deliverOutbox } from '../outbox/deliver-outbox.ts';
import { pruneOutbox } from '../outbox/prune-outbox.ts';
import { writeDownReturn } from '../policies/provisional-change.ts';
import { closeAbandoned } from '../protected-actions/close-abandoned.ts';
import { escalateRequests } from '../requests/escalate-requests.ts';
import { expireRequests } from '../requests/expire-requests.ts';
import { beginApproved } from '../requests/grant-request.ts';
import { invalidateConditions } from '../requests/invalidate-conditions.ts';
import { runReviews } from '../reviews/run-reviews.ts';
import type { Services } from '../services.ts';
import { deleteStaleSignIns } from '../sign-in/store.ts';
import { writeCheckpoint } from '../system-log/checkpoint.ts';
import { tellBlocked } from '../zones/tell-blocked.ts';

const CLOCK_SECONDS = 5;
const FLUSH_SECONDS = 5;
const SWEEP_SECONDS = 15;
const OUTBOX_SECONDS = 2;
const RULES_SECONDS = 1;
const GRANTS_SECONDS = 5;
const ENDINGS_SECONDS = 60;
const CHECKPOINT_SECONDS = 60;
const NETWORK_DATA_SECONDS = 15;
const EXPORTS_SECONDS = 300;
const REMINDERS_SECONDS = 300;
const REVIEWS_SECONDS = 5;
const PRUNE_SECONDS = 300;

/**
 * Periodic work. Nothing that decides waits for it: what has expired counts as expired without any job (design §4.5).
 * Each job runs one at a time; a failure is logged and the next turn tries again.
 */
export const startJobs = (s: Services): (() => Promise<void>) => {
  const running = new Set<Promise<void>>();
  const busy = new Set<string>();
  const once = (name: string, work: () => Promise<unknown>): void => {
    if (busy.has(name)) return;
    busy.add(name);
    const run = work()
      .catch((error: unknown) => s.logger.error({ err: error, job: name }, 'job failed'))
      .then(() => {
        busy.delete(name);
        running.delete(run);
      });
    running.add(run);
  };
  const every = (seconds: number, name: string, work: () => Promise<unknown>): NodeJS.Timeout => {
    const timer = setInterval(() => once(name, work), seconds * 1000);
    timer.unref();
    return timer;
  };
  const timers = [
    every(FLUSH_SECONDS, 'flush-activity', () => s.sessions.flush()),
    every(FLUSH_SECONDS, 'flush-permission-use', () => s.permissionUse.flush()),
    every(CLOCK_SECONDS, 'clock', () => settleClock(s).then(() => rememberInstant(s))),
    every(SWEEP_SECONDS, 'sweep-sessions', () => s.sessions.sweep()),
    every(SWEEP_SECONDS, 'stale-sign-ins', () =>
      s.store.transaction((tx) => deleteStaleSignIns(tx, s.clock.now() - 3_600_000)),
    ),
    every(SWEEP_SECONDS, 'stale-cli-codes', () =>
      s.store.transaction((tx) => deleteStaleCliCodes(tx, s.clock.now() - 3_600_000)),
    ),
    every(SWEEP_SECONDS, 'stale-gateway-codes', () =>
      s.store.transaction((tx) => deleteStaleCodes(tx, s.clock.now() - 3_600_000)),
    ),
    every(SWEEP_SECONDS, 'stale-access-tokens', () =>
      s.store.transaction((tx) => deleteStaleTokens(tx, s.clock.now() - 86_400_000)),
    ),
    every(SWEEP_SECONDS, 'abandoned-proofs', () => closeAbandoned(s)),
    every(SWEEP_SECONDS, 'expired-requests', () => expireRequests(s)),
    every(SWEEP_SECONDS, 'escalated-requests', () => escalateRequests(s)),
    every(SWEEP_SECONDS, 'broken-conditions', () => invalidateConditions(s)),
    every(RULES_SECONDS, 'approved-requests', () => beginApproved(s)),
    every(NETWORK_DATA_SECONDS, 'network-data', () => s.intel.reloadDropIn()),
    every(SWEEP_SECONDS, 'blocked-requests', () => tellBlocked(s)),
    every(SWEEP_SECONDS, 'outside-uses', () => tellOutsideUses(s)),
    every(NETWORK_DATA_SECONDS, 'key-models', () => reloadKeyModels(s)),
    every(EXPORTS_SECONDS, 'stale-exports', () => deleteStaleExports(s)),
    every(REMINDERS_SECONDS, 'token-reminders', () => remindOwners(s)),
    every(REMINDERS_SECONDS, 'break-glass-reminders', () => remindKeepers(s)),
    every(GRANTS_SECONDS, 'expired-grants', () => closeExpired(s)),
    every(ENDINGS_SECONDS, 'grant-reminders', () => remindHolders(s)),
    every(RULES_SECONDS, 'group-rules', () => evaluateRules(s)),
    every(REVIEWS_SECONDS, 'reviews', () => runReviews(s)),
    every(RULES_SECONDS, 'unconfirmed-changes', () => writeDownReturn(s)),
    // A job for each sink: what takes its time at one must not keep the others from what is written meanwhile.
    every(OUTBOX_SECONDS, 'outbox', async () => {
      for (const sink of await configuredSinks(s)) once(`outbox ${sink.name}`, () => deliverOutbox(s, [sink]));
    }),
    every(PRUNE_SECONDS, 'old-entries', () => pruneOutbox(s)),
    every(CHECKPOINT_SECONDS, 'checkpoint', () => writeCheckpoint(s)),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    s.sinkTurns.stop();
    // One that ends may have begun another.
    while (running.size > 0) await Promise.all(running);
    await stopAllExports(s);
    await s.permissionUse
      .flush()
      .catch((error: unknown) => s.logger.error({ err: error }, 'the last flush of uses failed'));
    await tellBlocked(s, true).catch((error: unknown) =>
      s.logger.error({ err: error }, 'the last blocked requests were not told'),
    );
    await tellOutsideUses(s, true).catch((error: unknown) =>
      s.logger.error({ err: error }, 'the last uses of tokens outside their networks were not told'),
    );
    await s.sessions.flush().catch((error: unknown) => s.logger.error({ err: error }, 'the last flush failed'));
    await rememberInstant(s).catch((error: unknown) =>
      s.logger.error({ err: error }, 'the last instant that was told was not kept'),
    );
    await writeCheckpoint(s).catch((error: unknown) => s.logger.error({ err: error }, 'the last checkpoint failed'));
  };
};
