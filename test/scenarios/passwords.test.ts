/** Passwords of people: changed by themselves, expired and reset by others; and what an attacker would try. Both engines. */

import { totpAt } from '@sallyport/testkit/soft-totp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const OLD = 'correct horse battery staple';
const NEW = 'another good pass phrase';

describe.each(FIRST_ENGINE)('passwords on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  const code = (reply: Reply): [number, unknown] => [reply.status, reply.body['errorCode']];
  const somebody = async (): Promise<{ id: string; path: string; person: Person }> => {
    const login = `somebody${count++}@example.org`;
    const made = await ana.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Some', lastName: 'Body' },
      credentials: { password: { value: OLD } },
    });
    const id = String(made.body['id']);
    return { id, path: `/api/v1/users/${id}`, person: new Person(server.url, login) };
  };
  const authn = (person: Person, password: string): Promise<Reply> =>
    person.call('POST', '/api/v1/authn', { username: person.login, password });
  const signIn = async (person: Person, password = OLD): Promise<Reply> => {
    const begun = await authn(person, password);
    return begun.body['status'] === 'SUCCESS'
      ? person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] })
      : begun;
  };
  const change = (person: Person, oldPassword: string, newPassword: string, userId = 'me'): Promise<Reply> =>
    person.call('POST', `/api/v1/users/${userId}/credentials/change_password`, {
      oldPassword: { value: oldPassword },
      newPassword: { value: newPassword },
    });
  const changeExpired = (person: Person, stateToken: unknown, oldPassword: string, newPassword = NEW) =>
    person.call('POST', '/api/v1/authn/credentials/change_password', { stateToken, oldPassword, newPassword });
  const choose = (person: Person, link: unknown, newPassword = NEW): Promise<Reply> =>
    person.call('POST', '/sallyport/v1/password-resets', { code: String(link).split('=')[1] ?? '', newPassword });
  const statusOf = async (path: string): Promise<unknown> => (await ana.get(path)).body['status'];

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('one’s own is changed with the old one; other sessions and sign-ins under way end', async () => {
    const { person } = await somebody();
    const elsewhere = new Person(server.url, person.login);
    expect((await signIn(person)).status).toBe(200);
    expect((await signIn(elsewhere)).status).toBe(200);
    const nearly = (await authn(elsewhere, OLD)).body['sessionToken'];
    for (const [given, wanted, expected] of [
      ['wrong', NEW, [403, 'E0000014']],
      [OLD, OLD, [403, 'E0000014']],
      [OLD, 'short', [403, 'E0000080']],
      [OLD, 'x'.repeat(257), [400, 'E0000001']],
    ] as const)
      expect(code(await change(person, given, wanted))).toEqual(expected);
    const reply = await change(person, OLD, NEW);
    expect([reply.status, reply.body['password']]).toEqual([200, {}]);
    expect((await person.get('/api/v1/users/me')).status).toBe(200);
    expect((await elsewhere.get('/api/v1/users/me')).status).toBe(401);
    expect((await elsewhere.call('POST', '/api/v1/sessions', { sessionToken: nearly })).status).toBe(401);
    expect(code(await signIn(elsewhere))).toEqual([401, 'E0000004']);
    expect((await signIn(elsewhere, NEW)).status).toBe(200);
  });

  it('another’s is changed by nobody, not even with the old one', async () => {
    const [one, two] = [await somebody(), await somebody()];
    await signIn(one.person);
    expect(code(await change(one.person, OLD, NEW, two.id))).toEqual([403, 'E0000006']);
    expect(code(await change(ana, OLD, NEW, two.id))).toEqual([403, 'E0000006']);
    expect(code(await change(ana, OLD, NEW))).toEqual([403, 'E0000014']);
  });

  it('ten wrong old ones lock it: a session left open is no place to guess', async () => {
    const { person, path } = await somebody();
    await signIn(person);
    for (let tries = 0; tries < 10; tries += 1) await change(person, `guess ${tries}`, NEW);
    expect(await statusOf(path)).toBe('LOCKED_OUT');
    expect(code(await change(person, OLD, NEW))).toEqual([403, 'E0000014']);
  });

  it('an expired one is good for choosing another only', async () => {
    const { person, path } = await somebody();
    await signIn(person);
    expect(await ana.call('POST', `${path}/lifecycle/expire_password`)).toMatchObject({
      status: 200,
      body: { status: 'PASSWORD_EXPIRED' },
    });
    // A session lives on, as the wire has it, unless it was asked to end.
    expect((await person.get('/api/v1/users/me')).status).toBe(200);
    const begun = await authn(person, OLD);
    expect(begun.body).toMatchObject({ status: 'PASSWORD_EXPIRED', _links: { next: { name: 'changePassword' } } });
    expect(begun.body['sessionToken']).toBeUndefined();
    const { stateToken } = begun.body;
    expect((await person.call('POST', '/api/v1/sessions', { sessionToken: stateToken })).status).toBe(401);
    expect(code(await changeExpired(person, stateToken, 'wrong'))).toEqual([403, 'E0000014']);
    expect(code(await changeExpired(person, stateToken, OLD, OLD))).toEqual([403, 'E0000014']);
    expect(code(await changeExpired(person, stateToken, OLD, 'short'))).toEqual([403, 'E0000080']);
    expect(code(await changeExpired(person.thief('203.0.113.5'), stateToken, OLD))).toEqual([403, 'E0000085']);
    expect(code(await changeExpired(person, 'made-up', OLD))).toEqual([401, 'E0000011']);
    const both = await Promise.all([changeExpired(person, stateToken, OLD), changeExpired(person, stateToken, OLD)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const done = both.find(({ status }) => status === 200);
    expect(await statusOf(path)).toBe('ACTIVE');
    const sessionToken = done?.body['sessionToken'];
    expect((await person.call('POST', '/api/v1/sessions', { sessionToken })).status).toBe(200);
    expect(code(await signIn(person))).toEqual([401, 'E0000004']);
  });

  it('one that was expired and is changed asks for what every sign-in asks: a factor of a rule, and no code that is off', async () => {
    const login = `keyed${count++}@example.org`;
    const person = await enrolPerson(server, ana, login, null, ana.address);
    const { id } = (await ana.get(`/api/v1/users/${login}`)).body as unknown as { id: string };
    const [global] = (await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[];
    const rules = `/api/v1/policies/${global?.id ?? ''}/rules`;
    const expired = async (password: string): Promise<unknown> => {
      expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/expire_password`)).status).toBe(200);
      const begun = await authn(person, password);
      expect(begun.body['status']).toBe('PASSWORD_EXPIRED');
      return begun.body['stateToken'];
    };
    // Of somebody without power the password alone is enough, unless a rule asks for more.
    expect((await changeExpired(person, await expired(OLD), OLD)).body['status']).toBe('SUCCESS');
    const rule = await ana.call('POST', rules, {
      name: 'two',
      conditions: { people: { users: { include: [id] } } },
      actions: { signon: { access: 'ALLOW', requireFactor: true } },
    });
    expect(rule.status, rule.text).toBe(200);
    const asked = await changeExpired(person, await expired(NEW), NEW, OLD);
    expect(asked.body['status']).toBe('MFA_REQUIRED');
    expect((await person.prove(asked)).body['status']).toBe('SUCCESS');
    // With a code instead of a key, and codes off since the sign-in began: nothing is changed.
    const factors = (await ana.get(`/api/v1/users/${id}/factors`)).body as unknown as { id: string }[];
    for (const factor of factors) await ana.call('DELETE', `/api/v1/users/${id}/factors/${factor.id}`);
    expect((await ana.call('DELETE', `${rules}/${String(rule.body['id'])}`)).status).toBe(204);
    person.cookie = null;
    expect((await signIn(person)).status).toBe(200);
    const begun = await person.call('POST', '/api/v1/users/me/factors', {
      factorType: 'token:software:totp',
      provider: 'GOOGLE',
    });
    const { sharedSecret } = (begun.body['_embedded'] as { activation: { sharedSecret: string } }).activation;
    const activated = await person.call('POST', `/api/v1/users/me/factors/${begun.body['id']}/lifecycle/activate`, {
      passCode: totpAt(sharedSecret, server.clock.now()),
    });
    expect(activated.status, activated.text).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' })).status).toBe(201);
    const stateToken = await expired(OLD);
    const list = (await ana.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
    const codes = `/api/v1/authenticators/${list.find(({ key }) => key === 'google_otp')?.id ?? ''}/lifecycle`;
    expect((await ana.call('POST', `${codes}/deactivate`)).status).toBe(200);
    const refused = await changeExpired(person, stateToken, OLD, NEW);
    expect([...code(refused), refused.text.includes('switched off')]).toEqual([403, 'E0000085', true]);
    expect(await statusOf(`/api/v1/users/${id}`)).toBe('PASSWORD_EXPIRED');
    expect((await ana.call('POST', `${codes}/activate`)).status).toBe(200);
    expect((await changeExpired(person, stateToken, OLD, NEW)).body['status']).toBe('MFA_REQUIRED');
  });

  it('a temporary one ends sessions, and is expired from the beginning', async () => {
    const { person, path } = await somebody();
    await signIn(person);
    const reply = await ana.call('POST', `${path}/lifecycle/expire_password?tempPassword=true`);
    const temporary = String(reply.body['tempPassword']);
    expect((await person.get('/api/v1/users/me')).status).toBe(401);
    expect(code(await authn(person, OLD))).toEqual([401, 'E0000004']);
    const begun = await authn(person, temporary);
    expect(begun.body['status']).toBe('PASSWORD_EXPIRED');
    expect((await changeExpired(person, begun.body['stateToken'], temporary)).body['status']).toBe('SUCCESS');
    const other = await ana.call('POST', `${path}/lifecycle/expire_password_with_temp_password`);
    expect(other.body['tempPassword']).toMatch(/^\w{16}$/);
    expect((await ana.call('POST', `${path}/lifecycle/expire_password?tempPassword=perhaps`)).status).toBe(400);
  });

  it('a reset takes it at once; the link gives a new one, once and in time', async () => {
    const { person, path } = await somebody();
    await signIn(person);
    const nearly = (await authn(person, OLD)).body['sessionToken'];
    for (const query of ['', '?sendEmail=true'])
      expect(code(await ana.call('POST', `${path}/lifecycle/reset_password${query}`))).toEqual([400, 'E0000001']);
    const reset = async (): Promise<unknown> => {
      const reply = await ana.call('POST', `${path}/lifecycle/reset_password?sendEmail=false`);
      expect(reply.status, reply.text).toBe(200);
      return reply.body['resetPasswordUrl'];
    };
    const first = await reset();
    expect(await statusOf(path)).toBe('RECOVERY');
    expect((await person.get('/api/v1/users/me')).status).toBe(401);
    expect((await person.call('POST', '/api/v1/sessions', { sessionToken: nearly })).status).toBe(401);
    expect(code(await signIn(person))).toEqual([401, 'E0000004']);
    const link = await reset();
    expect(code(await choose(person, first))).toEqual([403, 'E0000068']);
    // It is no link to a key.
    const claim = await person.call('POST', '/sallyport/v1/setup/claim', { code: String(link).split('=')[1] });
    expect(claim.status).toBe(403);
    expect(code(await choose(person, link, 'short'))).toEqual([403, 'E0000080']);
    const both = await Promise.all([choose(person, link), choose(person, link)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect(await statusOf(path)).toBe('ACTIVE');
    expect((await signIn(person, NEW)).status).toBe(200);
    const late = await reset();
    server.clock.advance(30 * 60);
    expect(code(await choose(person, late))).toEqual([403, 'E0000068']);
  });

  it('a link is worth nothing once another password was given, or the person was stopped', async () => {
    const { person, path, id } = await somebody();
    await ana.signIn();
    const reset = async () => (await ana.call('POST', `${path}/lifecycle/reset_password?sendEmail=false`)).body;
    const { resetPasswordUrl: given } = await reset();
    await ana.call('POST', `/api/v1/users/${id}`, { credentials: { password: { value: NEW } } });
    expect(code(await choose(person, given))).toEqual([403, 'E0000068']);
    expect((await signIn(person, NEW)).status).toBe(200);
    const { resetPasswordUrl: stopped } = await reset();
    await ana.call('POST', `${path}/lifecycle/suspend`);
    expect(code(await choose(person, stopped))).toEqual([403, 'E0000068']);
    expect(code(await ana.call('POST', `${path}/lifecycle/expire_password`))).toEqual([403, 'E0000038']);
  });

  it('keys of an administrator keep working through all of it', async () => {
    const lee = await enrolPerson(server, ana, `lee-${engine}@example.org`, 'READ_ONLY_ADMIN', '198.51.100.10');
    const path = `/api/v1/users/${String((await lee.get('/api/v1/users/me')).body['id'])}`;
    expect((await ana.call('POST', `${path}/lifecycle/reset_password?sendEmail=false`)).status).toBe(200);
    expect((await lee.signIn()).status).toBe(200);
    expect((await lee.get('/api/v1/users')).status).toBe(200);
  });
});
