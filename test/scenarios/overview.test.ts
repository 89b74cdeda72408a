/** The overview, the list of admins, the use of tokens: each number is the length of its list, and nobody sees more than their role. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const DAY_SECONDS = 86_400;
const PASSWORD = 'correct horse battery staple';

describe.each(ENGINES)('overview on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const idOf = (reply: Reply): string => String(reply.body['id']);
  const made = async (login: string, role?: string, firstName = 'Test'): Promise<string> => {
    const user = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName, lastName: 'Person' },
      credentials: { password: { value: PASSWORD } },
    });
    expect(user.status, user.text).toBe(200);
    if (role !== undefined)
      expect((await ana.call('POST', `/api/v1/users/${idOf(user)}/roles`, { type: role })).status).toBe(201);
    return idOf(user);
  };
  const tokenOf = async (
    ownerId: string,
    name = 'test',
    network: Parameters<typeof createApiToken>[2]['network'] = { connection: 'ANYWHERE' },
    ttlSeconds: number | null = 3600,
  ) => {
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name,
      ownerId,
      purpose: 'test',
      ttlSeconds,
      network,
      protectedActions: [],
    });
    return (method: string, path: string, address = '198.51.100.10'): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': address, Authorization: `SSWS ${token}` });
  };
  const overview = async (): Promise<Reply> => {
    const reply = await ana.get('/sallyport/v1/overview');
    expect(reply.status, reply.text).toBe(200);
    return reply;
  };
  const partOf = async (part: string) =>
    ((await overview()).body['parts'] as Record<string, Record<string, number>>)[part] ?? {};
  const logins = (reply: Reply): string[] => reply.body.map((row) => (row as { login: string }).login);

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(5);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('counts whoever holds a role, through a group too, and each number is the length of its list', async () => {
    const lee = await made('lee@example.org', 'READ_ONLY_ADMIN', 'Lee');
    const kim = await made('kim@example.org', undefined, 'Kim');
    await made('plain@example.org');
    const group = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: `helpers-${engine}` } }));
    expect((await ana.call('POST', `/api/v1/groups/${group}/roles`, { type: 'HELP_DESK_ADMIN' })).status).toBe(201);
    expect((await ana.call('PUT', `/api/v1/groups/${group}/users/${kim}`)).status).toBe(204);

    const all = await ana.get('/sallyport/v1/admins');
    expect(logins(all).sort()).toEqual(['ana@example.org', 'kim@example.org', 'lee@example.org']);
    const people = await partOf('people');
    expect(people).toMatchObject({ admins: 3, superAdmins: 1, superAdminsAble: 1, ableToSignIn: 1, withoutKey: 2 });
    for (const [query, count] of [
      ['role=SUPER_ADMIN', people['superAdmins']],
      ['show=able', people['ableToSignIn']],
      ['show=one-key', people['withOneKey']],
      ['show=no-key', people['withoutKey']],
      ['show=never', people['neverSignedIn']],
    ] as const)
      expect([query, (await ana.get(`/sallyport/v1/admins?${query}`)).body.length]).toEqual([query, count]);

    const row = all.body.find((item) => (item as { login: string }).login === 'kim@example.org');
    expect(row).toMatchObject({
      name: 'Kim Person',
      status: 'ACTIVE',
      strongest: 'password',
      lastSignInAt: null,
      sessions: 0,
      roles: [
        { type: 'HELP_DESK_ADMIN', label: 'Help Desk Administrator', via: { id: group, name: `helpers-${engine}` } },
      ],
    });
    expect(logins(await ana.get('/sallyport/v1/admins?q=lee'))).toEqual(['lee@example.org']);
    expect(logins(await ana.get('/sallyport/v1/admins?q=KIM'))).toEqual(['kim@example.org']);
    // A wildcard is a letter like any other, and a key of the profile is not a name.
    for (const q of ['%25', '_', 'firstName', "'"])
      expect([q, (await ana.get(`/sallyport/v1/admins?q=${q}`)).body.length]).toEqual([q, 0]);

    const detail = await ana.get(`/sallyport/v1/admins/${(all.body[0] as { id: string }).id}`);
    expect(detail.status).toBe(200);
    const own = await ana.get(`/sallyport/v1/admins/${idOf(await ana.get('/api/v1/users/me'))}`);
    expect(own.body['factors']).toHaveLength(1);
    const live = own.body['liveSessions'] as unknown as { address: string; network: string }[];
    expect(live.length).toBe(own.body['sessions']);
    expect(live[0]).toMatchObject({ address: '198.51.100.10', network: 'AS64496 Example ISP' });
    expect(JSON.stringify(own.body)).not.toContain('tokenHash');
    // Somebody without a role, and somebody who is not there, answer alike.
    const plain = idOf(await ana.get('/api/v1/users/plain@example.org'));
    for (const id of [plain, '00u00000000000000000'])
      expect((await ana.get(`/sallyport/v1/admins/${id}`)).body['errorCode']).toBe('E0000007');
    expect((await ana.call('DELETE', `/api/v1/groups/${group}/users/${kim}`)).status).toBe(204);
    expect(logins(await ana.get('/sallyport/v1/admins'))).not.toContain('kim@example.org');
    expect(lee).not.toBe(kim);
  });

  it('gives the list page by page, each person once', async () => {
    const seen: string[] = [];
    let path: string | null = '/sallyport/v1/admins?limit=1';
    while (path !== null) {
      const reply: Reply = await ana.get(path);
      expect(reply.body.length).toBeLessThanOrEqual(1);
      seen.push(...logins(reply));
      const links = [reply.headers['link'] ?? []].flat().join(', ');
      path = /<([^>]+)>; rel="next"/.exec(links)?.[1]?.replace(server.url, '') ?? null;
    }
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen.sort()).toEqual(logins(await ana.get('/sallyport/v1/admins')).sort());
    for (const query of ['limit=0', 'limit=x', 'role=KING', 'show=everything'])
      expect([query, (await ana.get(`/sallyport/v1/admins?${query}`)).status]).toEqual([query, 400]);
  });

  it('tells whose tokens they are, from where they may be used and when they were; the counts are the lists', async () => {
    const lee = idOf(await ana.get('/api/v1/users/lee@example.org'));
    const use = await tokenOf(lee, 'nightly-export');
    await tokenOf(lee, 'local-only', { connection: 'LOOPBACK' }, 90 * DAY_SECONDS);
    expect((await use('GET', '/api/v1/users/me')).status).toBe(200);
    const list = await ana.get('/sallyport/v1/api-tokens');
    const byName = Object.fromEntries(list.body.map((row) => [(row as { name: string }).name, row])) as Record<
      string,
      Record<string, unknown>
    >;
    expect(byName['nightly-export']).toMatchObject({
      owner: { login: 'lee@example.org', name: 'Lee Person' },
      network: { words: 'anywhere', isAnywhere: true },
      lastUsedFrom: { address: '198.51.100.10', network: 'as64496' },
    });
    expect(byName['local-only']).toMatchObject({
      network: { words: 'this host only', isAnywhere: false },
      lastUsedAt: null,
    });
    expect(list.text).not.toContain('tokenHash');
    const tokens = await partOf('tokens');
    expect(tokens['active']).toBe(list.body.length);
    for (const show of ['anywhere', 'unused', 'expiring'])
      expect([show, (await ana.get(`/sallyport/v1/api-tokens?show=${show}`)).body.length]).toEqual([
        show,
        tokens[show],
      ]);
    expect((await ana.get('/sallyport/v1/api-tokens?q=NIGHT')).body.length).toBe(1);
    expect((await ana.get('/sallyport/v1/api-tokens?q=lee@')).body.length).toBe(2);
    expect((await ana.get('/sallyport/v1/api-tokens?q=%25')).body.length).toBe(0);
  });

  it('a session that was ended by binding, a wrong key and "not me" show at once, under the filter of the link', async () => {
    const before = await partOf('activity');
    expect((await ana.thief('203.0.113.7').get('/api/v1/users/me')).status).toBe(401);
    expect((await ana.signIn()).status).toBe(200);
    const activity = await partOf('activity');
    const sum = (hours: unknown): number => (hours as number[]).reduce((a, b) => a + b, 0);
    expect(sum(activity['endedByBinding'])).toBe(sum(before['endedByBinding']) + 1);
    expect((activity['endedByBinding'] as unknown as number[]).at(-1)).toBeGreaterThan(0);
    const filters = activity['filters'] as unknown as Record<string, string>;
    const since = new Date(server.clock.now() - DAY_SECONDS * 1000).toISOString();
    for (const [filter, count] of [
      [filters['endedByBinding'], sum(activity['endedByBinding'])],
      [filters['deniedSignIns'], activity['deniedSignIns']],
    ] as const) {
      const events = await ana.get(
        `/api/v1/logs?sortOrder=DESCENDING&limit=1000&since=${since}&filter=${encodeURIComponent(String(filter))}`,
      );
      expect([filter, events.body.length]).toEqual([filter, count]);
    }
    const findings = (await overview()).body['findings'] as unknown as { kind: string }[];
    expect(findings.map(({ kind }) => kind)).toContain('sessions-roamed');
  });

  it('leaves out, by name, what a role may not see, and is nothing for somebody without one', async () => {
    const reporter = await tokenOf(await made('rep@example.org', 'REPORT_ADMIN'));
    const reply = await reporter('GET', '/sallyport/v1/overview');
    expect(reply.status).toBe(200);
    const parts = reply.body['parts'] as unknown as Record<string, unknown>;
    expect(
      Object.entries(parts)
        .filter(([, value]) => value !== null)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['activity', 'log']);
    const missing = reply.body['missing'] as unknown as { part: string; permission: string }[];
    expect(missing.map(({ part }) => part).sort()).toEqual(['binding', 'network', 'people', 'sessions', 'tokens']);
    expect(missing).toContainEqual({ part: 'people', permission: 'okta.roles.read' });
    // No finding of a part that was left out: that would tell what the part would have told.
    const kinds = (reply.body['findings'] as unknown as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.filter((kind) => !/^(no-checkpoint|checkpoint|outbox|sessions-roamed|not-me)/.test(kind))).toEqual([]);
    for (const path of ['/sallyport/v1/admins', '/sallyport/v1/api-tokens', '/sallyport/v1/setup/progress'])
      expect([path, (await reporter('GET', path)).status]).toEqual([path, 403]);
    const nobody = await tokenOf(idOf(await ana.get('/api/v1/users/plain@example.org')));
    for (const path of ['/sallyport/v1/overview', '/sallyport/v1/admins', '/sallyport/v1/api-tokens'])
      expect([path, (await nobody('GET', path)).status]).toEqual([path, 403]);
    expect((await send(server.url, 'GET', '/sallyport/v1/overview', {})).status).toBe(401);
  });

  it('sees a forwarding header that nobody reads', async () => {
    const count = async (): Promise<number> => Number((await partOf('network'))['ignoredHeaders']);
    const before = await count();
    await ana.get('/api/v1/users/me', { Forwarded: 'for=203.0.113.9' });
    expect(await count()).toBe(before + 1);
  });

  it('does not move the idle clock when it is polled in the background', async () => {
    const idle = async (): Promise<string> => {
      const me = await ana.get('/sallyport/v1/me', { 'X-Sallyport-Background': '1' });
      return (me.body['session'] as unknown as { idleEndsAt: string }).idleEndsAt;
    };
    const before = await idle();
    server.clock.advance(60);
    expect((await ana.get('/sallyport/v1/overview', { 'X-Sallyport-Background': '1' })).status).toBe(200);
    expect(await idle()).toBe(before);
  });
});
