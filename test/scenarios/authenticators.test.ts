/** Authenticators of people over the wire: enrolled, renamed, removed, reset; and what an attacker would try. Both engines. */
import { createSoftAuthenticator, type SoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { totpAt } from '@sallyport/testkit/soft-totp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';

interface Factor {
  readonly id: string;
  readonly status: string;
  readonly factorType: string;
  readonly profile: { readonly credentialId?: string; readonly authenticatorName?: string };
  readonly sallyport: { readonly name: string; readonly qualifies: boolean; readonly whyNot: string | null };
}
interface Activation {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly sharedSecret: string;
  readonly otpauth: string;
}

const idOf = (reply: Reply): string => String(reply.body['id']);
const outcome = (reply: Reply): [number, unknown, unknown] => [
  reply.status,
  reply.body['errorCode'],
  (reply.body['errorCauses'] as { errorSummary: string }[] | undefined)?.[0]?.errorSummary,
];
const activationOf = (reply: Reply): Activation => {
  expect(reply.status, reply.text).toBe(200);
  return (reply.body['_embedded'] as { activation: Activation }).activation;
};

describe.each(FIRST_ENGINE)('authenticators on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;

  const factorsOf = async (caller: Person, userId = 'me'): Promise<Factor[]> =>
    (await caller.get(`/api/v1/users/${userId}/factors`)).body as unknown as Factor[];
  const begin = (caller: Person, userId = 'me', name?: string): Promise<Reply> => {
    // They are listed in the order of time, which stands still otherwise.
    server.clock.advance(1);
    return caller.call('POST', `/api/v1/users/${userId}/factors`, {
      factorType: 'webauthn',
      provider: 'FIDO',
      ...(name === undefined ? {} : { profile: { authenticatorName: name } }),
    });
  };
  const answer = (key: SoftAuthenticator, begun: Reply, { origin = server.url, rpId = 'localhost' } = {}) => {
    const { challenge, user } = activationOf(begun);
    const { attestation, clientData, transports } = key.register({ challenge, rpId, origin, userId: user.id });
    return { attestation, clientData, transports };
  };
  const activate = (caller: Person, begun: Reply, body: unknown, userId = 'me'): Promise<Reply> =>
    caller.call('POST', `/api/v1/users/${userId}/factors/${idOf(begun)}/lifecycle/activate`, body);
  const addKey = async (caller: Person, userId = 'me', key = createSoftAuthenticator()): Promise<Factor> => {
    const begun = await begin(caller, userId);
    const done = await activate(caller, begun, answer(key, begun), userId);
    expect(done.status, done.text).toBe(200);
    return done.body as unknown as Factor;
  };
  const somebody = (role: string | null = null): Promise<Person> =>
    enrolPerson(server, ana, `person${count++}@example.org`, role, '198.51.100.10');
  const idOfPerson = async (person: Person): Promise<string> => idOf(await person.get('/api/v1/users/me'));
  const withPassword = async (role: string | null = null): Promise<{ id: string; person: Person }> => {
    const login = `password${count++}@example.org`;
    const made = await ana.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
      credentials: { password: { value: PASSWORD } },
    });
    if (role !== null) await ana.call('POST', `/api/v1/users/${idOf(made)}/roles`, { type: role });
    return { id: idOf(made), person: new Person(server.url, login) };
  };
  const signInByPassword = async (person: Person, password = PASSWORD): Promise<Reply> => {
    const begun = await person.call('POST', '/api/v1/authn', { username: person.login, password });
    return begun.body['status'] === 'SUCCESS'
      ? person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] })
      : begun;
  };
  const eventsOf = async (type: string, userId: string): Promise<Record<string, unknown>[]> => {
    const filter = encodeURIComponent(`eventType eq "${type}" and target.id eq "${userId}"`);
    return (await ana.get(`/api/v1/logs?filter=${filter}`)).body as unknown as Record<string, unknown>[];
  };
  const tokenOf = async (ownerId: string) => {
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    return (method: string, path: string, body?: unknown): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` }, body);
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  describe('one’s own', () => {
    it('another key is enrolled, signs in, is renamed, and once removed nothing accepts it', async () => {
      const lee = await somebody('READ_ONLY_ADMIN');
      const spare = createSoftAuthenticator();
      const begun = await begin(lee, 'me', 'Blue key');
      expect(begun.body).toMatchObject({ status: 'PENDING_ACTIVATION', factorType: 'webauthn', provider: 'FIDO' });
      const done = await activate(lee, begun, answer(spare, begun));
      expect(done.body).toMatchObject({
        status: 'ACTIVE',
        profile: { authenticatorName: 'Blue key' },
        sallyport: { name: 'Blue key', qualifies: true, whyNot: null },
      });
      const renamed = await lee.call('PUT', `/sallyport/v1/users/me/factors/${idOf(done)}`, { name: ' Red key ' });
      expect(renamed.body).toMatchObject({ profile: { authenticatorName: 'Red key' } });
      expect((await factorsOf(lee)).map(({ sallyport }) => sallyport.name)).toEqual(['Security key 1', 'Red key']);

      const other = new Person(server.url, lee.login, lee.address, spare);
      expect((await other.signIn()).status).toBe(200);
      const begunSignIn = await other.call('POST', '/api/v1/authn', { username: other.login });
      const proved = await other.prove(begunSignIn);
      expect(proved.body['status']).toBe('SUCCESS');
      expect((await lee.call('DELETE', `/api/v1/users/me/factors/${idOf(done)}`)).status).toBe(204);
      // Neither the session that it opened, nor the sign-in that it had nearly finished, nor a new one.
      expect((await other.get('/api/v1/users/me')).status).toBe(401);
      const late = await other.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] });
      expect(outcome(late).slice(0, 2)).toEqual([401, 'E0000004']);
      await expect(other.signIn()).rejects.toThrow('no credential');
      expect((await lee.get('/api/v1/users/me')).status).toBe(200);
      const userId = await idOfPerson(lee);
      for (const type of ['activate', 'update', 'deactivate'])
        expect((await eventsOf(`user.mfa.factor.${type}`, userId)).length, type).toBeGreaterThan(0);
    });

    it('a password is not enough to add a key beside the one that is there, nor to get an administrator’s first', async () => {
      const { id, person } = await withPassword();
      expect((await signInByPassword(person)).status).toBe(200);
      // Whoever has no power begins by themselves.
      const first = createSoftAuthenticator();
      await addKey(person, 'me', first);
      expect(outcome(await begin(person))).toEqual([403, 'E0000006', expect.stringContaining('Sign in with one')]);
      const withKey = new Person(server.url, person.login, person.address, first);
      expect((await withKey.signIn()).status).toBe(200);
      await addKey(withKey);
      expect(await factorsOf(ana, id)).toHaveLength(2);

      const admin = await withPassword('READ_ONLY_ADMIN');
      expect((await signInByPassword(admin.person)).status).toBe(200);
      expect(outcome(await begin(admin.person))).toEqual([403, 'E0000006', expect.stringContaining('enrolment link')]);
    });

    it('a session of a key that was removed does not vouch for another', async () => {
      const lee = await somebody('READ_ONLY_ADMIN');
      const [old] = await factorsOf(lee);
      await addKey(lee);
      // The session stays, for it asked itself; what it was opened with is gone.
      expect((await lee.call('DELETE', `/api/v1/users/me/factors/${old?.id}`)).status).toBe(204);
      expect(outcome(await begin(lee)).slice(0, 2)).toEqual([403, 'E0000006']);
    });

    it('a synced key is refused to an administrator, and taken from others as what it is', async () => {
      const admin = await somebody('READ_ONLY_ADMIN');
      const begun = await begin(admin);
      const synced = () => createSoftAuthenticator({ isBackupEligible: true, isBackedUp: true });
      const refused = await activate(admin, begun, answer(synced(), begun));
      expect(outcome(refused)).toEqual([400, 'E0000228', expect.stringContaining('synced')]);
      // The challenge is gone with the refusal.
      expect(outcome(await activate(admin, begun, answer(createSoftAuthenticator(), begun)))[1]).toBe('E0000068');
      const { person } = await withPassword();
      await signInByPassword(person);
      const factor = await addKey(person, 'me', synced());
      expect(factor.sallyport).toMatchObject({ qualifies: false, whyNot: expect.stringContaining('synced') });
    });

    it('names are short, plain and one’s own; ten keys are the most', async () => {
      const lee = await somebody();
      const [factor] = await factorsOf(lee);
      const rename = (name: unknown) => lee.call('PUT', `/sallyport/v1/users/me/factors/${factor?.id}`, { name });
      for (const name of ['', '   ', 'x'.repeat(101), 'a\nb', 7, null])
        expect(outcome(await rename(name)).slice(0, 2), String(name)).toEqual([400, 'E0000001']);
      expect(outcome(await begin(lee, 'me', 'x'.repeat(101)))[1]).toBe('E0000001');
      await addKey(lee);
      expect(outcome(await rename('SECURITY KEY 2'))[1]).toBe('E0000001');
      expect((await rename('Security key 1')).status).toBe(200);
      for (let keys = 2; keys < 10; keys += 1) await addKey(lee);
      expect(outcome(await begin(lee))).toEqual([403, 'E0000014', 'An account holds at most 10 keys.']);
    });
  });

  describe('an answer counts', () => {
    it('once, in time, from this origin and RP id, for its own registration', async () => {
      const lee = await somebody();
      const key = createSoftAuthenticator();
      const begun = await begin(lee);
      for (const body of [
        {},
        answer(key, begun, { origin: 'https://evil.example' }),
        answer(key, begun, { rpId: 'evil.example' }),
        { ...answer(key, begun), attestation: 'AAAA' },
        { ...answer(key, begun), clientData: `${answer(key, begun).clientData}AA` },
        { passCode: '123456' },
      ])
        expect(outcome(await activate(lee, begun, body))[1]).toBe('E0000068');
      // A second registration gives up the first.
      const again = await begin(lee);
      expect(outcome(await activate(lee, begun, answer(key, begun)))[1]).toBe('E0000007');
      expect(outcome(await activate(lee, again, answer(key, begun)))[1]).toBe('E0000068');
      const good = answer(key, again);
      expect((await activate(lee, again, good)).status).toBe(200);
      expect(outcome(await activate(lee, again, good))[1]).toBe('E0000068');
      const late = await begin(lee);
      const lateAnswer = answer(createSoftAuthenticator(), late);
      server.clock.advance(301);
      expect(outcome(await activate(lee, late, lateAnswer))[1]).toBe('E0000068');
    });

    it('one of twenty that arrive at once', async () => {
      const lee = await somebody();
      const begun = await begin(lee);
      const body = answer(createSoftAuthenticator(), begun);
      const replies = await Promise.all(Array.from({ length: 20 }, () => activate(lee, begun, body)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await factorsOf(lee)).toHaveLength(2);
    });

    it('not for a credential that somebody has already', async () => {
      const [lee, kim] = [await somebody(), await somebody()];
      // Both browsers answer with the same credential, as a copied key would.
      const copied = createSoftAuthenticator();
      const begun = await begin(lee);
      const first = answer(copied, begun);
      expect((await activate(lee, begun, first)).status).toBe(200);
      const other = await begin(kim);
      const { challenge, user } = activationOf(other);
      const made = copied.register({ challenge, rpId: 'localhost', origin: server.url, userId: user.id });
      const clientData = made.clientData;
      expect(outcome(await activate(kim, other, { attestation: first.attestation, clientData }))).toEqual([
        400,
        'E0000228',
        expect.stringContaining('registered already'),
      ]);
    });

    it('of a pending key nothing signs in', async () => {
      const lee = await somebody();
      const begun = await begin(lee);
      const pending = createSoftAuthenticator();
      answer(pending, begun);
      const signIn = await lee.call('POST', '/api/v1/authn', { username: lee.login });
      const { stateToken, _embedded } = signIn.body as unknown as {
        stateToken: string;
        _embedded: { factors: { id: string }[] };
      };
      expect(_embedded.factors.map(({ id }) => id)).not.toContain(idOf(begun));
      const reply = await lee.call('POST', `/api/v1/authn/factors/${idOf(begun)}/verify`, { stateToken });
      expect(outcome(reply)[1]).toBe('E0000007');
      expect((await factorsOf(lee)).at(-1)).toMatchObject({
        status: 'PENDING_ACTIVATION',
        sallyport: { qualifies: false, whyNot: 'Its registration was not finished.' },
      });
      expect(JSON.stringify(await factorsOf(lee))).not.toContain(activationOf(begun).challenge);
    });
  });

  describe('an app for one-time codes', () => {
    it('tells its secret once, and no code works twice', async () => {
      const { person } = await withPassword();
      await signInByPassword(person);
      const body = { factorType: 'token:software:totp', provider: 'GOOGLE' };
      const begun = await person.call('POST', '/api/v1/users/me/factors', body);
      const { sharedSecret, otpauth } = activationOf(begun);
      expect(otpauth).toContain(`secret=${sharedSecret}`);
      expect(JSON.stringify(await factorsOf(person))).not.toContain(sharedSecret);
      const code = () => totpAt(sharedSecret, server.clock.now());
      const wrong = String((Number(code()) + 1) % 1_000_000).padStart(6, '0');
      for (const passCode of [wrong, '', '12345', undefined])
        expect(outcome(await activate(person, begun, { passCode }))[1]).toBe('E0000068');
      const used = code();
      const done = await activate(person, begun, { passCode: used });
      expect(done.body).toMatchObject({ status: 'ACTIVE', factorType: 'token:software:totp', provider: 'GOOGLE' });
      expect(done.body['sallyport']).toMatchObject({ qualifies: false, whyNot: expect.stringContaining('phished') });
      expect(outcome(await activate(person, begun, { passCode: used }))[1]).toBe('E0000068');
      // A second one is no way around the first: the session was opened by the password alone.
      expect(outcome(await person.call('POST', '/api/v1/users/me/factors', body))[1]).toBe('E0000006');

      // With a role the code is asked for after the password, and without a password it is none.
      expect((await ana.call('POST', `/api/v1/users/${person.login}/roles`, { type: 'REPORT_ADMIN' })).status).toBe(
        201,
      );
      const named = await person.call('POST', '/api/v1/authn', { username: person.login });
      expect(JSON.stringify(named.body)).not.toContain(idOf(begun));
      const verify = (stateToken: unknown, passCode: string) =>
        person.call('POST', `/api/v1/authn/factors/${idOf(begun)}/verify`, { stateToken, passCode });
      server.clock.advance(60);
      expect(outcome(await verify(named.body['stateToken'], code()))[1]).toBe('E0000007');
      const signIn = async () =>
        (await person.call('POST', '/api/v1/authn', { username: person.login, password: PASSWORD })).body['stateToken'];
      expect(outcome(await verify(await signIn(), used))[1]).toBe('E0000068');
      const fresh = code();
      expect((await verify(await signIn(), fresh)).body['status']).toBe('SUCCESS');
      expect(outcome(await verify(await signIn(), fresh))[1]).toBe('E0000068');
    });

    it('is given up after a quarter of an hour', async () => {
      const { person } = await withPassword();
      await signInByPassword(person);
      const begun = await person.call('POST', '/api/v1/users/me/factors', { factorType: 'token:software:totp' });
      const { sharedSecret } = activationOf(begun);
      server.clock.advance(15 * 60);
      const reply = await activate(person, begun, { passCode: totpAt(sharedSecret, server.clock.now()) });
      expect(outcome(reply)[1]).toBe('E0000068');
    });
  });

  describe('those of others', () => {
    it('are not seen, changed or guessed by somebody without the permission', async () => {
      const [lee, kim] = [await somebody(), await somebody()];
      const kimId = await idOfPerson(kim);
      const [factor] = await factorsOf(kim);
      const begun = await begin(kim);
      const attempts: [string, string, unknown?][] = [
        ['GET', `/api/v1/users/${kimId}/factors`],
        ['GET', `/api/v1/users/${kim.login}/factors/catalog`],
        ['GET', `/api/v1/users/${kimId}/factors/${factor?.id}`],
        ['POST', `/api/v1/users/${kimId}/factors`, { factorType: 'webauthn' }],
        ['POST', `/api/v1/users/${kimId}/factors/${idOf(begun)}/lifecycle/activate`, answer(lee.key, begun)],
        ['DELETE', `/api/v1/users/${kimId}/factors/${factor?.id}`],
        ['PUT', `/sallyport/v1/users/${kimId}/factors/${factor?.id}`, { name: 'mine' }],
        ['POST', `/api/v1/users/${kimId}/lifecycle/reset_factors`],
        ['POST', `/api/v1/users/${kimId}/lifecycle/expire_password`],
        ['POST', `/api/v1/users/${kimId}/lifecycle/reset_password?sendEmail=false`],
        // Nobody is told who exists.
        ['GET', '/api/v1/users/nobody@example.org/factors'],
      ];
      for (const [method, path, body] of attempts) {
        const reply = await lee.call(method, path, body);
        expect([method, path, ...outcome(reply).slice(0, 2)]).toEqual([method, path, 403, 'E0000006']);
      }
      // Another's factor under one's own name is none.
      for (const [method, path, body] of [
        ['GET', `/api/v1/users/me/factors/${factor?.id}`],
        ['DELETE', `/api/v1/users/me/factors/${factor?.id}`],
        ['PUT', `/sallyport/v1/users/me/factors/${factor?.id}`, { name: 'mine' }],
        ['POST', `/api/v1/users/me/factors/${idOf(begun)}/lifecycle/activate`, answer(lee.key, begun)],
      ] as [string, string, unknown?][])
        expect([path, outcome(await lee.call(method, path, body))[1]]).toEqual([path, 'E0000007']);
      expect((await factorsOf(kim)).map(({ status }) => status)).toEqual(['ACTIVE', 'PENDING_ACTIVATION']);
    });

    it('of an administrator are managed by a super admin only, and never by a token when a key is added', async () => {
      const helper = await somebody('HELP_DESK_ADMIN');
      const admin = await somebody('READ_ONLY_ADMIN');
      const adminId = await idOfPerson(admin);
      const [factor] = await factorsOf(admin);
      for (const [method, path, body] of [
        ['POST', `/api/v1/users/${adminId}/factors`, { factorType: 'webauthn' }],
        ['DELETE', `/api/v1/users/${adminId}/factors/${factor?.id}`],
        ['PUT', `/sallyport/v1/users/${adminId}/factors/${factor?.id}`, { name: 'x' }],
        ['POST', `/api/v1/users/${adminId}/lifecycle/reset_factors`],
        ['POST', `/api/v1/users/${adminId}/lifecycle/expire_password`],
        ['POST', `/api/v1/users/${adminId}/lifecycle/reset_password?sendEmail=false`],
      ] as [string, string, unknown?][]) {
        const reply = await helper.call(method, path, body);
        expect([path, ...outcome(reply)]).toEqual([path, 403, 'E0000006', expect.stringContaining('super admin')]);
      }
      expect((await factorsOf(helper, adminId)).map(({ id }) => id)).toEqual([factor?.id]);

      const token = await tokenOf(await idOfPerson(ana));
      const keyless = await withPassword('READ_ONLY_ADMIN');
      const path = `/api/v1/users/${keyless.id}/factors`;
      const expected = [403, 'E0000006', expect.stringContaining('not by a token')];
      expect(outcome(await token('POST', path, { factorType: 'webauthn' }))).toEqual(expected);
      expect(outcome(await token('POST', '/api/v1/users/me/factors', { factorType: 'webauthn' }))).toEqual(expected);
    });

    it('begin with a first key only; whoever has one adds by themselves, and both may not finish each other’s', async () => {
      const { id, person } = await withPassword();
      const begun = await begin(ana, id);
      const key = createSoftAuthenticator();
      const body = answer(key, begun);
      await signInByPassword(person);
      const stolen = await person.call('POST', `/api/v1/users/me/factors/${idOf(begun)}/lifecycle/activate`, body);
      expect(outcome(stolen)).toEqual([403, 'E0000006', expect.stringContaining('began')]);
      // The person gets one meanwhile: what the administrator had begun is refused.
      const own = await begin(person);
      expect((await activate(person, own, answer(createSoftAuthenticator(), own))).status).toBe(200);
      expect(outcome(await activate(ana, begun, body, id))[1]).toBe('E0000007');
      expect(outcome(await begin(ana, id))).toEqual([403, 'E0000006', expect.stringContaining('by themselves')]);
    });

    it('somebody made without a password becomes active with their first key', async () => {
      const login = `provisioned${count++}@example.org`;
      const made = await ana.call('POST', '/api/v1/users', { profile: { login, email: login } });
      expect(made.body['status']).toBe('PROVISIONED');
      const key = createSoftAuthenticator();
      await addKey(ana, idOf(made), key);
      const person = new Person(server.url, login, '198.51.100.10', key);
      expect((await person.signIn()).status).toBe(200);
      expect((await ana.get(`/api/v1/users/${idOf(made)}`)).body['status']).toBe('ACTIVE');
    });

    it('a suspended person enrols nothing, and nobody for them', async () => {
      const lee = await somebody();
      const begun = await begin(lee);
      const body = answer(createSoftAuthenticator(), begun);
      const id = await idOfPerson(lee);
      expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/suspend`)).status).toBe(200);
      expect((await activate(lee, begun, body)).status).toBe(401);
      expect((await begin(lee)).status).toBe(401);
      expect(outcome(await begin(ana, id)).slice(0, 2)).toEqual([403, 'E0000038']);
    });
  });

  describe('a reset', () => {
    it('takes every key, session, link and sign-in under way; the way back is an enrolment link', async () => {
      const lee = await somebody('READ_ONLY_ADMIN');
      const id = await idOfPerson(lee);
      await addKey(lee);
      const second = new Person(server.url, lee.login, '198.51.100.10', lee.key);
      expect((await second.signIn()).status).toBe(200);
      const nearly = await second.prove(await second.call('POST', '/api/v1/authn', { username: lee.login }));
      const challenged = await second.call('POST', '/api/v1/authn', { username: lee.login });
      const reply = await ana.call('POST', `/api/v1/users/${id}/lifecycle/reset_factors`);
      expect([reply.status, reply.body]).toEqual([200, {}]);

      expect(await factorsOf(ana, id)).toEqual([]);
      for (const caller of [lee, second]) expect((await caller.get('/api/v1/users/me')).status).toBe(401);
      const late = await second.call('POST', '/api/v1/sessions', { sessionToken: nearly.body['sessionToken'] });
      expect(late.status).toBe(401);
      expect((await second.prove(challenged)).status).toBe(401);
      const [reset] = await eventsOf('user.mfa.factor.reset_all', id);
      expect(reset).toMatchObject({
        severity: 'WARN',
        outcome: { result: 'SUCCESS' },
        actor: { alternateId: ana.login },
      });
      expect(await eventsOf('user.mfa.factor.deactivate', id)).toHaveLength(2);
      const ends = await eventsOf('user.session.end', id);
      expect(new Set(ends.map((event) => (event['outcome'] as { reason: string }).reason))).toEqual(
        new Set(['keys-reset']),
      );

      const link = await ana.call('POST', `/sallyport/v1/users/${id}/enrolment-codes`);
      expect(link.status, link.text).toBe(201);
    });

    it('stops a link that was made, and a registration that the link has begun', async () => {
      const { id, person } = await withPassword('READ_ONLY_ADMIN');
      const codeOf = async (): Promise<string> =>
        String((await ana.call('POST', `/sallyport/v1/users/${id}/enrolment-codes`)).body['link']).split('=')[1] ?? '';
      const claimed = await person.call('POST', '/sallyport/v1/setup/claim', { code: await codeOf() });
      const stateToken = String(claimed.body['stateToken']);
      const begun = await person.call('POST', '/sallyport/v1/setup/keys', { stateToken });
      const code = await codeOf();
      expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/reset_factors`)).status).toBe(200);
      expect((await person.call('POST', '/sallyport/v1/setup/claim', { code })).status).toBe(403);
      expect((await person.registerKey(stateToken, person.key)).status).toBe(401);
      const { factorId } = begun.body as unknown as { factorId: string };
      const reply = await person.call('POST', `/sallyport/v1/setup/keys/${factorId}/activate`, {
        stateToken,
        attestation: 'AAAA',
        clientData: 'AAAA',
      });
      expect(reply.status).toBe(401);
      expect(await factorsOf(ana, id)).toEqual([]);
    });

    it('never leaves nobody: not oneself, not the last super admin, not when two go at once', async () => {
      const anaId = await idOfPerson(ana);
      expect(outcome(await ana.call('POST', `/api/v1/users/${anaId}/lifecycle/reset_factors`))).toEqual([
        403,
        'E0000006',
        expect.stringContaining('your last key'),
      ]);
      // One authenticator with two credentials: whichever stays, Ana goes on with it.
      await addKey(ana, 'me', ana.key);
      const all = await factorsOf(ana);
      expect(all).toHaveLength(2);
      // Two deletions at once, each of which alone would leave the other key.
      const gone = await Promise.all(all.map(({ id }) => ana.call('DELETE', `/api/v1/users/me/factors/${id}`)));
      expect(gone.map(({ status }) => status).toSorted()).toEqual([204, 403]);
      expect(await factorsOf(ana)).toHaveLength(1);
    });

    it('a token is no way around it, and a second super admin is', async () => {
      const anaId = await idOfPerson(ana);
      const token = await tokenOf(anaId);
      const [factor] = await factorsOf(ana);
      expect((await token('DELETE', `/api/v1/users/me/factors/${factor?.id}`)).status).toBe(403);
      expect((await token('POST', `/api/v1/users/${anaId}/lifecycle/reset_factors`)).status).toBe(403);
      const lee = await somebody('SUPER_ADMIN');
      const leeId = await idOfPerson(lee);
      // Each resets the other at once: one is left.
      const replies = await Promise.all([
        ana.call('POST', `/api/v1/users/${leeId}/lifecycle/reset_factors`),
        lee.call('POST', `/api/v1/users/${anaId}/lifecycle/reset_factors`),
      ]);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      const left = await server.services.store.read
        .selectFrom('factors')
        .select('userId')
        .where('userId', 'in', [anaId, leeId])
        .where('status', '=', 'ACTIVE')
        .execute();
      expect(left).toHaveLength(1);
    });
  });
});
