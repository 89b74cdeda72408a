/** Design §5.3 and outcome 6: the sign-in wire, its refusals, and what it does not tell. Real HTTP, both engines. */
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';

const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, shapeOf(v)]))
      : typeof value;

describe.each(FIRST_ENGINE)('sign-in on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const anew = (login = 'ana@example.org', key = ana.key): Person =>
    new Person(server.url, login, '198.51.100.10', key);
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    const made = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { firstName: 'Olu', lastName: 'Ordinary', email: 'olu@example.org', login: 'olu@example.org' },
      credentials: { password: { value: PASSWORD } },
    });
    expect(made.status, made.text).toBe(200);
  });
  afterAll(() => server.stop());

  it('gives the secret once; lists and links carry the public id', async () => {
    const person = anew();
    const created = await person.signIn();
    expect(created.status, created.text).toBe(200);
    const secret = String(created.body['id']);
    expect(person.cookie).toBe(secret);
    const cookie = [created.headers['set-cookie']].flat()[0] ?? '';
    expect(cookie).toMatch(/^sid=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const me = await person.get('/api/v1/sessions/me');
    expect(me.body['id']).not.toBe(secret);
    expect(String(me.body['id'])).toMatch(/^102/);
    expect((await person.get(`/api/v1/sessions/${secret}`)).body['id']).toBe(me.body['id']);
    const log = await person.get('/api/v1/logs?limit=1000&since=2020-01-01T00:00:00.000Z');
    expect(log.text).not.toContain(secret);
  });

  it('a key proved again changes the token; the old one is good for ten seconds in its network, and later ends the session', async () => {
    const person = anew();
    expect((await person.signIn()).status).toBe(200);
    const before = person.cookie;
    const id = (await person.get('/api/v1/sessions/me')).body['id'];
    expect((await person.signIn()).status).toBe(200);
    expect(person.cookie).not.toBe(before);
    expect((await person.get('/api/v1/sessions/me')).body['id']).toBe(id);
    expect((await person.get('/api/v1/users?limit=1')).status).toBe(200);
    const old = anew();
    old.cookie = before;
    server.clock.advance(9);
    expect((await old.get('/api/v1/users?limit=1')).status).toBe(200);
    server.clock.advance(1);
    expect((await old.get('/api/v1/users?limit=1')).status).toBe(401);
    expect((await person.get('/api/v1/users?limit=1')).status).toBe(401);
    person.cookie = null;
    await person.signIn();
    const events = await person.get(
      `/api/v1/logs?filter=${encodeURIComponent('eventType eq "sallyport.session.token_reuse"')}`,
    );
    expect(events.body).toMatchObject([
      { actor: { alternateId: 'ana@example.org' }, client: { ipAddress: '198.51.100.10' } },
    ]);
  });

  it('the replaced token in another network ends the session at once, whatever the binding', async () => {
    const person = anew();
    await person.signIn();
    const old = anew();
    old.cookie = person.cookie;
    old.address = '203.0.113.77';
    await person.signIn();
    expect((await old.get('/api/v1/users?limit=1')).status).toBe(401);
    expect((await person.get('/api/v1/users?limit=1')).status).toBe(401);
  });

  it('a session token works once, also when two spend it at the same moment', async () => {
    const person = anew();
    const proved = await person.prove(await person.call('POST', '/api/v1/authn', { username: person.login }));
    const { sessionToken } = proved.body;
    const replies = await Promise.all([0, 1, 2].map(() => anew().call('POST', '/api/v1/sessions', { sessionToken })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 401, 401]);
  });

  it('a challenge works once and expires', async () => {
    const person = anew();
    const begun = await person.call('POST', '/api/v1/authn', { username: person.login });
    const { stateToken, _embedded } = begun.body as unknown as {
      stateToken: string;
      _embedded: { factors: { id: string; profile: { credentialId: string } }[] };
    };
    const factor = _embedded.factors[0];
    const verify = `/api/v1/authn/factors/${factor?.id ?? ''}/verify`;
    const challenge = async (): Promise<string> =>
      (
        (await person.call('POST', verify, { stateToken })).body as unknown as {
          _embedded: { factor: { _embedded: { challenge: { challenge: string } } } };
        }
      )._embedded.factor._embedded.challenge.challenge;
    const sign = (text: string) => {
      const { clientData, authenticatorData, signatureData } = person.key.assert({
        challenge: text,
        rpId: 'localhost',
        origin: server.url,
        allowCredentials: [factor?.profile.credentialId ?? ''],
      });
      return { stateToken, clientData, authenticatorData, signatureData };
    };
    const stale = sign(await challenge());
    server.clock.advance(121);
    expect((await person.call('POST', verify, stale)).status).toBe(403);
    const superseded = sign(await challenge());
    const current = sign(await challenge());
    expect((await person.call('POST', verify, superseded)).status).toBe(403);
    expect((await person.call('POST', verify, current)).status).toBe(403);
    const good = sign(await challenge());
    const replies = await Promise.all([person.call('POST', verify, good), person.call('POST', verify, good)]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 403]);
  });

  it('another key, another origin and another’s key are refused', async () => {
    const stranger = createSoftAuthenticator();
    stranger.register({ challenge: 'AAAA', rpId: 'localhost', origin: server.url, userId: 'x' });
    const replies: Reply[] = [];
    const wrongOrigin = anew();
    const begun = await wrongOrigin.call('POST', '/api/v1/authn', { username: wrongOrigin.login });
    const original = wrongOrigin.url;
    Object.defineProperty(wrongOrigin, 'key', {
      value: {
        ...ana.key,
        assert: (input: Parameters<typeof ana.key.assert>[0]) =>
          ana.key.assert({ ...input, origin: 'https://phish.example' }),
      },
    });
    replies.push(await wrongOrigin.prove(begun));
    expect(original).toBe(server.url);
    for (const reply of replies) expect([reply.status, reply.body['errorCode']]).toEqual([403, 'E0000068']);
  });

  it('unknown and known names answer in the same shape, and unknown ones the same each time', async () => {
    const known = await anew().call('POST', '/api/v1/authn', { username: 'ana@example.org' });
    const unknown = await anew().call('POST', '/api/v1/authn', { username: 'nobody@example.org' });
    const again = await anew().call('POST', '/api/v1/authn', { username: 'Nobody@example.org' });
    const factors = (reply: Reply) =>
      (reply.body as unknown as { _embedded: { factors: { id: string; profile: unknown }[]; user: { id: string } } })
        ._embedded;
    expect(unknown.status).toBe(200);
    expect(
      shapeOf({ ...unknown.body, _embedded: { ...factors(unknown), factors: factors(unknown).factors.slice(0, 1) } }),
    ).toEqual(
      shapeOf({ ...known.body, _embedded: { ...factors(known), factors: factors(known).factors.slice(0, 1) } }),
    );
    expect(factors(again).factors).toEqual(factors(unknown).factors);
    expect(factors(known).user.id).not.toBe(ana.login);
    const unlike = await anew().call('POST', '/api/v1/authn', { username: 'nobody@example.org', password: 'x' });
    const alike = await anew().call('POST', '/api/v1/authn', { username: 'olu@example.org', password: 'x' });
    expect([unlike.status, unlike.body['errorCode'], unlike.body['errorSummary']]).toEqual([
      alike.status,
      alike.body['errorCode'],
      alike.body['errorSummary'],
    ]);
  });

  it('a text that cannot be kept is looked for nowhere: in a name, a path, a question or deep in a body', async () => {
    const nobody = anew();
    const replies = [
      await nobody.call('POST', '/api/v1/authn', { username: 'ana\0' }),
      await nobody.call('POST', '/api/v1/authn', { username: 'ana\uD800', password: PASSWORD }),
      await ana.get('/api/v1/users/ana%00'),
      await ana.get('/api/v1/logs?q=ana%00'),
    ];
    expect(replies.map(({ status, body }) => [status, body['errorCode']])).toEqual(
      replies.map(() => [400, 'E0000001']),
    );
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const answered = await send(server.url, 'POST', '/api/v1/authn', { 'X-Forwarded-For': nobody.address }, deep);
    expect(answered.status).toBe(400);
  });

  it('a failed sign-in is logged with the typed name and no session', async () => {
    await anew().call('POST', '/api/v1/authn', { username: 'Typed.Name@example.org', password: 'wrong' });
    const person = anew();
    await person.signIn();
    const events = (
      await person.get(
        `/api/v1/logs?filter=${encodeURIComponent('eventType eq "user.session.start" and outcome.result eq "FAILURE" and actor.alternateId eq "typed.name@example.org"')}`,
      )
    ).body as unknown as { actor: { alternateId: string }; authenticationContext: { externalSessionId: unknown } }[];
    expect(events).toHaveLength(1);
    expect(events[0]?.actor.alternateId).toBe('Typed.Name@example.org');
    expect(events[0]?.authenticationContext.externalSessionId).toBeNull();
  });

  it('an ordinary person’s password reaches their own pages, never an admin’s', async () => {
    const olu = anew('olu@example.org');
    const begun = await olu.call('POST', '/api/v1/authn', { username: olu.login, password: PASSWORD });
    expect(begun.body['status'], begun.text).toBe('SUCCESS');
    expect((await olu.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] })).status).toBe(200);
    expect((await olu.get('/api/v1/sessions/me')).status).toBe(200);
    expect((await olu.get('/api/v1/users/me')).status).toBe(200);
    expect((await olu.get('/sallyport/v1/me/sessions')).status).toBe(200);
    for (const path of ['/api/v1/users', '/api/v1/logs', '/api/v1/zones', '/sallyport/v1/session-binding'])
      expect([path, (await olu.get(path)).status]).toEqual([path, 403]);
  });

  it('an admin’s password alone opens no console', async () => {
    const made = await ana.signIn();
    expect(made.status).toBe(200);
    const user = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { firstName: 'Pat', lastName: 'P', email: 'pat@example.org', login: 'pat@example.org' },
      credentials: { password: { value: PASSWORD } },
    });
    expect(
      (await ana.call('POST', `/api/v1/users/${String(user.body['id'])}/roles`, { type: 'SUPER_ADMIN' })).status,
    ).toBeLessThan(300);
    const pat = anew('pat@example.org');
    const begun = await pat.call('POST', '/api/v1/authn', { username: pat.login, password: PASSWORD });
    await pat.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] });
    expect((await pat.get('/api/v1/users')).status).toBe(403);
  });

  it('ten failures lock the password only; keys still work', async () => {
    for (let i = 0; i < 10; i += 1)
      expect(
        (await anew().call('POST', '/api/v1/authn', { username: 'olu@example.org', password: 'wrong' })).status,
      ).toBe(401);
    expect(
      (await anew().call('POST', '/api/v1/authn', { username: 'olu@example.org', password: PASSWORD })).status,
    ).toBe(401);
    expect((await anew().call('POST', '/api/v1/authn', { username: 'olu@example.org' })).status).toBe(200);
    await ana.signIn();
    const user = await ana.get('/api/v1/users/olu@example.org');
    expect(user.body['status']).toBe('LOCKED_OUT');
    expect((await ana.call('POST', `/api/v1/users/${String(user.body['id'])}/lifecycle/unlock`)).status).toBe(200);
    expect(
      (await anew().call('POST', '/api/v1/authn', { username: 'olu@example.org', password: PASSWORD })).body['status'],
    ).toBe('SUCCESS');
  });

  it('a synced passkey is refused with its sentence, at registration and at every assertion', async () => {
    await ana.signIn();
    const code = await server.services.store.transaction(async (tx) => {
      const { createSetupCode } = await import('../../packages/server/src/setup/setup-code.ts');
      const owner = await tx
        .selectFrom('users')
        .select('id')
        .where('login', '=', 'ana@example.org')
        .executeTakeFirstOrThrow();
      return createSetupCode(server.services, tx, 'enrol', owner.id);
    });
    const claimed = await ana.call('POST', '/sallyport/v1/setup/claim', { code });
    const stateToken = String(claimed.body['stateToken']);
    const synced = createSoftAuthenticator({ isBackupEligible: true, isBackedUp: true });
    const refused = await ana.registerKey(stateToken, synced);
    expect([refused.status, refused.body['errorCode']]).toEqual([400, 'E0000228']);
    expect(refused.text).toContain('stays on a device');
    // A key that was device-bound when it was enrolled and turns synced later.
    const turning = createSoftAuthenticator();
    expect((await ana.registerKey(stateToken, turning)).status).toBe(200);
    Object.assign(turning, { isBackupEligible: true, isBackedUp: true });
    const later = anew('ana@example.org', turning);
    const reply = await later.signIn();
    expect(reply.status).toBe(403);
    await ana.signIn();
    const incidents = await ana.get(
      `/api/v1/logs?filter=${encodeURIComponent('eventType eq "sallyport.authenticator.backup_state_change"')}`,
    );
    expect(incidents.body.length).toBeGreaterThan(0);
  });

  it('lets forty a second pass and then answers 429 with the headers that clients wait by', async () => {
    const flood = new Person(server.url, 'x', '192.0.2.200');
    const statuses: number[] = [];
    let limited: Reply | null = null;
    for (let i = 0; i < 700 && limited === null; i += 1) {
      const reply = await flood.call('POST', '/api/v1/authn', { username: `u${i}@example.org` });
      statuses.push(reply.status);
      if (reply.status === 429) limited = reply;
    }
    expect(statuses.slice(0, 400).every((status) => status === 200)).toBe(true);
    expect(limited?.body['errorCode']).toBe('E0000047');
    for (const name of ['x-rate-limit-limit', 'x-rate-limit-remaining', 'x-rate-limit-reset', 'date'])
      expect(limited?.headers[name]).toBeDefined();
  });
});
