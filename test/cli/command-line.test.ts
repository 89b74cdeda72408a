/** What attacks and accidents do to the command line: its token, its listener, its terminal, its session. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowPage, type CliOrg, HOME_ADDRESS, PAGE, pageOf, startCliOrg, visit } from '../harness/cli-org.ts';
import { startCli } from '../harness/cli-process.ts';
import { send } from '../harness/person.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/src/run.ts', import.meta.url));

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
});
afterAll(() => org.stop());
beforeEach(async () => {
  org.proxy.address = HOME_ADDRESS;
  org.ana.cookie = null;
  await org.ana.signIn();
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});

const tokenOf = (file = org.configFile): string => {
  const { servers } = JSON.parse(readFileSync(file, 'utf8')) as { servers: Record<string, { token: string }> };
  return servers[org.proxy.origin]?.token ?? '';
};

describe('the session of the command line', () => {
  it('ends when it roams, and says how to go on; the browser’s lives on', async () => {
    org.proxy.address = '203.0.113.77';
    const roamed = await org.run(['whoami', '--json']);
    expect(roamed.exitCode).toBe(4);
    expect(JSON.parse(roamed.stdout)).toMatchObject({ error: { code: 'E0000011', hint: 'sallyport login' } });
    org.proxy.address = HOME_ADDRESS;
    expect((await org.run(['whoami'])).exitCode).toBe(4);
    expect((await org.ana.get('/api/v1/users/me')).status).toBe(200);
  });

  it('ends with the browser’s session', async () => {
    await org.ana.call('DELETE', '/api/v1/sessions/me');
    expect((await org.run(['whoami'])).exitCode).toBe(4);
    expect((await org.run(['logout'])).exitCode).toBe(0);
  });

  it('ends by logout, on the server too', async () => {
    const token = tokenOf();
    expect((await org.run(['logout'])).exitCode).toBe(0);
    expect(readFileSync(org.configFile, 'utf8')).not.toContain('sp_cli_');
    expect((await org.run(['whoami'], { SALLYPORT_TOKEN: token })).exitCode).toBe(4);
  });

  it('ends itself only when told that this is meant', async () => {
    const { stdout } = await org.run(['session', 'list', '--json']);
    const { sessions } = JSON.parse(stdout) as { sessions: { id: string; isCurrent: boolean }[] };
    const own = sessions.find(({ isCurrent }) => isCurrent)?.id ?? '';
    expect((await org.run(['session', 'revoke', own, '--yes'])).exitCode).toBe(5);
    expect((await org.run(['whoami'])).exitCode).toBe(0);
    expect((await org.run(['session', 'revoke', own, '--accept-risk', 'ends-own-session'])).exitCode).toBe(0);
    expect((await org.run(['whoami'])).exitCode).toBe(4);
  });

  it('is not kept alive by watching', async () => {
    const before = JSON.parse((await org.run(['status', '--json'])).stdout) as { idleEndsAt: string };
    await org.run(['log', 'tail', '--once']);
    const after = JSON.parse((await org.run(['status', '--json'])).stdout) as { idleEndsAt: string };
    expect(after.idleEndsAt).toBe(before.idleEndsAt);
  });
});

describe('the token', () => {
  it('goes to the server that gave it, and to no other', async () => {
    const seen: unknown[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      expect((await org.run(['whoami', '--url', url])).exitCode).toBe(4);
      expect((await org.run(['api', 'GET', '/x'], { SALLYPORT_URL: url })).exitCode).toBe(4);
      expect(seen).toEqual([]);
    } finally {
      other.close();
    }
  });

  it('is not sent after a redirect', async () => {
    const seen: unknown[] = [];
    const thief = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/`;
    const front = createServer((_, response) => response.writeHead(307, { Location: target }).end());
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    try {
      expect((await org.run(['whoami'], { SALLYPORT_URL: url, SALLYPORT_TOKEN: tokenOf() })).exitCode).not.toBe(0);
      expect(seen).toEqual([]);
    } finally {
      front.close();
      thief.close();
    }
  });

  it('in the environment wins, also one of an API', async () => {
    const made = await org.ana.call('POST', '/api/v1/api-tokens', {
      name: 'cli',
      purpose: 'for a pipeline',
      network: { connection: 'ANYWHERE' },
    });
    const env = { SALLYPORT_TOKEN: String(made.body['token']) };
    expect(JSON.parse((await org.run(['whoami', '--json'], env)).stdout)).toMatchObject({
      credential: 'api-token',
      credentialFrom: 'environment',
      session: null,
    });
    expect((await org.run(['log', 'query', '--limit', '1', '--json'], env)).exitCode).toBe(0);
    const { stdout } = await org.run(['config', 'list', '--origin', '--json'], env);
    expect(stdout).not.toContain(env.SALLYPORT_TOKEN);
  });
});

describe('the listener of a login', () => {
  it('turns away a foreign state, a foreign host and another path, and goes on waiting', async () => {
    const cli = startCli(['login', '--no-browser'], org.env);
    const page = pageOf(await cli.said(PAGE));
    const callback = new URL(page.searchParams.get('redirect_uri') ?? '');
    const state = page.searchParams.get('state') ?? '';
    const knock = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      send(callback.origin, method, path, headers).then(({ status }) => status);
    const foreign = `${'B'.repeat(8)}${'x'.repeat(22)}`;
    expect(await knock(`/callback?code=stolen&state=${foreign}`)).toBe(400);
    expect(await knock(`/callback?code=stolen`)).toBe(400);
    expect(await knock(`/callback?code=stolen&state=${state}&state=${foreign}`)).toBe(400);
    expect(await knock(`/callback?error=access_denied&state=${foreign}`)).toBe(400);
    expect(await knock(`/callback?state=${state}`)).toBe(400);
    expect(await knock(`/callback?code=stolen&state=${state}`, { Host: `evil.example:${callback.port}` })).toBe(421);
    expect(await knock(`/other?code=stolen&state=${state}`)).toBe(404);
    expect(await knock(`/callback?code=stolen&state=${state}`, {}, 'POST')).toBe(404);
    await visit(await allowPage(org.ana, page));
    expect((await cli.result).exitCode).toBe(0);
  });

  it('takes no code that was given to another', async () => {
    // The attacker's own login, allowed by the attacker: its code is put into the victim's listener (login CSRF).
    const attacker = startCli(['login', '--no-browser'], { ...org.env, XDG_CONFIG_HOME: join(org.folder, 'attacker') });
    const foreign = new URL(await allowPage(org.ana, pageOf(await attacker.said(PAGE))));
    const victim = startCli(['login', '--no-browser'], { ...org.env, XDG_CONFIG_HOME: join(org.folder, 'victim') });
    const page = pageOf(await victim.said(PAGE));
    const target = new URL(page.searchParams.get('redirect_uri') ?? '');
    target.searchParams.set('code', foreign.searchParams.get('code') ?? '');
    target.searchParams.set('state', page.searchParams.get('state') ?? '');
    await visit(target.href);
    expect((await victim.result).exitCode).toBe(4);
    attacker.child.kill('SIGINT');
    expect((await attacker.result).exitCode).toBe(130);
  });

  it('does not wait for a server that is not there', async () => {
    const { exitCode, stderr } = await org.run(['login', '--no-browser', '--url', 'http://127.0.0.1:1']);
    expect(exitCode).toBe(9);
    expect(stderr).not.toContain('/cli?');
  });
});

describe('what others wrote', () => {
  it('does not reach the terminal as control characters', async () => {
    const evil = 'curl/8 \u009b2J\u202eevil';
    await send(
      org.proxy.origin,
      'POST',
      '/api/v1/authn',
      { 'User-Agent': 'x' },
      { username: `\u001b[2J${evil}@x.example` },
    );
    const { stdout, exitCode } = await org.run(['log', 'query', '--limit', '20']);
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    const { stdout: tailed } = await org.run(['log', 'tail', '--once']);
    expect(tailed).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  });
});

describe('in a terminal', () => {
  /** A pseudo-terminal by `script` of util-linux; what is typed comes from standard input. */
  const inTerminal = async (line: string, typed: string): Promise<string> => {
    const env = Object.entries(org.env).map(([name, value]) => `${name}='${value}'`);
    const command = `${env.join(' ')} ${process.execPath} --disable-warning=ExperimentalWarning ${CLI} ${line}`;
    const child = spawn('script', ['-qec', `${command}; echo "[exit $?]"`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let shown = '';
    let isAnswered = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      // Whoever types before the question is there types into the void.
      if (isAnswered || !shown.includes('[y/N]')) return;
      isAnswered = true;
      child.stdin.write(typed);
    });
    await once(child, 'close');
    return shown;
  };

  it('asks, and takes only a yes', async () => {
    const third = org.ana.thief(org.ana.address);
    third.cookie = null;
    await third.signIn();
    const { id } = (await third.get('/api/v1/sessions/me')).body as unknown as { id: string };
    const refused = await inTerminal(`session revoke ${id}`, 'n\n');
    expect(refused).toContain(`End the session ${id} (Chrome on Linux, ${HOME_ADDRESS})? [y/N]`);
    expect(refused).toContain('nothing was changed');
    expect(refused).toContain('[exit 3]');
    expect((await third.get('/api/v1/users/me')).status).toBe(200);
    const forbidden = await inTerminal(`session revoke ${id} --no-input`, 'y\n');
    expect(forbidden).toContain('[exit 5]');
    expect((await third.get('/api/v1/users/me')).status).toBe(200);
    const agreed = await inTerminal(`session revoke ${id}`, 'y\n');
    expect(agreed).toContain('[exit 0]');
    expect((await third.get('/api/v1/users/me')).status).toBe(401);
  });
});

describe('on the host', () => {
  it('log verbs go through the control socket when nobody is signed in, or when told to', async () => {
    const { SALLYPORT_URL: _, ...bare } = org.env;
    const env = { ...bare, XDG_CONFIG_HOME: join(org.folder, 'nobody') };
    // The test's server has no control socket, and holds its folder: the host way says so, the network way does not.
    const host = await startCli(['log', 'verify'], env).result;
    expect(host.exitCode).toBe(1);
    expect(host.stderr).toMatch(/another process|in use|lock/i);
    expect((await org.run(['log', 'verify', '--host'])).exitCode).toBe(1);
    expect((await org.run(['log', 'verify'])).exitCode).toBe(0);
  });
});

describe('the profile', () => {
  it('that is no JSON is an error with a way on, not a stack', async () => {
    mkdirSync(dirname(org.configFile), { recursive: true });
    writeFileSync(org.configFile, '{', { mode: 0o600 });
    const { exitCode, stderr } = await org.run(['whoami']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('sallyport login');
    expect(stderr).not.toMatch(/ at .*\.ts/);
    writeFileSync(org.configFile, '{}');
  });
});
