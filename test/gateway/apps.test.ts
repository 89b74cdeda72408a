/** Apps behind the gateway as objects: who may put one there, what is refused, what is written down. On both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

interface App {
  readonly id: string;
  readonly status: string;
  readonly settings: { readonly app: Record<string, unknown> };
  readonly _links: { readonly accessPolicy: { readonly href: string } };
}

describe.each(ENGINES)('apps on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  const body = (externalUrl: string, more: Record<string, unknown> = {}, label = 'Grafana') => ({
    name: 'sallyport_gateway',
    label,
    signOnMode: 'BOOKMARK',
    settings: { app: { externalUrl, ...more } },
  });
  const create = (externalUrl: string, more: Record<string, unknown> = {}): Promise<Reply> =>
    ana.call('POST', '/api/v1/apps', body(externalUrl, more));
  const asApp = (reply: Reply): App => {
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as App;
  };
  const eventTypes = async (id: string): Promise<string[]> => {
    const reply = await ana.get(`/api/v1/logs?filter=${encodeURIComponent(`target.id eq "${id}"`)}&limit=100`);
    const types = (reply.body as unknown as { eventType: string }[]).map((event) => event.eventType);
    return types.filter((type) => type !== 'security.protected_action.attempt');
  };

  it('live from creation to deletion, with an event for each step', async () => {
    const app = asApp(await create('https://life.example.org'));
    expect(app.status).toBe('ACTIVE');
    expect(app.settings.app).toEqual({
      externalUrl: 'https://life.example.org',
      sessionIdleTimeoutMinutes: 15,
      sessionMaxLifetimeMinutes: 720,
      backgroundPaths: [],
    });
    const path = `/api/v1/apps/${app.id}`;
    expect(asApp(await ana.get(path))).toEqual(app);
    const listed = await ana.get('/api/v1/apps?filter=name%20eq%20%22sallyport_gateway%22&limit=200');
    expect((listed.body as unknown as App[]).map(({ id }) => id)).toContain(app.id);
    asApp(await ana.call('PUT', path, body('https://life.example.org', { sessionIdleTimeoutMinutes: 30 }, 'Life')));
    const early = await ana.call('DELETE', path);
    expect([early.status, early.body['errorCode']]).toEqual([403, 'E0000056']);
    expect((await ana.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(200);
    // Done before: nothing happens, and nothing is written.
    expect((await ana.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(200);
    expect((await ana.call('POST', `${path}/lifecycle/activate`)).status).toBe(200);
    expect((await ana.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(200);
    const modes = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', apps: { [app.id]: { ipBinding: 'ENFORCED' } } };
    expect((await ana.call('PUT', '/sallyport/v1/session-binding', modes)).status).toBe(200);
    expect((await ana.call('DELETE', path)).status).toBe(204);
    expect((await ana.get(path)).status).toBe(404);
    expect((await ana.get(new URL(app._links.accessPolicy.href).pathname)).status).toBe(404);
    const binding = (await ana.get('/sallyport/v1/session-binding')).body as unknown as { apps: object };
    expect(binding.apps).toEqual({});
    expect((await eventTypes(app.id)).toSorted()).toEqual(
      [
        'application.lifecycle.activate',
        'application.lifecycle.create',
        'application.lifecycle.deactivate',
        'application.lifecycle.deactivate',
        'application.lifecycle.delete',
        'application.lifecycle.update',
      ].toSorted(),
    );
  });

  it('have a host that nobody else has, whatever the port', async () => {
    asApp(await create('https://once.example.org'));
    for (const url of ['https://once.example.org', 'https://once.example.org:8443', 'https://ONCE.example.org']) {
      const reply = await create(url);
      expect([url, reply.status, reply.body['errorCode']]).toEqual([url, 400, 'E0000001']);
      expect(reply.text).toContain('Grafana');
    }
    const twins = await Promise.all([create('https://twin.example.org'), create('https://twin.example.org')]);
    expect(twins.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    const other = asApp(await create('https://other.example.org'));
    const moved = await ana.call('PUT', `/api/v1/apps/${other.id}`, body('https://once.example.org'));
    expect(moved.status).toBe(400);
  });

  it.each([
    ['http://plain.example.org', {}],
    ['https://path.example.org/x', {}],
    ['http://localhost:1', {}],
    ['https://idle.example.org', { sessionIdleTimeoutMinutes: 60, sessionMaxLifetimeMinutes: 30 }],
    ['https://idle.example.org', { sessionIdleTimeoutMinutes: 4 }],
    ['https://idle.example.org', { backgroundPaths: ['no-slash'] }],
    ['https://idle.example.org', { unknownSetting: 1 }],
  ])('are refused: %s %j', async (externalUrl, more) => {
    expect((await create(externalUrl, more)).status).toBe(400);
  });

  it('of our own are not changed here', async () => {
    const apps = (await ana.get('/api/v1/apps?limit=200')).body as unknown as { id: string; name: string }[];
    for (const { id } of apps.filter(({ name }) => name !== 'sallyport_gateway')) {
      const path = `/api/v1/apps/${id}`;
      for (const reply of [
        await ana.call('PUT', path, body('https://saasure.example.org')),
        await ana.call('POST', `${path}/lifecycle/deactivate`),
        await ana.call('DELETE', path),
      ])
        expect([reply.status, reply.body['errorCode']]).toEqual([403, 'E0000111']);
      expect((await ana.get(`/sallyport/v1/apps/${id}/gateway-snippet`)).status).toBe(404);
    }
  });

  it('end their sessions when they move to another host', async () => {
    const place = await createAppAt(ana, 'Mover', 'http://mover.localhost:8081', server.url);
    const me = new AppVisitor(ana, place);
    expect((await me.enter()).status).toBe(303);
    const ask = (host: string): Promise<Reply> =>
      ana.get('/gateway/nginx', { 'X-Forwarded-Host': host, Cookie: `sallyport=${me.cookie}` });
    expect((await ask('mover.localhost:8081')).status).toBe(200);
    const path = `/api/v1/apps/${place.id}`;
    asApp(await ana.call('PUT', path, body('http://mover.localhost:8081', { sessionIdleTimeoutMinutes: 20 })));
    expect((await ask('mover.localhost:8081')).status).toBe(200);
    asApp(await ana.call('PUT', path, body('http://moved.localhost:8081')));
    expect((await ask('mover.localhost:8081')).status).toBe(403);
    expect((await ask('moved.localhost:8081')).status).toBe(401);
  });

  it('have a snippet for nginx that nothing written into it can break out of', async () => {
    const app = asApp(
      await ana.call('POST', '/api/v1/apps', body('https://snippet.example.org:8443', {}, 'x"; } evil {\n#')),
    );
    const path = `/sallyport/v1/apps/${app.id}/gateway-snippet`;
    const reply = await ana.get(`${path}?upstream=10.0.0.7:3000`);
    const { snippet } = reply.body as unknown as { snippet: string };
    expect(snippet).toContain('set $sallyport_host "snippet.example.org:8443";');
    expect(snippet).toContain('server 10.0.0.7:3000;');
    expect(
      snippet
        .split('\n')
        .filter((line) => line.includes('evil'))
        .every((line) => line.startsWith('#')),
    ).toBe(true);
    for (const upstream of ['a;b', 'a b', 'a}', 'a\nb', "a'"])
      expect((await ana.get(`${path}?upstream=${encodeURIComponent(upstream)}`)).status).toBe(400);
    expect((await ana.get(`${path}?proxy=apache`)).status).toBe(400);
  });
});
