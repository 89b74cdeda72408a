import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

export const meRoutes = defineRoutes([
  {
    name: 'me.get',
    method: 'GET',
    path: '/sallyport/v1/me',
    summary: 'Who the caller is, what they may do, and what everybody must know now',
    access: { kind: 'person', why: 'their own record' },
    rateClass: 'self',
  },
  {
    name: 'me.inbox',
    method: 'GET',
    path: '/sallyport/v1/me/inbox',
    summary:
      'All that waits for the caller’s answer: access requests, approvals and reviews, what runs out first at the top',
    access: { kind: 'person', why: 'it is judged for the caller, one by one' },
    rateClass: 'self',
    query: z.object({ limit: z.string().optional(), after: z.string().max(64).optional() }),
  },
]);
