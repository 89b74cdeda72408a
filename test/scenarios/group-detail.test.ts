/** A group as its page shows it: who is in it and why, and what somebody of little power may not see or do. Both engines. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { makeMachine } from '../harness/machine.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Member {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly by: { readonly kind: string; readonly name: string | null; readonly isOn: boolean };
  readonly refusal: string | null;
}

describe.each(ENGINES)('the detail of a group on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let [ops, desk, everyone] = ['', '', ''];
  const people = new Map<string, string>();
  const made = async (path: string, body: unknown): Promise<string> => {
    const reply = await ana.call('POST', path, body);
    expect(reply.status, reply.text).toBeLessThan(300);
    return String(reply.body['id']);
  };
  const user = (name: string, department: string): Promise<string> =>
    made('/api/v1/users', {
      profile: {
        login: `${name}@example.org`,
        email: `${name}@example.org`,
        firstName: name,
        lastName: 'T',
        department,
      },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
  const put = async (groupId: string, name: string): Promise<void> => {
    const reply = await ana.call('PUT', `/api/v1/groups/${groupId}/users/${people.get(name)}`);
    expect(reply.status, reply.text).toBe(204);
  };
  const detail = (id: string): string => `/sallyport/v1/groups/${id}`;
  const membersIn = (reply: Reply): Member[] => {
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as Member[];
  };
  const members = async (id: string, query = ''): Promise<Member[]> =>
    membersIn(await ana.get(`${detail(id)}/members${query}`));

  /** Somebody who holds these permissions over these resources, as a caller. */
  const holder = async (name: string, permissions: readonly string[], ...resources: string[]) => {
    const id = await user(name, 'None');
    const roleId = await made('/api/v1/iam/roles', { label: `role of ${name}`, description: '', permissions });
    const set = { label: `set of ${name}`, description: '', resources: resources.map((path) => server.url + path) };
    const setId = await made('/api/v1/iam/resource-sets', set);
    await made(`/api/v1/users/${id}/roles`, { type: 'CUSTOM', role: roleId, 'resource-set': setId });
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId: id,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    return (method: string, path: string): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` });
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    for (const [name, department] of [
      ['amy', 'Ops'],
      ['bob', 'Ops'],
      ['cai', 'Sales'],
      ['dan', 'Sales'],
    ] as const)
      people.set(name, await user(name, department));
    ops = await made('/api/v1/groups', { profile: { name: 'Ops', description: 'Keeps it running' } });
    desk = await made('/api/v1/groups', { profile: { name: 'Desk' } });
    const [built] = (await ana.get('/api/v1/groups?filter=type eq "BUILT_IN"')).body as unknown as { id: string }[];
    everyone = built?.id ?? '';
    await put(ops, 'cai');
    await put(desk, 'dan');
    await made(`/api/v1/groups/${desk}/roles`, { type: 'HELP_DESK_ADMIN' });
    const rule = await made('/api/v1/groups/rules', {
      type: 'group_rule',
      name: 'Ops people',
      conditions: { expression: { value: 'user.department=="Ops"', type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [ops] } },
    });
    expect((await ana.call('POST', `/api/v1/groups/rules/${rule}/lifecycle/activate`)).status).toBe(204);
    await vi.waitFor(async () => expect(await members(ops)).toHaveLength(3), { timeout: 20_000 });
  });
  afterAll(() => server.stop());

  it('tells what fills it, and that nothing speaks against a change', async () => {
    const { status, body } = await ana.get(detail(ops));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'Ops',
      description: 'Keeps it running',
      members: 3,
      givesRole: false,
      rules: [{ name: 'Ops people', status: 'ACTIVE', expression: 'user.department=="Ops"' }],
      refusals: { change: null, members: null },
    });
    expect((await ana.get(detail(desk))).body).toMatchObject({ givesRole: true, rules: [], members: 1 });
  });

  it('tells of each member who or which rule put them in', async () => {
    const found = await members(ops);
    const by = Object.fromEntries(found.map(({ name, by: author }) => [name, author]));
    expect(by).toEqual({
      'amy T': { kind: 'rule', name: 'Ops people', isOn: true },
      'bob T': { kind: 'rule', name: 'Ops people', isOn: true },
      'cai T': { kind: 'person', name: ana.login, isOn: false },
    });
  });

  it('names the app that put somebody in to whoever may read apps alone', async () => {
    const scopes = ['okta.groups.manage', 'okta.users.manage'];
    const protectedActions = ['group.member.add'];
    const machine = await makeMachine(server, ana, {
      scopes,
      roles: ['ORG_ADMIN'],
      protectedActions,
      label: 'HR feed',
    });
    await machine.authenticate(scopes.join(' '));
    const added = await machine.call('PUT', `/api/v1/groups/${ops}/users/${people.get('dan')}`);
    expect(added.status, added.text).toBe(403);
    const kim = await user('kim', 'None');
    expect((await machine.call('PUT', `/api/v1/groups/${ops}/users/${kim}`)).status).toBe(204);
    const byOf = (found: readonly Member[]) => found.find(({ id }) => id === kim)?.by;
    expect(byOf(await members(ops))).toEqual({ kind: 'app', name: 'HR feed', isOn: false });
    const reads = ['okta.groups.read', 'okta.users.read'];
    const call = await holder('hal', reads, `/api/v1/groups/${ops}`, '/api/v1/users');
    expect(byOf(membersIn(await call('GET', `${detail(ops)}/members`)))).toEqual({
      kind: 'app',
      name: null,
      isOn: false,
    });
    expect((await ana.call('DELETE', `/api/v1/groups/${ops}/users/${kim}`)).status).toBe(204);
  });

  it('finds members and nobody else, page by page, the deactivated too', async () => {
    expect((await members(ops, '?q=CAI')).map(({ name }) => name)).toEqual(['cai T']);
    expect(await members(ops, '?q=dan')).toEqual([]);
    const all = (await members(ops)).map(({ id }) => id);
    const walked: string[] = [];
    for (let after = ''; ; ) {
      const reply = await ana.get(`${detail(ops)}/members?limit=1${after === '' ? '' : `&after=${after}`}`);
      const page = membersIn(reply);
      walked.push(...page.map(({ id }) => id));
      if (!String(reply.headers['link']).includes('rel="next"')) break;
      after = page.at(-1)?.id ?? '';
    }
    expect(walked).toEqual(all);
    expect((await ana.call('POST', `/api/v1/users/${people.get('cai')}/lifecycle/deactivate`)).status).toBe(200);
    expect((await members(ops, '?q=cai'))[0]?.status).toBe('DEPROVISIONED');
  });

  it('says that a built-in group stays as it is', async () => {
    const { refusals } = (await ana.get(detail(everyone))).body as unknown as { refusals: Record<string, string> };
    expect(refusals).toEqual({
      change: 'A built-in group cannot be changed.',
      members: 'A built-in group cannot be changed.',
    });
    expect((await members(everyone))[0]?.refusal).toBe('A built-in group cannot be changed.');
  });

  it('shows somebody with a small role only what they reach, and says what they may not', async () => {
    const permissions = ['okta.groups.read', 'okta.groups.members.manage', 'okta.groups.manage', 'okta.users.read'];
    const call = await holder('eve', permissions, `/api/v1/groups/${ops}`, `/api/v1/groups/${desk}`);
    // They reach nobody: neither a member, nor a number, nor the name of who added them, nor a rule.
    expect((await call('GET', detail(ops))).body).toMatchObject({ members: 0, rules: null });
    expect(membersIn(await call('GET', `${detail(ops)}/members`))).toEqual([]);
    expect((await call('GET', detail(desk))).body['refusals']).toEqual({
      change: 'Only a super admin manages the holder of an admin role, and a group that holds one or approves access.',
      members: 'Only a super admin manages the holder of an admin role, and a group that holds one or approves access.',
    });
    const foreign = await call('GET', detail(everyone));
    const unknown = await call('GET', detail('00gnobody'));
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect((await call('GET', `${detail(everyone)}/members`)).status).toBe(404);
  });

  it('says of each member why they cannot be taken out, which is what the taking out says', async () => {
    const permissions = ['okta.groups.read', 'okta.groups.members.manage', 'okta.users.read'];
    const call = await holder('fay', permissions, `/api/v1/groups/${ops}`, '/api/v1/users');
    const found = membersIn(await call('GET', `${detail(ops)}/members?q=amy`));
    expect(found[0]?.by).toEqual({ kind: 'rule', name: null, isOn: true });
    const refused = await call('DELETE', `/api/v1/groups/${ops}/users/${people.get('amy')}`);
    expect(refused.status).toBe(403);
    expect(refused.body['errorCauses']).toEqual([{ errorSummary: found[0]?.refusal }]);
  });

  it('says it of a member who holds an admin role elsewhere', async () => {
    await put(ops, 'dan');
    const permissions = ['okta.groups.read', 'okta.groups.members.manage', 'okta.users.groupMembership.manage'];
    const call = await holder('gus', [...permissions, 'okta.users.read'], `/api/v1/groups/${ops}`, '/api/v1/users');
    const found = membersIn(await call('GET', `${detail(ops)}/members`));
    const refusals = new Map(found.map(({ name, refusal }) => [name, refusal]));
    expect(refusals.get('dan T')).toBe(
      'Only a super admin manages the holder of an admin role, and a group that holds one or approves access.',
    );
    expect(refusals.get('cai T')).toBeNull();
    expect((await call('DELETE', `/api/v1/groups/${ops}/users/${people.get('dan')}`)).status).toBe(403);
    expect((await call('DELETE', `/api/v1/groups/${ops}/users/${people.get('cai')}`)).status).toBe(204);
  });
});
