import type { Handler } from '../http/exchange.ts';
import { getClientAddress, openProbe, settleProbe } from './check-client-address.ts';

export const clientAddressHandlers = {
  'clientAddress.get': async ({ services, principal }) => ({ body: getClientAddress(services, principal) }),
  'clientAddress.openProbe': async ({ services }) => ({ body: openProbe(services) }),
  'clientAddress.settleProbe': async ({ services, principal, params }) => {
    settleProbe(services, principal, params['probeId'] ?? '');
    return {};
  },
} satisfies Record<string, Handler>;
