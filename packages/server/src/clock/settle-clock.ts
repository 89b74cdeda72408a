import { toIso } from '@sallyport/model/instant';
import { closeExpired } from '../grants/close-expired.ts';
import { endRequestsAfter } from '../requests/expire-requests.ts';
import type { Services } from '../services.ts';

/** Two requests that find it held settle it once. */
const underWay = new WeakMap<Services, Promise<void>>();

const settle = async (s: Services): Promise<void> => {
  const from = s.clock.latest();
  await s.sessions.sweep();
  while ((await closeExpired(s)) > 0);
  const to = s.clock.below();
  await endRequestsAfter(s, to);
  await s.store.transaction(async (tx) => {
    // Also what another node kept that ran on this database before: from now on the earlier time counts.
    await tx.deleteFrom('seenInstants').execute();
    await tx.insertInto('seenInstants').values({ node: s.node, seenAt: to }).execute();
  });
  s.clock.letGo();
  s.logger.warn({ from: toIso(from), to: toIso(to) }, 'the clock was set back; what had ended by then stays ended');
};

/**
 * Where the clock was set back: sessions and grants that were over by the latest instant that was seen are written
 * down as over, for by an earlier time they would count again; then the time of the machine counts. Until it is done time
 * stands still, so that nothing that was over is used in between.
 */
export const settleClock = async (s: Services): Promise<void> => {
  if (!s.clock.isHeld()) return;
  const running = underWay.get(s) ?? settle(s).finally(() => underWay.delete(s));
  underWay.set(s, running);
  await running;
};

/** Keeps the latest instant for the next start, where there is anything that could end meanwhile. */
export const rememberInstant = async (s: Services): Promise<void> => {
  const open = await s.store.read.selectFrom('grants').select('id').where('endedAt', 'is', null).executeTakeFirst();
  if (open === undefined && s.sessions.count() === 0) return;
  const seenAt = s.clock.now();
  await s.store.transaction((tx) =>
    tx
      .insertInto('seenInstants')
      .values({ node: s.node, seenAt })
      .onConflict((c) => c.column('node').doUpdateSet({ seenAt }))
      .execute(),
  );
};
