import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.authenticators.read' } as const;

/** Reading alone: which authenticators there are is no choice in this server, so that none of them can be taken away. */
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
]);
