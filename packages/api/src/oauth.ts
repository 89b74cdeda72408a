import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const text = z.string().max(8192).optional();
const client = {
  client_id: text,
  client_secret: text,
  client_assertion_type: text,
  client_assertion: text,
} as const;
const form = {
  method: 'POST',
  access: { kind: 'anonymous' },
  rateClass: 'sign-in',
  takesForm: true,
} as const;
const one = z.object({ ...client, token: z.string().min(1).max(2048), token_type_hint: text });

export const oauthRoutes = defineRoutes([
  {
    name: 'oauth.token',
    path: '/oauth2/v1/token',
    summary: 'An access token for a service app that proves itself with its key (client_credentials, private_key_jwt)',
    ...form,
    body: z.object({ ...client, grant_type: text, scope: text }),
    protection: { none: 'the app proves itself with its key' },
    events: ['app.oauth2.token.grant.access_token'],
  },
  {
    name: 'oauth.revoke',
    path: '/oauth2/v1/revoke',
    summary: 'End an access token; by the service app that it was given to',
    ...form,
    body: one,
    protection: { none: 'giving up power needs no proof' },
    events: ['app.oauth2.token.revoke'],
  },
  {
    name: 'oauth.introspect',
    path: '/oauth2/v1/introspect',
    summary: 'What an access token is good for; to the service app that it was given to',
    ...form,
    body: one,
    protection: { none: 'nothing is changed but that the assertion was used' },
    events: ['app.oauth2.invalid_client_credentials'],
  },
  {
    name: 'oauth.metadata',
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    summary: 'What the token endpoint takes (RFC 8414)',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
  },
  {
    name: 'oauth.organization',
    method: 'GET',
    path: '/.well-known/okta-organization',
    summary: 'The id of the organisation; clients ask for it first',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
  },
]);
