/** How a command-line session is opened, what it may do, when it ends, and how one would try to steal it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allow, newCliAsk, redeem, withToken } from '../harness/command-line.ts';
import { Person, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const SAME_ISP = '192.0.2.44';
const OTHER_ISP = '203.0.113.77';
const USERS = '/api/v1/users?limit=1';

describe.each(ENGINES)('command-line sessions on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    server.clock.advance(10);
    ana.cookie = null;
    const reply = await ana.signIn();
    expect(reply.status, reply.text).toBe(200);
  });

  const open = async (address?: string): Promise<{ token: string; id: string }> => {
    const ask = newCliAsk();
    const { body } = await allow(ana, ask);
    const opened = await redeem(ana, body['code'], ask, address === undefined ? {} : { address });
    expect(opened.status, opened.text).toBe(200);
    return { token: opened.body['token'] as string, id: (opened.body['session'] as { id: string }).id };
  };
  const events = async (filter: string) => {
    const reply = await ana.get(`/api/v1/logs?filter=${encodeURIComponent(filter)}`);
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as {
      outcome: { result: string; reason: string };
      debugContext: { debugData: Record<string, string> };
      target: { id: string }[];
      client: { ipAddress: string };
    }[];
  };
  const lastFailure = async () => {
    const failed = await events(
      'eventType eq "user.session.start" and debugContext.debugData.sessionKind eq "command-line" and outcome.result eq "FAILURE"',
    );
    return failed.at(-1)?.debugContext.debugData['reason'];
  };

  it('a code opens a session of its own, listed as a command line, with the proofs and the end of the browser’s', async () => {
    const browser = (await ana.get('/api/v1/sessions/me')).body;
    server.clock.advance(60);
    const { token, id } = await open(SAME_ISP);
    const me = await withToken(ana, token, 'GET', '/api/v1/sessions/me', { address: SAME_ISP });
    expect(me.body).toMatchObject({ id, lastFactorVerification: browser['lastFactorVerification'] });
    expect((await withToken(ana, token, 'GET', USERS, { address: SAME_ISP })).status).toBe(200);
    const { sessions } = (await ana.get('/sallyport/v1/me/sessions')).body as unknown as {
      sessions: Record<string, unknown>[];
    };
    const [cli, own] = [id, browser['id']].map((wanted) => sessions.find((session) => session['id'] === wanted));
    expect(cli).toMatchObject({
      kind: 'command-line',
      device: 'Command line on Linux',
      address: SAME_ISP,
      hasConsole: true,
      isCurrent: false,
      openedBySessionId: browser['id'],
    });
    expect(own).toMatchObject({ kind: 'browser', isCurrent: true });
    expect(cli?.['endsAt']).toBe(own?.['endsAt']);
  });

  it('a mutating request by the token needs no Origin and is not refused for a foreign one', async () => {
    const { token } = await open();
    const reply = await send(
      ana.url,
      'POST',
      '/api/v1/groups',
      { 'X-Forwarded-For': ana.address, Authorization: `Bearer ${token}`, 'Sec-Fetch-Site': 'cross-site' },
      { profile: { name: `by-cli-${engine}` } },
    );
    expect(reply.status, reply.text).toBe(200);
  });

  it('is bound to where it was opened: in another network it ends, and the browser’s lives on', async () => {
    const { token, id } = await open();
    expect((await withToken(ana, token, 'GET', USERS)).status).toBe(200);
    const stolen = await withToken(ana, token, 'GET', USERS, { address: OTHER_ISP });
    expect([stolen.status, stolen.body['errorCode']]).toEqual([401, 'E0000011']);
    expect(stolen.text).not.toMatch(/roam|network|asn/i);
    expect((await withToken(ana, token, 'GET', USERS)).status).toBe(401);
    expect((await ana.get(USERS)).status).toBe(200);
    const roamed = await events('eventType eq "security.session.detect_client_roaming"');
    expect(roamed.at(-1)?.target.map((target) => target.id)).toContain(id);
  });

  it('of twenty requests at once in the wrong network, none passes', async () => {
    const { token } = await open();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => withToken(ana, token, 'GET', USERS, { address: OTHER_ISP })),
    );
    expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 20 }, () => 401));
  });

  it('a code that comes twice is in two hands: the second gets nothing, and what the first got ends', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    const first = await redeem(ana, code, ask);
    expect(first.status).toBe(200);
    const second = await redeem(ana, code, ask);
    expect([second.status, second.body['errorCode']]).toEqual([401, 'E0000004']);
    expect((await withToken(ana, first.body['token'] as string, 'GET', USERS)).status).toBe(401);
    expect((await ana.get(USERS)).status).toBe(200);
    expect(await lastFailure()).toBe('cli-code-used');
  });

  it('of twenty redemptions at once at most one is answered with a token, and it does not outlive the others', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    const replies = await Promise.all(Array.from({ length: 20 }, () => redeem(ana, code, ask)));
    const good = replies.filter((reply) => reply.status === 200);
    expect(good).toHaveLength(1);
    expect((await withToken(ana, good[0]?.body['token'] as string, 'GET', USERS)).status).toBe(401);
  });

  it('a wrong verifier spends the code', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    const wrong = await redeem(ana, code, ask, { codeVerifier: newCliAsk().verifier });
    expect([wrong.status, wrong.body['errorCode']]).toEqual([401, 'E0000004']);
    expect(await lastFailure()).toBe('cli-verifier-wrong');
    expect((await redeem(ana, code, ask)).status).toBe(401);
  });

  it('another redirect address than the allowed one gets nothing', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    const reply = await redeem(ana, code, ask, { redirectUri: 'http://127.0.0.1:43118/callback' });
    expect(reply.status).toBe(401);
  });

  it('another network than the browser’s gets nothing, and is told why', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    const reply = await redeem(ana, code, ask, { address: OTHER_ISP });
    expect([reply.status, reply.body['errorCode']]).toEqual([403, 'E0000085']);
    expect(reply.text).toContain('not in the same network');
    expect(reply.text).not.toContain('64500');
    expect((await redeem(ana, code, ask)).status).toBe(401);
    expect(await lastFailure()).toBe('cli-code-used');
  });

  it('an address that cannot be established gets nothing', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    expect((await redeem(ana, code, ask, { address: 'not-an-address' })).status).toBe(403);
  });

  it('a code is good until its sixtieth second, and not in it', async () => {
    const early = newCliAsk();
    const late = newCliAsk();
    const codes = [(await allow(ana, early)).body['code'], (await allow(ana, late)).body['code']];
    server.clock.advance(59.999);
    expect((await redeem(ana, codes[0], early)).status).toBe(200);
    server.clock.advance(0.001);
    expect((await redeem(ana, codes[1], late)).status).toBe(401);
    expect(await lastFailure()).toBe('cli-code-expired');
  });

  it('a code of a session that ended meanwhile opens nothing', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    expect((await ana.call('DELETE', '/api/v1/sessions/me')).status).toBe(204);
    expect((await redeem(ana, code, ask)).status).toBe(401);
    await ana.signIn();
    expect(await lastFailure()).toBe('browser-session-ended');
  });

  it('a lock on the browser’s session holds its code, and after a restart the command line that it had allowed', async () => {
    const { token } = await open();
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body;
    const { id } = (await ana.get('/api/v1/sessions/me')).body as unknown as { id: string };
    await server.services.store.transaction((tx) =>
      tx
        .insertInto('locks')
        .values({
          id: `lock-${engine}`,
          subjectKind: 'session',
          subjectId: id,
          reason: 'test',
          createdAt: server.clock.now(),
          createdBy: 'test',
          expiresAt: server.clock.now() + 60_000,
        })
        .execute(),
    );
    expect((await redeem(ana, code, ask)).status).toBe(401);
    await server.restart();
    expect((await withToken(ana, token, 'GET', USERS)).status).toBe(401);
  });

  it('only loopback addresses may be asked for', async () => {
    for (const redirectUri of [
      'https://evil.example/callback',
      'http://evil.example:4000/callback',
      'http://127.0.0.1:4000/other',
      'http://127.0.0.1:4000/callback?x=1',
      'http://127.0.0.1:4000/callback#x',
      'http://127.0.0.1/callback',
      'http://127.0.0.1:80/callback',
      'http://127.0.0.1:65536/callback',
      'http://127.0.0.1:4000@evil.example/callback',
      'http://127.0.0.1.evil.example:4000/callback',
      'http://0.0.0.0:4000/callback',
      'http://127.1:4000/callback',
      'http://LOCALHOST:4000/callback',
      'http://127.0.0.1:4000/callback\n',
      'http://127.0.0.1:4000\\@evil.example/callback',
      'javascript:alert(1)',
      '//evil.example/callback',
      '',
    ]) {
      const reply = await allow(ana, newCliAsk({ redirectUri }));
      expect([reply.status, reply.body['errorCode']], redirectUri).toEqual([400, 'E0000001']);
    }
    for (const redirectUri of ['http://[::1]:4000/callback', 'http://localhost:65535/callback'])
      expect((await allow(ana, newCliAsk({ redirectUri }))).status, redirectUri).toBe(200);
  });

  it('no challenge, a plain one, or a malformed state gets nothing', async () => {
    for (const changes of [
      { codeChallenge: '' },
      { codeChallenge: 'short' },
      { codeChallengeMethod: 'plain' },
      { codeChallengeMethod: '' },
      { state: '' },
      { state: 'BCDFGHJK' },
      { state: `aeiouaei${'x'.repeat(30)}` },
      { state: `BCDFGHJK${'x'.repeat(30)}<script>` },
    ])
      expect((await allow(ana, newCliAsk(changes))).status, JSON.stringify(changes)).toBe(400);
  });

  it('cannot be asked for from a foreign page, nor by a token, nor by another command line', async () => {
    expect((await allow(ana, newCliAsk(), { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await allow(ana, newCliAsk(), { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    const { verifier: _, ...body } = newCliAsk();
    const path = '/sallyport/v1/cli/authorizations';
    expect((await send(ana.url, 'POST', path, { 'X-Forwarded-For': ana.address }, body)).status).toBe(401);
    const { token } = await open();
    expect((await withToken(ana, token, 'POST', path, { body })).status).toBe(403);
    const made = await ana.call('POST', '/api/v1/api-tokens', {
      name: `cli-${engine}`,
      purpose: 'asks for a command line',
      network: { connection: 'ANYWHERE' },
    });
    expect(made.status, made.text).toBe(201);
    const headers = { 'X-Forwarded-For': ana.address, Authorization: `SSWS ${String(made.body['token'])}` };
    expect((await send(ana.url, 'GET', USERS, headers)).status).toBe(200);
    expect((await send(ana.url, 'POST', path, headers, body)).status).toBe(403);
  });

  it('its token is no cookie, a cookie’s secret is no Bearer token, and no other scheme is heard', async () => {
    const { token } = await open();
    const as = (headers: Record<string, string>) =>
      send(ana.url, 'GET', USERS, { 'X-Forwarded-For': ana.address, ...headers }).then((reply) => reply.status);
    expect(await as({ Cookie: `sid=${token}` })).toBe(401);
    expect(await as({ Cookie: `sid=${token.replace('sp_cli_', '')}` })).toBe(401);
    expect(await as({ Authorization: `Bearer ${ana.cookie ?? ''}` })).toBe(401);
    expect(await as({ Authorization: `Bearer sp_cli_${ana.cookie ?? ''}` })).toBe(401);
    for (const scheme of ['Basic', 'DPoP', 'Token', 'SSWS'])
      expect(await as({ Authorization: `${scheme} ${token}` }), scheme).toBe(401);
    const gate = await send(ana.url, 'GET', '/gateway/check', {
      'X-Forwarded-For': ana.address,
      Cookie: `sid=${token}`,
    });
    expect(gate.status).toBe(401);
    expect(await as({ Authorization: `Bearer ${token}` })).toBe(200);
    // A good cookie does not mend a bad header, and the other way round.
    expect(await as({ Authorization: 'Bearer nonsense-nonsense-nonsense', Cookie: `sid=${ana.cookie ?? ''}` })).toBe(
      401,
    );
  });

  it('ends with the browser’s session: sign-out, an admin’s revocation, roaming; each with its event', async () => {
    const ways: Record<string, () => Promise<unknown>> = {
      'sign-out': () => ana.call('DELETE', '/api/v1/sessions/me'),
      'the owner': async () => {
        const { id } = (await ana.get('/api/v1/sessions/me')).body as unknown as { id: string };
        await ana.call('DELETE', `/sallyport/v1/me/sessions/${id}`);
      },
      'an admin': async () => {
        const { id } = (await ana.get('/api/v1/sessions/me')).body as unknown as { id: string };
        await ana.call('DELETE', `/api/v1/sessions/${id}`);
      },
      roaming: () => ana.thief(OTHER_ISP).get(USERS),
    };
    for (const [way, end] of Object.entries(ways)) {
      server.clock.advance(5);
      ana.cookie = null;
      await ana.signIn();
      const { token, id } = await open();
      await end();
      expect((await withToken(ana, token, 'GET', USERS)).status, way).toBe(401);
      ana.cookie = null;
      await ana.signIn();
      const ended = await events(`eventType eq "user.session.end" and target.id eq "${id}"`);
      expect(
        ended.map((event) => event.outcome.reason),
        way,
      ).toEqual(['browser-session-ended']);
    }
  });

  it('stays ended after a restart, and stays alive over one', async () => {
    const kept = await open();
    const ended = await open();
    expect((await withToken(ana, ended.token, 'DELETE', '/api/v1/sessions/me')).status).toBe(204);
    await server.restart();
    expect((await withToken(ana, ended.token, 'GET', USERS)).status).toBe(401);
    expect((await withToken(ana, kept.token, 'GET', USERS)).status).toBe(200);
    // The tie to the browser's session is read from the store, too.
    await ana.call('DELETE', '/api/v1/sessions/me');
    expect((await withToken(ana, kept.token, 'GET', USERS)).status).toBe(401);
  });

  it('outlives the idle time of the browser while it is used, and has an idle time of its own', async () => {
    const { token } = await open();
    for (let minutes = 0; minutes < 30; minutes += 10) {
      server.clock.advance(600);
      expect((await withToken(ana, token, 'GET', USERS)).status).toBe(200);
    }
    await server.services.sessions.sweep();
    expect((await ana.get(USERS)).status).toBe(401);
    expect((await withToken(ana, token, 'GET', USERS)).status).toBe(200);
    server.clock.advance(15 * 60);
    expect((await withToken(ana, token, 'GET', USERS)).status).toBe(401);
  });

  it('does not outlive the longest time of the browser’s session, however much it is used', async () => {
    const { token } = await open();
    const startedAt = server.clock.now();
    let lastGoodAt = startedAt;
    for (;;) {
      server.clock.advance(600);
      if ((await withToken(ana, token, 'GET', USERS)).status !== 200) break;
      lastGoodAt = server.clock.now();
    }
    expect(server.clock.now() - startedAt).toBeLessThanOrEqual(12 * 3600 * 1000);
    expect(lastGoodAt - startedAt).toBeGreaterThan(11 * 3600 * 1000);
  });

  it('is not renewed into a browser’s session by a sign-in beside its token', async () => {
    const { token, id } = await open();
    const signingIn = new Person(ana.url, ana.login, ana.address, ana.key);
    const proved = await signingIn.prove(await signingIn.call('POST', '/api/v1/authn', { username: ana.login }));
    const made = await withToken(ana, token, 'POST', '/api/v1/sessions', {
      body: { sessionToken: proved.body['sessionToken'] },
    });
    expect(made.status, made.text).toBe(200);
    const row = await server.services.store.read
      .selectFrom('sessions')
      .select(['tokenHash', 'previousTokenHash'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.previousTokenHash).toBeNull();
    expect((await withToken(ana, token, 'GET', USERS)).status).toBe(200);
  });

  it('the policies are judged anew, where the command line is', async () => {
    const zone = await ana.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: `terminals-${engine}`,
      usage: 'POLICY',
      gateways: [{ type: 'CIDR', value: `${SAME_ISP}/32` }],
    });
    const policies = (await ana.get('/api/v1/policies?type=ACCESS_POLICY')).body as unknown as {
      id: string;
      name: string;
    }[];
    const console_ = policies.find(({ name }) => name === 'Admin Console')?.id ?? '';
    const rule = await ana.call('POST', `/api/v1/policies/${console_}/rules`, {
      name: 'no terminals from there',
      priority: 0,
      conditions: { network: { connection: 'ZONE', include: [zone.body['id']] } },
      actions: { appSignOn: { access: 'DENY' } },
    });
    expect(rule.status, rule.text).toBe(200);
    const ask = newCliAsk();
    const opened = await redeem(ana, (await allow(ana, ask)).body['code'], ask, { address: SAME_ISP });
    expect([opened.status, opened.body['hasConsole']]).toEqual([200, false]);
    const token = opened.body['token'] as string;
    expect((await withToken(ana, token, 'GET', USERS, { address: SAME_ISP })).status).toBe(403);
    expect((await withToken(ana, token, 'GET', '/api/v1/users/me', { address: SAME_ISP })).status).toBe(200);
    const denied = await events('eventType eq "policy.evaluate_sign_on" and outcome.result eq "DENY"');
    expect(denied.at(-1)?.client.ipAddress).toBe(SAME_ISP);
    const gone = await ana.call('DELETE', `/api/v1/policies/${console_}/rules/${String(rule.body['id'])}`);
    expect(gone.status).toBe(204);
  });

  it('leaves neither code nor token in the store or the log in the clear', async () => {
    const ask = newCliAsk();
    const { code } = (await allow(ana, ask)).body as unknown as { code: string };
    const opened = await redeem(ana, code, ask);
    const token = opened.body['token'] as string;
    const tables = await Promise.all([
      server.services.store.read.selectFrom('cliCodes').selectAll().execute(),
      server.services.store.read.selectFrom('sessions').selectAll().execute(),
      server.services.store.read.selectFrom('events').selectAll().execute(),
      server.services.store.read.selectFrom('verdicts').selectAll().execute(),
    ]);
    const text = JSON.stringify(tables);
    for (const secret of [code, token, token.replace('sp_cli_', ''), ask.verifier]) expect(text).not.toContain(secret);
  });

  it('the page shows the letters, the network and the port, and no button for a request that is not ours', async () => {
    const ask = newCliAsk();
    const query = (a: typeof ask) =>
      `/cli?${new URLSearchParams({ redirect_uri: a.redirectUri, state: a.state, code_challenge: a.codeChallenge, code_challenge_method: a.codeChallengeMethod }).toString()}`;
    const page = await ana.get(query(ask));
    expect(page.status).toBe(200);
    for (const text of [
      `${ask.state.slice(0, 4)}-${ask.state.slice(4, 8)}`,
      'AS64496 Example ISP',
      '127.0.0.1:43117',
      'ana@example.org',
    ])
      expect(page.text).toContain(text);
    for (const bad of [
      newCliAsk({ redirectUri: 'https://evil.example/callback' }),
      newCliAsk({ codeChallengeMethod: 'plain' }),
      newCliAsk({ state: 'x' }),
    ]) {
      const refused = await ana.get(query(bad));
      expect(refused.status).toBe(400);
      expect(refused.text).not.toMatch(/<button|evil\.example|<script/);
    }
    const twice = await ana.get(`${query(ask)}&redirect_uri=https://evil.example`);
    expect(twice.status).toBe(400);
    ana.cookie = null;
    const anonymous = await ana.get(query(ask));
    expect(anonymous.status).toBe(303);
    expect(anonymous.headers['location']).toBe(`/sign-in?next=${encodeURIComponent(query(ask))}`);
  });
});
