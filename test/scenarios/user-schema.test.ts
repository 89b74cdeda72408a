/** Schemas and types of users: what profiles may hold, and what is refused. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const SCHEMA = '/api/v1/meta/schemas/user/default';
const TYPES = '/api/v1/meta/types/user';

describe.each(FIRST_ENGINE)('user schemas on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  const custom = (properties: Record<string, unknown>) => ({ definitions: { custom: { properties } } });
  const change = (properties: Record<string, unknown>, path = SCHEMA): Promise<Reply> =>
    ana.call('POST', path, custom(properties));
  const create = (profile: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<Reply> => {
    const login = `person${count++}@example.org`;
    return ana.call('POST', '/api/v1/users', { profile: { login, email: login, ...profile }, ...more });
  };
  const idOf = (reply: Reply): string => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return String(reply.body['id']);
  };
  const profileOf = async (id: string) => (await ana.get(`/api/v1/users/${id}`)).body['profile'] as unknown as object;
  const properties = async (path = SCHEMA) => {
    const { definitions } = (await ana.get(path)).body as unknown as {
      definitions: { custom: { properties: Record<string, object>; required: string[] } };
    };
    return definitions.custom;
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

  it('shows the base attributes, and its own under both of its addresses', async () => {
    const { body } = await ana.get(SCHEMA);
    expect(body).toMatchObject({ $schema: 'http://json-schema.org/draft-04/schema#', name: 'user', type: 'object' });
    const links = body['_links'] as unknown as { self: { href: string }; type: { href: string } };
    expect((await ana.get(new URL(links.self.href).pathname)).body).toEqual(body);
    expect((await ana.get(new URL(links.type.href).pathname)).body).toMatchObject({ default: true, name: 'user' });
  });

  it('adds attributes, holds what is written against them, changes them and takes them out with their values', async () => {
    const added = await change({
      age: { title: 'Age', type: 'integer', minimum: 18, maximum: 150 },
      tags: { title: 'Tags', type: 'array', items: { type: 'string', enum: ['red', 'blue'] } },
      badge: { title: 'Badge', type: 'string', minLength: 2, maxLength: 5 },
      oncall: { title: 'On call', type: 'boolean', default: false },
    });
    expect(added.status, added.text).toBe(200);
    expect((await properties()).properties).toMatchObject({ age: { type: 'integer', scope: 'NONE' } });
    for (const [profile, words] of [
      [{ age: 'old' }, 'age: must be a number'],
      [{ age: 18.5 }, 'age: must be a whole number'],
      [{ age: 17 }, 'age: must be at least 18'],
      [{ tags: 'red' }, 'tags: must be a list'],
      [{ tags: ['red', 'green'] }, 'tags: is none of the values'],
      [{ badge: 'x' }, 'badge: must have at least 2'],
      [{ badge: '😀😀😀😀😀😀' }, 'badge: must have at most 5'],
      [{ oncall: 'yes' }, 'oncall: must be true or false'],
      [{ secondEmail: 'nowhere' }, 'secondEmail: must be an email address'],
      [{ 'a.b': 'x' }, 'a.b: is no name'],
    ] as const) {
      const reply = await create(profile);
      expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(words);
    }
    const id = idOf(await create({ age: 42, tags: ['red'], badge: '😀😀😀', city: 'Oslo' }));
    expect(await profileOf(id)).toMatchObject({ age: 42, tags: ['red'], oncall: false, mobilePhone: null });
    expect((await ana.call('POST', `/api/v1/users/${id}`, { profile: { age: 7 } })).status).toBe(400);
    expect(await profileOf(id)).toMatchObject({ age: 42 });
    // A number is searched as a number, a list by each of its elements.
    const search = async (text: string) =>
      (await ana.get(`/api/v1/users?${new URLSearchParams({ search: text })}`)).body as unknown as { id: string }[];
    for (const text of ['profile.age gt 9', 'profile.tags eq "RED"', 'profile.oncall eq false', 'profile.tags pr'])
      expect(
        (await search(text)).map((user) => user.id),
        text,
      ).toEqual([id]);
    for (const text of ['profile.age gt 100', 'profile.tags eq "blue"', 'profile.age co "4"'])
      expect(await search(text).then((users) => (Array.isArray(users) ? users : [])), text).toEqual([]);

    // A stricter schema stops nobody from changing something else.
    expect((await change({ age: { title: 'Age', type: 'integer', minimum: 50 } })).status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${id}`, { profile: { city: 'Rome' } })).status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${id}`, { profile: { age: 43 } })).status).toBe(400);
    expect((await change({ age: { title: 'Age', type: 'string' } })).status).toBe(400);

    const before = (await ana.get(`/api/v1/users/${id}`)).body['profile'] as unknown as Record<string, unknown>;
    expect((await change({ age: null })).status).toBe(200);
    const { age, ...rest } = before;
    expect(age).toBe(42);
    expect(await profileOf(id)).toEqual(rest);
    expect(Object.keys((await properties()).properties)).not.toContain('age');
    expect(Object.keys((await properties()).properties)).toContain('tags');
  });

  it('makes attributes required for whoever is written from then on', async () => {
    const id = idOf(await create());
    const body = {
      definitions: { custom: { properties: { desk: { title: 'Desk', type: 'string' } }, required: ['desk'] } },
    };
    expect((await ana.call('POST', SCHEMA, body)).status).toBe(200);
    expect((await properties()).required).toEqual(['desk']);
    expect((await create()).text).toContain('desk: The field cannot be left blank');
    expect((await create({ desk: '4.12' })).status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${id}`, { profile: { city: 'Oslo' } })).status).toBe(400);
    expect((await change({ desk: null })).status).toBe(200);
    const base = (required: boolean) => ({
      definitions: { base: { properties: { lastName: { title: 'Last name', type: 'string', required } } } },
    });
    expect((await ana.call('POST', SCHEMA, base(true))).status).toBe(200);
    expect((await create()).text).toContain('lastName: The field cannot be left blank');
    expect((await ana.call('POST', SCHEMA, base(false))).status).toBe(200);
    expect((await create()).status).toBe(200);
  });

  it.each([
    ['a base attribute as its own', { Login: { title: 'x', type: 'string' } }, 'is a base attribute'],
    ['a name that means something in a path', { 'a"b': { title: 'x', type: 'string' } }, 'letters, digits'],
    ['a list of nothing', { list: { title: 'x', type: 'array' } }, 'of what its items are'],
    [
      'items of what is no list',
      { text: { title: 'x', type: 'string', items: { type: 'string' } } },
      'of what its items',
    ],
    [
      'a list that is unique',
      { list: { title: 'x', type: 'array', items: { type: 'string' }, unique: true } },
      'unique',
    ],
    ['a yes or no that is unique', { flag: { title: 'x', type: 'boolean', unique: true } }, 'only text and numbers'],
    ['a default that is unique', { text: { title: 'x', type: 'string', unique: true, default: 'y' } }, 'by default'],
    ['a uniqueness that there is not', { text: { title: 'x', type: 'string', unique: 'SOMEWHAT' } }, 'unique'],
    ['a type that there is not', { text: { title: 'x', type: 'object' } }, 'type'],
    ['a text with a NUL', { text: { title: 'x\0', type: 'string' } }, 'cannot be stored'],
  ] as const)('refuses %s, and changes nothing', async (_, attributes, words) => {
    const before = (await ana.get(SCHEMA)).body;
    const reply = await change({ fine: { title: 'Fine', type: 'string' }, ...attributes });
    expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
    expect(reply.text).toContain(words);
    expect((await ana.get(SCHEMA)).body).toEqual(before);
  });

  describe('a unique attribute', () => {
    const unique = (name: string, more: object = {}) => ({
      [name]: { title: name, type: 'string', unique: true, ...more },
    });
    const rows = (attribute: string) =>
      server.services.store.read
        .selectFrom('userUniqueValues')
        .selectAll()
        .where('attribute', '=', attribute)
        .execute();
    const taken = (reply: Reply, attribute: string) => {
      expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(`${attribute}: An object with this field already exists`);
    };

    it('is one person’s, in whatever case, until they change it or are deleted', async () => {
      expect((await change(unique('badgeNo', { maxLength: 1024 }))).status).toBe(200);
      expect((await properties()).properties['badgeNo']).toMatchObject({ unique: 'UNIQUE_VALIDATED' });
      const first = idOf(await create({ badgeNo: 'A-1' }));
      const second = idOf(await create({ badgeNo: 'A-2' }));
      idOf(await create({ badgeNo: '' }));
      idOf(await create());
      taken(await create({ badgeNo: 'a-1' }), 'badgeNo');
      const update = (id: string, badgeNo: unknown, method = 'POST') =>
        ana.call(method, `/api/v1/users/${id}`, { profile: { badgeNo } });
      taken(await update(second, 'A-1'), 'badgeNo');
      expect(await profileOf(second)).toMatchObject({ badgeNo: 'A-2' });
      // Their own again, and something else: no quarrel with oneself.
      expect((await update(first, 'a-1')).status).toBe(200);
      expect((await ana.call('POST', `/api/v1/users/${first}`, { profile: { city: 'Oslo' } })).status).toBe(200);
      expect((await update(first, 'A-3')).status).toBe(200);
      expect((await update(second, 'A-1')).status).toBe(200);
      expect((await update(second, null)).status).toBe(200);
      idOf(await create({ badgeNo: 'A-1' }));
      // Who is deactivated keeps it; who is deleted does not.
      await ana.call('DELETE', `/api/v1/users/${first}`);
      taken(await create({ badgeNo: 'A-3' }), 'badgeNo');
      await ana.call('DELETE', `/api/v1/users/${first}`);
      idOf(await create({ badgeNo: 'A-3' }));
      // A long one, longer than an index takes.
      const long = '\u{1f600}'.repeat(1000);
      idOf(await create({ badgeNo: long }));
      taken(await create({ badgeNo: long }), 'badgeNo');
      expect(JSON.stringify(await rows('badgeNo'))).not.toContain('A-3');
    });

    it('of two people at the same moment goes to one, and the database holds it', async () => {
      expect((await change(unique('raceNo', { type: 'integer' }))).status).toBe(200);
      const makers = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const login = `racer${count++}@example.org`;
          return ana.prepare('POST', '/api/v1/users', { profile: { login, email: login, raceNo: 7 } });
        }),
      );
      const replies = await Promise.all(makers.map((go) => go()));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const reply of replies.filter(({ status }) => status !== 200)) taken(reply, 'raceNo');
      const [row] = await rows('raceNo');
      expect(await rows('raceNo')).toHaveLength(1);
      const another = server.services.store.transaction((tx) =>
        tx
          .insertInto('userUniqueValues')
          .values({ typeId: '', attribute: '', value: '', ...row, userId: '00uAnother' })
          .execute(),
      );
      await expect(another).rejects.toThrow();
    });

    it('is made of one only while nobody shares a value, and stops being one', async () => {
      const plain = { seat: { title: 'Seat', type: 'string' } };
      expect((await change(plain)).status).toBe(200);
      const [one, other] = [idOf(await create({ seat: '4' })), idOf(await create({ seat: '4' }))];
      const refused = await change(unique('seat'));
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('have the same value')]);
      expect((await properties()).properties['seat']).not.toHaveProperty('unique');
      expect(await rows('seat')).toEqual([]);
      expect((await ana.call('POST', `/api/v1/users/${other}`, { profile: { seat: '5' } })).status).toBe(200);
      expect((await change(unique('seat'))).status).toBe(200);
      taken(await ana.call('POST', `/api/v1/users/${one}`, { profile: { seat: '5' } }), 'seat');
      // What is not said of its uniqueness stays.
      expect((await change({ seat: { title: 'Chair', type: 'string' } })).status).toBe(200);
      taken(await create({ seat: '5' }), 'seat');
      expect((await change(unique('seat', { unique: false }))).status).toBe(200);
      expect(await rows('seat')).toEqual([]);
      idOf(await create({ seat: '5' }));
      expect((await change(unique('locker'))).status).toBe(200);
      idOf(await create({ locker: '1' }));
      expect((await change({ locker: null })).status).toBe(200);
      expect(await rows('locker')).toEqual([]);
    });

    it('is another’s in another type', async () => {
      const made = await ana.call('POST', TYPES, { name: `guest${engine}`, displayName: 'Guest' });
      const typeId = idOf(made);
      const path = new URL((made.body['_links'] as unknown as { schema: { href: string } }).schema.href).pathname;
      expect((await change(unique('pass'))).status).toBe(200);
      expect((await change(unique('pass'), path)).status).toBe(200);
      idOf(await create({ pass: 'P1' }));
      const guest = idOf(await create({ pass: 'P1' }, { type: { id: typeId } }));
      taken(await create({ pass: 'P1' }, { type: { id: typeId } }), 'pass');
      const moved = await ana.call('POST', `/api/v1/users/${guest}`, { type: { id: 'oty0000000000000defa' } });
      taken(moved, 'pass');
      expect((await ana.get(`/api/v1/users/${guest}`)).body['type']).toEqual({ id: typeId });
    });
  });

  it('refuses keys that would reach into prototypes', async () => {
    const me = await ana.get('/api/v1/users/me');
    for (const body of [
      '{"profile":{"__proto__":{"isAdmin":true}}}',
      '{"__proto__":{"profile":{"city":"x"}}}',
      '{"profile":{"constructor":{"prototype":{"x":1}}}}',
    ]) {
      const reply = await ana.call('POST', `/api/v1/users/${me.body['id']}`, body);
      expect(reply.status, body).toBe(400);
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('types have a schema each; people have a type, which is theirs to be changed', async () => {
    const made = await ana.call('POST', TYPES, {
      name: 'contractor',
      displayName: 'Contractor',
      description: 'From outside',
    });
    const typeId = idOf(made);
    expect(made.body).toMatchObject({ default: false, name: 'contractor' });
    const schemaPath = new URL((made.body['_links'] as unknown as { schema: { href: string } }).schema.href).pathname;
    expect((await change({ agency: { title: 'Agency', type: 'string', maxLength: 10 } }, schemaPath)).status).toBe(200);
    expect((await properties()).properties).not.toHaveProperty('agency');
    const id = idOf(await create({ agency: 'Acme' }, { type: { id: typeId } }));
    expect((await ana.get(`/api/v1/users/${id}`)).body['type']).toEqual({ id: typeId });
    expect((await create({ agency: 'a name that is too long' }, { type: { id: typeId } })).status).toBe(400);
    expect((await create({}, { type: { id: 'oty00000000000000000' } })).text).toContain('there is no type');
    expect((await ana.call('DELETE', `${TYPES}/${typeId}`)).text).toContain('there are people of this type');
    const moved = await ana.call('POST', `/api/v1/users/${id}`, { type: { id: 'oty0000000000000defa' } });
    expect(moved.body['type']).toEqual({ id: 'oty0000000000000defa' });
    const events = await ana.get('/api/v1/logs?filter=eventType+eq+"user.account.update_user_type"');
    expect((events.body as unknown as unknown[]).length).toBe(1);
    expect((await ana.call('PUT', `${TYPES}/${typeId}`, { name: 'other', displayName: 'x' })).status).toBe(400);
    expect((await ana.call('POST', `${TYPES}/${typeId}`, { displayName: 'Outside' })).body).toMatchObject({
      name: 'contractor',
      displayName: 'Outside',
      description: 'From outside',
    });
    expect((await ana.call('POST', TYPES, { name: 'CONTRACTOR', displayName: 'x' })).status).toBe(400);
    expect((await ana.call('DELETE', `${TYPES}/${typeId}`)).status).toBe(204);
    expect((await ana.get(schemaPath)).status).toBe(404);
    expect((await ana.call('DELETE', `${TYPES}/oty0000000000000defa`)).body['errorCode']).toBe('E0000111');
  });

  it('a user is shown with what can be done next, and found by the short name of their login', async () => {
    const next = async (id: string): Promise<string[]> =>
      Object.keys((await ana.get(`/api/v1/users/${id}`)).body['_links'] as unknown as object).toSorted();
    const id = idOf(await create({ login: 'quinn@one.example.org' }));
    expect(await next(id)).toEqual(
      ['deactivate', 'reactivate', 'resetFactors', 'resetPassword', 'schema', 'self', 'suspend', 'type'].toSorted(),
    );
    expect((await ana.get('/api/v1/users/QUINN')).body['id']).toBe(id);
    expect((await ana.get('/api/v1/users/quin')).status).toBe(404);
    // A change names a person fully: the protection of the route is judged by the same name.
    expect((await ana.call('POST', '/api/v1/users/quinn', { profile: { city: 'x' } })).status).toBe(404);
    idOf(await create({ login: 'quinn@two.example.org' }));
    expect((await ana.get('/api/v1/users/quinn')).status).toBe(404);
    expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`)).status).toBe(200);
    expect(await next(id)).toEqual(['activate', 'delete', 'schema', 'self', 'type']);
    expect((await create({}, { credentials: { password: { hash: { algorithm: 'BCRYPT' } } } })).text).toContain(
      'hashes of other systems',
    );
  });
});
