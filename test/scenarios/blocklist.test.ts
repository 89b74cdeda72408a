/** Blocklists come before everything, on every door; nobody blocks themself out; a flood is two events. */
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { tellBlocked } from '../../packages/server/src/zones/tell-blocked.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const OWN = '198.51.100.10';
const BAD = '203.0.113.66';

interface LogEvent {
  readonly client: { readonly ipAddress: string };
  readonly target: readonly { readonly displayName: string }[];
  readonly outcome: { readonly result: string };
  readonly debugContext: { readonly debugData: Readonly<Record<string, string>> };
}

describe.each(ENGINES)('a blocklist on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let token: string;
  let made = 0;
  const zones: string[] = [];

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    const ownerId = String((await ana.get('/api/v1/users/me')).body['id']);
    token = (
      await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: 'anywhere',
        ownerId,
        purpose: 'test',
        ttlSeconds: 86_400,
        network: { connection: 'ANYWHERE' },
        protectedActions: 'all',
      })
    ).token;
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const id of zones.splice(0)) await ana.call('DELETE', `/api/v1/zones/${id}`);
  });

  const post = (body: object): Promise<Reply> =>
    ana.call('POST', '/api/v1/zones', { type: 'IP', name: `list ${made++}`, usage: 'BLOCKLIST', ...body });
  const create = async (body: object): Promise<string> => {
    const reply = await post(body);
    expect(reply.status, reply.text).toBe(200);
    const id = String(reply.body['id']);
    zones.push(id);
    return id;
  };
  const one = (value: string) => ({ gateways: [{ type: 'CIDR', value }] });
  const causes = (reply: Reply): string =>
    ((reply.body['errorCauses'] ?? []) as { errorSummary: string }[]).map((cause) => cause.errorSummary).join('\n');
  const from = (address: string, method: string, path: string, headers = {}, body?: unknown): Promise<Reply> =>
    send(server.url, method, path, { 'X-Forwarded-For': address, ...headers }, body);
  const blockedEvents = async (address: string): Promise<LogEvent[]> =>
    (
      await ana.get(
        `/api/v1/logs?${new URLSearchParams({
          filter: `eventType eq "security.request.blocked" and client.ipAddress eq "${address}"`,
          limit: '100',
        })}`,
      )
    ).body as unknown as LogEvent[];

  const DOORS: readonly (readonly [string, string, string, unknown?])[] = [
    ['the API, by session', 'GET', '/api/v1/users/me'],
    ['a change', 'POST', '/api/v1/groups', { profile: { name: 'never' } }],
    ['sign-in', 'POST', '/api/v1/authn', { username: 'ana@example.org' }],
    ['a new session', 'POST', '/api/v1/sessions', { sessionToken: 'x' }],
    ['tokens for apps', 'POST', '/oauth2/v1/token', {}],
    ['our own API', 'GET', '/sallyport/v1/session-binding'],
    ['the console', 'GET', '/'],
    ['the sign-in page', 'GET', '/sign-in'],
    ['the page of the own sessions', 'GET', '/me/sessions'],
    ['the check for proxies', 'GET', '/gateway/check'],
    ['the way to an app', 'GET', '/gateway/authorize?app=x'],
  ];
  it('stands before every door, whatever is brought', async () => {
    // What these doors answer otherwise is not this.
    for (const [door, method, path, body] of DOORS)
      expect([door, (await from(BAD, method, path, {}, body)).body['errorCode']]).not.toEqual([door, 'E0000006']);
    const session = { Cookie: `sid=${ana.cookie}` };
    await create(one(`${BAD}/32`));
    for (const [door, method, path, body] of DOORS)
      for (const credential of [{}, session, { Authorization: `SSWS ${token}` }]) {
        const reply = await from(BAD, method, path, credential, body);
        expect([door, reply.status]).toEqual([door, 403]);
      }
    // The session was not judged, so it was not ended for roaming; others go on.
    expect((await ana.get('/api/v1/users/me')).status).toBe(200);
    expect((await from(OWN, 'GET', '/api/v1/users/me', { Authorization: `SSWS ${token}` })).status).toBe(200);
  });

  it('is not stepped around by a header that cannot be read, which an appending proxy brings', async () => {
    const asked = (header: string): Promise<Reply> =>
      from(header, 'GET', '/api/v1/api-tokens/current', { Authorization: `SSWS ${token}` });
    const unreadable = [`${'192.0.2.1, '.repeat(500)}${BAD}`, 'not an address'];
    for (const header of unreadable) expect((await asked(header)).body['errorCode']).not.toBe('E0000006');
    await create(one(BAD));
    for (const header of unreadable) expect((await asked(header)).status).toBe(403);
    expect((await from(unreadable[0] ?? '', 'GET', '/sign-in')).status).toBe(403);
  });

  it('counts for the very next request, both ways', async () => {
    const asked = (): Promise<Reply> => from(BAD, 'GET', '/api/v1/users/me', { Authorization: `SSWS ${token}` });
    expect((await asked()).status).toBe(200);
    const id = await create(one(BAD));
    expect((await asked()).status).toBe(403);
    await ana.call('POST', `/api/v1/zones/${id}/lifecycle/deactivate`);
    expect((await asked()).status).toBe(200);
    await ana.call('POST', `/api/v1/zones/${id}/lifecycle/activate`);
    expect((await asked()).status).toBe(403);
    await ana.call('DELETE', `/api/v1/zones/${id}`);
    expect((await asked()).status).toBe(200);
  });

  it('may name networks; an exempt address passes, and only if every hop that is named is exempt', async () => {
    await create({ type: 'DYNAMIC', asns: ['64500'] });
    expect((await from(BAD, 'GET', '/sign-in')).status).toBe(403);
    expect((await from('203.0.113.1', 'GET', '/sign-in')).status).toBe(403);
    expect((await from(OWN, 'GET', '/sign-in')).status).toBe(200);
    const all = (await ana.get('/api/v1/zones?limit=200')).body as unknown as { id: string; name: string }[];
    const exempt = all.find(({ name }) => name === 'DefaultExemptIpZone');
    const exempting = (gateways: object[]) =>
      ana.call('PUT', `/api/v1/zones/${exempt?.id}`, {
        type: 'IP',
        name: 'DefaultExemptIpZone',
        gateways,
        useAsExemptList: true,
      });
    expect((await exempting([{ type: 'CIDR', value: BAD }])).status).toBe(200);
    expect((await from(BAD, 'GET', '/sign-in')).status).toBe(200);
    expect((await from('203.0.113.1', 'GET', '/sign-in')).status).toBe(403);
    // The proxy itself is a hop.
    await create(one('127.0.0.2'));
    expect((await exempting([])).status).toBe(200);
    expect((await from(BAD, 'GET', '/sign-in')).status).toBe(403);
  });

  it('sees through the proxies that it trusts itself', async () => {
    await create({ ...one('192.0.2.7'), proxies: [{ type: 'CIDR', value: '203.0.113.9' }] });
    expect((await from('192.0.2.7, 203.0.113.9', 'GET', '/sign-in')).status).toBe(403);
    expect((await from('192.0.2.8, 203.0.113.9', 'GET', '/sign-in')).status).toBe(200);
    // Nobody vouches for what stands beyond any other address.
    expect((await from('192.0.2.7, 203.0.113.8', 'GET', '/sign-in')).status).toBe(200);
  });

  it('tells a flood once at its begin and once with the count', async () => {
    const flooder = '203.0.113.77';
    await create(one(flooder));
    for (let i = 0; i < 25; i++) expect((await from(flooder, 'GET', '/sign-in')).status).toBe(403);
    const [first, ...others] = await blockedEvents(flooder);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ outcome: { result: 'DENY' }, client: { ipAddress: flooder } });
    await tellBlocked(server.services);
    expect(await blockedEvents(flooder)).toHaveLength(1);
    server.clock.advance(61);
    await tellBlocked(server.services);
    const told = await blockedEvents(flooder);
    expect(told.map(({ debugContext }) => debugContext.debugData['blockedRequests'])).toEqual(
      expect.arrayContaining(['24']),
    );
    expect(told).toHaveLength(2);
    expect((await from(flooder, 'GET', '/sign-in')).status).toBe(403);
    expect(await blockedEvents(flooder)).toHaveLength(3);
  });

  it('ends a stream that was open when its network was blocked', async () => {
    const other = '198.51.100.44';
    const roamer = ana.thief(other);
    const target = new URL(server.url);
    const ended = new Promise<string>((resolve, reject) => {
      let text = '';
      httpRequest(
        {
          host: '127.0.0.1',
          port: target.port,
          path: '/sallyport/v1/me/events',
          headers: { Host: target.host, ...roamer.headers() },
          agent: false,
        },
        (response) => {
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString();
            if (text.includes('event: open') && zones.length === 0) void create(one(other)).catch(reject);
          });
          response.on('end', () => resolve(text));
        },
      )
        .on('error', reject)
        .end();
    });
    expect(await ended).toContain('network-blocked');
    expect((await ana.get('/api/v1/users/me')).status).toBe(200);
  });

  describe('that would lock somebody out', () => {
    const byToken = (body: object): Promise<Reply> =>
      from(
        BAD,
        'POST',
        '/api/v1/zones',
        { Authorization: `SSWS ${token}` },
        {
          type: 'IP',
          name: `list ${made++}`,
          usage: 'BLOCKLIST',
          ...body,
        },
      );
    it.each<[string, object]>([
      ['its author', one(`${OWN}/24`)],
      ['the network of its author', { type: 'DYNAMIC', asns: ['64496'] }],
      ['all but another country', { type: 'DYNAMIC_V2', locations: { exclude: [{ country: 'JP' }] } }],
      ['the proxy in front', one('127.0.0.1')],
    ])('%s is refused, and nothing is kept', async (_, body) => {
      const before = (await ana.get('/api/v1/zones?limit=200')).body;
      const reply = await post(body);
      expect([reply.status, causes(reply)]).toEqual([400, expect.stringMatching(/it would lock you out/)]);
      expect((await ana.get('/api/v1/zones?limit=200')).body).toEqual(before);
      // Switched off it may be kept; it is switching it on that is refused.
      const id = await create({ ...body, status: 'INACTIVE' });
      const on = await ana.call('POST', `/api/v1/zones/${id}/lifecycle/activate`);
      expect([on.status, causes(on)]).toEqual([400, expect.stringMatching(/it would lock you out/)]);
    });
    it('is refused also when a harmless zone is made a blocklist', async () => {
      const id = await create({ ...one(OWN), usage: 'POLICY' });
      const reply = await ana.call('PUT', `/api/v1/zones/${id}`, {
        type: 'IP',
        name: `list ${made++}`,
        usage: 'BLOCKLIST',
        ...one(OWN),
      });
      expect(causes(reply)).toMatch(/it would lock you out/);
    });
    it('is refused when an address is taken out of the exempt zone that a blocklist names', async () => {
      const all = (await ana.get('/api/v1/zones?limit=200')).body as unknown as { id: string; name: string }[];
      const exempt = all.find(({ name }) => name === 'DefaultExemptIpZone');
      const exempting = (gateways: object[]) =>
        ana.call('PUT', `/api/v1/zones/${exempt?.id}`, {
          type: 'IP',
          name: 'DefaultExemptIpZone',
          gateways,
          useAsExemptList: true,
        });
      expect((await exempting([{ type: 'CIDR', value: OWN }])).status).toBe(200);
      const id = await create(one(`${OWN}/32`));
      expect(causes(await exempting([]))).toMatch(/it would lock you out/);
      expect((await ana.get('/api/v1/users/me')).status).toBe(200);
      await ana.call('POST', `/api/v1/zones/${id}/lifecycle/deactivate`);
      expect((await exempting([])).status).toBe(200);
    });
    it('every super admin who is signed in, by the hand of a machine elsewhere, is refused', async () => {
      const reply = await byToken(one(`${OWN}/24`));
      expect([reply.status, causes(reply)]).toEqual([400, expect.stringMatching(/nobody could undo it/)]);
      const harmless = await byToken(one('192.0.2.0/24'));
      expect(harmless.status, harmless.text).toBe(200);
      zones.push(String(harmless.body['id']));
      expect(causes(await byToken(one(BAD)))).toMatch(/it would lock you out/);
    });
  });
});
