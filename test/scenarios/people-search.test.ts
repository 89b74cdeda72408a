/** Lists of people: `search`, `filter`, `q`, order and pages, and that none of them tells what is hidden. Both engines. */

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userSearch } from '../../packages/decide/src/users/user-language.ts';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { readExpression } from '../../packages/server/src/http/read-expression.ts';
import { expressionToSql } from '../../packages/server/src/store/expression-to-sql.ts';
import { userLayout } from '../../packages/server/src/users/user-layout.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const PEOPLE = [
  {
    name: 'amy',
    firstName: 'Amy',
    lastName: 'Adams',
    city: 'Oslo',
    costCenter: '10',
    title: 'O\'Brien "the" \\ 50%_x',
  },
  { name: 'bob', firstName: 'bob', lastName: 'Brown', city: 'OSLO', costCenter: '9' },
  { name: 'cai', firstName: 'Çai', lastName: 'Chen', city: 'Bergen', nickName: 'amy' },
  { name: 'dan', firstName: 'Dan', lastName: 'adams', city: null, displayName: 'Dan (ops)' },
] as const;
type Name = (typeof PEOPLE)[number]['name'];

describe.each(ENGINES)('searching people on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const ids = new Map<string, Name | 'ana'>();
  const loginOf = (name: string): string => `${name}@people.example.org`;
  const listed = (reply: Reply): string[] => {
    expect(reply.status, reply.text).toBe(200);
    return (reply.body as unknown as { id: string }[]).map(({ id }) => ids.get(id) ?? id);
  };
  const query = (parameters: Record<string, string>): string => `/api/v1/users?${new URLSearchParams(parameters)}`;
  const found = async (parameters: Record<string, string>): Promise<string[]> =>
    listed(await ana.get(query(parameters))).toSorted();
  const inOrder = async (parameters: Record<string, string>): Promise<string[]> =>
    listed(await ana.get(query(parameters)));
  const nextOf = (reply: Reply): string | null => {
    const link = /<([^>]+)>; rel="next"/.exec(String(reply.headers['link']))?.[1];
    return link === undefined ? null : new URL(link).pathname + new URL(link).search;
  };
  const walked = async (
    get: (path: string) => Promise<Reply>,
    parameters: Record<string, string>,
  ): Promise<string[]> => {
    const names: string[] = [];
    for (let next: string | null = query(parameters); next !== null; ) {
      const page: Reply = await get(next);
      names.push(...listed(page));
      next = nextOf(page);
    }
    return names;
  };
  const idOf = (name: Name): string => [...ids].find(([, known]) => known === name)?.[0] ?? '';

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    ids.set(String((await ana.get('/api/v1/users/me')).body['id']), 'ana');
    for (const { name, ...profile } of PEOPLE) {
      server.clock.advance(60);
      const made = await ana.call('POST', '/api/v1/users?activate=true', {
        profile: { login: loginOf(name), email: `${name.toUpperCase()}@mail.example.org`, ...profile },
        ...(name === 'cai' ? {} : { credentials: { password: { value: 'correct horse battery staple' } } }),
      });
      expect(made.status, made.text).toBe(200);
      ids.set(String(made.body['id']), name);
    }
    expect((await ana.call('POST', `/api/v1/users/${idOf('dan')}/lifecycle/deactivate`)).status).toBe(200);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it.each([
    ['profile.city eq "oslo"', ['amy', 'bob']],
    ['profile.city EQ "oslo" and not (profile.lastName sw "BR")', ['amy']],
    ['profile.lastName eq "adams" or profile.firstName eq "BOB"', ['amy', 'bob', 'dan']],
    // Letters beyond A to Z mean themselves, as the wire documents; in logins they do not.
    ['profile.firstName eq "çai"', []],
    ['profile.firstName sw "Ç"', ['cai']],
    ['profile.login eq "CAI@People.example.org"', ['cai']],
    ['profile.login sw "b"', ['bob']],
    ['profile.email co "Y@MAIL"', ['amy']],
    ['profile.email ew "zzz"', []],
    ['profile.nickName pr', ['cai']],
    ['profile.nickName ne "amy" and profile.login co "people"', ['amy', 'bob', 'dan']],
    ['not (profile.nickName eq "amy") and profile.login co "people"', ['amy', 'bob', 'dan']],
    ['profile.city pr', ['amy', 'bob', 'cai']],
    ['status eq "active" and profile.login co "people"', ['amy', 'bob']],
    ['status eq "PROVISIONED" or status eq "DEPROVISIONED"', ['cai', 'dan']],
    ['(status lt "PROVISIONED" or status gt "PROVISIONED") and profile.login co "people"', ['amy', 'bob', 'dan']],
    ['lastLogin pr', ['ana']],
    ['type.id eq "nothing"', []],
    ['id sw "00u" and profile.title co "\\"the\\" \\\\ 50%_"', ['amy']],
    ['profile.title co "%"', ['amy']],
    ['profile.title eq "%"', []],
  ] as const)('%s', async (search, expected) => {
    expect(await found({ search })).toEqual([...expected]);
  });

  it('finds by dates, which are instants and not text', async () => {
    const created = Date.parse(String((await ana.get(`/api/v1/users/${idOf('bob')}`)).body['created']));
    const inZone = new Date(created + 7_200_000).toISOString().replace('Z', '+02:00');
    expect(await found({ search: `created eq "${inZone}"` })).toEqual(['bob']);
    expect(await found({ search: `created gt "${inZone}"` })).toEqual(['cai', 'dan']);
    expect(await found({ search: `created le "${inZone}" and created ge "${inZone}"` })).toEqual(['bob']);
    expect(await found({ filter: 'lastUpdated gt "2099-01-01"' })).toEqual([]);
  });

  it('lists deactivated people when a search or a filter asks, and else does not', async () => {
    expect(await found({ filter: `id eq "${idOf('dan')}"` })).toEqual(['dan']);
    expect(await found({ search: 'profile.lastName eq "adams"' })).toEqual(['amy', 'dan']);
    expect(await found({ q: 'ada' })).toEqual(['amy']);
    expect(await found({})).toEqual(['amy', 'ana', 'bob', 'cai']);
  });

  it('orders by any attribute, what is missing first, the same by id; each page goes on where the last one ended', async () => {
    const search = 'profile.login co "people"';
    const byName = ['amy', 'dan', 'bob', 'cai'];
    const sort = { search, sortBy: 'profile.lastName' };
    const tied = [idOf('amy'), idOf('dan')].toSorted().map((id) => ids.get(id));
    expect(await inOrder(sort)).toEqual([...tied, ...byName.slice(2)]);
    expect(await inOrder({ ...sort, sortOrder: 'desc' })).toEqual(['cai', 'bob', ...tied]);
    expect(await inOrder({ search, sortBy: 'created', sortOrder: 'desc' })).toEqual(['dan', 'cai', 'bob', 'amy']);
    expect((await inOrder({ search, sortBy: 'profile.nickName' })).at(-1)).toBe('cai');
    expect(await inOrder({ search, sortBy: 'profile.login', sortOrder: '0' })).toEqual(['amy', 'bob', 'cai', 'dan']);
    for (const [sortBy, sortOrder] of [
      ['profile.lastName', 'desc'],
      ['lastLogin', 'asc'],
      ['profile.costCenter', 'asc'],
    ] as const) {
      const whole = await inOrder({ search, sortBy, sortOrder });
      expect(await walked((path) => ana.get(path), { search, sortBy, sortOrder, limit: '1' })).toEqual(whole);
    }
  });

  it.each([
    [{ search: 'profile.city' }, 'E0000031', 'an operator is missing'],
    [{ search: 'city eq "x"' }, 'E0000031', 'field is not valid: city'],
    [{ search: 'profile.__proto__ eq "x"' }, 'E0000031', 'field is not valid'],
    [{ search: 'profile.a"b eq "x"' }, 'E0000031', 'at character'],
    [{ search: "profile.city eq 'x'" }, 'E0000031', 'a value in double quotes'],
    [{ search: 'created gt "yesterday"' }, 'E0000031', 'compared with a date'],
    [{ search: 'created co "2026"' }, 'E0000031', 'operator co is not valid'],
    [{ search: `${'('.repeat(40)}id pr${')'.repeat(40)}` }, 'E0000031', 'nested at most'],
    [{ search: 'id pr', filter: 'id pr' }, 'E0000033', ''],
    [{ filter: 'profile.city eq "Oslo"' }, 'E0000031', 'search knows all'],
    [{ search: 'realmId eq "guo1bfiNtSnZYILxO0g4"' }, 'E0000031', 'this server has no realms'],
    [{ filter: 'realmId eq "guo1bfiNtSnZYILxO0g4"' }, 'E0000031', 'this server has no realms'],
    [{ sortBy: 'profile.city desc' }, 'E0000001', 'sortBy'],
    [{ sortBy: 'passwordHash' }, 'E0000001', 'sortBy'],
    [{ sortBy: 'created', after: 'nonsense' }, 'E0000001', 'no cursor'],
    [{ sortBy: 'created', after: Buffer.from('["x","y"]').toString('base64url') }, 'E0000001', 'no cursor'],
    [{ limit: '0' }, 'E0000001', 'limit'],
    [{ search: `id eq "${'x'.repeat(9000)}"` }, 'E0000001', 'search'],
  ] as const)('refuses %j', async (parameters, code, words) => {
    const reply = await ana.get(query(parameters));
    expect([reply.status, reply.body['errorCode']]).toEqual([400, code]);
    expect(reply.text).toContain(words);
  });

  it('takes nobody into a realm, and tells whoever asks for one that there is none', async () => {
    const profile = { login: 'realm@people.example.org', email: 'realm@people.example.org' };
    const path = `/api/v1/users/${idOf('bob')}`;
    const before = await ana.get(path);
    const realmId = 'guo1bfiNtSnZYILxO0g4';
    for (const [method, at] of [
      ['POST', '/api/v1/users'],
      ['POST', path],
    ] as const) {
      const refused = await ana.call(method, at, { profile, realmId });
      expect([refused.status, refused.body['errorCode']], method + at).toEqual([400, 'E0000001']);
      expect(refused.text).toContain('This server has no realms');
    }
    expect((await ana.get(path)).body).toEqual(before.body);
    expect((await ana.get('/api/v1/users/realm@people.example.org')).status).toBe(404);
    // As organisations without realms are recorded: nothing is said of one. What says nothing is taken.
    expect(before.body).not.toHaveProperty('realmId');
    const written = await ana.call('POST', path, { profile: { nickName: 'bobby' }, realmId: null });
    expect(written.status, written.text).toBe(200);
    // A client that writes back what it read of a user elsewhere is not stopped, and reads of no realm.
    const replaced = await ana.call('PUT', path, { profile: written.body['profile'], realmId });
    expect(replaced.status, replaced.text).toBe(200);
    expect(replaced.body).not.toHaveProperty('realmId');
  });

  it('takes what looks like SQL or a wildcard for what it is', async () => {
    for (const text of ["' or 1=1 --", "'; drop table users; --", '%', '_', '*', '\\', '$.login'])
      for (const key of ['profile.login', 'profile.city', 'profile.email', 'status', 'id'])
        expect(
          await found({ search: `${key} eq ${JSON.stringify(text)} or ${key} sw ${JSON.stringify(text)}` }),
        ).toEqual([]);
    expect(await found({ q: "a' or '1'='1" })).toEqual([]);
  });

  it('looks names up in an index', async () => {
    const { store, random, clock } = server.services;
    const layout = userLayout(hostPrincipal(random), store.engine, clock.now());
    for (const key of ['login', 'email', 'firstName', 'lastName'])
      for (const op of ['eq', 'sw']) {
        const search = readExpression(`profile.${key} ${op} "nobody"`, userSearch(new Map()));
        if (search === null) throw new Error('no search');
        const where = expressionToSql(search, layout, store.engine);
        const plan = await store.transaction(async (tx) => {
          // A handful of rows is read as they come, but for this.
          if (engine === 'postgres') await sql`set local enable_seqscan = off`.execute(tx);
          const words = engine === 'postgres' ? sql`explain` : sql`explain query plan`;
          return (await sql`${words} select id from users where ${where}`.execute(tx)).rows;
        });
        expect(JSON.stringify(plan), `${key} ${op}`).toMatch(/ix_users_(?:login|email|firstname|lastname)/);
      }
  });

  describe('with attributes hidden', () => {
    let call: (method: string, path: string) => Promise<Reply>;
    beforeAll(async () => {
      server.clock.advance(65);
      expect((await ana.signIn()).status).toBe(200);
      const post = async (path: string, body: unknown): Promise<string> => {
        const reply = await ana.call('POST', path, body);
        expect(reply.status, reply.text).toBeLessThan(300);
        return String(reply.body['id']);
      };
      const role = await post('/api/v1/iam/roles', {
        label: 'Names only',
        description: '',
        permissions: ['okta.groups.read'],
      });
      await post(`/api/v1/iam/roles/${role}/permissions/okta.users.read`, {
        conditions: { include: { 'okta:ResourceAttribute/User/Profile': ['lastName'] } },
      });
      const group = await post('/api/v1/groups', { profile: { name: 'Norway' } });
      for (const name of ['amy', 'bob', 'cai'] as const)
        expect((await ana.call('PUT', `/api/v1/groups/${group}/users/${idOf(name)}`)).status).toBe(204);
      const set = await post('/api/v1/iam/resource-sets', {
        label: 'Norway',
        description: '',
        resources: [`${server.url}/api/v1/groups/${group}/users`],
      });
      await post(`/api/v1/users/${idOf('bob')}/roles`, { type: 'CUSTOM', role, 'resource-set': set });
      const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: 'reader',
        ownerId: idOf('bob'),
        purpose: 'test',
        ttlSeconds: 3600,
        network: { connection: 'ANYWHERE' },
        protectedActions: [],
      });
      call = (method, path) =>
        send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` });
    });

    it('lists whom a single read shows, in every page and order', async () => {
      const everybody = ['amy', 'bob', 'cai'];
      const searches = [
        {},
        { search: 'id pr' },
        { search: 'id pr', sortBy: 'profile.lastName' },
        { sortBy: 'created' },
      ];
      for (const parameters of searches)
        expect((await walked((path) => call('GET', path), { ...parameters, limit: '1' })).toSorted()).toEqual(
          everybody,
        );
      for (const [id, name] of ids)
        expect((await call('GET', `/api/v1/users/${id}`)).status).toBe(everybody.includes(name) ? 200 : 404);
    });

    it('counts what is hidden as missing, whatever is asked and however it is turned round', async () => {
      const ask = async (search: string): Promise<string[]> => listed(await call('GET', query({ search }))).toSorted();
      expect(await ask('profile.lastName eq "brown"')).toEqual(['bob']);
      for (const test of ['eq "Oslo"', 'co "slo"', 'sw "O"', 'ew "o"', 'gt "A"', 'lt "z"', 'in ["Oslo"]', 'pr'])
        for (const name of ['profile.city', 'profile.firstName'])
          expect(await ask(`${name} ${test}`), `${name} ${test}`).toEqual([]);
      for (const turned of ['not (profile.city eq "Oslo")', 'profile.city ne "Oslo"', 'not (profile.city pr)'])
        expect(await ask(turned), turned).toEqual(['amy', 'bob', 'cai']);
      expect(listed(await call('GET', query({ q: 'ber' })))).toEqual([]);
    });

    it('orders nothing by what is hidden', async () => {
      const byId = ['amy', 'bob', 'cai'].map((name) => idOf(name as Name)).toSorted();
      for (const sortOrder of ['asc', 'desc'])
        expect(listed(await call('GET', query({ sortBy: 'profile.city', sortOrder })))).toEqual(
          byId.map((id) => ids.get(id)),
        );
      const page = await call('GET', query({ sortBy: 'profile.city', limit: '1' }));
      expect(
        Buffer.from(new URL(nextOf(page) ?? '', server.url).searchParams.get('after') ?? '', 'base64url').toString(),
      ).toBe(JSON.stringify(['', byId[0]]));
    });
  });
});
