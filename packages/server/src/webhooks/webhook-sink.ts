import { type Sink, Stopped, Undeliverable } from '../outbox/sink.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { noticeQueue, queuesOf, testQueue } from './enqueue-webhooks.ts';
import { type WebhookMessage, webhookHeaders } from './webhook-message.ts';

/** What binds a sealed secret to its row. */
export const webhookSecretContext = (id: string): string => `webhook:${id}`;

/** The secrets that count now, the newest first: of an overlap both, and the old one no longer than it was given. */
const secretsOf = (s: Pick<Services, 'keys' | 'clock'>, row: Row<'webhooks'>): readonly string[] => {
  const isOldGood = row.oldSecretSealed !== null && row.oldSecretEndsAt !== null && s.clock.now() < row.oldSecretEndsAt;
  return [row.secretSealed, ...(isOldGood && row.oldSecretSealed !== null ? [row.oldSecretSealed] : [])].map((sealed) =>
    s.keys.open(sealed, webhookSecretContext(row.id)),
  );
};

/**
 * Posts to a webhook what waits in one of its queues. It is looked up for each message: one that was changed, paused or
 * deleted meanwhile is sent to as it is now, or not at all. Whoever receives it answers 2xx; 410 says that nobody ever
 * will again (Standard Webhooks). Notices keep their order; an alarm or a test waits for no other.
 */
export const createWebhookSink = (
  s: Pick<Services, 'callOut' | 'keys' | 'clock' | 'store'>,
  webhookId: string,
  name: string,
): Sink => ({
  name,
  isEachByItself: name !== noticeQueue(webhookId),
  async deliver(payload) {
    const row = await s.store.read.selectFrom('webhooks').selectAll().where('id', '=', webhookId).executeTakeFirst();
    if (row === undefined || (row.status !== 'ACTIVE' && name !== testQueue(webhookId))) throw new Stopped();
    const { id, body } = payload as WebhookMessage;
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'Sallyport',
      ...webhookHeaders(secretsOf(s, row), { id, body }, s.clock.now()),
    };
    const { status } = await s.callOut.ask(row.url, { headers, body });
    if (status === 410) throw new Undeliverable('the receiver answers that it is gone (410)');
    if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`);
  },
});

/** Those that are on. What waits for one that is off waits. */
export const webhookSinks = async (
  s: Pick<Services, 'callOut' | 'keys' | 'clock' | 'store'>,
): Promise<readonly Sink[]> =>
  (
    await s.store.read.selectFrom('webhooks').select('id').where('status', '=', 'ACTIVE').orderBy('id').execute()
  ).flatMap(({ id }) => queuesOf(id).map((name) => createWebhookSink(s, id, name)));
