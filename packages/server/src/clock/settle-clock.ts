import { type Instant, toIso } from '@sallyport/model/instant';
import { closeExpired } from '../grants/close-expired.ts';
import type { Transaction } from '../ports/store.ts';
import { endRequestsAfter } from '../requests/expire-requests.ts';
import type { Services } from '../services.ts';

/** Two requests that find it held settle it once. */
const underWay = new WeakMap<Services, Promise<void>>();

/**
 * What its own row alone says the end of: over by `from`, and by `to` it would count again. Its end is moved to `to`, so
 * that whatever reads it goes on saying that it ran out; what is nothing any more once it is over goes.
 */
const closeRows = async (tx: Transaction, from: Instant, to: Instant): Promise<void> => {
  for (const table of ['apiTokens', 'setupCodes', 'accessTokens'] as const)
    await tx
      .updateTable(table)
      .set({ expiresAt: to })
      .where('expiresAt', '<=', from)
      .where('expiresAt', '>', to)
      .execute();
  await tx
    .updateTable('apiTokens')
    .set({ oldSecretEndsAt: to })
    .where('oldSecretEndsAt', '<=', from)
    .where('oldSecretEndsAt', '>', to)
    .execute();
  await tx.deleteFrom('delegations').where('endsAt', '<=', from).execute();
  await tx
    .updateTable('breakGlassAccounts')
    .set({ drillUntilAt: null, drillBy: null })
    .where('drillUntilAt', '<=', from)
    .execute();
};

const settle = async (s: Services): Promise<void> => {
  const from = s.clock.latest();
  await s.sessions.sweep();
  while ((await closeExpired(s)) > 0);
  const to = s.clock.below();
  await endRequestsAfter(s, to);
  await s.store.transaction(async (tx) => {
    await closeRows(tx, from, to);
    // Also what another node kept that ran on this database before: from now on the earlier time counts.
    await tx.deleteFrom('seenInstants').execute();
    await tx.insertInto('seenInstants').values({ node: s.node, seenAt: to }).execute();
  });
  s.clock.letGo();
  s.logger.warn({ from: toIso(from), to: toIso(to) }, 'the clock was set back; what had ended by then stays ended');
};

/**
 * Where the clock was set back: sessions, grants, requests, tokens, one-time codes, delegations and drills that were over by the
 * latest instant that was seen are written down as over, for by an earlier time they would count again; then the time of the
 * machine counts. Until it is done time stands still, so that nothing that was over is used in between.
 */
export const settleClock = async (s: Services): Promise<void> => {
  if (!s.clock.isHeld()) return;
  const running = underWay.get(s) ?? settle(s).finally(() => underWay.delete(s));
  underWay.set(s, running);
  await running;
};

/**
 * The same for whoever must not wait until the store can write, or everybody would be kept out: time stands still then,
 * and what had ended stays so.
 */
export const settleClockOrHold = (s: Services): Promise<void> =>
  settleClock(s).catch((error: unknown) =>
    s.logger.error({ err: error }, 'the clock was set back, and what had ended could not be written down'),
  );

/** Is there anything that could end, or did since what was kept last? */
const hasEnds = async (s: Services): Promise<boolean> => {
  if (s.sessions.count() > 0) return true;
  const db = s.store.read;
  const last = await db.selectFrom('seenInstants').select('seenAt').where('node', '=', s.node).executeTakeFirst();
  const kept = Number(last?.seenAt ?? 0);
  const found = await db
    .selectFrom('grants')
    .select('id')
    .where('endedAt', 'is', null)
    .unionAll(db.selectFrom('requests').select('id').where('outcome', 'is', null))
    .unionAll(db.selectFrom('delegations').select('id').where('endsAt', '>', kept))
    .unionAll(db.selectFrom('breakGlassAccounts').select('userId as id').where('drillUntilAt', '>', kept))
    .unionAll(db.selectFrom('apiTokens').select('id').where('revokedAt', 'is', null).where('expiresAt', '>', kept))
    .unionAll(
      db.selectFrom('setupCodes').select('codeHash as id').where('usedAt', 'is', null).where('expiresAt', '>', kept),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
};

/** Keeps the latest instant for the next start, where there is anything that could end meanwhile. */
export const rememberInstant = async (s: Services): Promise<void> => {
  if (!(await hasEnds(s))) return;
  const seenAt = s.clock.now();
  await s.store.transaction((tx) =>
    tx
      .insertInto('seenInstants')
      .values({ node: s.node, seenAt })
      .onConflict((c) => c.column('node').doUpdateSet({ seenAt }))
      .execute(),
  );
};
