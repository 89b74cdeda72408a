/** Who can do what, by the one judgement; what was used of it, and the smallest role for that. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../packages/model/src/principal.ts';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import type { Store } from '../../packages/server/src/ports/store.ts';
import { createPermissionUse, markUsed, usesOf } from '../../packages/server/src/roles/permission-use.ts';
import { standingRights } from '../../packages/server/src/roles/standing-rights.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const DAY = 86_400_000;
const PASSWORD = { credentials: { password: { value: 'correct horse battery staple' } } };

describe.each(ENGINES)('access on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const ok = (reply: Reply): Record<string, unknown> => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.body;
  };
  const made = async (path: string, body: unknown): Promise<string> =>
    String(ok(await ana.call('POST', path, body))['id']);
  const person = async (): Promise<{ id: string; login: string }> => {
    const login = `p${count++}@example.org`;
    return { id: await made('/api/v1/users', { profile: { login, email: login }, ...PASSWORD }), login };
  };
  const callOf = async (ownerId: string) => {
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    return (method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Reply> =>
      send(
        server.url,
        method,
        path,
        { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}`, ...more },
        body,
      );
  };
  const who = async (permission: string, resource?: string) => {
    const query = new URLSearchParams({ permission, ...(resource === undefined ? {} : { resource }) });
    return ok(await ana.get(`/sallyport/v1/access/who?${query}`)) as unknown as {
      people: { login: string; by: { role: { label: string }; group: { name: string } | null }[] }[];
    };
  };
  const what = async (id: string) =>
    ok(await ana.get(`/sallyport/v1/access/what/${id}`)) as unknown as {
      recordedSince: string | null;
      can: {
        permission: string;
        by: { role: { label: string }; over: string[] }[];
        lastUsedAt: string | null;
        usedDays: number;
      }[];
      suggestion: Record<'permissions' | 'onlyStandard' | 'unused', { permission: string }[]>;
    };
  const names = (list: readonly { permission: string }[]): string[] => list.map(({ permission }) => permission);

  it('who can do this to that: whoever the judgement lets, by which role and group, and nobody else', async () => {
    const [holder, member, target, other] = [await person(), await person(), await person(), await person()];
    const scope = await made('/api/v1/groups', { profile: { name: `scope ${count++}` } });
    ok(await ana.call('PUT', `/api/v1/groups/${scope}/users/${target.id}`));
    const team = await made('/api/v1/groups', { profile: { name: `team ${count++}` } });
    ok(await ana.call('PUT', `/api/v1/groups/${team}/users/${member.id}`));
    const role = await made('/sallyport/v1/roles', {
      label: `front desk ${count++}`,
      description: '',
      permissions: [{ permission: 'okta.users.credentials.resetPassword' }, { permission: 'okta.users.read' }],
    });
    const set = await made('/api/v1/iam/resource-sets', {
      label: `set ${count++}`,
      description: '',
      resources: [`/api/v1/groups/${scope}/users`],
    });
    const custom = { type: 'CUSTOM', role, 'resource-set': set };
    ok(await ana.call('POST', `/api/v1/users/${holder.id}/roles`, custom));
    ok(await ana.call('POST', `/api/v1/groups/${team}/roles`, custom));
    const permission = 'okta.users.credentials.resetPassword';
    const logins = async (resource?: string) => (await who(permission, resource)).people.map(({ login }) => login);
    expect(await logins(`/api/v1/users/${target.id}`)).toEqual(['ana@example.org', holder.login, member.login]);
    expect(await logins(`/api/v1/users/${other.id}`)).toEqual(['ana@example.org']);
    expect(await logins('/api/v1/users')).toEqual(['ana@example.org']);
    // Whoever holds a role is managed by super admins alone, and by themselves.
    expect(await logins(`/api/v1/users/${holder.id}`)).toEqual(['ana@example.org']);
    expect(await logins()).toEqual(['ana@example.org', holder.login, member.login]);
    const through = (await who(permission, `/api/v1/users/${target.id}`)).people.find(
      ({ login }) => login === member.login,
    );
    expect(through?.by[0]?.group?.name).toMatch(/^team/);
    // The answer is what happens.
    const [one, two] = [await callOf(holder.id), await callOf(member.id)];
    for (const call of [one, two]) {
      expect((await call('GET', `/api/v1/users/${target.id}`)).status).toBe(200);
      expect((await call('GET', `/api/v1/users/${other.id}`)).status).toBe(404);
    }
    const held = await what(holder.login);
    expect(held.can.find((line) => line.permission === permission)?.by).toMatchObject([
      { over: [expect.stringMatching(/^People in scope/)] },
    ]);
  });

  it.each([
    ['what is no permission', 'permission=okta.users.fly', 400],
    ['a thing of another kind', 'permission=okta.users.read&resource=/api/v1/zones', 400],
    ['a thing that does not exist', 'permission=okta.users.read&resource=/api/v1/users/00uAAAAAAAAAAAAAAAAA', 404],
    ['an address of elsewhere', 'permission=okta.users.read&resource=https://evil.example/api/v1/users', 400],
  ])('refuses to answer about %s', async (_, query, status) => {
    expect((await ana.get(`/sallyport/v1/access/who?${query}`)).status).toBe(status);
  });

  it('is not told to whoever may not see roles', async () => {
    const { id } = await person();
    ok(await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'REPORT_ADMIN' }));
    const call = await callOf(id);
    for (const path of ['who?permission=okta.users.read', `what/${id}`])
      expect((await call('GET', `/sallyport/v1/access/${path}`)).status).toBe(403);
  });

  it('writes down what was used, not what was refused or polled, and proposes a role that still lets them', async () => {
    const [admin, target] = [await person(), await person()];
    ok(await ana.call('POST', `/api/v1/users/${admin.id}/roles`, { type: 'USER_ADMIN' }));
    const call = await callOf(admin.id);
    ok(await call('GET', '/api/v1/users'));
    ok(await call('POST', `/api/v1/users/${target.id}/lifecycle/suspend`));
    ok(await call('GET', '/api/v1/groups', undefined, { 'X-Sallyport-Background': '1' }));
    expect((await call('GET', '/api/v1/zones')).status).toBe(403);
    expect((await call('POST', `/api/v1/users/${target.id}/roles`, { type: 'SUPER_ADMIN' })).status).toBe(403);
    await server.services.permissionUse.flush();
    const before = await what(admin.id);
    const used = before.can.filter(({ lastUsedAt }) => lastUsedAt !== null);
    expect(names(used)).toContain('okta.users.read');
    expect(names(used)).not.toContain('okta.users.credentials.manage');
    expect(names(used)).not.toContain('okta.networkZones.read');
    expect(names(before.suggestion.unused)).toContain('okta.users.credentials.resetPassword');
    // One click makes the role; with it, and without the old one, they go on.
    const role = await made('/sallyport/v1/roles', {
      label: `small ${count++}`,
      description: '',
      permissions: before.suggestion.permissions.map(({ permission }) => ({ permission })),
    });
    const set = await made('/api/v1/iam/resource-sets', {
      label: `set ${count++}`,
      description: '',
      resources: ['/api/v1/users', '/api/v1/groups'],
    });
    ok(await ana.call('POST', `/api/v1/users/${admin.id}/roles`, { type: 'CUSTOM', role, 'resource-set': set }));
    const roles = ok(await ana.get(`/api/v1/users/${admin.id}/roles`)) as unknown as { id: string; type: string }[];
    const old = roles.find(({ type }) => type === 'USER_ADMIN');
    expect((await ana.call('DELETE', `/api/v1/users/${admin.id}/roles/${old?.id}`)).status).toBe(204);
    ok(await call('GET', '/api/v1/users'));
    const next = await person();
    ok(await call('POST', `/api/v1/users/${next.id}/lifecycle/suspend`));
    expect((await call('POST', `/api/v1/users/${next.id}/lifecycle/deactivate`)).status).toBe(403);
  });

  it('counts days, not requests; keeps 90 of them; and is there after a restart of the gathering', async () => {
    const { id } = await person();
    ok(await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' }));
    const now = server.clock.now();
    const day = Math.floor(now / DAY);
    await server.services.store.transaction(async (tx) => {
      for (const back of [0, 1, 89, 90, 91, 200])
        await tx
          .insertInto('permissionUses')
          .values({ userId: id, permission: 'okta.logs.read', day: day - back, lastUsedAt: now - back * DAY })
          .execute();
    });
    const line = (await what(id)).can.find(({ permission }) => permission === 'okta.logs.read');
    expect([line?.usedDays, line?.lastUsedAt]).toEqual([4, new Date(now).toISOString()]);
    const call = await callOf(id);
    for (let i = 0; i < 5; i += 1) ok(await call('GET', '/api/v1/logs?limit=1'));
    await server.services.permissionUse.flush();
    const rows = await server.services.store.read
      .selectFrom('permissionUses')
      .select('day')
      .where('userId', '=', id)
      .where('permission', '=', 'okta.logs.read')
      .where('day', '=', day)
      .execute();
    expect(rows).toHaveLength(1);
  });

  it('a use that could not be written is kept and written with the next', async () => {
    const { id } = await person();
    const { store, random, clock } = server.services;
    let isDown = true;
    const transaction: Store['transaction'] = (work) =>
      isDown ? Promise.reject(new Error('the disk is full')) : store.transaction(work);
    const use = createPermissionUse(Object.create(store, { transaction: { value: transaction } }) as Store, clock);
    const principal: Principal = {
      kind: 'token',
      userId: id,
      tokenId: 'none',
      allowedActions: 'all',
      ...(await standingRights(store.read, id)),
      request: { ...hostPrincipal(random).request, isBackground: false },
    };
    markUsed(principal, 'okta.logs.read');
    use.note(principal);
    await expect(use.flush()).rejects.toThrow('the disk is full');
    expect(await usesOf(store.read, id, clock.now())).toEqual([]);
    isDown = false;
    await use.flush();
    expect(await usesOf(store.read, id, clock.now())).toMatchObject([{ permission: 'okta.logs.read', days: 1 }]);
  });
});
