import { toIso } from '@sallyport/model/instant';
import { enqueue } from '../outbox/enqueue.ts';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** Every kind of message that webhooks get. */
export const WEBHOOK_TYPES = ['break_glass.use', 'test'] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** Each has a queue of its own: one that does not answer holds up no other. */
export const webhookSinkName = (webhookId: string): string => `webhook:${webhookId}`;

/** Puts a message for one webhook into the transaction of what it tells of. */
export const enqueueWebhook = async (
  s: Pick<Services, 'random' | 'clock'>,
  tx: Transaction,
  webhookId: string,
  type: WebhookType,
  data: object,
): Promise<string> => {
  const id = `msg_${base62(s.random, 22)}`;
  const body = JSON.stringify({ type, timestamp: toIso(s.clock.now()), data });
  await enqueue(s, tx, webhookSinkName(webhookId), { webhookId, id, body } satisfies WebhookMessage);
  return id;
};

/** The same for every webhook that is on; for none where none is. */
export const enqueueWebhooks = async (
  s: Pick<Services, 'random' | 'clock'>,
  tx: Transaction,
  type: WebhookType,
  data: object,
): Promise<void> => {
  const rows = await tx.selectFrom('webhooks').select('id').where('status', '=', 'ACTIVE').orderBy('id').execute();
  for (const { id } of rows) await enqueueWebhook(s, tx, id, type, data);
};
