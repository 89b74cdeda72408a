/** The last way in: its own sealed policy, what it is immune to, its alarms, and how a use ends. Both engines. */
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyVerdicts } from '../../packages/server/src/system-log/verify-verdicts.ts';
import { breakGlass, type Glass, holderOf, makeGlass, NETWORKS, registerSealedKey } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const HOME = '198.51.100.10';
const ELSEWHERE = '203.0.113.66';
const BASE = '/sallyport/v1/break-glass';
const NOT_HERE = 'It is a break-glass account, and the address is in none of its own networks.';
const OWN_ROUTES =
  'It is a break-glass account: super admins change it under Break-glass alone, where its key and secret are kept.';

interface Event {
  readonly uuid: string;
  readonly severity: string;
  readonly outcome: { readonly result: string; readonly reason: string };
  readonly debugContext: { readonly debugData: Readonly<Record<string, string>> };
}
interface Use {
  readonly id: string;
  readonly kind: string;
  readonly openings: number;
  readonly refusals: number;
  readonly reason: string | null;
  readonly closedAt: string | null;
  readonly reviews: readonly { readonly login: string }[];
}

describe.each(FIRST_ENGINE)('a break-glass account on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let bo: Person;
  let glass: Glass;
  let n = 0;
  const code = (reply: Reply): [number, unknown] => [reply.status, reply.body['errorCode']];
  const cause = (reply: Reply): unknown =>
    (reply.body['errorCauses'] as unknown as { errorSummary: string }[] | undefined)?.[0]?.errorSummary;
  const account = async (): Promise<Record<string, unknown>> => (await ana.get(`${BASE}/${glass.id}`)).body;
  const uses = async (): Promise<Use[]> => (await ana.get(`${BASE}/${glass.id}/uses`)).body as unknown as Use[];
  const events = async (filter: string): Promise<Event[]> =>
    (await ana.get(`/api/v1/logs?limit=100&sortOrder=DESCENDING&filter=${encodeURIComponent(filter)}`))
      .body as unknown as Event[];
  const steps = async (): Promise<string[]> =>
    (await events('eventType eq "sallyport.break_glass.use"')).map(
      ({ debugContext }) => debugContext.debugData['step'] ?? '',
    );
  const seal = async (): Promise<void> => {
    const sealed = await ana.call('POST', `${BASE}/${glass.id}/seal`);
    expect(sealed.status, sealed.text).toBe(200);
    glass.secret = String(sealed.body['secret']);
  };
  const at = (address: string, key = glass.keys[0]): Person => holderOf(server.url, glass, address, key);

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server, HOME);
    bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN', HOME);
    glass = await makeGlass(ana);
  });
  beforeEach(async () => {
    server.clock.advance(120);
    for (const person of [ana, bo]) expect((await person.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('is made once, with a secret that is shown once, and is not ready without two hardware keys', async () => {
    const login = `glass${++n}@example.org`;
    const made = await ana.call('POST', BASE, { login, name: 'Spare', networks: { primary: ['192.0.2.0/24'] } });
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({ login, state: 'INCOMPLETE', keys: [] });
    expect(String(made.body['secret'])).toMatch(/^([2-9A-HJKMNP-Z]{5}-){6}[2-9A-HJKMNP-Z]{5}$/);
    const id = String(made.body['id']);
    const register = (name: string, key = createSoftAuthenticator(), change = {}): Promise<Reply> =>
      registerSealedKey(ana, id, name, key, change);
    expect(cause(await register('synced', createSoftAuthenticator({ isBackupEligible: true })))).toMatch(/synced/);
    expect(cause(await register('laptop', undefined, { transports: ['internal'] }))).toMatch(/carried along/);
    expect(cause(await register('silent', undefined, { transports: [] }))).toMatch(/carried along/);
    expect((await register('Ana’s')).status).toBe(200);
    expect((await ana.get(`${BASE}/${id}`)).body).toMatchObject({ state: 'INCOMPLETE' });
    expect(cause(await register('ana’s'))).toMatch(/name/);
    server.clock.advance(1);
    expect((await register('Bo’s')).status).toBe(200);
    const shown = await ana.get(`${BASE}/${id}`);
    expect(shown.body).toMatchObject({ state: 'READY', keys: [{ name: 'Ana’s' }, { name: 'Bo’s' }] });
    expect(shown.text).not.toContain(String(made.body['secret']));
    expect(shown.body['todo']).toEqual(['Nobody is told when it is used: set up mail and a webhook.']);
    expect((await ana.call('DELETE', `${BASE}/${id}`)).status).toBe(204);
    expect((await ana.get(`${BASE}/${id}`)).status).toBe(404);
    expect((await ana.get(`/api/v1/users/${id}`)).body).toMatchObject({ status: 'DEPROVISIONED' });
  });

  it.each([
    [{ primary: [] }, /at least one/],
    [{ primary: ['anywhere'] }, /no CIDR/],
    [{ primary: ['198.51.100.0/24'], secondary: ['0.0.0.0/0'] }, /wider than a \/8/],
    [{ primary: ['198.51.100.0/24'], tertiary: ['10.0.0.0-12.0.0.0'] }, /wider than a \/8/],
  ])('takes no networks %j, and bad input changes nothing', async (networks, sentence) => {
    expect((await ana.call('PUT', `${BASE}/${glass.id}`, { networks })).text).toMatch(sentence);
    const login = `never${++n}@example.org`;
    expect(code(await ana.call('POST', BASE, { login, name: 'Never', networks }))).toEqual([400, 'E0000001']);
    expect((await ana.get(`/api/v1/users/${login}`)).status).toBe(404);
    expect(await account()).toMatchObject({ networks: NETWORKS });
  });

  it('signs in with its secret and any of its keys, from each of its networks, and opens the console', async () => {
    for (const [i, address] of [HOME, '2001:db8:1::7', '203.0.113.7'].entries()) {
      const holder = at(address, glass.keys[i % 2]);
      const reply = await breakGlass(holder, i === 0 ? glass.secret.toLowerCase().replaceAll('-', ' ') : glass.secret);
      expect(reply.status, reply.text).toBe(200);
      expect((await holder.get('/api/v1/iam/roles')).status).toBe(200);
      expect(await account()).toMatchObject({ state: 'IN_USE' });
      const session = (await holder.get('/api/v1/sessions/me')).body;
      const seconds = (Date.parse(String(session['expiresAt'])) - server.clock.now()) / 1000;
      expect(seconds).toBeLessThanOrEqual(900);
      await holder.call('DELETE', '/api/v1/sessions/me');
      server.clock.advance(61);
    }
    expect(await account()).toMatchObject({ state: 'USED' });
    expect((await uses()).filter(({ closedAt }) => closedAt === null)).toMatchObject([{ kind: 'USE', openings: 3 }]);
    const [used] = await events('eventType eq "sallyport.break_glass.use"');
    expect(used?.severity).toBe('ERROR');
    const [judged] = await events(
      'eventType eq "policy.evaluate_sign_on" and outcome.result eq "ALLOW" and actor.alternateId eq "glass@example.org"',
    );
    const why = await ana.get(`/sallyport/v1/logs/${judged?.uuid}/why`);
    expect(why.body).toMatchObject({ agrees: true });
    expect(why.text).toContain('Its sealed policy allows it');
  });

  it('is refused from a fourth network, with the right secret, by an event of the highest severity', async () => {
    const before = (await uses())[0]?.refusals ?? 0;
    const reply = await breakGlass(at(ELSEWHERE), glass.secret);
    expect(code(reply)).toEqual([403, 'E0000085']);
    expect(cause(reply)).toBe(NOT_HERE);
    expect((await uses())[0]?.refusals).toBe(before + 1);
    expect((await steps())[0]).toBe('refused');
    const { reference } = reply.body['sallyport'] as unknown as { reference: string };
    expect((await ana.get(`/sallyport/v1/logs/${reference}/why`)).body).toMatchObject({
      agrees: true,
      sentences: [NOT_HERE],
    });
  });

  it('does not sign in with a key alone, a wrong secret, another’s key, or a secret that was replaced', async () => {
    await seal();
    const keyAlone = await at(HOME).signIn();
    expect(code(keyAlone)).toEqual([403, 'E0000085']);
    expect(cause(keyAlone)).toMatch(/sealed secret first/);
    expect((await steps())[0]).toBe('refused');
    // Nobody typed the secret: the seal is whole.
    expect(await account()).toMatchObject({ unsealedAt: null });

    expect(code(await breakGlass(at(HOME), 'correct horse battery staple'))).toEqual([401, 'E0000004']);
    const [first = '', ...others] = glass.secret.split('-');
    const typo = [first.slice(0, 4) + (first.endsWith('A') ? 'B' : 'A'), ...others].join('-');
    const mistyped = await breakGlass(at(HOME), typo);
    expect([...code(mistyped), cause(mistyped)]).toEqual([
      401,
      'E0000004',
      expect.stringMatching(/group 1 of its seven/),
    ]);
    expect(await account()).toMatchObject({ unsealedAt: null });

    const stranger = at(HOME, createSoftAuthenticator());
    const begun = await stranger.call('POST', '/api/v1/authn', { username: glass.login, password: glass.secret });
    expect(begun.body['status'], begun.text).toBe('MFA_REQUIRED');
    const { stateToken, _embedded } = begun.body as unknown as {
      stateToken: string;
      _embedded: { factors: { id: string }[] };
    };
    const factorId = _embedded.factors[0]?.id ?? '';
    await stranger.call('POST', `/api/v1/authn/factors/${factorId}/verify`, { stateToken });
    const forged = await stranger.call('POST', `/api/v1/authn/factors/${factorId}/verify`, {
      stateToken,
      clientData: 'e30',
      authenticatorData: 'AA',
      signatureData: 'AA',
    });
    expect(code(forged)).toEqual([403, 'E0000068']);
    expect((await steps()).slice(0, 2)).toEqual(['refused', 'secret-used']);

    const underWay = at(HOME);
    const proved = await underWay.prove(
      await underWay.call('POST', '/api/v1/authn', { username: glass.login, password: glass.secret }),
    );
    expect(proved.body['status'], proved.text).toBe('SUCCESS');
    const former = glass.secret;
    await seal();
    expect(
      (await underWay.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] })).status,
    ).toBe(401);
    expect(code(await breakGlass(at(HOME), former))).toEqual([401, 'E0000004']);
    expect((await breakGlass(at(HOME), glass.secret)).status).toBe(200);
  });

  it('a new seal ends the sessions that the old one opened', async () => {
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    await seal();
    expect((await holder.get('/sallyport/v1/me')).status).toBe(401);
    expect(await account()).toMatchObject({ state: 'READY', unsealedAt: null });
  });

  it('is opened by any two of three shares, by one never, and says which of them is mistyped', async () => {
    const make = (split: unknown): Promise<Reply> => ana.call('POST', `${BASE}/${glass.id}/seal`, { split });
    for (const split of [
      { count: 3, needed: 4 },
      { count: 1, needed: 1 },
      { count: 10, needed: 2 },
      { count: 3, needed: 1 },
      { count: 3 },
      { count: 2.5, needed: 2 },
    ])
      expect(code(await make(split))).toEqual([400, 'E0000001']);
    const sealed = await make({ count: 3, needed: 2 });
    expect(sealed.body, sealed.text).toMatchObject({ secret: null, split: { count: 3, needed: 2 } });
    const [a = '', b = '', c = ''] = sealed.body['shares'] as unknown as string[];
    // Nothing of them is kept: neither in a table nor in the log.
    const { store } = server.services;
    const kept = await store.read.selectFrom('breakGlassAccounts').selectAll().where('userId', '=', glass.id).execute();
    const logged = JSON.stringify(await events('debugContext.debugData.breakGlass eq "sealed"'));
    expect(logged).toContain('any 2 of 3');
    for (const group of [a, b, c].flatMap((share) => share.split('-').slice(1)))
      expect(`${JSON.stringify(kept)}${logged}`).not.toContain(group);
    expect((await account())['shares']).toBeUndefined();

    for (const [typed, sentence] of [
      [a, /takes 2 shares, and one was typed/],
      [`${a}\n${a}`, /Share 2 is the same paper as share 1/],
      [`${a}\n${b.slice(0, -1)}${b.endsWith('2') ? '3' : '2'}`, /in share 2, group 8 of its eight is mistyped/],
    ] as const) {
      const refused = await breakGlass(at(HOME), typed);
      expect(code(refused)).toEqual([401, 'E0000004']);
      expect(cause(refused)).toMatch(sentence);
    }
    // What is wrong with the paper is said of a name that nobody has just as well: it tells who exists as little.
    const nobody = await at(HOME).call('POST', '/api/v1/authn', { username: 'nobody@example.org', password: a });
    expect([...code(nobody), cause(nobody)]).toEqual([401, 'E0000004', 'It takes 2 shares, and one was typed.']);
    expect(await account()).toMatchObject({ unsealedAt: null, state: 'READY' });
    for (const typed of [`${c}\n${a}`, `${b} ${c}`.toLowerCase().replaceAll('-', ''), `${a}\n${b}\n${c}`]) {
      const holder = at(HOME);
      const opened = await breakGlass(holder, typed);
      expect(opened.status, opened.text).toBe(200);
      await holder.call('DELETE', '/api/v1/sessions/me');
    }
    // A new seal is in shares again unless somebody says otherwise, and those of the last one open nothing with them.
    const next = await ana.call('POST', `${BASE}/${glass.id}/seal`);
    expect(next.body).toMatchObject({ secret: null, split: { count: 3, needed: 2 } });
    const [nextA = ''] = next.body['shares'] as unknown as string[];
    expect(code(await breakGlass(at(HOME), `${a}\n${b}`))).toEqual([401, 'E0000004']);
    expect(cause(await breakGlass(at(HOME), `${nextA}\n${b}`))).toMatch(/made at another time/);
    const whole = await make(null);
    expect(whole.body).toMatchObject({ shares: null, split: null, secret: expect.any(String) });
    glass.secret = String(whole.body['secret']);
  });

  it('the seal is broken by its secret though the network was refused: whoever typed it has it', async () => {
    await seal();
    expect(await account()).toMatchObject({ unsealedAt: null, state: 'READY' });
    expect(cause(await breakGlass(at(ELSEWHERE), glass.secret))).toBe(NOT_HERE);
    expect(await account()).toMatchObject({ unsealedAt: expect.any(String), state: 'USED' });
  });

  it('mends what is broken though settings take no key of its kind, and actions ask for attested ones', async () => {
    await seal();
    const victim = await ana.call('POST', '/api/v1/users', {
      profile: { login: `w${++n}@example.org`, email: `w${n}@example.org`, firstName: 'W', lastName: 'W' },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    const { settings, store, clock } = server.services;
    const [keys, actions] = [settings.get('keys'), settings.get('protectedActions')];
    const attested = { isOn: true, maxAgeMinutes: 0, authenticator: 'ATTESTED', needsApproval: false } as const;
    await store.transaction(async (tx) => {
      const strict = { ...keys, certBasedAttestationValidation: true };
      await settings.put(tx, 'keys', strict, clock.now(), 'an attacker');
      const asked = { ...actions, actions: { 'user.deactivate': attested } };
      await settings.put(tx, 'protectedActions', asked, clock.now(), 'an attacker');
    });
    await settings.reload();
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    const done = await holder.call('POST', `/api/v1/users/${String(victim.body['id'])}/lifecycle/deactivate`);
    expect(done.status, done.text).toBe(200);
    await store.transaction(async (tx) => {
      await settings.put(tx, 'keys', keys, clock.now(), 'the test');
      await settings.put(tx, 'protectedActions', actions, clock.now(), 'the test');
    });
    await settings.reload();
  });

  it('is asked about in no review of roles, reviews nothing, and keeps its role where one would take it', async () => {
    const boId = String((await bo.get('/api/v1/users/me')).body['id']);
    const campaigns = '/governance/api/v1/campaigns';
    const draft = (reviewerId: string) => ({
      name: `Administrators ${++n}`,
      scheduleSettings: {
        type: 'ONE_OFF',
        startDate: '2099-01-01T09:00:00Z',
        durationInDays: 7,
        timeZone: 'Europe/Oslo',
      },
      reviewerSettings: { type: 'USER', reviewerId },
      remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'DENY' },
      sallyport: { kinds: ['ROLE'] },
    });
    expect(code(await ana.call('POST', campaigns, draft(glass.id)))).toEqual([400, 'E0000001']);
    const made = await ana.call('POST', campaigns, draft(boId));
    const id = String(made.body['id']);
    expect((await ana.call('POST', `${campaigns}/${id}/launch`)).status, made.text).toBe(202);
    const items = (await ana.get(`/sallyport/v1/campaigns/${id}/items?show=all`)).body as unknown as {
      id: string;
      subject: { id: string };
    }[];
    expect(items.map(({ subject }) => subject.id)).toContain(boId);
    expect(items.map(({ subject }) => subject.id)).not.toContain(glass.id);
    const [first] = items;
    const moved = await ana.call('POST', `${campaigns}/${id}/reviews/reassign`, {
      reviewerId: glass.id,
      reviewIds: [first?.id],
      note: 'you do it',
    });
    expect(code(moved)).toEqual([400, 'E0000001']);
    // An item of a review that began when it was no break-glass account, or before reviews left them out.
    const { store } = server.services;
    const held = await store.read
      .selectFrom('roleAssignments')
      .select('id')
      .where('principalId', '=', glass.id)
      .executeTakeFirstOrThrow();
    await store.transaction((tx) =>
      tx
        .updateTable('reviewItems')
        .set({ ref: JSON.stringify({ assignmentId: held.id }), decision: 'REVOKE', remediationStatus: 'OPEN' })
        .where('id', '=', first?.id ?? '')
        .execute(),
    );
    const ended = await ana.call('POST', `${campaigns}/${id}/end`, { skipRemediation: true });
    expect(ended.status, ended.text).toBe(202);
    expect((await ana.get(`/governance/api/v1/reviews/${first?.id}`)).body).toMatchObject({
      remediationStatus: 'ERROR',
      sallyport: { remediation: { sentence: OWN_ROUTES } },
    });
    const roles = (await ana.get(`/api/v1/users/${glass.id}/roles`)).body as unknown as { type: string }[];
    expect(roles.map(({ type }) => type)).toEqual(['SUPER_ADMIN']);
  });

  it('whoever is in as it silences no webhook', async () => {
    await seal();
    const hooks = '/sallyport/v1/webhooks';
    const hook = { name: 'pager', url: 'https://hooks.example.org/pager', status: 'INACTIVE' };
    const made = await ana.call('POST', hooks, hook);
    expect(made.status, made.text).toBe(201);
    const path = `${hooks}/${String(made.body['id'])}`;
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    await holder.call('PUT', '/sallyport/v1/break-glass-in-use/reason', { reason: 'the identity provider is down' });
    for (const [method, where, body] of [
      ['POST', hooks, { ...hook, name: 'mine' }],
      ['PUT', path, { ...hook, url: 'https://nobody.example.org/' }],
      ['POST', `${path}/rotate`, { overlapHours: 0 }],
      ['DELETE', path],
    ] as const) {
      const reply = await holder.call(method, where, body);
      expect([method, reply.status, cause(reply)]).toEqual([
        method,
        403,
        'A break-glass account does not change who is told of its use.',
      ]);
    }
    expect((await ana.call('DELETE', path)).status).toBe(204);
  });

  it('whoever it made a super admin does not sign the review of its use', async () => {
    await seal();
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    const puppet = await enrolPerson(server, holder, `puppet${++n}@example.org`, 'SUPER_ADMIN', HOME);
    await holder.call('DELETE', '/api/v1/sessions/me');
    const use = (await uses()).find(({ kind, closedAt }) => kind === 'USE' && closedAt === null);
    const review = (by: Person): Promise<Reply> =>
      by.call('POST', `${BASE}/${glass.id}/uses/${use?.id}/review`, { note: 'All of it was as it should be.' });
    expect(cause(await review(puppet))).toMatch(/the break-glass account made their account/);
    expect((await uses()).find(({ id }) => id === use?.id)).toMatchObject({ reviews: [] });
    const gone = await ana.call('POST', `/api/v1/users/${puppet.login}/lifecycle/deactivate`);
    expect(gone.status, gone.text).toBe(200);
  });

  it('gets in though policies deny everybody, blocklists hold the whole world, and settings take no key of its kind', async () => {
    const policies = (await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[];
    const path = `/api/v1/policies/${policies[0]?.id}/rules`;
    const rule = await ana.call('POST', path, {
      name: 'nobody',
      type: 'SIGN_ON',
      priority: 1,
      actions: { signon: { access: 'DENY' } },
    });
    // It may be: whoever breaks the glass can take it back.
    expect(rule.status, rule.text).toBe(200);
    // Written as an attacker with the database would: no guard of ours is asked.
    await server.services.store.transaction(async (tx) => {
      await tx
        .insertInto('zones')
        .values({
          id: 'nzoWholeWorld0000000',
          name: 'world',
          type: 'IP',
          status: 'ACTIVE',
          usage: 'BLOCKLIST',
          isSystem: 0,
          isExempt: 0,
          gateways: JSON.stringify([
            { type: 'CIDR', value: '0.0.0.0/0' },
            { type: 'CIDR', value: '::/0' },
          ]),
          proxies: '[]',
          conditions: '{}',
          createdAt: server.clock.now(),
          lastUpdatedAt: server.clock.now(),
        } as never)
        .execute();
    });
    await server.services.zones.reload();
    const holder = at(HOME);
    expect((await holder.thief(ELSEWHERE).get('/sallyport/v1/me')).status).toBe(403);
    expect(code(await bo.signIn())).toEqual([403, 'E0000085']);
    const reply = await breakGlass(holder, glass.secret);
    expect(reply.status, reply.text).toBe(200);
    const other = at('203.0.113.7', glass.keys[1]);
    expect((await breakGlass(other, glass.secret)).status).toBe(200);
    expect(code(await breakGlass(at('203.0.113.8'), glass.secret))).toEqual([403, 'E0000006']);
    expect((await holder.call('DELETE', `${path}/${String(rule.body['id'])}`)).status).toBe(204);
    expect((await holder.call('DELETE', '/api/v1/zones/nzoWholeWorld0000000')).status).toBe(204);
    expect((await bo.signIn()).status).toBe(200);
  });

  it('is not locked by guesses at its name, nor kept out by their number', async () => {
    for (let i = 0; i < 40; i += 1)
      await at(ELSEWHERE).call('POST', '/api/v1/authn', { username: glass.login, password: `guess number ${i}` });
    expect(code(await at(ELSEWHERE).call('POST', '/api/v1/authn', { username: glass.login }))).toEqual([
      429,
      'E0000047',
    ]);
    const reply = await breakGlass(at(HOME), glass.secret);
    expect(reply.status, reply.text).toBe(200);
  });

  it('is changed by its own routes alone: not through people, passwords, keys, roles, groups, imports, or by itself', async () => {
    await seal();
    const user = `/api/v1/users/${glass.id}`;
    const group = String((await ana.call('POST', '/api/v1/groups', { profile: { name: `g${++n}` } })).body['id']);
    const roles = (await ana.get(`${user}/roles`)).body as unknown as { id: string }[];
    const factors = (await ana.get(`${user}/factors`)).body as unknown as { id: string }[];
    const tries: readonly [string, string, unknown?][] = [
      ['POST', user, { profile: { firstName: 'Mallory' } }],
      ['POST', `${user}/lifecycle/suspend`],
      ['POST', `${user}/lifecycle/deactivate`],
      ['POST', `${user}/lifecycle/reset_password?sendEmail=false`],
      ['POST', `${user}/lifecycle/expire_password`],
      ['POST', `${user}/lifecycle/reset_factors`],
      ['POST', user, { credentials: { password: { value: 'correct horse battery' } } }],
      ['DELETE', `${user}/factors/${factors[0]?.id}`],
      ['DELETE', user],
      ['DELETE', `${user}/roles/${roles[0]?.id}`],
      ['POST', `${user}/roles`, { type: 'HELP_DESK_ADMIN' }],
      ['PUT', `/api/v1/groups/${group}/users/${glass.id}`],
      ['PUT', `/sallyport/v1/users/${glass.id}/service-account`, { isServiceAccount: true }],
      ['POST', `/sallyport/v1/users/${glass.id}/enrolment-codes`],
    ];
    for (const [method, path, body] of tries) {
      const reply = await ana.call(method, path, body);
      expect([method, path, reply.status, cause(reply)]).toEqual([method, path, 403, OWN_ROUTES]);
    }
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    const own = await holder.call('POST', '/api/v1/users/me/factors', { factorType: 'webauthn', provider: 'FIDO' });
    expect([own.status, cause(own)]).toEqual([403, OWN_ROUTES]);
    await holder.call('PUT', '/sallyport/v1/break-glass-in-use/reason', { reason: 'the identity provider is down' });
    for (const [method, path, body] of [
      ['POST', `${BASE}/${glass.id}/seal`],
      ['PUT', `${BASE}/${glass.id}`, { networks: { primary: ['192.0.2.0/24'] } }],
      ['DELETE', `${BASE}/${glass.id}`],
      ['POST', `${BASE}/${glass.id}/drill`],
      ['POST', BASE, { login: `x${++n}@example.org`, name: 'X', networks: NETWORKS }],
    ] as const)
      expect([path, code(await holder.call(method, path, body))]).toEqual([path, [403, 'E0000006']]);
    const token = await holder.call('POST', '/api/v1/api-tokens', {
      name: 'stay',
      purpose: 'to stay',
      network: { connection: 'ANYWHERE' },
    });
    expect([token.status, cause(token)]).toEqual([403, 'A break-glass account has no API tokens.']);
    await seal();
    expect((await breakGlass(at(HOME), glass.secret)).status).toBe(200);
  });

  it('needs no second person in its session, once it said why; the key is asked for all the same', async () => {
    const setting = { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: true };
    const settings = '/sallyport/v1/protected-actions';
    const shown = (await ana.get(settings)).body;
    expect(
      (await ana.call('PUT', settings, { isOn: shown['isOn'], actions: { 'user.deactivate': setting } })).status,
    ).toBe(200);
    const victim = await ana.call('POST', '/api/v1/users', {
      profile: { login: `v${++n}@example.org`, email: `v${n}@example.org`, firstName: 'V', lastName: 'V' },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    const path = `/api/v1/users/${String(victim.body['id'])}/lifecycle/deactivate`;
    const { kind, approvalId } = (await ana.call('POST', path)).body['sallyport'] as unknown as Record<string, string>;
    expect(kind).toBe('approval_required');
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    expect(cause(await holder.call('POST', path))).toMatch(/say first why/);
    const current = '/sallyport/v1/break-glass-in-use';
    expect((await holder.get(current)).body['own']).toEqual({ isDrill: false, reason: null });
    expect((await bo.callOnce('PUT', `${current}/reason`, { reason: 'I was only looking' })).status).toBe(403);
    const reason = 'Ana and Bo are on a plane; the server burns';
    expect((await holder.call('PUT', `${current}/reason`, { reason })).body['own']).toEqual({ isDrill: false, reason });
    expect((await bo.get(current)).body).toMatchObject({
      inUse: [{ login: glass.login, isDrill: false, reason }],
      own: null,
    });
    expect((await holder.callOnce('POST', path)).body['sallyport']).toMatchObject({ kind: 'step_up_required' });
    const done = await holder.call('POST', path);
    expect(done.status, done.text).toBe(200);
    const [attempt] = await events(
      'eventType eq "security.protected_action.attempt" and outcome.result eq "SUCCESS" and actor.alternateId eq "glass@example.org"',
    );
    expect(attempt?.debugContext.debugData).toMatchObject({ breakGlassReason: reason });
    // Another session has its own reason to give.
    const next = at(HOME);
    expect((await breakGlass(next, glass.secret)).status).toBe(200);
    expect((await next.get(current)).body['own']).toEqual({ isDrill: false, reason: null });

    const asked = (await next.get(`/sallyport/v1/approvals/${approvalId}`)).body;
    const given = await next.call('POST', `/sallyport/v1/approvals/${approvalId}/approve`, {
      challenge: asked['challenge'],
    });
    expect(cause(given)).toMatch(/approves nothing/);
    await ana.call('PUT', settings, { isOn: shown['isOn'], actions: {} });
  });

  it('asks a second person who is not tied to the keeper, wherever there is one', async () => {
    expect((await ana.callOnce('POST', `${BASE}/${glass.id}/seal`)).body['sallyport']).toMatchObject({
      kind: 'step_up_required',
    });
    server.clock.advance(31 * 86_400);
    for (const person of [ana, bo]) expect((await person.signIn()).status).toBe(200);
    const asked = await ana.call('POST', `${BASE}/${glass.id}/seal`);
    expect(asked.body['sallyport'], asked.text).toMatchObject({ kind: 'approval_required' });
    const { approvalId, proofUrl } = asked.body['sallyport'] as unknown as { approvalId: string; proofUrl: string };
    const shown = (await bo.get(`/sallyport/v1/approvals/${approvalId}`)).body;
    const approved = await bo.call('POST', `/sallyport/v1/approvals/${approvalId}/approve`, {
      challenge: shown['challenge'],
    });
    expect(approved.status, approved.text).toBe(200);
    const { proof } = (await ana.get(proofUrl)).body as unknown as { proof: string };
    const sealed = await ana.callOnce('POST', `${BASE}/${glass.id}/seal`, undefined, { 'Sallyport-Proof': proof });
    expect(sealed.status, sealed.text).toBe(200);
    glass.secret = String(sealed.body['secret']);
    expect((await breakGlass(at(HOME), glass.secret)).status).toBe(200);
  });

  it('a drill signs in for real, says that it is one, and is the record of a drill', async () => {
    server.clock.advance(91 * 86_400);
    for (const person of [ana, bo]) expect((await person.signIn()).status).toBe(200);
    expect(await account()).toMatchObject({ isDrillDue: true });
    const announced = await ana.call('POST', `${BASE}/${glass.id}/drill`);
    expect(announced.status, announced.text).toBe(200);
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    expect((await bo.get('/sallyport/v1/break-glass-in-use')).body).toMatchObject({ inUse: [{ isDrill: true }] });
    await holder.call('DELETE', '/api/v1/sessions/me');
    expect(await account()).toMatchObject({ isDrillDue: false, state: 'USED' });
    const drill = (await uses()).find(({ kind }) => kind === 'DRILL');
    expect(drill).toMatchObject({ openings: 1, closedAt: null });
    // An hour later whoever signs in does not drill any more.
    server.clock.advance(3600);
    expect((await ana.signIn()).status).toBe(200);
    const late = at(HOME);
    expect((await breakGlass(late, glass.secret)).status).toBe(200);
    expect((await uses()).filter(({ kind, closedAt }) => kind === 'USE' && closedAt === null)).toHaveLength(1);
    await late.call('DELETE', '/api/v1/sessions/me');
    const review = (by: Person): Promise<Reply> =>
      by.call('POST', `${BASE}/${glass.id}/uses/${drill?.id}/review`, { note: 'It took us four minutes.' });
    // Whoever announced it does not say of it that it was practice, nor does whom they made; Bo is of another hand by now.
    expect(cause(await review(ana))).toMatch(/You announced this drill/);
    expect((await bo.signIn()).status).toBe(200);
    const closed = await review(bo);
    expect(closed.body, closed.text).toMatchObject({ closedAt: expect.any(String) });
  });

  it('a drill is signed by somebody else than its announcer, also where another announced the next one meanwhile', async () => {
    const before = new Set((await uses()).map(({ id }) => id));
    for (const by of [ana, bo]) {
      expect((await by.call('POST', `${BASE}/${glass.id}/drill`)).status).toBe(200);
      const holder = at(HOME);
      expect((await breakGlass(holder, glass.secret)).status).toBe(200);
      await holder.call('DELETE', '/api/v1/sessions/me');
    }
    const rows = await server.services.store.read
      .selectFrom('breakGlassUses')
      .innerJoin('users', 'users.id', 'breakGlassUses.announcedBy')
      .select(['breakGlassUses.id', 'breakGlassUses.openings', 'users.login'])
      .where('breakGlassUses.kind', '=', 'DRILL')
      .where('breakGlassUses.closedAt', 'is', null)
      .execute();
    const drillOf = (person: Person) => rows.find(({ id, login }) => !before.has(id) && login === person.login);
    expect([drillOf(ana)?.openings, drillOf(bo)?.openings]).toEqual([1, 1]);
    const review = (by: Person, id: string | undefined): Promise<Reply> =>
      by.call('POST', `${BASE}/${glass.id}/uses/${id}/review`, { note: 'It took us four minutes.' });
    for (const [own, other] of [
      [ana, bo],
      [bo, ana],
    ] as const) {
      expect(cause(await review(own, drillOf(own)?.id))).toMatch(/You announced this drill/);
      expect((await review(other, drillOf(own)?.id)).body).toMatchObject({ closedAt: expect.any(String) });
    }
    server.clock.advance(3600);
    for (const person of [ana, bo]) expect((await person.signIn()).status).toBe(200);
  });

  it('the review of a use is closed by two people who are not of one hand, after it is over', async () => {
    const holder = at(HOME);
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    const use = (await uses()).find(({ kind, closedAt }) => kind === 'USE' && closedAt === null);
    const review = (by: Person): Promise<Reply> =>
      by.call('POST', `${BASE}/${glass.id}/uses/${use?.id}/review`, { note: 'We looked at each of its events.' });
    expect(cause(await review(ana))).toMatch(/still signed in/);
    await holder.call('DELETE', '/api/v1/sessions/me');
    const first = await review(ana);
    expect(first.body, first.text).toMatchObject({ closedAt: null, reviewersNeeded: 2 });
    expect(cause(await review(ana))).toMatch(/signed it already/);
    const chi = await enrolPerson(server, ana, `chi${++n}@example.org`, 'SUPER_ADMIN', HOME);
    expect(cause(await review(chi))).toMatch(/last 30 days/);
    // Nor by two accounts of one employee. In the store, where that they were one leaves no tie behind.
    const numbered = (login: string, employeeNumber: string) =>
      server.services.store.transaction(async (tx) => {
        const row = await tx.selectFrom('users').selectAll().where('login', '=', login).executeTakeFirstOrThrow();
        const profile = JSON.stringify({ ...(JSON.parse(row.profile) as object), employeeNumber });
        await tx.updateTable('users').set({ profile }).where('id', '=', row.id).execute();
      });
    for (const { login } of [ana, bo]) await numbered(login, '4711');
    expect(cause(await review(bo))).toMatch(/both accounts are one person’s/);
    await numbered(bo.login, '4712');
    const second = await review(bo);
    expect(second.body, second.text).toMatchObject({ closedAt: expect.any(String) });
    expect(cause(await review(bo))).toMatch(/closed/);
    // What comes next is another use.
    expect((await breakGlass(at(HOME), glass.secret)).status).toBe(200);
    expect((await uses()).filter(({ kind, closedAt }) => kind === 'USE' && closedAt === null)).toHaveLength(1);
  });

  it('stands apart from whoever holds power by a name of their own', async () => {
    const logins = async (query: string): Promise<string[]> =>
      ((await ana.get(`/sallyport/v1/admins?${query}`)).body as unknown as { login: string }[]).map(
        ({ login }) => login,
      );
    expect(await logins('role=SUPER_ADMIN')).not.toContain(glass.login);
    expect(await logins('show=break-glass')).toContain(glass.login);
    expect((await ana.get(`/sallyport/v1/admins/${glass.id}`)).body).toMatchObject({ login: glass.login });
    const standing = (await ana.get('/sallyport/v1/standing-privilege')).body;
    expect(standing).toMatchObject({ breakGlass: 1, superAdmins: (await logins('role=SUPER_ADMIN')).length });
    expect((await breakGlass(at(HOME), glass.secret)).status).toBe(200);
    const { findings, parts } = (await ana.get('/sallyport/v1/overview')).body as unknown as {
      findings: { kind: string; severity: string }[];
      parts: { people: { breakGlass: { login: string }[] } };
    };
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: `break-glass-in-use-${glass.id}`, severity: 'critical' }),
    );
    expect(parts.people.breakGlass).toMatchObject([{ login: glass.login }]);
  });

  it('every verdict on it can be judged again', async () => {
    expect((await verifyVerdicts(server.services)).bad).toEqual([]);
  });
});
