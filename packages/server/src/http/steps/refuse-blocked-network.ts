import { parseAddress } from '@sallyport/decide/address/parse-address';
import { ApiError } from '@sallyport/model/errors';
import type { Address } from '@sallyport/model/network';
import { recordEvent } from '../../system-log/record-event.ts';
import type { Step } from '../exchange.ts';

/** Blocklist zones, over the whole chain, before any policy. */
export const refuseBlockedNetwork: Step = {
  name: 'refuse-blocked-network',
  async run({ services, context, principal }) {
    const chain = context.client.chain.map((hop) => parseAddress(hop.ip)).filter((a): a is Address => a !== null);
    const zone = services.zones.blockingZone(chain);
    if (zone === null) return;
    await services.store.transaction((tx) =>
      recordEvent(services, tx, principal, {
        eventType: 'security.request.blocked',
        outcome: { result: 'DENY', reason: 'Blocked by a network zone' },
        target: [
          { id: zone.id, type: 'NetworkZone', alternateId: zone.name, displayName: zone.name, detailEntry: null },
        ],
      }),
    );
    throw new ApiError('E0000006', { detail: `blocked by zone ${zone.id}` });
  },
};
