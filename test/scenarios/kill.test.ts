/** Promise 4: nothing acknowledged is lost, also with `kill -9` at random moments under write load. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { send, signedInAdmin } from '../harness/person.ts';
import { runHost, spawnServer } from '../harness/server-process.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { createDatabase, ENGINES, freePort } from '../harness/test-server.ts';

const IS_FULL = process.env['PROOF'] === 'full';
const KILLS = IS_FULL ? 50 : 5;
const WRITERS = 8;
const RESTART_SECONDS_MAX = 5;

describe.each(ENGINES)('kill -9 on %s', (engine) => {
  it(`loses no acknowledged change or event in ${KILLS} kills, and starts again by itself`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-kill-'));
    const env = {
      SALLYPORT_PORT: String(await freePort()),
      SALLYPORT_DATA_DIR: dataDir,
      SALLYPORT_LOG_LEVEL: 'error',
      ...(engine === 'postgres' ? { SALLYPORT_DATABASE_URL: await createDatabase() } : {}),
    };
    const org = await runHost(env, 'setup.org', { admin: 'ana@example.org' });
    expect(org.ok, JSON.stringify(org)).toBe(true);
    const { result } = await runHost(env, 'setup.token', { owner: 'ana@example.org', zone: 'loopback', ttl: '1h' });
    const headers = { Authorization: `SSWS ${String(result['token'])}` };
    const acknowledged: { id: string; name: string }[] = [];
    const restarts: number[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const server = await spawnServer(env);
      restarts.push(server.readySeconds);
      const state = { isKilled: false };
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let i = 0; !state.isKilled; i += 1) {
          const name = `g-${round}-${writer}-${i}`;
          const reply = await send(server.url, 'POST', '/api/v1/groups', headers, { profile: { name } }).catch(
            () => null,
          );
          if (reply?.status === 200) acknowledged.push({ id: String(reply.body['id']), name });
          else if (reply !== null) throw new Error(`${reply.status} ${reply.text}`);
        }
      });
      // At a random moment, once each writer can have been answered: on a slow machine, too, something is there to be lost.
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { interval: 5 }).toBeGreaterThan(before + WRITERS);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      await server.kill('SIGKILL');
      state.isKilled = true;
      await Promise.all(writers);
    }
    const verified = await runHost(env, 'log.verify', {});
    expect(verified.result['ok'], JSON.stringify(verified)).toBe(true);
    const server = await spawnServer(env);
    restarts.push(server.readySeconds);
    const events = new Set<string>();
    let next: string | null =
      `/api/v1/logs?limit=1000&since=2000-01-01T00:00:00.000Z&filter=${encodeURIComponent('eventType eq "group.lifecycle.create"')}`;
    while (next !== null) {
      const page = await send(server.url, 'GET', next, headers);
      expect(page.status, page.text).toBe(200);
      for (const event of page.body as unknown as { target: { id: string }[] }[]) events.add(event.target[0]?.id ?? '');
      const link = [page.headers['link'] ?? []]
        .flat()
        .join(', ')
        .match(/<([^>]+)>; rel="next"/)?.[1];
      next = page.body.length === 0 || link === undefined ? null : link;
    }
    expect(acknowledged.length).toBeGreaterThan(KILLS * WRITERS);
    expect(acknowledged.filter(({ id }) => !events.has(id))).toEqual([]);
    for (const { id, name } of acknowledged.filter((_, i) => i % 25 === 0)) {
      const group = await send(server.url, 'GET', `/api/v1/groups/${id}`, headers);
      expect((group.body['profile'] as { name: string }).name).toBe(name);
    }
    await server.kill('SIGTERM');
    // Beside other tests on a small machine it would measure them.
    if (IS_FULL) expect(Math.max(...restarts)).toBeLessThan(RESTART_SECONDS_MAX);
    rmSync(dataDir, { recursive: true, force: true });
  });
});

describe.each(ENGINES)('kill -9 between a protected action and its mail on %s', (engine) => {
  it('sends the mail after the restart, once, and of an action that was not acknowledged none without its event', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-kill-mail-'));
    const smtpPort = await freePort();
    const env = {
      SALLYPORT_PORT: String(await freePort()),
      SALLYPORT_DATA_DIR: dataDir,
      SALLYPORT_LOG_LEVEL: 'error',
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.org',
      ...(engine === 'postgres' ? { SALLYPORT_DATABASE_URL: await createDatabase() } : {}),
    };
    let server = await spawnServer(env);
    const claimCode = async (): Promise<string> => {
      await expect.poll(() => server.output(), { timeout: 10_000 }).toMatch(/#code=[\w-]+/);
      return /#code=([\w-]+)/.exec(server.output())?.[1] ?? '';
    };
    const ana = await signedInAdmin({ url: server.url, claimCode }, '127.0.0.1');
    const create = (name: string) =>
      ana.call('POST', '/api/v1/users', {
        profile: { firstName: name, lastName: 'Park', email: `${name}@example.org`, login: `${name}@example.org` },
      });
    // The mail server is down: whatever is committed waits in the outbox when the kill comes.
    expect((await create('lee')).status).toBe(200);
    const late = create('kim').then(
      (reply) => reply.status,
      () => null,
    );
    await server.kill('SIGKILL');
    await late;
    const smtp = await startSmtpServer({ port: smtpPort });
    server = await spawnServer(env);
    await expect.poll(() => smtp.mails.length, { timeout: 60_000 }).toBeGreaterThan(0);
    await server.kill('SIGTERM');
    // Again from the beginning: what was sent and marked is not sent once more.
    server = await spawnServer(env);
    await ana.signIn();
    const { actions } = (await ana.get('/sallyport/v1/me/actions')).body as unknown as { actions: { id: string }[] };
    await server.kill('SIGTERM');
    await smtp.stop();
    const linked = smtp.mails.map(({ text }) => /\/me\/actions\/([\w-]+)/.exec(text)?.[1]);
    expect(smtp.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [['ana@example.org'], 'Done with your account: Create a person'],
    ]);
    expect(actions.map(({ id }) => id)).toContain(linked[0]);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
