/** What the server answers to requests that are no honest client's, and what stands on every answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Reply, send, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const codeOf = (reply: Reply): unknown[] => [reply.status, reply.body['errorCode']];

describe('over http on localhost', () => {
  let server: TestServer;
  const ask = (
    method: string,
    path: string,
    headers: Record<string, string | string[]> = {},
    body?: unknown,
  ): Promise<Reply> => send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', ...headers }, body);
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('refuses oversized headers and bodies', async () => {
    expect((await ask('GET', '/sign-in', { 'X-Filler': 'x'.repeat(20_000) })).status).toBe(431);
    expect(codeOf(await ask('POST', '/api/v1/authn', {}, { username: 'x'.repeat(1_100_000) }))).toEqual([
      413,
      'E0000234',
    ]);
  });
  it('answers what is malformed with a code of the list and no trace of its insides', async () => {
    const replies: [Reply, unknown[]][] = [
      [await ask('POST', '/api/v1/authn', {}, '{"username":'), [400, 'E0000003']],
      [await ask('POST', '/api/v1/authn', { 'Content-Type': 'text/plain' }, 'x'), [400, 'E0000021']],
      [await ask('POST', '/api/v1/authn', {}, { username: 7 }), [400, 'E0000001']],
      [await ask('GET', '/api/v1/nothing'), [404, 'E0000008']],
      [await ask('DELETE', '/api/v1/authn'), [405, 'E0000022']],
      [await ask('GET', '/api/v1/users'), [401, 'E0000011']],
      [await ask('GET', '/api/v1/users', { Authorization: 'Basic eDp5' }), [401, 'E0000011']],
      [
        await ask('GET', '/api/v1/users', {
          Authorization: ['SSWS aaaaaaaaaaaaaaaaaaaaaaaa', 'SSWS bbbbbbbbbbbbbbbbbbbbbbbb'],
        }),
        [401, 'E0000011'],
      ],
      [await ask('GET', '/api/v1/sessions/me', { Cookie: 'sid=nonsense' }), [404, 'E0000007']],
      [await ask('GET', '/assets/../../package.json'), [404, 'E0000008']],
    ];
    for (const [reply, expected] of replies) {
      expect(codeOf(reply)).toEqual(expected);
      expect(reply.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
      expect(Object.keys(reply.body)).toEqual(['errorCode', 'errorSummary', 'errorLink', 'errorId', 'errorCauses']);
      expect(reply.headers['cache-control']).toBe('no-store');
    }
    expect((await ask('DELETE', '/api/v1/authn')).headers['allow']).toBe('POST');
  });
  it('shows a page to whoever comes by a browser to an address that is none, and JSON to everybody else', async () => {
    const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Sec-Fetch-Dest': 'document' };
    const shown = await ask('GET', '/inbox?x=%22%3E%3Cscript%3E', browser);
    expect([shown.status, shown.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(shown.text).toContain('There is no such page');
    expect(shown.text).not.toMatch(/inbox|<script(?! nonce)/);
    expect(String(shown.headers['content-security-policy'])).toMatch(/^default-src 'none'/);
    expect(shown.headers['cache-control']).toBe('no-store');
    // An old browser says it by what it takes.
    expect((await ask('GET', '/inbox', { Accept: browser.Accept })).text).toContain('There is no such page');
    const replies = [
      ask('GET', '/inbox'),
      ask('GET', '/inbox', { Accept: browser.Accept, 'Sec-Fetch-Dest': 'empty' }),
      ask('GET', '/inbox', { Accept: browser.Accept, 'Sec-Fetch-Dest': 'iframe' }),
      ask('POST', '/inbox', browser, {}),
      ask('GET', '/api', browser),
      ask('GET', '/api?x', browser),
      ask('GET', '/api/v1/nothing', browser),
      ask('GET', '/sallyport/v1/nothing', browser),
      ask('GET', '/assets/nothing.js', browser),
    ];
    for (const reply of await Promise.all(replies)) expect(codeOf(reply)).toEqual([404, 'E0000008']);
    // What is asked of every page is asked here, too.
    expect(codeOf(await ask('GET', '/inbox', { ...browser, Host: 'evil.example' }))).toEqual([421, 'E0000230']);
    expect(codeOf(await ask('DELETE', '/api/v1/authn', browser))).toEqual([405, 'E0000022']);
  });
  it('serves pages under a strict policy with a fresh nonce, and lets nobody frame them', async () => {
    const pages = await Promise.all(
      ['/setup', '/sign-in', '/ended?reason=client-roaming', '/sign-in'].map((path) => ask('GET', path)),
    );
    const nonces = pages.map((page) => {
      const policy = String(page.headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w+/=]+' 'strict-dynamic'; style-src 'self'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(page.headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(page.headers['strict-transport-security']).toBeUndefined();
      return /nonce-([^']+)/.exec(policy)?.[1];
    });
    expect(new Set(nonces).size).toBe(4);
    expect((await ask('GET', '/me/sessions')).headers['location']).toBe('/sign-in?next=%2Fme%2Fsessions');
  });
  it('tells its health to everybody and its metrics to its host', async () => {
    expect((await ask('GET', '/healthz')).body).toMatchObject({ status: 'ok' });
    expect((await ask('GET', '/readyz')).body).toMatchObject({ status: 'ready', store: 'sqlite' });
    expect((await ask('GET', '/metrics')).text).toContain('sallyport_live_sessions 0');
  });
  it('shows the console to whoever is let in there, with what is beside the page that is none', async () => {
    const browser = { Accept: 'text/html', 'Sec-Fetch-Dest': 'document' };
    const ana = await signedInAdmin(server);
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const inConsole = await ana.get('/inbox', browser);
    expect([inConsole.status, inConsole.text.includes('id="console"')]).toEqual([404, true]);
    const outside = await lee.get('/inbox', browser);
    expect([outside.status, outside.text.includes('id="console"')]).toEqual([404, false]);
    // A session that must prove itself again is in no console.
    const moved = await ana.thief('203.0.113.7').get('/inbox', browser);
    expect(moved.text).not.toContain('id="console"');
  });
});

describe('behind https', () => {
  it('asks for https ever after, names its cookie for this host alone, and knows its own name only', async () => {
    const server = await startTestServer({ env: { SALLYPORT_PUBLIC_URL: 'https://admin.example.org' } });
    const local = `http://localhost:${server.services.config.port}`;
    try {
      const page = await send(local, 'GET', '/sign-in', {
        Host: 'admin.example.org',
        'X-Forwarded-For': '198.51.100.10',
      });
      expect([page.status, page.headers['strict-transport-security']]).toEqual([
        200,
        'max-age=63072000; includeSubDomains',
      ]);
      expect((await send(local, 'GET', '/sign-in', { 'X-Forwarded-For': '198.51.100.10' })).status).toBe(421);
      const cleared = await import('../../packages/server/src/http/session-cookie.ts').then(({ setSessionCookie }) =>
        setSessionCookie(server.services.config, 'x'),
      );
      expect(cleared).toBe('__Host-sid=x; Path=/; HttpOnly; SameSite=Lax; Secure');
    } finally {
      await server.stop();
    }
  });
});
