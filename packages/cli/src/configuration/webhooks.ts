import type { WebhookAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { isSame } from './is-same.ts';
import type { Entry, Section } from './section.ts';

const bodyOf = (name: string, { url, status }: Entry) => ({
  name,
  url: String(url),
  status: status as WebhookAnswer['status'],
});

/** Who is told of alarms. A secret that messages are signed with is in no document, and in no answer that is kept. */
export const webhooks: Section = {
  key: 'webhooks',
  noun: 'webhook',
  fields: { url: undefined, status: 'ACTIVE' },
  async read(client) {
    const all = await client.call('webhooks.list', {});
    return all.map(({ id, name, url, status }) => ({ id, name, isBuiltIn: false, entry: { url, status } }));
  },
  check: ({ url, status }) => [
    ...(typeof url === 'string' ? [] : ['url: must be an address']),
    ...(status === 'ACTIVE' || status === 'INACTIVE' ? [] : ['status: must be ACTIVE or INACTIVE']),
  ],
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
