import { BINDING_MODES } from '@sallyport/model/session';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const modes = z.strictObject({ asnBinding: z.enum(BINDING_MODES), ipBinding: z.enum(BINDING_MODES) });
/** The same body both ways. `apps` overrides the org's modes for an app by its name or id. */
export const sessionBindingBody = z.strictObject({
  asnBinding: z.enum(BINDING_MODES),
  ipBinding: z.enum(BINDING_MODES),
  exemptZoneId: z.string().nullable().optional(),
  apps: z.record(z.string(), modes.partial()).optional(),
});
export const adminConsoleSettingsBody = z.object({
  sessionIdleTimeoutMinutes: z.int(),
  sessionMaxLifetimeMinutes: z.int(),
});

export const sessionBindingRoutes = defineRoutes([
  {
    name: 'sessionBinding.get',
    method: 'GET',
    path: '/sallyport/v1/session-binding',
    summary: 'Binding modes of the org and of its apps',
    access: { kind: 'admin', permission: 'okta.sessionBinding.read' },
    rateClass: 'management',
  },
  {
    name: 'sessionBinding.put',
    method: 'PUT',
    path: '/sallyport/v1/session-binding',
    summary: 'Change binding modes; with `dryRun` only say what would change, and for whom',
    access: { kind: 'admin', permission: 'okta.sessionBinding.manage' },
    rateClass: 'management',
    query: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
    body: sessionBindingBody,
    protection: { action: 'session-binding.update' },
    events: ['security.session_protection.status.update'],
  },
  {
    name: 'sessionBinding.report',
    method: 'GET',
    path: '/sallyport/v1/session-binding/report',
    summary: 'Whose sessions would have ended had this been enforced',
    access: { kind: 'admin', permission: 'okta.sessionBinding.read' },
    rateClass: 'management',
    query: z.object({ days: z.coerce.number().int().min(1).max(90).optional() }),
  },
  {
    name: 'sessionProtection.get',
    method: 'GET',
    path: '/sallyport/v1/session-protection',
    summary: 'What surrounds the binding settings: presets, limits, apps, the exempt zone, who changed them last',
    access: { kind: 'admin', permission: 'okta.sessionBinding.read' },
    rateClass: 'management',
  },
  {
    name: 'adminConsoleSettings.get',
    method: 'GET',
    path: '/api/v1/first-party-app-settings/{appName}',
    summary: 'Lifetimes of Admin Console sessions',
    access: { kind: 'admin', permission: 'okta.apps.read' },
    rateClass: 'management',
  },
  {
    name: 'adminConsoleSettings.put',
    method: 'PUT',
    path: '/api/v1/first-party-app-settings/{appName}',
    summary: 'Change lifetimes of Admin Console sessions',
    access: { kind: 'admin', permission: 'okta.apps.manage' },
    rateClass: 'management',
    body: adminConsoleSettingsBody,
    protection: { action: 'admin-console-settings.update' },
    events: ['sallyport.settings.update'],
  },
]);
