/** A real nginx with the files that we ship, a sample admin app behind it, and everything that should not get through. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppPlace, AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { breakGlass, holderOf, makeGlass } from '../harness/break-glass.ts';
import { type Snippet, startNginx, TEST_ADDRESS, type TestNginx } from '../harness/nginx.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { type Echo, type SampleApp, startSampleApp } from '../harness/sample-app.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { freePort, startTestServer, type TestServer } from '../harness/test-server.ts';
import { startWebhookReceiver } from '../harness/webhook-receiver.ts';

const HOME = '198.51.100.10';
const SAME_ISP = '198.51.100.99';
const OTHER_ISP = '203.0.113.77';
const ROAMED = 'security.session.detect_client_roaming';

const echo = (reply: Reply): Echo => reply.body as unknown as Echo;

describe.each(['tcp', 'unix socket'] as const)('nginx in front of an app, by %s', (way) => {
  let folder: string;
  let server: TestServer;
  let nginx: TestNginx;
  let app: SampleApp;
  let wikiApp: SampleApp;
  let ana: Person;
  let grafana: AppPlace;
  let wiki: AppPlace;
  let snippets: Snippet[];
  let socket: string;
  /** Where nobody listens until a test does. */
  let smtpPort: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'));
    socket = join(folder, 'gateway.sock');
    smtpPort = await freePort();
    server = await startTestServer({
      env: {
        SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
        SALLYPORT_MAIL_FROM: 'sallyport@example.org',
        SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32',
        ...(way === 'tcp' ? {} : { SALLYPORT_GATEWAY_SOCKET: socket }),
      },
    });
    app = await startSampleApp();
    wikiApp = await startSampleApp();
    ana = await signedInAdmin(server, HOME);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    grafana = await createAppAt(ana, 'Grafana', `http://grafana.localhost:${port}`, url, {
      sessionIdleTimeoutMinutes: 10,
      sessionMaxLifetimeMinutes: 60,
      backgroundPaths: ['/api/live/'],
    });
    wiki = await createAppAt(ana, 'Wiki', 'https://wiki.example.org', url);
    const snippet = async (place: AppPlace, upstream: number): Promise<Snippet> => {
      const path = `/sallyport/v1/apps/${place.id}/gateway-snippet?proxy=nginx&upstream=127.0.0.1:${upstream}`;
      const reply = await ana.get(path);
      expect(reply.status, reply.text).toBe(200);
      return reply.body as unknown as Snippet;
    };
    snippets = [await snippet(grafana, app.port), await snippet(wiki, wikiApp.port)];
    nginx = await startNginx(port, snippets);
  });
  afterAll(async () => {
    await nginx.stop();
    await app.stop();
    await wikiApp.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const signInAnew = async (): Promise<void> => {
    server.clock.advance(3);
    ana.cookie = null;
    ana.address = HOME;
    const reply = await ana.signIn();
    expect(reply.status, reply.text).toBe(200);
  };
  const visitorAt = async (place = grafana): Promise<AppVisitor> => {
    await signInAnew();
    const me = new AppVisitor(ana, place);
    const entered = await me.enter();
    expect(entered.status, entered.text).toBe(303);
    return me;
  };
  const eventsOf = async (eventType: string) => {
    const filter = encodeURIComponent(`eventType eq "${eventType}"`);
    const reply = await ana.get(`/api/v1/logs?filter=${filter}&sortOrder=DESCENDING&limit=100`);
    return reply.body as unknown as {
      outcome: { result: string; reason: string };
      target: { id: string; type: string }[];
      debugContext: { debugData: Record<string, string> };
    }[];
  };

  it('lets through who entered, and tells the application who it is', async () => {
    const me = await visitorAt();
    const reply = await me.get('/dashboards?x=1');
    expect(reply.status, reply.text).toBe(200);
    const { headers, url } = echo(reply);
    expect(url).toBe('/dashboards?x=1');
    expect(headers['sallyport-login']).toBe('ana@example.org');
    expect(headers['sallyport-name']).toBe('Ana Admin');
    expect(headers['sallyport-user']).toMatch(/^00u/);
    expect(headers['sallyport-session']).toMatch(/^102/);
    expect(headers['x-forwarded-for']).toBe(HOME);
    expect(headers.host).toBe(grafana.host);
  });

  it('shows the application its own cookies and none of ours', async () => {
    const me = await visitorAt();
    const ask = async (Cookie: string): Promise<string> => String(echo(await me.get('/', { Cookie })).headers.cookie);
    const ours = `sallyport=${me.cookie}`;
    for (const cookie of [
      `a=1; ${ours}; b=2`,
      `${ours}; a=1; b=2`,
      `a=1; b=2; ${ours}`,
      `a=1;${ours};b=2`,
      ` a=1; sallyport = ${me.cookie}; b=2`,
    ]) {
      const seen = await ask(cookie);
      const names = seen
        .split(';')
        .map((part) => part.trim())
        .filter(Boolean);
      expect(names).toEqual(['a=1', 'b=2']);
      expect(seen).not.toContain(me.cookie);
    }
    const neighbour = await ask(`mysallyport=1; x=sallyport=2; ${ours}; sallyportx=3`);
    expect(neighbour).toBe('mysallyport=1; x=sallyport=2; sallyportx=3');
    expect(await ask(ours)).toBe('undefined');
    const atWiki = await visitorAt(wiki);
    const seen = echo(await atWiki.get('/', { Cookie: `a=1; __Host-sallyport=${atWiki.cookie}` }));
    expect(seen.headers.cookie?.trim().replace(/;$/, '')).toBe('a=1');
  });

  it('sends a person to sign in, and a program a bare 401', async () => {
    const before = app.requests;
    const nobody = new AppVisitor(ana, grafana);
    const page = await nobody.navigate('/d/abc?from=now-1h');
    expect(page.status).toBe(303);
    expect(page.headers.location).toBe(
      `http://${grafana.host}/.sallyport/start?rd=${encodeURIComponent('/d/abc?from=now-1h')}`,
    );
    expect(page.headers['cache-control']).toBe('no-store');
    for (const extra of [
      {},
      { 'Sec-Fetch-Mode': 'cors', Accept: 'text/html' },
      { Accept: 'text/html', 'X-Requested-With': 'fetch' },
    ]) {
      const bare = await nobody.get('/api/dashboards', extra);
      expect([bare.status, bare.text, bare.headers.location]).toEqual([401, '', undefined]);
    }
    // A form that was filled in is not thrown away by a redirect.
    const post = await nobody.call('POST', '/form', { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' }, 'a=1');
    expect([post.status, post.text]).toEqual([401, '']);
    expect(app.requests).toBe(before);
  });

  it('checks every method, bodies and all', async () => {
    const me = await visitorAt();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const body = method === 'OPTIONS' ? undefined : { some: 'x'.repeat(20_000) };
      const reply = await me.call(method, '/thing', {}, body);
      expect([method, reply.status, echo(reply).method]).toEqual([method, 200, method]);
      if (body !== undefined) expect(JSON.parse(echo(reply).body)).toEqual(body);
      const before = app.requests;
      const nobody = new AppVisitor(ana, grafana);
      expect([method, (await nobody.call(method, '/thing', {}, body)).status]).toEqual([method, 401]);
      expect(app.requests).toBe(before);
    }
  });

  /** A WebSocket handshake; the first line and headers of the answer. */
  const upgrade = (cookie: string | undefined): Promise<string> =>
    new Promise((resolve, reject) => {
      const client = connect(nginx.port, '127.0.0.1', () =>
        client.write(
          `GET /live HTTP/1.1\r\nHost: ${grafana.host}\r\n${TEST_ADDRESS}: ${HOME}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${
            cookie === undefined ? '' : `Cookie: sallyport=${cookie}\r\n`
          }\r\n`,
        ),
      );
      client.once('error', reject);
      client.once('data', (data: Buffer) => {
        client.destroy();
        resolve(data.toString());
      });
    });

  it('lets WebSockets through to who entered, and to nobody else', async () => {
    const me = await visitorAt();
    const opened = await upgrade(me.cookie);
    expect(opened).toMatch(/^HTTP\/1\.1 101 /);
    expect(opened).toContain('Seen-Login: ana@example.org');
    const before = app.requests;
    expect(await upgrade(undefined)).toMatch(/^HTTP\/1\.1 401 /);
    expect(await upgrade('A'.repeat(43))).toMatch(/^HTTP\/1\.1 401 /);
    expect(app.requests).toBe(before);
  });

  it('takes away what a client says of itself', async () => {
    const me = await visitorAt();
    const forged = {
      'Sallyport-User': 'root',
      'Sallyport-Login': 'root@example.org',
      'sallyport-name': 'Root',
      'SALLYPORT-SESSION': 'x',
      Sallyport_Login: 'root@example.org',
      'Remote-User': 'root',
      'X-Remote-User': 'root',
      'X-Forwarded-User': 'root',
      'X-Auth-Request-Email': 'root@example.org',
      'X-WEBAUTH-USER': 'root',
      'X-Forwarded-For': '203.0.113.77, 127.0.0.1',
      'X-Forwarded-Host': wiki.host,
      'X-Original-URI': '/api/live/x',
      'X-Original-Method': 'GET',
      Forwarded: 'for=203.0.113.77',
    };
    const { headers } = echo(await me.get('/', forged));
    const text = JSON.stringify(headers);
    expect(text).not.toContain('root');
    expect(headers['sallyport-login']).toBe('ana@example.org');
    expect([headers['x-forwarded-for'], headers['x-forwarded-host']]).toEqual([HOME, grafana.host]);
    // And with no session at all the names do not help.
    const before = app.requests;
    expect((await new AppVisitor(ana, grafana).get('/', forged)).status).toBe(401);
    expect(app.requests).toBe(before);
  });

  it('asks for the session of the host that the server block is for, whatever Host is sent', async () => {
    const atWiki = await visitorAt(wiki);
    const before = app.requests;
    // The default server is Grafana's: who has a session of the wiki must not enter there under the wiki's name.
    for (const host of ['unknown.example', `${grafana.host}.`, 'grafana.localhost']) {
      const reply = await atWiki.get('/', { Host: host });
      expect([host, reply.status]).toEqual([host, 401]);
    }
    expect(app.requests).toBe(before);
    expect((await atWiki.get('/')).status).toBe(200);
  });

  it('ends everything when the cookie of an app is used from another network, with one event', async () => {
    const me = await visitorAt();
    const atWiki = new AppVisitor(ana, wiki);
    await atWiki.enter();
    const before = app.requests;
    const replies = await Promise.all(Array.from({ length: 20 }, () => me.thief(OTHER_ISP).get('/')));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]));
    expect(app.requests).toBe(before);
    expect((await me.get('/')).status).toBe(401);
    expect((await atWiki.get('/')).status).toBe(401);
    expect((await ana.get('/api/v1/users/me')).status).toBe(401);
    await signInAnew();
    const [event, ...rest] = await eventsOf(ROAMED);
    expect(event?.outcome).toEqual({ result: 'DENY', reason: 'ASN_MISMATCH' });
    expect(event?.target.map(({ type }) => type)).toEqual(['AppInstance', 'Session', 'Session']);
    expect(event?.target[0]?.id).toBe(grafana.id);
    expect(event?.debugContext.debugData['NewIpAddress']).toBe(OTHER_ISP);
    expect(rest.filter((one) => one.target[1]?.id === event?.target[1]?.id)).toEqual([]);
    const mine = (await ana.get('/sallyport/v1/me/sessions')).body as unknown as {
      lastEnded: { reason: string; to: { address: string } } | null;
    };
    expect([mine.lastEnded?.reason, mine.lastEnded?.to.address]).toEqual(['client-roaming', OTHER_ISP]);
  });

  it('watches, or enforces, addresses by the app’s own mode', async () => {
    const me = await visitorAt();
    expect((await me.thief(SAME_ISP).get('/')).status).toBe(200);
    const modes = (apps: unknown): Promise<Reply> =>
      ana.call('PUT', '/sallyport/v1/session-binding', { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', apps });
    expect((await modes({ [grafana.id]: { ipBinding: 'ENFORCED' } })).status).toBe(200);
    // The sign-in obeys the strictest of the apps it has opened.
    expect((await ana.thief(SAME_ISP).get('/api/v1/users/me')).status).toBe(401);
    expect((await me.get('/')).status).toBe(401);
    const again = await visitorAt();
    expect((await again.thief(SAME_ISP).get('/')).status).toBe(401);
    expect((await again.get('/')).status).toBe(401);
    await signInAnew();
    expect((await modes({})).status).toBe(200);
  });

  it('ends by its own idle time, which polling does not move', async () => {
    const me = await visitorAt();
    for (let minutes = 0; minutes < 9; minutes += 3) {
      server.clock.advance(180);
      expect((await me.get('/', { 'X-Sallyport-Background': '1' })).status).toBe(200);
      expect((await me.get('/api/live/ws?x=1')).status).toBe(200);
    }
    server.clock.advance(59);
    expect((await me.get('/api/live/')).status).toBe(200);
    server.clock.advance(1);
    expect((await me.get('/api/live/')).status).toBe(401);
    await signInAnew();
    const expired = await eventsOf('user.session.expire');
    expect(expired[0]?.outcome.reason).toBe('idle');
  });

  it('goes on while somebody works, also when the console fell asleep, to the end of its lifetime', async () => {
    const me = await visitorAt();
    // Five minutes at a time: the console's quarter of an hour passes, the app's hour does not.
    for (let minutes = 5; minutes < 60; minutes += 5) {
      server.clock.advance(300);
      expect([minutes, (await me.get('/')).status]).toEqual([minutes, 200]);
    }
    expect((await ana.get('/sallyport/v1/me/sessions')).status).toBe(200);
    // Without the console there is no admin's power.
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(403);
    expect((await me.get('/')).status).toBe(200);
    server.clock.advance(299);
    expect((await me.get('/')).status).toBe(200);
    server.clock.advance(1);
    expect((await me.get('/')).status).toBe(401);
  });

  it('is over at the next request after a sign-out, a revocation or a suspension', async () => {
    const me = await visitorAt();
    expect((await ana.call('DELETE', '/api/v1/sessions/me')).status).toBe(204);
    expect((await me.get('/')).status).toBe(401);
    const again = await visitorAt();
    const id = (await ana.get('/api/v1/sessions/me')).body as unknown as { id: string };
    expect((await ana.call('DELETE', `/api/v1/sessions/${id.id}`)).status).toBe(204);
    expect((await again.get('/')).status).toBe(401);
  });

  it('goes on after a restart of the server, and knows who it is', async () => {
    const me = await visitorAt();
    expect((await me.get('/')).status).toBe(200);
    await server.restart();
    expect((await me.get('/')).status).toBe(200);
    expect(echo(await me.get('/')).headers['sallyport-login']).toBe('ana@example.org');
  });

  it('shuts at once when the app is switched off, and says so to a person', async () => {
    const me = await visitorAt();
    expect((await ana.call('POST', `/api/v1/apps/${grafana.id}/lifecycle/deactivate`)).status).toBe(200);
    const bare = await me.get('/');
    expect([bare.status, bare.text]).toEqual([403, '']);
    expect(bare.headers['sallyport-reference']).toMatch(/^gw-/);
    const page = await me.navigate('/');
    expect(page.status).toBe(303);
    const denied = new URL(String(page.headers.location));
    expect([denied.origin, denied.pathname]).toEqual([server.url, '/denied']);
    const shown = await ana.get(denied.pathname + denied.search);
    expect(shown.status).toBe(403);
    expect(shown.text).toContain('The app is switched off.');
    expect(shown.text).toContain(denied.searchParams.get('reference') ?? '?');
    expect(shown.text).toContain('ana@example.org');
    expect((await ana.call('POST', `/api/v1/apps/${grafana.id}/lifecycle/activate`)).status).toBe(200);
    // Its sessions ended, and are not alive again.
    expect((await me.get('/')).status).toBe(401);
  });

  it('leaves the application’s own refusals as they are', async () => {
    const me = await visitorAt();
    const reply = await me.navigate('/forbidden');
    expect([reply.status, echo(reply).url]).toEqual([403, '/forbidden']);
  });

  it('tells the application a changed name from the next request on, safely encoded', async () => {
    const me = await visitorAt();
    const { id } = (await ana.get('/api/v1/users/me')).body as unknown as { id: string };
    const rename = (firstName: string, lastName: string): Promise<Reply> =>
      ana.call('POST', `/api/v1/users/${id}`, { profile: { firstName, lastName } });
    expect((await rename('Åsa\r\nX-Evil: 1', '100 %')).status).toBe(200);
    const { headers } = echo(await me.get('/'));
    expect(headers['x-evil']).toBeUndefined();
    expect(decodeURIComponent(String(headers['sallyport-name']))).toBe('Åsa\r\nX-Evil: 1 100 %');
    expect((await rename('Ana', 'Admin')).status).toBe(200);
  });

  it('keeps connections alive, to us and to the application', async () => {
    const me = await visitorAt();
    await me.get('/');
    const before = { app: app.connections, requests: app.requests };
    for (let i = 0; i < 30; i++) expect((await me.get('/')).status).toBe(200);
    expect(app.requests - before.requests).toBe(30);
    // One request at a time: the connections that are there are enough.
    expect(app.connections - before.app).toBeLessThanOrEqual(1);
  });

  it('does not answer the check from outside, nor believe a Host header from there', async () => {
    const me = await visitorAt();
    expect((await me.get('/.sallyport/check')).status).toBe(404);
    expect((await me.get('/gateway/nginx')).status).toBe(200); // the application's own path, and guarded like any
    expect(echo(await me.get('/gateway/nginx')).url).toBe('/gateway/nginx');
  });

  if (way === 'unix socket')
    it('listens on the socket for owner and group, and leaves nothing behind', async () => {
      expect(statSync(socket).mode & 0o777).toBe(0o660);
      expect(existsSync(socket)).toBe(true);
    });

  it('lets a break-glass account in while application, mail and webhook are down, and tells of it when they are back', async () => {
    await signInAnew();
    const glass = await makeGlass(ana);
    const hookPort = await freePort();
    const url = `http://127.0.0.1:${hookPort}/hook`;
    expect((await ana.call('POST', '/sallyport/v1/webhooks', { name: 'siem', url })).status).toBe(201);
    await app.stop();

    const holder = holderOf(server.url, glass, HOME);
    const opened = await breakGlass(holder, glass.secret);
    expect(opened.status, opened.text).toBe(200);
    const me = new AppVisitor(holder, grafana);
    expect((await new AppVisitor(holder, grafana).get('/')).status).toBe(401);
    const entered = await me.enter();
    expect([entered.status, entered.headers.location]).toEqual([303, `http://${grafana.host}/`]);
    // The guard says yes; it is the application that does not answer.
    expect((await me.get('/')).status).toBe(502);
    const alarms = async () =>
      server.services.store.read
        .selectFrom('outbox')
        .select(['sink', 'deliveredAt', 'deadAt'])
        .where('payload', 'like', '%break-glass account%')
        .where('payload', 'like', '%ALARM%')
        .execute();
    expect(await alarms()).toMatchObject([{ deliveredAt: null }, { deliveredAt: null }]);

    const smtp = await startSmtpServer({ port: smtpPort });
    const receiver = await startWebhookReceiver({ port: hookPort });
    try {
      server.clock.advance(3600);
      const steps = () => receiver.hooks.map(({ body }) => (JSON.parse(body) as { data: { step: string } }).data.step);
      await expect.poll(() => steps().toSorted()).toEqual(['opened', 'secret-used']);
      const mails = () => smtp.mails.filter(({ subject }) => subject.startsWith('ALARM'));
      await expect.poll(() => mails().map(({ to }) => to[0])).toEqual(['ana@example.org', 'ana@example.org']);
      const isDone = async () =>
        (await alarms()).every(({ deliveredAt, deadAt }) => deliveredAt !== null && deadAt === null);
      await expect.poll(isDone).toBe(true);
    } finally {
      await smtp.stop();
      await receiver.stop();
    }
  });

  it('answers closed while the server is down', async () => {
    const me = await visitorAt();
    const before = app.requests;
    const down = await startTestServer();
    const ghost = await startNginx(
      await freePort(),
      snippets.map((one) => ({
        ...one,
        snippet: one.snippet.replace(
          /server (unix:\S+|127\.0\.0\.1:\d+);/,
          `server 127.0.0.1:${new URL(down.url).port};`,
        ),
      })),
    );
    await down.stop();
    const reply = await send(`http://127.0.0.1:${ghost.port}`, 'GET', '/', {
      Host: grafana.host,
      [TEST_ADDRESS]: HOME,
      Cookie: `sallyport=${me.cookie}`,
    });
    expect(reply.status).toBe(500);
    expect(app.requests).toBe(before);
    await ghost.stop();
  });
});

