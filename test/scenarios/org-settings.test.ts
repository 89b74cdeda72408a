/** What is said about the organisation: who may change it, what is refused, and what people see of it. Both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { askedProof, type Person, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const ORG = '/api/v1/org';

describe.each(ENGINES)('settings of the organisation on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const settings = async () => (await ana.get(ORG)).body;
  const events = async () =>
    (await ana.get(`/api/v1/logs?${new URLSearchParams({ filter: 'eventType eq "sallyport.settings.update"' })}`))
      .body as unknown as { target: { displayName: string; changeDetails?: { from: object; to: object } }[] }[];
  const signInPage = async () =>
    (await send(server.url, 'GET', '/sign-in', { 'X-Forwarded-For': '198.51.100.10' })).text;

  it('changes what is named and keeps the rest; a replacement keeps only the name it is given', async () => {
    const before = await settings();
    expect(before).toMatchObject({ city: null, status: 'ACTIVE', _links: { contacts: { href: expect.any(String) } } });
    server.clock.advance(1);
    const changed = await ana.call('POST', ORG, {
      city: 'Oslo',
      country: 'Norway',
      id: '00oAnother',
      status: 'INACTIVE',
    });
    expect(changed.body).toEqual({ ...before, city: 'Oslo', country: 'Norway', lastUpdated: expect.any(String) });
    expect(Date.parse(String(changed.body['lastUpdated']))).toBeGreaterThan(Date.parse(String(before['lastUpdated'])));
    expect(await settings()).toEqual(changed.body);
    const named = await ana.call('POST', ORG, { companyName: 'Example & Daughters', city: '' });
    expect(named.body).toMatchObject({ companyName: 'Example & Daughters', city: null, country: 'Norway' });
    const replaced = await ana.call('PUT', ORG, { companyName: 'Example', city: 'Bergen' });
    expect(replaced.body).toMatchObject({ companyName: 'Example', city: 'Bergen', country: null });
    const told = (await events()).flatMap(({ target }) => target.flatMap(({ changeDetails }) => changeDetails ?? []));
    expect(told.at(-1)?.from).toMatchObject({ companyName: 'Example & Daughters', country: 'Norway' });
    expect(told.at(-1)?.to).toMatchObject({ companyName: 'Example', country: null });
  });

  it.each([
    ['PUT', { city: 'Oslo' }, 'companyName'],
    ['POST', { companyName: '  ' }, 'companyName'],
    ['POST', { companyName: 'Example\r\nBcc: all@example.org' }, 'companyName'],
    ['POST', { city: 'x'.repeat(256) }, 'city'],
    ['POST', { city: 7 }, 'city'],
    ['POST', { endUserSupportHelpURL: 'javascript:alert(1)' }, 'endUserSupportHelpURL'],
    ['POST', { endUserSupportHelpURL: 'javascript://help.example.org/%0aalert(1)' }, 'endUserSupportHelpURL'],
    ['POST', { endUserSupportHelpURL: 'data:text/html,x' }, 'endUserSupportHelpURL'],
    ['POST', { endUserSupportHelpURL: 'https://example.org@evil.example' }, 'endUserSupportHelpURL'],
    ['POST', { endUserSupportHelpURL: 'call us' }, 'endUserSupportHelpURL'],
    ['POST', { website: 'ftp://www.example.org' }, 'website'],
  ] as const)('refuses %s of %j, and changes nothing', async (method, body, field) => {
    const before = await settings();
    const refused = await ana.call(method, ORG, { country: 'Norway', ...body });
    expect([refused.status, refused.body['errorCode']], refused.text).toEqual([400, 'E0000001']);
    expect(refused.text).toContain(field);
    expect(await settings()).toEqual(before);
  });

  it('is shown where people sign in, escaped, and hidden with the footer', async () => {
    await ana.call('PUT', ORG, {
      companyName: 'Example',
      supportPhoneNumber: '+47 22 00 00 00 <b>night</b>',
      endUserSupportHelpURL: 'help.example.org/keys?a="b"',
    });
    const page = await signInPage();
    expect(page).toContain('<a href="tel:+4722000000">+47 22 00 00 00 &lt;b&gt;night&lt;/b&gt;</a>');
    expect(page).toContain('<a href="https://help.example.org/keys?a=%22b%22" rel="noreferrer">the help page</a>');
    const preferences = `${ORG}/preferences`;
    expect((await ana.get(preferences)).body).toMatchObject({ _links: { hideEndUserFooter: expect.anything() } });
    const count = (await events()).length;
    for (const expected of [count + 1, count + 1]) {
      const hidden = await ana.call('POST', `${preferences}/hideEndUserFooter`);
      expect(hidden.body).toMatchObject({ showEndUserFooter: false, _links: { showEndUserFooter: expect.anything() } });
      expect(await events()).toHaveLength(expected);
    }
    expect(await signInPage()).not.toContain('Need help?');
    await ana.call('POST', `${preferences}/showEndUserFooter`);
    expect(await signInPage()).toContain('Need help?');
    await ana.call('PUT', ORG, { companyName: 'Example' });
    expect(await signInPage()).not.toContain('Need help?');
  });

  it('names contacts among people who are there, and nobody once they are gone', async () => {
    const at = (type: string) => `${ORG}/contacts/${type}`;
    expect((await ana.get(at('BILLING'))).status).toBe(404);
    expect((await ana.get(at('LEGAL'))).status).toBe(404);
    const login = `bill${engine}@example.org`;
    const made = await ana.call('POST', '/api/v1/users', { profile: { login, email: login } });
    const userId = String(made.body['id']);
    expect((await ana.call('PUT', at('LEGAL'), { userId })).status).toBe(404);
    expect((await ana.call('PUT', at('BILLING'), {})).status).toBe(400);
    expect((await ana.call('PUT', at('BILLING'), { userId: '00uNobodyAtAll00000x' })).status).toBe(404);
    expect((await ana.call('PUT', at('billing'), { userId: login })).body).toMatchObject({ userId });
    expect((await ana.get(at('BILLING'))).body).toMatchObject({
      userId,
      _links: { user: { href: expect.stringContaining(`/api/v1/users/${userId}`) } },
    });
    expect((await ana.get(at('TECHNICAL'))).status).toBe(404);
    const named = async (person: Person) => (await person.get('/sallyport/v1/organisation')).body['contacts'];
    const nobody = { contactType: 'TECHNICAL', user: null };
    expect(await named(ana)).toEqual([{ contactType: 'BILLING', user: { id: userId, login } }, nobody]);
    await ana.call('POST', `/api/v1/users/${userId}/lifecycle/deactivate`);
    expect((await ana.call('PUT', at('TECHNICAL'), { userId })).status).toBe(400);
    await ana.call('DELETE', `/api/v1/users/${userId}`);
    expect((await ana.get(at('BILLING'))).status).toBe(404);
    expect(await named(ana)).toEqual([{ contactType: 'BILLING', user: null }, nobody]);
  });

  it('is changed with fresh proof by whoever may, and by nobody else', async () => {
    const asked = await ana.callOnce('POST', ORG, { city: 'Rome' });
    expect(askedProof(asked)?.action).toBe('org.update');
    const reader = await enrolPerson(server, ana, `reader${engine}@example.org`, 'READ_ONLY_ADMIN');
    const nobody = await enrolPerson(server, ana, `plain${engine}@example.org`, null);
    expect((await reader.get(`${ORG}/contacts`)).status).toBe(200);
    expect((await reader.get(`${ORG}/preferences`)).status).toBe(200);
    expect((await nobody.get(ORG)).status).toBe(200);
    for (const path of [`${ORG}/contacts`, `${ORG}/preferences`, '/sallyport/v1/organisation'])
      expect((await nobody.get(path)).status, path).toBe(403);
    expect((await reader.get('/sallyport/v1/organisation')).body).toMatchObject({
      companyName: 'Example',
      showEndUserFooter: true,
    });
    const before = await settings();
    for (const person of [reader, nobody])
      for (const [method, path, body] of [
        ['POST', ORG, { companyName: 'Taken' }],
        ['PUT', ORG, { companyName: 'Taken' }],
        ['PUT', `${ORG}/contacts/BILLING`, { userId: person.login }],
        ['POST', `${ORG}/preferences/hideEndUserFooter`, undefined],
      ] as const)
        expect((await person.call(method, path, body)).status, path).toBe(403);
    expect(await settings()).toEqual(before);
  });
});
