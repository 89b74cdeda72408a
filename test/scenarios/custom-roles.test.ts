/** Custom roles over resource sets, targets of standard roles, and what no sequence of calls can reach. Both engines. */

import { routes } from '@sallyport/api/routes';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../../packages/decide/src/roles/authorize.ts';
import { isInScope } from '../../packages/decide/src/roles/scope.ts';
import { ApiError } from '../../packages/model/src/errors.ts';
import { PERMISSION_FACTS, PERMISSIONS, type Permission } from '../../packages/model/src/permissions.ts';
import type { Principal } from '../../packages/model/src/principal.ts';
import type { ScopeEntry, Selector } from '../../packages/model/src/rights.ts';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { deleteGroup, setMembership } from '../../packages/server/src/groups/manage-groups.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { userFacts } from '../../packages/server/src/roles/guard-user.ts';
import { scopeToSql } from '../../packages/server/src/roles/scope-to-sql.ts';
import { standingRights } from '../../packages/server/src/roles/standing-rights.ts';
import { changeLifecycle, createUser, listUsers } from '../../packages/server/src/users/manage-users.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const CUSTOM = PERMISSIONS.filter((permission) => PERMISSION_FACTS[permission].isFor === 'any-role');
const PROFILE = 'okta:ResourceAttribute/User/Profile';

