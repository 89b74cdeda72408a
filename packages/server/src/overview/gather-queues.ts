import type { Channel, QueueFacts } from '@sallyport/decide/overview/overview-facts';
import type { Instant } from '@sallyport/model/instant';
import { CHECKPOINT_FILE_SINK } from '../outbox/checkpoint-file-sink.ts';
import { ALARM_MAIL_SINK, MAIL_SINK } from '../outbox/mail-sink.ts';
import type { Services } from '../services.ts';
import { GIVEN_UP_WITH_WEBHOOK } from '../webhooks/manage-webhooks.ts';

/** What was given up is told of for so long: its mail or message is not sent any more, whatever is mended. */
const TOLD_DAYS = 7;

const isOf = (channel: Channel, sink: string): boolean => {
  switch (channel) {
    case 'checkpoints':
      return sink === CHECKPOINT_FILE_SINK;
    case 'mail':
      return sink === MAIL_SINK || sink === ALARM_MAIL_SINK;
    case 'webhooks':
      return sink.startsWith('webhook:');
  }
};

/** What waits to leave this host, by where it goes. Up to `coveredTo` a checkpoint that arrived stands for all before it. */
export const gatherQueues = async (s: Services, coveredTo: Instant): Promise<Readonly<Record<Channel, QueueFacts>>> => {
  const db = s.store.read;
  const left = db
    .selectFrom('outbox')
    .where('deliveredAt', 'is', null)
    .where((e) =>
      e.or([
        e('deadAt', 'is', null),
        // A later checkpoint says all that an earlier one did; a webhook that is gone lacks nothing.
        e.and([e('sink', '=', CHECKPOINT_FILE_SINK), e('createdAt', '>', coveredTo)]),
        e.and([
          e('sink', '!=', CHECKPOINT_FILE_SINK),
          e('deadAt', '>', s.clock.now() - TOLD_DAYS * 86_400_000),
          e('lastError', '!=', GIVEN_UP_WITH_WEBHOOK),
        ]),
      ]),
    );
  const rows = await left
    .select((e) => [
      'sink',
      e.fn.countAll<number | string>().as('all'),
      e.fn.count<number | string>('deadAt').as('dead'),
      e.fn
        .sum<number | string>(
          e
            .case()
            .when(e.and([e('attempts', '>', 0), e('deadAt', 'is', null)]))
            .then(1)
            .else(0)
            .end(),
        )
        .as('failing'),
    ])
    .groupBy('sink')
    .execute();
  const queueOf = async (channel: Channel): Promise<QueueFacts> => {
    const own = rows.filter(({ sink }) => isOf(channel, sink));
    const sum = (number: (row: (typeof rows)[number]) => number | string): number =>
      own.reduce((total, row) => total + Number(number(row)), 0);
    const [dead, failing] = [sum((row) => row.dead), sum((row) => row.failing)];
    const last =
      dead + failing === 0
        ? undefined
        : await left
            .select('lastError')
            .where(
              'sink',
              'in',
              own.map(({ sink }) => sink),
            )
            .where('lastError', 'is not', null)
            .orderBy('createdAt', 'desc')
            .orderBy('id', 'desc')
            .limit(1)
            .executeTakeFirst();
    return { waiting: sum((row) => row.all) - dead, failing, dead, lastError: last?.lastError ?? null };
  };
  return {
    checkpoints: await queueOf('checkpoints'),
    mail: await queueOf('mail'),
    webhooks: await queueOf('webhooks'),
  };
};
