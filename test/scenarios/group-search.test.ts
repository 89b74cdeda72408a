/** Lists of groups: `search`, `filter`, `q`, order, pages and numbers of members. Both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

describe.each(ENGINES)('searching groups on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const ids = new Map<string, string>();
  const get = (parameters: Record<string, string>): Promise<Reply> =>
    ana.get(`/api/v1/groups?${new URLSearchParams(parameters)}`);
  const found = async (parameters: Record<string, string>): Promise<string[]> => {
    const reply = await get(parameters);
    expect(reply.status, reply.text).toBe(200);
    return (reply.body as unknown as { profile: { name: string } }[]).map(({ profile }) => profile.name);
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    for (const [name, description] of [
      ['Ops', 'Keeps it running'],
      ['ops on call', null],
      ['Ärzte', '100% sure'],
    ] as const) {
      server.clock.advance(10);
      const made = await ana.call('POST', '/api/v1/groups', { profile: { name, description } });
      ids.set(name, String(made.body['id']));
    }
    server.clock.advance(10);
    const me = String((await ana.get('/api/v1/users/me')).body['id']);
    expect((await ana.call('PUT', `/api/v1/groups/${ids.get('Ops')}/users/${me}`)).status).toBe(204);
  });
  afterAll(() => server.stop());

  it.each([
    [{ search: 'profile.name sw "OPS"' }, ['Ops', 'ops on call']],
    [{ search: 'profile.name eq "ÄRZTE"' }, ['Ärzte']],
    [{ search: 'profile.description co "running" or profile.name co "call"' }, ['Ops', 'ops on call']],
    [{ search: 'not (profile.description pr) and type eq "OKTA_GROUP"' }, ['ops on call']],
    [{ search: 'profile.description co "%"' }, ['Ärzte']],
    [{ filter: 'type eq "BUILT_IN"' }, ['Everyone']],
    [{ filter: 'profile.name eq "ops"' }, ['Ops']],
    [{ q: 'OPS' }, ['Ops', 'ops on call']],
    [{ q: 'on call' }, []],
    [{ q: '%' }, []],
    [{ search: 'id pr', sortBy: 'profile.name', sortOrder: 'desc' }, ['Ärzte', 'ops on call', 'Ops', 'Everyone']],
    [{ search: 'id pr', sortBy: 'created' }, ['Everyone', 'Ops', 'ops on call', 'Ärzte']],
  ] as const)('%j', async (parameters, expected) => {
    const names = await found(parameters);
    expect('sortBy' in parameters ? names : names.toSorted()).toEqual([...expected]);
  });

  it('finds by when members last changed', async () => {
    const { body } = await ana.get(`/api/v1/groups/${ids.get('Ops')}`);
    const at = String(body['lastMembershipUpdated']);
    expect(at).not.toBe(body['lastUpdated']);
    expect(await found({ filter: `lastMembershipUpdated eq "${at}"` })).toEqual(['Ops']);
    expect(await found({ filter: `lastUpdated ge "${at}"` })).toEqual([]);
  });

  it('goes on from page to page in any order', async () => {
    const names: string[] = [];
    let after = '';
    for (;;) {
      const reply = await get({ sortBy: 'profile.name', limit: '1', ...(after === '' ? {} : { after }) });
      names.push(...(reply.body as unknown as { profile: { name: string } }[]).map(({ profile }) => profile.name));
      const next = /<([^>]+)>; rel="next"/.exec(String(reply.headers['link']))?.[1];
      if (next === undefined) break;
      expect(next.startsWith(server.url)).toBe(true);
      after = new URL(next).searchParams.get('after') ?? '';
    }
    expect(names).toEqual(['Everyone', 'Ops', 'ops on call', 'Ärzte']);
  });

  it('counts members when asked', async () => {
    const counts = (await get({ expand: 'stats', sortBy: 'profile.name' })).body as unknown as {
      _embedded: { stats: { usersCount: number } };
    }[];
    expect(counts.map((group) => group._embedded.stats.usersCount)).toEqual([1, 1, 0, 0]);
    expect((await get({})).text).not.toContain('stats');
  });

  it.each([
    [{ search: 'objectClass eq "x"' }, 'E0000031'],
    [{ filter: 'profile.description eq "x"' }, 'E0000031'],
    [{ search: 'id pr', filter: 'id pr' }, 'E0000033'],
    [{ sortBy: 'name' }, 'E0000001'],
    [{ search: "name eq ' or 1=1" }, 'E0000031'],
  ] as const)('refuses %j', async (parameters, code) => {
    expect((await get(parameters)).body['errorCode']).toBe(code);
  });
});
