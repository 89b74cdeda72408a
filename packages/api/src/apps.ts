import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.apps.read' } as const;
const manage = { kind: 'admin', permission: 'okta.apps.manage' } as const;

/** An app behind the gateway. `signOnMode` is the field's word for an app that is a link to another host. */
const gatewayApp = z.object({
  name: z.literal('sallyport_gateway'),
  label: z.string().trim().min(1).max(100),
  signOnMode: z.literal('BOOKMARK').optional(),
  settings: z.object({
    app: z.strictObject({
      /** Scheme, host and port under which browsers reach the app. */
      externalUrl: z.string().min(1).max(255),
      sessionIdleTimeoutMinutes: z.int().min(5).max(720).optional(),
      sessionMaxLifetimeMinutes: z.int().min(5).max(10_080).optional(),
      /** Requests to paths that begin so are polling: they do not move the idle clock. */
      backgroundPaths: z
        .array(z.string().regex(/^\/[\x21-\x7e]*$/, 'must be a path'))
        .max(50)
        .optional(),
    }),
  }),
});
export type GatewayAppBody = z.infer<typeof gatewayApp>;
const lifecycle = { access: manage, rateClass: 'management', body: z.unknown().optional() } as const;

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
  {
    name: 'apps.create',
    method: 'POST',
    path: '/api/v1/apps',
    summary: 'Put an app behind the gateway',
    access: manage,
    rateClass: 'management',
    query: z.object({ activate: z.enum(['true', 'false']).optional() }),
    body: gatewayApp,
    protection: { action: 'app.create' },
    events: ['application.lifecycle.create', 'policy.lifecycle.create'],
  },
  {
    name: 'apps.replace',
    method: 'PUT',
    path: '/api/v1/apps/{appId}',
    summary: 'Replace an app behind the gateway; another host ends its sessions',
    access: manage,
    rateClass: 'management',
    body: gatewayApp,
    protection: { action: 'app.update' },
    events: ['application.lifecycle.update'],
  },
  {
    name: 'apps.delete',
    method: 'DELETE',
    path: '/api/v1/apps/{appId}',
    summary: 'Delete an app that is switched off, with its policy',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'app.delete' },
    events: ['application.lifecycle.delete', 'policy.lifecycle.delete'],
  },
  {
    name: 'apps.activate',
    method: 'POST',
    path: '/api/v1/apps/{appId}/lifecycle/activate',
    summary: 'Switch an app on',
    ...lifecycle,
    protection: { action: 'app.update' },
    events: ['application.lifecycle.activate'],
  },
  {
    name: 'apps.deactivate',
    method: 'POST',
    path: '/api/v1/apps/{appId}/lifecycle/deactivate',
    summary: 'Switch an app off: its sessions end at once',
    ...lifecycle,
    protection: { action: 'app.deactivate' },
    events: ['application.lifecycle.deactivate'],
  },
  {
    name: 'apps.gatewaySnippet',
    method: 'GET',
    path: '/sallyport/v1/apps/{appId}/gateway-snippet',
    summary: 'The configuration of a proxy for an app, filled in',
    access: read,
    rateClass: 'management',
    query: z.object({
      proxy: z.literal('nginx').optional(),
      /** Where the proxy reaches the application. */
      upstream: z
        .string()
        .regex(/^[A-Za-z0-9.:[\]-]{1,255}$/, 'must be host:port')
        .optional(),
    }),
  },
]);
