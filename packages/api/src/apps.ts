import { ACTION_NAMES } from '@sallyport/model/protected-actions';
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

/** A bookmark: a name and an address, without a door of ours. */
const bookmarkApp = z.object({
  name: z.literal('bookmark'),
  label: z.string().trim().min(1).max(100),
  signOnMode: z.literal('BOOKMARK').optional(),
  settings: z.object({
    app: z.object({ url: z.url({ protocol: /^https?$/ }).max(1024), requestIntegration: z.boolean().optional() }),
  }),
});
export type BookmarkAppBody = z.infer<typeof bookmarkApp>;

const zoneIds = z.array(z.string().max(64)).max(50).nullish();
const KEYS_MAX = 50;
/** A service app: a machine that proves itself with a private key. There are no client secrets. */
const serviceApp = z.object({
  name: z.literal('oidc_client'),
  label: z.string().trim().min(1).max(100),
  signOnMode: z.literal('OPENID_CONNECT').optional(),
  credentials: z
    .object({
      oauthClient: z
        .object({
          token_endpoint_auth_method: z
            .literal('private_key_jwt', 'only private_key_jwt is served: a key cannot be copied out of a request')
            .optional(),
        })
        .optional(),
    })
    .optional(),
  settings: z.object({
    app: z
      .object({
        /** Protected actions that the app performs by itself; any other waits for a human. */
        protectedActions: z.array(z.enum(ACTION_NAMES)).max(ACTION_NAMES.length).optional(),
        /** Why it may be used from anywhere; for people. */
        networkReason: z.string().trim().max(500).nullish(),
      })
      .nullish(),
    oauthClient: z.object({
      application_type: z.literal('service', 'only service apps are served'),
      grant_types: z.array(z.literal('client_credentials')).min(1).max(1),
      response_types: z.array(z.enum(['token', 'none'])).optional(),
      dpop_bound_access_tokens: z.boolean().optional(),
      jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(KEYS_MAX) }).nullish(),
      jwks_uri: z.string().max(1024).nullish(),
      /** Where the app may be used from; without it from this host only. */
      network: z
        .object({ connection: z.enum(['ANYWHERE', 'ZONE', 'LOOPBACK']), include: zoneIds, exclude: zoneIds })
        .nullish(),
    }),
  }),
});
export type ServiceAppBody = z.infer<typeof serviceApp>;
const anyApp = z.discriminatedUnion('name', [gatewayApp, bookmarkApp, serviceApp]);
export type AppBody = z.infer<typeof anyApp>;

const ofApp = '/api/v1/apps/{appId}';
const reads = { access: read, rateClass: 'management' } as const;
const assigns = {
  access: { kind: 'admin', permission: 'okta.apps.assignment.manage' },
  rateClass: 'management',
  protection: { action: 'app.update', ofPower: 'service-app.update' },
} as const;
const page = z.object({
  limit: z.string().optional(),
  after: z.string().max(64).optional(),
  q: z.string().max(255).optional(),
  expand: z.string().optional(),
});
const profile = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 8192, 'must not be longer than 8192 characters');
const appUser = {
  profile: profile.nullish(),
  credentials: z.object({ userName: z.string().max(255).nullish() }).nullish(),
} as const;

