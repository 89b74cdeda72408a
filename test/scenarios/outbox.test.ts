import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHECKPOINT_FILE_SINK } from '../../packages/server/src/outbox/checkpoint-file-sink.ts';
import { deliverOutbox } from '../../packages/server/src/outbox/deliver-outbox.ts';
import { enqueue } from '../../packages/server/src/outbox/enqueue.ts';
import { ALARM_MAIL_SINK, MAIL_SINK } from '../../packages/server/src/outbox/mail-sink.ts';
import { KEPT_DAYS, pruneOutbox } from '../../packages/server/src/outbox/prune-outbox.ts';
import { Undeliverable } from '../../packages/server/src/outbox/sink.ts';
import { alarmQueue } from '../../packages/server/src/webhooks/enqueue-webhooks.ts';
import { idOf, type Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const DAY = 86_400;

describe.each(ENGINES)('what leaves the host, on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeEach(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterEach(() => server.stop());

  const write = (sink: string, n: number) =>
    server.services.store.transaction((tx) => enqueue(server.services, tx, sink, { n }));
  const deliver = (sink: string, failure?: Error) =>
    deliverOutbox(server.services, [
      { name: sink, deliver: () => (failure === undefined ? Promise.resolve() : Promise.reject(failure)) },
    ]);
  const kept = async (): Promise<string[]> => {
    const rows = await server.services.store.read
      .selectFrom('outbox')
      .select(['sink', 'payload'])
      .where('sink', 'in', ['one', 'other', 'waits', 'refused'])
      .orderBy('createdAt')
      .orderBy('sink')
      .execute();
    return rows.map(({ sink, payload }) => `${sink} ${(JSON.parse(payload) as { n: number }).n}`);
  };

  it('is forgotten some time after it got there, to the millisecond, but for the last of each sink', async () => {
    for (const n of [1, 2]) {
      await write('one', n);
      await deliver('one');
      server.clock.advance(1);
    }
    await write('other', 1);
    await deliver('other');
    await write('waits', 1);
    await write('refused', 1);
    await deliver('refused', new Undeliverable('no such address'));
    // The first of them was delivered two seconds ago.
    server.clock.advance(KEPT_DAYS * DAY - 2 - 0.001);
    await pruneOutbox(server.services);
    expect(await kept()).toEqual(['one 1', 'one 2', 'other 1', 'refused 1', 'waits 1']);
    server.clock.advance(0.001);
    await pruneOutbox(server.services);
    expect(await kept()).toEqual(['one 2', 'other 1', 'refused 1', 'waits 1']);
    server.clock.advance(2);
    await pruneOutbox(server.services);
    expect(await kept()).toEqual(['one 2', 'other 1', 'waits 1']);
  });

  it('is forgotten so many at once, the longest ago first, until none is left', async () => {
    const { store, clock } = server.services;
    const old = clock.now() - (KEPT_DAYS + 1) * DAY * 1000;
    const rows = Array.from({ length: 1500 }, (_, i) => ({
      id: `obx${String(i).padStart(17, '0')}`,
      sink: 'one',
      payload: JSON.stringify({ n: i }),
      createdAt: old + i,
      attempts: 1,
      nextAttemptAt: old + i,
      deliveredAt: old + i,
      deadAt: null,
      lastError: null,
    }));
    await store.transaction(async (tx) => {
      for (let i = 0; i < rows.length; i += 100)
        await tx
          .insertInto('outbox')
          .values(rows.slice(i, i + 100))
          .execute();
    });
    await pruneOutbox(server.services);
    expect((await kept())[0]).toBe('one 1000');
    await pruneOutbox(server.services);
    expect(await kept()).toEqual(['one 1499']);
    await pruneOutbox(server.services);
    expect(await kept()).toEqual(['one 1499']);
  });

  const found = async (): Promise<unknown[]> => {
    const { body } = await ana.get('/sallyport/v1/overview');
    const { findings } = body as unknown as { findings: { kind: string; sentence: string }[] };
    return findings
      .filter(({ kind }) => /^(outbox|mail|webhooks)-/.test(kind))
      .map(({ kind, sentence }) => `${kind}: ${sentence}`)
      .toSorted();
  };

  it('is told of by where it goes: what does not get through, and what was given up in the last week', async () => {
    expect(await found()).toEqual([]);
    await write(MAIL_SINK, 1);
    await write(ALARM_MAIL_SINK, 2);
    await write(alarmQueue('whk1'), 3);
    // What nobody tried yet is no news.
    expect(await found()).toEqual([]);
    await deliver(ALARM_MAIL_SINK, new Error('down'));
    expect(await found()).toEqual(['mail-failing: 2 mails wait, for what was tried did not get through: Error: down.']);
    await deliver(MAIL_SINK, new Undeliverable('no such address'));
    await deliver(alarmQueue('whk1'), new Undeliverable('410'));
    expect(await found()).toEqual([
      expect.stringMatching(/^mail-dead: 1 mail was given up in the last 7 days: /),
      'webhooks-dead: 1 message of a webhook was given up in the last 7 days: Undeliverable: 410.',
    ]);
    expect((await ana.get('/sallyport/v1/overview')).body).toMatchObject({
      parts: {
        log: {
          outbox: { waiting: 1, failing: 1, dead: 2 },
          queues: { checkpoints: { waiting: 0 }, mail: { waiting: 1, failing: 1, dead: 1 }, webhooks: { dead: 1 } },
        },
      },
    });
    server.clock.advance(7 * DAY - 0.001);
    await ana.signIn();
    expect(await found()).toHaveLength(2);
    server.clock.advance(0.001);
    expect(await found()).toEqual(['mail-failing: 1 mail waits, for what was tried did not get through: Error: down.']);
  });

  it('says nothing of what a later checkpoint covers, or of what waited for a webhook that is gone', async () => {
    await write(CHECKPOINT_FILE_SINK, 1);
    await deliver(CHECKPOINT_FILE_SINK, new Undeliverable('ENOSPC'));
    expect(await found()).toEqual([
      'outbox-dead: 1 checkpoint of the System Log was given up, and none has arrived since: Undeliverable: ENOSPC.',
    ]);
    // However long ago: nothing outside has covered it since.
    server.clock.advance(30 * DAY);
    await ana.signIn();
    expect(await found()).toHaveLength(1);
    await write(CHECKPOINT_FILE_SINK, 2);
    await deliver(CHECKPOINT_FILE_SINK);
    expect(await found()).toEqual([]);

    const body = { name: 'Pager', url: 'https://pager.example.org/x', status: 'INACTIVE' };
    const id = idOf(await ana.call('POST', '/sallyport/v1/webhooks', body));
    await write(alarmQueue(id), 1);
    await deliver(alarmQueue(id), new Error('down'));
    expect(await found()).toHaveLength(1);
    const shown = await ana.get(`/sallyport/v1/webhooks/${id}`);
    expect(shown.body).toMatchObject({
      queue: { waiting: 1, dead: 0, lastError: 'Error: down', lastDeliveredAt: null },
    });
    await ana.call('DELETE', `/sallyport/v1/webhooks/${id}`);
    expect(await found()).toEqual([]);
  });
});
