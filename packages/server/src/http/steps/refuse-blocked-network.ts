import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../../services.ts';
import { recordBlocked } from '../../zones/tell-blocked.ts';
import type { Step } from '../exchange.ts';

/**
 * E0000006 when a hop of the principal's request is blocklisted and not exempt, with an event for the first of a window of
 * one address; also for a client that is not known, while there is a blocklist. One function for every door.
 */
export const assertNotBlocked = async (s: Services, principal: Principal): Promise<void> => {
  if (!s.zones.hasBlocklist()) return;
  // Whoever makes the header unreadable would be in no zone at all.
  if (principal.request.client.kind === 'unknown')
    throw new ApiError('E0000006', { detail: 'a client that is not known, while a blocklist is active' });
  const zone = s.zones.blockingZone(principal.request.client);
  if (zone === null) return;
  if (s.blocked.note(principal, zone, s.clock.now()))
    await s.store.transaction((tx) => recordBlocked(s, tx, principal, zone));
  throw new ApiError('E0000006', { detail: `blocked by zone ${zone.id}` });
};

/** Blocklist zones, over the whole chain, before any policy. */
export const refuseBlockedNetwork: Step = {
  name: 'refuse-blocked-network',
  run: ({ services, principal }) => assertNotBlocked(services, principal),
};
