/** Whom a policy turns away: the reference that they read is an event that an administrator finds, with its reasons. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

describe.each(ENGINES)('a refusal by policy on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const made = async (login: string, role?: string): Promise<{ id: string; person: Person }> => {
    const user = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
      credentials: { password: { value: PASSWORD } },
    });
    expect(user.status, user.text).toBe(200);
    const id = String(user.body['id']);
    if (role !== undefined)
      expect((await ana.call('POST', `/api/v1/users/${id}/roles`, { type: role })).status).toBe(201);
    return { id, person: new Person(server.url, login) };
  };
  const signInWithPassword = async (person: Person): Promise<Reply> => {
    const begun = await person.call('POST', '/api/v1/authn', { username: person.login, password: PASSWORD });
    if (begun.status !== 200) return begun;
    expect(begun.body['status'], begun.text).toBe('SUCCESS');
    return person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] });
  };
  /** What an administrator sees who is given a reference. */
  const found = async (reference: string) => {
    const logs = await ana.get(`/api/v1/logs?filter=${encodeURIComponent(`uuid eq "${reference}"`)}`);
    expect(logs.status, logs.text).toBe(200);
    const events = logs.body as unknown as {
      eventType: string;
      outcome: { result: string };
      actor: { alternateId: string };
    }[];
    expect(events).toHaveLength(1);
    const why = await ana.get(`/sallyport/v1/logs/${reference}/why`);
    expect(why.body['agrees'], why.text).toBe(true);
    return { event: events[0], sentences: why.body['sentences'] as unknown as string[] };
  };
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('of the sign-in: the answer names the reasons and the event', async () => {
    const { id, person } = await made('dana@example.org');
    const policies = (await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[];
    const rules = `/api/v1/policies/${policies[0]?.id ?? ''}/rules`;
    const rule = await ana.call('POST', rules, {
      name: `not dana ${engine}`,
      priority: 1,
      type: 'SIGN_ON',
      conditions: { people: { users: { include: [id] } } },
      actions: { signon: { access: 'DENY' } },
    });
    expect(rule.status, rule.text).toBeLessThan(300);
    const refused = await signInWithPassword(person);
    expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000085']);
    const denied = refused.body['sallyport'] as unknown as { kind: string; reasons: string[]; reference: string };
    expect(denied).toMatchObject({ kind: 'denied', reasons: ['policy-rule-matched'] });
    expect(refused.text).not.toContain('not dana');
    const { event, sentences } = await found(denied.reference);
    expect(event).toMatchObject({
      eventType: 'policy.evaluate_sign_on',
      outcome: { result: 'DENY' },
      actor: { alternateId: 'dana@example.org' },
    });
    expect(sentences).toEqual(['A rule of the policy decided.']);
  });

  it('of the Admin Console: a page that says who, why, by what to find it, and the ways on', async () => {
    const { person } = await made('wes@example.org', 'READ_ONLY_ADMIN');
    expect((await signInWithPassword(person)).status).toBe(200);
    const page = await person.get('/');
    expect([page.status, page.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(page.text).toContain('You can’t open the Admin Console from here');
    for (const part of ['wes@example.org', 'ask for a stronger proof than you gave. Sign in with a security key.'])
      expect(page.text).toContain(part);
    for (const way of ['href="/me/sessions"', 'href="/sign-in?next=%2F"']) expect(page.text).toContain(way);
    const { event } = await found(UUID.exec(page.text)?.[0] ?? '');
    expect(event).toMatchObject({ eventType: 'policy.evaluate_sign_on', actor: { alternateId: 'wes@example.org' } });
    expect(event?.outcome.result).not.toBe('ALLOW');
  });

  it('somebody who is no administrator is not refused, but shown to pages of their own', async () => {
    const { person } = await made('sam@example.org');
    expect((await signInWithPassword(person)).status).toBe(200);
    const page = await person.get('/');
    expect([page.status, page.headers['location']]).toEqual([303, '/me/sessions']);
    expect((await send(server.url, 'GET', '/', { 'X-Forwarded-For': '198.51.100.10' })).headers['location']).toBe(
      '/sign-in?next=%2F',
    );
  });
});
