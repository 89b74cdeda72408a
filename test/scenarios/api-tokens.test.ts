/** The life of API tokens: rotation with an overlap, reminders, what is known of their use, and rights that are the owner's. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { remindOwners } from '../../packages/server/src/api-tokens/remind-owners.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const DAY = 86_400;
const HOME = '198.51.100.10';

describe.each(ENGINES)('API tokens on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let n = 0;
  beforeAll(async () => {
    server = await startTestServer({
      engine,
      // Nobody listens there: what is to be sent stays in the outbox, where it is read.
      env: { SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9', SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
    });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(30);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const use = (secret: string, path = '/api/v1/users?limit=1', { address = HOME, agent = 'nightly/1.0' } = {}) =>
    send(server.url, 'GET', path, { 'X-Forwarded-For': address, Authorization: `SSWS ${secret}`, 'User-Agent': agent });
  const make = async (
    person: Person = ana,
    more: Record<string, unknown> = {},
  ): Promise<{ id: string; secret: string }> => {
    const made = await person.call('POST', '/api/v1/api-tokens', {
      name: `token-${++n}`,
      purpose: 'nightly report',
      network: { connection: 'ANYWHERE' },
      ...more,
    });
    expect(made.status, made.text).toBe(201);
    return { id: String(made.body['id']), secret: String(made.body['token']) };
  };
  const onHost = async (
    ownerId: string,
    protectedActions: 'all' | readonly string[],
    ttlSeconds: number | null = null,
  ) => {
    const { token, id } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: `host-${++n}`,
      ownerId,
      purpose: 'test',
      ttlSeconds,
      network: { connection: 'ANYWHERE' },
      protectedActions,
    });
    return { id, secret: token };
  };
  const rotate = (id: string, overlapHours: number, person: Person = ana): Promise<Reply> =>
    person.call('POST', `/sallyport/v1/api-tokens/${id}/rotate`, { overlapHours });
  const listed = async (id: string, query = ''): Promise<Record<string, unknown> | undefined> =>
    ((await ana.get(`/sallyport/v1/api-tokens${query}`)).body as unknown as Record<string, unknown>[]).find(
      (token) => token['id'] === id,
    );
  const userId = async (login: string): Promise<string> => String((await ana.get(`/api/v1/users/${login}`)).body['id']);
  const changes = async (id: string): Promise<Record<string, unknown>[]> =>
    (
      (
        await ana.get(
          `/api/v1/logs?limit=100&filter=${encodeURIComponent(`target.id eq "${id}" and eventType eq "system.api_token.update"`)}`,
        )
      ).body as unknown as { debugContext: { debugData: Record<string, unknown> } }[]
    ).map(({ debugContext }) => debugContext.debugData);

  it('rotation gives a new secret, and the old one works until the end of the overlap, to the millisecond', async () => {
    const { id, secret } = await make();
    const rotated = await rotate(id, 2);
    expect(rotated.status, rotated.text).toBe(200);
    const fresh = String(rotated.body['token']);
    const endsAt = new Date(server.clock.now() + 2 * 3_600_000).toISOString();
    expect(rotated.body['sallyport']).toMatchObject({ oldSecret: { endsAt, lastUsedAt: null } });
    expect(fresh).not.toBe(secret);
    expect([(await use(secret)).status, (await use(fresh)).status]).toEqual([200, 200]);
    // Who still has the old one is seen.
    expect(await listed(id, '?show=rotating')).toMatchObject({ oldSecret: { endsAt, lastUsedAddress: HOME } });
    // Both are shown once and are nowhere else.
    const seen = [
      await ana.get(`/api/v1/api-tokens/${id}`),
      await ana.get('/sallyport/v1/api-tokens'),
      await ana.get('/api/v1/logs?limit=1000'),
    ];
    for (const reply of seen) for (const one of [secret, fresh]) expect(reply.text).not.toContain(one);
    expect(await changes(id)).toMatchObject([{ change: 'secret-rotated', oldSecretEndsAt: endsAt }]);
    server.clock.advance(2 * 3600 - 0.001);
    expect((await use(secret)).status).toBe(200);
    server.clock.advance(0.001);
    const late = await use(secret);
    expect([late.status, late.body['errorCode'], late.body['errorCauses']]).toEqual([401, 'E0000011', []]);
    expect((await use(fresh)).status).toBe(200);
    await ana.signIn();
    expect(await listed(id, '?show=rotating')).toBeUndefined();
    expect(await listed(id)).toMatchObject({ oldSecret: null });
  });

  it('without an overlap the old secret ends at once; a second overlap is refused while one runs', async () => {
    const { id, secret } = await make();
    const first = String((await rotate(id, 24)).body['token']);
    const refused = await rotate(id, 1);
    expect([refused.status, refused.text.includes('works until')]).toEqual([400, true]);
    expect([(await use(secret)).status, (await use(first)).status]).toEqual([200, 200]);
    const second = String((await rotate(id, 0)).body['token']);
    expect([(await use(secret)).status, (await use(first)).status, (await use(second)).status]).toEqual([
      401, 401, 200,
    ]);
  });

  it('use from a second network within the hour is told once for each network and hour, and stands on the token', async () => {
    const { id, secret } = await make();
    const told = async (): Promise<[unknown, unknown][]> =>
      (
        (
          await ana.get(
            `/api/v1/logs?filter=${encodeURIComponent(`eventType eq "sallyport.credential.second_network" and target.id eq "${id}"`)}`,
          )
        ).body as unknown as { debugContext: { debugData: Record<string, unknown> } }[]
      ).map(({ debugContext: { debugData } }) => [debugData['fromNetwork'], debugData['toNetwork']]);
    const seconds = async (): Promise<unknown[]> =>
      ((await listed(id)) as unknown as { use: { secondNetworks: { network: string }[] } }).use.secondNetworks.map(
        ({ network }) => network,
      );
    const [FAR, SAME] = ['203.0.113.9', '192.0.2.77'];
    await use(secret);
    // Another address of the same network is nothing new.
    await use(secret, undefined, { address: SAME });
    expect([await told(), await seconds()]).toEqual([[], []]);
    for (const address of [FAR, HOME, FAR, HOME, FAR])
      expect((await use(secret, undefined, { address })).status).toBe(200);
    expect(await told()).toEqual([
      ['as64496', 'as64500'],
      ['as64500', 'as64496'],
    ]);
    expect((await seconds()).toSorted()).toEqual(['as64496', 'as64500']);
    // An hour later the first use says nothing, for the program may have moved; then twenty at once are one event.
    server.clock.advance(3600);
    await ana.signIn();
    await use(secret);
    await Promise.all(Array.from({ length: 20 }, () => use(secret, undefined, { address: FAR })));
    expect((await told()).slice(2)).toEqual([['as64496', 'as64500']]);
  });

  it('the overlap can be ended early, and revocation ends both secrets', async () => {
    const { id, secret } = await make();
    const fresh = String((await rotate(id, 24)).body['token']);
    expect((await ana.callOnce('DELETE', `/sallyport/v1/api-tokens/${id}/old-secret`)).status).toBe(204);
    expect([(await use(secret)).status, (await use(fresh)).status]).toEqual([401, 200]);
    expect((await ana.callOnce('DELETE', `/sallyport/v1/api-tokens/${id}/old-secret`)).status).toBe(404);
    expect(await changes(id)).toMatchObject([{ change: 'secret-rotated' }, { change: 'old-secret-ended' }]);
    const newest = String((await rotate(id, 24)).body['token']);
    expect((await ana.call('DELETE', `/api/v1/api-tokens/${id}`)).status).toBe(204);
    expect([(await use(fresh)).status, (await use(newest)).status]).toEqual([401, 401]);
  });

  it.each([-1, 169, 1.5, '24', null])('an overlap of %s is refused, and changes nothing', async (overlapHours) => {
    const { id, secret } = await make();
    expect((await ana.call('POST', `/sallyport/v1/api-tokens/${id}/rotate`, { overlapHours })).status).toBe(400);
    expect((await use(secret)).status).toBe(200);
    expect(await changes(id)).toEqual([]);
  });

  it('nobody takes another’s secret by rotating it, not even a super admin', async () => {
    const bo = await enrolPerson(server, ana, `bo-${engine}@example.org`, 'SUPER_ADMIN');
    const { id, secret } = await make(bo);
    const refused = await rotate(id, 0);
    expect([refused.status, refused.text.includes('owner alone')]).toEqual([403, true]);
    expect((await ana.callOnce('DELETE', `/sallyport/v1/api-tokens/${id}/old-secret`)).status).toBe(403);
    expect((await use(secret)).status).toBe(200);
    // Nor is it handed over by another owner's id.
    const handed = await ana.call('PUT', `/api/v1/api-tokens/${id}`, {
      name: 'mine',
      userId: await userId('ana@example.org'),
    });
    expect([handed.status, handed.text.includes('keeps its owner')]).toEqual([400, true]);
    expect(await listed(id)).toMatchObject({ owner: { login: `bo-${engine}@example.org` }, isOwn: false });
  });

  it('a token rotates itself only where that was given to it by name, and no sister that can do more', async () => {
    const owner = await userId('ana@example.org');
    const self = await onHost(owner, ['api-token.rotate']);
    const strong = await onHost(owner, 'all');
    const weak = await onHost(owner, []);
    const by = (secret: string, id: string): Promise<Reply> =>
      send(
        server.url,
        'POST',
        `/sallyport/v1/api-tokens/${id}/rotate`,
        { 'X-Forwarded-For': HOME, Authorization: `SSWS ${secret}` },
        { overlapHours: 1 },
      );
    expect((await by(weak.secret, weak.id)).body['errorCode']).toBe('E0000092');
    const stolen = await by(self.secret, strong.id);
    expect([stolen.status, stolen.text.includes('was not given to itself')]).toEqual([403, true]);
    const rotated = await by(self.secret, self.id);
    expect(rotated.status, rotated.text).toBe(200);
    expect((await use(String(rotated.body['token']))).status).toBe(200);
  });

  it('a fixed life is not made longer by a rotation, a sliding one begins again', async () => {
    const fixed = await onHost(await userId('ana@example.org'), [], 3600);
    const before = (await ana.get(`/api/v1/api-tokens/${fixed.id}`)).body['expiresAt'];
    server.clock.advance(60);
    const rotated = await rotate(fixed.id, 24);
    expect(rotated.body['expiresAt']).toBe(before);
    server.clock.advance(3540);
    expect([(await use(fixed.secret)).status, (await use(String(rotated.body['token']))).status]).toEqual([401, 401]);
    await ana.signIn();
    expect((await ana.get(`/api/v1/api-tokens/${fixed.id}`)).status).toBe(404);
    expect((await rotate(fixed.id, 1)).status).toBe(404);
  });

  it('of rotations at the same moment one wins, and exactly the shown secrets that were not refused work', async () => {
    const { id } = await make();
    const owner = await onHost(await userId('ana@example.org'), 'all');
    const all = await Promise.all(
      [...'abcd'].map(() =>
        send(
          server.url,
          'POST',
          `/sallyport/v1/api-tokens/${id}/rotate`,
          { 'X-Forwarded-For': HOME, Authorization: `SSWS ${owner.secret}` },
          { overlapHours: 1 },
        ),
      ),
    );
    const good = all.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    for (const { body } of good) expect((await use(String(body['token']))).status).toBe(200);
  });

  it('lives thirty days after its last use, and is gone then', async () => {
    const { id, secret } = await make();
    server.clock.advance(29 * DAY);
    expect((await use(secret)).status).toBe(200);
    server.clock.advance(29 * DAY);
    expect((await use(secret)).status).toBe(200);
    await ana.signIn();
    expect(await listed(id)).toMatchObject({
      isSliding: true,
      expiresAt: new Date(server.clock.now() + 30 * DAY * 1000).toISOString(),
      lastUsedFrom: { address: HOME, network: 'as64496' },
    });
    server.clock.advance(30 * DAY);
    expect((await use(secret)).status).toBe(401);
    await ana.signIn();
    expect((await ana.get(`/api/v1/api-tokens/${id}`)).status).toBe(404);
  });

  it('has its owner’s rights at each call: less when they lose a role, none when they are deactivated', async () => {
    const kim = await enrolPerson(server, ana, `kim-${engine}@example.org`, 'READ_ONLY_ADMIN');
    const kimId = await userId(`kim-${engine}@example.org`);
    const { secret } = await make(kim);
    expect((await use(secret)).status).toBe(200);
    const [role] = (await ana.get(`/api/v1/users/${kimId}/roles`)).body as unknown as { id: string }[];
    expect((await ana.call('DELETE', `/api/v1/users/${kimId}/roles/${role?.id}`)).status).toBe(204);
    expect((await use(secret)).status).toBe(403);
    expect((await ana.call('POST', `/api/v1/users/${kimId}/roles`, { type: 'USER_ADMIN' })).status).toBe(201);
    expect((await use(secret)).status).toBe(200);
    expect((await ana.call('POST', `/api/v1/users/${kimId}/lifecycle/deactivate`)).status).toBe(200);
    const dead = await use(secret);
    expect([dead.status, dead.body['errorCode']]).toEqual([401, 'E0000011']);
  });

  it('a token revokes itself, and a session has no such token', async () => {
    const { id, secret } = await make();
    const revoked = await send(server.url, 'DELETE', '/api/v1/api-tokens/current', {
      'X-Forwarded-For': HOME,
      Authorization: `SSWS ${secret}`,
    });
    expect(revoked.status).toBe(204);
    expect((await use(secret)).status).toBe(401);
    expect((await ana.get(`/api/v1/api-tokens/${id}`)).status).toBe(404);
    expect((await ana.call('DELETE', '/api/v1/api-tokens/current')).status).toBe(404);
  });

  it('keeps why it is usable from anywhere, for as long as it is', async () => {
    const { id } = await make(ana, { anywhereReason: 'hosts without a fixed address' });
    expect(await listed(id, '?show=anywhere')).toMatchObject({
      network: { isAnywhere: true, anywhereReason: 'hosts without a fixed address' },
    });
    const wire = (await ana.get(`/api/v1/api-tokens/${id}`)).body;
    expect(wire).toMatchObject({ network: { connection: 'ANYWHERE' }, tokenWindow: 'P30D' });
    const changed = await ana.call('PUT', `/api/v1/api-tokens/${id}`, { network: { connection: 'LOOPBACK' } });
    expect(changed.status, changed.text).toBe(200);
    expect(await listed(id)).toMatchObject({
      purpose: 'nightly report',
      network: { isAnywhere: false, anywhereReason: null },
    });
    expect((await ana.call('PUT', `/api/v1/api-tokens/${id}`, { network: { connection: 'ZONE' } })).status).toBe(400);
    expect(await listed(id)).toMatchObject({ network: { connection: 'LOOPBACK' } });
  });

  it('tells what could become a service app: by programs alone, for a week, from few networks, with which permissions', async () => {
    const machine = await make();
    const person = await make();
    const refusedTo = await make();
    const both = async (secret: string, agent: string): Promise<void> => {
      expect((await use(secret, '/api/v1/logs?limit=1', { agent })).status).toBe(200);
    };
    await both(machine.secret, 'Filebeat/8.1');
    await both(person.secret, 'Filebeat/8.1');
    expect((await use(refusedTo.secret, '/api/v1/logs?limit=1')).status).toBe(200);
    expect(await listed(machine.id, '?show=service-app')).toBeUndefined();
    server.clock.advance(7 * DAY);
    await both(machine.secret, 'Filebeat/8.2');
    await both(person.secret, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140');
    await ana.signIn();
    expect(await listed(machine.id, '?show=service-app')).toMatchObject({
      use: { networks: ['as64496'], permissions: ['okta.logs.read'], programs: ['Filebeat'] },
      serviceApp: { could: true },
    });
    expect(await listed(person.id, '?show=service-app')).toBeUndefined();
    expect(await listed(person.id)).toMatchObject({
      serviceApp: { could: false, why: expect.stringContaining('browser') },
    });
    // Whoever holds it cannot fill the disk with names.
    for (let i = 0; i < 60; i += 1) await use(machine.secret, '/api/v1/logs?limit=0', { agent: `p${i}x/1` });
    const rows = await server.services.store.read
      .selectFrom('tokenUses')
      .selectAll()
      .where('tokenId', '=', machine.id)
      .where('kind', '=', 'agent')
      .execute();
    expect(rows).toHaveLength(50);
    expect((await ana.call('DELETE', `/api/v1/api-tokens/${machine.id}`)).status).toBe(204);
    expect(
      await server.services.store.read.selectFrom('tokenUses').selectAll().where('tokenId', '=', machine.id).execute(),
    ).toEqual([]);
  });

  it('reminds the owner of an old secret, once for each step, and begins anew with a new one', async () => {
    const { id, secret } = await make(ana, { name: `old-${engine}` });
    const mails = async (): Promise<string[]> =>
      (
        await server.services.store.read
          .selectFrom('outbox')
          .select('payload')
          .where('sink', '=', 'mail')
          .orderBy('createdAt')
          .execute()
      )
        .map(({ payload }) => JSON.parse(payload) as { to: string; subject: string; text: string })
        .filter(({ subject, text }) => subject.includes(`old-${engine} is`) && text.includes('/tokens?show=old'))
        .map(({ to, subject }) => `${to} ${/\d+ days/.exec(subject)?.[0]}`);
    const keepAlive = async (days: number): Promise<void> => {
      for (let left = days; left > 0; left -= 20) {
        server.clock.advance(Math.min(left, 20) * DAY);
        expect((await use(secret)).status).toBe(200);
      }
    };
    await keepAlive(89);
    await remindOwners(server.services);
    expect(await mails()).toEqual([]);
    await keepAlive(1);
    // As if two nodes did it at once.
    await Promise.all([remindOwners(server.services), remindOwners(server.services)]);
    await remindOwners(server.services);
    expect(await mails()).toEqual(['ana@example.org 90 days']);
    await ana.signIn();
    expect(await listed(id, '?show=old')).toMatchObject({ isOld: true });
    const findings = (await ana.get('/sallyport/v1/overview')).body['findings'] as { kind: string }[];
    expect(findings.map(({ kind }) => kind)).toContain('tokens-old');
    await keepAlive(90);
    await remindOwners(server.services);
    expect(await mails()).toEqual(['ana@example.org 90 days', 'ana@example.org 180 days']);
    await ana.signIn();
    expect((await rotate(id, 0)).status).toBe(200);
    await remindOwners(server.services);
    expect(await mails()).toHaveLength(2);
    expect(await listed(id, '?show=old')).toBeUndefined();
  });
});
