import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

export const logRoutes = defineRoutes([
  {
    name: 'logs.list',
    method: 'GET',
    path: '/api/v1/logs',
    summary: 'System Log events',
    access: { kind: 'admin', permission: 'okta.logs.read' },
    rateClass: 'logs',
    query: z.object({
      since: z.string().optional(),
      until: z.string().optional(),
      after: z.string().optional(),
      filter: z.string().optional(),
      q: z.string().optional(),
      limit: z.string().optional(),
      sortOrder: z.string().optional(),
    }),
  },
  {
    name: 'logs.why',
    method: 'GET',
    path: '/sallyport/v1/logs/{uuid}/why',
    summary: 'Compute a past verdict again from its stored facts',
    access: { kind: 'admin', permission: 'okta.logs.read' },
    rateClass: 'logs',
  },
  {
    name: 'logs.verify',
    method: 'GET',
    path: '/sallyport/v1/logs/verify',
    summary: 'Verify the hash chain and the checkpoints',
    access: { kind: 'admin', permission: 'okta.logs.read' },
    rateClass: 'logs',
  },
]);
