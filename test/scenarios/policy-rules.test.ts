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
});
