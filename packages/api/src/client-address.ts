import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

export const clientAddressRoutes = defineRoutes([
  {
    name: 'clientAddress.get',
    method: 'GET',
    path: '/sallyport/v1/client-address',
    summary: 'Whether anybody can choose the address that this server takes them for, and what says so',
    access: { kind: 'admin', permission: 'okta.sessionBinding.read' },
    rateClass: 'management',
  },
  {
    name: 'clientAddress.openProbe',
    method: 'POST',
    changesNothing: true,
    path: '/sallyport/v1/client-address/probes',
    summary: 'What to send, without a credential, to try whether a forwarding header is believed',
    access: { kind: 'admin', permission: 'okta.sessionBinding.manage' },
    rateClass: 'management',
    body: z.strictObject({}),
  },
  {
    name: 'clientAddress.settleProbe',
    method: 'GET',
    path: '/sallyport/v1/client-address/probes/{probeId}',
    summary: 'The request of a trial: who it is taken for is noted, and not told',
    access: { kind: 'anonymous' },
    rateClass: 'self',
    status: 204,
  },
]);
