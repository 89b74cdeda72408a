/** Trusted origins: managed as clients manage them, and what a page of another origin can do with one, and cannot. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PATH = '/api/v1/trustedOrigins';
const HOME = '198.51.100.10';

describe.each(FIRST_ENGINE)('trusted origins on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let token = '';
  let n = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    const made = await ana.call('POST', '/api/v1/api-tokens', {
      name: 'page',
      purpose: 'test',
      network: { connection: 'ANYWHERE' },
    });
    token = String(made.body['token']);
  });
  beforeEach(async () => {
    server.clock.advance(30);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const bodyOf = (more: Record<string, unknown> = {}) => {
    n += 1;
    return { name: `site ${n}`, origin: `https://site${n}.example.org`, scopes: [{ type: 'CORS' }], ...more };
  };
  const make = async (more: Record<string, unknown> = {}): Promise<{ id: string; origin: string; name: string }> => {
    const made = await ana.call('POST', PATH, bodyOf(more));
    expect(made.status, made.text).toBe(200);
    return made.body as unknown as { id: string; origin: string; name: string };
  };
  const from = (
    origin: string,
    method: string,
    path: string,
    more: Record<string, string> = {},
    body?: unknown,
  ): Promise<Reply> =>
    send(
      server.url,
      method,
      path,
      { 'X-Forwarded-For': HOME, Origin: origin, 'Sec-Fetch-Site': 'same-site', ...more },
      body,
    );
  const asToken = () => ({ Authorization: `SSWS ${token}` });
  const asCookie = () => ({ Cookie: `sid=${ana.cookie ?? ''}`, 'User-Agent': ana.userAgent });
  const cors = (reply: Reply) => [
    reply.headers['access-control-allow-origin'],
    reply.headers['access-control-allow-credentials'],
  ];

  it('may be written as the address of a site, is kept so, and means the same', async () => {
    const { id, origin } = await make({ origin: 'https://slash.example.org/' });
    expect(origin).toBe('https://slash.example.org/');
    const page = await from('https://slash.example.org', 'GET', '/api/v1/users', asToken());
    expect(cors(page)[0]).toBe('https://slash.example.org');
    expect((await ana.call('POST', PATH, bodyOf({ origin: 'https://slash.example.org' }))).status).toBe(400);
    expect((await ana.call('POST', PATH, bodyOf({ origin: 'https://slash.example.org//' }))).status).toBe(400);
    expect((await ana.call('DELETE', `${PATH}/${id}`)).status).toBe(204);
  });

  it('is made, read, changed, switched and deleted in the shapes that clients know', async () => {
    const made = await make();
    expect(made).toMatchObject({
      id: expect.stringMatching(/^tos\w{17}$/),
      status: 'ACTIVE',
      scopes: [{ type: 'CORS' }],
      createdBy: expect.stringMatching(/^00u/),
    });
    expect((await ana.get(`${PATH}/${made.id}`)).body).toEqual(made);
    const off = await ana.call('POST', `${PATH}/${made.id}/lifecycle/deactivate`);
    expect([off.status, off.body['status'], Object.keys(off.body['_links'] as object).toSorted()]).toEqual([
      200,
      'INACTIVE',
      ['activate', 'self'],
    ]);
    const put = await ana.call('PUT', `${PATH}/${made.id}`, {
      name: made.name,
      origin: 'https://moved.example.org',
      scopes: [{ type: 'CORS' }, { type: 'REDIRECT' }],
    });
    // As the real service: a body without a status leaves it.
    expect(put.body).toMatchObject({ status: 'INACTIVE', origin: 'https://moved.example.org' });
    expect((await ana.call('POST', `${PATH}/${made.id}/lifecycle/activate`)).body['status']).toBe('ACTIVE');
    expect((await ana.call('DELETE', `${PATH}/${made.id}`)).status).toBe(204);
    expect((await ana.get(`${PATH}/${made.id}`)).body['errorCode']).toBe('E0000007');
    const told = (
      (
        await ana.get(
          `/api/v1/logs?filter=${encodeURIComponent(`target.id eq "${made.id}" and eventType sw "security.trusted_origin"`)}`,
        )
      ).body as unknown as { eventType: string }[]
    ).map(({ eventType }) => eventType.split('.').at(-1));
    expect(told).toEqual(['create', 'deactivate', 'update', 'activate', 'delete']);
  });

  it('is found by name, origin, status and scope, page by page', async () => {
    const names: string[] = [];
    for (let i = 0; i < 5; i += 1)
      names.push((await make({ name: `find-${engine}-${i}`, scopes: [{ type: i === 0 ? 'REDIRECT' : 'CORS' }] })).name);
    const list = async (query: string): Promise<string[]> =>
      ((await ana.get(`${PATH}?limit=200&${query}`)).body as unknown as { name: string }[])
        .map(({ name }) => name)
        .toSorted();
    expect(await list('q=FIND-')).toEqual(names);
    expect(await list(`filter=${encodeURIComponent(`name eq "${names[2]}"`)}`)).toEqual([names[2]]);
    expect(await list(`q=find-&filter=${encodeURIComponent('type eq "REDIRECT"')}`)).toEqual([names[0]]);
    expect(await list(`filter=${encodeURIComponent('status eq "INACTIVE"')}`)).toEqual([]);
    expect(await list('q=%25')).toEqual([]);
    expect((await ana.get(`${PATH}?filter=${encodeURIComponent('createdBy eq "x"')}`)).status).toBe(400);
    const seen: string[] = [];
    for (let next: string | null = `${PATH}?q=find-&limit=2`; next !== null; ) {
      const page: Reply = await ana.get(next);
      seen.push(...(page.body as unknown as { name: string }[]).map(({ name }) => name));
      const link = /<([^>]+)>; rel="next"/.exec(String(page.headers['link'] ?? ''))?.[1];
      next = link === undefined ? null : link.slice(server.url.length);
    }
    expect(seen.toSorted()).toEqual(names);
  });

  it.each([
    'example.org',
    'https://example.org/page',
    'https://example.org/path',
    'https://*.example.org',
    'https://EXAMPLE.org',
    'https://example.org:443',
    'null',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user@example.org',
  ])('no origin that a browser would not send: %s', async (origin) => {
    const before = (await ana.get(`${PATH}?limit=200`)).text;
    expect((await ana.call('POST', PATH, bodyOf({ origin }))).body['errorCode']).toBe('E0000001');
    expect((await ana.get(`${PATH}?limit=200`)).text).toBe(before);
  });

  it('the same name or origin twice is refused, and so is a scope that stands there twice', async () => {
    const made = await make();
    for (const more of [
      { name: made.name },
      { origin: made.origin },
      { scopes: [{ type: 'CORS' }, { type: 'CORS' }] },
      { scopes: [] },
    ])
      expect((await ana.call('POST', PATH, bodyOf(more))).status, JSON.stringify(more)).toBe(400);
  });

  it('a page of a trusted origin reads with a credential of its own, refusals too; a page of any other reads nothing', async () => {
    const { id, origin } = await make();
    const good = await from(origin, 'GET', '/api/v1/users?limit=1', asToken());
    expect([good.status, ...cors(good), good.headers['vary']]).toEqual([200, origin, undefined, 'Origin']);
    expect(String(good.headers['access-control-expose-headers'])).toContain('Link');
    const refused = await from(origin, 'GET', '/api/v1/users/nobody', asToken());
    expect([refused.status, ...cors(refused)]).toEqual([404, origin, undefined]);
    for (const other of [
      'https://evil.example.org',
      `${origin}.evil.example`,
      origin.toUpperCase(),
      `${origin}:8443`,
      'null',
    ])
      expect(cors(await from(other, 'GET', '/api/v1/users?limit=1', asToken())), other).toEqual([undefined, undefined]);
    expect((await ana.call('POST', `${PATH}/${id}/lifecycle/deactivate`)).status).toBe(200);
    expect(cors(await from(origin, 'GET', '/api/v1/users?limit=1', asToken()))).toEqual([undefined, undefined]);
  });

  it('by the cookie of whoever sits there it reads their own, never an administrator’s power, and changes nothing', async () => {
    const { origin } = await make();
    const own = await from(origin, 'GET', '/api/v1/users/me', asCookie());
    expect([own.status, ...cors(own)]).toEqual([200, origin, 'true']);
    for (const path of ['/api/v1/users?limit=1', '/api/v1/logs', '/api/v1/api-tokens', PATH])
      expect(cors(await from(origin, 'GET', path, asCookie())), path).toEqual([undefined, undefined]);
    const name = `csrf-${engine}`;
    const unsafe = await from(origin, 'POST', '/api/v1/groups', asCookie(), { profile: { name } });
    expect([unsafe.status, unsafe.body['errorCode']]).toEqual([403, 'E0000212']);
    expect((await from(origin, 'DELETE', '/api/v1/sessions/me', asCookie())).status).toBe(403);
    expect((await ana.get(`/api/v1/groups?q=${name}`)).body).toEqual([]);
    expect((await ana.get('/api/v1/sessions/me')).status).toBe(200);
  });

  it('a preflight tells what the path can, only to a trusted origin with the scope, and never lets cookies change anything', async () => {
    const { origin } = await make();
    const other = await make({ scopes: [{ type: 'REDIRECT' }] });
    const ask = (who: string, path: string, method: string): Promise<Reply> =>
      from(who, 'OPTIONS', path, {
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'authorization',
      });
    const allowed = await ask(origin, '/api/v1/zones/nzo1', 'PUT');
    expect([allowed.status, ...cors(allowed)]).toEqual([204, origin, undefined]);
    expect(String(allowed.headers['access-control-allow-methods']).split(', ').toSorted()).toEqual([
      'DELETE',
      'GET',
      'PUT',
    ]);
    expect(cors(await ask(origin, '/api/v1/users/me', 'GET'))).toEqual([origin, 'true']);
    for (const [who, path, method] of [
      [other.origin, '/api/v1/zones', 'POST'],
      ['https://evil.example.org', '/api/v1/zones', 'POST'],
      [origin, '/api/v1/zones', 'PATCH'],
      [origin, '/api/v1/nothing', 'GET'],
    ] as const) {
      const reply = await ask(who, path, method);
      expect([reply.status >= 400, ...cors(reply)], `${who} ${path}`).toEqual([true, undefined, undefined]);
    }
  });

  it('a lesser admin reads them, and changes none', async () => {
    const { id } = await make();
    const reader = await enrolPerson(server, ana, `reader-${engine}@example.org`, 'READ_ONLY_ADMIN');
    const call = reader.call.bind(reader);
    expect((await call('GET', `${PATH}/${id}`)).status).toBe(200);
    expect((await call('POST', PATH, bodyOf())).status).toBe(403);
    expect((await call('DELETE', `${PATH}/${id}`)).status).toBe(403);
    expect((await ana.get(`${PATH}/${id}`)).status).toBe(200);
  });
});
