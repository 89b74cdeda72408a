/** `npm run demo` as somebody runs it: what it prints is true, and a stolen cookie is worth nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { send } from '../harness/person.ts';
import { programEnv } from '../harness/program-env.ts';
import { runHost } from '../harness/server-process.ts';
import { freePort } from '../harness/test-server.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`../../demo/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script of the demo; resolves with what it said when it ends, or as soon as it says `until`. */
const run = (
  script: string,
  env: Readonly<Record<string, string>>,
  until?: string,
): Promise<{ text: string; code: number | null }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileOf(script)], {
      env: { ...programEnv(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      if (until !== undefined && text.includes(until)) resolve({ text, code: null });
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.once('error', reject);
    child.once('close', (code) => resolve({ text, code }));
  });

describe('the demo', () => {
  it('fills an organisation, and a stolen cookie of it ends with the first use', async () => {
    const env = { SALLYPORT_PORT: String(await freePort()), SALLYPORT_DATA_DIR: join(folder, 'demo') };
    const url = `http://localhost:${env.SALLYPORT_PORT}`;
    const started = await run('run.ts', env, 'Ctrl-C');
    expect(started.text).toContain(`${url}/setup#code=`);
    expect((await send(url, 'GET', '/setup', {})).status).toBe(200);
    expect(Number(/(\d+) events/.exec(started.text)?.[1])).toBeGreaterThan(200);

    const stolen = await run('steal-a-cookie.ts', env);
    expect(stolen.code, stolen.text).toBe(0);
    expect(stolen.text).toMatch(/1\. .* → 200\n2\. .* → 401 [\s\S]*\n3\. .* → 401: the session is over/);

    const read = await runHost(env, 'log.read', {
      filter: 'eventType eq "security.session.detect_client_roaming"',
      since: new Date(Date.now() - 8 * 86_400_000).toISOString(),
    });
    const { events } = read.result as { events: { actor: { alternateId: string } }[] };
    expect(events.map(({ actor }) => actor.alternateId)).toEqual([
      'dana.weiss@contoso.example',
      'lee.park@contoso.example',
    ]);
    const verified = await runHost(env, 'log.verify', {});
    expect(verified.result['ok']).toBe(true);
  });

  it('does not touch a data folder that is no demo', async () => {
    writeFileSync(join(folder, 'precious'), '1');
    const refused = await run('run.ts', { SALLYPORT_DATA_DIR: folder });
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('holds something that is no demo');
  });

  it('says what is missing when the attack finds no demo', async () => {
    const refused = await run('steal-a-cookie.ts', { SALLYPORT_DATA_DIR: join(folder, 'nowhere') });
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('npm run demo');
  });
});
