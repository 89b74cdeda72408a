import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.roles.read' } as const;

export const adminRoutes = defineRoutes([
  {
    name: 'admins.list',
    method: 'GET',
    path: '/sallyport/v1/admins',
    summary: 'Whoever holds an admin role, directly or through a group',
    access: read,
    rateClass: 'management',
    query: z.object({
      q: z.string().max(100).optional(),
      role: z.string().max(64).optional(),
      show: z.enum(['able', 'one-key', 'no-key', 'never', 'unused', 'service-account', 'break-glass']).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'standingPrivilege.get',
    method: 'GET',
    path: '/sallyport/v1/standing-privilege',
    summary:
      'How much power stands: how many hold an admin role all the time; and, apart from that, who holds one for a while',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'waysIn.list',
    method: 'GET',
    path: '/sallyport/v1/ways-in',
    summary: 'By which rules, authenticators and networks each super admin comes in, or why not',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'admins.get',
    method: 'GET',
    path: '/sallyport/v1/admins/{userId}',
    summary: 'An administrator: roles, keys and sessions',
    access: read,
    rateClass: 'management',
  },
]);
