/** Policies as objects: made, ordered, shared by apps, deleted; what their settings do to a sign-in. On both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { serviceAppBody } from '../harness/machine.ts';
import { askedProof, Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Policy {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly system: boolean;
  readonly status: string;
}
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly system: boolean;
  readonly actions: unknown;
}
const PASSWORD = 'correct horse battery staple';
const method = (more: object = {}) => ({ type: 'ASSURANCE', factorMode: '2FA', ...more });
const allow = (verificationMethod: object = method()) => ({ appSignOn: { access: 'ALLOW', verificationMethod } });
const DENY = { appSignOn: { access: 'DENY' } };
const KEY_WITH_PIN = { key: 'webauthn', method: 'webauthn', userVerification: 'REQUIRED' };
const PASSWORD_STEP = { authenticationMethods: [{ key: 'okta_password', method: 'password' }] };

describe.each(FIRST_ENGINE)('policies on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let ordinal = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());
  // A minute later the rate of requests is counted anew.
  beforeEach(() => server.clock.advance(60));

  const fresh = (word: string): string => `${word} ${ordinal++}`;
  const ok = (reply: Reply): Reply => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const idOf = (reply: Reply): string => String(ok(reply).body['id']);
  const create = (type: string, more: object = {}): Promise<Reply> =>
    ana.call('POST', '/api/v1/policies', { type, name: fresh('policy'), ...more });
  const list = async <T>(path: string): Promise<readonly T[]> => (await ana.get(path)).body as unknown as T[];
  const rulesOf = (id: string): Promise<readonly Rule[]> => list<Rule>(`/api/v1/policies/${id}/rules`);
  const policyOf = async (app: string): Promise<string> => {
    const apps = await list<{ name: string; id: string; _links: { accessPolicy: { href: string } } }>(
      '/api/v1/apps?limit=200',
    );
    const found = apps.find(({ name, id }) => name === app || id === app);
    return new URL(found?._links.accessPolicy.href ?? '').pathname.split('/').at(-1) ?? '';
  };
  const made = async (login: string): Promise<string> =>
    idOf(
      await ana.call('POST', '/api/v1/users?activate=true', {
        profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
        credentials: { password: { value: PASSWORD } },
      }),
    );
  const group = async (...ids: string[]): Promise<string> => {
    const id = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: fresh('group') } }));
    for (const user of ids) ok(await ana.call('PUT', `/api/v1/groups/${id}/users/${user}`));
    return id;
  };
  const eventTypes = async (id: string): Promise<string[]> => {
    const events = await list<{ eventType: string }>(
      `/api/v1/logs?filter=${encodeURIComponent(`target.id eq "${id}"`)}&limit=100`,
    );
    return events.map(({ eventType }) => eventType).filter((type) => !type.startsWith('security.protected_action'));
  };

  describe('of apps', () => {
    it('begin with a catch-all that denies, and live from creation to deletion with an event for each step', async () => {
      const id = idOf(await create('ACCESS_POLICY', { description: 'for all dashboards', priority: 7 }));
      const path = `/api/v1/policies/${id}`;
      expect((await rulesOf(id)).map(({ name, system, actions }) => [name, system, actions])).toEqual([
        ['Catch-all Rule', true, { appSignOn: { access: 'DENY', keepMeSignedIn: { postAuth: 'NOT_ALLOWED' } } }],
      ]);
      expect((await ana.get(path)).body).toMatchObject({
        priority: 1,
        system: false,
        status: 'ACTIVE',
        conditions: null,
      });
      const renamed = await ana.call('PUT', path, { type: 'ACCESS_POLICY', name: fresh('renamed') });
      expect(ok(renamed).body).toMatchObject({ id, description: null });
      expect((await ana.call('POST', `${path}/lifecycle/deactivate`)).status).toBe(204);
      expect((await ana.get(path)).body['status']).toBe('INACTIVE');
      expect((await ana.call('POST', `${path}/lifecycle/activate`)).status).toBe(204);
      expect((await ana.call('DELETE', path)).status).toBe(204);
      expect((await ana.get(path)).status).toBe(404);
      expect((await eventTypes(id)).toSorted()).toEqual([
        'policy.lifecycle.activate',
        'policy.lifecycle.create',
        'policy.lifecycle.deactivate',
        'policy.lifecycle.delete',
        'policy.lifecycle.update',
      ]);
    });

    it('are refused with what is wrong with them', async () => {
      const taken = fresh('taken');
      ok(await create('ACCESS_POLICY', { name: taken }));
      const wrong: [object, string][] = [
        [{ type: 'ACCESS_POLICY', name: taken }, 'Another policy of this type'],
        [{ type: 'ACCESS_POLICY', name: 'x', conditions: { people: {} } }, 'its rules have conditions'],
        [{ type: 'ACCESS_POLICY', name: 'x', settings: { a: 1 } }, 'no settings'],
        [{ type: 'IDP_DISCOVERY', name: 'x' }, 'must be one of'],
        [{ type: 'ACCESS_POLICY', name: ' ' }, 'name'],
        [
          { type: 'OKTA_SIGN_ON', name: 'x', conditions: { people: { groups: { include: ['00gGone'] } } } },
          '00gGone does not exist',
        ],
      ];
      for (const [body, words] of wrong) {
        const reply = await ana.call('POST', '/api/v1/policies', body);
        expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
        expect(reply.text).toContain(words);
      }
      expect(
        (
          await ana.call('PUT', `/api/v1/policies/${await policyOf('okta_enduser')}`, {
            type: 'OKTA_SIGN_ON',
            name: 'x',
          })
        ).status,
      ).toBe(400);
    });

    it('are not saved over what somebody else saved meanwhile', async () => {
      const path = `/api/v1/policies/${idOf(await create('ACCESS_POLICY'))}`;
      const tag = String((await ana.get(path)).headers['etag']);
      const body = () => ({ type: 'ACCESS_POLICY', name: fresh('saved') });
      expect((await ana.call('PUT', path, body(), { 'if-match': tag })).status).toBe(200);
      expect((await ana.call('PUT', path, body(), { 'if-match': tag })).status).toBe(412);
      expect((await ana.call('DELETE', path, undefined, { 'if-match': tag })).status).toBe(412);
      const now = String((await ana.get(path)).headers['etag']);
      expect((await ana.call('DELETE', path, undefined, { 'if-match': now })).status).toBe(204);
    });

    it('judge the apps that are mapped to them, and are not deleted while they do', async () => {
      const place = await createAppAt(ana, fresh('App'), 'https://mapped.example.org', server.url);
      const own = await policyOf(place.id);
      const visitor = new AppVisitor(ana, place);
      expect((await visitor.ask()).status).toBe(303);
      const shut = idOf(await create('ACCESS_POLICY'));
      const mapped = await ana.call('POST', `/api/v1/policies/${shut}/mappings`, {
        resourceId: place.id,
        resourceType: 'APP',
      });
      expect(ok(mapped).body).toMatchObject({
        id: place.id,
        _links: { application: { href: `${server.url}/api/v1/apps/${place.id}` } },
      });
      expect((await ana.get(`/api/v1/policies/${shut}/mappings/${place.id}`)).status).toBe(200);
      expect((await ana.get(`/api/v1/policies/${own}/mappings/${place.id}`)).status).toBe(404);
      expect((await list<{ id: string }>(`/api/v1/policies/${shut}/app`)).map(({ id }) => id)).toEqual([place.id]);
      // Its catch-all denies: the same person no longer gets in.
      expect((await visitor.ask()).status).toBe(403);
      const inUse = await ana.call('DELETE', `/api/v1/policies/${shut}`);
      expect([inUse.status, inUse.text.includes('is judged by this policy')]).toEqual([403, true]);
      ok(await ana.call('POST', `/api/v1/policies/${shut}/rules`, { name: 'in', actions: allow() }));
      expect((await visitor.ask()).status).toBe(303);
      // Switched off, it lets nobody in.
      ok(await ana.call('POST', `/api/v1/policies/${shut}/lifecycle/deactivate`));
      expect((await visitor.ask()).status).toBe(403);
      // The one that came with the app judges nothing now, and is there to be given back.
      ok(await ana.call('POST', `/api/v1/policies/${own}/mappings`, { resourceId: place.id, resourceType: 'APP' }));
      expect((await visitor.ask()).status).toBe(303);
      expect((await ana.call('DELETE', `/api/v1/policies/${shut}`)).status).toBe(204);
      expect((await eventTypes(place.id)).filter((type) => type === 'policy.mapping.create')).toHaveLength(2);
    });

    it('are assigned to an app from the app’s side, by whoever may change all three, with the proof that the app asks', async () => {
      const place = await createAppAt(ana, fresh('App'), 'https://assigned.example.org', server.url);
      const own = await policyOf(place.id);
      const visitor = new AppVisitor(ana, place);
      expect((await visitor.ask()).status).toBe(303);
      const shut = idOf(await create('ACCESS_POLICY'));
      const path = (app: string, policy: string) => `/api/v1/apps/${app}/policies/${policy}`;
      const assigned = await ana.call('PUT', path(place.id, shut));
      expect([assigned.status, assigned.text]).toEqual([204, '']);
      expect(await policyOf(place.id)).toBe(shut);
      expect((await visitor.ask()).status).toBe(403);
      // Again is as good as once, and no event.
      expect((await ana.call('PUT', path(place.id, shut))).status).toBe(204);
      expect((await eventTypes(place.id)).filter((type) => type === 'policy.mapping.create')).toHaveLength(1);

      const global = (await list<{ id: string }>('/api/v1/policies?type=OKTA_SIGN_ON'))[0]?.id ?? '';
      expect((await ana.call('PUT', path(place.id, global))).status).toBe(400);
      expect((await ana.call('PUT', path(place.id, 'rstNoSuchPolicy0000x'))).status).toBe(404);
      expect((await ana.call('PUT', path('0oaNoSuchApp000000x', shut))).status).toBe(404);
      const machine = idOf(await ana.call('POST', '/api/v1/apps', serviceAppBody(fresh('machine'))));
      expect((await ana.call('PUT', path(machine, shut))).text).toContain('no policy judges it');
      // An app admin sees no policies.
      for (const [role, status] of [
        ['APP_ADMIN', 404],
        ['READ_ONLY_ADMIN', 403],
        [null, 403],
      ] as const) {
        const person = await enrolPerson(server, ana, `${fresh('p').replace(' ', '')}@example.org`, role);
        expect((await person.call('PUT', path(place.id, own))).status, String(role)).toBe(status);
      }
      expect(await policyOf(place.id)).toBe(shut);
      expect((await ana.call('PUT', path(place.id, own))).status).toBe(204);
      expect((await visitor.ask()).status).toBe(303);

      // The console under another policy asks as a change of its policy does, whichever side it is asked from.
      const apps = await list<{ id: string; name: string }>('/api/v1/apps?limit=200');
      const saasure = apps.find(({ name }) => name === 'saasure')?.id ?? '';
      const resource = { resourceId: saasure, resourceType: 'APP' };
      const copy = idOf(await ana.call('POST', `/api/v1/policies/${await policyOf('saasure')}/clone`));
      for (const asked of [
        await ana.callOnce('PUT', path(saasure, copy)),
        await ana.callOnce('POST', `/api/v1/policies/${copy}/mappings`, resource),
      ])
        expect(askedProof(asked)?.action).toBe('admin-policy-rule.update');
      const ordinary = await ana.callOnce('POST', `/api/v1/policies/${shut}/mappings`, {
        ...resource,
        resourceId: place.id,
      });
      expect(askedProof(ordinary)?.action).toBe('policy-rule.update');
    });

    it('stay when an app goes that shared them, and go with the app that they came with', async () => {
      const first = await createAppAt(ana, fresh('App'), 'https://first.example.org', server.url);
      const second = await createAppAt(ana, fresh('App'), 'https://second.example.org', server.url);
      const [ofFirst, ofSecond] = [await policyOf(first.id), await policyOf(second.id)];
      ok(
        await ana.call('POST', `/api/v1/policies/${ofFirst}/mappings`, { resourceId: second.id, resourceType: 'APP' }),
      );
      const remove = async (id: string) => {
        ok(await ana.call('POST', `/api/v1/apps/${id}/lifecycle/deactivate`));
        ok(await ana.call('DELETE', `/api/v1/apps/${id}`));
      };
      await remove(first.id);
      expect((await ana.get(`/api/v1/policies/${ofFirst}`)).status).toBe(200);
      await remove(second.id);
      expect((await ana.get(`/api/v1/policies/${ofFirst}`)).status).toBe(404);
      // The one that second came with was left alone: nothing says that it is wanted no more.
      expect((await ana.get(`/api/v1/policies/${ofSecond}`)).status).toBe(200);
    });

    it('are cloned with their rules, and the copy judges nothing yet', async () => {
      const name = fresh('source');
      const from = idOf(await create('ACCESS_POLICY', { name }));
      ok(await ana.call('POST', `/api/v1/policies/${from}/rules`, { name: 'two', actions: allow() }));
      const copies = [
        await ana.call('POST', `/api/v1/policies/${from}/clone`),
        await ana.call('POST', `/api/v1/policies/${from}/clone`),
      ];
      expect(copies.map(({ body }) => body['name'])).toEqual([`[cloned] ${name}`, `[cloned] ${name} 2`]);
      const copy = idOf(copies[0] as Reply);
      const what = async (id: string) =>
        (await rulesOf(id)).map((rule) => ({ name: rule.name, system: rule.system, actions: rule.actions }));
      expect(await what(copy)).toEqual(await what(from));
      expect(await list(`/api/v1/policies/${copy}/mappings`)).toEqual([]);
      const [global] = await list<Policy>('/api/v1/policies?type=OKTA_SIGN_ON');
      expect((await ana.call('POST', `/api/v1/policies/${global?.id ?? ''}/clone`)).status).toBe(400);
    });

    it('are changed by whoever may change them: not by a reader, and the console’s by super admins alone', async () => {
      const reader = await enrolPerson(
        server,
        ana,
        `${fresh('reader').replace(' ', '-')}@example.org`,
        'READ_ONLY_ADMIN',
        ana.address,
      );
      const orgAdmin = await enrolPerson(
        server,
        ana,
        `${fresh('org').replace(' ', '-')}@example.org`,
        'ORG_ADMIN',
        ana.address,
      );
      const id = idOf(await create('ACCESS_POLICY'));
      const console_ = await policyOf('saasure');
      const saasure = (await list<{ id: string; name: string }>('/api/v1/apps?limit=200')).find(
        ({ name }) => name === 'saasure',
      );
      const attempts: [Person, string, string, unknown?][] = [
        [reader, 'POST', '/api/v1/policies', { type: 'ACCESS_POLICY', name: 'x' }],
        [reader, 'DELETE', `/api/v1/policies/${id}`],
        [reader, 'POST', `/api/v1/policies/${id}/clone`],
        [orgAdmin, 'PUT', `/api/v1/policies/${console_}`, { type: 'ACCESS_POLICY', name: 'mine' }],
        [orgAdmin, 'POST', `/api/v1/policies/${console_}/lifecycle/activate`],
        [orgAdmin, 'POST', `/api/v1/policies/${id}/mappings`, { resourceId: saasure?.id, resourceType: 'APP' }],
        [orgAdmin, 'POST', '/api/v1/policies', { type: 'OKTA_SIGN_ON', name: 'x' }],
      ];
      for (const [who, how, path, body] of attempts) {
        const reply = await who.call(how, path, body);
        expect([how, path, reply.status, reply.body['errorCode']]).toEqual([how, path, 403, 'E0000006']);
      }
    });
  });

  describe('the Admin Console is never opened with one factor', () => {
    const SENTENCE = 'One factor never opens the Admin Console';
    const ONE = method({ factorMode: '1FA' });

    it('whichever way somebody tries: each is refused with the same reason, and changes nothing', async () => {
      const console_ = await policyOf('saasure');
      const path = `/api/v1/policies/${console_}`;
      const before = await rulesOf(console_);
      const own = before.find(({ system }) => !system);
      const catchAll = before.find(({ system }) => system);
      const saasure = (await list<{ id: string; name: string }>('/api/v1/apps?limit=200')).find(
        ({ name }) => name === 'saasure',
      );
      const weak = idOf(await create('ACCESS_POLICY'));
      ok(await ana.call('POST', `/api/v1/policies/${weak}/rules`, { name: 'one', actions: allow(ONE) }));
      const asleep = idOf(await create('ACCESS_POLICY'));
      ok(
        await ana.call('POST', `/api/v1/policies/${asleep}/rules?activate=false`, { name: 'one', actions: allow(ONE) }),
      );
      const copyOfWeak = idOf(await ana.call('POST', `/api/v1/policies/${weak}/clone`));
      const toConsole = { resourceId: saasure?.id, resourceType: 'APP' };
      const attempts: [string, string, unknown?][] = [
        ['POST', `${path}/rules`, { name: 'one', actions: allow(ONE) }],
        ['POST', `${path}/rules`, { name: 'one', priority: 0, actions: allow(ONE) }],
        ['POST', `${path}/rules?activate=false`, { name: 'one', actions: allow(ONE) }],
        ['POST', `${path}/rules`, { name: 'nothing asked', actions: { appSignOn: { access: 'ALLOW' } } }],
        [
          'POST',
          `${path}/rules`,
          {
            name: 'a weak second way',
            actions: allow({
              type: 'AUTH_METHOD_CHAIN',
              chains: [{ authenticationMethods: [KEY_WITH_PIN] }, PASSWORD_STEP],
            }),
          },
        ],
        ['PUT', `${path}/rules/${own?.id ?? ''}`, { name: own?.name, actions: allow(ONE) }],
        ['PUT', `${path}/rules/${catchAll?.id ?? ''}`, { name: 'Catch-all Rule', actions: allow(ONE) }],
        ['POST', `/api/v1/policies/${weak}/mappings`, toConsole],
        ['POST', `/api/v1/policies/${asleep}/mappings`, toConsole],
        ['POST', `/api/v1/policies/${copyOfWeak}/mappings`, toConsole],
        ['PUT', `/api/v1/apps/${saasure?.id}/policies/${weak}`],
        ['PUT', `/api/v1/apps/${saasure?.id}/policies/${asleep}`],
        ['PUT', `/api/v1/apps/${saasure?.id}/policies/${copyOfWeak}`],
      ];
      for (const [how, where, body] of attempts) {
        const reply = await ana.call(how, where, body);
        expect([how, where, reply.status, reply.body['errorCode']]).toEqual([how, where, 400, 'E0000001']);
        expect(reply.text).toContain(SENTENCE);
      }
      expect(await rulesOf(console_)).toEqual(before);
      expect(await policyOf('saasure')).toBe(console_);
    });

    it('a policy that judges it is held to it from then on, and one that no longer does is free', async () => {
      const console_ = await policyOf('saasure');
      const saasure = (await list<{ id: string; name: string }>('/api/v1/apps?limit=200')).find(
        ({ name }) => name === 'saasure',
      );
      const copy = idOf(await ana.call('POST', `/api/v1/policies/${console_}/clone`));
      const map = (id: string) =>
        ana.call('POST', `/api/v1/policies/${id}/mappings`, { resourceId: saasure?.id, resourceType: 'APP' });
      const weaken = (id: string) =>
        ana.call('POST', `/api/v1/policies/${id}/rules`, { name: fresh('one'), actions: allow(ONE) });
      ok(await map(copy));
      expect((await weaken(copy)).text).toContain(SENTENCE);
      expect((await weaken(console_)).status).toBe(200);
      // Nor may the last super admin be shut out by a mapping, by switching the policy off, or by deleting it.
      const shut = idOf(await create('ACCESS_POLICY'));
      expect((await map(shut)).text).toContain('last super admin');
      const put = await ana.call('PUT', `/api/v1/apps/${saasure?.id}/policies/${shut}`);
      expect([put.status, put.text.includes('last super admin')]).toEqual([403, true]);
      expect(await policyOf('saasure')).toBe(copy);
      expect((await ana.call('POST', `/api/v1/policies/${copy}/lifecycle/deactivate`)).text).toContain(
        'last super admin',
      );
      expect((await ana.call('DELETE', `/api/v1/policies/${copy}`)).status).toBe(403);
      expect((await map(console_)).text).toContain(SENTENCE);
      const again = ana.thief(ana.address);
      again.cookie = null;
      expect((await again.signIn()).status).toBe(200);
      expect((await again.get('/api/v1/users?limit=1')).status).toBe(200);
    });

    it('another policy for an app asks for the proof that a change of its rules asks, of the console the graver one', async () => {
      const wiki = idOf(
        await ana.call('POST', '/api/v1/apps', {
          name: 'sallyport_gateway',
          label: fresh('Wiki'),
          signOnMode: 'BOOKMARK',
          settings: { app: { externalUrl: `https://wiki-${engine}.example.org` } },
        }),
      );
      const apps = await list<{ id: string; name: string }>('/api/v1/apps?limit=200');
      const saasure = apps.find(({ name }) => name === 'saasure')?.id ?? '';
      const policy = idOf(await create('ACCESS_POLICY'));
      const assigning = (app: string, id: string) => ana.callOnce('PUT', `/api/v1/apps/${app}/policies/${id}`);
      expect(askedProof(await assigning(wiki, policy))?.action).toBe('policy-rule.update');
      expect(askedProof(await assigning(saasure, await policyOf('saasure')))?.action).toBe('admin-policy-rule.update');
      // What would be refused anyway asks for no key.
      expect((await assigning(saasure, policy)).body['errorCode']).toBe('E0000006');
      ok(await ana.call('PUT', `/api/v1/apps/${wiki}/policies/${policy}`));
      ok(await ana.call('POST', `/api/v1/apps/${wiki}/lifecycle/deactivate`));
      ok(await ana.call('DELETE', `/api/v1/apps/${wiki}`));
      ok(await ana.call('DELETE', `/api/v1/policies/${policy}`));
    });

    it('a key that is kept by hardware cannot be asked for while nobody has shown one: the last super admin would be shut out', async () => {
      const path = `/api/v1/policies/${await policyOf('saasure')}/rules`;
      const rule = (await list<Rule>(path)).find(({ system }) => !system);
      const reply = await ana.call('PUT', `${path}/${rule?.id ?? ''}`, {
        name: rule?.name,
        actions: allow(method({ constraints: [{ possession: { hardwareProtection: 'REQUIRED' } }] })),
      });
      expect([reply.status, reply.text.includes('last super admin')]).toEqual([403, true]);
    });
  });

  describe('rules of apps', () => {
    it.each([
      [{ conditions: { network: { connection: 'ZONE' } } }, 'at least one zone'],
      [{ conditions: { network: { connection: 'ZONE', include: ['nzoGone'] } } }, 'nzoGone does not exist'],
      [{ conditions: { people: { users: { exclude: ['00uGone'] } } } }, '00uGone does not exist'],
      [{ conditions: { people: { groups: { include: ['00gGone'] } } } }, '00gGone does not exist'],
      [{ conditions: { userType: { exclude: ['otyGone'] } } }, 'otyGone does not exist'],
      [{ conditions: { device: { managed: true } } }, 'registered'],
      [{ conditions: { platform: { include: [{ os: { expression: '.*' } }] } } }, 'user agent'],
      [{ conditions: { weekday: 'MONDAY' } }, 'weekday'],
      [{ actions: { appSignOn: { access: 'ALLOW', keepMeSignedIn: { postAuth: 'ALLOWED' } } } }, 'outlives'],
      [{ actions: { signon: { access: 'ALLOW' } } }, 'actions'],
      [{ actions: allow(method({ inactivityPeriod: 'PT0S' })) }, 'inactivityPeriod'],
      [
        { actions: allow(method({ constraints: [{ possession: { types: ['PHONE'] } }] })) },
        'No authenticator of this server',
      ],
      [
        { actions: allow(method({ constraints: [{ possession: { userVerificationMethods: ['PIN'] } }] })) },
        'PIN or a biometric',
      ],
      [{ type: 'SIGN_ON' }, 'ACCESS_POLICY'],
    ])('%j is refused, for it would have no effect or another one than it says', async (more, words) => {
      const id = idOf(await create('ACCESS_POLICY'));
      const reply = await ana.call('POST', `/api/v1/policies/${id}/rules`, { name: 'r', actions: DENY, ...more });
      expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(words);
      expect(await rulesOf(id)).toHaveLength(1);
    });

    it('each condition counts at the door', async () => {
      const place = await createAppAt(ana, fresh('App'), 'https://conditions.example.org', server.url);
      const id = idOf(await create('ACCESS_POLICY'));
      ok(await ana.call('POST', `/api/v1/policies/${id}/mappings`, { resourceId: place.id, resourceType: 'APP' }));
      const rule = idOf(await ana.call('POST', `/api/v1/policies/${id}/rules`, { name: 'who', actions: allow() }));
      const visitor = new AppVisitor(ana, place);
      const me = (await ana.get('/api/v1/users/me')).body as unknown as { id: string; type: { id: string } };
      const mine = await group(me.id);
      const zone = idOf(
        await ana.call('POST', '/api/v1/zones', {
          type: 'IP',
          name: fresh('zone'),
          gateways: [{ type: 'CIDR', value: `${ana.address}/32` }],
        }),
      );
      const entered = async (conditions: object, verificationMethod: object = method()): Promise<boolean> => {
        ok(
          await ana.call('PUT', `/api/v1/policies/${id}/rules/${rule}`, {
            name: 'who',
            conditions,
            actions: allow(verificationMethod),
          }),
        );
        const { status } = await visitor.ask();
        expect([303, 403]).toContain(status);
        return status === 303;
      };
      const both: [object, object][] = [
        [{ people: { users: { include: [me.id] } } }, { people: { users: { exclude: [me.id] } } }],
        [{ people: { groups: { include: [mine] } } }, { people: { groups: { include: [mine], exclude: [mine] } } }],
        [{ network: { connection: 'ZONE', include: [zone] } }, { network: { connection: 'ZONE', exclude: [zone] } }],
        [
          { network: { connection: 'ZONE', include: ['ALL_ZONES'] } },
          { network: { connection: 'ZONE', exclude: ['ALL_ZONES'] } },
        ],
        [{ userType: { include: [me.type.id] } }, { userType: { exclude: [me.type.id] } }],
        [
          { platform: { include: [{ type: 'DESKTOP', os: { type: 'LINUX' } }] } },
          { platform: { include: [{ type: 'MOBILE', os: { type: 'ANY' } }] } },
        ],
      ];
      for (const [opens, shuts] of both) {
        expect([opens, await entered(opens)]).toEqual([opens, true]);
        expect([shuts, await entered(shuts)]).toEqual([shuts, false]);
      }
      // What no signal tells yet is unknown, and unknown is not yes.
      for (const unknown of [
        { device: { registered: true } },
        { device: { registered: true, managed: false } },
        { device: { assurance: { include: ['daeAny'] } } },
        { riskScore: { level: 'LOW' } },
      ])
        expect([unknown, await entered(unknown)]).toEqual([unknown, false]);
      server.clock.advance(60);
      // Of constraints one suffices; what the key of this sign-in cannot give does not.
      const possession = (more: object) => ({ possession: { ...more } });
      const strong = possession({
        deviceBound: 'REQUIRED',
        phishingResistant: 'REQUIRED',
        userVerification: 'REQUIRED',
      });
      const hardware = possession({ hardwareProtection: 'REQUIRED' });
      expect(await entered({}, method({ constraints: [strong] }))).toBe(true);
      expect(await entered({}, method({ constraints: [hardware] }))).toBe(false);
      expect(await entered({}, method({ constraints: [hardware, strong] }))).toBe(true);
      expect(await entered({}, method({ constraints: [{ knowledge: { types: ['PASSWORD'] }, ...strong }] }))).toBe(
        false,
      );
      expect(await entered({}, method({ constraints: [possession({ types: ['APP'] })] }))).toBe(false);
      expect(
        await entered({}, { type: 'AUTH_METHOD_CHAIN', chains: [{ authenticationMethods: [KEY_WITH_PIN] }] }),
      ).toBe(true);
      expect(
        await entered(
          {},
          {
            type: 'AUTH_METHOD_CHAIN',
            chains: [{ ...PASSWORD_STEP, next: [{ authenticationMethods: [KEY_WITH_PIN] }] }],
          },
        ),
      ).toBe(false);
    });

    it('an expression counts at the door; one that is not understood is refused with what is', async () => {
      const place = await createAppAt(ana, fresh('App'), 'https://expressions.example.org', server.url);
      const id = await policyOf(place.id);
      const rule = (await rulesOf(id)).find(({ system }) => !system);
      const visitor = new AppVisitor(ana, place);
      const { id: me } = (await ana.get('/api/v1/users/me')).body as unknown as { id: string };
      const mine = await group(me);
      const { name } = ((await ana.get(`/api/v1/groups/${mine}`)).body as unknown as { profile: { name: string } })
        .profile;
      const put = (condition: string): Promise<Reply> =>
        ana.call('PUT', `/api/v1/policies/${id}/rules/${rule?.id ?? ''}`, {
          name: 'who',
          conditions: { elCondition: { condition } },
          actions: allow(),
        });
      const expected: [string, number][] = [
        ["user.profile.firstName == 'Ana'", 303],
        ["user.profile.firstName != 'Ana'", 403],
        [`user.isMemberOf({'group.id': '${mine}'})`, 303],
        [`user.isMemberOf({'group.profile.name': {'${name}', 'Others'}})`, 303],
        [`!user.isMemberOf({'group.profile.name': '${name}'})`, 403],
        ["session.amr.contains('mfa') && session.amr.contains('phr')", 303],
        ["session.amr.contains('pwd')", 403],
        // What no signal tells is unknown, also where it is asked whether it is not so.
        ["security.risk.level != 'HIGH'", 403],
        ["security.behaviors.contains('New IP') == false", 403],
        ['device.profile.managed', 403],
        [`device.profile.managed || user.isMemberOf({'group.id': '${mine}'})`, 303],
        ['', 303],
      ];
      for (const [condition, status] of expected) {
        ok(await put(condition));
        expect([condition, (await visitor.ask()).status]).toEqual([condition, status]);
      }
      for (const condition of [
        "user.status == 'ACTIVE'",
        "user.profile.x.matches('.*')",
        'true ||',
        `${'('.repeat(99)}true${')'.repeat(99)}`,
      ]) {
        const reply = await put(condition);
        expect([condition, reply.status, reply.body['errorCode']]).toEqual([condition, 400, 'E0000001']);
        expect(reply.text).toContain('conditions.elCondition.condition');
      }
      // Of the profile no more is kept with a verdict than was asked for.
      ok(await put("user.profile.lastName == 'Nobody'"));
      const refused = await visitor.ask();
      const reference = /<code>([^<]+)<\/code>/.exec(refused.text)?.[1] ?? '';
      const row = await server.services.store.read
        .selectFrom('verdicts')
        .select('input')
        .where('eventUuid', '=', reference)
        .executeTakeFirstOrThrow();
      const { facts } = JSON.parse(row.input) as { facts: { profile: { value: object } } };
      expect(facts.profile.value).toEqual({ lastName: 'Admin' });
      expect((await ana.get(`/sallyport/v1/logs/${reference}/why`)).body['agrees']).toBe(true);
    });

    it('inactivityPeriod ends a session of the app that rests, sooner than the app would', async () => {
      const place = await createAppAt(ana, fresh('App'), 'http://resting.localhost:8081', server.url);
      const id = await policyOf(place.id);
      const rule = (await rulesOf(id)).find(({ system }) => !system);
      const enter = async (inactivityPeriod: string): Promise<AppVisitor> => {
        ok(
          await ana.call('PUT', `/api/v1/policies/${id}/rules/${rule?.id ?? ''}`, {
            name: 'who',
            actions: allow(method({ inactivityPeriod })),
          }),
        );
        const visitor = new AppVisitor(ana, place);
        expect((await visitor.enter()).status).toBe(303);
        return visitor;
      };
      const check = (visitor: AppVisitor) =>
        ana.get('/gateway/nginx', { 'X-Forwarded-Host': place.host, Cookie: `sallyport=${visitor.cookie}` });
      const short = await enter('PT2M');
      expect((await check(short)).status).toBe(200);
      server.clock.advance(121);
      expect((await check(short)).status).toBe(401);
      const long = await enter('PT5H');
      server.clock.advance(121);
      expect((await check(long)).status).toBe(200);
    });
  });

  describe('of all sessions', () => {
    const order = async (): Promise<string> =>
      (await list<Policy>('/api/v1/policies?type=OKTA_SIGN_ON'))
        .map(({ name, priority }) => `${priority} ${name}`)
        .join(', ');
    const start = async (login: string, password = PASSWORD) => {
      const person = new Person(server.url, login, '203.0.113.7');
      const begun = await person.call('POST', '/api/v1/authn', { username: login, password });
      const { sessionToken } = begun.body;
      const session =
        sessionToken === undefined ? begun : await person.call('POST', '/api/v1/sessions', { sessionToken });
      return { begun, session };
    };

    it('stand in one order with the default one last, and make room for each other', async () => {
      const a = idOf(await create('OKTA_SIGN_ON', { name: 'a' }));
      ok(await create('OKTA_SIGN_ON', { name: 'b' }));
      const c = idOf(await create('OKTA_SIGN_ON', { name: 'c', priority: 1 }));
      expect(await order()).toBe('1 c, 2 a, 3 b, 4 Default Policy');
      const move = (id: string, name: string, priority: number) =>
        ana.call('PUT', `/api/v1/policies/${id}`, { type: 'OKTA_SIGN_ON', name, priority });
      ok(await move(c, 'c', 2));
      expect(await order()).toBe('1 a, 2 c, 3 b, 4 Default Policy');
      ok(await move(a, 'a', 1000));
      expect(await order()).toBe('1 c, 2 b, 3 a, 4 Default Policy');
      ok(await ana.call('DELETE', `/api/v1/policies/${c}`));
      const twins = await Promise.all([
        create('OKTA_SIGN_ON', { name: 'd', priority: 1 }),
        create('OKTA_SIGN_ON', { name: 'e', priority: 1 }),
      ]);
      for (const twin of twins) ok(twin);
      const priorities = (await list<Policy>('/api/v1/policies?type=OKTA_SIGN_ON')).map(({ priority }) => priority);
      expect(new Set(priorities).size).toBe(priorities.length);
      expect((await order()).endsWith(' Default Policy')).toBe(true);
      const fixed = (await list<Policy>('/api/v1/policies?type=OKTA_SIGN_ON')).find(({ system }) => system);
      for (const [how, what] of [
        ['DELETE', ''],
        ['POST', '/lifecycle/deactivate'],
      ] as const)
        expect((await ana.call(how, `/api/v1/policies/${fixed?.id ?? ''}${what}`)).body['errorCode']).toBe('E0000111');
      const moved = await move(fixed?.id ?? '', 'Default Policy', 1);
      expect([moved.status, (await order()).endsWith(' Default Policy')]).toEqual([200, true]);
      for (const { id, system } of await list<Policy>('/api/v1/policies?type=OKTA_SIGN_ON'))
        if (!system) ok(await ana.call('DELETE', `/api/v1/policies/${id}`));
    });

    it('the first that is for somebody, and of which a rule matches, decides: a group is kept out, and another may stay longer', async () => {
      const [service, human] = [`service-${engine}@example.org`, `human-${engine}@example.org`];
      const [robots, people] = [await group(await made(service)), await group(await made(human))];
      const forGroup = (name: string, id: string) =>
        create('OKTA_SIGN_ON', { name, conditions: { people: { groups: { include: [id] } } } });
      const noRobots = idOf(await forGroup('robots', robots));
      const forPeople = idOf(await forGroup('people', people));
      const add = (id: string, signon: object) =>
        ana.call('POST', `/api/v1/policies/${id}/rules`, { type: 'SIGN_ON', name: fresh('rule'), actions: { signon } });
      // Without a rule it is passed over.
      expect((await start(service)).session.status).toBe(200);
      ok(await add(noRobots, { access: 'DENY' }));
      ok(
        await add(forPeople, {
          access: 'ALLOW',
          session: { maxSessionIdleMinutes: 30, maxSessionLifetimeMinutes: 60 },
        }),
      );
      const refused = (await start(service)).session;
      expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000085']);
      const { reference } = refused.body['sallyport'] as { reference: string };
      const why = await ana.get(`/sallyport/v1/logs/${reference}/why`);
      expect(why.body['agrees'], why.text).toBe(true);
      const { session } = await start(human);
      expect(Date.parse(String(session.body['expiresAt'])) - server.clock.now()).toBe(30 * 60_000);
      ok(await ana.call('POST', `/api/v1/policies/${noRobots}/lifecycle/deactivate`));
      expect((await start(service)).session.status).toBe(200);
      for (const id of [noRobots, forPeople]) ok(await ana.call('DELETE', `/api/v1/policies/${id}`));
    });

    it('a factor that is asked for is asked for in the sign-in, and a password that is asked for is not made up for', async () => {
      const login = `keyed-${engine}@example.org`;
      const person = await enrolPerson(server, ana, login, null, '203.0.113.7');
      const { id: user } = (await person.get('/api/v1/users/me')).body as unknown as { id: string };
      const members = await group(user);
      const id = idOf(await create('OKTA_SIGN_ON', { conditions: { people: { groups: { include: [members] } } } }));
      const rules = `/api/v1/policies/${id}/rules`;
      const status = async (): Promise<unknown> => (await start(login)).begun.body['status'];
      expect(await status()).toBe('SUCCESS');
      const signon = { access: 'ALLOW', requireFactor: true };
      const rule = idOf(await ana.call('POST', rules, { name: 'two', actions: { signon } }));
      expect(await status()).toBe('MFA_REQUIRED');
      // The key that verifies its holder is two factors.
      person.cookie = null;
      expect((await person.signIn()).status).toBe(200);
      const withPassword = { name: 'two', actions: { signon: { ...signon, primaryFactor: 'PASSWORD_IDP' } } };
      ok(await ana.call('PUT', `${rules}/${rule}`, withPassword));
      person.cookie = null;
      expect((await person.signIn()).body['errorCode']).toBe('E0000085');
      const begun = await person.call('POST', '/api/v1/authn', { username: login, password: PASSWORD });
      const proved = await person.prove(begun);
      const session = await person.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] });
      expect(session.status, session.text).toBe(200);
      ok(await ana.call('DELETE', `/api/v1/policies/${id}`));
    });

    it('cannot shut out the last super admin, in whatever way', async () => {
      const { id: me } = (await ana.get('/api/v1/users/me')).body as unknown as { id: string };
      const admins = await group(me);
      const id = idOf(await create('OKTA_SIGN_ON', { conditions: { people: { groups: { include: [admins] } } } }));
      const rules = `/api/v1/policies/${id}/rules`;
      const deny = { name: 'deny', actions: { signon: { access: 'DENY' } } };
      expect((await ana.call('POST', rules, deny)).text).toContain('last super admin');
      ok(await ana.call('POST', `${rules}?activate=false`, deny));
      const [rule] = await list<Rule>(rules);
      expect((await ana.call('POST', `${rules}/${rule?.id ?? ''}/lifecycle/activate`)).text).toContain(
        'last super admin',
      );
      // A password that they do not have.
      const withPassword = { name: 'p', actions: { signon: { access: 'ALLOW', primaryFactor: 'PASSWORD_IDP' } } };
      expect((await ana.call('POST', rules, withPassword)).text).toContain('last super admin');
      ok(await ana.call('DELETE', `/api/v1/policies/${id}`));
    });

    it.each([
      [{ factorPromptMode: 'DEVICE' }, 'Only ALWAYS'],
      [{ factorLifetime: 15 }, 'Only 0'],
      [{ rememberDeviceByDefault: true }, 'Only false'],
      [{ session: { usePersistentCookie: true } }, 'Only false'],
      [{ session: { maxSessionIdleMinutes: 0 } }, 'maxSessionIdleMinutes'],
      [{ access: 'CHALLENGE' }, 'access'],
      [{ somethingElse: true }, 'somethingElse'],
    ])('a rule with %j is refused', async (signon, words) => {
      const [fixed] = (await list<Policy>('/api/v1/policies?type=OKTA_SIGN_ON')).filter(({ system }) => system);
      const reply = await ana.call('POST', `/api/v1/policies/${fixed?.id ?? ''}/rules`, {
        name: 'r',
        actions: { signon: { access: 'ALLOW', ...signon } },
      });
      expect([reply.status, reply.body['errorCode']], reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(words);
    });
  });
});
