import { toIso } from '@sallyport/model/instant';
import { ALARM_TYPE, WEBHOOK_TYPE_NAMES, type WebhookType } from '@sallyport/model/webhook-types';
import { enqueue } from '../outbox/enqueue.ts';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** What alarms wait in. Each webhook has queues of its own: one that does not answer holds up no other. */
export const alarmQueue = (webhookId: string): string => `webhook:${webhookId}`;
/** Of all that anything waits in, whether it is one of alarms of a webhook. */
export const isAlarmQueue = (queue: string): boolean => /^webhook:[^:]+$/.test(queue);
/** What tests wait in: one that is refused holds up no alarm, and one of a webhook that is paused takes none along. */
export const testQueue = (webhookId: string): string => `${alarmQueue(webhookId)}:tests`;
/** What everything else waits in: neither many of these, nor one that a receiver refuses, holds up an alarm. */
export const noticeQueue = (webhookId: string): string => `${alarmQueue(webhookId)}:notices`;
export const queuesOf = (webhookId: string): readonly string[] =>
  [alarmQueue, testQueue, noticeQueue].map((queue) => queue(webhookId));

/** What a webhook chose to be told of; a kind that this version does not know, of a later one or of none, is nothing. */
export const typesOf = ({ types }: Pick<Row<'webhooks'>, 'types'>): readonly WebhookType[] => {
  const chosen = new Set(JSON.parse(types) as string[]);
  return WEBHOOK_TYPE_NAMES.filter((type) => chosen.has(type));
};

const queueFor = (type: WebhookType | 'test') =>
  type === ALARM_TYPE ? alarmQueue : type === 'test' ? testQueue : noticeQueue;

/** Puts a message for one webhook into the transaction of what it tells of. */
export const enqueueWebhook = async (
  s: Pick<Services, 'random' | 'clock'>,
  tx: Transaction,
  webhookId: string,
  type: WebhookType | 'test',
  data: object,
): Promise<string> => {
  const id = `msg_${base62(s.random, 22)}`;
  const body = JSON.stringify({ type, timestamp: toIso(s.clock.now()), data });
  await enqueue(s, tx, queueFor(type)(webhookId), { webhookId, id, body } satisfies WebhookMessage);
  return id;
};

/** The same for every webhook that is on and chose it; for none where none did. */
export const enqueueWebhooks = async (
  s: Pick<Services, 'random' | 'clock'>,
  tx: Transaction,
  type: WebhookType,
  data: object,
): Promise<void> => {
  const rows = await tx
    .selectFrom('webhooks')
    .select(['id', 'types'])
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute();
  for (const row of rows) if (typesOf(row).includes(type)) await enqueueWebhook(s, tx, row.id, type, data);
};
