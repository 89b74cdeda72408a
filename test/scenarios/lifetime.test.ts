/** Lifetimes, idle time and revocation, exact by a clock of the test's, over real HTTP on both engines. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertLock } from '../../packages/server/src/locks/store.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const SETTINGS = '/api/v1/first-party-app-settings/admin-console';

describe.each(ENGINES)('session lifetime on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const signIn = async (): Promise<void> => {
    ana.cookie = null;
    expect((await ana.signIn()).status).toBe(200);
  };
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('starts with twelve hours and fifteen minutes', async () => {
    expect((await ana.get(SETTINGS)).body).toEqual({ sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 });
  });

  it.each([
    [{ sessionIdleTimeoutMinutes: 4, sessionMaxLifetimeMinutes: 720 }],
    [{ sessionIdleTimeoutMinutes: 721, sessionMaxLifetimeMinutes: 721 }],
    [{ sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 10_081 }],
    [{ sessionIdleTimeoutMinutes: 60, sessionMaxLifetimeMinutes: 30 }],
    [{ sessionIdleTimeoutMinutes: '15', sessionMaxLifetimeMinutes: 720 }],
    [{ sessionIdleTimeoutMinutes: 15.5, sessionMaxLifetimeMinutes: 720 }],
    [{ sessionIdleTimeoutMinutes: 15 }],
  ])('refuses %j and changes nothing', async (body) => {
    const reply = await ana.call('PUT', SETTINGS, body);
    expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
    expect((await ana.get(SETTINGS)).body).toEqual({ sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 });
  });

  it('answers 404 for another app', async () => {
    expect((await ana.get('/api/v1/first-party-app-settings/other')).body['errorCode']).toBe('E0000007');
  });

  it('is alive one millisecond before the idle time and ended at it', async () => {
    await signIn();
    server.clock.advance(15 * 60 - 0.001);
    expect((await ana.get('/api/v1/sessions/me')).status).toBe(200);
    server.clock.advance(15 * 60);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
  });

  it('polling does not keep it alive', async () => {
    await signIn();
    for (let minute = 0; minute < 14; minute += 1) {
      server.clock.advance(60);
      expect((await ana.get('/sallyport/v1/me/sessions', { 'X-Sallyport-Background': '1' })).status).toBe(200);
    }
    server.clock.advance(60);
    expect((await ana.get('/sallyport/v1/me/sessions', { 'X-Sallyport-Background': '1' })).status).toBe(401);
  });

  it('ends at its lifetime however active', async () => {
    await signIn();
    for (let i = 0; i < 12 * 6 - 1; i += 1) {
      server.clock.advance(10 * 60);
      expect((await ana.get('/api/v1/sessions/me')).status).toBe(200);
    }
    server.clock.advance(10 * 60);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
  });

  it('tells when it ends: fifteen minutes of idleness, twelve hours in all', async () => {
    await signIn();
    const now = server.clock.now();
    const me = await ana.get('/api/v1/sessions/me');
    expect(me.body['expiresAt']).toBe(new Date(now + 15 * 60_000).toISOString());
    const mine = (await ana.get('/sallyport/v1/me/sessions')).body['sessions'] as {
      isCurrent: boolean;
      idleEndsAt: string;
      endsAt: string;
    }[];
    expect(mine.find((session) => session.isCurrent)).toMatchObject({
      idleEndsAt: new Date(now + 15 * 60_000).toISOString(),
      endsAt: new Date(now + 12 * 3_600_000).toISOString(),
    });
  });

  it('survives a restart, and so does its idle clock', async () => {
    await signIn();
    server.clock.advance(10 * 60);
    expect((await ana.get('/api/v1/sessions/me')).status).toBe(200);
    await server.restart();
    server.clock.advance(14 * 60);
    expect((await ana.get('/api/v1/sessions/me')).status).toBe(200);
    await server.restart();
    server.clock.advance(15 * 60);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
  });

  /** Opens the stream of the session's events, does something, and gives what the stream said when it has ended. */
  const streamUntilEnd = (person: Person, whenOpen: () => void): Promise<string> =>
    new Promise((resolve, reject) => {
      const call = httpRequest(
        `${server.url.replace('localhost', '127.0.0.1')}/sallyport/v1/me/events`,
        { headers: { ...person.headers(), Host: new URL(server.url).host }, agent: false },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            const isFirst = text === '';
            text += chunk.toString();
            if (isFirst) whenOpen();
          });
          response.on('end', () => resolve(text));
        },
      );
      call.on('error', reject);
      call.end();
    });

  it('revocation closes an open stream and refuses the next request', async () => {
    await signIn();
    const id = String((await ana.get('/api/v1/sessions/me')).body['id']);
    const said = await streamUntilEnd(ana, () => void ana.call('DELETE', `/sallyport/v1/me/sessions/${id}`));
    expect(said).toContain('event: ended');
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
  });

  it('idleness closes an open stream: the stream itself is no activity', async () => {
    await signIn();
    expect(await streamUntilEnd(ana, () => server.clock.advance(15 * 60))).toMatch(/event: ended\ndata: .*idle/);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
  });

  it('the lifetime closes an open stream, however active its session is', async () => {
    await signIn();
    for (let i = 0; i < 12 * 6 - 1; i += 1) {
      server.clock.advance(10 * 60);
      expect((await ana.get('/api/v1/sessions/me')).status).toBe(200);
    }
    expect(await streamUntilEnd(ana, () => server.clock.advance(10 * 60))).toMatch(/event: ended\ndata: .*lifetime/);
  });

  it('who loses a role loses the open stream with it, and the next look at the log', async () => {
    await signIn();
    const rita = await enrolPerson(server, ana, 'rita@example.org', 'REPORT_ADMIN', ana.address);
    const look = () => rita.get('/api/v1/logs?limit=1', { 'X-Sallyport-Background': '1' });
    expect((await look()).status).toBe(200);
    const user = '/api/v1/users/rita@example.org';
    const { id } = (await ana.get(user)).body;
    const roles = (await ana.get(`/api/v1/users/${id}/roles`)).body as unknown as { id: string }[];
    const loss = `/api/v1/users/${id}/roles/${roles[0]?.id}`;
    expect(await streamUntilEnd(rita, () => void ana.call('DELETE', loss))).toMatch(/event: ended\ndata: .*rights/);
    expect((await look()).status).toBe(403);
    const deactivation = `/api/v1/users/${id}/lifecycle/deactivate`;
    expect(await streamUntilEnd(rita, () => void ana.call('POST', deactivation))).toContain('event: ended');
    expect((await look()).status).toBe(401);
  });

  it('the owner reads what happened, and "that wasn’t me" ends every session', async () => {
    await signIn();
    expect((await ana.thief('203.0.113.77').get('/api/v1/users?limit=1')).status).toBe(401);
    await signIn();
    const mine = await ana.get('/sallyport/v1/me/sessions');
    const last = mine.body['lastEnded'] as { sessionId: string; from: { network: string }; to: { network: string } };
    expect(last.from.network).toBe('AS64496 Example ISP');
    expect(last.to.network).toBe('AS64500 Example Hosting');
    const answered = await ana.call('POST', `/sallyport/v1/me/sessions/${last.sessionId}/acknowledge`, {
      answer: 'not-me',
    });
    expect(answered.status, answered.text).toBe(200);
    expect(ana.cookie).toBeNull();
    await signIn();
    const events = await ana.get(
      `/api/v1/logs?filter=${encodeURIComponent('eventType eq "user.account.report_suspicious_activity_by_enduser"')}`,
    );
    expect(events.body).toHaveLength(1);
  });

  it('a lock on the person stops a new sign-in, and a live session that is loaded again', async () => {
    await signIn();
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(200);
    const user = await server.services.store.read
      .selectFrom('users')
      .select('id')
      .where('login', '=', 'ana@example.org')
      .executeTakeFirstOrThrow();
    const now = server.clock.now();
    await server.services.store.transaction((tx) =>
      insertLock(tx, {
        id: 'lock1',
        subjectKind: 'user',
        subjectId: user.id,
        reason: 'test',
        createdAt: now,
        createdBy: 'test',
        expiresAt: now + 60_000,
      }),
    );
    await server.restart();
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
    ana.cookie = null;
    expect((await ana.signIn()).status).toBe(401);
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
});
