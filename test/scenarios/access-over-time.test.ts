/** Requests and grants at the edges of time: a server that was down, jobs that did not run, a clock that was moved, two nodes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { rememberInstant } from '../../packages/server/src/clock/settle-clock.ts';
import { closeExpired } from '../../packages/server/src/grants/close-expired.ts';
import { CLOCKS_DIFFER_MS } from '../../packages/server/src/grants/create-grant.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { expireRequests } from '../../packages/server/src/requests/expire-requests.ts';
import { beginApproved } from '../../packages/server/src/requests/grant-request.ts';
import { createSetupCode, ownerOfCode } from '../../packages/server/src/setup/setup-code.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { makeGlass } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { idOf, type Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { spawnServer } from '../harness/server-process.ts';
import { createDatabase, ENGINES, freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe.each(ENGINES)('access over time on %s', (engine) => {
  let server: TestServer;
  afterEach(() => server.stop());
  /** By how much power ends before what people were told. */
  const margin = engine === 'postgres' ? CLOCKS_DIFFER_MS : 0;

  const begin = async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const leeId = String((await lee.get('/api/v1/users/me')).body['id']);
    const { groupId } = await makeAskableGroup(ana);
    const ask = (more: Record<string, unknown> = {}): Promise<Reply> =>
      lee.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT2H',
        reason: 'Rotate the certificate',
        ...more,
      });
    const isMember = async (): Promise<boolean> =>
      (await ana.get(`/api/v1/groups/${groupId}/users`)).text.includes(leeId);
    const signIn = async (): Promise<void> => {
      for (const person of [ana, bo, lee]) expect((await person.signIn()).status).toBe(200);
    };
    return { ana, bo, lee, groupId, ask, isMember, signIn };
  };
  const see = async (person: Person, id: string): Promise<Record<string, unknown>> =>
    (await person.get(`/sallyport/v1/requests/${id}`)).body;
  const approve = async (person: Person, id: string): Promise<Reply> =>
    person.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest: (await see(person, id))['digest'] });
  const grants = () => server.services.store.read.selectFrom('grants').selectAll().execute();
  const told = async (person: Person, eventType: string): Promise<number> =>
    (await person.get(`/api/v1/logs?filter=eventType eq "${eventType}"`)).body.length;

  it('nobody approves what ran out while the server was down; that is told once, and it can be asked for again', async () => {
    const { ana, bo, lee, ask, signIn } = await begin();
    const id = idOf(await ask());
    await server.restart(() => server.clock.advance(DAY));
    await signIn();
    expect(await see(lee, id)).toMatchObject({ status: 'EXPIRED' });
    expect(reasonOf(await approve(bo, id))).toBe('request-expired');
    await Promise.all([expireRequests(server.services), expireRequests(server.services)]);
    await expireRequests(server.services);
    expect(await told(ana, 'access.request.expire')).toBe(1);
    expect(await grants()).toEqual([]);
    expect((await ask()).status).toBe(201);
  });

  it('a request stands to its last millisecond, also over a restart', async () => {
    const { bo, ask, signIn } = await begin();
    const id = idOf(await ask());
    await server.restart(() => server.clock.advance(DAY - 0.001));
    await signIn();
    expect((await approve(bo, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
  });

  it('what was to begin, and to end, while the server was down gives nothing', async () => {
    const { bo, lee, ask, isMember, signIn } = await begin();
    const startsAt = new Date(server.clock.now() + HOUR * 1000).toISOString();
    const id = idOf(await ask({ startsAt }));
    idOf(await approve(bo, id));
    await server.restart(() => server.clock.advance(3 * HOUR));
    await signIn();
    await beginApproved(server.services);
    expect(await see(lee, id)).toMatchObject({ grant: { status: 'FAILED' } });
    expect(await isMember()).toBe(false);
    expect(await grants()).toEqual([]);
  });

  it('what was to begin while the server was down ends when it was to end, however late it begins', async () => {
    const { bo, lee, ask, isMember, signIn } = await begin();
    const startsAt = server.clock.now() + HOUR * 1000;
    const id = idOf(await ask({ startsAt: new Date(startsAt).toISOString() }));
    idOf(await approve(bo, id));
    await server.restart(() => server.clock.advance(2 * HOUR));
    await Promise.all([beginApproved(server.services), beginApproved(server.services)]);
    await signIn();
    expect(await see(lee, id)).toMatchObject({ grant: { status: 'GRANTED' } });
    const rows = await grants();
    expect(rows).toHaveLength(1);
    expect(Number(rows[0]?.expiresAt)).toBe(startsAt + 2 * HOUR * 1000);
    expect(await isMember()).toBe(true);
    server.clock.advance((Number(rows[0]?.powerEndsAt) - server.clock.now()) / 1000);
    expect(await isMember()).toBe(false);
  });

  it('a grant that ran out while the server was down is over at the first request, before any job', async () => {
    const { bo, lee, ask, isMember, signIn } = await begin();
    idOf(await approve(bo, idOf(await ask())));
    expect(await isMember()).toBe(true);
    const [row] = await grants();
    expect(Number(row?.powerEndsAt)).toBe(Number(row?.expiresAt) - margin);
    await server.restart(() => server.clock.advance(2 * HOUR - margin / 1000));
    await signIn();
    expect(await isMember()).toBe(false);
    const mine = (await lee.get('/sallyport/v1/grants')).body as unknown as { status: string; endReason: string }[];
    expect(mine).toMatchObject([{ status: 'ended', endReason: 'expired' }]);
  });

  it('a clock that goes back undoes nothing that was decided', async () => {
    const { ana, bo, lee, ask, isMember, signIn } = await begin();
    const taken = idOf(await ask());
    idOf(await lee.call('POST', `/sallyport/v1/requests/${taken}/cancel`));
    const denied = idOf(await ask());
    idOf(await bo.callOnce('POST', `/sallyport/v1/requests/${denied}/deny`, { comment: 'No' }));
    const expired = idOf(await ask());
    server.clock.advance(DAY);
    await expireRequests(server.services);
    await signIn();
    const approved = idOf(await ask());
    idOf(await approve(bo, approved));
    server.clock.advance(-HOUR);
    await signIn();
    // The newest events of the log lie ahead of the clock now, and are not hidden by it.
    const newest = await server.services.store.read
      .selectFrom('events')
      .select('uuid')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const { body } = await ana.get('/api/v1/logs?sortOrder=DESCENDING&limit=1');
    expect(body).toMatchObject([{ uuid: newest?.uuid }]);
    expect(reasonOf(await approve(bo, taken))).toBe('request-canceled');
    expect(reasonOf(await approve(bo, denied))).toBe('request-decided');
    expect(reasonOf(await approve(bo, expired))).toBe('request-expired');
    expect(reasonOf(await approve(ana, approved))).toBe('request-decided');
    // What was given from an instant on does not count before it, and lasts no longer for it.
    expect(await grants()).toHaveLength(1);
    expect(await isMember()).toBe(false);
    server.clock.advance(HOUR);
    await signIn();
    expect(await isMember()).toBe(true);
    server.clock.advance(2 * HOUR - margin / 1000);
    await signIn();
    expect(await isMember()).toBe(false);
    await closeExpired(server.services);
    server.clock.advance(-HOUR);
    await signIn();
    expect(await isMember()).toBe(false);
    expect(await grants()).toHaveLength(1);
  });

  it('a clock that is set back brings nothing back that nobody wrote down: no grant and no session, nor over a restart', async () => {
    const { ana, bo, lee, ask, isMember, signIn } = await begin();
    const length = 2 * HOUR - margin / 1000;
    idOf(await approve(bo, idOf(await ask())));
    server.clock.advance(length);
    expect((await bo.signIn()).status).toBe(200);
    server.clock.advance(-length);
    // Ana’s session was over by then, though nobody asked for it.
    expect((await ana.get('/api/v1/users/me')).status).toBe(401);
    await signIn();
    expect(await isMember()).toBe(false);
    expect(await grants()).toMatchObject([{ endReason: 'expired' }]);
    idOf(await approve(bo, idOf(await ask())));
    expect(await isMember()).toBe(true);
    server.clock.advance(2 * HOUR);
    await rememberInstant(server.services);
    await server.restart(() => server.clock.advance(-HOUR));
    expect((await lee.get('/api/v1/users/me')).status).toBe(401);
    await signIn();
    expect(await isMember()).toBe(false);
    // What the clock says now is the time: it is not held at the instant that it has left.
    idOf(await approve(bo, idOf(await ask())));
    expect(await isMember()).toBe(true);
    await server.restart();
    await signIn();
    expect(await isMember()).toBe(true);
  });

  it('a clock that is set back brings no request back, and ends what was asked for after the time that counts from then', async () => {
    const { ask, bo, lee, signIn } = await begin();
    const over = idOf(await ask());
    server.clock.advance(DAY);
    await signIn();
    expect(await see(lee, over)).toMatchObject({ status: 'EXPIRED' });
    server.clock.advance(-HOUR);
    await signIn();
    expect(await see(lee, over)).toMatchObject({ status: 'EXPIRED' });
    const late = idOf(await ask());
    server.clock.advance(-60);
    await signIn();
    expect(await see(lee, late)).toMatchObject({ status: 'EXPIRED' });
    expect((await approve(bo, late)).status).toBe(403);
  });

  it('the last instant is kept for a request that waits, also where nobody is signed in', async () => {
    const { ask, signIn } = await begin();
    const { sessions, store } = server.services;
    const dayPasses = async (): Promise<void> => {
      server.clock.advance(DAY);
      await sessions.sweep();
      expect(sessions.count()).toBe(0);
      await rememberInstant(server.services);
    };
    const isKept = async (): Promise<boolean> =>
      (await store.read.selectFrom('seenInstants').select('seenAt').execute()).some(
        ({ seenAt }) => Number(seenAt) === server.clock.now(),
      );
    await dayPasses();
    await dayPasses();
    expect(await isKept()).toBe(false);
    await signIn();
    idOf(await ask());
    await dayPasses();
    expect(await isKept()).toBe(true);
  });

  it.each(['running', 'stopped'])(
    'a clock that is set back while the server is %s brings back no token, code, delegation or drill',
    async (state) => {
      const { ana, bo, lee } = await begin();
      const glass = await makeGlass(ana);
      const { store } = server.services;
      const idOfPerson = async (person: Person) => String((await person.get('/api/v1/users/me')).body['id']);
      const [anaId, boId] = [await idOfPerson(ana), await idOfPerson(bo)];
      const before = server.clock.now();
      const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
        ownerId: anaId,
        name: 'nightly',
        purpose: 'test',
        ttlSeconds: HOUR,
        network: { connection: 'ANYWHERE' },
        protectedActions: [],
      });
      const usable = async (): Promise<number> =>
        (await fetch(`${server.url}/api/v1/users/me`, { headers: { Authorization: `SSWS ${token}` } })).status;
      expect(await usable()).toBe(200);
      const code = await store.transaction((tx) => createSetupCode(server.services, tx, 'enrol', boId));
      await store.transaction(async (tx) => {
        const times = { startsAt: before, endsAt: before + HOUR * 1000, createdAt: before };
        await tx
          .insertInto('delegations')
          .values({ id: 'del1', delegatorId: anaId, delegateId: boId, ...times, note: null, createdBy: anaId })
          .execute();
      });
      expect((await ana.call('POST', `/sallyport/v1/break-glass/${glass.id}/drill`)).status).toBeLessThan(300);
      server.clock.advance(2 * HOUR);
      if (state === 'stopped') await server.restart(() => server.clock.advance(-2 * HOUR + 60));
      else {
        expect((await lee.signIn()).status).toBe(200);
        server.clock.advance(-2 * HOUR + 60);
      }
      expect(await usable()).toBe(401);
      await ana.signIn();
      const read = server.services.store.read;
      expect(await ownerOfCode(read, code, ['enrol'], server.clock.now())).toBeNull();
      expect(await read.selectFrom('delegations').select('id').execute()).toEqual([]);
      expect((await ana.get(`/sallyport/v1/break-glass/${glass.id}`)).body).toMatchObject({ drillUntil: null });
      expect((await lee.signIn()).status).toBe(200);
    },
  );

  it.runIf(engine === 'sqlite')(
    'a store that cannot write down what had ended keeps no server from starting',
    async () => {
      const { ana } = await begin();
      const run = (statement: ReturnType<typeof sql>) =>
        server.services.store.transaction((tx) => statement.execute(tx));
      await run(sql`create trigger "full" before delete on seen_instants begin select raise(abort, 'full'); end`);
      const held = server.clock.now();
      await server.restart(() => server.clock.advance(-HOUR));
      // Time stands still, also for whoever asks for something.
      expect((await ana.get('/api/v1/users/me')).status).toBe(200);
      expect(server.services.clock.now()).toBe(held);
      await run(sql`drop trigger "full"`);
      expect((await ana.get('/api/v1/users/me')).status).toBe(200);
      expect(server.services.clock.now()).toBe(server.clock.now());
    },
  );

  it('a clock that was too far ahead for a moment leaves nobody with more than was given', async () => {
    const { bo, lee, ask, isMember, signIn } = await begin();
    const id = idOf(await ask());
    idOf(await approve(bo, id));
    server.clock.advance(30 * DAY);
    await closeExpired(server.services);
    await expireRequests(server.services);
    server.clock.advance(-30 * DAY);
    await signIn();
    expect(await isMember()).toBe(false);
    expect(await see(lee, id)).toMatchObject({ status: 'APPROVED' });
    // It is asked for once more, by whoever still needs it.
    idOf(await approve(bo, idOf(await ask())));
    expect(await isMember()).toBe(true);
  });
});

