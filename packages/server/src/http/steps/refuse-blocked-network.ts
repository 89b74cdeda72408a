import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../../services.ts';
import { recordEvent } from '../../system-log/record-event.ts';
import type { Step } from '../exchange.ts';

/** E0000006, with an event, when a hop of the principal's request is blocklisted and not exempt. One function for every door. */
export const assertNotBlocked = async (s: Services, principal: Principal): Promise<void> => {
  if (!s.zones.hasBlocklist()) return;
  const zone = s.zones.blockingZone(principal.request.client);
  if (zone === null) return;
  await s.store.transaction((tx) =>
    recordEvent(s, tx, principal, {
      eventType: 'security.request.blocked',
      outcome: { result: 'DENY', reason: 'Blocked by a network zone' },
      target: [{ id: zone.id, type: 'NetworkZone', alternateId: zone.name, displayName: zone.name, detailEntry: null }],
    }),
  );
  throw new ApiError('E0000006', { detail: `blocked by zone ${zone.id}` });
};

/** Blocklist zones, over the whole chain, before any policy. */
export const refuseBlockedNetwork: Step = {
  name: 'refuse-blocked-network',
  run: ({ services, principal }) => assertNotBlocked(services, principal),
};
