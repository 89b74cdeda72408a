import type { Handler } from '../http/exchange.ts';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhook,
  testWebhook,
  updateWebhook,
  type WebhookBody,
} from './manage-webhooks.ts';

const id = (params: Readonly<Record<string, string>>): string => params['webhookId'] ?? '';

export const webhookHandlers = {
  'webhooks.list': async ({ services, principal }) => ({ body: await listWebhooks(services, principal) }),
  'webhooks.get': async ({ services, principal, params }) => ({
    body: await getWebhook(services, principal, id(params)),
  }),
  'webhooks.create': async ({ services, principal, body }) => ({
    status: 201,
    body: await createWebhook(services, principal, body as WebhookBody),
  }),
  'webhooks.update': async ({ services, principal, params, body, request: { headers } }) => ({
    body: await updateWebhook(services, principal, id(params), body as Partial<WebhookBody>, headers['if-match']),
  }),
  'webhooks.rotate': async ({ services, principal, params, body }) => ({
    body: await rotateWebhook(services, principal, id(params), body as { overlapHours: number }),
  }),
  'webhooks.delete': async ({ services, principal, params }) => {
    await deleteWebhook(services, principal, id(params));
    return {};
  },
  'webhooks.test': async ({ services, principal, params }) => ({
    body: await testWebhook(services, principal, id(params)),
  }),
} satisfies Record<string, Handler>;
