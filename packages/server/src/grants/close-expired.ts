import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { jobContext } from '../setup/announce-setup.ts';
import { endGrant, publishGrantEnd } from './end-grant.ts';

const AT_ONCE = 100;

/** Whoever ends what ran out, and gives what a request was approved for: nobody in person. */
export const grantsPrincipal = (s: Services): Principal => ({
  kind: 'job',
  job: 'grants',
  permissions: new Set<never>(),
  request: jobContext(`grants-${s.random.bytes(9).toString('base64url')}`),
});

/**
 * Writes down that grants ran out, the longest ago first, each once: their power ended before, by their times alone. Of
 * several nodes that come to one of them only one writes it. How many it came to; more may be left.
 */
export const closeExpired = async (s: Services): Promise<number> => {
  const due = await s.store.read
    .selectFrom('grants')
    .selectAll()
    .where('endedAt', 'is', null)
    .where('powerEndsAt', '<=', s.clock.now())
    .orderBy('powerEndsAt')
    .orderBy('id')
    .limit(AT_ONCE)
    .execute();
  for (const row of due) {
    const ended = await s.store.transaction((tx) => endGrant(s, tx, grantsPrincipal(s), row, 'expired'));
    if (ended !== null) publishGrantEnd(s, ended);
  }
  return due.length;
};
