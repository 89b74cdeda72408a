import { z } from 'zod';
import { defineRoutes } from './define-route.ts';
import { ENDS_OF_GRANTS } from './ends-of-grants.ts';

const seeing = { kind: 'admin', permission: 'okta.roles.read' } as const;
const judged = { kind: 'person', why: 'the grants that they have or answer for; others by permission' } as const;

export const grantRoutes = defineRoutes([
  {
    name: 'grants.list',
    method: 'GET',
    path: '/sallyport/v1/grants',
    summary: 'Access for a while: what the caller has, had or answers for, or everybody, the youngest first',
    access: judged,
    rateClass: 'self',
    query: z.object({
      whose: z.enum(['mine', 'all']).optional(),
      status: z.enum(['OPEN', 'ENDED']).optional(),
      userId: z.string().max(64).optional(),
      entitlementId: z.string().max(64).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'grants.get',
    method: 'GET',
    path: '/sallyport/v1/grants/{grantId}',
    summary: 'Who was given what, from when until when, and on what ground',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'grants.end',
    method: 'POST',
    path: '/sallyport/v1/grants/{grantId}/end',
    summary: 'End it now: by whoever has it, or answers for it, or a super admin',
    access: judged,
    rateClass: 'self',
    protection: { none: 'ending takes power, and must never wait' },
    events: [...ENDS_OF_GRANTS, 'user.session.clear', 'user.session.end'],
  },
  {
    name: 'governanceGrants.list',
    method: 'GET',
    path: '/governance/api/v1/grants',
    summary: 'Grants of bundles and apps that count now, as the wire has them; narrowed by a filter',
    access: seeing,
    rateClass: 'management',
    query: z.object({
      filter: z.string().max(500).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'governanceGrants.get',
    method: 'GET',
    path: '/governance/api/v1/grants/{grantId}',
    summary: 'A grant of a bundle or an app, as the wire has it',
    access: seeing,
    rateClass: 'management',
  },
]);