describe('connections', () => {
  /** A relay that counts who comes. */
  const startRelay = async (to: NetConnectOpts): Promise<{ port: number; count: () => number; stop: () => void }> => {
    let count = 0;
    const sockets = new Set<Socket>();
    const relay = createServer((socket) => {
      count++;
      const inner = connect(to);
      for (const one of [socket, inner]) {
        sockets.add(one);
        one.on('error', () => one.destroy());
        one.on('close', () => sockets.delete(one));
      }
      socket.pipe(inner).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    return {
      port: (relay.address() as AddressInfo).port,
      count: () => count,
      stop() {
        for (const socket of sockets) socket.destroy();
        relay.close();
      },
    };
  };

  it.each(['tcp', 'unix socket'])(
    'stay open, to us by %s and to the application, and one forgotten line would close them',
    async (way) => {
      const folder = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'));
      const path = join(folder, 'gateway.sock');
      const server = await startTestServer({ env: way === 'tcp' ? {} : { SALLYPORT_GATEWAY_SOCKET: path } });
      const app = await startSampleApp();
      // By socket, a request that `node:http` had to answer would end its connection: none does.
      const relay = await startRelay(
        way === 'tcp' ? { port: Number(new URL(server.url).port), host: '127.0.0.1' } : { path },
      );
      const ana = await signedInAdmin(server, HOME);
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const place = await createAppAt(ana, 'Grafana', `http://grafana.localhost:${port}`, url);
      const asked = `/sallyport/v1/apps/${place.id}/gateway-snippet?upstream=127.0.0.1:${app.port}`;
      const given = (await ana.get(asked)).body as unknown as Snippet;
      const snippet = given.snippet.replace(
        /(upstream sallyport \{\s*server )[^;]+;/,
        (_all, before: string) => `${before}127.0.0.1:${relay.port};`,
      );
      const me = new AppVisitor(ana, place);
      const opened = async (change?: (name: string, text: string) => string): Promise<{ us: number; app: number }> => {
        const nginx = await startNginx(port, [{ ...given, snippet }], change);
        if (me.cookie === undefined) await me.enter();
        await me.get('/');
        const before = { us: relay.count(), app: app.connections };
        for (let i = 0; i < 20; i++) expect((await me.get('/')).status).toBe(200);
        await nginx.stop();
        return { us: relay.count() - before.us, app: app.connections - before.app };
      };
      const without =
        (file: string, line: string) =>
        (name: string, text: string): string =>
          name === file ? text.replaceAll(line, '') : text;
      expect(await opened()).toEqual({ us: 0, app: 0 });
      const toApp = without('sallyport-auth.conf', 'proxy_set_header Connection $sallyport_connection;');
      expect((await opened(toApp)).app).toBe(20);
      expect((await opened(without('sallyport.conf', 'proxy_set_header Connection "";'))).us).toBe(20);
      relay.stop();
      await app.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  );
});

describe('the check that nginx asks for', () => {
  let server: TestServer;
  let ana: Person;
  let place: AppPlace;
  beforeAll(async () => {
    server = await startTestServer();
    ana = await signedInAdmin(server, HOME);
    place = await createAppAt(ana, 'Grafana', 'http://grafana.localhost:8081', server.url);
  });
  afterAll(() => server.stop());
  const ask = (headers: Record<string, string | string[]>, method = 'GET', path = '/gateway/nginx'): Promise<Reply> =>
    send(server.url, method, path, { 'X-Forwarded-For': HOME, 'X-Forwarded-Host': place.host, ...headers });

  it('answers any method, and only under its own path', async () => {
    const me = new AppVisitor(ana, place);
    await me.enter();
    const cookie = { Cookie: `sallyport=${me.cookie}` };
    for (const method of ['GET', 'POST', 'HEAD', 'DELETE']) expect((await ask(cookie, method)).status).toBe(200);
    for (const path of ['/gateway/nginx/', '/gateway/nginx?x=1', '/GATEWAY/nginx'])
      expect([path, (await ask(cookie, 'GET', path)).status]).toEqual([path, 404]);
  });

  it('is closed for a host that is none of ours, is named twice, or is not named', async () => {
    for (const host of ['evil.example', `${place.host},${place.host}`, 'grafana.localhost', ''])
      expect([host, (await ask({ 'X-Forwarded-Host': host })).status]).toEqual([host, 403]);
    expect((await ask({ 'X-Forwarded-Host': [place.host, place.host] })).status).toBe(403);
    expect((await ask({ 'X-Forwarded-Host': place.host.toUpperCase() })).status).toBe(401);
  });

  it('believes nobody but a trusted proxy', async () => {
    const alone = await startTestServer({ env: { SALLYPORT_TRUSTED_PROXIES: '' } });
    const bo = await signedInAdmin(alone, '127.0.0.1');
    const own = await createAppAt(bo, 'Own', 'http://own.localhost:8081', alone.url);
    const me = new AppVisitor(bo, own);
    await me.enter();
    const reply = await send(alone.url, 'GET', '/gateway/nginx', {
      'X-Forwarded-Host': own.host,
      Cookie: `sallyport=${me.cookie}`,
    });
    expect(reply.status).toBe(403);
    await alone.stop();
  });

  it('refuses an address that cannot be read', async () => {
    const me = new AppVisitor(ana, place);
    await me.enter();
    expect((await ask({ Cookie: `sallyport=${me.cookie}`, 'X-Forwarded-For': 'unknown' })).status).toBe(401);
    // The address is unknown, and unknown is not yes: that ended the session.
    expect((await ask({ Cookie: `sallyport=${me.cookie}` })).status).toBe(401);
  });
});
