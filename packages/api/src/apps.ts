import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.apps.read' } as const;

export const appRoutes = defineRoutes([
  {
    name: 'apps.list',
    method: 'GET',
    path: '/api/v1/apps',
    summary: 'Apps',
    access: read,
    rateClass: 'management',
    query: z.object({
      q: z.string().max(255).optional(),
      filter: z.string().max(2000).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'apps.get',
    method: 'GET',
    path: '/api/v1/apps/{appId}',
    summary: 'An app',
    access: read,
    rateClass: 'management',
  },
]);
