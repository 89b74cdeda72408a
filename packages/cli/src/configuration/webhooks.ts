import type { WebhookAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { WEBHOOK_TYPES } from '../webhook-types.ts';
import { isSame } from './is-same.ts';
import type { Entry, Section } from './section.ts';

const isType = (one: unknown): boolean => (WEBHOOK_TYPES as readonly unknown[]).includes(one);

const bodyOf = (name: string, { url, status, types }: Entry) => ({
  name,
  url: String(url),
  status: status as WebhookAnswer['status'],
  types: [...(types as WebhookAnswer['types'])],
});

/** Who is told of alarms, and of what else. A secret that messages are signed with is in no document, and in no answer that is kept. */
export const webhooks: Section = {
  key: 'webhooks',
  noun: 'webhook',
  fields: { url: undefined, status: 'ACTIVE', types: ['break_glass.use'] },
  async read(client) {
    const all = await client.call('webhooks.list', {});
    return all.map(({ id, name, url, status, types }) => ({
      id,
      name,
      isBuiltIn: false,
      entry: { url, status, types },
    }));
  },
  check: ({ url, status, types }) => [
    ...(typeof url === 'string' ? [] : ['url: must be an address']),
    ...(status === 'ACTIVE' || status === 'INACTIVE' ? [] : ['status: must be ACTIVE or INACTIVE']),
    ...(Array.isArray(types) && types.length > 0 && types.every(isType)
      ? []
      : [`types: must be a list of ${WEBHOOK_TYPES.join(', ')}`]),
  ],
  // In whatever order, and each once.
  fill: (entry) => ({ ...entry, types: WEBHOOK_TYPES.filter((type) => (entry['types'] as unknown[]).includes(type)) }),
  create: (name, entry) => [
    { batch: 'webhook.create', request: () => requestOf('webhooks.create', { body: bodyOf(name, entry) }) },
  ],
  update: ({ id, name, entry: before }, entry) =>
    isSame(before, entry)
      ? []
      : [
          {
            batch: 'webhook.update',
            request: () => requestOf('webhooks.update', { params: { webhookId: id }, body: bodyOf(name, entry) }),
          },
        ],
  remove: ({ id }) => [
    { batch: 'webhook.delete', request: () => requestOf('webhooks.delete', { params: { webhookId: id } }) },
  ],
};
