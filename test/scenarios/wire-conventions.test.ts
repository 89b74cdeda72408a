/** What every answer has, whatever it is about: a walk over the whole route table, as nobody, as a machine, and as an admin. */
import type { Route } from '@sallyport/api/define-route';
import { routes } from '@sallyport/api/routes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

/** An event stream never ends: what it begins with has a test of its own. */
const STREAMS = ['mySessions.events'];
const ALL = (routes as readonly Route[]).filter(({ name }) => !STREAMS.includes(name));

let server: TestServer;
let ana: Person;
let anaId = '';
beforeAll(async () => {
  server = await startTestServer();
  ana = await signedInAdmin(server);
  anaId = String((await ana.get('/api/v1/users/me')).body['id']);
});
beforeEach(async () => {
  server.clock.advance(30);
  expect((await ana.signIn()).status).toBe(200);
});
afterAll(() => server.stop());

const pathOf = ({ path }: Route): string => path.replace(/\{\w+\}/g, 'nothing0000000000001');
const ENVELOPE = ['errorCauses', 'errorCode', 'errorId', 'errorLink', 'errorSummary'];

const assertConventions = (reply: Reply, what: string): void => {
  const { headers } = reply;
  expect(headers['x-okta-request-id'], what).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number.isNaN(Date.parse(String(headers['date']))), what).toBe(false);
  expect(String(headers['cache-control']), what).toContain('no-store');
  expect(headers['x-content-type-options'], what).toBe('nosniff');
  for (const name of ['limit', 'remaining', 'reset'])
    expect(headers[`x-rate-limit-${name}`], `${what} ${name}`).toMatch(/^\d+$/);
  // Seconds since 1970, and the end of the window that is open now.
  const reset = Number(headers['x-rate-limit-reset']) * 1000 - server.clock.now();
  expect(reset, what).toBeGreaterThanOrEqual(0);
  expect(reset, what).toBeLessThanOrEqual(61_000);
  expect(Number(headers['x-rate-limit-remaining']), what).toBeLessThanOrEqual(Number(headers['x-rate-limit-limit']));
  if (reply.status < 400) return;
  expect(headers['content-type'], what).toContain('application/json');
  expect(reply.status, `${what} ${reply.text}`).toBeLessThan(500);
  // OAuth has an envelope of its own (RFC 6749 §5.2) for what it judges itself.
  if (what.startsWith('oauth') && 'error' in reply.body) {
    expect(Object.keys(reply.body).toSorted(), what).toEqual(['error', 'error_description']);
    return;
  }
  const fields = Object.keys(reply.body).filter((name) => name !== 'sallyport');
  expect(fields.toSorted(), what).toEqual(ENVELOPE);
  expect(reply.body['errorCode'], what).toMatch(/^E\d{7}$/);
  expect(reply.body['errorLink'], what).toBe(reply.body['errorCode']);
  expect(reply.body['errorId'], what).toMatch(/^oae\w{17}$/);
};

