/** A backup beside a running server, and a restore that brings no session back to life. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Person } from '../harness/person.ts';
import { runHost, spawnServer } from '../harness/server-process.ts';
import { freePort } from '../harness/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-restore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a restore ends every session, keeps the people and their keys, and stands in the log', async () => {
  const env = {
    SALLYPORT_PORT: String(await freePort()),
    SALLYPORT_DATA_DIR: join(folder, 'data'),
    SALLYPORT_LOG_LEVEL: 'error',
  };
  const backup = join(folder, 'backup');
  let server = await spawnServer(env);
  try {
    await expect.poll(() => server.output()).toMatch(/#code=\w+/);
    const code = /#code=(\w+)/.exec(server.output())?.[1] ?? '';
    const ana = new Person(server.url, 'ana@example.org');
    await ana.claim(code);
    expect((await ana.signIn()).status).toBe(200);
    expect((await runHost(env, 'server.backup', { folder: backup })).ok).toBe(true);
    expect(statSync(join(backup, 'root.key')).mode & 0o077).toBe(0);
    expect((await runHost(env, 'server.backup', { folder: backup })).error?.message).toContain('is not empty');
    const after = await ana.call('POST', '/api/v1/groups', { profile: { name: 'made after the backup' } });
    expect(after.status, after.text).toBe(200);
    await server.kill('SIGTERM');
    const restored = await runHost(env, 'server.restore', { folder: backup });
    expect(restored, JSON.stringify(restored)).toMatchObject({ ok: true, result: { endedSessions: 2 } });
    server = await spawnServer(env);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
    ana.cookie = null;
    expect((await ana.signIn()).status).toBe(200);
    expect((await ana.get('/api/v1/groups?q=made')).body).toEqual([]);
    expect(
      (await ana.get(`/api/v1/logs?filter=${encodeURIComponent('eventType eq "sallyport.server.restore"')}`)).body,
    ).toHaveLength(1);
    expect((await runHost(env, 'log.verify', {})).result).toMatchObject({ ok: true });
  } finally {
    await server.kill('SIGTERM');
  }
});