describe.each(FIRST_ENGINE)('custom roles on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  const idOf = (reply: Reply): string => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return String(reply.body['id']);
  };
  const rows = (reply: Reply): Record<string, unknown>[] => reply.body as unknown as Record<string, unknown>[];
  const idsIn = (reply: Reply): string[] => rows(reply).map((row) => String(row['id']));
  const user = async (profile: Record<string, unknown> = {}): Promise<string> => {
    const login = `person${count++}@example.org`;
    return idOf(
      await ana.call('POST', '/api/v1/users?activate=true', {
        profile: { login, email: login, firstName: 'Test', lastName: 'Person', ...profile },
        credentials: { password: { value: 'correct horse battery staple' } },
      }),
    );
  };
  const group = async (...members: string[]): Promise<string> => {
    const id = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: `group ${count++}` } }));
    for (const member of members)
      expect((await ana.call('PUT', `/api/v1/groups/${id}/users/${member}`)).status).toBe(204);
    return id;
  };
  const role = async (permissions: readonly string[]): Promise<string> =>
    idOf(await ana.call('POST', '/api/v1/iam/roles', { label: `role ${count++}`, description: '', permissions }));
  const set = async (...resources: string[]): Promise<string> =>
    idOf(
      await ana.call('POST', '/api/v1/iam/resource-sets', {
        label: `set ${count++}`,
        description: '',
        resources: resources.map((path) => `${server.url}${path}`),
      }),
    );
  const give = (holder: string, roleId: string, setId: string): Promise<Reply> =>
    ana.call('POST', `/api/v1/users/${holder}/roles`, { type: 'CUSTOM', role: roleId, 'resource-set': setId });
  const tokenOf = async (ownerId: string) => {
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    const headers = { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` };
    return (method: string, path: string, body?: unknown, extra: Record<string, string> = {}): Promise<Reply> =>
      send(server.url, method, path, { ...headers, ...extra }, body);
  };
  /** Somebody who holds these permissions over these resources, as a caller. */
  const holder = async (permissions: readonly string[], ...resources: string[]) => {
    const id = await user();
    const [roleId, setId] = [await role(permissions), await set(...resources)];
    const given = await give(id, roleId, setId);
    expect(given.status, given.text).toBe(201);
    return { id, roleId, setId, assignmentId: String(given.body['id']), call: await tokenOf(id) };
  };
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('lets whoever changes policies learn of no membership and no person that they may not see', async () => {
    const [member, stranger, unseen] = [await user(), await user(), await user()];
    const secret = await group(member);
    const { name } = (await ana.get(`/api/v1/groups/${secret}`)).body['profile'] as unknown as { name: string };
    const policy = idOf(
      await ana.call('POST', '/api/v1/policies', { type: 'ACCESS_POLICY', name: `policy ${count++}` }),
    );
    const own = (path: string): string => `/sallyport/v1/policies/${policy}${path}`;
    const verificationMethod = { type: 'ASSURANCE', factorMode: '1FA' };
    const allow = { appSignOn: { access: 'ALLOW', verificationMethod } };
    const rules = (conditions: object) => [{ name: 'asks', conditions, actions: allow }];
    const guesses = [
      { people: { groups: { include: [secret] } } },
      { people: { groups: { exclude: [secret] } } },
      { elCondition: { condition: `user.isMemberOf({'group.id': '${secret}'})` } },
      { elCondition: { condition: `!user.isMemberOf({'group.profile.name': '${name}'})` } },
    ];
    const seen = [member, stranger].map((id) => `/api/v1/users/${id}`);
    const { call } = await holder(['okta.policies.manage', 'okta.users.read'], '/api/v1/policies', ...seen);
    const facts = (id: string) => ({ user: id, authenticators: 'verified-bound-key' });
    const told = async (conditions: object, id: string): Promise<string> => {
      const reply = await call('POST', '/sallyport/v1/what-if', {
        policy,
        draft: { rules: rules(conditions) },
        facts: facts(id),
      });
      expect(reply.status, reply.text).toBe(200);
      const { login } = (await ana.get(`/api/v1/users/${id}`)).body['profile'] as unknown as { login: string };
      const text = reply.text.replaceAll(id, 'somebody').replaceAll(login, 'somebody');
      return text.replaceAll(/"(?:at|observedAt)":"[^"]*"/g, '');
    };
    for (const conditions of guesses) {
      const [one, other] = [await told(conditions, member), await told(conditions, stranger)];
      expect(one).not.toContain('"verdict":"allow"');
      expect(one).toBe(other);
    }

    // Tests of a policy tell no more, by whomever they were written: as it is, by a draft, or by publishing it.
    const expected = 'allow';
    for (const id of [member, stranger, unseen])
      idOf(await ana.call('POST', own('/tests'), { name: `test ${id}`, facts: facts(id), expected }));
    const draft = await call('POST', own('/drafts'), { rules: rules(guesses[0] ?? {}) });
    const draftId = idOf(draft);
    const run = await call('POST', own('/tests/run'), { draft: draftId });
    expect(run.body).toMatchObject({ isPassed: false });
    const results = (reply: Reply) =>
      (reply.body['results'] as unknown as { name: string; verdict: string | null; sentence: string }[]).toSorted(
        (a, b) => a.name.localeCompare(b.name),
      );
    expect(results(run).map(({ verdict }) => verdict)).toEqual([null, null, null]);
    expect(run.text).toContain('groups that you may not see');
    expect(run.text).toContain('nobody whom you may see');
    for (const query of ['', '?dryRun=true']) {
      const tag = { 'If-Match': String(draft.headers['etag']) };
      const refused = await call('POST', own(`/drafts/${draftId}/publish${query}`), {}, tag);
      expect([refused.status, refused.body['errorCode']], refused.text).toEqual([400, 'E0000001']);
      expect(refused.text).toContain('It cannot be judged');
      expect(refused.text).not.toContain('denied');
    }
    // Whoever may see them all is told.
    const all = await ana.call('POST', own('/tests/run'), { draft: draftId });
    const passed = results(all).filter(({ verdict }) => verdict === 'allow');
    expect(passed.map((one) => one.name)).toEqual([`test ${member}`]);
    // With every account and the log to read, a draft is still no way to ask the past.
    const everyone = ['/api/v1/policies', '/api/v1/users', '/api/v1/logs'];
    const reader = await holder(['okta.policies.read', 'okta.users.read', 'okta.logs.read'], ...everyone);
    expect((await reader.call('POST', own('/replay'), {})).status).toBe(200);
    expect((await reader.call('POST', own('/replay'), { draft: draftId })).status).toBe(403);
  });

  it('keeps its holder to the resource set, in lists and pages as in single reads and changes', async () => {
    const [inside, other, outside] = [await user(), await user(), await user()];
    const own = await group(inside, other);
    const foreign = await group(outside);
    const { call } = await holder(
      ['okta.users.manage', 'okta.groups.read'],
      `/api/v1/groups/${own}`,
      `/api/v1/groups/${own}/users`,
    );
    const paged: string[] = [];
    for (let next: string | null = '/api/v1/users?limit=1'; next !== null; ) {
      const page: Reply = await call('GET', next);
      expect(page.status, page.text).toBe(200);
      paged.push(...idsIn(page));
      const link = /<([^>]+)>; rel="next"/.exec(String(page.headers['link']))?.[1];
      next = link === undefined ? null : new URL(link).pathname + new URL(link).search;
    }
    expect(paged.toSorted()).toEqual([inside, other].toSorted());
    expect(idsIn(await call('GET', '/api/v1/groups'))).toEqual([own]);
    expect((await call('GET', `/api/v1/users/${inside}`)).status).toBe(200);
    expect((await call('POST', `/api/v1/users/${inside}/lifecycle/suspend`)).status).toBe(200);
    for (const [method, path] of [
      ['GET', `/api/v1/users/${outside}`],
      ['GET', `/api/v1/groups/${foreign}`],
      ['GET', `/api/v1/groups/${foreign}/users`],
      ['POST', `/api/v1/users/${outside}/lifecycle/suspend`],
      ['DELETE', `/api/v1/users/${outside}`],
      ['DELETE', `/api/v1/users/${outside}/sessions`],
    ] as const)
      expect([method, path, (await call(method, path)).status]).toEqual([method, path, 404]);
    // Who is not seen is not told apart from who does not exist, by the login either.
    const { login } = (await ana.get(`/api/v1/users/${outside}`)).body['profile'] as unknown as { login: string };
    const hidden = await call('GET', `/api/v1/users/${login}`);
    const nobody = await call('GET', '/api/v1/users/nobody@example.org');
    expect(hidden.body['errorSummary']).toBe(String(nobody.body['errorSummary']).replace('nobody@example.org', login));
    // A newcomer comes into the group or not at all.
    const newcomer = { profile: { login: `new${count++}@example.org`, email: 'n@example.org' } };
    expect((await call('POST', '/api/v1/users', newcomer)).status).toBe(403);
    expect((await call('POST', '/api/v1/users', { ...newcomer, groupIds: [foreign, own] })).status).toBe(404);
    expect((await call('POST', '/api/v1/users', { ...newcomer, groupIds: [own] })).status).toBe(200);
  });

  it('shows of a profile what the condition reaches, and a search tells no more', async () => {
    const person = await user({ city: 'Oslo', ssn: '12-34', firstName: 'Quirin' });
    const { id, roleId, call } = await holder(['okta.groups.read'], '/api/v1/users');
    const conditions = { include: { [PROFILE]: ['city', 'lastName'] } };
    const path = `/api/v1/iam/roles/${roleId}/permissions/okta.users.read`;
    expect((await ana.call('POST', path, { conditions })).status).toBe(204);
    expect((await ana.get(path)).body).toMatchObject({ label: 'okta.users.read', conditions });
    const profile = (reply: Reply) => Object.keys(reply.body['profile'] as object).toSorted();
    expect(profile(await call('GET', `/api/v1/users/${person}`))).toEqual(['city', 'lastName', 'login']);
    const all = rows(await call('GET', '/api/v1/users?limit=200'));
    expect(all.length).toBeGreaterThan(1);
    for (const row of all) expect(Object.keys(row['profile'] as object)).not.toContain('firstName');
    for (const query of [
      'q=Quirin',
      'search=profile.firstName%20eq%20%22Quirin%22',
      'filter=profile.email%20sw%20%22person%22',
    ])
      expect(idsIn(await call('GET', `/api/v1/users?${query}`))).toEqual([]);
    expect(idsIn(await call('GET', '/api/v1/users?q=Person&limit=200'))).toContain(person);
    // The owner sees all of their own record.
    expect(profile(await call('GET', '/api/v1/users/me'))).toContain('firstName');
    expect(id).not.toBe(person);
  });

  it('writes of a profile what the condition reaches, and a replacement keeps the rest', async () => {
    const person = await user({ city: 'Oslo', ssn: '12-34' });
    const before = (await ana.get(`/api/v1/users/${person}`)).body['profile'] as Record<string, unknown>;
    const { roleId, call } = await holder(['okta.groups.read'], '/api/v1/users');
    const conditions = { exclude: { [PROFILE]: ['ssn'] } };
    expect(
      (await ana.call('POST', `/api/v1/iam/roles/${roleId}/permissions/okta.users.manage`, { conditions })).status,
    ).toBe(204);
    const refused = await call('POST', `/api/v1/users/${person}`, { profile: { ssn: '99-99' } });
    expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000006']);
    expect((await call('POST', `/api/v1/users/${person}`, { profile: { city: 'Bergen' } })).status).toBe(200);
    const { ssn, ...rest } = before;
    expect((await call('PUT', `/api/v1/users/${person}`, { profile: { ...rest, city: 'Tromsø' } })).status).toBe(200);
    expect((await ana.get(`/api/v1/users/${person}`)).body['profile']).toEqual({ ...rest, city: 'Tromsø', ssn });
  });

  it('an empty resource set gives nothing, by any route that reads', async () => {
    const { call } = await holder(CUSTOM.filter((permission) => permission !== 'okta.iam.read'));
    const someone = await user();
    const somewhere = await group(someone);
    const apps = rows(await ana.get('/api/v1/apps'));
    const policies = rows(await ana.get('/api/v1/policies?type=ACCESS_POLICY'));
    const zones = rows(await ana.get('/api/v1/zones'));
    const rules = rows(await ana.get(`/api/v1/policies/${String(policies[0]?.['id'])}/rules`));
    const sessions = rows(await ana.get('/sallyport/v1/sessions'));
    const names: Record<string, unknown> = {
      userId: someone,
      groupId: somewhere,
      appId: apps[0]?.['id'],
      policyId: policies[0]?.['id'],
      ruleId: rules[0]?.['id'],
      zoneId: zones[0]?.['id'],
      sessionId: sessions[0]?.['id'],
    };
    const asked = routes.filter(({ method, access }) => method === 'GET' && access.kind === 'admin');
    expect(asked.length).toBeGreaterThan(30);
    for (const { path, name } of asked) {
      const url = path.replace(/\{(\w+)\}/g, (_, key: string) => String(names[key] ?? 'x'));
      const reply = await call('GET', name === 'policies.list' ? `${url}?type=ACCESS_POLICY` : url);
      expect([name, reply.status === 403 || reply.status === 404 || reply.text === '[]']).toEqual([name, true]);
    }
  });

  it('never reaches what only super admins do, and its holder is managed by super admins alone', async () => {
    for (const permission of ['okta.roles.manage', 'okta.sessionBinding.manage', 'okta.nothing', '__proto__'])
      expect(
        (
          await ana.call('POST', '/api/v1/iam/roles', {
            label: `no ${permission}`,
            description: '',
            permissions: [permission],
          })
        ).status,
      ).toBe(400);
    const { id, roleId, setId, assignmentId, call } = await holder(CUSTOM, '/api/v1/users', '/api/v1/groups');
    const plain = await user();
    for (const [method, path, body] of [
      ['POST', `/api/v1/users/${plain}/roles`, { type: 'SUPER_ADMIN' }],
      ['POST', `/api/v1/users/${plain}/roles`, { type: 'CUSTOM', role: roleId, 'resource-set': setId }],
      ['POST', '/api/v1/iam/roles', { label: 'mine', description: '', permissions: ['okta.users.read'] }],
      ['POST', `/api/v1/iam/roles/${roleId}/permissions/okta.policies.manage`, undefined],
      ['PATCH', `/api/v1/iam/resource-sets/${setId}/resources`, { additions: ['/api/v1/policies'] }],
      ['POST', `/api/v1/iam/resource-sets/${setId}/bindings`, { role: roleId, members: [`/api/v1/users/${plain}`] }],
      ['DELETE', `/api/v1/users/${id}/roles/${assignmentId}`, undefined],
    ] as const)
      expect([method, path, (await call(method, path, body)).status]).toEqual([method, path, 403]);
    const helper = await tokenOf(await user());
    expect((await helper('GET', '/api/v1/users')).status).toBe(403);
    const second = await holder(['okta.users.manage', 'okta.groups.manage'], '/api/v1/users', '/api/v1/groups');
    const carried = await group();
    expect(
      (
        await ana.call('PATCH', `/api/v1/iam/resource-sets/${setId}/bindings/${roleId}/members`, {
          additions: [`${server.url}/api/v1/groups/${carried}`],
        })
      ).status,
    ).toBe(200);
    // By themselves, or through a group.
    expect((await second.call('POST', `/api/v1/users/${id}/lifecycle/suspend`)).status).toBe(403);
    expect((await second.call('PUT', `/api/v1/groups/${carried}/users/${plain}`)).status).toBe(403);
    expect((await ana.call('PUT', `/api/v1/groups/${carried}/users/${plain}`)).status).toBe(204);
    expect((await second.call('POST', `/api/v1/users/${plain}/lifecycle/suspend`)).status).toBe(403);
  });

  it('counts at the next request, and a deletion never widens a right', async () => {
    const inside = await user();
    const [own, vip] = [await group(inside), await group()];
    const { id, roleId, setId, call } = await holder(
      ['okta.users.read', 'okta.users.lifecycle.manage'],
      `/api/v1/groups/${own}/users`,
    );
    expect(idsIn(await call('GET', '/api/v1/users'))).toEqual([inside]);
    // The people of a group are left out: the group cannot go before the set says otherwise.
    const resources = `/api/v1/iam/resource-sets/${setId}/resources`;
    const orn = String(
      (rows({ body: (await ana.get(resources)).body['resources'] } as unknown as Reply)[0] ?? {})['orn'],
    );
    expect(orn).toMatch(/^orn:okta:directory:00o\w{17}:groups:00g\w{17}:contained_resources$/);
    const added = await ana.call('POST', resources, {
      resourceOrnOrUrl: `${server.url}/api/v1/users`,
      conditions: { Exclude: { 'okta:ORN': [orn.replace(own, vip)] } },
    });
    expect(added.status, added.text).toBe(200);
    expect((await ana.call('DELETE', `/api/v1/groups/${vip}`)).body['errorCode']).toBe('E0000001');
    expect((await ana.call('DELETE', `${resources}/${idOf(added)}`)).status).toBe(204);
    expect((await ana.call('DELETE', `/api/v1/groups/${vip}`)).status).toBe(204);
    expect((await ana.call('DELETE', `/api/v1/groups/${own}`)).status).toBe(204);
    expect((await call('GET', '/api/v1/users')).status).toBe(403);
    expect((await ana.call('DELETE', `/api/v1/iam/roles/${roleId}`)).status).toBe(204);
    expect(rows(await ana.get(`/api/v1/users/${id}/roles`))).toEqual([]);
  });

  it('targets narrow a standard role; one whose last target is deleted gives nothing', async () => {
    const [inside, outside] = [await user(), await user()];
    const [own, other] = [await group(inside), await group(outside)];
    const helper = await user();
    const assignment = idOf(await ana.call('POST', `/api/v1/users/${helper}/roles`, { type: 'HELP_DESK_ADMIN' }));
    const targets = `/api/v1/users/${helper}/roles/${assignment}/targets`;
    const call = await tokenOf(helper);
    expect(idsIn(await call('GET', '/api/v1/users?limit=200')).length).toBeGreaterThan(2);
    expect((await ana.call('PUT', `${targets}/groups/${own}`)).status).toBe(204);
    expect(idsIn(await ana.get(`${targets}/groups`))).toEqual([own]);
    expect(idsIn(await call('GET', '/api/v1/users'))).toEqual([inside]);
    expect((await call('DELETE', `/api/v1/users/${outside}/sessions`)).status).toBe(404);
    expect((await ana.call('PUT', `${targets}/groups/${other}`)).status).toBe(204);
    expect(idsIn(await call('GET', '/api/v1/users')).toSorted()).toEqual([inside, outside].toSorted());
    expect((await ana.call('DELETE', `${targets}/groups/${other}`)).status).toBe(204);
    expect((await ana.call('DELETE', `${targets}/groups/${own}`)).body['errorCode']).toBe('E0000001');
    expect((await ana.call('PUT', `${targets}/catalog/apps`)).body['errorCode']).toBe('E0000091');
    expect((await ana.call('DELETE', `/api/v1/groups/${own}`)).status).toBe(204);
    expect(idsIn(await call('GET', '/api/v1/users'))).toEqual([]);
  });

  it('nobody widens their own rights through who is in a group', async () => {
    const [inside, outside] = [await user(), await user()];
    const own = await group(inside);
    const { call } = await holder(
      ['okta.users.credentials.manage', 'okta.groups.members.manage', 'okta.groups.read'],
      `/api/v1/groups/${own}`,
      `/api/v1/groups/${own}/users`,
    );
    expect((await call('PUT', `/api/v1/groups/${own}/users/${outside}`)).status).toBe(404);
    const both = await holder(['okta.users.read', 'okta.users.groupMembership.manage'], '/api/v1/users');
    expect(
      (
        await give(
          both.id,
          await role(['okta.users.credentials.manage', 'okta.groups.members.manage']),
          await set(`/api/v1/groups/${own}`, `/api/v1/groups/${own}/users`),
        )
      ).status,
    ).toBe(201);
    const refused = await both.call('PUT', `/api/v1/groups/${own}/users/${outside}`);
    expect([refused.status, refused.text.includes('more over this person')]).toEqual([403, true]);
    expect((await both.call('DELETE', `/api/v1/groups/${own}/users/${inside}`)).status).toBe(204);
  });

  it('a list in SQL is the judgement, entry by entry', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => user()));
    const groups: string[] = [];
    for (const members of [[0, 1], [1, 2, 3], [4], []])
      groups.push(await group(...members.map((i) => people[i] ?? '')));
    const { store } = server.services;
    const id = fc.constantFrom(...people);
    const groupId = fc.constantFrom(...groups);
    const selector: fc.Arbitrary<Selector> = fc.oneof(
      fc.constant({ kind: 'user', by: 'all' } as const),
      id.map((one) => ({ kind: 'user', by: 'id', id: one }) as const),
      groupId.map((one) => ({ kind: 'user', by: 'group', groupId: one }) as const),
      fc.constant({ kind: 'group', by: 'all' } as const),
    );
    const scope: fc.Arbitrary<readonly ScopeEntry[]> = fc.array(
      fc.record({ selector, except: fc.array(selector, { maxLength: 3 }) }),
      { maxLength: 6 },
    );
    const facts = await Promise.all(people.map((one) => userFacts(store.read, one)));
    await fc.assert(
      fc.asyncProperty(scope, async (entries) => {
        const listed = await store.read
          .selectFrom('users')
          .select('id')
          .where(scopeToSql([entries], 'user'))
          .where('id', 'in', people)
          .orderBy('id')
          .execute();
        const judged = facts.filter((one) => isInScope(entries, one)).map((one) => one.id ?? '');
        expect(listed.map((row) => row.id)).toEqual(judged.toSorted());
      }),
      { numRuns: 150 },
    );
    // As wide as a set can be: a thousand entries that each leave something out.
    const wide = Array.from(
      { length: 1000 },
      (_, i): ScopeEntry => ({
        selector: { kind: 'user', by: 'group', groupId: `g${i}` },
        except: [{ kind: 'user', by: 'id', id: `u${i}` }],
      }),
    );
    expect(
      await store.read
        .selectFrom('users')
        .select('id')
        .where(scopeToSql([wide], 'user'))
        .execute(),
    ).toEqual([]);
  });

  it('no sequence of permitted calls gives its caller more over anybody than they held', async () => {
    const s = server.services;
    const people = await Promise.all(Array.from({ length: 4 }, () => user()));
    const { request } = hostPrincipal(s.random);
    const ON_PEOPLE = CUSTOM.filter((permission) => PERMISSION_FACTS[permission].on === 'user');
    const callable: readonly Permission[] = [
      'okta.users.manage',
      'okta.users.read',
      'okta.users.create',
      'okta.users.lifecycle.manage',
      'okta.users.credentials.manage',
      'okta.users.groupMembership.manage',
      'okta.groups.manage',
      'okta.groups.members.manage',
      'okta.groups.read',
    ];
    const part = fc.record({
      permissions: fc.subarray([...callable], { minLength: 1, maxLength: 5 }),
      resources: fc.subarray(['users', 'groups', 'g0', 'g1', 'in g0', 'in g1', 'all but g0'], { maxLength: 4 }),
    });
    const step = fc.record({
      verb: fc.constantFrom('add', 'remove', 'suspend', 'create', 'delete-group'),
      person: fc.nat(3),
      group: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        async (parts, steps) => {
          // A new minute has its own rate of requests.
          server.clock.advance(61);
          const groups = [await group(people[0] ?? ''), await group(people[1] ?? '', people[2] ?? '')];
          const actor = await user();
          for (const { permissions, resources } of parts) {
            const name = (text: string): string =>
              text.startsWith('in ')
                ? `/api/v1/groups/${groups[Number(text.at(-1))] ?? ''}/users`
                : text === 'users' || text === 'groups'
                  ? `/api/v1/${text}`
                  : `/api/v1/groups/${groups[Number(text.at(-1))] ?? ''}`;
            const setId = await set(...resources.filter((text) => text !== 'all but g0').map(name));
            if (resources.includes('all but g0') && !resources.includes('users')) {
              const { body } = await ana.get(`/api/v1/iam/assignees/users?limit=1`);
              const orn = String((body['value'] as { orn: string }[])[0]?.orn).split(':users:')[0] ?? '';
              await ana.call('POST', `/api/v1/iam/resource-sets/${setId}/resources`, {
                resourceOrnOrUrl: '/api/v1/users',
                conditions: { Exclude: { 'okta:ORN': [`${orn}:groups:${groups[0] ?? ''}:contained_resources`] } },
              });
            }
            expect((await give(actor, await role(permissions), setId)).status).toBe(201);
          }
          const principal = async (): Promise<Principal> => ({
            kind: 'token',
            userId: actor,
            tokenId: 'none',
            allowedActions: 'all',
            ...(await standingRights(s.store.read, actor)),
            request,
          });
          const power = async (): Promise<Set<string>> => {
            const now = await principal();
            const facts = await Promise.all(people.map((one) => userFacts(s.store.read, one)));
            return new Set(
              facts.flatMap((one) =>
                ON_PEOPLE.filter((permission) => authorize(now, permission, one).kind === 'allow').map(
                  (permission) => `${permission} ${one.id ?? ''}`,
                ),
              ),
            );
          };
          const before = await power();
          const grants = (await standingRights(s.store.read, actor)).grants.length;
          for (const { verb, person, group: which } of steps) {
            const [target, at] = [people[person] ?? '', groups[which] ?? ''];
            const now = await principal();
            const login = `made${count++}@example.org`;
            const act = {
              add: () => setMembership(s, now, at, target, true),
              remove: () => setMembership(s, now, at, target, false),
              suspend: () => changeLifecycle(s, now, target, 'suspend'),
              create: () => createUser(s, now, { profile: { login, email: login }, groupIds: [at] }, true),
              'delete-group': () => deleteGroup(s, now, at),
            }[verb];
            await act().catch((error: unknown) => {
              if (!(error instanceof ApiError)) throw error;
            });
          }
          const after = await power();
          expect([...after].filter((one) => !before.has(one))).toEqual([]);
          expect((await standingRights(s.store.read, actor)).grants.length).toBeLessThanOrEqual(grants);
          // What the list shows is what single reads allow.
          const now = await principal();
          const { users } = await listUsers(s, now, { limit: '200' });
          const facts = await Promise.all(users.map(({ id }) => userFacts(s.store.read, id)));
          for (const one of facts) expect(authorize(now, 'okta.users.read', one).kind).toBe('allow');
        },
      ),
      { numRuns: 12 },
    );
  });

  it('has the wire’s shapes, and writes down each change', async () => {
    const [person, team] = [await user(), await group()];
    const label = `Readers ${count++}`;
    const made = await ana.call('POST', '/api/v1/iam/roles', {
      label,
      description: 'd',
      permissions: ['okta.apps.assignment.manage'],
    });
    expect(made.body).toMatchObject({ label, isCloneable: false, description: 'd' });
    expect(String(made.headers['link'])).toContain('rel="self"');
    const roleId = idOf(made);
    expect(roleId).toMatch(/^cr0\w{17}$/);
    expect((await ana.get(`/api/v1/iam/roles/${encodeURIComponent(label)}`)).body['id']).toBe(roleId);
    expect((await ana.get(`/api/v1/iam/roles/${roleId}/permissions`)).body).toMatchObject({
      permissions: [{ label: 'okta.apps.assignment.manage', conditions: null }],
    });
    const setId = await set(
      '/api/v1/users',
      '/api/v1/apps',
      '/api/v1/policies?type=ACCESS_POLICY',
      '/api/v1/zones',
      '/api/v1/logs',
    );
    for (const resource of [
      '/api/v1/realms',
      '/api/v1/groups/00gNobodyNobodyNobod',
      'orn:okta:directory:00oSomebodyElse000000:users',
      'https://elsewhere.example/api/v1/users',
    ])
      expect(
        (await ana.call('PATCH', `/api/v1/iam/resource-sets/${setId}/resources`, { additions: [resource] })).status,
      ).toBe(400);
    const bound = await ana.call('POST', `/api/v1/iam/resource-sets/${setId}/bindings`, {
      role: roleId,
      members: [`${server.url}/api/v1/users/${person}`, `${server.url}/api/v1/groups/${team}`],
    });
    expect(bound.status, bound.text).toBe(200);
    const members = (await ana.get(`/api/v1/iam/resource-sets/${setId}/bindings/${roleId}/members`)).body[
      'members'
    ] as { id: string }[];
    expect(members.map(({ id }) => id.slice(0, 3))).toEqual(['irb', 'irb']);
    const held = rows(await ana.get(`/api/v1/users/${person}/roles`));
    expect(held).toMatchObject([
      { type: 'CUSTOM', label, role: roleId, 'resource-set': setId, assignmentType: 'USER' },
    ]);
    expect((await give(person, roleId, setId)).body['errorCode']).toBe('E0000090');
    const assignees = (await ana.get('/api/v1/iam/assignees/users?limit=200')).body['value'] as { id: string }[];
    expect(assignees.map(({ id }) => id)).toContain(person);
    expect((await ana.call('DELETE', `/api/v1/iam/resource-sets/${setId}/bindings/${roleId}`)).status).toBe(204);
    expect(rows(await ana.get(`/api/v1/users/${person}/roles`))).toEqual([]);
    const events = rows(await ana.get('/api/v1/logs?since=2020-01-01T00:00:00Z&limit=100&sortOrder=DESCENDING')).map(
      (event) => event['eventType'],
    );
    for (const event of [
      'iam.role.create',
      'iam.resourceset.create',
      'iam.resourceset.bindings.add',
      'iam.resourceset.bindings.delete',
      'user.account.privilege.grant',
      'group.privilege.revoke',
    ])
      expect(events).toContain(event);
  });

  it('no deletion gives anybody more, whatever is deleted in which order', async () => {
    const s = server.services;
    const people = await Promise.all(Array.from({ length: 3 }, () => user()));
    const host = hostPrincipal(s.random);
    const step = fc.record({
      what: fc.constantFrom('permission', 'entry', 'target', 'group', 'assignment', 'binding', 'role', 'set'),
      at: fc.nat(5),
    });
    const READ: readonly Permission[] = [
      'okta.users.read',
      'okta.users.lifecycle.manage',
      'okta.groups.members.manage',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        server.clock.advance(61);
        expect((await ana.signIn()).status).toBe(200);
        const groups = [await group(people[0] ?? ''), await group(people[1] ?? ''), await group(people[2] ?? '')];
        const [first, second] = [await user(), await user()];
        const roleId = await role(READ);
        const setId = await set(...groups.slice(0, 2).map((id) => `/api/v1/groups/${id}/users`));
        const orgId = String((await s.store.read.selectFrom('org').select('id').executeTakeFirstOrThrow()).id);
        // All but the people of the last group: without that group it would be all.
        const all = await ana.call('POST', `/api/v1/iam/resource-sets/${setId}/resources`, {
          resourceOrnOrUrl: '/api/v1/users',
          conditions: {
            Exclude: { 'okta:ORN': groups.map((id) => `orn:okta:directory:${orgId}:groups:${id}:contained_resources`) },
          },
        });
        expect(all.status, all.text).toBe(200);
        expect((await give(first, roleId, setId)).status).toBe(201);
        const helped = await ana.call('POST', `/api/v1/users/${second}/roles`, {
          type: 'HELP_DESK_ADMIN',
          targets: { groups: groups.slice(0, 2) },
        });
        const path = (owner: string): string => `/api/v1/users/${owner}/roles`;
        const power = async (): Promise<ReadonlySet<string>> => {
          const held = new Set<string>();
          for (const owner of [first, second]) {
            const now: Principal = {
              kind: 'token',
              userId: owner,
              tokenId: 'none',
              allowedActions: 'all',
              ...(await standingRights(s.store.read, owner)),
              request: host.request,
            };
            for (const one of people) {
              const facts = await userFacts(s.store.read, one);
              for (const permission of PERMISSIONS)
                if (authorize(now, permission, facts).kind === 'allow') held.add(`${owner} ${permission} ${one}`);
            }
          }
          return held;
        };
        const idsAt = async (list: string, key: string): Promise<string[]> =>
          (((await ana.get(list)).body[key] as { id: string }[] | undefined) ?? []).map(({ id }) => id);
        const pathOf = async (what: string, at: number): Promise<string> => {
          const resources = `/api/v1/iam/resource-sets/${setId}/resources`;
          switch (what) {
            case 'permission':
              return `/api/v1/iam/roles/${roleId}/permissions/${READ[at % READ.length] ?? ''}`;
            case 'entry': {
              const ids = await idsAt(resources, 'resources');
              return `${resources}/${ids[at % Math.max(1, ids.length)] ?? 'none'}`;
            }
            case 'target':
              return `${path(second)}/${String(helped.body['id'])}/targets/groups/${groups[at % 2] ?? ''}`;
            case 'group':
              return `/api/v1/groups/${groups[at % 3] ?? ''}`;
            case 'assignment':
              return `${path(second)}/${String(helped.body['id'])}`;
            case 'binding':
              return `/api/v1/iam/resource-sets/${setId}/bindings/${roleId}`;
            case 'role':
              return `/api/v1/iam/roles/${roleId}`;
            default:
              return `/api/v1/iam/resource-sets/${setId}`;
          }
        };
        let before = await power();
        for (const { what, at } of steps) {
          server.clock.advance(20);
          const reply = await ana.call('DELETE', await pathOf(what, at));
          expect([204, 400, 404]).toContain(reply.status);
          const after = await power();
          expect([...after].filter((one) => !before.has(one))).toEqual([]);
          before = after;
        }
        for (const id of [first, second])
          for (const { id: assignment } of rows(await ana.get(path(id))))
            await ana.call('DELETE', `${path(id)}/${String(assignment)}`);
        await ana.call('DELETE', `/api/v1/iam/roles/${roleId}`);
      }),
      { numRuns: 8 },
    );
  });
});

describe('the partition in the names of resources', () => {
  it('is written as it was configured, and read as either', async () => {
    const server = await startTestServer({ env: { SALLYPORT_ORN_PARTITION: 'oktapreview' } });
    try {
      const ana = await signedInAdmin(server);
      const { id } = (await ana.get('/api/v1/org')).body;
      const made = await ana.call('POST', '/api/v1/iam/resource-sets', {
        label: 'everybody',
        description: '',
        resources: [`orn:okta:directory:${id}:users`],
      });
      expect(made.status, made.text).toBe(200);
      const listed = await ana.get('/api/v1/iam/resource-sets/everybody/resources');
      expect(listed.body['resources']).toMatchObject([{ orn: `orn:oktapreview:directory:${id}:users` }]);
      expect((await ana.get('/sallyport/v1/resource-sets/everybody')).body).toMatchObject({
        resources: [{ orn: `orn:oktapreview:directory:${id}:users` }],
      });
    } finally {
      await server.stop();
    }
  });
});
