import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.roles.read' }, rateClass: 'management' } as const;

export const accessRoutes = defineRoutes([
  {
    name: 'access.who',
    method: 'GET',
    path: '/sallyport/v1/access/who',
    summary: 'Who can do this, to this thing or to anything',
    ...read,
    query: z.object({ permission: z.string().min(1).max(100), resource: z.string().min(1).max(400).optional() }),
  },
  {
    name: 'access.what',
    method: 'GET',
    path: '/sallyport/v1/access/what/{userId}',
    summary: 'What a person can do, what of it they used in 90 days, and the smallest role for that',
    ...read,
  },
]);
