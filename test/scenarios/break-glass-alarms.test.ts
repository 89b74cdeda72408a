/** Alarms on two channels at once: nobody waits for them, none is lost, and each is signed. Both engines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { remindKeepers } from '../../packages/server/src/break-glass/remind-keepers.ts';
import { enqueueWebhooks, noticeQueue } from '../../packages/server/src/webhooks/enqueue-webhooks.ts';
import { webhookHeaders } from '../../packages/server/src/webhooks/webhook-message.ts';
import { breakGlass, holderOf, makeGlass } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { spawnServer } from '../harness/server-process.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { createDatabase, FIRST_ENGINE, freePort, startTestServer, type TestServer } from '../harness/test-server.ts';
import { type ReceivedHook, startWebhookReceiver } from '../harness/webhook-receiver.ts';

const HOOKS = '/sallyport/v1/webhooks';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const makeHook = async (ana: Person, url: string, name = 'siem', types?: readonly string[]) => {
  const made = await ana.call('POST', HOOKS, { name, url, ...(types === undefined ? {} : { types }) });
  expect(made.status, made.text).toBe(201);
  return { id: String(made.body['id']), secret: String(made.body['secret']) };
};
const isSignedBy = ({ headers, body }: ReceivedHook, secret: string): boolean => {
  const id = String(headers['webhook-id']);
  const expected = webhookHeaders([secret], { id, body }, Number(headers['webhook-timestamp']) * 1000);
  return String(headers['webhook-signature'])
    .split(' ')
    .includes(expected['webhook-signature'] ?? '');
};
/** A server that takes connections and says nothing. */
const listenSilently = async (port: number) => {
  const sockets = new Set<Socket>();
  let callers = 0;
  const server = createServer((socket) => {
    callers++;
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    for (const socket of sockets) socket.destroy();
    await new Promise<unknown>((resolve) => server.close(resolve));
  };
  stops.push(stop);
  return { callers: () => callers, stop };
};
const stepsOf = (hooks: readonly ReceivedHook[]): string[] =>
  hooks.map(({ body }) => (JSON.parse(body) as { data: { step: string } }).data.step);

describe.each(FIRST_ENGINE)('alarms of a break-glass account on %s', (engine) => {
  const begin = async (env: Record<string, string> = {}): Promise<{ server: TestServer; ana: Person }> => {
    const server = await startTestServer({ engine, env: { SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32', ...env } });
    stops.push(() => server.stop());
    return { server, ana: await signedInAdmin(server) };
  };

  it('wait where mail and webhook are down, which nobody notices who signs in; a kill loses none, and each arrives', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-glass-'));
    stops.push(async () => rmSync(dataDir, { recursive: true, force: true }));
    const [smtpPort, hookPort] = [await freePort(), await freePort()];
    const env = {
      SALLYPORT_PORT: String(await freePort()),
      SALLYPORT_DATA_DIR: dataDir,
      SALLYPORT_LOG_LEVEL: 'error',
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.org',
      SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32',
      ...(engine === 'postgres' ? { SALLYPORT_DATABASE_URL: await createDatabase() } : {}),
    };
    let server = await spawnServer(env);
    stops.push(() => server.kill('SIGKILL'));
    const claimCode = async (): Promise<string> => {
      await expect.poll(() => server.output(), { timeout: 10_000 }).toMatch(/#code=[\w-]+/);
      return /#code=([\w-]+)/.exec(server.output())?.[1] ?? '';
    };
    const ana = await signedInAdmin({ url: server.url, claimCode }, '127.0.0.1');
    const glass = await makeGlass(ana);
    const { secret } = await makeHook(ana, `http://127.0.0.1:${hookPort}/hook`);
    // Both take the connection and never say a word: whoever waited for either would wait for ever.
    const silent = [await listenSilently(smtpPort), await listenSilently(hookPort)];
    const reply = await breakGlass(holderOf(server.url, glass, '127.0.0.1'), glass.secret);
    expect(reply.status, reply.text).toBe(200);
    // The kill comes in the middle of telling.
    await expect.poll(() => silent.every(({ callers }) => callers() > 0), { timeout: 60_000 }).toBe(true);
    await server.kill('SIGKILL');
    for (const one of silent) await one.stop();

    const smtp = await startSmtpServer({ port: smtpPort });
    const receiver = await startWebhookReceiver({ port: hookPort });
    stops.push(
      () => smtp.stop(),
      () => receiver.stop(),
    );
    server = await spawnServer(env);
    await expect.poll(() => stepsOf(receiver.hooks), { timeout: 60_000 }).toEqual(['secret-used', 'opened']);
    const alarms = () => smtp.mails.filter(({ subject }) => subject.startsWith('ALARM: break-glass account'));
    await expect.poll(() => alarms().length, { timeout: 60_000 }).toBe(2);
    expect(alarms().every(({ to }) => to.includes('ana@example.org'))).toBe(true);
    expect(receiver.hooks.every((hook) => isSignedBy(hook, secret))).toBe(true);
    // Exactly what the log has, no more and no less.
    expect((await ana.signIn()).status).toBe(200);
    const filter = encodeURIComponent('eventType eq "sallyport.break_glass.use"');
    const logged = (await ana.get(`/api/v1/logs?filter=${filter}`)).body as unknown as { uuid: string }[];
    const told = receiver.hooks.map(({ body }) => (JSON.parse(body) as { data: { eventId: string } }).data.eventId);
    expect(told.toSorted()).toEqual(logged.map(({ uuid }) => uuid).toSorted());
    expect(receiver.hooks.some(({ body }) => body.includes(glass.secret))).toBe(false);
    expect(smtp.mails.some(({ text }) => text.includes(glass.secret))).toBe(false);
  });

  it('one channel that hangs or refuses holds up no other, and a refused sign-in is told like an open one', async () => {
    const smtp = await startSmtpServer();
    const receiver = await startWebhookReceiver();
    const broken = await startWebhookReceiver({ answer: () => 503 });
    stops.push(
      () => smtp.stop(),
      () => receiver.stop(),
      () => broken.stop(),
    );
    const { server, ana } = await begin({
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.org',
    });
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    await enrolPerson(server, ana, 'helper@example.org', 'HELP_DESK_ADMIN');
    const glass = await makeGlass(ana);
    await makeHook(ana, broken.url, 'broken');
    await makeHook(ana, receiver.url);
    // One that takes alarms alone, and yet chose more: what it refuses stands in the way of no alarm.
    const picky = await startWebhookReceiver({ answer: (body) => (body.includes('break_glass.use') ? 204 : 400) });
    stops.push(() => picky.stop());
    const { id: pickyId } = await makeHook(ana, picky.url, 'picky', ['grant.given', 'break_glass.use']);
    await makeHook(ana, picky.url, 'no alarms', ['grant.given']);
    const readiness = await ana.get(`/sallyport/v1/break-glass/${glass.id}`);
    expect(readiness.body['alarms']).toMatchObject({ webhooks: 3 });
    for (const types of [[], ['grant.taken'], 'grant.given', null])
      expect((await ana.call('POST', HOOKS, { name: 'other', url: picky.url, types })).status).toBe(400);
    await server.services.store.transaction((tx) => enqueueWebhooks(server.services, tx, 'grant.given', {}));
    await expect
      .poll(async () => (await ana.get(`${HOOKS}/${pickyId}`)).body['queue'])
      .toMatchObject({
        waiting: 1,
        lastError: expect.stringContaining('400'),
      });
    expect((await breakGlass(holderOf(server.url, glass, '192.0.2.1'), glass.secret)).status).toBe(403);
    await expect.poll(() => stepsOf(receiver.hooks)).toEqual(['refused']);
    await expect.poll(() => stepsOf(picky.hooks)).toEqual(['refused']);
    expect(JSON.parse(receiver.hooks[0]?.body ?? '')).toMatchObject({
      type: 'break_glass.use',
      data: { login: glass.login, address: '192.0.2.1', isDrill: false },
    });
    const told = () => smtp.mails.filter(({ subject }) => subject.startsWith('ALARM'));
    await expect
      .poll(() =>
        told()
          .flatMap(({ to }) => to)
          .toSorted(),
      )
      .toEqual(['ana@example.org', bo.login]);
    // The same again within the minute is in the log and in the count, and fills no mailbox.
    expect((await breakGlass(holderOf(server.url, glass, '192.0.2.1'), glass.secret)).status).toBe(403);
    server.clock.advance(61);
    expect((await breakGlass(holderOf(server.url, glass, '192.0.2.1'), glass.secret)).status).toBe(403);
    await expect.poll(() => receiver.hooks.length).toBe(2);
    expect(new Set(receiver.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    const drilled = await ana.call('POST', `/sallyport/v1/break-glass/${glass.id}/drill`);
    expect(drilled.status, drilled.text).toBe(200);
    expect((await breakGlass(holderOf(server.url, glass, '198.51.100.10'), glass.secret)).status).toBe(200);
    // The clock of the test stands still: what was written at one instant has no order.
    await expect
      .poll(() => stepsOf(receiver.hooks).slice(2).toSorted())
      .toEqual(['drill-announced', 'opened', 'secret-used']);
    await expect.poll(() => smtp.mails.filter(({ subject }) => subject.startsWith('Drill')).length).toBe(6);
    const listed = (await ana.get(HOOKS)).body as unknown as {
      name: string;
      queue: { waiting: number; lastError: string };
    }[];
    expect(listed.find(({ name }) => name === 'broken')?.queue).toMatchObject({
      waiting: 5,
      lastError: expect.stringContaining('503'),
    });

    // One that takes long over a notice is told of an alarm of meanwhile; what else waits is not sent once it is paused.
    const slow = await startWebhookReceiver();
    stops.push(() => slow.stop());
    const { id: slowId } = await makeHook(ana, slow.url, 'slow', ['grant.given', 'break_glass.use']);
    const { callOut, sinkTurns, store } = server.services;
    const { ask } = callOut;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked: string[] = [];
    vi.spyOn(callOut, 'ask').mockImplementation(async (uri, post) => {
      asked.push(uri);
      if (post?.body.includes('grant.given') === true) await held;
      return ask(uri, post);
    });
    await store.transaction(async (tx) => {
      for (const grantId of ['a', 'b']) await enqueueWebhooks(server.services, tx, 'grant.given', { grantId });
    });
    await expect.poll(() => asked).toContain(slow.url);
    await store.transaction((tx) => enqueueWebhooks(server.services, tx, 'break_glass.use', { step: 'meanwhile' }));
    await expect.poll(() => stepsOf(slow.hooks)).toEqual(['meanwhile']);
    expect((await ana.call('PUT', `${HOOKS}/${slowId}`, { status: 'INACTIVE' })).status).toBe(200);
    release();
    await sinkTurns.take(noticeQueue(slowId), async () => undefined);
    expect(slow.hooks).toHaveLength(2);
    expect((await ana.get(`${HOOKS}/${slowId}`)).body).toMatchObject({ queue: { waiting: 1, lastError: null } });
  });

  it('of tries without the secret hide none with it, nor does a session hide another', async () => {
    const receiver = await startWebhookReceiver();
    stops.push(() => receiver.stop());
    const { server, ana } = await begin();
    const glass = await makeGlass(ana);
    await makeHook(ana, receiver.url);
    const told = () => stepsOf(receiver.hooks).toSorted();
    const outside = (): Person => holderOf(server.url, glass, '192.0.2.1');
    for (let n = 0; n < 3; n++) expect((await outside().signIn()).status).toBe(403);
    await expect.poll(told).toEqual(['refused']);
    expect((await breakGlass(outside(), glass.secret)).status).toBe(403);
    await expect.poll(told).toEqual(['refused', 'refused']);
    const holders = [0, 1].map((key) => holderOf(server.url, glass, '198.51.100.10', glass.keys[key]));
    const begun = [];
    for (const holder of holders)
      begun.push(await holder.call('POST', '/api/v1/authn', { username: glass.login, password: glass.secret }));
    for (const [i, holder] of holders.entries()) {
      const proved = await holder.prove(begun[i] as Reply);
      const opened = await holder.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] });
      expect(opened.status, opened.text).toBe(200);
    }
    await expect.poll(told).toEqual(['opened', 'opened', 'refused', 'refused', 'secret-used']);
  });

  it('remind once a week of a seal that is broken, from the day after', async () => {
    const smtp = await startSmtpServer();
    stops.push(() => smtp.stop());
    const { server, ana } = await begin({
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.org',
    });
    const glass = await makeGlass(ana);
    const reminders = async (): Promise<number> => {
      await remindKeepers(server.services);
      const rows = await server.services.store.read.selectFrom('outbox').select('payload').execute();
      return rows.filter(({ payload }) => payload.includes('needs somebody')).length;
    };
    const holder = holderOf(server.url, glass, '198.51.100.10');
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    await holder.call('DELETE', '/api/v1/sessions/me');
    expect(await reminders()).toBe(0);
    server.clock.advance(86_400);
    expect([await reminders(), await reminders()]).toEqual([1, 1]);
    server.clock.advance(7 * 86_400);
    expect(await reminders()).toBe(2);
  });

  it('are sent nowhere inside of the network, along no redirect, and to nobody but super admins’ webhooks', async () => {
    const { server, ana } = await begin();
    const cause = (reply: Reply): string => JSON.stringify(reply.body['errorCauses'] ?? '');
    for (const [url, sentence] of [
      ['http://example.org/hook', /https/],
      ['https://10.0.0.1/hook', /not public/],
      ['https://169.254.169.254/latest', /not public/],
      ['https://user:pass@example.org/', /user or a password/],
      ['file:///etc/passwd', /https/],
      ['hook', /no?t? a URL/],
    ] as const)
      expect(cause(await ana.call('POST', HOOKS, { name: 'x', url }))).toMatch(sentence);
    expect((await ana.get(HOOKS)).body).toEqual([]);
    const helper = await enrolPerson(server, ana, 'org@example.org', 'ORG_ADMIN');
    expect((await helper.get(HOOKS)).status).toBe(403);
    expect((await helper.get('/sallyport/v1/break-glass')).status).toBe(403);

    const redirecting = await startWebhookReceiver({ answer: () => 302 });
    stops.push(() => redirecting.stop());
    const hook = await makeHook(ana, redirecting.url, 'redirecting');
    expect((await ana.call('POST', `${HOOKS}/${hook.id}/test`)).body).toEqual({
      hasArrived: false,
      error: 'Error: the receiver answered 302',
      willRetry: true,
    });
    expect((await ana.get(`${HOOKS}/${hook.id}`)).text).not.toContain(hook.secret);
  });

  it('that are tested say whether they are tried again: not where the receiver is gone, nor while they are paused', async () => {
    let status = 410;
    const asked: string[] = [];
    const receiver = await startWebhookReceiver({
      answer: (body) => {
        asked.push(body);
        return status;
      },
    });
    stops.push(() => receiver.stop());
    const { server, ana } = await begin();
    const { id } = await makeHook(ana, receiver.url);
    const test = async (): Promise<unknown> => (await ana.call('POST', `${HOOKS}/${id}/test`)).body;
    const gone = 'Undeliverable: the receiver answers that it is gone (410)';
    expect(await test()).toEqual({ hasArrived: false, error: gone, willRetry: false });
    // What was given up says why.
    expect((await ana.get(`${HOOKS}/${id}`)).body).toMatchObject({ queue: { waiting: 0, dead: 1, lastError: gone } });
    status = 500;
    expect(await test()).toMatchObject({ hasArrived: false, willRetry: true });
    expect((await ana.call('PUT', `${HOOKS}/${id}`, { status: 'INACTIVE' })).status).toBe(200);
    expect(await test()).toMatchObject({ hasArrived: false, willRetry: false });
    expect((await ana.call('PUT', `${HOOKS}/${id}`, { status: 'ACTIVE' })).status).toBe(200);

    // Of what another version wrote it is told what this one knows.
    const { store } = server.services;
    const types = JSON.stringify(['grant.taken', 'break_glass.use']);
    await store.transaction((tx) => tx.updateTable('webhooks').set({ types }).where('id', '=', id).execute());
    expect((await ana.get(`${HOOKS}/${id}`)).body).toMatchObject({ types: ['break_glass.use'] });
    const alarm = (step: string): Promise<void> =>
      store.transaction((tx) => enqueueWebhooks(server.services, tx, 'break_glass.use', { step }));
    await alarm('refused at first');
    await expect.poll(() => asked.filter((body) => body.includes('refused at first'))).toHaveLength(1);
    // While that one waits to be tried again, neither another alarm nor a test waits for it.
    status = 204;
    await alarm('next');
    await expect.poll(() => stepsOf(receiver.hooks)).toEqual(['next']);
    expect(await test()).toMatchObject({ hasArrived: true });
    // Nor does the test of one that is paused take it along.
    expect((await ana.call('PUT', `${HOOKS}/${id}`, { status: 'INACTIVE' })).status).toBe(200);
    server.clock.advance(3);
    expect(await test()).toMatchObject({ hasArrived: true });
    expect(stepsOf(receiver.hooks)).not.toContain('refused at first');
    expect((await ana.call('PUT', `${HOOKS}/${id}`, { status: 'ACTIVE' })).status).toBe(200);
    await expect.poll(() => stepsOf(receiver.hooks)).toContain('refused at first');
    expect(new Set(receiver.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(receiver.hooks.length);
  });

  it('are signed with both secrets while they overlap, and with the new one alone after', async () => {
    const receiver = await startWebhookReceiver();
    stops.push(() => receiver.stop());
    const { server, ana } = await begin();
    const { id, secret } = await makeHook(ana, receiver.url);
    const test = async (): Promise<ReceivedHook> => {
      expect((await ana.call('POST', `${HOOKS}/${id}/test`)).body).toEqual({
        hasArrived: true,
        error: null,
        willRetry: false,
      });
      return receiver.hooks.at(-1) as ReceivedHook;
    };
    expect(isSignedBy(await test(), secret)).toBe(true);
    const rotated = await ana.call('POST', `${HOOKS}/${id}/rotate`, { overlapHours: 1 });
    const next = String(rotated.body['secret']);
    const both = await test();
    expect([isSignedBy(both, secret), isSignedBy(both, next)]).toEqual([true, true]);
    server.clock.advance(3600);
    expect((await ana.signIn()).status).toBe(200);
    const after = await test();
    expect([isSignedBy(after, secret), isSignedBy(after, next)]).toEqual([false, true]);
    expect(
      (await ana.call('PUT', `${HOOKS}/${id}`, { name: 'siem', url: receiver.url, status: 'INACTIVE' })).status,
    ).toBe(200);
    expect((await ana.call('DELETE', `${HOOKS}/${id}`)).status).toBe(204);
    expect((await ana.get(`${HOOKS}/${id}`)).status).toBe(404);
  });
});
