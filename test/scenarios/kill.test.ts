/** Promise 4: nothing acknowledged is lost, also with `kill -9` at random moments under write load. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { send } from '../harness/person.ts';
import { runHost, spawnServer } from '../harness/server-process.ts';
import { createDatabase, ENGINES, freePort } from '../harness/test-server.ts';

const KILLS = process.env['PROOF'] === 'full' ? 50 : 10;
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
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 300));
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
    expect(Math.max(...restarts)).toBeLessThan(RESTART_SECONDS_MAX);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
