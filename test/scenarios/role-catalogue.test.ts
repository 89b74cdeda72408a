/** Roles and resource sets as people read and write them: whole, with names, in one change. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

describe.each(ENGINES)('the catalogue of roles on %s', (engine) => {
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
    return reply.body as Record<string, unknown>;
  };
  const draft = (...permissions: readonly (string | [string, 'include' | 'exclude', ...string[]])[]) => ({
    label: `role ${count++}`,
    description: 'what it is for',
    permissions: permissions.map((one) =>
      typeof one === 'string'
        ? { permission: one }
        : { permission: one[0], condition: { kind: one[1], attributes: one.slice(2) } },
    ),
  });
  const chosen = (body: Record<string, unknown>) =>
    (body['permissions'] as { permission: string; isChosen: boolean; condition: unknown }[])
      .filter(({ isChosen }) => isChosen)
      .map(({ permission, condition }) => [permission, condition]);
  const eventsSince = async (seq: number) =>
    (
      await server.services.store.read
        .selectFrom('events')
        .select(['eventType', 'seq'])
        .where('seq', '>', seq)
        .where('eventType', 'like', 'iam.%')
        .orderBy('seq')
        .execute()
    ).map(({ eventType }) => eventType);
  const lastSeq = async () =>
    Number(
      (
        await server.services.store.read
          .selectFrom('events')
          .select((e) => e.fn.max('seq').as('seq'))
          .executeTakeFirst()
      )?.seq ?? 0,
    );

  it('a role is replaced as a whole, with an event for each kind of change and none for what stays', async () => {
    const made = ok(
      await ana.call('POST', '/sallyport/v1/roles', draft(['okta.users.read', 'include', 'city'], 'okta.groups.read')),
    );
    expect(chosen(made)).toEqual(
      [
        ['okta.users.read', { kind: 'include', attributes: ['city'] }],
        ['okta.groups.read', null],
      ].toSorted(),
    );
    const path = `/sallyport/v1/roles/${String(made['id'])}`;
    const before = await lastSeq();
    const next = { ...draft(['okta.users.read', 'exclude', 'ssn'], 'okta.apps.read'), label: made['label'] };
    const saved = ok(await ana.call('PUT', path, next));
    expect(chosen(saved)).toEqual([
      ['okta.apps.read', null],
      ['okta.users.read', { kind: 'exclude', attributes: ['ssn'] }],
    ]);
    expect(await eventsSince(before)).toEqual([
      'iam.role.permissions.delete',
      'iam.role.permissions.add',
      'iam.role.permission.conditions.add',
    ]);
    // What comes along with a permission is shown, and is not chosen.
    const all = saved['permissions'] as { permission: string; isChosen: boolean; condition: unknown }[];
    expect(all.find(({ permission }) => permission === 'okta.users.userprofile.read')).toMatchObject({
      isChosen: false,
      condition: { kind: 'exclude', attributes: ['ssn'] },
    });
    expect((await ana.get(`/api/v1/iam/roles/${String(made['id'])}/permissions`)).body).toMatchObject({
      permissions: [{ label: 'okta.apps.read' }, { label: 'okta.users.read' }],
    });
    const unchanged = await lastSeq();
    ok(await ana.call('PUT', path, next));
    expect(await eventsSince(unchanged)).toEqual([]);
  });

  it.each([
    ['what only standard roles hold', draft('okta.roles.manage')],
    ['what is no permission', draft('okta.users.fly')],
    ['a condition where there is none', draft(['okta.groups.read', 'include', 'name'])],
    ['two conditions for one permission', draft('okta.users.read', ['okta.users.read', 'include', 'city'])],
    ['no permission at all', draft()],
    ['the name of a standard role', { ...draft('okta.users.read'), label: 'super administrator' }],
    ['the type of a standard role', { ...draft('okta.users.read'), label: 'SUPER_ADMIN' }],
  ])('refuses %s, and nothing changes', async (_, body) => {
    const made = ok(await ana.call('POST', '/sallyport/v1/roles', draft('okta.users.read')));
    for (const [method, path] of [
      ['POST', '/sallyport/v1/roles'],
      ['PUT', `/sallyport/v1/roles/${String(made['id'])}`],
    ] as const) {
      const reply = await ana.call(method, path, body);
      expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
    }
    const after = ok(await ana.get(`/sallyport/v1/roles/${String(made['id'])}`));
    expect([after['label'], chosen(after)]).toEqual([made['label'], [['okta.users.read', null]]]);
  });

  it('of two who edit at once the second learns of the first', async () => {
    const made = ok(await ana.call('POST', '/sallyport/v1/roles', draft('okta.users.read')));
    const path = `/sallyport/v1/roles/${String(made['id'])}`;
    const etag = String((await ana.get(path)).headers['etag']);
    ok(await ana.call('PUT', path, draft('okta.users.read', 'okta.groups.read'), { 'If-Match': etag }));
    const late = await ana.call('PUT', path, draft('okta.apps.manage'), { 'If-Match': etag });
    expect(late.status).toBe(412);
    expect(chosen(ok(await ana.get(path))).map(([permission]) => permission)).toEqual([
      'okta.groups.read',
      'okta.users.read',
    ]);
  });

  it('says who holds it, over what, by whom; and nobody changes a standard role', async () => {
    const login = `lee${count++}@example.org`;
    const person = ok(await ana.call('POST', '/api/v1/users', { profile: { login, email: login } }));
    const group = ok(await ana.call('POST', '/api/v1/groups', { profile: { name: `team ${count++}` } }));
    ok(await ana.call('PUT', `/api/v1/groups/${String(group['id'])}/users/${String(person['id'])}`));
    const role = ok(await ana.call('POST', '/sallyport/v1/roles', draft('okta.users.read')));
    const set = ok(
      await ana.call('POST', '/api/v1/iam/resource-sets', {
        label: `set ${count++}`,
        description: '',
        resources: [`/api/v1/groups/${String(group['id'])}/users`, '/api/v1/apps'],
      }),
    );
    const given = { type: 'CUSTOM', role: role['id'], 'resource-set': set['id'] };
    ok(await ana.call('POST', `/api/v1/groups/${String(group['id'])}/roles`, given));
    ok(await ana.call('POST', `/api/v1/users/${String(person['id'])}/roles`, given));
    const detail = ok(await ana.get(`/sallyport/v1/roles/${String(role['label'])}`));
    expect(detail).toMatchObject({ kind: 'custom', people: 1, lastUpdatedBy: 'ana@example.org' });
    expect(detail['holders']).toMatchObject([
      { kind: 'group', people: 1, resourceSet: { label: set['label'] }, by: 'ana@example.org' },
      { kind: 'user', name: login, resourceSet: { label: set['label'] } },
    ]);
    expect(detail['never']).toContain('Create roles and decide who holds them');
    const sets = ok(await ana.get(`/sallyport/v1/resource-sets/${String(set['id'])}`));
    const name = (group['profile'] as { name: string }).name;
    expect(sets['resources']).toMatchObject([{ name: 'All apps' }, { name: `People in ${name}` }]);
    expect(sets['bindings']).toMatchObject([
      { role: { id: role['id'] }, holders: [{ kind: 'group' }, { name: login }] },
    ]);
    const standard = ok(await ana.get('/sallyport/v1/roles/SUPER_ADMIN'));
    expect(standard).toMatchObject({ kind: 'standard', label: 'Super Administrator', never: [], people: 1 });
    const refused = await ana.call('PUT', '/sallyport/v1/roles/SUPER_ADMIN', draft('okta.users.read'));
    expect(refused.status).toBe(404);
    const counted = ok(await ana.get('/sallyport/v1/roles')) as unknown as { id: string; people: number }[];
    expect(counted.find(({ id }) => id === String(role['id']))?.people).toBe(1);
  });

  it('a role is narrowed from its first moment, or not given at all', async () => {
    const login = `kim${count++}@example.org`;
    const person = ok(await ana.call('POST', '/api/v1/users', { profile: { login, email: login } }));
    const group = ok(await ana.call('POST', '/api/v1/groups', { profile: { name: `team ${count++}` } }));
    const path = `/api/v1/users/${String(person['id'])}/roles`;
    for (const [type, targets] of [
      ['HELP_DESK_ADMIN', {}],
      ['HELP_DESK_ADMIN', { groups: [] }],
      ['HELP_DESK_ADMIN', { groups: ['00gAAAAAAAAAAAAAAAAA'] }],
      ['HELP_DESK_ADMIN', { apps: [String(group['id'])] }],
      ['SUPER_ADMIN', { groups: [String(group['id'])] }],
    ] as const) {
      expect((await ana.call('POST', path, { type, targets })).status).toBeGreaterThanOrEqual(400);
      expect(ok(await ana.get(path))).toEqual([]);
    }
    const given = ok(await ana.call('POST', path, { type: 'HELP_DESK_ADMIN', targets: { groups: [group['id']] } }));
    expect(ok(await ana.get(`${path}/${String(given['id'])}/targets/groups`))).toMatchObject([{ id: group['id'] }]);
    const held = ok(await ana.get('/sallyport/v1/roles/HELP_DESK_ADMIN'))['holders'];
    expect(held).toMatchObject([{ name: login, targets: [(group['profile'] as { name: string }).name] }]);
  });

  it('compares two roles by what they really give', async () => {
    const [wide, narrow] = [
      ok(await ana.call('POST', '/sallyport/v1/roles', draft('okta.users.manage'))),
      ok(
        await ana.call('POST', '/sallyport/v1/roles', draft(['okta.users.read', 'include', 'city'], 'okta.apps.read')),
      ),
    ];
    const path = `/sallyport/v1/roles/${String(wide['id'])}/compared-with/${String(narrow['id'])}`;
    const comparison = ok(await ana.get(path)) as unknown as Record<string, { permission: string }[]>;
    const names = (part: string) => (comparison[part] ?? []).map(({ permission }) => permission);
    expect(names('onlyRight')).toEqual(['okta.apps.read']);
    expect(names('onlyLeft')).toContain('okta.users.lifecycle.delete');
    expect(names('otherCondition')).toEqual(['okta.users.read', 'okta.users.userprofile.read']);
    const self = ok(await ana.get(`/sallyport/v1/roles/ORG_ADMIN/compared-with/ORG_ADMIN`));
    expect([self['onlyLeft'], self['onlyRight'], self['otherCondition']]).toEqual([[], [], []]);
  });
});
