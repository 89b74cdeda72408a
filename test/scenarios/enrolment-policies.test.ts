/** Policies of enrolment: which authenticators somebody may, must and may not have, and from where they add them. Both engines. */
import { createSoftAuthenticator, type SoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker } from '@sallyport/testkit/soft-maker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';
const OURS = 'cb69481e-8ff7-4039-93ec-0a2729154a01';
const OTHERS = 'cb69481e-8ff7-4039-93ec-0a2729154a02';

interface Asked {
  readonly key: string;
  readonly enroll?: { readonly self: string; readonly gracePeriod?: object };
  readonly constraints?: object;
}
const of = (key: string, self: string, more: object = {}): Asked => ({ key, enroll: { self, ...more } });
const allow = { enroll: { self: 'CHALLENGE' } };

describe.each(FIRST_ENGINE)('policies of enrolment on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let ordinal = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const fresh = (word: string): string => `${word} ${ordinal++}`;
  const ok = (reply: Reply): Reply => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const idOf = (reply: Reply): string => String(ok(reply).body['id']);
  const code = (reply: Reply): [number, unknown] => [reply.status, reply.body['errorCode']];
  const list = async <T>(path: string): Promise<readonly T[]> => (await ana.get(path)).body as unknown as T[];

  const group = async (): Promise<string> =>
    idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: fresh('group') } }));
  const policyFor = async (groupId: string, authenticators: readonly Asked[], rules: readonly object[] = [allow]) => {
    const policyId = idOf(
      await ana.call('POST', '/api/v1/policies', {
        type: 'MFA_ENROLL',
        name: fresh('policy'),
        priority: 1,
        conditions: { people: { groups: { include: [groupId] } } },
        settings: { type: 'AUTHENTICATORS', authenticators },
      }),
    );
    for (const actions of rules)
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/rules`, { name: fresh('rule'), actions }));
    return policyId;
  };
  /** Somebody with a password, signed in with it, in these groups. */
  const somebody = async (...groupIds: readonly string[]): Promise<{ id: string; person: Person }> => {
    const login = `somebody${ordinal++}@example.org`;
    const profile = { login, email: login, firstName: 'Some', lastName: 'Body' };
    const credentials = { password: { value: PASSWORD } };
    const id = idOf(await ana.call('POST', '/api/v1/users', { profile, groupIds, credentials }));
    const person = new Person(server.url, login);
    const begun = await person.call('POST', '/api/v1/authn', { username: login, password: PASSWORD });
    ok(await person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] }));
    return { id, person };
  };
  const begin = (caller: Person, factorType: string, userId = 'me'): Promise<Reply> =>
    caller.call('POST', `/api/v1/users/${userId}/factors`, { factorType });
  const finish = (caller: Person, begun: Reply, key: SoftAuthenticator): Promise<Reply> => {
    const { activation } = ok(begun).body['_embedded'] as {
      activation: { challenge: string; user: { id: string } };
    };
    const { challenge, user } = activation;
    const made = key.register({ challenge, rpId: 'localhost', origin: server.url, userId: user.id });
    const { attestation, clientData, transports } = made;
    const path = `/api/v1/users/me/factors/${begun.body['id']}/lifecycle/activate`;
    return caller.call('POST', path, { attestation, clientData, transports });
  };
  const addKey = async (caller: Person, key = createSoftAuthenticator()): Promise<Reply> =>
    finish(caller, await begin(caller, 'webauthn'), key);
  const bannersOf = async (person: Person): Promise<readonly string[]> =>
    ((await person.get('/sallyport/v1/me')).body['banners'] as unknown as { text: string }[]).map(({ text }) => text);

  it('there is a default one that lets everybody have what there is, for good', async () => {
    const [policy, ...others] = await list<{ id: string }>('/api/v1/policies?type=MFA_ENROLL');
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      name: 'Default Policy',
      system: true,
      conditions: { people: { groups: { include: [expect.any(String)] } } },
      settings: {
        type: 'AUTHENTICATORS',
        authenticators: [of('okta_password', 'OPTIONAL'), of('webauthn', 'OPTIONAL'), of('google_otp', 'OPTIONAL')],
      },
    });
    const path = `/api/v1/policies/${policy?.id}`;
    const [rule] = await list<{ id: string }>(`${path}/rules`);
    expect(rule).toMatchObject({ type: 'MFA_ENROLL', system: true, actions: allow });
    for (const [method, at] of [
      ['DELETE', path],
      ['POST', `${path}/lifecycle/deactivate`],
      ['DELETE', `${path}/rules/${rule?.id}`],
    ] as const)
      expect(code(await ana.call(method, at))).toEqual([403, 'E0000111']);
    const { person } = await somebody();
    expect((await begin(person, 'token:software:totp')).status).toBe(200);
    expect((await addKey(person)).status).toBe(200);
    expect(await bannersOf(person)).toEqual([]);
  });

  it.each([
    [[of('okta_verify', 'OPTIONAL')], 'there are okta_password, webauthn, google_otp'],
    [[of('webauthn', 'SOMETIMES')], 'self'],
    [[of('okta_password', 'REQUIRED')], 'nobody gives themselves a first password'],
    [[of('okta_password', 'NOT_ALLOWED')], 'nobody gives themselves a first password'],
    [[of('okta_email', 'OPTIONAL')], 'mailboxes and phone numbers prove nobody'],
    [[of('webauthn', 'OPTIONAL'), of('webauthn', 'REQUIRED')], 'stands there twice'],
    [[of('webauthn', 'REQUIRED', { gracePeriod: { type: 'BY_SKIP_COUNT', skipCount: 3 } })], 'is not counted'],
    [[of('webauthn', 'REQUIRED', { gracePeriod: { type: 'BY_DATE_TIME', expiry: 'soon' } })], 'must be an instant'],
    [
      [of('webauthn', 'OPTIONAL', { gracePeriod: { type: 'BY_DATE_TIME', expiry: '2027-01-01T00:00:00Z' } })],
      'nothing to put off',
    ],
    [[{ ...of('google_otp', 'OPTIONAL'), constraints: { aaguidGroups: ['Blue'] } }], 'Only of webauthn'],
    [[{ ...of('webauthn', 'OPTIONAL'), constraints: { aaguidGroups: ['Nowhere'] } }], 'Nowhere does not exist'],
  ] as [readonly Asked[], string][])(
    'refuse what this server has not, and what would do nothing: %j',
    async (all, words) => {
      const settings = { type: 'AUTHENTICATORS', authenticators: all };
      const reply = await ana.call('POST', '/api/v1/policies', { type: 'MFA_ENROLL', name: fresh('wrong'), settings });
      expect(code(reply), reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(words);
    },
  );

  it('refuse other forms, other conditions and groups that are gone', async () => {
    const wrong: [object, string][] = [
      [{ settings: { type: 'FACTORS', factors: {} } }, 'settings'],
      [{ conditions: { people: { groups: { include: ['00gGone'] } } } }, '00gGone does not exist'],
      [{ conditions: { network: { connection: 'ANYWHERE' } } }, 'conditions'],
    ];
    for (const [more, words] of wrong) {
      const reply = await ana.call('POST', '/api/v1/policies', { type: 'MFA_ENROLL', name: fresh('wrong'), ...more });
      expect(code(reply), reply.text).toEqual([400, 'E0000001']);
      expect(reply.text).toContain(words);
    }
    const policyId = await policyFor(await group(), [of('webauthn', 'OPTIONAL')], []);
    for (const more of [
      { actions: { enroll: { self: 'PERHAPS' } } },
      { actions: { passwordChange: { access: 'ALLOW' } } },
      { actions: allow, conditions: { app: { include: [] } } },
    ])
      expect(code(await ana.call('POST', `/api/v1/policies/${policyId}/rules`, { name: 'wrong', ...more }))).toEqual([
        400,
        'E0000001',
      ]);
  });

  it('are a super admin’s to change', async () => {
    const lee = await enrolPerson(server, ana, `lee${ordinal++}@example.org`, 'ORG_ADMIN');
    const [policy] = await list<{ id: string }>('/api/v1/policies?type=MFA_ENROLL');
    expect((await lee.get(`/api/v1/policies/${policy?.id}`)).status).toBe(200);
    const body = { type: 'MFA_ENROLL', name: fresh('policy') };
    expect((await lee.call('POST', '/api/v1/policies', body)).status).toBe(403);
    const rule = { name: 'rule', actions: allow };
    expect((await lee.call('POST', `/api/v1/policies/${policy?.id}/rules`, rule)).status).toBe(403);
  });

  describe('at work', () => {
    it('forbid a kind to those whom they are for, whoever would add it; what is not named is forbidden', async () => {
      const groupId = await group();
      const { id, person } = await somebody(groupId);
      const free = await somebody();
      await policyFor(groupId, [of('webauthn', 'OPTIONAL')]);
      const refused = await begin(person, 'token:software:totp');
      expect(code(refused)).toEqual([403, 'E0000006']);
      expect(refused.text).toContain('does not allow this kind');
      expect(code(await begin(ana, 'token:software:totp', id))).toEqual([403, 'E0000006']);
      expect((await begin(free.person, 'token:software:totp')).status).toBe(200);
      expect((await addKey(person)).status).toBe(200);
    });

    it('are asked again when a registration is finished', async () => {
      const groupId = await group();
      const { id, person } = await somebody(groupId);
      const begun = await begin(person, 'webauthn');
      const policyId = await policyFor(groupId, [of('google_otp', 'OPTIONAL')]);
      expect(code(await finish(person, begun, createSoftAuthenticator()))).toEqual([403, 'E0000006']);
      // No link either: it would be a key.
      const link = await ana.call('POST', `/sallyport/v1/users/${id}/enrolment-codes`);
      expect(code(link)).toEqual([403, 'E0000038']);
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/lifecycle/deactivate`));
      expect((await addKey(person)).status).toBe(200);
    });

    it('never take keys from administrators: without one nobody enters the console', async () => {
      const groupId = await group();
      await policyFor(groupId, [of('google_otp', 'OPTIONAL')]);
      const lee = await enrolPerson(server, ana, `lee${ordinal++}@example.org`, 'READ_ONLY_ADMIN', '198.51.100.10');
      const me = String((await lee.get('/api/v1/users/me')).body['id']);
      ok(await ana.call('PUT', `/api/v1/groups/${groupId}/users/${me}`));
      expect((await addKey(lee)).status).toBe(200);
      // The same person without the role has none added.
      const { person } = await somebody(groupId);
      expect(code(await begin(person, 'webauthn'))).toEqual([403, 'E0000006']);
    });

    it('say from where somebody adds one by themselves; others may all the same', async () => {
      const gateways = [{ type: 'CIDR', value: '203.0.113.0/24' }];
      const zone = idOf(await ana.call('POST', '/api/v1/zones', { type: 'IP', name: fresh('zone'), gateways }));
      const groupId = await group();
      const { id, person } = await somebody(groupId);
      const policyId = await policyFor(groupId, [of('webauthn', 'OPTIONAL')], []);
      const rules = `/api/v1/policies/${policyId}/rules`;
      // Without a rule of its own, the default policy's decides.
      expect((await begin(person, 'webauthn')).status).toBe(200);
      const network = { connection: 'ZONE', include: [zone] };
      ok(await ana.call('POST', rules, { name: 'office', conditions: { network }, actions: allow }));
      ok(await ana.call('POST', rules, { name: 'elsewhere', actions: { enroll: { self: 'NEVER' } } }));
      const refused = await begin(person, 'webauthn');
      expect(code(refused)).toEqual([403, 'E0000006']);
      expect(refused.text).toContain('by themselves from here');
      expect((await begin(ana, 'webauthn', id)).status).toBe(200);
      const near = new Person(server.url, person.login, '203.0.113.7');
      const begun = await near.call('POST', '/api/v1/authn', { username: near.login, password: PASSWORD });
      ok(await near.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] }));
      expect((await addKey(near)).status).toBe(200);
    });

    it('ask for what is required: in words until it is due, and from then on before any app', async () => {
      const place = await createAppAt(ana, fresh('App'), `https://due${ordinal++}.example.org`, server.url);
      const [policy] = (
        await list<{ id: string; _links: { accessPolicy?: { href: string } } }>('/api/v1/apps?limit=200')
      )
        .filter(({ id }) => id === place.id)
        .map((app) => app._links.accessPolicy?.href.split('/').at(-1) ?? '');
      const oneFactor = { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode: '1FA' } };
      const open = { name: 'all', actions: { appSignOn: oneFactor } };
      ok(await ana.call('POST', `/api/v1/policies/${policy}/rules`, open));
      const groupId = await group();
      const { person } = await somebody(groupId);
      const visitor = new AppVisitor(person, place);
      expect((await visitor.ask()).status).toBe(303);
      const dueAt = server.clock.now() + 600_000;
      const gracePeriod = { type: 'BY_DATE_TIME', expiry: new Date(dueAt).toISOString() };
      await policyFor(groupId, [of('webauthn', 'REQUIRED', { gracePeriod })]);
      expect(await bannersOf(person)).toEqual([expect.stringContaining('set up a security key before 2026-')]);
      server.clock.advance(599);
      expect((await visitor.ask()).status).toBe(303);
      server.clock.advance(1);
      expect(await bannersOf(person)).toEqual([expect.stringContaining('Until then no app opens for you')]);
      const refused = await visitor.ask();
      expect([refused.status, refused.text.includes('set up another authenticator first')]).toEqual([403, true]);
      // Their own pages stay open, and what is asked is done there.
      expect((await person.get('/api/v1/users/me')).status).toBe(200);
      expect((await addKey(person)).status).toBe(200);
      expect(await bannersOf(person)).toEqual([]);
      expect((await visitor.ask()).status).toBe(303);
    });

    it('ask nothing that could not be done: codes that are switched off, or a place where nobody enrols', async () => {
      const groupId = await group();
      const { person } = await somebody(groupId);
      const policyId = await policyFor(groupId, [of('webauthn', 'OPTIONAL'), of('google_otp', 'REQUIRED')]);
      expect((await bannersOf(person)).length).toBe(1);
      const codes = (await list<{ id: string; key: string }>('/api/v1/authenticators')).find(
        ({ key }) => key === 'google_otp',
      );
      const turn = (verb: string) => ana.call('POST', `/api/v1/authenticators/${codes?.id}/lifecycle/${verb}`);
      ok(await turn('deactivate'));
      expect(await bannersOf(person)).toEqual([]);
      ok(await turn('activate'));
      expect((await bannersOf(person)).length).toBe(1);
      const never = { name: 'never', priority: 1, actions: { enroll: { self: 'NEVER' } } };
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/rules`, never));
      expect(await bannersOf(person)).toEqual([]);
    });

    it('narrow keys to groups of models, which stay as long as a policy names them', async () => {
      const [maker, other] = [createSoftMaker({ aaguid: OURS }), createSoftMaker({ aaguid: OTHERS })];
      const keys = (await list<{ id: string; key: string }>('/api/v1/authenticators')).find(
        ({ key }) => key === 'webauthn',
      );
      const base = `/api/v1/authenticators/${keys?.id}`;
      for (const [aaguid, { root }] of [
        [OURS, maker],
        [OTHERS, other],
      ] as const)
        ok(
          await ana.call('POST', `${base}/aaguids`, {
            aaguid,
            name: aaguid,
            attestationRootCertificates: [{ x5c: root.toString('base64') }],
            authenticatorCharacteristics: { hardwareProtected: true, fipsCompliant: false, platformAttached: false },
          }),
        );
      const spare = createSoftAuthenticator({ aaguid: OURS, maker });
      expect((await addKey(ana, spare)).status).toBe(200);
      const save = (settings: object) => ana.call('PUT', `${base}/methods/webauthn`, { type: 'webauthn', settings });
      const [blue, red] = [
        { name: 'Blue', aaguids: [OURS] },
        { name: 'Red', aaguids: [OTHERS] },
      ];
      ok(await save({ certBasedAttestationValidation: true, aaguidGroups: [blue, red] }));
      ana = new Person(server.url, ana.login, ana.address, spare);
      expect((await ana.signIn()).status).toBe(200);

      const groupId = await group();
      const { person } = await somebody(groupId);
      const free = await somebody();
      await policyFor(groupId, [{ ...of('webauthn', 'OPTIONAL'), constraints: { aaguidGroups: ['Red'] } }]);
      const ours = createSoftAuthenticator({ aaguid: OURS, maker });
      const refused = await addKey(person, ours);
      expect(code(refused)).toEqual([400, 'E0000228']);
      expect(refused.body['sallyport']).toMatchObject({ reason: 'key-model-not-listed' });
      expect((await addKey(free.person, ours)).status).toBe(200);
      expect((await addKey(person, createSoftAuthenticator({ aaguid: OTHERS, maker: other }))).status).toBe(200);
      const gone = await save({ aaguidGroups: [blue] });
      expect(code(gone)).toEqual([400, 'E0000001']);
      expect(gone.text).toContain('asks for a key of the group Red');
    });
  });
});
