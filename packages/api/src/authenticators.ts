import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.authenticators.read' } as const;

const manage = {
  method: 'POST',
  access: { kind: 'admin', permission: 'okta.authenticators.manage' },
  rateClass: 'management',
  body: z.unknown().optional(),
  protection: { none: 'it changes nothing: it says why an authenticator stays as it is' },
} as const;

/** Which authenticators there are is no choice in this server: none of them can be taken away, and no weaker one added. */
export const authenticatorRoutes = defineRoutes([
  {
    name: 'authenticators.list',
    method: 'GET',
    path: '/api/v1/authenticators',
    summary: 'Authenticators of the organisation',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.get',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}',
    summary: 'An authenticator',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.listMethods',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}/methods',
    summary: 'The methods of an authenticator',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.getMethod',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}/methods/{methodType}',
    summary: 'A method of an authenticator',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.activate',
    path: '/api/v1/authenticators/{authenticatorId}/lifecycle/activate',
    summary: 'Activate an authenticator: shows one that is active, and says of any other why it cannot be',
    ...manage,
    events: ['security.authenticator.lifecycle.activate'],
  },
  {
    name: 'authenticators.deactivate',
    path: '/api/v1/authenticators/{authenticatorId}/lifecycle/deactivate',
    summary: 'Deactivate an authenticator: shows one that is inactive, and says of any other why it stays',
    ...manage,
    events: ['security.authenticator.lifecycle.deactivate'],
  },
]);
