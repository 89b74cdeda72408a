/** Mails that administrators may be without, and those that nobody can switch off. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { makeMachine } from '../harness/machine.ts';
import { askedProof, type Person, signedInAdmin } from '../harness/person.ts';
import { type SmtpServer, startSmtpServer } from '../harness/smtp-server.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const TYPE = 'REPORT_SUSPICIOUS_ACTIVITY';
interface Subscription {
  readonly notificationType: string;
  readonly status: string;
  readonly channels: readonly string[];
}

describe.each(FIRST_ENGINE)('subscriptions on %s', (engine) => {
  let smtp: SmtpServer;
  let server: TestServer;
  let ana: Person;
  let bo: Person;
  let cy: Person;
  beforeAll(async () => {
    smtp = await startSmtpServer();
    server = await startTestServer({
      engine,
      env: { SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
    });
    ana = await signedInAdmin(server);
    bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    cy = await enrolPerson(server, ana, 'cy@example.org', 'SUPER_ADMIN');
  });
  beforeEach(async () => {
    server.clock.advance(65);
    for (const person of [ana, bo, cy]) expect((await person.signIn()).status).toBe(200);
  });
  afterAll(async () => {
    await server.stop();
    await smtp.stop();
  });

  const mine = (person: Person, type = TYPE, user = 'me') => person.get(`/api/v1/users/${user}/subscriptions/${type}`);
  const choose = (person: Person, verb: string, type = TYPE, user = 'me') =>
    person.call('POST', `/api/v1/users/${user}/subscriptions/${type}/${verb}`);
  const ofRole = async (role: string, type = TYPE) =>
    (await ana.get(`/api/v1/roles/${role}/subscriptions/${type}`)).body;
  const chooseForRole = (role: string, verb: string, type = TYPE) =>
    ana.call('POST', `/api/v1/roles/${role}/subscriptions/${type}/${verb}`);
  const events = async (eventType: string) =>
    (await ana.get(`/api/v1/logs?limit=1000&filter=eventType eq "${eventType}"`)).body as unknown as {
      debugContext: { debugData: Record<string, string> };
    }[];
  /** Who was mailed of what when Ana says of something done in her name that it was not her. */
  const report = async (): Promise<{ told: string[]; own: number }> => {
    const mails = async () =>
      (
        await server.services.store.read
          .selectFrom('outbox')
          .select(['id', 'payload'])
          .where('sink', '=', 'mail')
          .execute()
      ).map(({ id, payload }) => ({ id, ...(JSON.parse(payload) as { to: string; subject: string }) }));
    // A row moves when it is delivered, so that its place tells nothing.
    const before = new Set((await mails()).map(({ id }) => id));
    server.clock.advance(65);
    await ana.signIn();
    const profile = { name: `of ${before.size}` };
    const { body } = await ana.call('POST', '/api/v1/groups', { profile });
    await ana.call('DELETE', `/api/v1/groups/${String(body['id'])}`);
    const { actions } = (await ana.get('/sallyport/v1/me/actions')).body as unknown as { actions: { id: string }[] };
    expect((await ana.callOnce('POST', `/sallyport/v1/me/actions/${actions[0]?.id}/not-me`)).status).toBe(200);
    const fresh = (await mails()).filter(({ id }) => !before.has(id));
    await ana.signIn();
    return {
      told: fresh
        .filter(({ subject }) => subject.includes('that wasn’t me'))
        .map(({ to }) => to)
        .toSorted(),
      own: fresh.filter(({ to, subject }) => to === 'ana@example.org' && subject.startsWith('Done with your account'))
        .length,
    };
  };

  it('lists every kind, and says honestly of which a mail comes', async () => {
    const list = (await ana.get('/api/v1/roles/SUPER_ADMIN/subscriptions')).body as unknown as Subscription[];
    expect(list).toHaveLength(13);
    expect(list.filter(({ channels }) => channels.length > 0)).toMatchObject([
      { notificationType: TYPE, status: 'subscribed', channels: ['email'] },
    ]);
    expect(list.filter(({ status }) => status === 'subscribed')).toHaveLength(1);
    for (const role of ['ORG_ADMIN', 'HELP_DESK_ADMIN'])
      expect(await ofRole(role)).toMatchObject({ status: 'unsubscribed', channels: [] });
    const own = (await bo.get('/api/v1/users/me/subscriptions')).body as unknown as Subscription[];
    expect(own.find(({ notificationType }) => notificationType === TYPE)).toMatchObject({
      status: 'subscribed',
      channels: ['email'],
    });
    // What nothing comes of is kept as it was chosen.
    expect((await chooseForRole('ORG_ADMIN', 'subscribe', 'OKTA_UPDATE')).status).toBe(200);
    expect(await ofRole('ORG_ADMIN', 'OKTA_UPDATE')).toMatchObject({ status: 'subscribed', channels: [] });
    expect((await chooseForRole('ORG_ADMIN', 'unsubscribe', 'OKTA_UPDATE')).status).toBe(200);
    expect(await ofRole('ORG_ADMIN', 'OKTA_UPDATE')).toMatchObject({ status: 'unsubscribed' });
  });

  it('whoever is unsubscribed is not mailed; mails about one’s own account come all the same', async () => {
    expect(await report()).toEqual({ told: ['bo@example.org', 'cy@example.org'], own: 1 });
    const count = (await events('user.account.subscriptions.update')).length;
    for (const verb of ['unsubscribe', 'unsubscribe']) {
      const reply = await choose(bo, verb);
      expect([reply.status, reply.body]).toEqual([200, {}]);
    }
    expect(await events('user.account.subscriptions.update')).toHaveLength(count + 1);
    expect((await mine(bo)).body).toMatchObject({ status: 'unsubscribed', channels: ['email'] });
    expect(await report()).toEqual({ told: ['cy@example.org'], own: 1 });
    // Ana is without every kind that there is, and still reads what was done with her account.
    await choose(ana, 'unsubscribe');
    expect(await report()).toEqual({ told: ['cy@example.org'], own: 1 });
    await choose(ana, 'subscribe');
    // Each for themselves, and a session is enough for it: an alarm that nobody is left to hear goes to all.
    await choose(cy, 'unsubscribe');
    expect(await report()).toEqual({ told: ['bo@example.org', 'cy@example.org'], own: 1 });
    await choose(cy, 'subscribe');
  });

  it('a choice for a role undoes what its holders chose, and they may choose again', async () => {
    await choose(bo, 'unsubscribe');
    expect((await chooseForRole('SUPER_ADMIN', 'subscribe')).status).toBe(200);
    expect((await mine(bo)).body).toMatchObject({ status: 'subscribed' });
    expect(await report()).toEqual({ told: ['bo@example.org', 'cy@example.org'], own: 1 });
    expect((await chooseForRole('SUPER_ADMIN', 'unsubscribe')).status).toBe(200);
    expect((await mine(cy)).body).toMatchObject({ status: 'unsubscribed' });
    expect(await report()).toEqual({ told: [], own: 1 });
    await choose(cy, 'subscribe');
    expect(await report()).toEqual({ told: ['cy@example.org'], own: 1 });
    const count = (await events('iam.role.subscriptions.update')).length;
    await chooseForRole('SUPER_ADMIN', 'subscribe');
    await chooseForRole('SUPER_ADMIN', 'subscribe');
    const told = await events('iam.role.subscriptions.update');
    expect(told).toHaveLength(count + 1);
    expect(told.at(-1)?.debugContext.debugData).toMatchObject({ notificationType: TYPE, choicesUndone: '1' });
  });

  it('holds for custom roles and roles of groups, and is forgotten with the role and the person', async () => {
    const label = `Watch ${engine}`;
    const made = await ana.call('POST', '/api/v1/iam/roles', {
      label,
      description: 'w',
      permissions: ['okta.users.read'],
    });
    const roleId = String(made.body['id']);
    expect(await ofRole(label.replace(' ', '%20'))).toMatchObject({ status: 'unsubscribed', channels: [] });
    expect((await chooseForRole(roleId, 'subscribe', 'USER_LOCKED_OUT')).status).toBe(200);
    const kim = await enrolPerson(server, ana, `kim${engine}@example.org`, null);
    const group = await ana.call('POST', '/api/v1/groups', { profile: { name: `watchers ${engine}` } });
    const groupId = String(group.body['id']);
    const userId = String((await kim.get('/api/v1/users/me')).body['id']);
    await ana.call('POST', `/api/v1/groups/${groupId}/roles`, { type: 'REPORT_ADMIN' });
    await ana.call('PUT', `/api/v1/groups/${groupId}/users/${userId}`);
    await chooseForRole('REPORT_ADMIN', 'subscribe', 'USER_LOCKED_OUT');
    expect((await mine(kim, 'USER_LOCKED_OUT')).body).toMatchObject({ status: 'subscribed', channels: [] });
    await choose(kim, 'unsubscribe', 'USER_LOCKED_OUT');
    const rows = () => server.services.store.read.selectFrom('subscriptions').selectAll().execute();
    const ids = async () => (await rows()).map(({ holderId }) => holderId);
    expect(await ids()).toEqual(expect.arrayContaining([roleId, userId]));
    await ana.call('DELETE', `/api/v1/iam/roles/${roleId}`);
    await ana.call('DELETE', `/api/v1/users/${userId}`);
    await ana.call('DELETE', `/api/v1/users/${userId}`);
    expect(await ids()).not.toEqual(expect.arrayContaining([roleId]));
    expect(await ids()).not.toEqual(expect.arrayContaining([userId]));
  });

  it('is nobody else’s choice: not of another, not of a machine, not of whoever holds no role', async () => {
    const boId = String((await bo.get('/api/v1/users/me')).body['id']);
    for (const user of [boId, 'bo@example.org', '00uNobodyAtAll00000x', 'nobody@example.org']) {
      expect((await mine(ana, TYPE, user)).body['errorCode'], user).toBe('E0000006');
      expect((await choose(ana, 'unsubscribe', TYPE, user)).body['errorCode'], user).toBe('E0000006');
    }
    expect((await mine(bo)).body).toMatchObject({ status: 'subscribed' });
    const plain = await enrolPerson(server, ana, `plain${engine}@example.org`, null);
    expect((await mine(plain)).body).toMatchObject({ status: 'unsubscribed', channels: [] });
    const refused = await choose(plain, 'subscribe');
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('you hold no admin role')]);
    expect((await plain.get('/api/v1/roles/SUPER_ADMIN/subscriptions')).status).toBe(403);
    const scopes = ['okta.roles.manage', 'okta.users.manage'];
    const machine = await makeMachine(server, ana, { scopes, roles: ['SUPER_ADMIN'] });
    await machine.authenticate(scopes.join(' '));
    expect((await machine.call('GET', `/api/v1/users/${boId}/subscriptions`)).status).toBe(403);
    expect((await machine.call('POST', `/api/v1/users/${boId}/subscriptions/${TYPE}/unsubscribe`)).status).toBe(403);
  });

  it('refuses what there is not, and asks for proof where it is about others', async () => {
    for (const path of [
      `/api/v1/roles/NO_SUCH_ROLE/subscriptions/${TYPE}`,
      '/api/v1/roles/SUPER_ADMIN/subscriptions/NO_SUCH_MAIL',
      '/api/v1/users/me/subscriptions/NO_SUCH_MAIL',
    ]) {
      expect((await ana.get(path)).body['errorCode'], path).toBe('E0000007');
      expect((await ana.call('POST', `${path}/subscribe`)).body['errorCode'], path).toBe('E0000007');
    }
    const orgAdmin = await enrolPerson(server, ana, `org${engine}@example.org`, 'ORG_ADMIN');
    const path = `/api/v1/roles/SUPER_ADMIN/subscriptions/${TYPE}`;
    expect((await orgAdmin.get(path)).status).toBe(200);
    expect((await orgAdmin.call('POST', `${path}/unsubscribe`)).status).toBe(403);
    const asked = askedProof(await ana.callOnce('POST', `${path}/unsubscribe`));
    expect(asked).toMatchObject({
      action: 'role-notices.update',
      words: 'Change which mails holders of the role Super Administrator get',
    });
    expect(await ofRole('SUPER_ADMIN')).toMatchObject({ status: 'subscribed' });
  });
});
