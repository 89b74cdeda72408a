import { WEBHOOK_TYPE_NAMES } from '@sallyport/model/webhook-types';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

// Of super admins alone: what is told leads to everybody's power, and whoever is told first acts first.
const read = { kind: 'admin', permission: 'okta.roles.read' } as const;
const manage = { kind: 'admin', permission: 'okta.roles.manage' } as const;
const body = z.strictObject({
  name: z.string().trim().min(1).max(100),
  url: z.string().trim().min(1).max(1000),
  status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  types: z.array(z.enum(WEBHOOK_TYPE_NAMES)).min(1).max(50).optional(),
});

export const webhookRoutes = defineRoutes([
  {
    name: 'webhooks.list',
    method: 'GET',
    path: '/sallyport/v1/webhooks',
    summary: 'Webhooks, what each is told of, and what waits for it',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'webhooks.create',
    method: 'POST',
    path: '/sallyport/v1/webhooks',
    summary: 'Create a webhook; the answer alone has its signing secret',
    access: manage,
    rateClass: 'management',
    status: 201,
    body,
    protection: { action: 'webhook.create' },
    events: ['event_hook.created'],
  },
  {
    name: 'webhooks.get',
    method: 'GET',
    path: '/sallyport/v1/webhooks/{webhookId}',
    summary: 'A webhook',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'webhooks.update',
    method: 'PUT',
    path: '/sallyport/v1/webhooks/{webhookId}',
    summary: 'Change what is named of a webhook',
    access: manage,
    rateClass: 'management',
    body: body.partial(),
    protection: { action: 'webhook.update' },
    events: ['event_hook.updated'],
  },
  {
    name: 'webhooks.rotate',
    method: 'POST',
    path: '/sallyport/v1/webhooks/{webhookId}/rotate',
    summary: 'Give a webhook a new signing secret, with an overlap',
    access: manage,
    rateClass: 'management',
    body: z.strictObject({ overlapHours: z.number().int().min(0).max(168) }),
    protection: { action: 'webhook.rotate' },
    events: ['event_hook.updated'],
  },
  {
    name: 'webhooks.delete',
    method: 'DELETE',
    path: '/sallyport/v1/webhooks/{webhookId}',
    summary: 'Delete a webhook',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'webhook.delete' },
    events: ['event_hook.deleted'],
  },
  {
    name: 'webhooks.test',
    method: 'POST',
    path: '/sallyport/v1/webhooks/{webhookId}/test',
    summary: 'Send a test to a webhook now, and say whether it arrived',
    access: manage,
    rateClass: 'management',
    protection: { none: 'the message tells nothing, and goes where a protected action said' },
    events: ['event_hook.verified'],
  },
]);
