/** What a policy rests on is as strong as the policy: the zones and groups it names, and the facts it was judged on. */
import type { RoleType } from '@sallyport/model/roles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const OFFICE = { type: 'IP', name: 'Office', gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }] };

describe.each(ENGINES)('beside the policy on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  const idOf = (reply: Reply): string => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return String(reply.body['id']);
  };
  const person = (login: string, role: RoleType | null): Promise<Person> =>
    enrolPerson(server, ana, login, role, ana.address);
  const consolePolicy = async (): Promise<string> => {
    const apps = (await ana.get('/api/v1/apps?limit=200')).body as unknown as {
      name: string;
      _links: { accessPolicy: { href: string } };
    }[];
    return new URL(apps.find(({ name }) => name === 'saasure')?._links.accessPolicy.href ?? '').pathname;
  };
  /** The rule that stands already, once more, for somebody in a group and from a zone. */
  const ruleFor = async (zone: string, group: string): Promise<string> => {
    const path = `${await consolePolicy()}/rules`;
    const rules = (await ana.get(path)).body as unknown as { system: boolean; actions: object }[];
    const { actions } = rules.find(({ system }) => !system) ?? {};
    return `${path}/${idOf(
      await ana.call('POST', path, {
        type: 'ACCESS_POLICY',
        name: 'From the office',
        actions,
        conditions: {
          network: { connection: 'ZONE', include: [zone] },
          people: { groups: { include: [group] } },
        },
      }),
    )}`;
  };

  it('a zone or a group that a rule of the console names is changed by super admins alone', async () => {
    const [zone, group] = [
      idOf(await ana.call('POST', '/api/v1/zones', OFFICE)),
      idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'On call' } })),
    ];
    const lee = await person('lee@example.org', 'ORG_ADMIN');
    const wider = { ...OFFICE, gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] };
    expect((await lee.call('PUT', `/api/v1/zones/${zone}`, wider)).status).toBe(200);
    const rule = await ruleFor(zone, group);
    const before = (await ana.get(`/api/v1/zones/${zone}`)).body;
    for (const [method, path, body] of [
      ['PUT', `/api/v1/zones/${zone}`, OFFICE],
      ['POST', `/api/v1/zones/${zone}/lifecycle/deactivate`, undefined],
      ['DELETE', `/api/v1/groups/${group}`, undefined],
    ] as const) {
      const reply = await lee.call(method, path, body);
      expect([path, reply.status, reply.body['errorCode']]).toEqual([path, 403, 'E0000006']);
    }
    expect((await ana.get(`/api/v1/zones/${zone}`)).body).toEqual(before);
    expect((await ana.get(`/api/v1/groups/${group}`)).status).toBe(200);
    expect((await ana.call('PUT', `/api/v1/zones/${zone}`, OFFICE)).status).toBe(200);
    expect((await ana.call('DELETE', rule)).status).toBe(204);
    expect((await lee.call('DELETE', `/api/v1/groups/${group}`)).status).toBe(204);
  });

  it('who may write rules and read nobody asks nothing of profiles, saved or as a draft', async () => {
    const role = idOf(
      await ana.call('POST', '/api/v1/iam/roles', {
        label: 'Policies alone',
        description: 'Policies and the log, and nobody’s profile.',
        permissions: ['okta.policies.manage', 'okta.logs.read'],
      }),
    );
    const set = idOf(
      await ana.call('POST', '/api/v1/iam/resource-sets', {
        label: 'All policies',
        description: 'All policies and the log.',
        resources: ['/api/v1/policies', '/api/v1/logs'].map((path) => `${server.url}${path}`),
      }),
    );
    const kim = await person('kim@example.org', null);
    const { id } = (await ana.get('/api/v1/users/kim@example.org')).body as unknown as { id: string };
    const given = await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'CUSTOM', role, 'resource-set': set });
    expect(given.status, given.text).toBeLessThan(300);
    await kim.signIn();
    const policy = idOf(
      await ana.call('POST', '/api/v1/policies', { type: 'ACCESS_POLICY', name: 'Grafana', status: 'ACTIVE' }),
    );
    const rule = (condition: string | null) => ({
      type: 'ACCESS_POLICY',
      name: `Rule ${condition}`,
      actions: { appSignOn: { access: 'DENY' } },
      conditions: condition === null ? {} : { elCondition: { condition } },
    });
    const path = `/api/v1/policies/${policy}/rules`;
    expect((await kim.call('POST', path, rule(null))).status).toBe(200);
    const refused = await kim.call('POST', path, rule('user.profile.login == "ana@example.org"'));
    expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000006']);
    const { type: _, ...drafted } = rule('user.profile.login == "ana@example.org"');
    const draft = { rules: [drafted] };
    const asked = await kim.call('POST', `/sallyport/v1/policies/${policy}/proof`, draft);
    expect([asked.status, asked.body['errorCode']]).toEqual([403, 'E0000006']);
  });

  it('why a sign-in was judged as it was names no groups and no profile to whoever reads the log alone', async () => {
    const rita = await person('rita@example.org', 'REPORT_ADMIN');
    const filter = encodeURIComponent('eventType eq "policy.evaluate_sign_on"');
    const events = (await ana.get(`/api/v1/logs?filter=${filter}`)).body as unknown as { uuid: string }[];
    const path = `/sallyport/v1/logs/${events[0]?.uuid}/why`;
    const slots = async (who: Person): Promise<string[]> =>
      Object.keys(((await who.get(path)).body['facts'] as unknown as { facts: object }).facts);
    expect(await slots(ana)).toContain('groupIds');
    const seen = await slots(rita);
    expect(seen).toContain('holdsAdminRole');
    for (const slot of ['profile', 'groupIds', 'groupNames', 'userTypeId']) expect(seen).not.toContain(slot);
    expect((await rita.get(path)).body['agrees']).toBe(true);
  });
});
