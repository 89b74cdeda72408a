/** Accounts that no human signs in as: every door refuses a person, and programs go on. Both engines. */
import type { LogEvent } from '@sallyport/model/log-event';
import { sentenceOf } from '@sallyport/model/reasons';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { OPERATIONS } from '../../packages/server/src/host/operations.ts';
import { beginApproved } from '../../packages/server/src/requests/grant-request.ts';
import { isGroupOfPower } from '../../packages/server/src/roles/guard-user.ts';
import { rightsOfSession } from '../../packages/server/src/roles/standing-rights.ts';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { allow, newCliAsk, redeem, withToken } from '../harness/command-line.ts';
import { listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { askedProof, Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';
const SENTENCE = 'It is a service account: nobody signs in as it. What it does, it does with API tokens.';
const HOME = '198.51.100.10';

interface Event {
  readonly uuid: string;
  readonly eventType: string;
  readonly actor: { readonly alternateId: string };
  readonly outcome: { readonly result: string; readonly reason: string };
  readonly debugContext: { readonly debugData: Record<string, string> };
}

describe.each(FIRST_ENGINE)('service accounts on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let n = 0;
  const code = (reply: Reply): [number, unknown] => [reply.status, reply.body['errorCode']];
  const idOf = async (login: string): Promise<string> => String((await ana.get(`/api/v1/users/${login}`)).body['id']);
  const mark = (id: string, isServiceAccount = true, by = ana): Promise<Reply> =>
    by.call('PUT', `/sallyport/v1/users/${id}/service-account`, { isServiceAccount });
  const withPassword = async (): Promise<{ id: string; person: Person }> => {
    const login = `robot${++n}@example.org`;
    const made = await ana.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Ro', lastName: 'Bot' },
      credentials: { password: { value: PASSWORD } },
    });
    expect(made.status, made.text).toBe(200);
    return { id: String(made.body['id']), person: new Person(server.url, login, HOME) };
  };
  const withKey = async (role: string | null): Promise<{ id: string; person: Person }> => {
    const person = await enrolPerson(server, ana, `keyed${++n}@example.org`, role, HOME);
    return { id: await idOf(person.login), person };
  };
  const authn = (person: Person, password?: string): Promise<Reply> =>
    person.call('POST', '/api/v1/authn', { username: person.login, ...(password === undefined ? {} : { password }) });
  const tokenOf = async (ownerId: string): Promise<string> =>
    (
      await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: `token ${++n}`,
        ownerId,
        purpose: 'test',
        ttlSeconds: null,
        network: { connection: 'ANYWHERE' },
        protectedActions: [],
      })
    ).token;
  const byToken = (secret: string): Promise<Reply> =>
    send(server.url, 'GET', '/api/v1/users?limit=1', { 'X-Forwarded-For': HOME, Authorization: `SSWS ${secret}` });
  const events = async (filter: string): Promise<Event[]> =>
    (await ana.get(`/api/v1/logs?limit=100&filter=${encodeURIComponent(filter)}`)).body as unknown as Event[];
  const refusals = async (login: string): Promise<Event[]> =>
    (await events('eventType eq "policy.evaluate_sign_on" and outcome.result eq "DENY"')).filter(
      ({ actor }) => actor.alternateId === login,
    );
  /** It was refused by policy, says so, and the event that it names can be judged again. */
  const expectRefused = async (reply: Reply, login: string): Promise<void> => {
    expect(code(reply), reply.text).toEqual([403, 'E0000085']);
    const denied = reply.body['sallyport'] as unknown as { kind: string; reasons: string[]; reference: string };
    expect(denied).toMatchObject({ kind: 'denied', reasons: ['service-account'] });
    const event = (await refusals(login)).find(({ uuid }) => uuid === denied.reference);
    expect(event?.outcome).toEqual({ result: 'DENY', reason: SENTENCE });
    const why = await ana.get(`/sallyport/v1/logs/${denied.reference}/why`);
    expect([why.body['agrees'], why.body['sentences']], why.text).toEqual([true, [SENTENCE]]);
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server, HOME);
  });
  beforeEach(async () => {
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('the mark shows on the account, in the search and in the log, and comes off again', async () => {
    const { id, person } = await withPassword();
    const marked = await mark(id);
    expect(marked.status, marked.text).toBe(200);
    const { serviceAccountSince } = marked.body['sallyport'] as unknown as { serviceAccountSince: string };
    expect((await ana.get(`/api/v1/users/${id}`)).body['sallyport']).toEqual({ serviceAccountSince });
    const found = async (search: string): Promise<unknown[]> =>
      ((await ana.get(`/api/v1/users?search=${encodeURIComponent(search)}`)).body as unknown as { id: string }[]).map(
        (user) => user.id,
      );
    expect(await found('sallyport.serviceAccountSince pr')).toContain(id);
    expect(await found(`sallyport.serviceAccountSince le "${serviceAccountSince}" and id eq "${id}"`)).toEqual([id]);
    const told = async (): Promise<unknown[]> =>
      (await events(`eventType eq "user.account.update_user_type" and target.id eq "${id}"`)).map(
        ({ debugContext }) => debugContext.debugData['accountKind'],
      );
    expect(await told()).toEqual(['service account']);
    // Said twice it is so once.
    server.clock.advance(5);
    expect((await mark(id)).body['sallyport']).toEqual({ serviceAccountSince });
    expect(await told()).toEqual(['service account']);
    await expectRefused(await authn(person, PASSWORD), person.login);
    expect((await mark(id, false)).body['sallyport']).toBeUndefined();
    expect(await told()).toEqual(['service account', 'person']);
    expect(await found('sallyport.serviceAccountSince pr')).not.toContain(id);
    const again = await authn(person, PASSWORD);
    expect((await person.call('POST', '/api/v1/sessions', { sessionToken: again.body['sessionToken'] })).status).toBe(
      200,
    );
  });

  it('what was open ends: sessions of browsers and command lines, apps, sign-ins under way; tokens go on', async () => {
    const { id, person } = await withKey('READ_ONLY_ADMIN');
    const secret = await tokenOf(id);
    const [openedAsk, heldAsk] = [newCliAsk(), newCliAsk()];
    const opened = await redeem(person, (await allow(person, openedAsk)).body['code'], openedAsk);
    const cli = String(opened.body['token']);
    const held = (await allow(person, heldAsk)).body['code'];
    const app = await createAppAt(ana, `App ${++n}`, `http://app${n}.localhost:8081`, server.url);
    const shown = (await ana.get(`/api/v1/apps/${app.id}`)).body as unknown as {
      _links: { accessPolicy: { href: string } };
    };
    const policy = new URL(shown._links.accessPolicy.href).pathname;
    const [rule] = (await ana.get(`${policy}/rules`)).body as unknown as { actions: unknown }[];
    expect((await ana.call('POST', `${policy}/rules`, { name: 'Everybody', actions: rule?.actions })).status).toBe(200);
    const visitor = new AppVisitor(person, app, HOME);
    expect((await visitor.enter()).status).toBe(303);
    const isIn = async (): Promise<number> =>
      (
        await send(server.url, 'GET', '/gateway/nginx', {
          'X-Forwarded-Host': app.host,
          'X-Forwarded-For': HOME,
          'X-Original-Method': 'GET',
          'X-Original-URI': '/',
          'User-Agent': person.userAgent,
          Cookie: `${visitor.cookieName}=${visitor.cookie}`,
        })
      ).status;
    expect(await isIn()).toBe(200);
    const callback = await visitor.callbackPath();
    const proved = await person.prove(await authn(person));
    expect(proved.body['status'], proved.text).toBe('SUCCESS');
    const begun = await authn(person);
    for (const reply of [await person.get('/api/v1/users/me'), await withToken(person, cli, 'GET', '/api/v1/users/me')])
      expect(reply.status, reply.text).toBe(200);

    expect((await mark(id)).status).toBe(200);
    expect((await person.get('/api/v1/users/me')).status).toBe(401);
    expect((await withToken(person, cli, 'GET', '/api/v1/users/me')).status).toBe(401);
    expect((await redeem(person, held, heldAsk)).status).toBe(401);
    expect((await person.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] })).status).toBe(
      401,
    );
    expect(code(await person.prove(begun))).toEqual([401, 'E0000011']);
    expect(await isIn()).toBe(401);
    const kept = visitor.cookie;
    await visitor.navigate(callback);
    expect(visitor.cookie).toBe(kept);
    expect((await visitor.ask()).headers.location ?? '').not.toContain('code=');
    expect((await byToken(secret)).status).toBe(200);
    // A key that is right is told why, once it was proved.
    await expectRefused(await person.signIn(), person.login);
    expect((await byToken(secret)).status).toBe(200);
  });

  it('before a proof nobody learns that it is one', async () => {
    const { id, person } = await withKey(null);
    const before = await authn(person);
    await mark(id);
    const [marked, unknown] = [await authn(person), await authn(new Person(server.url, `nobody${++n}@example.org`))];
    for (const reply of [marked, unknown]) expect(Object.keys(reply.body)).toEqual(Object.keys(before.body));
    expect(marked.body['status']).toBe('MFA_REQUIRED');
    expect(code(await authn(person, 'a guess'))).toEqual([401, 'E0000004']);
    expect(await refusals(person.login)).toEqual([]);
  });

  it('a session token that was given at the very moment of the mark opens nothing', async () => {
    const { id, person } = await withPassword();
    const { sessionToken } = (await authn(person, PASSWORD)).body;
    // Marked behind the back of what ends sign-ins.
    await server.services.store.transaction((tx) =>
      tx.updateTable('users').set({ serviceAccountAt: server.clock.now() }).where('id', '=', id).execute(),
    );
    await expectRefused(await person.call('POST', '/api/v1/sessions', { sessionToken }), person.login);
    await expectRefused(await authn(person, PASSWORD), person.login);
  });

  it('whose password expired gets no other one from whoever began to sign in before the mark', async () => {
    const { id, person } = await withPassword();
    expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/expire_password`)).status).toBe(200);
    const begun = await authn(person, PASSWORD);
    expect(begun.body['status'], begun.text).toBe('PASSWORD_EXPIRED');
    await server.services.store.transaction((tx) =>
      tx.updateTable('users').set({ serviceAccountAt: server.clock.now() }).where('id', '=', id).execute(),
    );
    const changed = await person.call('POST', '/api/v1/authn/credentials/change_password', {
      stateToken: begun.body['stateToken'],
      oldPassword: PASSWORD,
      newPassword: `${PASSWORD} two`,
    });
    expect([...code(changed), changed.text.includes(SENTENCE)], changed.text).toEqual([403, 'E0000038', true]);
  });

  it('eight sign-ins beside the mark: none of them is in afterwards', async () => {
    const { id, person } = await withPassword();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => authn(person, PASSWORD)));
    const visitors = tokens.map(({ body }) => ({
      one: new Person(server.url, person.login, HOME),
      sessionToken: body['sessionToken'],
    }));
    const [marked, ...opened] = await Promise.all([
      mark(id),
      ...visitors.map(({ one, sessionToken }) => one.call('POST', '/api/v1/sessions', { sessionToken })),
    ]);
    expect(marked?.status).toBe(200);
    expect(opened).toHaveLength(8);
    for (const { one } of visitors) expect((await one.get('/api/v1/users/me')).status).toBe(401);
  });

  it('nobody recovers, activates or enrols it: no link, no password, no key', async () => {
    const { id, person } = await withPassword();
    const link = await ana.call('POST', `/api/v1/users/${id}/lifecycle/reset_password?sendEmail=false`);
    const resetCode = String(link.body['resetPasswordUrl']).split('=')[1] ?? '';
    const setupCode = await server.services.store.transaction((tx) =>
      createSetupCode(server.services, tx, 'enrol', id),
    );
    await mark(id);
    const visitor = new Person(server.url, 'x', HOME);
    expect(
      code(
        await visitor.call('POST', '/sallyport/v1/password-resets', {
          code: resetCode,
          newPassword: `${PASSWORD} two`,
        }),
      ),
    ).toEqual([403, 'E0000068']);
    expect(code(await visitor.call('POST', '/sallyport/v1/setup/claim', { code: setupCode }))).toEqual([
      403,
      'E0000068',
    ]);
    for (const [method, path, body] of [
      ['POST', `/sallyport/v1/users/${id}/enrolment-codes`, undefined],
      ['POST', `/api/v1/users/${id}/lifecycle/reset_password?sendEmail=false`, undefined],
      ['POST', `/api/v1/users/${id}/lifecycle/expire_password?tempPassword=true`, undefined],
      ['POST', `/api/v1/users/${id}`, { credentials: { password: { value: `${PASSWORD} two` } } }],
      ['POST', `/api/v1/users/${id}/factors`, { factorType: 'webauthn', provider: 'FIDO' }],
    ] as const) {
      const reply = await ana.call(method, path, body);
      expect(code(reply), path).toEqual([403, 'E0000038']);
      expect(reply.text).toContain(SENTENCE);
    }
    await expect(OPERATIONS['setup.key']?.(server.services, { owner: person.login })).rejects.toThrow(/current status/);
  });

  it('one without a password is active once it is activated, and owns tokens', async () => {
    const login = `robot${++n}@example.org`;
    const made = await ana.call('POST', '/api/v1/users?activate=false', {
      profile: { login, email: login, firstName: 'Ro', lastName: 'Bot' },
    });
    const id = String(made.body['id']);
    expect((await mark(id)).status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/activate?sendEmail=false`)).status).toBe(200);
    expect((await ana.get(`/api/v1/users/${id}`)).body['status']).toBe('ACTIVE');
    await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' });
    expect((await byToken(await tokenOf(id))).status).toBe(200);
  });

  it('its tokens are made, and renewed, by a super admin in a session alone', async () => {
    const { id } = await withPassword();
    const path = `/sallyport/v1/users/${id}/service-account/api-tokens`;
    const body = { name: `nightly ${engine}`, purpose: 'backs up', network: { connection: 'LOOPBACK' } };
    const tokens = () =>
      server.services.store.read.selectFrom('apiTokens').select('id').where('userId', '=', id).execute();
    const person = await ana.call('POST', path, body);
    expect([...code(person), person.text.includes('Mark it')]).toEqual([403, 'E0000038', true]);
    await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' });
    expect((await mark(id)).status).toBe(200);
    const { purpose: _, ...nothing } = body;
    for (const wrong of [nothing, { ...body, network: undefined }, { ...body, network: { connection: 'ANYWHERE' } }])
      expect(code(await ana.call('POST', path, wrong))).toEqual([400, 'E0000001']);
    const manager = await enrolPerson(server, ana, `maker${++n}@example.org`, 'ORG_ADMIN', HOME);
    expect(code(await manager.call('POST', path, body))).toEqual([403, 'E0000006']);
    // A stolen token of a super admin makes itself no successor that looks like a machine.
    const own = await tokenOf(await idOf(ana.login));
    const headers = { 'X-Forwarded-For': HOME, Authorization: `SSWS ${own}` };
    expect(code(await send(server.url, 'POST', path, headers, body))).toEqual([403, 'E0000006']);
    expect(await tokens()).toEqual([]);

    const asked = await ana.callOnce('POST', path, body);
    expect(askedProof(asked)?.action).toBe('api-token.create');
    const made = await ana.call('POST', path, body);
    expect([made.status, made.body], made.text).toEqual([
      201,
      expect.objectContaining({ userId: id, network: { connection: 'LOOPBACK' }, protectedActions: [] }),
    ]);
    const secret = (reply: Reply): string => String(reply.body['token']);
    const use = (token: string, address: string, what = '/api/v1/users?limit=1'): Promise<Reply> =>
      send(server.url, 'GET', what, { 'X-Forwarded-For': address, Authorization: `SSWS ${token}` });
    expect((await use(secret(made), '127.0.0.1')).status).toBe(200);
    expect((await use(secret(made), HOME)).status).toBe(401);
    const filter = encodeURIComponent(`eventType eq "system.api_token.create" and target.id eq "${id}"`);
    const [event] = (await ana.get(`/api/v1/logs?filter=${filter}`)).body as unknown as LogEvent[];
    expect([event?.actor.alternateId, event?.target?.map((one) => one.id)]).toEqual([ana.login, [made.body['id'], id]]);
    // It has the account's rights, and none of its maker's.
    expect((await use(secret(made), '127.0.0.1', '/sallyport/v1/setup/progress')).status).not.toBe(200);

    const rotate = `/sallyport/v1/api-tokens/${String(made.body['id'])}/rotate`;
    expect(code(await manager.call('POST', rotate, { overlapHours: 0 }))).toEqual([403, 'E0000006']);
    expect(code(await send(server.url, 'POST', rotate, headers, { overlapHours: 0 }))).toEqual([403, 'E0000006']);
    const renewed = await ana.call('POST', rotate, { overlapHours: 0 });
    expect(renewed.status, renewed.text).toBe(200);
    expect((await use(secret(made), '127.0.0.1')).status).toBe(401);
    expect((await use(secret(renewed), '127.0.0.1')).status).toBe(200);
    // A person's again: their tokens are theirs, and nobody else's to renew.
    expect((await mark(id, false)).status).toBe(200);
    expect(code(await ana.call('POST', rotate, { overlapHours: 0 }))).toEqual([403, 'E0000006']);
    expect((await use(secret(renewed), '127.0.0.1')).status).toBe(200);
  });

  it('the last super admin is never marked, also not by two at once', async () => {
    const own = await idOf(ana.login);
    const refused = await mark(own);
    expect(code(refused)).toEqual([403, 'E0000006']);
    expect(refused.text).toContain('the last super admin able to sign in now');
    expect((await ana.get(`/sallyport/v1/users/${own}/service-account`)).body).toMatchObject({
      isServiceAccount: false,
      since: null,
      holdsAdminRole: true,
      refusal: 'It would take sign-in from the last super admin able to sign in now.',
    });
    expect((await ana.get('/api/v1/users/me')).status).toBe(200);
    const { id, person: bo } = await withKey('SUPER_ADMIN');
    server.clock.advance(60);
    const both = await Promise.all([
      ana.prepare('PUT', `/sallyport/v1/users/${id}/service-account`, { isServiceAccount: true }),
      bo.prepare('PUT', `/sallyport/v1/users/${own}/service-account`, { isServiceAccount: true }),
    ]);
    const replies = await Promise.all(both.map((send_) => send_()));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const [winner, loser, loserId] = replies[0]?.status === 200 ? [ana, bo, id] : [bo, ana, own];
    expect((await winner.get('/api/v1/users/me')).status).toBe(200);
    expect((await loser.get('/api/v1/users/me')).status).toBe(401);
    // A service account that holds super admin counts for nothing: the other one is the last.
    const winnerId = loserId === id ? own : id;
    expect(code(await mark(winnerId, true, winner))).toEqual([403, 'E0000006']);
    expect(code(await winner.call('POST', `/api/v1/users/${winnerId}/lifecycle/suspend`))).toEqual([403, 'E0000006']);
    const admins = (await winner.get('/sallyport/v1/admins?show=service-account')).body as unknown as { id: string }[];
    expect(admins.map((admin) => admin.id)).toContain(loserId);
    const able = (await winner.get('/sallyport/v1/admins?show=able')).body as unknown as { id: string }[];
    expect(able.map((admin) => admin.id)).not.toContain(loserId);
    const { findings } = (await winner.get('/sallyport/v1/overview')).body as unknown as {
      findings: { kind: string }[];
    };
    expect(findings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['service-account-super', 'single-super-admin', 'service-account-sign-in']),
    );
    expect((await mark(loserId, false, winner)).status).toBe(200);
    expect((await ana.signIn()).status).toBe(200);
    expect((await mark(id)).status).toBe(200);
  });

  it('only whoever manages the whole life of people marks, an administrator a super admin alone; bad input changes nothing', async () => {
    const { id } = await withPassword();
    const admin = await withKey('READ_ONLY_ADMIN');
    const helper = await enrolPerson(server, ana, `helper${++n}@example.org`, 'HELP_DESK_ADMIN', HOME);
    const manager = await enrolPerson(server, ana, `manager${++n}@example.org`, 'ORG_ADMIN', HOME);
    expect(code(await mark(id, true, helper))).toEqual([403, 'E0000006']);
    expect(code(await mark(admin.id, true, manager))).toEqual([403, 'E0000006']);
    const seen = async (by: Person, asked: string): Promise<unknown> =>
      (await by.get(`/sallyport/v1/users/${asked}/service-account`)).body['refusal'];
    expect(await seen(helper, id)).toBe('No role of the principal holds the permission.');
    expect(await seen(manager, admin.id)).toBe(
      'Only a super admin manages the holder of an admin role, and a group that holds one or approves access.',
    );
    expect(await seen(manager, id)).toBeNull();
    expect((await mark(id, true, manager)).status).toBe(200);
    expect((await helper.get(`/sallyport/v1/users/${id}/service-account`)).body['isServiceAccount']).toBe(true);
    expect(code(await ana.get('/sallyport/v1/users/00uNobody/service-account'))).toEqual([404, 'E0000007']);
    expect((await mark(id, false, manager)).status).toBe(200);
    expect(code(await mark('00uNobody'))).toEqual([404, 'E0000007']);
    for (const body of [{}, { isServiceAccount: 'true' }, { isServiceAccount: true, since: 'ever' }, []])
      expect(
        (await ana.call('PUT', `/sallyport/v1/users/${id}/service-account`, body)).status,
        JSON.stringify(body),
      ).toBe(400);
    expect((await ana.get(`/api/v1/users/${id}`)).body['sallyport']).toBeUndefined();
    // Without the key nothing is changed.
    expect(
      code(await ana.callOnce('PUT', `/sallyport/v1/users/${admin.id}/service-account`, { isServiceAccount: true })),
    ).toEqual([403, 'E0000092']);
    await ana.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
    expect(await seen(ana, id)).toBe('A deactivated user cannot be changed.');
    expect(code(await mark(id))).toEqual([403, 'E0000038']);
  });

  describe('under maintenance', () => {
    const TWO = '5a11d0000000000000000002';
    const ONE = '5a11d0000000000000000001';
    /** The window; as ended by power where clocks of nodes may differ. */
    const WINDOW = 600;
    const margin = engine === 'postgres' ? 2 : 0;
    let lee: Person;
    let bo: Person;
    let chi: Person;
    let robot: Awaited<ReturnType<typeof withKey>>;
    let conditions: string;

    const ok = (reply: Reply): Reply => {
      expect(reply.status, reply.text).toBeLessThan(300);
      return reply;
    };
    const body = (more: object = {}) => ({
      name: 'Licence of the robot',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT24H' },
      approvalSequenceId: TWO,
      ...more,
    });
    const ask = (who = lee, more: object = {}): Promise<Reply> =>
      who.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'service-account', id: robot.id },
        duration: `PT${WINDOW}S`,
        reason: 'Accept the licence',
        ...more,
      });
    const decide = async (who: Person, id: string): Promise<Reply> => {
      ok(await who.signIn());
      const { digest } = (await who.get(`/sallyport/v1/requests/${id}`)).body as unknown as { digest: string };
      return who.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    };
    const whyNot = async (who: Person, id: string): Promise<unknown> =>
      ((await decide(who, id)).body['sallyport'] as { reason?: unknown } | undefined)?.reason;
    /** Asked for and approved by two; the grant. */
    const opened = async (): Promise<{ id: string; powerEndsAt: number }> => {
      ok(await lee.signIn());
      const id = String(ok(await ask()).body['id']);
      ok(await decide(bo, id));
      expect(ok(await decide(chi, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
      const row = await server.services.store.read
        .selectFrom('grants')
        .selectAll()
        .where('sourceId', '=', id)
        .executeTakeFirstOrThrow();
      return { id: row.id, powerEndsAt: Number(row.powerEndsAt) };
    };
    /** As whoever set it up would have it: a job may have stopped the condition while the account was none to ask for. */
    const standsAgain = (): Promise<unknown> =>
      server.services.store.transaction((tx) =>
        tx
          .updateTable('requestConditions')
          .set({ status: 'ACTIVE' })
          .where('resourceId', '=', robot.id)
          .where('status', '=', 'INVALID')
          .execute(),
      );
    const isIn = async (): Promise<number> => (await robot.person.get('/api/v1/users/me')).status;
    const refusedWith = async (): Promise<unknown> =>
      ((await robot.person.signIn()).body['sallyport'] as { reasons?: unknown } | undefined)?.reasons;
    const endedAs = async (id: string): Promise<unknown> =>
      (await ana.get(`/sallyport/v1/grants/${id}`)).body['endReason'];

    beforeAll(async () => {
      ok(await ana.signIn());
      lee = await enrolPerson(server, ana, 'lee@example.org', 'READ_ONLY_ADMIN', HOME);
      bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN', HOME);
      chi = await enrolPerson(server, ana, 'chi@example.org', 'READ_ONLY_ADMIN', HOME);
    });

    it('is asked for of a service account alone, for a day at most, and with the yes of two', async () => {
      // The most that an account can hold.
      robot = await withKey('SUPER_ADMIN');
      conditions = `/governance/api/v2/resources/${robot.id}/request-conditions`;
      expect(code(await ana.call('POST', conditions, body()))).toEqual([404, 'E0000007']);
      ok(await mark(robot.id));
      for (const more of [
        { approvalSequenceId: ONE },
        { accessDurationSettings: null },
        { accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT24H1M' } },
        { accessScopeSettings: { type: 'GROUPS', groups: [{ id: robot.id }] } },
      ])
        expect([more, code(await ana.call('POST', conditions, body(more)))]).toEqual([more, [400, 'E0000001']]);
      expect(code(await ask())).toEqual([403, 'E0000006']);
      // Whoever may come to its power is looked after as its holders are, and so is the group that makes them such.
      const uma = await enrolPerson(server, ana, 'uma@example.org', null, HOME);
      const umaId = await idOf(uma.login);
      const onCall = String(ok(await ana.call('POST', '/api/v1/groups', { profile: { name: 'On call' } })).body['id']);
      ok(await ana.call('PUT', `/api/v1/groups/${onCall}/users/${umaId}`));
      const resetByBo = async (): Promise<Reply> => {
        ok(await bo.signIn());
        return bo.call('POST', `/api/v1/users/${umaId}/lifecycle/reset_factors`);
      };
      const isOfPower = (): Promise<boolean> => isGroupOfPower(server.services.store.read, onCall);
      ok(await resetByBo());
      expect(await isOfPower()).toBe(false);
      const ofGroup = body({ requesterSettings: { type: 'GROUPS', groups: [{ id: onCall }] } });
      const narrow = String(ok(await ana.call('POST', conditions, ofGroup)).body['id']);
      ok(await ana.call('POST', `${conditions}/${narrow}/activate`));
      expect(code(await resetByBo())).toEqual([403, 'E0000006']);
      expect(await isOfPower()).toBe(true);
      ok(await ana.call('DELETE', `${conditions}/${narrow}`));

      const made = String(ok(await ana.call('POST', conditions, body())).body['id']);
      ok(await ana.call('POST', `${conditions}/${made}/activate`));
      const shown = (await ana.get('/sallyport/v1/request-conditions')).body as unknown as Record<string, unknown>[];
      expect(JSON.stringify(shown)).toContain(`"kind":"service-account","name":"${robot.person.login}"`);
      // The sequence that it names asks for one by now.
      await server.services.store.transaction((tx) =>
        tx.updateTable('requestConditions').set({ sequenceId: ONE }).where('id', '=', made).execute(),
      );
      expect((await ask()).text).toContain('request-needs-two');
      await server.services.store.transaction((tx) =>
        tx.updateTable('requestConditions').set({ sequenceId: TWO }).where('id', '=', made).execute(),
      );
    });

    it('is given by two who neither asked nor made it; the account asks for nothing, and nobody is in without a rule', async () => {
      const secret = await tokenOf(robot.id);
      const byItself = await send(
        server.url,
        'POST',
        '/sallyport/v1/requests',
        { 'X-Forwarded-For': HOME, Authorization: `SSWS ${secret}` },
        { entitlement: { kind: 'service-account', id: robot.id }, duration: 'PT10M', reason: 'Please' },
      );
      expect(code(byItself), byItself.text).toEqual([403, 'E0000006']);
      expect(code(await ask(lee, { forUserId: await idOf(bo.login) }))).toEqual([400, 'E0000001']);
      const asked = ok(await ask());
      expect(asked.body).toMatchObject({
        words: `sign in as ${robot.person.login}, for 10 min`,
        requestedBy: { login: lee.login },
        requestedFor: { login: robot.person.login },
        gains: { roles: ['Super Administrator'] },
      });
      expect((await ask()).status).toBe(409);
      const id = String(asked.body['id']);
      for (const [who, why] of [
        [ana, 'approver-tied'],
        [lee, 'request-own'],
      ] as const)
        expect([why, (await decide(who, id)).text]).toEqual([why, expect.stringContaining(why)]);
      ok(await decide(bo, id));
      expect(await refusedWith()).toEqual(['service-account']);
      expect(ok(await decide(chi, id)).body).toMatchObject({ grant: { status: 'GRANTED' } });
      expect(await refusedWith()).toEqual(['service-account-no-rule']);
      expect((await ask()).text).toContain('grant-exists');
      server.clock.advance(WINDOW);
      expect(await refusedWith()).toEqual(['service-account']);
    });

    it('is in by the rules that name it, until the very end, with what it stands with for as long', async () => {
      const [global] = (await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[];
      const apps = (await ana.get('/api/v1/apps?limit=200')).body as unknown as {
        name: string;
        _links: { accessPolicy: { href: string } };
      }[];
      const own = new URL(apps.find(({ name }) => name === 'saasure')?._links.accessPolicy.href ?? '').pathname;
      const people = { people: { users: { include: [robot.id] } } };
      const [first] = (await ana.get(`${own}/rules`)).body as unknown as { actions: unknown }[];
      const signon = { access: 'ALLOW', requireFactor: true };
      ok(
        await ana.call('POST', `/api/v1/policies/${global?.id}/rules`, {
          name: 'maintenance',
          type: 'SIGN_ON',
          conditions: people,
          actions: { signon },
        }),
      );
      ok(await ana.call('POST', `${own}/rules`, { name: 'maintenance', conditions: people, actions: first?.actions }));
      server.clock.advance(1);
      ok(await ana.signIn());
      ok(await ana.call('POST', '/sallyport/v1/policies/confirmation', {}));
      // The rule alone lets nobody in.
      expect(await refusedWith()).toEqual(['service-account']);

      const secret = await tokenOf(robot.id);
      const grant = await opened();
      // Of another account it is nothing.
      const other = await withKey(null);
      ok(await mark(other.id));
      expect((await other.person.signIn()).body['sallyport']).toMatchObject({ reasons: ['service-account'] });
      const signedIn = ok(await robot.person.signIn());
      expect(Date.parse(String(signedIn.body['expiresAt']))).toBeLessThanOrEqual(grant.powerEndsAt);
      const start = (await events(`eventType eq "user.session.start" and actor.id eq "${robot.id}"`)).at(-1);
      expect(start?.debugContext.debugData['maintenanceGrantId']).toBe(grant.id);
      expect((await robot.person.get('/api/v1/users?limit=1')).status).toBe(200);

      // Nothing of it stays, and it is nobody: no token, no mark, no yes.
      const { id: tokenId } = await server.services.store.read
        .selectFrom('apiTokens')
        .select('id')
        .where('userId', '=', robot.id)
        .executeTakeFirstOrThrow();
      const [{ id: ownKey } = { id: '' }] = (await robot.person.get('/api/v1/users/me/factors')).body as unknown as {
        id: string;
      }[];
      const made = { name: 'mine', purpose: 'stay', network: { connection: 'LOOPBACK' } };
      for (const [what, reply] of [
        ['itself a service account', await robot.person.call('POST', '/api/v1/api-tokens', made)],
        [
          'who is one without an end',
          await robot.person.call('POST', `/sallyport/v1/users/${robot.id}/service-account/api-tokens`, made),
        ],
        [
          'owner alone',
          await robot.person.call('POST', `/sallyport/v1/api-tokens/${tokenId}/rotate`, { overlapHours: 0 }),
        ],
        ['itself a service account', await mark(robot.id, false, robot.person)],
        [
          'itself a service account',
          await robot.person.call('POST', '/api/v1/users/me/factors', { factorType: 'webauthn', provider: 'FIDO' }),
        ],
        ['itself a service account', await robot.person.call('DELETE', `/api/v1/users/me/factors/${ownKey}`)],
        ['nobody signs in as it', await ask(robot.person)],
      ] as const)
        expect([reply.status, reply.text]).toEqual([403, expect.stringContaining(what)]);
      ok(await lee.signIn());
      const group = String(
        ok(await ana.call('POST', '/api/v1/groups', { profile: { name: `g${engine}` } })).body['id'],
      );
      const ofGroup = `/governance/api/v2/resources/${group}/request-conditions`;
      const condition = String(ok(await ana.call('POST', ofGroup, body())).body['id']);
      ok(await ana.call('POST', `${ofGroup}/${condition}/activate`));
      const asked = ok(await ask(lee, { entitlement: { kind: 'group', id: group } }));
      const otherPath = `/sallyport/v1/requests/${String(asked.body['id'])}`;
      const seen = ok(await robot.person.get(otherPath));
      expect(seen.body['approve']).toMatchObject({ isAllowed: false, reason: 'approver-not-a-person' });
      const yes = await robot.person.call('POST', `${otherPath}/approve`, { digest: seen.body['digest'] });
      expect([yes.status, yes.text]).toEqual([403, expect.stringContaining('approver-not-a-person')]);
      // Nor is there another way in beside its key: a password is still nobody's.
      expect(
        code(await ana.call('POST', `/api/v1/users/${robot.id}/lifecycle/reset_password?sendEmail=false`)),
      ).toEqual([403, 'E0000038']);

      const left = Math.ceil((grant.powerEndsAt - server.clock.now()) / 1000);
      server.clock.advance(left - 1);
      expect(await isIn()).toBe(200);
      const ear = await listen(robot.person);
      server.clock.advance(1);
      expect(await isIn()).toBe(401);
      await ear.ended;
      expect(await refusedWith()).toEqual(['service-account']);
      expect((await byToken(secret)).status).toBe(200);
      // A clock that is set back brings neither back.
      server.clock.advance(-30);
      expect([await isIn(), await refusedWith()]).toEqual([401, ['service-account']]);
      // Nor would a session that somebody forgot to end hold anything.
      const held = await rightsOfSession(server.services.store.read, robot.id, server.clock.now() + 60_000);
      expect([held.permissions.size, held.roles]).toEqual([0, []]);
      server.clock.advance(60 + margin);
    });

    it('ends with everything in it when it is ended, and when the mark comes off, for good', async () => {
      const grant = await opened();
      const visitors = [1, 2, 3].map(() => new Person(server.url, robot.person.login, HOME, robot.person.key));
      const proved: unknown[] = [];
      for (const one of visitors) {
        server.clock.advance(1);
        proved.push((await one.prove(await authn(one))).body['sessionToken']);
      }
      server.clock.advance(1);
      ok(await robot.person.signIn());
      const cliAsk = newCliAsk();
      const cli = ok(await redeem(robot.person, (await allow(robot.person, cliAsk)).body['code'], cliAsk));
      const byCli = (): Promise<Reply> =>
        withToken(robot.person, String(cli.body['token']), 'GET', '/api/v1/users?limit=1');
      expect((await byCli()).status).toBe(200);
      const starts = await events(`eventType eq "user.session.start" and actor.id eq "${robot.id}"`);
      expect(
        starts.filter(({ debugContext: { debugData } }) => debugData['maintenanceGrantId'] === grant.id),
      ).toHaveLength(2);
      // By its token nobody makes a person's account of it.
      const headers = { 'X-Forwarded-For': HOME, Authorization: `SSWS ${await tokenOf(robot.id)}` };
      const marked = `/sallyport/v1/users/${robot.id}/service-account`;
      const unmarked = await send(server.url, 'PUT', marked, headers, { isServiceAccount: false });
      expect([unmarked.status, unmarked.text]).toEqual([403, expect.stringContaining('itself a service account')]);
      const ear = await listen(robot.person);
      const [ended] = await Promise.all([
        ana.call('POST', `/sallyport/v1/grants/${grant.id}/end`),
        ...visitors.map((one, i) => one.call('POST', '/api/v1/sessions', { sessionToken: proved[i] })),
      ]);
      ok(ended as Reply);
      await ear.ended;
      for (const one of [robot.person, ...visitors]) expect((await one.get('/api/v1/users/me')).status).toBe(401);
      expect((await byCli()).status).toBe(401);
      expect(await endedAs(grant.id)).toBe('ended-by-admin');

      server.clock.advance(60);
      const again = await opened();
      ok(await robot.person.signIn());
      ok(await ana.signIn());
      ok(await mark(robot.id, false));
      expect(await isIn()).toBe(401);
      ok(await mark(robot.id));
      await standsAgain();
      expect([await refusedWith(), await endedAs(again.id)]).toEqual([['service-account'], 'mark-changed']);
    });

    it('is by the hand of whoever asked: they are no second person there, get nothing that stays, and are tied to what was made', async () => {
      server.clock.advance(60);
      // Both could say yes to power, and the first asks.
      const dee = await enrolPerson(server, ana, 'dee@example.org', 'SUPER_ADMIN', HOME);
      const eve = await enrolPerson(server, ana, 'eve@example.org', 'SUPER_ADMIN', HOME);
      const kim = await enrolPerson(server, ana, 'kim@example.org', null, HOME);
      const [deeId, kimId] = [await idOf(dee.login), await idOf(kim.login)];
      ok(await dee.signIn());
      const id = String(ok(await ask(dee)).body['id']);
      ok(await decide(bo, id));
      expect(ok(await decide(chi, id)).body).toMatchObject({ grant: { status: 'GRANTED' } });
      ok(await robot.person.signIn());
      interface Asked {
        readonly approvalId: string;
        readonly proofUrl: string;
      }
      const asked = async (method: string, path: string, what: object): Promise<Asked> =>
        (await robot.person.call(method, path, what)).body['sallyport'] as unknown as Asked;
      const sayYes = async (who: Person, { approvalId }: Asked): Promise<Reply> => {
        ok(await who.signIn());
        const path = `/sallyport/v1/approvals/${approvalId}`;
        const { challenge = 'x'.repeat(43) } = (await who.get(path)).body as { challenge?: string };
        return who.call('POST', `${path}/approve`, { challenge });
      };
      const done = async (method: string, path: string, what: object, { proofUrl }: Asked): Promise<Reply> => {
        const { proof } = (await robot.person.get(proofUrl)).body as unknown as { proof: string };
        return robot.person.callOnce(method, path, what, { 'Sallyport-Proof': proof });
      };
      const role = { type: 'HELP_DESK_ADMIN' };
      const toKim = `/api/v1/users/${kimId}/roles`;
      const waits = await asked('POST', toKim, role);
      expect((await sayYes(dee, waits)).text).toContain('approver-tied');
      ok(await sayYes(eve, waits));
      ok(await done('POST', toKim, role, waits));
      // Whose hand it was counts, and not whose account.
      const given = await server.services.store.read
        .selectFrom('roleAssignments')
        .select('createdBy')
        .where('principalId', '=', kimId)
        .executeTakeFirstOrThrow();
      expect(given.createdBy).toBe(deeId);
      const toHerself = `/api/v1/users/${deeId}/roles`;
      const own = await robot.person.call('POST', toHerself, role);
      const ownAsked = own.body['sallyport'] as unknown as Asked | undefined;
      if (ownAsked?.proofUrl !== undefined) ok(await sayYes(eve, ownAsked));
      const refused = ownAsked?.proofUrl === undefined ? own : await done('POST', toHerself, role, ownAsked);
      expect(refused.text).toContain(sentenceOf('standing-to-own'));
      // Nor is it a person who chooses who answers in a review.
      const reassigned = await robot.person.call('POST', '/governance/api/v1/campaigns/ici1/reviews/reassign', {
        reviewIds: ['icr1'],
        reviewerId: deeId,
        note: 'mine',
      });
      expect(reassigned.text).toContain(sentenceOf('reviewer-not-a-person'));
      ok(await ana.signIn());
      const { id: grantId } = await server.services.store.read
        .selectFrom('grants')
        .select('id')
        .where('sourceId', '=', id)
        .executeTakeFirstOrThrow();
      ok(await ana.call('POST', `/sallyport/v1/grants/${grantId}/end`));
      for (const login of [dee.login, eve.login])
        ok(await ana.call('POST', `/api/v1/users/${await idOf(login)}/lifecycle/deactivate`));
    });

    it('is ended by whoever asked and by the manager of the account, and made longer by whoever asked', async () => {
      server.clock.advance(60);
      const max = await enrolPerson(server, ana, 'max@example.org', null, HOME);
      const grant = await opened();
      const path = `/sallyport/v1/grants/${grant.id}`;
      const listed = async (who: Person): Promise<readonly unknown[]> =>
        ((await who.get('/sallyport/v1/grants?status=OPEN')).body as unknown as { id: string }[]).map(({ id }) => id);
      const leeId = await idOf(lee.login);
      ok(await lee.signIn());
      expect((await lee.get(path)).body).toMatchObject({ askedBy: { id: leeId, login: lee.login }, status: 'active' });
      // Who only said yes has nothing to do with it, nor has anybody else.
      expect([await listed(lee), await listed(chi), await listed(max)]).toEqual([[grant.id], [], []]);
      expect([(await max.get(path)).status, code(await max.call('POST', `${path}/end`))]).toEqual([
        404,
        [404, 'E0000007'],
      ]);
      expect(code(await chi.call('POST', `${path}/end`))).toEqual([403, 'E0000006']);
      ok(await ana.signIn());
      ok(await ana.call('POST', `/api/v1/users/${robot.id}`, { profile: { managerId: max.login } }));
      expect([await listed(max), (await max.get(path)).status]).toEqual([[grant.id], 200]);

      // More time is asked for by whoever asked, whom others say yes to once more.
      ok(await robot.person.signIn());
      ok(await lee.signIn());
      const longer = (who: Person, duration: string): Promise<Reply> => ask(who, { extends: grant.id, duration });
      expect([(await longer(max, 'PT10M')).status, (await longer(chi, 'PT10M')).status]).toEqual([404, 404]);
      expect((await longer(lee, 'PT24H')).text).toContain('more than a day from now');
      const asked = ok(await longer(lee, 'PT10M'));
      expect(asked.body['words']).toBe(`sign in as ${robot.person.login}, 10 min longer`);
      const askedId = String(asked.body['id']);
      // Programs with a token of the account neither read what people write of it nor take it back; who is in reads it.
      const headers = { 'X-Forwarded-For': HOME, Authorization: `SSWS ${await tokenOf(robot.id)}` };
      const byProgram = (method: 'GET' | 'POST', at: string): Promise<Reply> => send(server.url, method, at, headers);
      const hold = (type: 'SUPER_ADMIN' | 'READ_ONLY_ADMIN'): Promise<unknown> =>
        server.services.store.transaction((tx) =>
          tx.updateTable('roleAssignments').set({ type }).where('principalId', '=', robot.id).execute(),
        );
      const ofLee = `/sallyport/v1/requests/${askedId}`;
      await hold('READ_ONLY_ADMIN');
      expect([
        (await byProgram('GET', ofLee)).status,
        (await byProgram('GET', `${ofLee}/messages`)).status,
        (await byProgram('POST', `${ofLee}/cancel`)).status,
        (await byProgram('GET', '/sallyport/v1/requests')).body,
      ]).toEqual([404, 404, 404, []]);
      expect((await robot.person.get(ofLee)).body).toMatchObject({
        reason: 'Accept the licence',
        cancel: { isAllowed: false, reason: 'request-not-asker' },
      });
      expect(code(await robot.person.call('POST', `${ofLee}/cancel`))).toEqual([403, 'E0000006']);
      await hold('SUPER_ADMIN');
      // Whoever manages requests sees all of them, and takes back none that waits.
      expect((await byProgram('GET', ofLee)).status).toBe(200);
      expect(code(await byProgram('POST', `${ofLee}/cancel`))).toEqual([403, 'E0000006']);
      expect(await whyNot(lee, askedId)).toBe('request-own');
      ok(await decide(bo, askedId));
      const { grant: given } = ok(await decide(chi, askedId)).body as unknown as { grant: { id: string } };
      expect(await endedAs(grant.id)).toBe('extended');
      // What was open stays open to the end that it had; after that somebody signs in once more.
      expect(await isIn()).toBe(200);
      server.clock.advance(Math.ceil((grant.powerEndsAt - server.clock.now()) / 1000));
      expect(await isIn()).toBe(401);
      ok(await robot.person.signIn());
      ok(await lee.signIn());
      // By the name that it was asked for under.
      ok(await lee.call('POST', `${path}/end`));
      expect([await isIn(), await endedAs(given.id)]).toEqual([401, 'ended-by-asker']);
      expect(await refusedWith()).toEqual(['service-account']);

      server.clock.advance(60);
      const again = await opened();
      ok(await robot.person.signIn());
      ok(await max.signIn());
      ok(await max.call('POST', `/sallyport/v1/grants/${again.id}/end`));
      expect([await isIn(), await endedAs(again.id)]).toEqual([401, 'ended-by-manager']);
      expect(code(await max.call('POST', `/sallyport/v1/grants/${again.id}/end`))).toEqual([403, 'E0000006']);

      // What is their own stands among what they answer for, page by page in one order; it is nobody else's.
      const maxId = await idOf(max.login);
      await server.services.store.transaction(async (tx) => {
        const first = await tx.selectFrom('grants').selectAll().where('id', '=', grant.id).executeTakeFirstOrThrow();
        const own = { kind: 'group', entitlementId: 'own', sourceKind: 'admin', extendsGrantId: null } as const;
        const createdAt = Number(first.createdAt) + 1;
        await tx
          .insertInto('grants')
          .values({ ...first, ...own, id: 'graOwn', userId: maxId, createdAt })
          .execute();
      });
      const idsOn = async (who: Person, page: string): Promise<readonly string[]> =>
        ((await who.get(`/sallyport/v1/grants?${page}`)).body as unknown as { id: string }[]).map((one) => one.id);
      const all = await idsOn(max, 'status=ENDED');
      expect(all.filter((one) => [again.id, given.id, 'graOwn'].includes(one))).toEqual([again.id, 'graOwn', given.id]);
      const walked: string[] = [];
      for (let page = await idsOn(max, 'limit=1'); page[0] !== undefined; ) {
        walked.push(page[0]);
        page = await idsOn(max, `limit=1&after=${page[0]}`);
      }
      expect(walked).toEqual(all);
      const byLee = await idsOn(lee, 'status=ENDED');
      expect([byLee.includes(again.id), byLee.includes('graOwn')]).toEqual([true, false]);
    });

    it('is not given for an account that is a person’s, or was switched off, when the last yes comes', async () => {
      server.clock.advance(60);
      for (const [path, undo] of [
        ['suspend', 'unsuspend'],
        ['mark', 'unmark'],
      ] as const) {
        ok(await lee.signIn());
        ok(await ana.signIn());
        const id = String(ok(await ask()).body['id']);
        ok(await decide(bo, id));
        const change = (verb: string): Promise<Reply> =>
          verb === 'mark' || verb === 'unmark'
            ? mark(robot.id, verb === 'unmark')
            : ana.call('POST', `/api/v1/users/${robot.id}/lifecycle/${verb}`);
        ok(await change(path));
        const late = await decide(chi, id);
        expect([path, late.status, late.text]).toEqual([path, 403, expect.stringContaining('request-people-gone')]);
        expect((await ask()).status).toBe(403);
        server.clock.advance(1);
        ok(await change(undo));
        await standsAgain();
        // As a person's it may have got another key: what was asked for was another account.
        if (path === 'mark') expect((await decide(chi, id)).text).toContain('request-people-gone');
        ok(await lee.call('POST', `/sallyport/v1/requests/${id}/cancel`));
        server.clock.advance(60);
      }
      // So where it was approved for later, and where it holds more by then: nobody said yes to that.
      const more = async (): Promise<void> => {
        ok(await ana.call('POST', `/api/v1/users/${robot.id}/roles`, { type: 'READ_ONLY_ADMIN' }));
      };
      const another = async (): Promise<void> => {
        ok(await mark(robot.id, false));
        server.clock.advance(1);
        ok(await mark(robot.id));
        await standsAgain();
      };
      for (const [change, sentence] of [
        [more, 'What it gives was changed'],
        [another, 'could not have asked for it any more'],
      ] as const) {
        ok(await lee.signIn());
        ok(await ana.signIn());
        const startsAt = new Date(server.clock.now() + 3_600_000).toISOString();
        const id = String(ok(await ask(lee, { startsAt })).body['id']);
        ok(await decide(bo, id));
        expect(ok(await decide(chi, id)).body).toMatchObject({ grant: { status: 'PENDING' } });
        await change();
        server.clock.advance(3600);
        await beginApproved(server.services);
        ok(await lee.signIn());
        expect((await lee.get(`/sallyport/v1/requests/${id}`)).body).toMatchObject({
          grant: { status: 'FAILED', id: null, sentence: expect.stringContaining(sentence) },
        });
        expect(await refusedWith()).toEqual(['service-account']);
      }
    });

    it('takes two humans who did not ask: not one with two accounts, nor whoever asked with another', async () => {
      server.clock.advance(60);
      ok(await ana.signIn());
      const [lee2, bo2] = [
        await enrolPerson(server, ana, 'lee2@example.org', 'READ_ONLY_ADMIN', HOME),
        await enrolPerson(server, ana, 'bo2@example.org', 'READ_ONLY_ADMIN', HOME),
      ];
      // As the directory of employees has them; no administrator says so of two accounts.
      await server.services.store.transaction(async (tx) => {
        for (const [{ login }, employeeNumber] of [
          [lee, '11'],
          [lee2, '11'],
          [bo, '12'],
          [bo2, '12'],
        ] as const)
          await tx
            .updateTable('users')
            .set({ profile: JSON.stringify({ login, email: login, firstName: 'A', lastName: 'B', employeeNumber }) })
            .where('login', '=', login)
            .execute();
      });
      ok(await lee.signIn());
      const id = String(ok(await ask()).body['id']);
      expect(await whyNot(lee2, id)).toBe('request-own');
      ok(await decide(bo, id));
      expect([await whyNot(bo, id), await whyNot(bo2, id)]).toEqual(['request-decided-by-you', 'approver-same-person']);
      expect(await refusedWith()).toEqual(['service-account']);
      // Whose manager the account has by now, or whose rule lets it in, makes them no second one.
      ok(await ana.signIn());
      ok(await ana.call('POST', `/api/v1/users/${robot.id}`, { profile: { managerId: bo2.login } }));
      expect(await whyNot(bo2, id)).toBe('approver-same-person');
      // Without what let somebody ask the last yes gives nothing.
      const made = (await ana.get(conditions)).body as unknown as { data: { id: string }[] };
      for (const one of made.data) ok(await ana.call('DELETE', `${conditions}/${one.id}`));
      expect(ok(await decide(chi, id)).body).toMatchObject({ grant: { status: 'FAILED' } });
      expect(await refusedWith()).toEqual(['service-account']);
    });
  });
});
