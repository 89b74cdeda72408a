import { ACTION_NAMES } from '@sallyport/model/protected-actions';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.apiTokens.read' } as const;
const manage = { kind: 'admin', permission: 'okta.apiTokens.manage' } as const;
const ids = z.array(z.string().max(64)).max(50).nullish();
const network = z.object({ connection: z.enum(['ANYWHERE', 'ZONE', 'LOOPBACK']), include: ids, exclude: ids });
const protectedActions = z.array(z.enum(ACTION_NAMES)).max(ACTION_NAMES.length);
const name = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(500);

/** What a new token is told. */
export const newToken = z.object({
  name,
  purpose: text,
  network,
  anywhereReason: text.optional(),
  protectedActions: protectedActions.optional(),
});

export const apiTokenRoutes = defineRoutes([
  {
    name: 'apiTokens.list',
    method: 'GET',
    path: '/api/v1/api-tokens',
    summary: 'API tokens',
    access: read,
    rateClass: 'management',
    query: z.object({
      q: z.string().max(100).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'apiTokens.listUse',
    method: 'GET',
    path: '/sallyport/v1/api-tokens',
    summary: 'API tokens that work now: whose, usable from where, last used when and from where',
    access: read,
    rateClass: 'management',
    query: z.object({
      q: z.string().max(100).optional(),
      show: z.enum(['anywhere', 'unused', 'expiring', 'old', 'rotating', 'service-app']).optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'apiTokens.create',
    method: 'POST',
    path: '/api/v1/api-tokens',
    summary: 'Make a token of one’s own; the secret is shown once',
    access: { kind: 'admin', permission: 'okta.apiTokens.create' },
    rateClass: 'management',
    status: 201,
    body: newToken,
    protection: { action: 'api-token.create' },
    events: ['system.api_token.create'],
  },
  {
    name: 'apiTokens.revokeCurrent',
    method: 'DELETE',
    path: '/api/v1/api-tokens/current',
    summary: 'Revoke the token that asks',
    access: { kind: 'person', why: 'the token of the caller' },
    rateClass: 'self',
    status: 204,
    protection: { none: 'giving up power needs no proof' },
    events: ['system.api_token.revoke'],
  },
  {
    name: 'apiTokens.get',
    method: 'GET',
    path: '/api/v1/api-tokens/{apiTokenId}',
    summary: 'An API token',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'apiTokens.update',
    method: 'PUT',
    path: '/api/v1/api-tokens/{apiTokenId}',
    summary: 'Change name, purpose or network, or take protected actions away',
    access: manage,
    rateClass: 'management',
    body: z.object({
      name: name.optional(),
      purpose: text.optional(),
      network: network.optional(),
      anywhereReason: text.optional(),
      userId: z.string().max(64).optional(),
      protectedActions: protectedActions.optional(),
    }),
    protection: { action: 'api-token.update' },
    events: ['system.api_token.update'],
  },
  {
    name: 'apiTokens.rotate',
    method: 'POST',
    path: '/sallyport/v1/api-tokens/{apiTokenId}/rotate',
    summary: 'Give a token of one’s own a new secret, shown once; the old one works until the end of the overlap',
    access: { kind: 'admin', permission: 'okta.apiTokens.create' },
    rateClass: 'management',
    // A week: longer than that the old secret is a second token that nobody counts.
    body: z.object({ overlapHours: z.number().int().min(0).max(168) }),
    protection: { action: 'api-token.rotate' },
    events: ['system.api_token.update'],
  },
  {
    name: 'apiTokens.endOldSecret',
    method: 'DELETE',
    path: '/sallyport/v1/api-tokens/{apiTokenId}/old-secret',
    summary: 'End the overlap of a rotation now',
    access: { kind: 'person', why: 'a token of one’s own' },
    rateClass: 'self',
    status: 204,
    protection: { none: 'giving up power needs no proof' },
    events: ['system.api_token.update'],
  },
  {
    name: 'apiTokens.revoke',
    method: 'DELETE',
    path: '/api/v1/api-tokens/{apiTokenId}',
    summary: 'Revoke a token',
    access: { kind: 'admin', permission: 'okta.users.apitokens.clear' },
    rateClass: 'management',
    status: 204,
    protection: { action: 'api-token.revoke' },
    events: ['system.api_token.revoke'],
  },
]);
