import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.features.read' } as const;

export const featureRoutes = defineRoutes([
  {
    name: 'features.list',
    method: 'GET',
    path: '/api/v1/features',
    summary: 'Features',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'features.get',
    method: 'GET',
    path: '/api/v1/features/{featureId}',
    summary: 'A feature',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'features.dependencies',
    method: 'GET',
    path: '/api/v1/features/{featureId}/dependencies',
    summary: 'What a feature needs: nothing, each stands alone',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'features.dependents',
    method: 'GET',
    path: '/api/v1/features/{featureId}/dependents',
    summary: 'What needs a feature: nothing, each stands alone',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'features.update',
    method: 'POST',
    path: '/api/v1/features/{featureId}/{lifecycle}',
    summary: 'Enable or disable a feature',
    access: { kind: 'admin', permission: 'okta.features.manage' },
    rateClass: 'management',
    query: z.object({ mode: z.string().optional() }),
    body: z.unknown().optional(),
    protection: { action: 'feature.update' },
    events: ['system.feature.enable', 'system.feature.disable'],
  },
]);