describe('every route', () => {
  it('as nobody: is refused with all of it, and its 401 says nothing else', async () => {
    for (const route of ALL) {
      server.clock.advance(1);
      const reply = await send(server.url, route.method, pathOf(route), { 'X-Forwarded-For': '198.51.100.77' });
      assertConventions(reply, route.name);
      if (route.access.kind === 'anonymous') continue;
      if (route.path.startsWith('/api/v1/sessions/me')) continue;
      expect([reply.status, reply.body['errorCode'], reply.body['errorCauses']], route.name).toEqual([
        401,
        'E0000011',
        [],
      ]);
    }
  });

  it('as an administrator who reads: has all of it, and counts what is left down', async () => {
    let before = Number.POSITIVE_INFINITY;
    for (const route of ALL.filter(({ method }) => method === 'GET')) {
      const reply = await ana.callOnce('GET', pathOf(route));
      assertConventions(reply, route.name);
      if (route.rateClass !== 'management') continue;
      const remaining = Number(reply.headers['x-rate-limit-remaining']);
      expect(remaining, route.name).toBeLessThan(before);
      before = remaining;
    }
  });

  it('as a machine that changes things that are not there: has all of it', async () => {
    const make = () =>
      createApiToken(server.services, hostPrincipal(server.services.random), {
        name: 'walk',
        ownerId: anaId,
        purpose: 'test',
        ttlSeconds: 3600,
        network: { connection: 'ANYWHERE' },
        protectedActions: [],
      });
    let { token } = await make();
    for (const route of ALL.filter(({ method }) => method !== 'GET')) {
      server.clock.advance(1);
      const reply = await send(
        server.url,
        route.method,
        pathOf(route),
        { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` },
        {},
      );
      assertConventions(reply, route.name);
      if (route.name === 'apiTokens.revokeCurrent') ({ token } = await make());
    }
  });

  it('a 429 says when it works again, with all of it', async () => {
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'busy',
      ownerId: anaId,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: [],
    });
    const call = (): Promise<Reply> =>
      send(server.url, 'GET', '/api/v1/logs?limit=0', {
        'X-Forwarded-For': '198.51.100.10',
        Authorization: `SSWS ${token}`,
      });
    const limit = Number((await call()).headers['x-rate-limit-limit']);
    for (let i = 1; i < limit; i += 50) await Promise.all(Array.from({ length: Math.min(50, limit - i) }, call));
    const over = await call();
    expect([over.status, over.body['errorCode'], over.headers['x-rate-limit-remaining']]).toEqual([
      429,
      'E0000047',
      '0',
    ]);
    assertConventions(over, '429');
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    server.clock.advance(Number(over.headers['retry-after']));
    expect((await call()).status).toBe(200);
  });

  it('the id of a request is that of its events', async () => {
    const made = await ana.call('POST', '/api/v1/groups', { profile: { name: 'wire' } });
    const [event] = (
      await ana.get(`/api/v1/logs?filter=${encodeURIComponent(`target.id eq "${String(made.body['id'])}"`)}`)
    ).body as unknown as { transaction: { id: string } }[];
    expect(event?.transaction.id).toBe(made.headers['x-okta-request-id']);
  });
});

describe('authenticators', () => {
  it('are listed with email first, the same ids each time, each with its methods', async () => {
    const list = (await ana.get('/api/v1/authenticators')).body as unknown as {
      id: string;
      type: string;
      key: string;
      status: string;
    }[];
    expect(list.map(({ key, status }) => `${key} ${status}`)).toEqual([
      'okta_email INACTIVE',
      'okta_password ACTIVE',
      'phone_number INACTIVE',
      'webauthn ACTIVE',
      'google_otp ACTIVE',
    ]);
    expect(list[0]?.type).toBe('email');
    for (const one of list) {
      expect(one.id).toMatch(/^aut[A-Za-z0-9]{17}$/);
      expect((await ana.get(`/api/v1/authenticators/${one.id}`)).body).toEqual(one);
      const [method] = (await ana.get(`/api/v1/authenticators/${one.id}/methods`)).body as unknown as {
        type: string;
        status: string;
      }[];
      expect(method?.status).toBe(one.status);
      expect((await ana.get(`/api/v1/authenticators/${one.id}/methods/${method?.type}`)).body).toEqual(method);
      expect((await ana.get(`/api/v1/authenticators/${one.id}/methods/push`)).status).toBe(404);
    }
    expect(list.map(({ type }) => type)).toEqual(['email', 'password', 'phone', 'security_key', 'app']);
    const phone = list.find(({ type }) => type === 'phone');
    const methods = (await ana.get(`/api/v1/authenticators/${phone?.id}/methods`)).body as unknown as object[];
    expect(methods).toMatchObject([
      { type: 'sms', status: 'INACTIVE' },
      { type: 'voice', status: 'INACTIVE' },
    ]);
    expect((await ana.get('/api/v1/authenticators/aut00000000000000000')).body['errorCode']).toBe('E0000007');
  });

  it('stay as they are but for codes of an app, and say why: no way in is taken away, and no weaker one added', async () => {
    const read = async () =>
      (await ana.get('/api/v1/authenticators')).body as unknown as { id: string; key: string; status: string }[];
    const before = await read();
    for (const { id, key, status } of before) {
      const path = `/api/v1/authenticators/${id}/lifecycle`;
      const [same, other] = status === 'ACTIVE' ? ['activate', 'deactivate'] : ['deactivate', 'activate'];
      expect((await ana.call('POST', `${path}/${same}`)).body).toMatchObject({ id, status });
      if (key === 'google_otp') continue;
      const refused = await ana.callOnce('POST', `${path}/${other}`);
      const expected = key === 'webauthn' ? [400, 'E0000219'] : [501, 'E0000060'];
      expect([refused.status, refused.body['errorCode']], key).toEqual(expected);
      expect(refused.text, key).toContain(`cannot be ${other}d`);
    }
    expect((await read()).map(({ status }) => status)).toEqual(before.map(({ status }) => status));
    const unknown = await ana.callOnce('POST', '/api/v1/authenticators/aut00000000000000000/lifecycle/activate');
    expect(unknown.body['errorCode']).toBe('E0000007');
  });
});

it('a feature links to what it needs and what needs it, and nothing does', async () => {
  const features = (await ana.get('/api/v1/features')).body as unknown as {
    _links: Record<string, { href: string }>;
  }[];
  expect(features.length).toBeGreaterThan(0);
  for (const { _links } of features)
    for (const name of ['dependents', 'dependencies']) {
      const reply = await ana.get(_links[name]?.href.slice(server.url.length) ?? '');
      expect([reply.status, reply.body], name).toEqual([200, []]);
    }
  expect((await ana.get('/api/v1/features/ftr00000000000000000/dependents')).status).toBe(404);
});
