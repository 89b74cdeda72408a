/** The settings of session protection: tried before they count, kept from overwriting each other, told to who may know. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const BINDING = '/sallyport/v1/session-binding';
const PROTECTION = '/sallyport/v1/session-protection';
const CONSOLE = '/api/v1/first-party-app-settings/admin-console';
const HOME = '198.51.100.10';
const SAME_ISP = '198.51.100.99';

describe.each(ENGINES)('session protection on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const freshSignIn = async (): Promise<void> => {
    server.clock.advance(3);
    ana.cookie = null;
    ana.address = HOME;
    expect((await ana.signIn()).status).toBe(200);
  };
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('a dry run says what would change, and changes nothing', async () => {
    await freshSignIn();
    const before = await ana.get(BINDING);
    const events = async (): Promise<number> =>
      (
        (
          await ana.get(
            `/api/v1/logs?filter=${encodeURIComponent('eventType eq "security.session_protection.status.update"')}`,
          )
        ).body as unknown as unknown[]
      ).length;
    const written = await events();
    const tried = await ana.call('PUT', `${BINDING}?dryRun=true`, {
      asnBinding: 'ENFORCED',
      ipBinding: 'ENFORCED',
      apps: { okta_enduser: { asnBinding: 'MONITOR' } },
    });
    expect(tried.status, tried.text).toBe(200);
    expect(tried.body).toEqual({
      changes: [
        { app: null, axis: 'ipBinding', from: 'MONITOR', to: 'ENFORCED' },
        { app: 'okta_enduser', axis: 'asnBinding', from: null, to: 'MONITOR' },
      ],
      ownSession: { verdict: 'hold', reasons: ['The address is the one the session began with.'] },
      seenElsewhere: { sessions: 0, people: 0, logins: [] },
    });
    expect((await ana.get(BINDING)).body).toEqual(before.body);
    expect(await events()).toBe(written);
  });

  it('a dry run says when it would end one’s own session, and saving then does', async () => {
    await freshSignIn();
    ana.address = SAME_ISP;
    expect((await ana.get(BINDING)).status).toBe(200);
    const strict = { asnBinding: 'ENFORCED', ipBinding: 'ENFORCED' };
    const tried = await ana.call('PUT', `${BINDING}?dryRun=true`, strict);
    expect(tried.body).toMatchObject({
      ownSession: { verdict: 'end', reasons: ['The address differs from the one the session began with.'] },
      seenElsewhere: { sessions: 1, people: 1, logins: ['ana@example.org'] },
    });
    // An app that is looser does not help: a session obeys the strictest of the apps that it reaches.
    const loose = { ...strict, apps: { okta_enduser: { ipBinding: 'DISABLED' } } };
    expect((await ana.call('PUT', `${BINDING}?dryRun=true`, loose)).body).toMatchObject({
      ownSession: { verdict: 'end' },
    });
    expect((await ana.call('PUT', BINDING, strict)).status).toBe(200);
    expect((await ana.get(BINDING)).status).toBe(401);
    await freshSignIn();
    expect((await ana.call('PUT', BINDING, { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' })).status).toBe(200);
  });

  it('a dry run is refused like the change itself: an unknown app, an unknown mode, a word that is none', async () => {
    await freshSignIn();
    for (const [query, body] of [
      ['true', { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', apps: { nothing: {} } }],
      ['true', { asnBinding: 'ALWAYS', ipBinding: 'MONITOR' }],
      ['yes', { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' }],
    ] as const)
      expect((await ana.call('PUT', `${BINDING}?dryRun=${query}`, body)).status).toBe(400);
  });

  it.each([
    [
      BINDING,
      { asnBinding: 'ENFORCED', ipBinding: 'PROVE' },
      { asnBinding: 'MONITOR', ipBinding: 'MONITOR' },
      { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' },
    ],
    [
      CONSOLE,
      { sessionIdleTimeoutMinutes: 30, sessionMaxLifetimeMinutes: 600 },
      { sessionIdleTimeoutMinutes: 20, sessionMaxLifetimeMinutes: 300 },
      { sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 },
    ],
  ])(
    'of two who change %s at once, both having read it, one is told that the other did',
    async (path, first, other, second) => {
      await freshSignIn();
      const { etag } = (await ana.get(path)).headers;
      expect(etag).toMatch(/^"[\w-]{22}"$/);
      const header = { 'If-Match': String(etag) };
      const replies = await Promise.all([ana.call('PUT', path, first, header), ana.call('PUT', path, other, header)]);
      const statuses = replies.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 412]);
      expect(replies.find(({ status }) => status === 412)?.text).toMatch(/Somebody else changed these settings/);
      expect((await ana.call('PUT', path, first)).status).toBe(200);
      expect((await ana.call('PUT', path, second, header)).status).toBe(412);
      expect((await ana.call('PUT', path, second, { 'If-Match': '"x"' })).status).toBe(412);
      expect((await ana.get(path)).body).toMatchObject(first);
      const now = String((await ana.get(path)).headers['etag']);
      const saved = await ana.call('PUT', path, second, { 'If-Match': now });
      expect(saved.status).toBe(200);
      // What was saved has the tag that was answered, so that one can go on editing.
      expect((await ana.get(path)).headers['etag']).toBe(saved.headers['etag']);
    },
  );

  it('tells presets, limits, apps, the exempt zone with what passed by it, and who changed what last', async () => {
    await freshSignIn();
    const zones = (await ana.get('/api/v1/zones')).body as unknown as { id: string; name: string }[];
    const zone = zones.find(({ name }) => name === 'DefaultExemptIpZone');
    const put = (gateways: unknown[]) =>
      ana.call('PUT', `/api/v1/zones/${zone?.id}`, {
        type: 'IP',
        name: zone?.name,
        useAsExemptList: true,
        gateways,
      });
    expect((await put([{ type: 'CIDR', value: '203.0.113.0/24' }])).status).toBe(200);
    ana.address = '203.0.113.5';
    for (let i = 0; i < 3; i += 1) expect((await ana.get(BINDING)).status).toBe(200);
    ana.address = HOME;
    await server.services.sessions.flush();
    const reply = await ana.get(PROTECTION);
    expect(reply.body).toMatchObject({
      presets: [{ name: 'observe' }, { name: 'recommended' }, { name: 'strict' }],
      consoleLimits: { idleMinutes: { min: 5, max: 720 }, aal3Minutes: { idle: 15, lifetime: 720 } },
      exempt: { zone: { name: 'DefaultExemptIpZone', entries: ['203.0.113.0/24'] }, passes: 3, sessions: 1 },
      changed: { sessionBinding: { by: 'Ana Admin' }, adminConsole: { by: 'Ana Admin' } },
    });
    expect((reply.body as unknown as { apps: { key: string }[] }).apps.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['saasure', 'okta_enduser']),
    );
    expect((await put([])).status).toBe(200);
  });

  it('each preset can be saved as it is given', async () => {
    await freshSignIn();
    const { presets } = (await ana.get(PROTECTION)).body as unknown as { presets: { body: object }[] };
    for (const { body } of presets) {
      expect((await ana.call('PUT', BINDING, body)).status).toBe(200);
      expect((await ana.get(BINDING)).body).toMatchObject(body);
    }
    expect((await ana.call('PUT', BINDING, { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' })).status).toBe(200);
  });

  it('the report counts sessions, changes and the last of each person', async () => {
    await freshSignIn();
    ana.address = '198.51.100.77';
    expect((await ana.get(BINDING)).status).toBe(200);
    const report = await ana.get(`${BINDING}/report?days=1`);
    expect(report.body).toMatchObject({
      rows: [
        {
          login: 'ana@example.org',
          sessions: 2,
          changes: 2,
          networks: ['AS64496 Example ISP, another address'],
          lastAt: new Date(server.clock.now()).toISOString(),
        },
      ],
    });
  });
});
