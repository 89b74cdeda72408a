import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const own = { kind: 'person', why: 'everybody names for themselves who decides in their stead' } as const;
const admin = { kind: 'admin', permission: 'okta.governance.accessRequests.manage' } as const;
const events = ['governance.principal.settings.update'] as const;
/** All that is settled of a person: at most one delegate, or none. */
const settings = z.object({
  delegates: z.object({
    appointments: z
      .array(
        z.object({
          delegate: z.object({ type: z.literal('OKTA_USER'), externalId: z.string().min(1).max(100) }),
          startTime: z.iso.datetime({ offset: true }).optional(),
          endTime: z.iso.datetime({ offset: true }).optional(),
          note: z.string().trim().max(1000).optional(),
        }),
      )
      .max(1),
  }),
});

export const delegationRoutes = defineRoutes([
  {
    name: 'delegations.mine',
    method: 'GET',
    path: '/sallyport/v1/me/delegation',
    summary: 'Who decides in the caller’s stead, and in whose stead the caller decides',
    access: own,
    rateClass: 'self',
  },
  {
    name: 'governanceSettings.getMine',
    method: 'GET',
    path: '/governance/api/v1/my/settings',
    summary: 'The caller’s own delegate, as the wire has it',
    access: own,
    rateClass: 'self',
  },
  {
    name: 'governanceSettings.updateMine',
    method: 'PATCH',
    path: '/governance/api/v1/my/settings',
    summary: 'Name who decides on access in one’s stead, from when until when, or nobody',
    access: own,
    rateClass: 'self',
    body: settings,
    protection: { action: 'delegate.name' },
    events,
  },
  {
    name: 'governanceSettings.updateFor',
    method: 'PATCH',
    path: '/governance/api/v1/principal-settings/{userId}',
    summary: 'Name who decides in the stead of somebody who is away, or nobody',
    access: admin,
    rateClass: 'management',
    body: settings,
    protection: { action: 'delegate.name-for' },
    events,
  },
  {
    name: 'delegations.list',
    method: 'GET',
    path: '/governance/api/v1/delegates',
    summary: 'Who decides in whose stead, now or later',
    access: admin,
    rateClass: 'management',
    query: z.object({
      filter: z.string().max(500).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
]);
