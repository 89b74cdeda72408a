/** The way from our host to an app's (decision 9), attacked step by step, over real HTTP on both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppPlace, AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Asked, answer, askedOf, makePageKey, register } from '../harness/page-key.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const HOME = '198.51.100.10';
const SAME_ISP = '198.51.100.99';
const OTHER_ISP = '203.0.113.77';

interface Event {
  readonly eventType: string;
  readonly outcome: { readonly result: string; readonly reason: string };
  readonly target: readonly { readonly id: string; readonly type: string }[];
  readonly debugContext: { readonly debugData: Record<string, string> };
}

describe.each(ENGINES)('the hand-off to an app on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let grafana: AppPlace;
  let wiki: AppPlace;

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server, HOME);
    grafana = await createAppAt(ana, 'Grafana', 'http://grafana.localhost:8081', server.url);
    wiki = await createAppAt(ana, 'Wiki', 'https://wiki.example.org', server.url);
  });
  afterAll(() => server.stop());

  const signInAnew = async (address = HOME): Promise<void> => {
    // Nobody signs in thirty times within a minute: the limit by name would bite.
    server.clock.advance(3);
    ana.cookie = null;
    ana.address = address;
    const reply = await ana.signIn();
    expect(reply.status, reply.text).toBe(200);
  };
  const visitor = (place = grafana, address?: string): AppVisitor => new AppVisitor(ana, place, address);
  /** What nginx would ask for a request of this visitor. */
  const check = (
    who: AppVisitor,
    extra: Record<string, string | string[]> = {},
    host = who.place.host,
  ): Promise<Reply> =>
    send(server.url, 'GET', '/gateway/nginx', {
      'X-Forwarded-Host': host,
      'X-Forwarded-For': who.address,
      'X-Original-Method': 'GET',
      'X-Original-URI': '/dashboards?x=1',
      'User-Agent': ana.userAgent,
      ...(who.cookie === undefined ? {} : { Cookie: `theme=dark; ${who.cookieName}=${who.cookie}` }),
      ...extra,
    });
  const events = async (eventType: string): Promise<Event[]> => {
    const filter = encodeURIComponent(`eventType eq "${eventType}"`);
    const reply = await ana.get(`/api/v1/logs?filter=${filter}&sortOrder=DESCENDING&limit=50`);
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as Event[];
  };
  /** The refusal of a callback: a way to a page that says why, and no cookie. */
  const refusedWith = (reply: Reply, reason: string): void => {
    expect(reply.status, reply.text).toBe(303);
    const to = new URL(String(reply.headers.location));
    expect([to.origin, to.pathname, to.searchParams.get('reason')]).toEqual([server.url, '/denied', reason]);
    expect([reply.headers['set-cookie'] ?? []].flat().filter((line) => /sallyport=/.test(line))).toEqual([]);
  };

  it('carries a sign-in over, with cookies of that host alone, and tells the proxy who it is', async () => {
    const me = visitor();
    const entered = await me.enter('/dashboards?x=1');
    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe('http://grafana.localhost:8081/dashboards?x=1');
    const [cookie = ''] = [entered.headers['set-cookie'] ?? []].flat();
    expect(cookie).toMatch(/^sallyport=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const allowed = await check(me);
    expect(allowed.status).toBe(200);
    expect(allowed.headers['sallyport-login']).toBe('ana@example.org');
    expect(allowed.headers['sallyport-name']).toBe('Ana Admin');
    expect(allowed.headers['sallyport-user']).toMatch(/^00u/);
    expect(allowed.headers['sallyport-session']).toMatch(/^102/);
    expect(JSON.stringify(allowed.headers)).not.toContain(me.cookie);
    const [sso] = await events('user.authentication.sso');
    expect(sso?.outcome.result).toBe('SUCCESS');
    expect(sso?.target.map(({ type }) => type)).toEqual(['AppInstance', 'Session']);
    expect(sso?.target[0]?.id).toBe(grafana.id);
    const [judged] = await events('policy.evaluate_sign_on');
    expect([judged?.outcome.result, judged?.target[0]?.id]).toEqual(['ALLOW', grafana.id]);
  });

  it('pins the cookies of an https app to its host and to TLS', async () => {
    const me = visitor(wiki);
    const started = await me.navigate('/.sallyport/start?rd=%2F');
    expect([started.headers['set-cookie']].flat()[0]).toMatch(
      /^__Host-sallyport-nonce=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    );
    const entered = await me.enter();
    expect([entered.headers['set-cookie']].flat()[0]).toMatch(
      /^__Host-sallyport=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect((await check(me)).status).toBe(200);
  });

  it('asks a stranger to sign in first, and remembers where they were going', async () => {
    const stranger = new AppVisitor(await (async () => ana.thief(HOME))(), grafana);
    stranger.person.cookie = null;
    const asked = await stranger.ask('/deep/link?a=b');
    expect(asked.status).toBe(303);
    const signIn = new URL(String(asked.headers.location), server.url);
    expect(signIn.pathname).toBe('/sign-in');
    const next = new URL(signIn.searchParams.get('next') ?? '', server.url);
    expect([next.pathname, next.searchParams.get('rd')]).toEqual(['/gateway/authorize', '/deep/link?a=b']);
  });

  it('keeps each secret to its own door', async () => {
    const atGrafana = visitor();
    const atWiki = visitor(wiki);
    await atGrafana.enter();
    await atWiki.enter();
    const asWiki = (token: string | undefined): Promise<Reply> =>
      check(atWiki, { Cookie: `__Host-sallyport=${token ?? ''}` });
    expect((await asWiki(atWiki.cookie)).status).toBe(200);
    // Grafana's cookie at the wiki, the sid at both, and an app's cookie as sid.
    expect((await asWiki(atGrafana.cookie)).status).toBe(401);
    expect((await asWiki(ana.cookie ?? '')).status).toBe(401);
    expect((await check(atGrafana, { Cookie: `sallyport=${ana.cookie}` })).status).toBe(401);
    expect((await check(atGrafana, { Cookie: `sid=${ana.cookie}` })).status).toBe(401);
    const asSid = ana.thief(HOME);
    asSid.cookie = atGrafana.cookie ?? '';
    expect((await asSid.get('/api/v1/users/me')).status).toBe(401);
    // Two cookies of the name: whoever planted one must not choose which counts.
    expect((await check(atGrafana, { Cookie: `sallyport=${atGrafana.cookie}; sallyport=x` })).status).toBe(401);
    expect((await check(atGrafana)).status).toBe(200);
  });

  it('takes a code once, also of twenty at the same time', async () => {
    const me = visitor();
    const path = await me.callbackPath();
    const replies = await Promise.all(Array.from({ length: 20 }, () => me.thief(HOME).navigate(path)));
    const isIn = (reply: Reply): boolean => /sallyport=/.test([reply.headers['set-cookie'] ?? []].flat().join());
    expect(replies.filter(isIn)).toHaveLength(1);
    for (const reply of replies.filter((one) => !isIn(one))) refusedWith(reply, 'app-code-used');
    refusedWith(await me.navigate(path), 'app-code-used');
  });

  it('takes a code from the browser that asked for it, and from no other', async () => {
    const me = visitor();
    const withoutNonce = await me.callbackPath();
    refusedWith(await new AppVisitor(ana, grafana).navigate(withoutNonce), 'app-code-other-browser');
    // Spent by the attempt: whoever brought it wrongly must not try on.
    refusedWith(await me.navigate(withoutNonce), 'app-code-used');
    const other = visitor();
    await other.navigate('/.sallyport/start?rd=%2F');
    refusedWith(await other.navigate(await me.callbackPath()), 'app-code-other-browser');
    const [attempt] = await events('app.generic.unauth_app_access_attempt');
    expect([attempt?.outcome.result, attempt?.debugContext.debugData['cause']]).toEqual([
      'DENY',
      'app-code-other-browser',
    ]);
  });

  it('takes a code at its own host only', async () => {
    const me = visitor();
    const path = await me.callbackPath();
    const atWiki = visitor(wiki);
    atWiki.jar.set('__Host-sallyport-nonce', me.jar.get('sallyport-nonce') ?? '');
    refusedWith(await atWiki.navigate(path), 'app-code-other-host');
  });

  it('takes a code from the network that it was given to', async () => {
    const me = visitor();
    const path = await me.callbackPath();
    refusedWith(await me.thief(OTHER_ISP).navigate(path), 'app-code-other-network');
    // Another address of the same network, while addresses are only watched.
    const again = await me.callbackPath();
    expect((await me.thief(SAME_ISP).navigate(again)).headers.location).toBe('http://grafana.localhost:8081/');
    const strict = await ana.call('PUT', '/sallyport/v1/session-binding', {
      asnBinding: 'ENFORCED',
      ipBinding: 'MONITOR',
      apps: { [grafana.id]: { ipBinding: 'ENFORCED' } },
    });
    expect(strict.status, strict.text).toBe(200);
    refusedWith(await me.thief(SAME_ISP).navigate(await me.callbackPath()), 'app-code-other-network');
    const usual = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', apps: {} };
    expect((await ana.call('PUT', '/sallyport/v1/session-binding', usual)).status).toBe(200);
  });

  it('takes a code within thirty seconds, and not at the thirtieth', async () => {
    const me = visitor();
    const inTime = await me.callbackPath();
    server.clock.advance(29.999);
    expect((await me.navigate(inTime)).headers.location).toBe('http://grafana.localhost:8081/');
    const late = await me.callbackPath();
    server.clock.advance(30);
    refusedWith(await me.navigate(late), 'app-code-expired');
    refusedWith(await me.navigate('/.sallyport/callback?code=' + 'A'.repeat(43)), 'app-code-unknown');
    refusedWith(await me.navigate('/.sallyport/callback'), 'app-code-unknown');
  });

  it('gives nothing for a code whose sign-in ended on the way, or whose app was switched off', async () => {
    const me = visitor();
    const path = await me.callbackPath();
    expect((await ana.call('DELETE', '/api/v1/sessions/me')).status).toBe(204);
    refusedWith(await me.navigate(path), 'session-ended');
    await signInAnew();
    const orphan = await me.callbackPath();
    expect((await ana.call('POST', `/api/v1/apps/${grafana.id}/lifecycle/deactivate`)).status).toBe(200);
    refusedWith(await me.navigate(orphan), 'app-inactive');
    expect((await ana.call('POST', `/api/v1/apps/${grafana.id}/lifecycle/activate`)).status).toBe(200);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example/',
    '/%2f%2fevil.example',
    '/%2F/evil.example',
    '/%5cevil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/\tevil.example',
    '/\t/evil.example',
    '/\r\nSet-Cookie: a=b',
    '/%0d%0aSet-Cookie: a=b',
    '/ok%0d%0aSet-Cookie:a=b',
    '@evil.example',
    ':9999/',
    '.evil.example/',
    'javascript:alert(1)',
    ' //evil.example',
    '/.sallyport/sign-out',
    '/./.sallyport/sign-out',
    'http://grafana.localhost:8081@evil.example/',
    'http://grafana.localhost:9999/',
    `/${'a'.repeat(3000)}`,
    '/ü',
  ])('goes to the front of the app in place of %j', async (rd) => {
    const entered = await visitor().enter(rd);
    expect(entered.headers.location).toBe('http://grafana.localhost:8081/');
  });

  it.each(['/a?next=https://evil.example//x', '/group%2Fproject', '/a/b/', '/?a=%2f%2f', '/a%20b', '/a:b@c'])(
    'comes back to %j',
    async (rd) => {
      expect((await visitor().enter(rd)).headers.location).toBe(`http://grafana.localhost:8081${rd}`);
    },
  );

  it('judges the app’s own policy: who is not named stays out and reads why', async () => {
    const policies = (await ana.get(`/api/v1/apps/${wiki.id}`)).body as unknown as {
      _links: { accessPolicy: { href: string } };
    };
    const policy = new URL(policies._links.accessPolicy.href).pathname;
    const rules = (await ana.get(`${policy}/rules`)).body as unknown as {
      id: string;
      name: string;
      system: boolean;
      conditions: { people: { users: { include: string[] } } };
      actions: unknown;
    }[];
    const [first] = rules;
    const me = (await ana.get('/api/v1/users/me')).body as unknown as { id: string };
    // The safe beginning: who made it, and nobody else.
    expect(first?.conditions.people.users.include).toEqual([me.id]);
    const put = (conditions: unknown, actions: unknown = first?.actions): Promise<Reply> =>
      ana.call('PUT', `${policy}/rules/${first?.id}`, { name: first?.name, conditions, actions });
    expect((await put({ people: { users: { exclude: [me.id] } } })).status).toBe(200);
    const denied = await visitor(wiki).ask();
    expect(denied.status).toBe(403);
    expect(denied.text).toContain('You can’t open Wiki');
    expect(denied.text).toContain('ana@example.org');
    expect(denied.text).toContain('Not you?');
    const [event] = await events('policy.evaluate_sign_on');
    const reference = /<code>([^<]+)<\/code>/.exec(denied.text)?.[1];
    expect(event?.outcome.result).toBe('DENY');
    const why = await ana.get(`/sallyport/v1/logs/${reference}/why`);
    expect(why.status, why.text).toBe(200);
    expect(why.body['agrees']).toBe(true);
    expect((await put(first?.conditions)).status).toBe(200);
    expect((await visitor(wiki).enter()).headers.location).toBe('https://wiki.example.org/');
  });

  it('asks for the key again where the sign-in is older than the app’s rule allows', async () => {
    await signInAnew();
    const me = visitor();
    server.clock.advance(2 * 3600 - 1);
    // The console went to sleep long ago; the sign-in itself lives two hours without interaction.
    const fresh = await me.ask();
    expect(fresh.status).toBe(303);
    server.clock.advance(2);
    const asked = await me.ask('/later');
    const to = new URL(String(asked.headers.location), server.url);
    expect(to.pathname).toBe('/sign-in');
    expect(to.searchParams.get('next')).toContain('/gateway/authorize');
    await signInAnew();
    expect((await me.enter('/later')).headers.location).toBe('http://grafana.localhost:8081/later');
  });

  it('lets an address be proved under our own host, where the page’s key is, and ends all where it is not', async () => {
    const modes = (apps: unknown): Promise<Reply> =>
      ana.call('PUT', '/sallyport/v1/session-binding', { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', apps });
    await signInAnew();
    expect((await modes({ [grafana.id]: { ipBinding: 'PROVE' } })).status).toBe(200);
    const me = visitor();
    const key = makePageKey();
    expect((await register(ana, key)).status).toBe(201);
    await me.enter();
    const moved = me.thief(SAME_ISP);
    expect((await check(moved)).status).toBe(401);
    expect((await check(me)).status).toBe(200);
    ana.address = SAME_ISP;
    const asked = await moved.ask('/on');
    expect(asked.status).toBe(401);
    expect(asked.text).toContain('Your address has changed.');
    const owed = askedOf(await ana.get('/api/v1/users/me'));
    expect((await answer(ana, key, owed as Asked)).status).toBe(200);
    expect((await check(moved)).status).toBe(200);
    expect((await check(me)).status).toBe(200);
    // A third address, from which nobody answers: after half a minute it was somebody else.
    const thief = me.thief('192.0.2.5');
    expect((await check(thief)).status).toBe(401);
    server.clock.advance(29.999);
    expect((await check(me)).status).toBe(200);
    server.clock.advance(0.001);
    expect((await check(me)).status).toBe(401);
    expect((await ana.get('/api/v1/users/me')).status).toBe(401);
    await signInAnew();
    const [roamed] = await events('security.session.detect_client_roaming');
    expect(roamed?.debugContext.debugData).toMatchObject({ NewIpAddress: '192.0.2.5', ProofOfSession: 'unanswered' });
    expect((await modes({})).status).toBe(200);
  });

  it('has no door for who was suspended, whose rights end, or who comes by a command line', async () => {
    await signInAnew();
    const bo = await enrolPerson(server, ana, 'bo@example.org', null, HOME);
    const stranger = await new AppVisitor(bo, grafana).ask();
    expect(stranger.status).toBe(403);
    const app = (await ana.get(`/api/v1/apps/${grafana.id}`)).body as unknown as {
      _links: { accessPolicy: { href: string } };
    };
    const policy = new URL(app._links.accessPolicy.href).pathname;
    const [rule] = (await ana.get(`${policy}/rules`)).body as unknown as { name: string; actions: unknown }[];
    const everybody = await ana.call('POST', `${policy}/rules`, { name: 'Everybody', actions: rule?.actions });
    expect(everybody.status, everybody.text).toBe(200);
    const his = new AppVisitor(bo, grafana);
    expect((await his.enter()).status).toBe(303);
    expect((await check(his)).headers['sallyport-login']).toBe('bo@example.org');
    const { id } = (await bo.get('/api/v1/users/me')).body as unknown as { id: string };
    const pending = await his.callbackPath();
    expect((await ana.call('POST', `/api/v1/users/${id}/lifecycle/suspend`)).status).toBe(200);
    expect((await check(his)).status).toBe(401);
    refusedWith(await his.navigate(pending), 'session-ended');
    const bearer = await ana.get('/gateway/authorize?app=x&nonce=x&rd=%2F', {
      Authorization: `Bearer ${'x'.repeat(40)}`,
    });
    expect(bearer.status).toBe(401);
  });

  it('does not answer under an app’s host but for the hand-off, nor the hand-off under its own', async () => {
    for (const path of [
      '/sign-in',
      '/me/sessions',
      '/denied',
      '/gateway/authorize',
      '/api/v1/users',
      '/api/v1/users/me',
    ])
      expect([path, (await visitor().navigate(path)).status]).toEqual([path, 421]);
    expect((await ana.get('/.sallyport/start')).status).toBe(421);
    expect((await send(server.url, 'GET', '/.sallyport/start', { Host: 'unknown.localhost:8081' })).status).toBe(421);
    expect((await ana.get('/gateway/authorize?app=x&nonce=short&rd=%2F')).status).toBe(400);
  });

  it('signs out with everything that hangs on the sign-in, and not by a link of another site', async () => {
    await signInAnew();
    const me = visitor();
    await me.enter();
    expect((await me.navigate('/.sallyport/sign-out', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await check(me)).status).toBe(200);
    const token = me.cookie ?? '';
    const out = await me.navigate('/.sallyport/sign-out', { 'Sec-Fetch-Site': 'same-origin' });
    expect(out.headers.location).toBe(`${server.url}/ended?reason=signed-out`);
    expect(me.cookie).toBeUndefined();
    expect((await check(me, { Cookie: `sallyport=${token}` })).status).toBe(401);
    expect((await ana.get('/api/v1/users/me')).status).toBe(401);
    await signInAnew();
  });
});
