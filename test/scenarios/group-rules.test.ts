/** Rules that put people into groups: what they do, when they stop, and that nobody becomes an administrator by one. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const RULES = '/api/v1/groups/rules';
const SOON = { timeout: 20_000 };

describe.each(ENGINES)('group rules on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  const idOf = (reply: Reply): string => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return String(reply.body['id']);
  };
  const user = async (profile: Record<string, unknown> = {}): Promise<string> => {
    const login = `person${count++}@example.org`;
    return idOf(
      await ana.call('POST', '/api/v1/users', {
        profile: { login, email: login, ...profile },
        credentials: { password: { value: 'correct horse battery staple' } },
      }),
    );
  };
  const group = async (): Promise<string> =>
    idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: `group ${count++}` } }));
  const body = (value: string, groupIds: readonly string[], more: object = {}) => ({
    type: 'group_rule',
    name: `rule ${count++}`,
    conditions: { expression: { value, type: 'urn:okta:expression:1.0' }, ...more },
    actions: { assignUserToGroups: { groupIds } },
  });
  const rule = async (value: string, groupIds: readonly string[], more: object = {}): Promise<string> =>
    idOf(await ana.call('POST', RULES, body(value, groupIds, more)));
  const turn = async (id: string, verb: 'activate' | 'deactivate') =>
    expect((await ana.call('POST', `${RULES}/${id}/lifecycle/${verb}`)).status).toBe(204);
  const members = async (groupId: string): Promise<string[]> =>
    ((await ana.get(`/api/v1/groups/${groupId}/users`)).body as unknown as { id: string }[]).map(({ id }) => id);
  const isOver = async (): Promise<boolean> => {
    const { read } = server.services.store;
    const queued = await read.selectFrom('groupRuleQueue').select('userId').execute();
    const scanning = await read
      .selectFrom('groupRules')
      .select('id')
      .where('status', '=', 'ACTIVE')
      .where('scanCursor', 'is not', null)
      .execute();
    return queued.length + scanning.length === 0;
  };
  const settled = () => expect.poll(isOver, SOON).toBe(true);

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('puts in whom there is and whoever comes, takes out whom it no longer means, and leaves who was put in by hand', async () => {
    const [amy, bob, byHand] = [
      await user({ city: 'Oslo' }),
      await user({ city: 'Rome' }),
      await user({ city: 'Rome' }),
    ];
    const excluded = await user({ city: 'Oslo' });
    const target = await group();
    expect((await ana.call('PUT', `/api/v1/groups/${target}/users/${byHand}`)).status).toBe(204);
    const id = await rule('user.city=="Oslo"', [target], { people: { users: { exclude: [excluded] } } });
    expect((await ana.get(`${RULES}/${id}`)).body['status']).toBe('INACTIVE');
    await settled();
    expect(await members(target)).toEqual([byHand]);
    await turn(id, 'activate');
    await settled();
    expect((await members(target)).toSorted()).toEqual([amy, byHand].toSorted());
    const cleo = await user({ city: 'Oslo' });
    expect((await ana.call('POST', `/api/v1/users/${bob}`, { profile: { city: 'Oslo' } })).status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${amy}`, { profile: { city: 'Bergen' } })).status).toBe(200);
    await settled();
    expect((await members(target)).toSorted()).toEqual([bob, byHand, cleo].toSorted());
    const events = (
      await ana.get(`/api/v1/logs?${new URLSearchParams({ filter: `target.id eq "${id}"`, limit: '100' })}`)
    ).body as unknown as { eventType: string; actor: { displayName: string } }[];
    expect(events.map(({ eventType }) => eventType)).toEqual(
      expect.arrayContaining([
        'policy.rule.add',
        'group.user_membership.rule.trigger',
        'group.user_membership.add',
        'group.user_membership.remove',
      ]),
    );
    expect(events.find(({ eventType }) => eventType.endsWith('.remove'))?.actor.displayName).toContain('group-rules');

    // Switched off it does nothing, and takes nobody out; deleted with its people it does.
    await turn(id, 'deactivate');
    expect((await ana.call('POST', `/api/v1/users/${bob}`, { profile: { city: 'Rome' } })).status).toBe(200);
    await settled();
    expect((await members(target)).toSorted()).toEqual([bob, byHand, cleo].toSorted());
    expect((await ana.call('DELETE', `${RULES}/${id}?removeUsers=true`)).status).toBe(202);
    expect(await members(target)).toEqual([byHand]);
    expect((await ana.get(`${RULES}/${id}`)).status).toBe(404);
  });

  it('goes on after a restart where it stood', async () => {
    const target = await group();
    const people = [await user({ city: 'Turin' }), await user({ city: 'Turin' })];
    const id = await rule('String.startsWith(user.city, "Tur")', [target]);
    await turn(id, 'activate');
    await server.restart();
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
    await settled();
    expect((await members(target)).toSorted()).toEqual(people.toSorted());
  });

  it('judges by the groups that people gave, so that no rule undoes its own ground', async () => {
    const [source, target] = [await group(), await group()];
    const inside = await user({ city: 'Ghent' });
    expect((await ana.call('PUT', `/api/v1/groups/${source}/users/${inside}`)).status).toBe(204);
    const into = await rule(`isMemberOfAnyGroup("${source}") and !isMemberOfAnyGroup("${target}")`, [target]);
    await turn(into, 'activate');
    await settled();
    expect(await members(target)).toEqual([inside]);
    expect((await ana.call('DELETE', `/api/v1/groups/${source}/users/${inside}`)).status).toBe(204);
    await settled();
    expect(await members(target)).toEqual([]);
  });

  it('makes nobody an administrator', async () => {
    const [target, admins] = [await group(), await group()];
    expect((await ana.call('POST', `/api/v1/groups/${admins}/roles`, { type: 'READ_ONLY_ADMIN' })).status).toBe(201);
    const refused = await ana.call('POST', RULES, body('user.city=="Oslo"', [admins]));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('holds an admin role')]);
    const id = await rule('user.city=="Basel"', [target]);
    await turn(id, 'activate');
    const role = await ana.call('POST', `/api/v1/groups/${target}/roles`, { type: 'READ_ONLY_ADMIN' });
    expect([role.status, role.body['errorCode']]).toEqual([400, 'E0000192']);
    await turn(id, 'deactivate');
    expect((await ana.call('POST', `/api/v1/groups/${target}/roles`, { type: 'READ_ONLY_ADMIN' })).status).toBe(201);
    expect((await ana.call('POST', `${RULES}/${id}/lifecycle/activate`)).status).toBe(400);
    // However the role came there, the rule stops instead of filling the group.
    await server.services.store.transaction((tx) =>
      tx.updateTable('groupRules').set({ status: 'ACTIVE', scanCursor: '' }).where('id', '=', id).execute(),
    );
    await user({ city: 'Basel' });
    await expect.poll(async () => (await ana.get(`${RULES}/${id}`)).body['status'], SOON).toBe('INVALID');
    expect(await members(target)).toEqual([]);
  });

  it('is made by whoever may put anybody into any group, and by nobody who would gain by it', async () => {
    const target = await group();
    const holder = async (permissions: readonly string[], resources: readonly string[]) => {
      const id = await user();
      const label = `l${count++}`;
      const role = idOf(await ana.call('POST', '/api/v1/iam/roles', { label, description: '', permissions }));
      const urls = resources.map((path) => `${server.url}${path}`);
      const set = idOf(
        await ana.call('POST', '/api/v1/iam/resource-sets', { label, description: '', resources: urls }),
      );
      const given = await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'CUSTOM', role, 'resource-set': set });
      expect(given.status, given.text).toBe(201);
      return id;
    };
    const tokenOf = async (ownerId: string) => {
      const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: 'test',
        ownerId,
        purpose: 'test',
        ttlSeconds: 3600,
        network: { connection: 'ANYWHERE' },
        protectedActions: 'all',
      });
      return (method: string, path: string, input?: unknown): Promise<Reply> =>
        send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` }, input);
    };
    const everything = ['/api/v1/groups', '/api/v1/users'];
    const permissions = ['okta.groups.manage', 'okta.users.read', 'okta.users.groupMembership.manage'];
    const whole = await tokenOf(await holder(permissions, everything));
    expect((await whole('POST', RULES, body('user.city=="Oslo"', [target]))).status).toBe(200);
    const narrow = await tokenOf(await holder(permissions, [`/api/v1/groups/${target}`, '/api/v1/users']));
    expect((await narrow('POST', RULES, body('user.city=="Oslo"', [target]))).status).toBe(403);
    expect((await narrow('GET', RULES)).status).toBe(403);
    // Who may reset the passwords of one group's people would take anybody into it.
    const greedyId = await holder(permissions, everything);
    const role = idOf(
      await ana.call('POST', '/api/v1/iam/roles', {
        label: `l${count++}`,
        description: '',
        permissions: ['okta.users.credentials.resetPassword', 'okta.users.read'],
      }),
    );
    const set = idOf(
      await ana.call('POST', '/api/v1/iam/resource-sets', {
        label: `l${count++}`,
        description: '',
        resources: [`${server.url}/api/v1/groups/${target}/users`],
      }),
    );
    await ana.call('POST', `/api/v1/users/${greedyId}/roles`, { type: 'CUSTOM', role, 'resource-set': set });
    const greedy = await tokenOf(greedyId);
    expect((await greedy('POST', RULES, body('user.city=="Oslo"', [target]))).status).toBe(403);
    expect((await greedy('POST', RULES, body('user.city=="Oslo"', [await group()]))).status).toBe(200);
  });

  it('moves nobody into or out of what admits administrators asks for, unless a super admin makes it', async () => {
    const lee = await user();
    expect((await ana.call('POST', `/api/v1/users/${lee}/roles`, { type: 'ORG_ADMIN' })).status).toBe(201);
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId: lee,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    const byLee = (method: string, path: string, input?: unknown): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` }, input);
    const everybody = 'user.login!="nobody"';
    const named = async (): Promise<[id: string, name: string]> => {
      const name = `Travellers ${count++}`;
      return [idOf(await ana.call('POST', '/api/v1/groups', { profile: { name } })), name];
    };
    const [byPeople, people] = await named();
    const [byId] = await named();
    const [byName, name] = await named();
    const [free] = await named();
    const policies = (await ana.get('/api/v1/policies?type=ACCESS_POLICY')).body as unknown as {
      id: string;
      name: string;
    }[];
    const rules = `/api/v1/policies/${policies.find((policy) => policy.name === 'Admin Console')?.id}/rules`;
    const [first] = (await ana.get(rules)).body as unknown as { actions: unknown }[];
    const conditions = [
      { people: { groups: { include: [byPeople] } } },
      { elCondition: { condition: `user.isMemberOf({'group.id': '${byId}'})` } },
      { elCondition: { condition: `user.isMemberOf({"group.profile.name": "${name}"})` } },
    ];
    for (const asked of conditions)
      idOf(
        await ana.call('POST', rules, {
          name: `r ${count++}`,
          priority: 1,
          conditions: asked,
          actions: first?.actions,
        }),
      );
    for (const id of [byPeople, byId, byName]) {
      expect((await byLee('POST', RULES, body(everybody, [id]))).status).toBe(403);
      expect((await byLee('DELETE', `/api/v1/groups/${id}`)).status).toBe(403);
    }
    // Nor does another group take the name that is asked for, nor lose it.
    for (const [id, next] of [
      [byName, 'Others'],
      [free, name],
    ])
      expect((await byLee('PUT', `/api/v1/groups/${id}`, { profile: { name: next } })).status).toBe(403);
    expect((await byLee('PUT', `/api/v1/groups/${byName}`, { profile: { name, description: 'x' } })).status).toBe(200);
    expect((await byLee('POST', RULES, body(everybody, [free]))).status).toBe(200);
    // What a super admin's rule put in is not taken out by another.
    const made = await rule(everybody, [byPeople]);
    await turn(made, 'activate');
    await settled();
    expect(await members(byPeople)).toContain(lee);
    await turn(made, 'deactivate');
    expect((await byLee('DELETE', `${RULES}/${made}?removeUsers=true`)).status).toBe(403);
    expect((await ana.call('DELETE', `${RULES}/${made}?removeUsers=true`)).status).toBe(202);
    expect(people).not.toBe(name);
  });

  it('tells beforehand whom it would add, and changes nothing', async () => {
    const target = await group();
    const [one, two] = [await user({ city: 'Lima', firstName: 'Li' }), await user({ city: 'Lima' })];
    expect((await ana.call('PUT', `/api/v1/groups/${target}/users/${one}`)).status).toBe(204);
    const preview = (expression: string, groupIds = target, excludedUserIds = '') =>
      ana.get(`/sallyport/v1/group-rules/preview?${new URLSearchParams({ expression, groupIds, excludedUserIds })}`);
    const { body: found } = await preview('user.city=="Lima"');
    expect(found).toMatchObject({ matches: 2, adds: 1, sample: [{ id: two }] });
    expect(await members(target)).toEqual([one]);
    const { body: without } = await preview('user.city=="Lima"', target, `${two},00unobody`);
    expect(without).toMatchObject({ matches: 1, adds: 0, sample: [] });
    expect((await preview('user.city="Lima"')).text).toContain('The expression cannot be read at');
    expect((await preview('user.city=="Lima"', '00g0000000000000none')).status).toBe(400);
  });

  it.each([
    ['an expression that is none', { conditions: { expression: { value: 'true' } } }, 'is not understood'],
    [
      'a function that there is not',
      { conditions: { expression: { value: 'String.len(user.a)==4' } } },
      'not understood',
    ],
    ['another language', { conditions: { expression: { value: 'user.a==1', type: 'js' } } }, 'type'],
    ['no group', { actions: { assignUserToGroups: { groupIds: [] } } }, 'groupIds'],
    ['a group that there is not', { actions: { assignUserToGroups: { groupIds: ["' or 1=1"] } } }, 'there is no group'],
    [
      'groups left out',
      { conditions: { expression: { value: 'user.a==1' }, people: { groups: { exclude: ['x'] } } } },
      'exclude',
    ],
    ['a name too long', { name: 'x'.repeat(51) }, 'name'],
  ] as const)('refuses %s, and makes nothing', async (_, change, words) => {
    const before = (await ana.get(RULES)).text;
    const reply = await ana.call('POST', RULES, { ...body('user.city=="Oslo"', [await group()]), ...change });
    expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
    expect(reply.text).toContain(words);
    expect((await ana.get(RULES)).text).toBe(before);
  });

  it('an active rule is neither changed nor deleted; names are unique; names of groups come when asked for', async () => {
    const target = await group();
    const made = await ana.call('POST', RULES, body('user.city=="Oslo"', [target]));
    const path = `${RULES}/${idOf(made)}`;
    const name = String(made.body['name']);
    expect((await ana.call('POST', RULES, { ...body('user.a==1', [target]), name: name.toUpperCase() })).status).toBe(
      400,
    );
    await turn(idOf(made), 'activate');
    expect((await ana.call('PUT', path, { ...body('user.a==1', [target]), name })).status).toBe(400);
    expect((await ana.call('DELETE', path)).status).toBe(400);
    await turn(idOf(made), 'deactivate');
    expect((await ana.call('PUT', path, { ...body('user.a==1', [target]), name })).status).toBe(200);
    const { body: shown } = await ana.get(`${path}?expand=groupIdToGroupNameMap`);
    const { groupIdToGroupNameMap } = shown['_embedded'] as unknown as {
      groupIdToGroupNameMap: Record<string, string>;
    };
    expect(Object.keys(groupIdToGroupNameMap)).toEqual([target]);
    const { body: found } = await ana.get(`${RULES}?search=${encodeURIComponent(name.slice(2))}`);
    expect((found as unknown as { id: string }[]).map(({ id }) => id)).toContain(idOf(made));
  });

  it('groups have owners, who hold nothing by it', async () => {
    const [target, other, person] = [await group(), await group(), await user({ displayName: 'Olga' })];
    const path = `/api/v1/groups/${target}/owners`;
    expect((await ana.call('POST', path, { id: person, type: 'USER' })).status).toBe(201);
    expect((await ana.call('POST', path, { id: other, type: 'GROUP' })).status).toBe(201);
    expect((await ana.call('POST', path, { id: other, type: 'USER' })).body).toMatchObject({
      errorCode: 'E0000007',
      errorSummary: `Not found: Resource not found: ${other} (User)`,
    });
    expect((await ana.call('POST', path, { id: target, type: 'GROUP' })).status).toBe(400);
    const owners = async () => (await ana.get(path)).body as unknown as { id: string; displayName: string }[];
    expect((await owners()).map(({ id }) => id).toSorted()).toEqual([person, other].toSorted());
    expect((await owners()).find(({ id }) => id === person)).toMatchObject({
      displayName: 'Olga',
      type: 'USER',
      originType: 'OKTA_DIRECTORY',
    });
    expect((await ana.call('DELETE', `${path}/${other}`)).status).toBe(204);
    expect((await ana.call('DELETE', `${path}/${other}`)).status).toBe(404);
    await ana.call('POST', `/api/v1/users/${person}/lifecycle/deactivate`);
    expect((await ana.call('DELETE', `/api/v1/users/${person}`)).status).toBe(204);
    expect(await owners()).toEqual([]);
  });
});
