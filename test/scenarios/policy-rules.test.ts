/** Rules of a policy as objects: their order, two people who edit at once. On both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly system: boolean;
}
const ALLOW = { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode: '1FA' } } };
const DENY = { appSignOn: { access: 'DENY' } };

describe.each(ENGINES)('policy rules on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let rules: string;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    const app = await ana.call('POST', '/api/v1/apps', {
      name: 'sallyport_gateway',
      label: 'Grafana',
      signOnMode: 'BOOKMARK',
      settings: { app: { externalUrl: 'https://rules.example.org' } },
    });
    const { accessPolicy } = app.body['_links'] as { accessPolicy: { href: string } };
    rules = `${new URL(accessPolicy.href).pathname}/rules`;
  });
  afterAll(() => server.stop());

  const list = async (): Promise<readonly Rule[]> => (await ana.get(rules)).body as unknown as Rule[];
  const named = async (name: string): Promise<Rule> => {
    const rule = (await list()).find((one) => one.name === name);
    if (rule === undefined) throw new Error(`no rule ${name}`);
    return rule;
  };
  const order = async (): Promise<string> =>
    (await list()).map(({ name, priority }) => `${priority} ${name}`).join(', ');
  const add = (name: string, priority?: number): Promise<Reply> =>
    ana.call('POST', rules, { name, actions: ALLOW, ...(priority === undefined ? {} : { priority }) });
  const move = async (name: string, priority: number): Promise<Reply> =>
    ana.call('PUT', `${rules}/${(await named(name)).id}`, { name, priority, actions: ALLOW });

  it('are read in one order: who moves makes the others give way, and the catch-all stays last', async () => {
    expect((await move('Who may enter', 1)).status).toBe(200);
    expect((await add('b')).status).toBe(200);
    expect((await add('c', 5)).status).toBe(200);
    expect((await add('d')).status).toBe(200);
    expect(await order()).toBe('1 Who may enter, 2 b, 5 c, 6 d, 99 Catch-all Rule');
    expect((await add('first', 1)).status).toBe(200);
    expect(await order()).toBe('1 first, 2 Who may enter, 3 b, 5 c, 6 d, 99 Catch-all Rule');
    await move('d', 2);
    expect(await order()).toBe('1 first, 2 d, 3 Who may enter, 4 b, 5 c, 99 Catch-all Rule');
    await move('first', 4);
    expect(await order()).toBe('1 d, 2 Who may enter, 3 b, 4 first, 5 c, 99 Catch-all Rule');
    await move('d', 1000);
    expect(await order()).toBe('2 Who may enter, 3 b, 4 first, 5 c, 98 d, 99 Catch-all Rule');
  });

  it('never change places for want of room: then all are numbered anew in their order', async () => {
    const app = await ana.call('POST', '/api/v1/apps', {
      name: 'sallyport_gateway',
      label: 'Full',
      signOnMode: 'BOOKMARK',
      settings: { app: { externalUrl: 'https://full.example.org' } },
    });
    expect(app.status, app.text).toBe(200);
    const { accessPolicy } = app.body['_links'] as { accessPolicy: { href: string } };
    const path = `${new URL(accessPolicy.href).pathname}/rules`;
    const names = async (): Promise<string> => {
      const all = (await ana.get(path)).body as unknown as Rule[];
      const places = all.map(({ priority }) => priority);
      expect(new Set(places).size).toBe(places.length);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      return all.map(({ name }) => name).join(' ');
    };
    const made = async (name: string, priority?: number): Promise<Reply> => {
      const actions = name.startsWith('deny') ? DENY : ALLOW;
      const reply = await ana.call('POST', path, { name, actions, ...(priority === undefined ? {} : { priority }) });
      expect(reply.status, reply.text).toBe(200);
      const all = (await ana.get(path)).body as unknown as Rule[];
      expect(all.find((rule) => rule.name === name)?.priority).toBe(reply.body['priority']);
      return reply;
    };
    await made('allow-b', 98);
    const { body } = await made('deny-a', 97);
    await made('c', 97);
    expect(await names()).toBe('Who may enter c deny-a allow-b Catch-all Rule');
    await made('last', 1000);
    await made('end');
    await made('start', 0);
    await made('before', 0);
    const own = 'before start Who may enter c deny-a allow-b';
    expect(await names()).toBe(`${own} last end Catch-all Rule`);
    const moved = { name: 'deny-a', priority: 1000, actions: DENY };
    expect((await ana.call('PUT', `${path}/${body['id']}`, moved)).status).toBe(200);
    expect(await names()).toBe(`${own.replace(' deny-a', '')} last end deny-a Catch-all Rule`);
  });

  it('are not saved over what somebody else saved meanwhile', async () => {
    const { id } = await named('b');
    const read = await ana.get(`${rules}/${id}`);
    const tag = String(read.headers['etag']);
    const body = { name: 'b', priority: 3, actions: DENY };
    expect((await ana.call('PUT', `${rules}/${id}`, { ...body, name: 'b2' })).status).toBe(200);
    const late = await ana.call('PUT', `${rules}/${id}`, body, { 'if-match': tag });
    expect(late.status).toBe(412);
    expect((await named('b2')).id).toBe(id);
    const again = String((await ana.get(`${rules}/${id}`)).headers['etag']);
    expect(again).not.toBe(tag);
    expect((await ana.call('PUT', `${rules}/${id}`, body, { 'if-match': again })).status).toBe(200);
    // A switch is a change too.
    const on = String((await ana.get(`${rules}/${id}`)).headers['etag']);
    expect((await ana.call('POST', `${rules}/${id}/lifecycle/deactivate`)).status).toBe(204);
    expect((await ana.call('PUT', `${rules}/${id}`, body, { 'if-match': on })).status).toBe(412);
  });

  it('tell how often they decided in seven days, and when last', async () => {
    interface Counted {
      readonly id: string;
      readonly counted: string;
      readonly matches: number;
      readonly lastMatchedAt: string | null;
    }
    const counts = async (): Promise<readonly Counted[]> => {
      const { status, body } = await ana.get('/sallyport/v1/policies/matches');
      expect(status).toBe(200);
      expect(body['isComplete']).toBe(true);
      return body['rules'] as Counted[];
    };
    const policies = async (type: string) =>
      (await ana.get(`/api/v1/policies?type=${type}&expand=rules`)).body as unknown as {
        name: string;
        _embedded: { rules: { id: string }[] };
      }[];
    const consoleRule = (await policies('ACCESS_POLICY')).find(({ name }) => name === 'Admin Console')?._embedded
      .rules[0];
    const of = async (id: string | undefined): Promise<Counted | undefined> =>
      (await counts()).find((rule) => rule.id === id);
    const before = await of(consoleRule?.id);
    expect(before).toMatchObject({ counted: 'all' });
    server.clock.advance(60);
    const again = ana.thief(ana.address);
    again.cookie = null;
    await again.signIn();
    const after = await of(consoleRule?.id);
    expect(after?.matches).toBe((before?.matches ?? 0) + 1);
    expect(Date.parse(after?.lastMatchedAt ?? '')).toBe(server.clock.now());
    // What it let pass is not written down of the policy that lets sessions begin: no number is made up.
    const global = (await policies('OKTA_SIGN_ON'))[0]?._embedded.rules[0];
    expect(await of(global?.id)).toEqual({
      id: global?.id,
      policyId: expect.any(String),
      counted: 'refusals',
      matches: 0,
      lastMatchedAt: null,
    });
    // A rule that never decided is there, with none.
    expect((await of((await named('d')).id))?.matches).toBe(0);
    server.clock.advance(7 * 86_400);
    again.cookie = null;
    await again.signIn();
    const matchesNow = async (): Promise<number | undefined> => {
      const { body } = await again.get('/sallyport/v1/policies/matches');
      return (body['rules'] as Counted[]).find((rule) => rule.id === consoleRule?.id)?.matches;
    };
    // The one of seven days ago to the millisecond still counts, the one before it does not.
    expect(await matchesNow()).toBe(2);
    server.clock.advance(1);
    expect(await matchesNow()).toBe(1);
  });
});
