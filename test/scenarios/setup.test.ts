/** The first run after the claim, over HTTP on both engines: the link for another's first key, and who may finish. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const idOf = (reply: Reply): string => String(reply.body['id']);
const PROGRESS = '/sallyport/v1/setup/progress';

describe.each(ENGINES)('the first run on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const file = join(tmpdir(), `sallyport-checkpoints-${process.pid}-${engine}.jsonl`);
  const made = async (login: string, role?: string): Promise<string> => {
    const user = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
    });
    expect(user.status, user.text).toBe(200);
    if (role !== undefined)
      expect((await ana.call('POST', `/api/v1/users/${idOf(user)}/roles`, { type: role })).status).toBe(201);
    return idOf(user);
  };
  const linkFor = (id: string, who: Person = ana): Promise<Reply> =>
    who.call('POST', `/sallyport/v1/users/${id}/enrolment-codes`);
  const codeOf = (reply: Reply): string => String(reply.body['link']).split('#code=')[1] ?? '';
  const claim = (person: Person, code: string): Promise<Reply> =>
    person.call('POST', '/sallyport/v1/setup/claim', { code });
  /** Opens the link, registers the key, and is done. */
  const enrol = async (person: Person, code: string): Promise<void> => {
    const begun = await claim(person, code);
    expect(begun.status, begun.text).toBe(200);
    const stateToken = String(begun.body['stateToken']);
    expect((await person.registerKey(stateToken, person.key)).status).toBe(200);
    const done = await person.call('POST', '/sallyport/v1/setup/finish', { stateToken, secondKeySkipped: true });
    expect(done.status, done.text).toBe(200);
  };
  const stateOf = async (step: string): Promise<string | undefined> =>
    ((await ana.get(PROGRESS)).body['steps'] as unknown as { step: string; state: string }[]).find(
      (state) => state.step === step,
    )?.state;
  const eventsOf = async (type: string) =>
    (await ana.get(`/api/v1/logs?filter=${encodeURIComponent(`eventType eq "${type}"`)}&limit=1000`))
      .body as unknown as {
      actor: { alternateId: string };
      target: { alternateId: string }[];
    }[];

  beforeAll(async () => {
    server = await startTestServer({ engine, env: { SALLYPORT_CHECKPOINT_FILE: file } });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(61);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('a link makes the second super admin, once, and says so in the log without the code', async () => {
    expect(await stateOf('second-admin')).toBe('open');
    const id = await made('lee@example.org', 'SUPER_ADMIN');
    expect(await stateOf('second-admin')).toBe('waiting');
    const made_ = await linkFor(id);
    expect(made_.status, made_.text).toBe(201);
    expect(made_.body).toMatchObject({ userId: id, login: 'lee@example.org' });
    expect(Date.parse(String(made_.body['expiresAt'])) - server.clock.now()).toBe(30 * 60_000);
    const [event] = await eventsOf('sallyport.enrolment_code.create');
    expect([event?.actor.alternateId, event?.target[0]?.alternateId]).toEqual(['ana@example.org', 'lee@example.org']);
    expect((await ana.get('/api/v1/logs?limit=1000')).text).not.toContain(codeOf(made_));

    const lee = new Person(server.url, 'lee@example.org', '198.51.100.20');
    // Without a key the account opens nothing.
    await expect(lee.signIn()).rejects.toThrow('no credential');
    await enrol(lee, codeOf(made_));
    expect((await claim(lee, codeOf(made_))).status).toBe(403);
    expect((await lee.signIn()).status).toBe(200);
    expect((await lee.get('/sallyport/v1/admins')).status).toBe(200);
    expect(await stateOf('second-admin')).toBe('done');
    // Whoever has a key adds further ones alone: no admin adds one to another's account, nor to their own by a link.
    for (const owner of [id, idOf(await ana.get('/api/v1/users/me'))]) {
      const refused = await linkFor(owner);
      expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000038']);
    }
    expect((await linkFor(id, lee)).status).toBe(403);
  });

  it('a new link stops the one before it, and of two who open one at the same moment one wins', async () => {
    const id = await made('kim@example.org');
    const first = codeOf(await linkFor(id));
    const second = codeOf(await linkFor(id));
    const kim = new Person(server.url, 'kim@example.org', '198.51.100.21');
    expect((await claim(kim, first)).status).toBe(403);
    const both = await Promise.all([
      claim(kim, second),
      claim(new Person(server.url, 'kim@example.org', '203.0.113.9'), second),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it('a link ends after 30 minutes, with its account, and while its account is stopped', async () => {
    const somebody = new Person(server.url, 'max@example.org', '198.51.100.22');
    const late = codeOf(await linkFor(await made('max@example.org')));
    server.clock.advance(30 * 60);
    expect((await claim(somebody, late)).status).toBe(403);
    expect((await ana.signIn()).status).toBe(200);

    const gone = await made('gone@example.org', 'SUPER_ADMIN');
    const orphan = codeOf(await linkFor(gone));
    for (let i = 0; i < 2; i += 1) expect((await ana.call('DELETE', `/api/v1/users/${gone}`)).status).toBe(204);
    // Once, the code of a deleted account made a new first admin.
    const before = (await ana.get('/sallyport/v1/admins')).body.length;
    expect((await claim(somebody, orphan)).status).toBe(403);
    expect((await ana.get('/sallyport/v1/admins')).body.length).toBe(before);

    const stopped = await made('stop@example.org', 'SUPER_ADMIN');
    const begun = await claim(somebody, codeOf(await linkFor(stopped)));
    expect(begun.status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${stopped}/lifecycle/deactivate`)).status).toBe(200);
    expect((await somebody.registerKey(String(begun.body['stateToken']), createSoftAuthenticator())).status).toBe(401);
    expect((await linkFor(stopped)).body['errorCode']).toBe('E0000038');
  });

  it('is made by a super admin in a session only', async () => {
    const target = await made('target@example.org', 'READ_ONLY_ADMIN');
    const { services } = server;
    const tokenOf = async (ownerId: string): Promise<string> =>
      (
        await createApiToken(services, hostPrincipal(services.random), {
          name: 'test',
          ownerId,
          purpose: 'test',
          ttlSeconds: 3600,
          network: { connection: 'ANYWHERE' },
          protectedActions: [],
        })
      ).token;
    const withPassword = async (login: string, role: string): Promise<string> => {
      const user = await ana.call('POST', '/api/v1/users?activate=true', {
        profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
        credentials: { password: { value: 'correct horse battery staple' } },
      });
      await ana.call('POST', `/api/v1/users/${idOf(user)}/roles`, { type: role });
      return idOf(user);
    };
    const tokens = {
      super: await tokenOf(idOf(await ana.get('/api/v1/users/me'))),
      org: await tokenOf(await withPassword('org@example.org', 'ORG_ADMIN')),
      help: await tokenOf(await withPassword('help@example.org', 'HELP_DESK_ADMIN')),
      report: await tokenOf(await withPassword('rep@example.org', 'REPORT_ADMIN')),
    };
    const asked = (token: string, method: string, path: string, body?: unknown): Promise<Reply> =>
      send(server.url, method, path, { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` }, body);
    for (const [who, token] of Object.entries(tokens)) {
      const link = await asked(token, 'POST', `/sallyport/v1/users/${target}/enrolment-codes`);
      expect([who, link.status, link.body['errorCode']]).toEqual([who, 403, 'E0000006']);
      for (const [method, path, body] of [
        ['GET', PROGRESS],
        ['PUT', `${PROGRESS}/network`, { state: 'done' }],
        ['POST', `${PROGRESS}/finish`],
        ['POST', '/sallyport/v1/setup/checkpoint-test'],
      ] as const)
        expect([who, path, (await asked(token, method, path, body)).status]).toEqual([who, path, 403]);
    }
    expect((await send(server.url, 'POST', `/sallyport/v1/users/${target}/enrolment-codes`, {})).status).toBe(401);
    // A page of another site cannot make one in the name of whoever is signed in.
    const cross = await ana.call('POST', `/sallyport/v1/users/${target}/enrolment-codes`, undefined, {
      'Sec-Fetch-Site': 'cross-site',
    });
    expect(cross.body['errorCode']).toBe('E0000212');
    expect((await linkFor('00u00000000000000000')).status).toBe(404);
  });

  it('keeps what was answered, over a restart, and two answers at once do not undo each other', async () => {
    const put = (step: string, body: unknown): Promise<Reply> => ana.call('PUT', `${PROGRESS}/${step}`, body);
    for (const [step, body] of [
      ['claim', { state: 'done' }],
      ['nothing', { state: 'done' }],
      ['__proto__', { state: 'done' }],
    ] as const)
      expect([step, (await put(step, body)).status]).toEqual([step, 404]);
    for (const body of [{ state: 'skipped' }, { state: 'skipped', note: ' ' }, { state: 'maybe' }, {}])
      expect([body, (await put('network', body)).status]).toEqual([body, 400]);
    const both = await Promise.all([
      put('network', { state: 'done', note: '198.51.100.10 is right' }),
      put('posture', { state: 'skipped', note: 'after the pilot' }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    await server.restart();
    expect([await stateOf('network'), await stateOf('posture')]).toEqual(['done', 'skipped']);
    const kinds = async (): Promise<string[]> =>
      ((await ana.get('/sallyport/v1/overview')).body['findings'] as unknown as { kind: string }[]).map(
        ({ kind }) => kind,
      );
    expect(await kinds()).toContain('setup-skipped-posture');
    expect((await put('posture', { state: 'open' })).status).toBe(200);
    expect(await kinds()).not.toContain('setup-skipped-posture');
  });

  it('judges each preset against the session in front', async () => {
    const presets = async () => {
      const { posture } = (await ana.get(PROGRESS)).body as unknown as {
        posture: { presets: { name: string; wouldHold: boolean; reasons: string[] }[] };
      };
      return Object.fromEntries(posture.presets.map(({ name, wouldHold }) => [name, wouldHold]));
    };
    expect(await presets()).toEqual({ observe: true, recommended: true, strict: true });
    // The same network from another address: IP is only observed, and would end it.
    ana.address = '198.51.100.99';
    expect(await presets()).toEqual({ observe: true, recommended: true, strict: false });
    ana.address = '198.51.100.10';
  });

  it('a test checkpoint is in the file before it says that it arrived', async () => {
    const tested = await ana.call('POST', '/sallyport/v1/setup/checkpoint-test');
    expect(tested.body).toMatchObject({ isConfigured: true, hasArrived: true, error: null });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect((JSON.parse(lines.at(-1) ?? '{}') as { seq: number }).seq).toBe(tested.body['seq']);
    expect(await stateOf('checkpoint')).toBe('done');
  });

  it('nobody finishes who could not come back', async () => {
    const id = idOf(await ana.get('/api/v1/users/me'));
    const { store } = server.services;
    const setKeys = (status: 'ACTIVE' | 'PENDING_ACTIVATION') =>
      store.transaction((tx) => tx.updateTable('factors').set({ status }).where('userId', '=', id).execute());
    await setKeys('PENDING_ACTIVATION');
    expect((await ana.get(PROGRESS)).body['mayFinish']).toBe(false);
    const refused = await ana.call('POST', `${PROGRESS}/finish`);
    expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000079']);
    expect(refused.text).toContain('signing in again would not be possible');
    expect(await stateOf('what-is-left')).toBe('open');
    await setKeys('ACTIVE');
    expect((await ana.call('POST', `${PROGRESS}/finish`)).status).toBe(200);
    expect(await stateOf('what-is-left')).toBe('done');
    expect((await eventsOf('sallyport.setup.step')).length).toBeGreaterThan(3);
  });
});