const jwk = z.record(z.string(), z.unknown());
/** Of a service app; other apps have neither keys nor scopes. */
const updates = { action: 'service-app.update' } as const;
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
    summary: 'Create an app: behind the gateway, a bookmark, or a service app',
    access: manage,
    rateClass: 'management',
    query: z.object({ activate: z.enum(['true', 'false']).optional() }),
    body: anyApp,
    protection: { action: 'app.create', ofPower: 'service-app.create' },
    events: ['application.lifecycle.create', 'policy.lifecycle.create', 'app.oauth2.client.lifecycle.create'],
  },
  {
    name: 'apps.replace',
    method: 'PUT',
    path: '/api/v1/apps/{appId}',
    summary: 'Replace an app; behind the gateway another host ends its sessions',
    access: manage,
    rateClass: 'management',
    body: anyApp,
    protection: { action: 'app.update', ofPower: 'service-app.update' },
    events: ['application.lifecycle.update', 'app.oauth2.client.lifecycle.update'],
  },
  {
    name: 'apps.delete',
    method: 'DELETE',
    path: '/api/v1/apps/{appId}',
    summary: 'Delete an app that is switched off, with its policy',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'app.delete', ofPower: 'service-app.delete' },
    events: [
      'application.lifecycle.delete',
      'policy.lifecycle.delete',
      'app.oauth2.client.lifecycle.delete',
      'application.user_membership.remove',
    ],
  },
  {
    name: 'apps.activate',
    method: 'POST',
    path: '/api/v1/apps/{appId}/lifecycle/activate',
    summary: 'Switch an app on',
    ...lifecycle,
    protection: { action: 'app.update', ofPower: 'service-app.update' },
    events: ['application.lifecycle.activate', 'app.oauth2.client.lifecycle.activate'],
  },
  {
    name: 'apps.assignPolicy',
    method: 'PUT',
    path: '/api/v1/apps/{appId}/policies/{policyId}',
    summary: 'Let an app be judged by this policy from now on',
    ...lifecycle,
    status: 204,
    protection: { action: 'policy-rule.update', ofPower: 'admin-policy-rule.update' },
    events: ['policy.mapping.create'],
  },
  {
    name: 'apps.deactivate',
    method: 'POST',
    path: '/api/v1/apps/{appId}/lifecycle/deactivate',
    summary: 'Switch an app off: its sessions end at once',
    ...lifecycle,
    protection: { action: 'app.deactivate', ofPower: 'service-app.delete' },
    events: ['application.lifecycle.deactivate', 'app.oauth2.client.lifecycle.deactivate'],
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
  {
    name: 'appUsers.list',
    method: 'GET',
    path: `${ofApp}/users`,
    summary: 'People an app is assigned to, also through groups',
    ...reads,
    query: page,
  },
  {
    name: 'appUsers.get',
    method: 'GET',
    path: `${ofApp}/users/{userId}`,
    summary: 'The assignment of an app to a person',
    ...reads,
  },
  {
    name: 'appUsers.assign',
    method: 'POST',
    path: `${ofApp}/users`,
    summary: 'Assign an app to a person; a record, for who may enter is what its policy says',
    ...assigns,
    body: z.object({ id: z.string().min(1).max(255), scope: z.string().max(20).optional(), ...appUser }),
    events: ['application.user_membership.add'],
  },
  {
    name: 'appUsers.update',
    method: 'POST',
    path: `${ofApp}/users/{userId}`,
    summary: 'Change the assignment of an app to a person',
    ...assigns,
    body: z.object(appUser),
    events: ['application.user_membership.update'],
  },
  {
    name: 'appUsers.unassign',
    method: 'DELETE',
    path: `${ofApp}/users/{userId}`,
    summary: 'Take an app from a person',
    ...assigns,
    status: 204,
    query: z.object({ sendEmail: z.string().optional() }),
    events: ['application.user_membership.remove'],
  },
  {
    name: 'appGroups.list',
    method: 'GET',
    path: `${ofApp}/groups`,
    summary: 'Groups an app is assigned to',
    ...reads,
    query: page,
  },
  {
    name: 'appGroups.get',
    method: 'GET',
    path: `${ofApp}/groups/{groupId}`,
    summary: 'The assignment of an app to a group',
    ...reads,
  },
  {
    name: 'appGroups.assign',
    method: 'PUT',
    path: `${ofApp}/groups/{groupId}`,
    summary: 'Assign an app to a group, or change its assignment',
    ...assigns,
    body: z.object({ priority: z.int().min(0).max(1000).optional(), profile: profile.nullish() }),
    events: ['group.application_assignment.add'],
  },
  {
    name: 'appGroups.unassign',
    method: 'DELETE',
    path: `${ofApp}/groups/{groupId}`,
    summary: 'Take an app from a group',
    ...assigns,
    status: 204,
    events: ['group.application_assignment.remove'],
  },
  {
    name: 'appKeys.list',
    method: 'GET',
    path: '/api/v1/apps/{appId}/credentials/jwks',
    summary: 'Keys of a service app',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'appKeys.get',
    method: 'GET',
    path: '/api/v1/apps/{appId}/credentials/jwks/{keyId}',
    summary: 'A key of a service app',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'appKeys.add',
    method: 'POST',
    path: '/api/v1/apps/{appId}/credentials/jwks',
    summary: 'Add a public key to a service app',
    access: manage,
    rateClass: 'management',
    status: 201,
    body: jwk,
    protection: updates,
    events: ['app.oauth2.credentials.lifecycle.create'],
  },
  {
    name: 'appKeys.activate',
    method: 'POST',
    path: '/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/activate',
    summary: 'Let a retired key of a service app count again',
    ...lifecycle,
    protection: updates,
    events: ['app.oauth2.credentials.lifecycle.activate'],
  },
  {
    name: 'appKeys.deactivate',
    method: 'POST',
    path: '/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/deactivate',
    summary: 'Retire a key of a service app',
    ...lifecycle,
    protection: updates,
    events: ['app.oauth2.credentials.lifecycle.deactivate'],
  },
  {
    name: 'appKeys.delete',
    method: 'DELETE',
    path: '/api/v1/apps/{appId}/credentials/jwks/{keyId}',
    summary: 'Delete a retired key of a service app',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: updates,
    events: ['app.oauth2.credentials.lifecycle.delete'],
  },
  {
    name: 'appGrants.list',
    method: 'GET',
    path: '/api/v1/apps/{appId}/grants',
    summary: 'Scopes that are granted to a service app',
    access: read,
    rateClass: 'management',
    query: z.object({ expand: z.string().optional() }),
  },
  {
    name: 'appGrants.get',
    method: 'GET',
    path: '/api/v1/apps/{appId}/grants/{grantId}',
    summary: 'A granted scope',
    access: read,
    rateClass: 'management',
    query: z.object({ expand: z.string().optional() }),
  },
  {
    name: 'appGrants.create',
    method: 'POST',
    path: '/api/v1/apps/{appId}/grants',
    summary: 'Grant a scope to a service app; a lid on what its roles give, never a right by itself',
    access: manage,
    rateClass: 'management',
    status: 201,
    body: z.object({ scopeId: z.string().min(1).max(100), issuer: z.string().max(255).optional() }),
    protection: updates,
    events: ['app.oauth2.admin.consent.grant'],
  },
  {
    name: 'appGrants.revoke',
    method: 'DELETE',
    path: '/api/v1/apps/{appId}/grants/{grantId}',
    summary: 'Take a scope from a service app: from its next request on',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: updates,
    events: ['app.oauth2.admin.consent.revoke'],
  },
]);
