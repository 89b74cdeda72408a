/** Outcome 11: the System Log as collectors read it, and what verification finds. Real HTTP, both engines. */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEvent } from '@sallyport/model/log-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { deliverOutbox } from '../../packages/server/src/outbox/deliver-outbox.ts';
import { enqueue } from '../../packages/server/src/outbox/enqueue.ts';
import { Stopped } from '../../packages/server/src/outbox/sink.ts';
import type { Transaction } from '../../packages/server/src/ports/store.ts';
import { writeCheckpoint } from '../../packages/server/src/system-log/checkpoint.ts';
import { recordEvent } from '../../packages/server/src/system-log/record-event.ts';
import { verifyLog } from '../../packages/server/src/system-log/verify-log.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const WRITERS = 8;
const EVENTS_PER_WRITER = process.env['PROOF'] === 'full' ? 500 : 60;

const nextOf = (reply: Reply): string | null => {
  const line = [reply.headers['link'] ?? []]
    .flat()
    .join(', ')
    .split(', ')
    .find((part) => part.endsWith('rel="next"'));
  return line === undefined ? null : (/<([^>]+)>/.exec(line)?.[1] ?? null);
};

describe.each(ENGINES)('the System Log on %s', (engine) => {
  const outsideFile = join(tmpdir(), `sallyport-checkpoints-${process.pid}-${engine}.jsonl`);
  let server: TestServer;
  let ana: Person;
  const logs = (query: string): Promise<Reply> => ana.get(`/api/v1/logs?${query}`);
  const write = (message: string): Promise<string> =>
    server.services.store.transaction((tx) =>
      recordEvent(server.services, tx, hostPrincipal(server.services.random), {
        eventType: 'group.lifecycle.create',
        displayMessage: message,
        target: [{ id: message, type: 'UserGroup', alternateId: 'x', displayName: message, detailEntry: null }],
      }),
    );
  beforeAll(async () => {
    server = await startTestServer({ engine, env: { SALLYPORT_CHECKPOINT_FILE: outsideFile } });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(5);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(outsideFile, { force: true });
  });

  it('gives a poller every event exactly once while eight writers commit', async () => {
    const written: string[] = [];
    let isWriting = true;
    let onWrite = (): void => undefined;
    const writers = Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let i = 0; i < EVENTS_PER_WRITER; i += 1) {
          written.push(await write(`poll-${writer}-${i}`));
          onWrite();
        }
      }),
    ).then(() => {
      isWriting = false;
      onWrite();
    });
    const seen: string[] = [];
    let next = `/api/v1/logs?limit=7&filter=${encodeURIComponent('target.id sw "poll-"')}`;
    for (;;) {
      const wasWriting = isWriting;
      const page = await ana.get(next, { 'X-Sallyport-Background': '1' });
      expect(page.status, page.text).toBe(200);
      seen.push(...(page.body as unknown as LogEvent[]).map((event) => event.uuid));
      next = nextOf(page) ?? '';
      expect(next).not.toBe('');
      if (page.body.length > 0) continue;
      if (!wasWriting) break;
      await new Promise<void>((resolve) => {
        onWrite = resolve;
        if (!isWriting) resolve();
      });
    }
    await writers;
    expect(seen).toHaveLength(WRITERS * EVENTS_PER_WRITER);
    expect([...seen].sort()).toEqual([...written].sort());
    // The link stays usable and later returns only what is new.
    const late = await write('poll-late');
    expect(((await ana.get(next)).body as unknown as LogEvent[]).map((event) => event.uuid)).toEqual([late]);
  });

  it('answers a bounded query in the order of publication, both ways, and ends', async () => {
    const since = new Date(server.clock.now()).toISOString();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      server.clock.advance(1);
      await write(`bounded-${name}`);
    }
    server.clock.advance(1);
    const until = new Date(server.clock.now()).toISOString();
    const read = async (sortOrder: string): Promise<string[]> => {
      const found: string[] = [];
      let next: string | null = `/api/v1/logs?limit=2&since=${since}&until=${until}&sortOrder=${sortOrder}&q=bounded`;
      while (next !== null) {
        const page: Reply = await ana.get(next);
        expect(page.status, page.text).toBe(200);
        found.push(...(page.body as unknown as LogEvent[]).map((event) => event.displayMessage));
        next = nextOf(page);
      }
      return found;
    };
    const ascending = ['a', 'b', 'c', 'd', 'e'].map((name) => `bounded-${name}`);
    expect(await read('ASCENDING')).toEqual(ascending);
    expect(await read('DESCENDING')).toEqual(ascending.toReversed());
  });

  it.each([
    ['filter=published gt "2020"', 'E0000053'],
    ['filter=nonsense eq "x"', 'E0000053'],
    ['filter=eventType xx "x"', 'E0000053'],
    ['filter=debugContext.debugData.url co "x"', 'E0000031'],
    ['since=yesterday', 'E0000001'],
    ['until=2026-13-45T00:00:00Z', 'E0000001'],
    [`q=${'x'.repeat(41)}`, 'E0000001'],
    ['limit=1001', 'E0000001'],
    ['limit=-1', 'E0000001'],
    ['sortOrder=SIDEWAYS', 'E0000001'],
    ['after=nonsense', 'E0000029'],
    [`after=${Buffer.from('{"kind":"poll","since":"x","seqs":{}}').toString('base64url')}`, 'E0000029'],
  ])('refuses %s with %s', async (query, code) => {
    const [key, ...value] = query.split('=');
    const reply = await logs(`${key}=${encodeURIComponent(value.join('='))}`);
    expect([reply.status, reply.body['errorCode']]).toEqual([400, code]);
  });

  it('names the request, the client, its network and country in every event', async () => {
    const reply = await ana.call('POST', '/api/v1/groups', { profile: { name: `fields-${engine}` } });
    const event = (
      (await logs(`filter=${encodeURIComponent(`transaction.id eq "${String(reply.headers['x-okta-request-id'])}"`)}`))
        .body as unknown as LogEvent[]
    )[0];
    expect(event).toMatchObject({
      eventType: 'group.lifecycle.create',
      severity: 'INFO',
      version: '0',
      actor: { type: 'User', alternateId: 'ana@example.org' },
      client: { ipAddress: '198.51.100.10', device: 'Computer', userAgent: { browser: 'CHROME' } },
      securityContext: { asNumber: 64496, asOrg: 'Example ISP' },
      transaction: { type: 'WEB' },
      outcome: { result: 'SUCCESS' },
      request: {
        ipChain: [
          { ip: '198.51.100.10', version: 'V4' },
          { ip: '127.0.0.1', version: 'V4' },
        ],
      },
    });
    expect(event?.authenticationContext.externalSessionId).toMatch(/^102/);
  });

  it('is refused without the permission, and there is no way to clear it', async () => {
    const stranger = await send(server.url, 'GET', '/api/v1/logs', { 'X-Forwarded-For': '198.51.100.10' });
    expect(stranger.status).toBe(401);
    for (const method of ['DELETE', 'POST', 'PUT', 'PATCH'])
      expect((await ana.call(method, '/api/v1/logs')).status).toBe(405);
  });

  it('holds a chain; checkpoints leave the host and cover it', async () => {
    await write('checkpointed');
    expect(await writeCheckpoint(server.services)).not.toBeNull();
    await deliverOutbox(server.services);
    const report = await verifyLog(server.services, { checkpoints: readFileSync(outsideFile, 'utf8') });
    expect(report).toMatchObject({ ok: true, nodes: [{ node: 'n1', firstBad: null, uncoveredFrom: null }] });
    await write('after the checkpoint');
    const later = await verifyLog(server.services, { checkpoints: readFileSync(outsideFile, 'utf8') });
    expect(later.nodes[0]).toMatchObject({
      firstBad: null,
      uncoveredFrom: later.nodes[0]?.events,
      uncoveredTo: later.nodes[0]?.events,
    });
  });

  /** Each way in which an insider with the database might lie, undone after its test. */
  const TAMPERING: Readonly<Record<string, { change: string; undo?: string; says: RegExp }>> = {
    'an edited outcome': {
      change: `update events set body = replace(body, '"severity":"INFO"', '"severity":"WARN"') where seq = 2`,
      undo: `update events set body = replace(body, '"severity":"WARN"', '"severity":"INFO"') where seq = 2`,
      says: /content was changed/,
    },
    'an edited name': {
      change: `update events set body = replace(body, 'ana@example.org', 'bob@example.org') where seq = 2`,
      undo: `update events set body = replace(body, 'bob@example.org', 'ana@example.org') where seq = 2`,
      says: /personal field .* was changed|content was changed/,
    },
    'a column that hides an event from filters': {
      change: `update events set event_type = 'user.session.start' where seq = 2`,
      undo: `update events set event_type = 'user.account.privilege.grant' where seq = 2`,
      says: /column eventType/,
    },
    'a missing event': {
      change: 'update events set seq = -2 where seq = 2',
      undo: 'update events set seq = 2 where seq = -2',
      says: /event 2 is missing/,
    },
  };
  it.each(Object.keys(TAMPERING))('verification finds %s', async (name) => {
    const { change, undo, says } = TAMPERING[name] as { change: string; undo: string; says: RegExp };
    const run = (statement: string) => server.services.store.transaction((tx) => sql.raw(statement).execute(tx));
    expect((await verifyLog(server.services)).ok).toBe(true);
    await run(change);
    const report = await verifyLog(server.services);
    expect(report.ok).toBe(false);
    expect(report.nodes[0]?.firstBad).toMatchObject({ seq: 2, what: expect.stringMatching(says) });
    await run(undo);
    expect((await verifyLog(server.services)).ok).toBe(true);
  });

  it('a checkpoint with a forged signature is found', async () => {
    const line = JSON.parse(readFileSync(outsideFile, 'utf8').trim().split('\n').at(-1) ?? '') as Record<
      string,
      unknown
    >;
    const forged = JSON.stringify({ ...line, hash: 'x' });
    const report = await verifyLog(server.services, { checkpoints: `${forged}\n` });
    expect(report.nodes[0]?.firstBad?.what).toMatch(/wrong signature/);
  });

  it('an insider who cuts off the end, head and checkpoints included, is found by the checkpoint outside', async () => {
    await write('to be cut');
    await writeCheckpoint(server.services);
    await deliverOutbox(server.services);
    const outside = readFileSync(outsideFile, 'utf8');
    const last = await server.services.store.read
      .selectFrom('events')
      .select(['seq'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const before = await server.services.store.read
      .selectFrom('events')
      .select(['hash', 'publishedAt'])
      .where('seq', '=', last.seq - 1)
      .executeTakeFirstOrThrow();
    await server.services.store.transaction(async (tx) => {
      await tx.deleteFrom('events').where('seq', '=', last.seq).execute();
      await tx.deleteFrom('checkpoints').where('seq', '>=', last.seq).execute();
      await tx
        .updateTable('chainHeads')
        .set({ seq: last.seq - 1, hash: before.hash, publishedAt: before.publishedAt })
        .execute();
    });
    expect((await verifyLog(server.services)).ok).toBe(true);
    expect((await verifyLog(server.services, { checkpoints: outside })).nodes[0]?.firstBad).toMatchObject({
      seq: last.seq,
      what: expect.stringMatching(/written anew or cut off/),
    });
  });

  it('a sink that fails keeps its order, is tried again later, and ends as a dead letter', async () => {
    const { services, clock } = server;
    const taken: unknown[] = [];
    let isBroken = true;
    const sink = {
      name: 'test-sink',
      deliver: async (payload: unknown) => (isBroken ? Promise.reject(new Error('down')) : void taken.push(payload)),
    };
    await services.store.transaction((tx) => enqueue(services, tx, sink.name, { n: 1 }));
    clock.advance(1);
    await services.store.transaction((tx) => enqueue(services, tx, sink.name, { n: 2 }));
    expect(await deliverOutbox(services, [sink])).toEqual({ delivered: 0, failed: 1 });
    isBroken = false;
    expect(await deliverOutbox(services, [sink])).toEqual({ delivered: 0, failed: 0 });
    clock.advance(3);
    // Of two that deliver at once each entry is sent by one.
    expect(await Promise.all([deliverOutbox(services, [sink]), deliverOutbox(services, [sink])])).toEqual([
      { delivered: 2, failed: 0 },
      { delivered: 0, failed: 0 },
    ]);
    expect(taken).toEqual([{ n: 1 }, { n: 2 }]);
    isBroken = true;
    await services.store.transaction((tx) => enqueue(services, tx, sink.name, { n: 3 }));
    for (let i = 0; i < 20; i += 1) {
      await deliverOutbox(services, [sink]);
      clock.advance(3600);
    }
    const dead = await services.store.read.selectFrom('outbox').selectAll().where('deadAt', 'is not', null).execute();
    expect(dead).toMatchObject([{ sink: 'test-sink', attempts: 20, lastError: 'Error: down' }]);

    // What was given up while it was tried stays given up; where nothing is sent any more nothing counts as tried.
    const giveUp = (tx: Transaction) =>
      tx.updateTable('outbox').set({ deadAt: 1, lastError: 'deleted' }).where('sink', '=', 'other').execute();
    const failure = { deleted: new Error('down'), stopped: new Stopped() };
    for (const [lastError, error] of Object.entries(failure)) {
      await services.store.transaction((tx) => enqueue(services, tx, 'other', { lastError }));
      const deliver = async (): Promise<void> => {
        if (lastError === 'deleted') await services.store.transaction(giveUp);
        throw error;
      };
      await deliverOutbox(services, [{ name: 'other', deliver }]);
    }
    const others = services.store.read.selectFrom('outbox').selectAll().where('sink', '=', 'other');
    expect(await others.orderBy('payload').execute()).toMatchObject([
      { deadAt: 1, lastError: 'deleted' },
      { deadAt: null, attempts: 0, lastError: null },
    ]);

    // Where each is by itself none waits for one that failed before, neither in the queue nor in a run that has begun.
    const tried: number[] = [];
    const alarm = (n: number) => services.store.transaction((tx) => enqueue(services, tx, 'alarms', { n }));
    const alarms = {
      name: 'alarms',
      isEachByItself: true,
      deliver: async (payload: unknown) => {
        const { n } = payload as { n: number };
        tried.push(n);
        if (n < 3) throw new Error('refused');
        if (n === 3) await alarm(4);
      },
    };
    const run = async () => [await deliverOutbox(services, [alarms]), tried.splice(0)];
    for (const n of [1, 2]) {
      await alarm(n);
      clock.advance(1);
    }
    expect(await run()).toEqual([{ delivered: 0, failed: 2 }, [1, 2]]);
    expect(await run()).toEqual([{ delivered: 0, failed: 0 }, []]);
    clock.advance(3);
    await alarm(3);
    expect(await run()).toEqual([{ delivered: 2, failed: 1 }, [3, 4, 1]]);
    // One that fails anew ends a run, and the others come before it the next time.
    expect(await run()).toEqual([{ delivered: 0, failed: 1 }, [2]]);
    expect(await run()).toEqual([{ delivered: 0, failed: 0 }, []]);

    // Whoever stops the server waits for one entry of a sink that takes long, and not for all.
    await services.store.transaction(async (tx) => {
      for (const n of [5, 6]) await enqueue(services, tx, 'slow', { n });
    });
    const slow = { name: 'slow', deliver: async () => services.sinkTurns.stop() };
    expect(await deliverOutbox(services, [slow])).toEqual({ delivered: 1, failed: 0 });
    expect(await deliverOutbox(services, [slow])).toEqual({ delivered: 0, failed: 0 });
  });
});
