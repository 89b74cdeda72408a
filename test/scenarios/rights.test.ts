/** Who may do what to whom, and which changes are refused because they would lock everybody out. Real HTTP, both engines. */

import type { LogEvent } from '@sallyport/model/log-event';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { tellOutsideUses } from '../../packages/server/src/api-tokens/outside-uses.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';

describe.each(ENGINES)('rights on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const idOf = (reply: Reply): string => String(reply.body['id']);
  const made = async (login: string, role?: string): Promise<string> => {
    const user = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
      credentials: { password: { value: PASSWORD } },
    });
    expect(user.status, user.text).toBe(200);
    if (role !== undefined)
      expect((await ana.call('POST', `/api/v1/users/${idOf(user)}/roles`, { type: role })).status).toBe(201);
    return idOf(user);
  };
  /** A token of somebody's, and a caller that uses it from an address. */
  const tokenOf = async (
    ownerId: string,
    network: Parameters<typeof createApiToken>[2]['network'] = { connection: 'ANYWHERE' },
    protectedActions: Parameters<typeof createApiToken>[2]['protectedActions'] = 'all',
  ) => {
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId,
      purpose: 'test',
      ttlSeconds: 3600,
      network,
      protectedActions,
    });
    return (method: string, path: string, body?: unknown, address = '198.51.100.10'): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': address, Authorization: `SSWS ${token}` }, body);
  };
  const anaId = async (): Promise<string> => idOf(await ana.get('/api/v1/users/me'));
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(5);
    ana.address = '198.51.100.10';
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('a lesser admin does not manage the holder of a role, by whatever way', async () => {
    const helper = await tokenOf(await made('helper@example.org', 'USER_ADMIN'));
    const target = await made('target@example.org', 'READ_ONLY_ADMIN');
    const plain = await made('plain@example.org');
    expect((await helper('POST', `/api/v1/users/${plain}/lifecycle/suspend`)).status).toBe(200);
    const refused: [string, string, unknown?][] = [
      ['POST', `/api/v1/users/${target}/lifecycle/suspend`],
      ['POST', `/api/v1/users/${target}/lifecycle/deactivate`],
      ['DELETE', `/api/v1/users/${target}`],
      ['POST', `/api/v1/users/${target}`, { credentials: { password: { value: 'another good pass phrase' } } }],
      ['PUT', `/api/v1/users/${target}`, { profile: { login: 'x@example.org', email: 'x@example.org' } }],
    ];
    for (const [method, path, body] of refused) {
      const reply = await helper(method, path, body);
      expect([method, path, reply.status, reply.body['errorCode']]).toEqual([method, path, 403, 'E0000006']);
    }
    // A group that carries a role would hand the role on.
    const group = await ana.call('POST', '/api/v1/groups', { profile: { name: `admins-${engine}` } });
    expect((await ana.call('POST', `/api/v1/groups/${idOf(group)}/roles`, { type: 'ORG_ADMIN' })).status).toBe(201);
    expect((await helper('PUT', `/api/v1/groups/${idOf(group)}/users/${plain}`)).status).toBe(403);
    expect(
      (
        await helper('POST', '/api/v1/users', {
          profile: { login: 'y@example.org', email: 'y@example.org' },
          groupIds: [idOf(group)],
        })
      ).status,
    ).toBe(403);
    expect((await helper('POST', `/api/v1/users/${plain}/roles`, { type: 'SUPER_ADMIN' })).status).toBe(403);
  });

  it('an org admin does not soften what guards super admins: console policy, binding, exempt zone', async () => {
    const call = await tokenOf(await made('org-admin@example.org', 'ORG_ADMIN'));
    const apps = (await ana.get('/api/v1/apps')).body as unknown as {
      name: string;
      _links: { accessPolicy: { href: string } };
    }[];
    const policyOf = (name: string): string =>
      new URL(apps.find((app) => app.name === name)?._links.accessPolicy.href ?? '').pathname;
    const rule = { name: 'anybody', actions: { appSignOn: { access: 'ALLOW' } } };
    const features = (await ana.get('/api/v1/features')).body as unknown as { id: string; name: string }[];
    const zones = (await ana.get('/api/v1/zones')).body as unknown as { id: string; name: string }[];
    const exempt = zones.find((zone) => zone.name === 'DefaultExemptIpZone');
    const refused: [string, string, unknown?][] = [
      ['POST', `${policyOf('saasure')}/rules`, rule],
      ['POST', `/api/v1/features/${features.find((feature) => feature.name.startsWith('ASN'))?.id ?? ''}/disable`],
      [
        'PUT',
        `/api/v1/zones/${exempt?.id ?? ''}`,
        { type: 'IP', name: exempt?.name, useAsExemptList: true, gateways: [{ type: 'CIDR', value: '0.0.0.0/0' }] },
      ],
      ['PUT', '/sallyport/v1/session-binding', { asnBinding: 'DISABLED', ipBinding: 'DISABLED' }],
      [
        'PUT',
        '/api/v1/first-party-app-settings/admin-console',
        { sessionIdleTimeoutMinutes: 720, sessionMaxLifetimeMinutes: 720 },
      ],
    ];
    for (const [method, path, body] of refused)
      expect([method, path, (await call(method, path, body)).status]).toEqual([method, path, 403]);
    const own = await call('POST', `${policyOf('okta_enduser')}/rules`, rule);
    expect(own.status, own.text).toBe(200);
    expect((await call('DELETE', `${policyOf('okta_enduser')}/rules/${idOf(own)}`)).status).toBe(204);
  });

  it('rights through a group count at the next request, and end with the membership', async () => {
    const person = await made('through@example.org');
    const call = await tokenOf(person);
    expect((await call('GET', '/api/v1/users')).status).toBe(403);
    const group = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: `readers-${engine}` } }));
    expect((await ana.call('POST', `/api/v1/groups/${group}/roles`, { type: 'READ_ONLY_ADMIN' })).status).toBe(201);
    expect((await ana.call('PUT', `/api/v1/groups/${group}/users/${person}`)).status).toBe(204);
    expect((await call('GET', '/api/v1/users')).status).toBe(200);
    expect((await call('POST', '/api/v1/groups', { profile: { name: 'x' } })).status).toBe(403);
    expect((await ana.call('DELETE', `/api/v1/groups/${group}/users/${person}`)).status).toBe(204);
    expect((await call('GET', '/api/v1/users')).status).toBe(403);
  });

  it('the last super admin able to sign in keeps the role, the account and the console', async () => {
    const id = await anaId();
    // Another super admin without a key is no help: they cannot sign in.
    await made(`spare-${engine}@example.org`, 'SUPER_ADMIN');
    const roles = (await ana.get(`/api/v1/users/${id}/roles`)).body as unknown as { id: string; type: string }[];
    const apps = (await ana.get('/api/v1/apps?filter=name%20eq%20%22saasure%22')).body as unknown as {
      _links: { accessPolicy: { href: string } };
    }[];
    const policy = new URL(apps[0]?._links.accessPolicy.href ?? '').pathname;
    const rules = (await ana.get(`${policy}/rules`)).body as unknown as {
      id: string;
      name: string;
      system: boolean;
      actions: unknown;
    }[];
    const own = rules.find((rule) => !rule.system);
    const attempts: [string, string, unknown?][] = [
      ['DELETE', `/api/v1/users/${id}/roles/${roles[0]?.id ?? ''}`],
      ['POST', `/api/v1/users/${id}/lifecycle/suspend`],
      ['POST', `/api/v1/users/${id}/lifecycle/deactivate`],
      ['DELETE', `/api/v1/users/${id}`],
      ['DELETE', `${policy}/rules/${own?.id ?? ''}`],
      ['POST', `${policy}/rules/${own?.id ?? ''}/lifecycle/deactivate`],
      ['POST', `${policy}/rules`, { name: 'deny all', priority: 0, actions: { appSignOn: { access: 'DENY' } } }],
      [
        'PUT',
        `${policy}/rules/${own?.id ?? ''}`,
        {
          name: 'nobody',
          actions: own?.actions,
          conditions: { people: { users: { include: [], exclude: [id] } } },
        },
      ],
    ];
    for (const [method, path, body] of attempts) {
      const reply = await ana.call(method, path, body);
      expect([method, path, reply.status, reply.text.includes('last super admin')]).toEqual([method, path, 403, true]);
    }
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(200);
    expect(((await ana.get(`${policy}/rules`)).body as unknown as unknown[]).length).toBe(rules.length);
  });

  it('the global session policy decides who gets a session and for how long, and cannot shut out the last super admin', async () => {
    const id = await made(`denied-${engine}@example.org`);
    const policies = (await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[];
    const rules = `/api/v1/policies/${policies[0]?.id ?? ''}/rules`;
    const start = async (): Promise<Reply> => {
      const begun = await send(
        server.url,
        'POST',
        '/api/v1/authn',
        { 'X-Forwarded-For': '198.51.100.10' },
        { username: `denied-${engine}@example.org`, password: PASSWORD },
      );
      if (begun.status !== 200) return begun;
      return send(
        server.url,
        'POST',
        '/api/v1/sessions',
        { 'X-Forwarded-For': '198.51.100.10' },
        { sessionToken: begun.body['sessionToken'] },
      );
    };
    const deny = (include: string[]) => ({
      name: 'deny',
      conditions: { people: { users: { include, exclude: [] } } },
      actions: { signon: { access: 'DENY' } },
    });
    const expiry = async (): Promise<number> =>
      Date.parse(String((await start()).body['expiresAt'])) - server.clock.now();
    expect(await expiry()).toBe(2 * 3_600_000);
    const rule = await ana.call('POST', rules, deny([id]));
    expect(rule.status, rule.text).toBe(200);
    expect([(await start()).status, (await start()).body['errorCode']]).toEqual([403, 'E0000085']);
    expect(
      (
        await ana.call('PUT', `${rules}/${idOf(rule)}`, {
          ...deny([id]),
          actions: {
            signon: { access: 'ALLOW', session: { maxSessionIdleMinutes: 30, maxSessionLifetimeMinutes: 60 } },
          },
        })
      ).status,
    ).toBe(200);
    expect(await expiry()).toBe(30 * 60_000);
    expect((await ana.call('PUT', `${rules}/${idOf(rule)}`, deny([await anaId()]))).text).toContain('last super admin');
    expect((await ana.call('DELETE', `${rules}/${idOf(rule)}`)).status).toBe(204);
  });

  it('a rule that is not understood is refused whole, and the catch-all cannot be taken away', async () => {
    const apps = (await ana.get('/api/v1/apps')).body as unknown as {
      name: string;
      _links: { accessPolicy: { href: string } };
    }[];
    const policy = new URL(apps.find((app) => app.name === 'okta_enduser')?._links.accessPolicy.href ?? '').pathname;
    const unknown = await ana.call('POST', `${policy}/rules`, {
      name: 'x',
      conditions: { elCondition: { condition: 'user.status == 1' } },
      actions: { appSignOn: { access: 'ALLOW' } },
    });
    expect([unknown.status, unknown.body['errorCode']]).toEqual([400, 'E0000001']);
    const catchAll = ((await ana.get(`${policy}/rules`)).body as unknown as { id: string; system: boolean }[]).find(
      (rule) => rule.system,
    );
    expect((await ana.call('DELETE', `${policy}/rules/${catchAll?.id ?? ''}`)).body['errorCode']).toBe('E0000111');
  });

  it('a token is refused outside of its network, with an event, and dies with its owner', async () => {
    const owner = await made('machine@example.org', 'READ_ONLY_ADMIN');
    const zone = idOf(
      await ana.call('POST', '/api/v1/zones', {
        type: 'IP',
        name: `office-${engine}`,
        gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
      }),
    );
    const call = await tokenOf(owner, { connection: 'ZONE', include: [zone] });
    expect((await call('GET', '/api/v1/users', undefined, '192.0.2.77')).status).toBe(200);
    const outside = await call('GET', '/api/v1/users', undefined, '203.0.113.9');
    expect([outside.status, outside.body['errorCode']]).toEqual([401, 'E0000011']);
    const events = (
      await ana.get(
        `/api/v1/logs?filter=${encodeURIComponent('eventType eq "system.api_token.request_outside_allowed_range"')}`,
      )
    ).body as unknown as { client: { ipAddress: string }; transaction: { detail: { requestApiTokenId: string } } }[];
    expect(events.filter(({ client }) => client.ipAddress === '203.0.113.9')).toMatchObject([
      {
        client: { ipAddress: '203.0.113.9' },
        transaction: { detail: { requestApiTokenId: expect.stringMatching(/^00T/) } },
      },
    ]);
    // A thief who tries again and again fills no log: a minute of one network is one event, and one with the number.
    for (let i = 0; i < 20; i += 1)
      expect((await call('GET', '/api/v1/users', undefined, `203.0.113.${10 + i}`)).status).toBe(401);
    expect((await call('GET', '/api/v1/users', undefined, '198.51.100.10')).status).toBe(401);
    const told = async () => {
      const filter = encodeURIComponent('eventType eq "system.api_token.request_outside_allowed_range"');
      const all = (await ana.get(`/api/v1/logs?filter=${filter}`)).body as unknown as LogEvent[];
      return all.map(({ client, debugContext }) => [
        client.ipAddress,
        debugContext.debugData['refusedRequests'] ?? null,
      ]);
    };
    await tellOutsideUses(server.services);
    expect(await told()).toEqual([
      ['203.0.113.9', null],
      ['198.51.100.10', null],
    ]);
    server.clock.advance(61);
    await tellOutsideUses(server.services);
    await tellOutsideUses(server.services);
    expect((await told()).slice(2)).toEqual([['203.0.113.29', '20']]);
    expect((await call('GET', '/api/v1/users', undefined, '203.0.113.9')).status).toBe(401);
    expect(await told()).toHaveLength(4);
    for (const [method, path] of [
      ['DELETE', `/api/v1/zones/${zone}`],
      ['POST', `/api/v1/zones/${zone}/lifecycle/deactivate`],
    ] as const)
      expect((await ana.call(method, path)).text).toContain('uses this zone');
    expect((await ana.call('POST', `/api/v1/users/${owner}/lifecycle/suspend`)).status).toBe(200);
    expect((await call('GET', '/api/v1/users', undefined, '192.0.2.77')).status).toBe(401);
    const loopback = await tokenOf(await anaId(), { connection: 'LOOPBACK' });
    expect((await loopback('GET', '/api/v1/users', undefined, '127.0.0.1')).status).toBe(200);
    expect((await loopback('GET', '/api/v1/users', undefined, '198.51.100.10')).status).toBe(401);
    const child = { name: 'child', purpose: 'x', network: { connection: 'ANYWHERE' } };
    const unnamed = await tokenOf(await anaId(), { connection: 'LOOPBACK' }, ['user.create']);
    const refused = await unnamed('POST', '/api/v1/api-tokens', child, '127.0.0.1');
    expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000092']);
  });

  it('a token made by a person is shown once, has a network from birth, and ends when revoked', async () => {
    expect((await ana.call('POST', '/api/v1/api-tokens', { name: 'siem', purpose: 'reads the log' })).status).toBe(400);
    const token = await ana.call('POST', '/api/v1/api-tokens', {
      name: 'siem',
      purpose: 'reads the log',
      network: { connection: 'ANYWHERE' },
    });
    expect(token.status, token.text).toBe(201);
    const secret = String(token.body['token']);
    expect((await ana.get(`/api/v1/api-tokens/${idOf(token)}`)).text).not.toContain(secret);
    const use = (): Promise<Reply> =>
      send(server.url, 'GET', '/api/v1/logs?limit=1', { Authorization: `SSWS ${secret}` });
    expect((await use()).status).toBe(200);
    expect((await ana.call('DELETE', `/api/v1/api-tokens/${idOf(token)}`)).status).toBe(204);
    expect((await use()).status).toBe(401);
    expect((await ana.get('/api/v1/logs?limit=1000')).text).not.toContain(secret);
  });

  it('a blocklist that would shut its author out is refused; another shuts strangers out before anything else', async () => {
    const own = await ana.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: `block-own-${engine}`,
      usage: 'BLOCKLIST',
      gateways: [{ type: 'RANGE', value: '198.51.100.1-198.51.100.50' }],
    });
    expect([own.status, own.text.includes('lock you out')]).toEqual([400, true]);
    const zone = await ana.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: `block-${engine}`,
      usage: 'BLOCKLIST',
      gateways: [{ type: 'CIDR', value: '203.0.113.0/24' }],
    });
    expect(zone.status, zone.text).toBe(200);
    const blocked = await send(
      server.url,
      'POST',
      '/api/v1/authn',
      { 'X-Forwarded-For': '203.0.113.5' },
      { username: 'x' },
    );
    expect([blocked.status, blocked.body['errorCode']]).toEqual([403, 'E0000006']);
    expect((await send(server.url, 'GET', '/sign-in', { 'X-Forwarded-For': '203.0.113.5' })).status).toBe(403);
    expect((await ana.call('DELETE', `/api/v1/zones/${idOf(zone)}`)).status).toBe(204);
    expect((await send(server.url, 'GET', '/sign-in', { 'X-Forwarded-For': '203.0.113.5' })).status).toBe(200);
  });

  it.each([
    [{ type: 'IP', name: 'x', gateways: [{ type: 'CIDR', value: '300.0.0.0/8' }] }],
    [{ type: 'IP', name: 'x', gateways: [{ type: 'RANGE', value: '192.0.2.9-192.0.2.1' }] }],
    [{ type: 'IP', name: 'x', gateways: [{ type: 'CIDR', value: '192.0.2.1-192.0.2.9' }] }],
    [{ type: 'DYNAMIC', name: 'x' }],
    [{ type: 'IP', name: '' }],
  ])('refuses the zone %j and changes nothing', async (body) => {
    const before = (await ana.get('/api/v1/zones')).text;
    const reply = await ana.call('POST', '/api/v1/zones', body);
    expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
    expect((await ana.get('/api/v1/zones')).text).toBe(before);
  });

  it('features are a view of the binding, and switching one is the same change', async () => {
    const features = (await ana.get('/api/v1/features')).body as unknown as {
      id: string;
      name: string;
      status: string;
    }[];
    const ip = features.find((feature) => feature.name === 'IP binding for Admin Console');
    expect(features.map((feature) => [feature.name, feature.status])).toContainEqual([
      'ASN binding for Admin Console',
      'ENABLED',
    ]);
    expect((await ana.call('POST', `/api/v1/features/${ip?.id ?? ''}/enable`)).body['status']).toBe('ENABLED');
    expect((await ana.get('/sallyport/v1/session-binding')).body['ipBinding']).toBe('ENFORCED');
    expect((await ana.call('POST', `/api/v1/features/${ip?.id ?? ''}/disable`)).body['status']).toBe('DISABLED');
    expect((await ana.call('POST', `/api/v1/features/${ip?.id ?? ''}/explode`)).status).toBe(404);
  });
});
