/** What profiles of groups may hold: attributes of the org's own, searched and ordered, and what is refused. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { askedProof, type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const SCHEMA = '/api/v1/meta/schemas/group/default';

describe.each(ENGINES)('the schema of groups on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let n = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const change = (properties: Record<string, unknown>): Promise<Reply> =>
    ana.call('POST', SCHEMA, { definitions: { custom: { properties } } });
  const own = async () =>
    ((await ana.get(SCHEMA)).body as unknown as { definitions: { custom: { properties: Record<string, object> } } })
      .definitions.custom.properties;
  const create = (profile: Record<string, unknown>): Promise<Reply> =>
    ana.call('POST', '/api/v1/groups', { profile: { name: `group ${n++}`, ...profile } });
  const made = async (profile: Record<string, unknown>): Promise<{ id: string; profile: Record<string, unknown> }> => {
    const reply = await create(profile);
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as { id: string; profile: Record<string, unknown> };
  };
  const profileOf = async (id: string) => (await ana.get(`/api/v1/groups/${id}`)).body['profile'];
  const found = async (parameters: Record<string, string>): Promise<Reply> =>
    ana.get(`/api/v1/groups?${new URLSearchParams(parameters)}`);
  const idsOf = (reply: Reply) => (reply.body as unknown as { id: string }[]).map(({ id }) => id);

  it('shows the base attributes, and adds, changes and takes out its own with their values', async () => {
    const before = (await ana.get(SCHEMA)).body;
    expect(before).toMatchObject({
      name: 'group',
      definitions: { base: { required: ['name'], properties: { name: { type: 'string' }, description: {} } } },
    });
    const added = await change({
      room: { title: 'Room', type: 'string', minLength: 2 },
      size: { title: 'Size', type: 'integer', minimum: 1 },
      tags: { title: 'Tags', type: 'array', items: { type: 'string' } },
      open: { title: 'Open', type: 'boolean', default: true },
    });
    expect(added.status, added.text).toBe(200);
    expect(Object.keys(await own())).toEqual(['room', 'size', 'tags', 'open']);
    expect(Date.parse(String(added.body['lastUpdated']))).toBeGreaterThan(Date.parse(String(before['lastUpdated'])));
    for (const [profile, words] of [
      [{ room: 'x' }, 'room: must have at least 2'],
      [{ size: 'big' }, 'size: must be a number'],
      [{ size: 0 }, 'size: must be at least 1'],
      [{ tags: 'red' }, 'tags: must be a list'],
      [{ colour: 'red' }, 'colour: is no attribute of groups'],
      [{ constructor: 'x' }, 'constructor: is no attribute of groups'],
    ] as const) {
      const reply = await create(profile);
      expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(words);
    }
    const group = await made({ room: '4.12', size: 12, tags: ['red'], description: 'd' });
    expect(group.profile).toEqual({
      name: group.profile['name'],
      description: 'd',
      room: '4.12',
      size: 12,
      tags: ['red'],
      open: true,
    });
    const small = await made({ size: 3, room: '2.01', open: false });
    await made({});
    for (const search of ['profile.size gt 9', 'profile.room sw "4."', 'profile.tags eq "RED"'])
      expect(idsOf(await found({ search })), search).toEqual([group.id]);
    expect(idsOf(await found({ search: 'profile.open eq false' }))).toEqual([small.id]);
    const order = { search: 'profile.size pr', sortBy: 'profile.size' };
    expect(idsOf(await found(order))).toEqual([small.id, group.id]);
    expect(idsOf(await found({ ...order, sortOrder: 'desc', limit: '1' }))).toEqual([group.id]);
    expect((await found({ search: 'profile.colour eq "red"' })).body['errorCode']).toBe('E0000031');

    // A replacement is the whole profile; what it does not name is gone.
    const name = String(group.profile['name']);
    const replaced = await ana.call('PUT', `/api/v1/groups/${group.id}`, { profile: { name, size: 13 } });
    expect(replaced.body['profile']).toEqual({ name, description: null, size: 13 });
    expect((await ana.call('PUT', `/api/v1/groups/${group.id}`, { profile: { name, size: 0 } })).status).toBe(400);
    expect((await change({ size: { title: 'Size', type: 'string' } })).text).toContain(
      'the type of an attribute stays',
    );
    expect((await change({ size: null })).status).toBe(200);
    expect(await profileOf(group.id)).toEqual({ name, description: null });
    expect(await profileOf(small.id)).toEqual({
      name: small.profile['name'],
      description: null,
      room: '2.01',
      open: false,
    });
    expect(Object.keys(await own())).toEqual(['room', 'tags', 'open']);
  });

  it('requires what it says, of whatever is written from then on', async () => {
    const old = await made({});
    const properties = { owner: { title: 'Owner', type: 'string' } };
    const body = { definitions: { custom: { properties, required: ['owner'] } } };
    expect((await ana.call('POST', SCHEMA, body)).status).toBe(200);
    expect((await create({})).text).toContain('owner: The field cannot be left blank');
    const name = String(old.profile['name']);
    expect((await ana.call('PUT', `/api/v1/groups/${old.id}`, { profile: { name } })).status).toBe(400);
    expect((await ana.call('PUT', `/api/v1/groups/${old.id}`, { profile: { name, owner: 'Lee' } })).status).toBe(200);
    expect((await change({ owner: null })).status).toBe(200);
    await made({});
  });

  it.each([
    ['a base attribute as its own', { Name: { title: 'x', type: 'string' } }, 'is a base attribute'],
    ['a name that means something in a path', { 'a.b': { title: 'x', type: 'string' } }, 'letters, digits'],
    ['a list of nothing', { list: { title: 'x', type: 'array' } }, 'of what its items are'],
    ['uniqueness', { code: { title: 'x', type: 'string', unique: true } }, 'cannot be unique'],
    ['a type that there is not', { text: { title: 'x', type: 'object' } }, 'type'],
    [
      'more than there may be',
      Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`a${i}`, { title: 'x', type: 'string' }])),
      'at most 200',
    ],
  ] as const)('refuses %s, and changes nothing', async (_, attributes, words) => {
    const before = (await ana.get(SCHEMA)).body;
    const reply = await change({ fine: { title: 'Fine', type: 'string' }, ...attributes });
    expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
    expect(reply.text).toContain(words);
    expect((await ana.get(SCHEMA)).body).toEqual(before);
  });

  it('is changed by super admins with fresh proof, and read by whoever sees groups', async () => {
    const body = { definitions: { custom: { properties: { mine: { title: 'Mine', type: 'string' } } } } };
    expect(askedProof(await ana.callOnce('POST', SCHEMA, body))?.action).toBe('group-schema.update');
    const before = (await ana.get(SCHEMA)).body;
    for (const [role, read] of [
      ['ORG_ADMIN', 200],
      ['READ_ONLY_ADMIN', 200],
      ['REPORT_ADMIN', 403],
    ] as const) {
      const person = await enrolPerson(server, ana, `${role.toLowerCase()}${engine}@example.org`, role);
      expect((await person.get(SCHEMA)).status, role).toBe(read);
      expect((await person.call('POST', SCHEMA, body)).status, role).toBe(403);
    }
    expect((await ana.get(SCHEMA)).body).toEqual(before);
    const events = await ana.get('/api/v1/logs?filter=target.id eq "group"');
    expect(events.body).toMatchObject([{ eventType: 'directory.user_profile.update' }, {}, {}, {}]);
  });
});