describe.runIf(ENGINES.includes('postgres'))('a second node on the database', () => {
  it('takes over when the first was killed, with a clock two seconds behind: nothing counts longer than people were told', async () => {
    const server = await startTestServer({ engine: 'postgres' });
    const ana = await signedInAdmin(server);
    // Whoever set the organisation up made everybody: somebody else says yes.
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const people = ['kim', 'lee', 'max', 'noa'];
    const asking: Person[] = [];
    for (const name of people) asking.push(await enrolPerson(server, ana, `${name}@example.org`, null));
    const { groupId } = await makeAskableGroup(ana);
    const { clock } = server;
    const begun = clock.now();
    const given: { readonly id: string; readonly userId: string; readonly expiresAt: number }[] = [];
    for (const [i, person] of asking.entries()) {
      const asked = await person.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        // The last one goes on for longer.
        duration: i === 3 ? 'PT2H' : 'PT1H',
        reason: 'Rotate the certificate',
      });
      const { digest } = asked.body as unknown as { digest: string };
      const done = await bo.call('POST', `/sallyport/v1/requests/${idOf(asked)}/approve`, { digest });
      expect(done.body).toMatchObject({ grant: { status: 'GRANTED' } });
    }
    for (const { id, userId, expiresAt } of await server.services.store.read
      .selectFrom('grants')
      .selectAll()
      .orderBy('createdAt')
      .orderBy('userLogin')
      .execute())
      given.push({ id, userId, expiresAt: Number(expiresAt) });
    expect(given.map(({ expiresAt }) => (expiresAt - begun) / 1000)).toEqual([HOUR, HOUR, HOUR, 2 * HOUR]);
    const members = async (): Promise<boolean[]> => {
      const { text } = await ana.get(`/api/v1/groups/${groupId}/users`);
      return given.map(({ userId }) => text.includes(userId));
    };
    // The first is ended by hand, the second runs out and is written down, the third runs out.
    idOf(await ana.call('POST', `/sallyport/v1/grants/${given[0]?.id}/end`));
    expect(await members()).toEqual([false, true, true, true]);
    clock.advance(HOUR - CLOCKS_DIFFER_MS / 1000);
    expect((await ana.signIn()).status).toBe(200);
    expect(await members()).toEqual([false, false, false, true]);
    const { services } = server;
    await closeExpired(services);
    await services.store.transaction((tx) =>
      tx
        .updateTable('grants')
        .set({ endedAt: null, endedBy: null, endReason: null })
        .where('id', '=', given[2]?.id ?? '')
        .execute(),
    );
    await server.restart(() => clock.advance(-CLOCKS_DIFFER_MS / 1000));
    expect((await ana.signIn()).status).toBe(200);
    // What was ended, or written down, stays over; by its own clock the third may have two seconds left.
    const ofOthers = async (): Promise<boolean[]> => (await members()).toSpliced(2, 1);
    expect(await ofOthers()).toEqual([false, false, true]);
    clock.advance(CLOCKS_DIFFER_MS / 1000 - 0.001);
    expect(await ofOthers()).toEqual([false, false, true]);
    clock.advance(0.001);
    // Now, by a clock that is right, it is the instant that everybody was told.
    expect(clock.now() + CLOCKS_DIFFER_MS).toBe(given[2]?.expiresAt);
    expect(await members()).toEqual([false, false, false, true]);
    await server.stop();
  });

  it('is refused while the first lives, and starts when that was killed', async () => {
    const databaseUrl = await createDatabase();
    const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'sallyport-node-')));
    const envs = await Promise.all(
      folders.map(async (folder) => ({
        SALLYPORT_PORT: String(await freePort()),
        SALLYPORT_DATA_DIR: folder,
        SALLYPORT_LOG_LEVEL: 'error',
        SALLYPORT_DATABASE_URL: databaseUrl,
      })),
    );
    const [first, second] = envs as [(typeof envs)[number], (typeof envs)[number]];
    const one = await spawnServer(first);
    try {
      await expect(spawnServer(second)).rejects.toThrow(/in use by another Sallyport/);
    } finally {
      await one.kill('SIGKILL');
    }
    const two = await spawnServer(second);
    await two.kill('SIGTERM');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
});
