/** Proofs about policies, and what a policy would decide on given or past facts. On both engines. */

import { sentenceOf } from '@sallyport/model/reasons';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { replayPolicy } from '../../packages/server/src/what-if/replay-policy.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const KEY = {
  factorMode: '2FA',
  type: 'ASSURANCE',
  reauthenticateIn: 'PT2H',
  constraints: [
    { possession: { deviceBound: 'REQUIRED', phishingResistant: 'REQUIRED', userVerification: 'REQUIRED' } },
  ],
};
const allow = (verificationMethod: unknown = KEY) => ({ appSignOn: { access: 'ALLOW', verificationMethod } });
const DENY = { appSignOn: { access: 'DENY' } };
const ONE = allow({ type: 'ASSURANCE', factorMode: '1FA' });

interface Proof {
  readonly isComplete: boolean;
  readonly ways: readonly {
    readonly rule: { readonly id: string; readonly name: string };
    readonly weakest: readonly { readonly name: string; readonly words: string }[];
    readonly except: readonly { readonly name: string }[];
  }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly rule: { readonly name: string } | null;
    readonly by: readonly { readonly name: string }[];
    readonly sentence: string;
  }[];
}
interface Judged {
  readonly verdict: string;
  readonly sentences: readonly string[];
  readonly needs: readonly string[];
  readonly rule: { readonly id: string; readonly name: string } | null;
  readonly isDraft: boolean;
  readonly rules: readonly {
    readonly name: string;
    readonly status: string;
    readonly failed: { readonly condition: string; readonly isUnknown: boolean; readonly sentence: string } | null;
  }[];
  readonly facts: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly isKnown: boolean;
    readonly source: string;
  }[];
  readonly recorded: { readonly verdict: string; readonly rule: { readonly name: string } | null } | null;
}

