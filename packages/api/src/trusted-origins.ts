import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.trustedOrigins.read' } as const;
const manage = { kind: 'admin', permission: 'okta.trustedOrigins.manage' } as const;
const scope = z.object({
  type: z.enum(['CORS', 'REDIRECT', 'IFRAME_EMBED']),
  allowedOktaApps: z.array(z.string().max(64)).max(10).optional(),
});
const body = z.object({
  name: z.string().trim().min(1).max(255),
  origin: z.string().trim().min(1).max(255),
  scopes: z.array(scope).min(1).max(3),
  status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
});

export const trustedOriginRoutes = defineRoutes([
  {
    name: 'trustedOrigins.list',
    method: 'GET',
    path: '/api/v1/trustedOrigins',
    summary: 'Origins of other sites whose pages may call the API',
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
    name: 'trustedOrigins.create',
    method: 'POST',
    path: '/api/v1/trustedOrigins',
    summary: 'Trust an origin',
    access: manage,
    rateClass: 'management',
    body,
    protection: { action: 'trusted-origin.create' },
    events: ['security.trusted_origin.create'],
  },
  {
    name: 'trustedOrigins.get',
    method: 'GET',
    path: '/api/v1/trustedOrigins/{trustedOriginId}',
    summary: 'A trusted origin',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'trustedOrigins.replace',
    method: 'PUT',
    path: '/api/v1/trustedOrigins/{trustedOriginId}',
    summary: 'Replace a trusted origin',
    access: manage,
    rateClass: 'management',
    body,
    protection: { action: 'trusted-origin.update' },
    events: ['security.trusted_origin.update'],
  },
  {
    name: 'trustedOrigins.delete',
    method: 'DELETE',
    path: '/api/v1/trustedOrigins/{trustedOriginId}',
    summary: 'Trust an origin no longer',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'trusted-origin.delete' },
    events: ['security.trusted_origin.delete'],
  },
  {
    name: 'trustedOrigins.activate',
    method: 'POST',
    path: '/api/v1/trustedOrigins/{trustedOriginId}/lifecycle/activate',
    summary: 'Activate a trusted origin',
    access: manage,
    rateClass: 'management',
    body: z.unknown().optional(),
    protection: { action: 'trusted-origin.update' },
    events: ['security.trusted_origin.activate'],
  },
  {
    name: 'trustedOrigins.deactivate',
    method: 'POST',
    path: '/api/v1/trustedOrigins/{trustedOriginId}/lifecycle/deactivate',
    summary: 'Deactivate a trusted origin',
    access: manage,
    rateClass: 'management',
    body: z.unknown().optional(),
    protection: { action: 'trusted-origin.update' },
    events: ['security.trusted_origin.deactivate'],
  },
]);