describe.each(ENGINES)('what if, on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let anaId: string;
  let app: string;
  let policy: string;
  let group: string;
  let zone: string;
  let count = 0;
  const ok = (reply: Reply): Record<string, unknown> => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.body;
  };
  const made = async (path: string, body: unknown): Promise<string> =>
    String(ok(await ana.call('POST', path, body))['id']);
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    anaId = String(ok(await ana.get('/api/v1/users/me'))['id']);
    const made_ = ok(
      await ana.call('POST', '/api/v1/apps', {
        name: 'sallyport_gateway',
        label: 'Grafana',
        signOnMode: 'BOOKMARK',
        settings: { app: { externalUrl: 'https://what-if.example.org' } },
      }),
    );
    app = String(made_['id']);
    policy = new URL((made_['_links'] as { accessPolicy: { href: string } }).accessPolicy.href).pathname
      .split('/')
      .at(-1) as string;
    for (const rule of (await ana.get(`/api/v1/policies/${policy}/rules`)).body as unknown as {
      id: string;
      system: boolean;
    }[])
      if (!rule.system) ok(await ana.call('DELETE', `/api/v1/policies/${policy}/rules/${rule.id}`));
    group = await made('/api/v1/groups', { profile: { name: 'Operators' } });
    ok(await ana.call('PUT', `/api/v1/groups/${group}/users/${anaId}`));
    zone = await made('/api/v1/zones', {
      type: 'IP',
      name: 'Office',
      gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }],
    });
    await made(`/api/v1/policies/${policy}/rules`, {
      name: 'Operators in the office',
      priority: 1,
      conditions: {
        people: { groups: { include: [group] } },
        network: { connection: 'ZONE', include: [zone] },
      },
      actions: allow(),
    });
    await made(`/api/v1/policies/${policy}/rules`, {
      name: 'Managed devices',
      priority: 2,
      conditions: { device: { registered: true, managed: true } },
      actions: allow(),
    });
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const ask = async (body: unknown): Promise<Judged> =>
    ok(await ana.call('POST', '/sallyport/v1/what-if', body)) as unknown as Judged;
  const proofOf = async (rules?: unknown): Promise<Proof> =>
    ok(
      await (rules === undefined
        ? ana.get(`/sallyport/v1/policies/${policy}/proof`)
        : ana.call('POST', `/sallyport/v1/policies/${policy}/proof`, { rules })),
    ) as unknown as Proof;
  const kinds = ({ findings }: Proof): string[] =>
    findings.map(({ kind, rule, by }) => [kind, rule?.name ?? '-', ...by.map(({ name }) => name)].join(' | '));
  const eventCount = async (): Promise<number> =>
    Number(
      (
        await server.services.store.read
          .selectFrom('events')
          .select((e) => e.fn.countAll<number | string>().as('count'))
          .executeTakeFirstOrThrow()
      ).count,
    );
  /** A person with one admin role, as a token of theirs. */
  const callAs = async (role: string) => {
    const login = `p${count++}@example.org`;
    const id = await made('/api/v1/users', {
      profile: { login, email: login },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    ok(await ana.call('POST', `/api/v1/users/${id}/roles`, { type: role }));
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId: id,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    const call = (method: string, path: string, body?: unknown): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` }, body);
    return { id, login, call };
  };

  it('says of a policy who comes in, with which weakest authenticators, and what is wrong with it', async () => {
    const proof = await proofOf();
    expect(proof.isComplete).toBe(true);
    expect(kinds(proof)).toEqual([]);
    expect(proof.ways.map(({ rule, weakest }) => [rule.name, weakest.map(({ name }) => name)])).toEqual([
      ['Operators in the office', ['verified-bound-key']],
      ['Managed devices', ['verified-bound-key']],
    ]);
    expect(proof.ways[1]?.except.map(({ name }) => name)).toEqual(['Operators in the office']);
  });

  it('says of a draft what would be wrong with it, and changes nothing', async () => {
    const before = await ana.get(`/api/v1/policies/${policy}/rules`);
    const events = await eventCount();
    const proof = await proofOf([
      { name: 'Everybody', actions: ONE },
      {
        name: 'Nobody',
        conditions: { network: { connection: 'ZONE', include: [zone], exclude: [zone] } },
        actions: allow(),
      },
      { name: 'Operators', conditions: { people: { groups: { include: [group] } } }, actions: DENY },
    ]);
    expect(kinds(proof)).toEqual([
      'allows-one-factor | Everybody',
      'allows-anywhere | Everybody',
      'rule-contradictory | Nobody',
      'rule-shadowed | Operators | Everybody',
      'rule-shadowed | Catch-all Rule | Everybody',
    ]);
    expect(proof.findings[3]?.sentence).toBe(
      '“Operators” can never apply: rules before it decide every case that it is about. They are “Everybody”.',
    );
    expect((await ana.get(`/api/v1/policies/${policy}/rules`)).text).toBe(before.text);
    expect(await eventCount()).toBe(events);
    const bad = await ana.call('POST', `/sallyport/v1/policies/${policy}/proof`, {
      rules: [{ name: 'x', conditions: { moon: 'full' }, actions: allow() }],
    });
    expect(bad.status).toBe(400);
    expect((await ana.call('POST', `/sallyport/v1/policies/${policy}/proof`, {})).status).toBe(400);
  });

  it('says of a change what it would lead to, without a key and without a trace; and what it would be refused for', async () => {
    const path = `/api/v1/policies/${policy}/rules`;
    const before = await ana.get(path);
    const events = await eventCount();
    // No key is touched for it: `callOnce` answers no request for one.
    const dry = async (method: string, to: string, body?: unknown): Promise<Proof> => {
      const reply = await ana.callOnce(method, `${to}${to.includes('?') ? '&' : '?'}dryRun=true`, body);
      expect(reply.status, reply.text).toBe(200);
      return reply.body as unknown as Proof;
    };
    expect(kinds(await dry('POST', path, { name: 'Everybody', priority: 1, actions: ONE }))).toContain(
      'allows-one-factor | Everybody',
    );
    const [first] = before.body as unknown as { id: string; name: string }[];
    const rule = `${path}/${first?.id}`;
    expect(kinds(await dry('PUT', rule, { name: 'Operators', actions: allow() }))).toEqual([
      'allows-anywhere | Operators',
      'rule-shadowed | Managed devices | Operators',
      'rule-shadowed | Catch-all Rule | Operators',
    ]);
    expect((await dry('DELETE', rule)).ways.map(({ rule: { name } }) => name)).toEqual(['Managed devices']);
    expect((await dry('POST', `${rule}/lifecycle/deactivate`)).ways).toHaveLength(1);
    expect((await ana.get(path)).text).toBe(before.text);
    expect(await eventCount()).toBe(events);
    // What is refused when it is done is refused when it is tried, for the same reason.
    const consoles = (
      (await ana.get('/api/v1/policies?type=ACCESS_POLICY')).body as unknown as {
        id: string;
        name: string;
      }[]
    ).find(({ name }) => name === 'Admin Console')?.id;
    for (const [actions, conditions] of [
      [ONE, {}],
      [DENY, {}],
    ] as const)
      for (const query of ['?dryRun=true', '']) {
        const body = { name: 'Nobody', priority: 0, actions, conditions };
        const reply = await ana.call('POST', `/api/v1/policies/${consoles}/rules${query}`, body);
        expect([
          reply.status,
          reply.text.includes(actions === DENY ? sentenceOf('last-super-admin') : sentenceOf('console-single-factor')),
        ]).toEqual([actions === DENY ? 403 : 400, true]);
      }
    expect((await ana.callOnce('POST', `${path}?dryRun=perhaps`, { name: 'x', actions: ONE })).status).toBe(400);
    expect((await ana.callOnce('DELETE', `${path}/nothing?dryRun=true`)).status).toBe(404);
    const reader = await callAs('READ_ONLY_ADMIN');
    expect((await reader.call('POST', `${path}?dryRun=true`, { name: 'x', actions: ONE })).status).toBe(403);
  });

  it('judges given facts: what follows from them is looked up, what is not given is not known', async () => {
    const key = { user: 'ana@example.org', ip: '198.51.100.10', authenticators: 'verified-bound-key' };
    const inside = await ask({ app, facts: key });
    expect(inside).toMatchObject({ verdict: 'allow', rule: { name: 'Operators in the office' }, isDraft: false });
    expect(inside.rules.map(({ name, status }) => [name, status])).toEqual([
      ['Operators in the office', 'MATCH'],
      ['Managed devices', 'NOT_READ'],
      ['Catch-all Rule', 'NOT_READ'],
    ]);
    expect(inside.facts).toContainEqual(
      expect.objectContaining({ name: 'groupIds', source: 'directory', value: expect.arrayContaining([group]) }),
    );
    expect(inside.facts).toContainEqual(expect.objectContaining({ name: 'risk', isKnown: false, value: null }));

    const outside = await ask({ policy, facts: { ...key, ip: '203.0.113.7' } });
    expect(outside).toMatchObject({ verdict: 'deny', rule: { name: 'Catch-all Rule' } });
    expect(outside.rules.map(({ status, failed }) => [status, failed])).toEqual([
      ['NOT_MATCH', { condition: 'network', isUnknown: false, sentence: 'It is about other network zones.' }],
      [
        'UNDEFINED',
        {
          condition: 'device.registered',
          isUnknown: true,
          sentence: 'It asks for whether the device is registered, which is not known.',
        },
      ],
      ['MATCH', null],
    ]);
    const managed = { ...key, ip: '203.0.113.7', deviceIsManaged: true, deviceIsRegistered: true };
    expect((await ask({ policy, facts: managed })).rule?.name).toBe('Managed devices');
    const weak = await ask({ policy, facts: { ...key, authenticators: 'password+totp' } });
    expect(weak).toMatchObject({
      verdict: 'step_up',
      needs: ['a key that stays on its device, with PIN or biometric'],
    });
    const old = await ask({ policy, facts: { ...key, provedSecondsAgo: 7201 } });
    expect(old.verdict).toBe('step_up');
    expect((await ask({ policy, facts: { ...key, provedSecondsAgo: 7200 } })).verdict).toBe('allow');
    // Somebody whose groups are said to be others.
    expect((await ask({ policy, facts: { ...key, groups: [] } })).rule?.name).toBe('Catch-all Rule');
    expect((await ask({ app: 'saasure', facts: key })).verdict).toBe('allow');
  });

  it('judges a draft in place of the rules that are published', async () => {
    const facts = { user: anaId, ip: '203.0.113.7', authenticators: 'password' };
    const draft = {
      rules: [
        { name: 'Everybody', actions: ONE },
        { name: 'Off', status: 'INACTIVE', actions: DENY },
      ],
    };
    const judged = await ask({ policy, draft, facts });
    expect(judged).toMatchObject({ verdict: 'allow', rule: { name: 'Everybody' }, isDraft: true });
    expect(judged.rules.map(({ status }) => status)).toEqual(['MATCH', 'INACTIVE', 'NOT_READ']);
    expect((await ask({ policy, draft: { rules: [] }, facts })).rule?.name).toBe('Catch-all Rule');
    expect((await ask({ policy, facts })).verdict).toBe('deny');
  });

  it('takes the facts of a past sign-in, and says what was decided then', async () => {
    const { body } = await ana.get(
      '/api/v1/logs?filter=eventType+eq+"policy.evaluate_sign_on"&sortOrder=DESCENDING&limit=1',
    );
    const [event] = body as unknown as { uuid: string }[];
    const then = await ask({ event: event?.uuid });
    expect(then).toMatchObject({ verdict: 'allow', recorded: { verdict: 'allow', rule: then.rule } });
    const elsewhere = await ask({ event: event?.uuid, policy, facts: { ip: '203.0.113.7' } });
    expect(elsewhere).toMatchObject({ verdict: 'deny', recorded: { verdict: 'allow' } });
    expect(elsewhere.facts).toContainEqual(
      expect.objectContaining({ name: 'userId', value: anaId, source: 'sign-in' }),
    );
    expect(elsewhere.facts).toContainEqual(expect.objectContaining({ name: 'address', source: 'assumed' }));
    const started = await ana.get('/api/v1/logs?filter=eventType+eq+"user.session.start"&limit=1');
    const other = (started.body as unknown as { uuid: string }[])[0]?.uuid;
    expect((await ana.call('POST', '/sallyport/v1/what-if', { event: other })).status).toBe(404);
  });

  it('refuses what contradicts itself or is not there, in a way that says so', async () => {
    const refused = async (body: unknown): Promise<number> =>
      (await ana.call('POST', '/sallyport/v1/what-if', body)).status;
    expect(await refused({})).toBe(400);
    expect(await refused({ app, policy })).toBe(400);
    expect(await refused({ app: 'nothing' })).toBe(404);
    expect(await refused({ policy: 'nothing' })).toBe(404);
    expect(await refused({ app, facts: { user: 'nobody@example.org' } })).toBe(404);
    expect(await refused({ app, facts: { ip: 'somewhere' } })).toBe(400);
    expect(await refused({ app, facts: { authenticators: 'a secret handshake' } })).toBe(400);
    expect(await refused({ app, facts: { moon: 'full' } })).toBe(400);
    expect(await refused({ event: 'nothing' })).toBe(404);
    expect(await refused({ app, draft: { rules: [{ name: 'x', actions: { appSignOn: { access: 'MAYBE' } } }] } })).toBe(
      400,
    );
  });

  describe('what of a profile was looked up then', () => {
    let event: string;
    beforeAll(async () => {
      // An expression asks for the department, and for nothing else.
      const asking = await made(`/api/v1/policies/${policy}/rules`, {
        name: 'Department',
        priority: 3,
        conditions: { elCondition: { condition: 'user.profile.department == "Operations"' } },
        actions: allow(),
      });
      server.clock.advance(65);
      expect((await ana.signIn()).status).toBe(200);
      const { body } = await ana.get(
        '/api/v1/logs?filter=eventType+eq+"policy.evaluate_sign_on"&sortOrder=DESCENDING&limit=1',
      );
      event = (body as unknown as { uuid: string }[])[0]?.uuid ?? '';
      ok(await ana.call('DELETE', `/api/v1/policies/${policy}/rules/${asking}`));
    });
    const profileOf = ({ facts }: Judged) =>
      facts.filter(({ name }) => name.startsWith('profile')).map(({ isKnown, value }) => (isKnown ? value : null));

    it('is missing where it was missing, and unknown where nobody asked', async () => {
      const asks = (attribute: string, actions: object): Promise<Judged> => {
        const conditions = { elCondition: { condition: `user.profile.${attribute} == null` } };
        return ask({ event, policy, draft: { rules: [{ name: 'None', conditions, actions }] } });
      };
      expect((await asks('department', allow())).rule?.name).toBe('None');
      const title = await asks('title', allow());
      expect(title.rule?.name).toBe('Catch-all Rule');
      expect(title.rules[0]).toMatchObject({ status: 'UNDEFINED', failed: { isUnknown: true } });
      // What is not known closes: a rule that denies is taken at its word.
      expect((await asks('title', DENY)).rule?.name).toBe('None');
      expect(profileOf(await ask({ event, policy }))).toEqual([{}, ['department']]);
      // Of another person, what is known of them now, and nothing of the one before.
      const other = await ask({ event, policy, facts: { user: anaId } });
      expect(profileOf(other)).toEqual([null, null]);
    });

    it('is not told to whoever may not read it', async () => {
      const role = await made('/api/v1/iam/roles', {
        label: 'Half a reader',
        description: 'reads the log, policies, and names',
        permissions: ['okta.logs.read', 'okta.policies.read'],
      });
      ok(
        await ana.call('POST', `/api/v1/iam/roles/${role}/permissions/okta.users.read`, {
          conditions: { include: { 'okta:ResourceAttribute/User/Profile': ['lastName'] } },
        }),
      );
      const set = await made('/api/v1/iam/resource-sets', {
        label: 'All of them',
        description: 'all',
        resources: ['users', 'policies', 'logs'].map((what) => `${server.url}/api/v1/${what}`),
      });
      const login = `p${count++}@example.org`;
      const id = await made('/api/v1/users', {
        profile: { login, email: login },
        credentials: { password: { value: 'correct horse battery staple' } },
      });
      await made(`/api/v1/users/${id}/roles`, { type: 'CUSTOM', role, 'resource-set': set });
      const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: 'half',
        ownerId: id,
        purpose: 'test',
        ttlSeconds: 3600,
        network: { connection: 'ANYWHERE' },
        protectedActions: 'all',
      });
      const headers = { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` };
      const reply = await send(server.url, 'POST', '/sallyport/v1/what-if', headers, { event, policy });
      const judged = ok(reply) as unknown as Judged;
      expect(judged.facts.find(({ name }) => name === 'userId')?.value).toBe(anaId);
      expect(profileOf(judged)).toEqual([null, null]);
    });
  });

  it('is only for whoever may read policies, and only of people whom they may read', async () => {
    const reader = await callAs('READ_ONLY_ADMIN');
    expect((await reader.call('POST', '/sallyport/v1/what-if', { app, facts: { user: anaId } })).status).toBe(200);
    expect((await reader.call('GET', `/sallyport/v1/policies/${policy}/proof`)).status).toBe(200);
    const helper = await callAs('HELP_DESK_ADMIN');
    for (const [method, path, body] of [
      ['POST', '/sallyport/v1/what-if', { app }],
      ['GET', `/sallyport/v1/policies/${policy}/proof`, undefined],
      ['POST', `/sallyport/v1/policies/${policy}/proof`, { rules: [] }],
      ['POST', '/api/v1/policies/simulate', [{ appInstance: app }]],
    ] as const)
      expect((await helper.call(method, path, body)).status, `${method} ${path}`).toBe(403);
    // Who reads policies, but nobody's account and no log: a custom role.
    const role = await made('/api/v1/iam/roles', {
      label: 'Policy reader',
      description: 'reads policies',
      permissions: ['okta.policies.read', 'okta.apps.read'],
    });
    const set = await made('/api/v1/iam/resource-sets', {
      label: 'Policies',
      description: 'all',
      resources: [`${server.services.config.publicUrl.origin}/api/v1/policies`],
    });
    const login = `p${count++}@example.org`;
    const id = await made('/api/v1/users', {
      profile: { login, email: login },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    ok(
      await ana.call('POST', `/api/v1/iam/resource-sets/${set}/bindings`, {
        role,
        members: [`${server.services.config.publicUrl.origin}/api/v1/users/${id}`],
      }),
    );
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId: id,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    const narrow = (body: unknown): Promise<Reply> =>
      send(
        server.url,
        'POST',
        '/sallyport/v1/what-if',
        { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` },
        body,
      );
    expect((await narrow({ policy, facts: { ip: '198.51.100.10' } })).status).toBe(200);
    expect((await narrow({ policy, facts: { user: anaId } })).status).toBe(404);
    const { body } = await ana.get(
      '/api/v1/logs?filter=eventType+eq+"policy.evaluate_sign_on"&sortOrder=DESCENDING&limit=1',
    );
    expect((await narrow({ event: (body as unknown as { uuid: string }[])[0]?.uuid, policy })).status).toBe(403);
  });

  it('simulates on the wire that clients know', async () => {
    const simulate = async (context: unknown, query = ''): Promise<Record<string, unknown>[]> =>
      ok(
        await ana.call('POST', `/api/v1/policies/simulate${query}`, [
          { appInstance: app, policyTypes: ['ACCESS_POLICY'], policyContext: context },
        ]),
      ) as unknown as Record<string, unknown>[];
    const [inside] = await simulate({ user: { id: anaId }, groups: { ids: [group] }, ip: '198.51.100.10' });
    expect(inside).toMatchObject({
      status: 'MATCH',
      policyType: ['ACCESS_POLICY'],
      result: {
        policies: [
          {
            id: policy,
            status: 'MATCH',
            rules: [
              {
                name: 'Operators in the office',
                status: 'MATCH',
                conditions: [
                  { type: 'people.groups', status: 'MATCH' },
                  { type: 'network', status: 'MATCH' },
                ],
              },
            ],
          },
        ],
      },
      undefined: { policies: [] },
      evaluated: { policies: [] },
    });
    const [outside] = await simulate(
      { groups: { ids: [group] }, zones: { ids: [] }, risk: { level: 'LOW' } },
      '?expand=EVALUATED,RULE',
    );
    expect(outside).toMatchObject({
      result: { policies: [{ rules: [{ name: 'Catch-all Rule' }] }] },
      undefined: {
        policies: [
          {
            status: 'UNDEFINED',
            rules: [{ name: 'Managed devices', conditions: [{ type: 'device.registered', status: 'UNDEFINED' }] }],
          },
        ],
      },
      evaluated: {
        policies: [
          {
            status: 'NOT_MATCH',
            rules: [{ name: 'Operators in the office', conditions: [{ type: 'network', status: 'NOT_MATCH' }] }],
          },
        ],
      },
    });
    // What a device runs is a fact like any other.
    const phones = await made(`/api/v1/policies/${policy}/rules`, {
      name: 'No phones',
      priority: 0,
      conditions: { platform: { include: [{ type: 'MOBILE', os: { type: 'ANY' } }] } },
      actions: DENY,
    });
    const ruleFor = async (platform: string): Promise<unknown> => {
      const answers = await simulate({ groups: { ids: [group] }, ip: '198.51.100.10', device: { platform } });
      const [answer] = answers as unknown as { result: { policies: { rules: { name: string }[] }[] } }[];
      return answer?.result.policies[0]?.rules[0]?.name;
    };
    expect([await ruleFor('IOS'), await ruleFor('ANDROID'), await ruleFor('WINDOWS')]).toEqual([
      'No phones',
      'No phones',
      'Operators in the office',
    ]);
    expect((await ana.call('DELETE', `/api/v1/policies/${policy}/rules/${phones}`)).status).toBe(204);
    const both = ok(await ana.call('POST', '/api/v1/policies/simulate', [{ appInstance: app }]));
    expect((both as unknown as { policyType: string[] }[]).map(({ policyType }) => policyType[0])).toEqual([
      'ACCESS_POLICY',
      'OKTA_SIGN_ON',
    ]);
    const refused = async (body: unknown): Promise<number> =>
      (await ana.call('POST', '/api/v1/policies/simulate', body)).status;
    expect(await refused([])).toBe(400);
    expect(await refused([{ appInstance: 'nothing' }])).toBe(404);
    expect(await refused([{ appInstance: app, policyTypes: ['IDP_DISCOVERY'] }])).toBe(400);
    expect(await refused([{ appInstance: app, policyContext: { device: { platform: 'TOASTER' } } }])).toBe(400);
    expect(await refused([{ appInstance: app, policyContext: { user: { id: 'nobody' } } }])).toBe(404);
  });

  interface Replay {
    readonly isComplete: boolean;
    readonly signIns: number;
    readonly before: Readonly<Record<string, number>>;
    readonly after: Readonly<Record<string, number>>;
    readonly newlyDenied: Changed;
    readonly newlyAllowed: Changed;
  }
  interface Changed {
    readonly people: number;
    readonly list: readonly { login: string | null; times: number; rule: { name: string } | null; lastEvent: string }[];
  }
  it('replays the sign-ins of the last days on a draft: who would have been denied, and who let in', async () => {
    const policies = (await ana.get('/api/v1/policies?type=ACCESS_POLICY')).body as unknown as {
      id: string;
      name: string;
    }[];
    const consoles = policies.find(({ name }) => name === 'Admin Console')?.id ?? '';
    const replay = async (body: unknown, id = consoles): Promise<Replay> =>
      ok(await ana.call('POST', `/sallyport/v1/policies/${id}/replay`, body)) as unknown as Replay;
    const same = await replay({});
    expect(same.isComplete).toBe(true);
    expect(same.signIns).toBeGreaterThan(5);
    expect(same.after).toEqual(same.before);
    expect([same.newlyDenied.people, same.newlyAllowed.people]).toEqual([0, 0]);
    const rules = [
      {
        name: 'Not from the office',
        conditions: { network: { connection: 'ZONE', exclude: [zone] } },
        actions: allow(),
      },
    ];
    const draft = await replay({ rules });
    expect(draft.signIns).toBe(same.signIns);
    // The first sign-in was before the zone: its facts are those of then.
    expect(draft.after).toEqual({ allow: 1, step_up: 0, deny: same.signIns - 1 });
    expect(draft.newlyDenied).toMatchObject({
      people: 1,
      list: [{ login: 'ana@example.org', times: same.signIns - 1, rule: { name: 'Catch-all Rule' } }],
    });
    // The event behind it is a real one, and what-if says the same of it.
    const event = draft.newlyDenied.list[0]?.lastEvent;
    expect((await ask({ event, draft: { rules } })).verdict).toBe('deny');
    expect((await replay({ rules: [{ name: 'x', actions: ONE }] })).after['allow']).toBe(same.signIns);
    // Another app's sign-ins are not among them, and nobody has opened that one.
    expect((await replay({}, policy)).signIns).toBe(0);
    // What is older than asked is not looked at.
    server.clock.advance(2 * 86_400);
    expect((await ana.signIn()).status).toBe(200);
    expect((await replay({ days: 1 })).signIns).toBe(1);
    expect((await replay({ days: 3 })).signIns).toBe(same.signIns + 1);
    const global = ((await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[])[0]?.id;
    expect((await ana.call('POST', `/sallyport/v1/policies/${global}/replay`, {})).status).toBe(400);
    expect((await ana.call('POST', `/sallyport/v1/policies/${consoles}/replay`, { days: 31 })).status).toBe(400);
    expect((await ana.call('POST', '/sallyport/v1/policies/nothing/replay', {})).status).toBe(404);
  });

  it('replays page by page, more than one page deep, and stops for whoever goes away', async () => {
    const { store, clock } = server.services;
    const row = await store.read
      .selectFrom('verdicts')
      .innerJoin('events', 'events.uuid', 'verdicts.eventUuid')
      .selectAll('verdicts')
      .where('judgement', '=', 'evaluate-policy')
      .orderBy('events.publishedAt', 'desc')
      .executeTakeFirstOrThrow();
    const { policy: judged } = JSON.parse(row.input) as { policy: { id: string } };
    const event = await store.read
      .selectFrom('events')
      .selectAll()
      .where('uuid', '=', row.eventUuid)
      .executeTakeFirstOrThrow();
    const before = ok(await ana.call('POST', `/sallyport/v1/policies/${judged.id}/replay`, {}))['signIns'] as number;
    const COPIES = 1203;
    // As the log would hold them after busy days, many at the same instant.
    await store.transaction(async (tx) => {
      for (let i = 0; i < COPIES; i++) {
        const uuid = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
        await tx
          .insertInto('events')
          .values({ ...event, uuid, seq: 1_000_000 + i, publishedAt: clock.now() - (i % 3) } as never)
          .execute();
        await tx
          .insertInto('verdicts')
          .values({ ...row, eventUuid: uuid })
          .execute();
      }
    });
    const after = ok(await ana.call('POST', `/sallyport/v1/policies/${judged.id}/replay`, {}));
    expect(after).toMatchObject({ signIns: before + COPIES, isComplete: true });
    const gone = await replayPolicy(
      server.services,
      hostPrincipal(server.services.random),
      judged.id,
      {},
      AbortSignal.abort(),
    );
    expect(gone).toMatchObject({ signIns: 0, isComplete: false });
  });

  it('answers the same as the sign-in does: the console’s own door', async () => {
    const { body } = await ana.get(
      '/api/v1/logs?filter=eventType+eq+"policy.evaluate_sign_on"&sortOrder=DESCENDING&limit=1',
    );
    const uuid = (body as unknown as { uuid: string }[])[0]?.uuid ?? '';
    const why = ok(await ana.get(`/sallyport/v1/logs/${uuid}/why`)) as unknown as {
      recorded: { matchedRuleId: string; verdict: { kind: string } };
    };
    const judged = await ask({
      app: 'saasure',
      facts: { user: anaId, ip: ana.address, authenticators: 'verified-bound-key' },
    });
    expect([judged.verdict, judged.rule?.id]).toEqual([why.recorded.verdict.kind, why.recorded.matchedRuleId]);
  });
});
