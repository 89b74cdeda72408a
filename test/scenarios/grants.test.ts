/** Access that ends by time: it counts between its two instants and nowhere else. Both engines. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { inUse } from '../../packages/server/src/bundles/manage-bundles.ts';
import { closeExpired } from '../../packages/server/src/grants/close-expired.ts';
import { CLOCKS_DIFFER_MS, createGrant, type NewGrant } from '../../packages/server/src/grants/create-grant.ts';
import { publishGrant } from '../../packages/server/src/grants/end-grant.ts';
import { createGroup } from '../../packages/server/src/groups/manage-groups.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { rightsAt } from '../../packages/server/src/roles/standing-rights.ts';
import type { Row } from '../../packages/server/src/store/tables.ts';
import { AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

describe.each(ENGINES)('grants on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let count = 0;
  /** By how much power ends before what people were told. */
  const margin = engine === 'postgres' ? CLOCKS_DIFFER_MS : 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const ok = (reply: Reply): Record<string, unknown> => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.body;
  };
  const madeBundle = async (...entitlements: object[]): Promise<string> => {
    const body = { name: `bundle ${count++}`, description: 'for tests', entitlements };
    return String(ok(await ana.call('POST', '/api/v1/iam/governance/bundles', body))['id']);
  };
  const give = async (given: Partial<NewGrant> & Pick<NewGrant, 'userId' | 'entitlement'>): Promise<Row<'grants'>> => {
    const now = server.clock.now();
    const { services: s } = server;
    const row = await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', {
        startsAt: now,
        expiresAt: now + 600_000,
        source: { kind: 'request', id: 'req1' },
        reason: 'ticket 7',
        ...given,
      }),
    );
    publishGrant(s, row);
    return row;
  };

  const somebody = async (role: string | null = null): Promise<{ readonly id: string; readonly person: Person }> => {
    const person = await enrolPerson(server, ana, `lee${count++}@example.org`, role);
    return { id: String(ok(await person.get('/api/v1/users/me'))['id']), person };
  };

  const USERS = '/api/v1/users?limit=1';
  const statusOf = async (person: Person, path = USERS): Promise<number> => (await person.get(path)).status;
  const reasonOf = (reply: Reply): string => reply.text;
  const eventsOf = async (grantId: string) =>
    (
      await server.services.store.read
        .selectFrom('events')
        .select(['eventType', 'body'])
        .where('body', 'like', `%"grantId":"${grantId}"%`)
        .orderBy('seq')
        .execute()
    ).map(({ eventType, body }) => ({ eventType, body: JSON.parse(body) as Record<string, never> }));
  const end = (person: Person, id: string): Promise<Reply> => person.call('POST', `/sallyport/v1/grants/${id}/end`);
  const bundleOf = async (role = 'READ_ONLY_ADMIN') => ({ kind: 'bundle', id: await madeBundle({ role }) }) as const;
  const madeGroup = async (role: string | null): Promise<string> => {
    const { id } = ok(await ana.call('POST', '/api/v1/groups', { profile: { name: `group ${count++}` } }));
    if (role !== null) ok(await ana.call('POST', `/api/v1/groups/${String(id)}/roles`, { type: role }));
    return String(id);
  };
  /** Opens the stream of the session's events, does something, and gives what it said when it has ended. */
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

  it('give the roles of a bundle from the first instant to the last, with every job stopped', async () => {
    const lee = await somebody();
    const now = server.clock.now();
    await give({
      userId: lee.id,
      entitlement: await bundleOf(),
      startsAt: now + 60_000,
      expiresAt: now + 600_000,
    });
    expect((await lee.person.signIn()).status).toBe(200);
    server.clock.advance(59.999);
    expect(await statusOf(lee.person)).toBe(403);
    server.clock.advance(0.001);
    expect(await statusOf(lee.person)).toBe(200);
    server.clock.advance((540_000 - margin - 1) / 1000);
    expect(await statusOf(lee.person)).toBe(200);
    server.clock.advance(0.001);
    expect(await statusOf(lee.person)).toBe(403);
    // The clock goes back over its end, which nobody wrote down yet: it is written down then.
    server.clock.advance(-1);
    expect(await statusOf(lee.person)).toBe(403);
    server.clock.advance(1);
  });

  it('survive a restart, and end while the server is down', async () => {
    const lee = await somebody();
    const row = await give({ userId: lee.id, entitlement: await bundleOf() });
    await lee.person.signIn();
    await server.restart();
    expect(await statusOf(lee.person)).toBe(200);
    server.clock.advance(600);
    await server.restart();
    expect(await statusOf(lee.person)).toBe(403);
    expect((await lee.person.get(`/sallyport/v1/grants/${row.id}`)).body).toMatchObject({
      status: 'ended',
      endReason: 'expired',
    });
    expect(await eventsOf(row.id)).toHaveLength(1);
    await Promise.all([closeExpired(server.services), closeExpired(server.services)]);
    await closeExpired(server.services);
    const events = await eventsOf(row.id);
    expect(events.map(({ eventType }) => eventType)).toEqual([
      'user.account.privilege.grant',
      'user.account.privilege.revoke',
    ]);
    expect(events[1]?.body).toMatchObject({
      target: [{ id: lee.id, type: 'User' }, { type: 'EntitlementBundle' }],
      debugContext: { debugData: { grantEndReason: 'expired', grantSource: 'request' } },
    });
  });

  it('make somebody an administrator to the sign-in before they begin, and no more when they ended', async () => {
    const lee = await somebody();
    const password = 'correct horse battery staple';
    const begin = () => lee.person.call('POST', '/api/v1/authn', { username: lee.person.login, password });
    lee.person.cookie = null;
    const now = server.clock.now();
    const row = await give({
      userId: lee.id,
      entitlement: await bundleOf(),
      startsAt: now + 3_600_000,
      expiresAt: now + 7_200_000,
    });
    expect((await begin()).body).toMatchObject({ status: 'MFA_REQUIRED' });
    // Nor does anybody below a super admin manage the account.
    const helper = await somebody('HELP_DESK_ADMIN');
    const reset = await helper.person.callOnce('POST', `/api/v1/users/${lee.id}/lifecycle/suspend`);
    expect(reset.status).toBe(403);
    ok(await end(ana, row.id));
    const facts = await server.services.store.read
      .selectFrom('grants')
      .select(['endReason', 'endedBy'])
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow();
    expect(facts.endReason).toBe('ended-by-admin');
  });

  it('are not carried by tokens', async () => {
    const lee = await somebody();
    await give({ userId: lee.id, entitlement: await bundleOf('SUPER_ADMIN') });
    await lee.person.signIn();
    expect(await statusOf(lee.person)).toBe(200);
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId: lee.id,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    const headers = { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` };
    expect((await send(server.url, 'GET', USERS, headers)).status).toBe(403);
  });

  it('end early by the holder or a super admin, once, and count no more at the next request', async () => {
    const [lee, kim, eve] = [await somebody(), await somebody(), await somebody('READ_ONLY_ADMIN')];
    const own = await give({ userId: lee.id, entitlement: await bundleOf() });
    const other = await give({ userId: kim.id, entitlement: await bundleOf() });
    await lee.person.signIn();
    await kim.person.signIn();
    const nobody = await somebody();
    expect((await end(nobody.person, other.id)).status).toBe(404);
    expect((await end(lee.person, other.id)).status).toBe(403);
    expect(reasonOf(await end(eve.person, other.id))).toContain('super admin');
    expect(ok(await end(lee.person, own.id))).toMatchObject({
      status: 'ended',
      endReason: 'ended-by-holder',
      endedBy: lee.person.login,
    });
    expect(await statusOf(lee.person)).toBe(403);
    expect((await end(lee.person, own.id)).status).toBe(403);
    const many = await Promise.all(Array.from({ length: 8 }, () => end(ana, other.id)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await statusOf(kim.person)).toBe(403);
    expect(await eventsOf(other.id)).toHaveLength(2);
    expect((await end(ana, 'gra0000000000000000')).status).toBe(404);
  });

  it('refuse a change that was begun before the end and would be committed after it', async () => {
    const lee = await somebody();
    const { services: s, clock } = server;
    const row = await give({ userId: lee.id, entitlement: await bundleOf('SUPER_ADMIN') });
    await lee.person.signIn();
    const session = await s.store.read
      .selectFrom('sessions')
      .select('id')
      .where('userId', '=', lee.id)
      .where('parentId', 'is', null)
      .where('endedAt', 'is', null)
      .executeTakeFirstOrThrow();
    const principal = {
      kind: 'session' as const,
      userId: lee.id,
      sessionId: session.id,
      hasConsole: true,
      ...(await rightsAt(s.store.read, lee.id, clock.now())),
      request: hostPrincipal(s.random).request,
    };
    await createGroup(s, principal, { profile: { name: `in time ${count++}` } });
    clock.advance((row.powerEndsAt - clock.now()) / 1000);
    const late = createGroup(s, principal, { profile: { name: `late ${count++}` } });
    await expect(late).rejects.toMatchObject({ code: 'E0000006', options: { detail: 'grant-ended' } });
  });

  it('end the stream of whoever has them, by time and by hand', async () => {
    const lee = await somebody();
    const entitlement = await bundleOf();
    await give({ userId: lee.id, entitlement });
    await lee.person.signIn();
    expect(await streamUntilEnd(lee.person, () => server.clock.advance(600))).toContain('grant-ended');
    const row = await give({ userId: lee.id, entitlement });
    expect(await streamUntilEnd(lee.person, () => void end(ana, row.id))).toMatch(/grant-ended|rights-changed/);
  });

  it('of a group are a membership everywhere, for as long as they last', async () => {
    const lee = await somebody();
    const group = await madeGroup('READ_ONLY_ADMIN');
    const row = await give({ userId: lee.id, entitlement: { kind: 'group', id: group } });
    await lee.person.signIn();
    const listed = async (path: string): Promise<boolean> => (await ana.get(path)).text.includes(lee.id);
    const groupsOfLee = async (): Promise<boolean> =>
      (await ana.get(`/api/v1/users/${lee.id}/groups`)).text.includes(group);
    const count_ = async (): Promise<number> => Number(ok(await ana.get(`/sallyport/v1/groups/${group}`))['members']);
    expect(await statusOf(lee.person)).toBe(200);
    expect(await listed(`/api/v1/groups/${group}/users`)).toBe(true);
    expect(await listed(`/sallyport/v1/groups/${group}/members`)).toBe(true);
    expect(await groupsOfLee()).toBe(true);
    expect(await count_()).toBe(1);
    // Whoever takes somebody out is not told that it is done.
    const taken = await ana.call('DELETE', `/api/v1/groups/${group}/users/${lee.id}`);
    expect(taken.status).toBe(403);
    expect(taken.text).toContain('end the grant to end it now');
    expect(await statusOf(lee.person)).toBe(200);
    server.clock.advance((row.powerEndsAt - server.clock.now()) / 1000);
    expect(await statusOf(lee.person)).toBe(403);
    expect(await listed(`/api/v1/groups/${group}/users`)).toBe(false);
    expect(await listed(`/sallyport/v1/groups/${group}/members`)).toBe(false);
    expect(await groupsOfLee()).toBe(false);
    expect(await count_()).toBe(0);
    await closeExpired(server.services);
    expect((await eventsOf(row.id)).map(({ eventType }) => eventType)).toEqual([
      'group.user_membership.add',
      'group.user_membership.remove',
    ]);
  });

  it('of a group end the sessions of apps that it may have let its member into', async () => {
    const lee = await somebody();
    const group = await madeGroup(null);
    const place = await createAppAt(ana, `Wiki ${count++}`, 'http://wiki.localhost:8082', server.url);
    const policies = ok(await ana.get('/api/v1/policies?type=ACCESS_POLICY')) as unknown as Record<string, string>[];
    const policyId = policies.find(({ name }) => name === `Wiki ${count - 1}`)?.['id'];
    const rules = (await ana.get(`/api/v1/policies/${policyId}/rules`)).body as unknown as Record<string, unknown>[];
    const rule = rules.find(({ system }) => system !== true);
    const changed = await ana.call('PUT', `/api/v1/policies/${policyId}/rules/${String(rule?.['id'])}`, {
      name: 'members',
      conditions: { people: { groups: { include: [group] } } },
      actions: rule?.['actions'],
    });
    expect(changed.status, changed.text).toBe(200);
    await lee.person.signIn();
    const browser = new AppVisitor(lee.person, place);
    const isIn = async (): Promise<boolean> => {
      const asked = await send(server.url, 'GET', '/gateway/nginx', {
        'X-Forwarded-Host': place.host,
        'X-Forwarded-For': browser.address,
        'X-Original-Method': 'GET',
        'X-Original-URI': '/',
        'User-Agent': lee.person.userAgent,
        Cookie: `${browser.cookieName}=${browser.cookie}`,
      });
      expect([200, 401]).toContain(asked.status);
      return asked.status === 200;
    };
    expect((await browser.ask()).status).toBe(403);

    const first = await give({ userId: lee.id, entitlement: { kind: 'group', id: group } });
    expect((await browser.enter()).status).toBe(303);
    expect(await isIn()).toBe(true);
    const late = await browser.callbackPath();
    ok(await end(lee.person, first.id));
    expect(await isIn()).toBe(false);
    expect(String((await browser.navigate(late)).headers.location)).toContain('app-code-expired');
    expect(await isIn()).toBe(false);
    const ended = await server.services.store.read
      .selectFrom('sessions')
      .select('endReason')
      .where('userId', '=', lee.id)
      .where('appId', '=', place.id)
      .execute();
    expect(ended).toEqual([{ endReason: 'grant-ended' }]);

    // By time, with every job stopped.
    server.clock.advance(1);
    const second = await give({ userId: lee.id, entitlement: { kind: 'group', id: group } });
    await lee.person.signIn();
    expect((await browser.enter()).status).toBe(303);
    server.clock.advance((second.powerEndsAt - server.clock.now() - 1) / 1000);
    expect(await isIn()).toBe(true);
    server.clock.advance(0.001);
    expect(await isIn()).toBe(false);
  });

  it('are refused to whoever has the same already, twice at once, and to accounts that cannot use them', async () => {
    const lee = await somebody('READ_ONLY_ADMIN');
    const detail = (reason: string) => ({ code: 'E0000090', options: { detail: reason } });
    await expect(give({ userId: lee.id, entitlement: await bundleOf() })).rejects.toMatchObject(
      detail('grant-held-standing'),
    );
    const group = await madeGroup('READ_ONLY_ADMIN');
    const kim = await somebody();
    ok(await ana.call('PUT', `/api/v1/groups/${group}/users/${kim.id}`));
    await expect(give({ userId: kim.id, entitlement: { kind: 'group', id: group } })).rejects.toMatchObject(
      detail('grant-held-standing'),
    );
    // Held through the group.
    await expect(give({ userId: kim.id, entitlement: await bundleOf() })).rejects.toMatchObject(
      detail('grant-held-standing'),
    );
    const entitlement = await bundleOf('APP_ADMIN');
    const twice = await Promise.allSettled(Array.from({ length: 6 }, () => give({ userId: kim.id, entitlement })));
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(give({ userId: kim.id, entitlement })).rejects.toMatchObject(detail('grant-exists'));
    ok(await ana.call('POST', `/api/v1/users/${kim.id}/lifecycle/suspend`));
    await expect(give({ userId: kim.id, entitlement: await bundleOf('ORG_ADMIN') })).rejects.toMatchObject(
      detail('user-inactive'),
    );
    const now = server.clock.now();
    for (const times of [
      { startsAt: now, expiresAt: now },
      { startsAt: now - 2000, expiresAt: now - 1000 },
      { startsAt: now, expiresAt: now + 366 * 86_400_000 },
      { startsAt: now, expiresAt: Number.NaN },
    ])
      await expect(give({ userId: lee.id, entitlement, ...times })).rejects.toMatchObject({ code: 'E0000001' });
    await expect(
      give({ userId: lee.id, entitlement: { kind: 'bundle', id: '0bb00000000000000000' } }),
    ).rejects.toMatchObject({ code: 'E0000007' });
  });

  it('make no token of a service account, which would outlive them, and renew none', async () => {
    const lee = await somebody();
    await give({ userId: lee.id, entitlement: await bundleOf('SUPER_ADMIN') });
    await lee.person.signIn();
    const login = `robot${count++}@example.org`;
    const credentials = { password: { value: 'correct horse battery staple' } };
    const asked = { profile: { login, email: login }, credentials };
    const robot = String(ok(await ana.call('POST', '/api/v1/users', asked))['id']);
    const account = `/sallyport/v1/users/${robot}/service-account`;
    ok(await ana.call('PUT', account, { isServiceAccount: true }));
    const body = { name: `of ${login}`, purpose: 'backs up', network: { connection: 'LOOPBACK' } };
    const tokens = () =>
      server.services.store.read.selectFrom('apiTokens').selectAll().where('userId', '=', robot).execute();
    // It is a super admin for everything else.
    expect((await lee.person.get('/api/v1/iam/resource-sets')).status).toBe(200);
    const refused = await lee.person.call('POST', `${account}/api-tokens`, body);
    expect([refused.status, refused.body['errorCode']], refused.text).toEqual([403, 'E0000006']);
    expect(refused.text).toContain('who is one without an end');
    expect(ok(await lee.person.get(account))['tokenRefusal']).toContain('who is one without an end');
    expect(await tokens()).toEqual([]);
    expect(ok(await ana.get(account))['tokenRefusal']).toBe(null);
    const made = ok(await ana.call('POST', `${account}/api-tokens`, body));
    const before = await tokens();
    const rotate = await lee.person.call('POST', `/sallyport/v1/api-tokens/${made['id']}/rotate`, { overlapHours: 0 });
    expect([rotate.status, rotate.body['errorCode']], rotate.text).toEqual([403, 'E0000006']);
    expect(await tokens()).toEqual(before);
  });

  it('give nothing that stays to oneself, to one’s own, or to others without a second person', async () => {
    const lee = await somebody();
    const kim = await somebody();
    const ownGroup = await madeGroup('READ_ONLY_ADMIN');
    ok(await ana.call('PUT', `/api/v1/groups/${ownGroup}/users/${lee.id}`));
    const roleGroup = await madeGroup('APP_ADMIN');
    await give({ userId: lee.id, entitlement: await bundleOf('SUPER_ADMIN') });
    await lee.person.signIn();
    const role = { type: 'APP_ADMIN' };
    const kindOf = (reply: Reply): unknown => (reply.body['sallyport'] as { kind?: string } | undefined)?.kind;
    const refusedAsOwn = async (method: string, path: string, body?: unknown): Promise<void> => {
      const reply = await lee.person.call(method, path, body);
      expect(reply.status, reply.text).toBe(403);
      expect(reply.text).toContain('for a while only');
    };
    await refusedAsOwn('POST', `/api/v1/users/${lee.id}/roles`, role);
    await refusedAsOwn('POST', `/api/v1/groups/${ownGroup}/roles`, role);
    await refusedAsOwn('PUT', `/api/v1/groups/${roleGroup}/users/${lee.id}`);
    // An account of their own making is their own.
    const puppet = ok(
      await lee.person.call('POST', '/api/v1/users?activate=true', {
        profile: {
          firstName: 'Pup',
          lastName: 'Pet',
          login: `pup${count}@example.org`,
          email: `pup${count}@example.org`,
        },
      }),
    );
    await refusedAsOwn('POST', `/api/v1/users/${String(puppet['id'])}/roles`, role);
    await refusedAsOwn('PUT', `/api/v1/groups/${roleGroup}/users/${String(puppet['id'])}`);
    // To others: a second person, whatever the settings say.
    expect(kindOf(await lee.person.call('POST', `/api/v1/users/${kim.id}/roles`, role))).toBe('approval_required');
    expect(kindOf(await lee.person.call('PUT', `/api/v1/groups/${roleGroup}/users/${kim.id}`))).toBe(
      'approval_required',
    );
    // Nor is it changed alone who says yes to power from then on.
    const sequence = { name: 'Kim', steps: [{ approvers: { by: 'people', ids: [kim.id] }, count: 1 }] };
    expect(kindOf(await lee.person.call('POST', '/sallyport/v1/request-sequences', sequence))).toBe(
      'approval_required',
    );
    // Whoever stands asks nobody.
    ok(await ana.call('POST', `/api/v1/users/${kim.id}/roles`, role));
    // What a review took is given like anything else. It takes later than this was given.
    server.clock.advance(1);
    const campaigns = '/governance/api/v1/campaigns';
    const made = await ana.call('POST', campaigns, {
      name: 'Kim',
      scheduleSettings: {
        type: 'ONE_OFF',
        startDate: '2099-01-01T09:00:00Z',
        durationInDays: 7,
        timeZone: 'Europe/Oslo',
      },
      principalScopeSettings: { userIds: [kim.id] },
      reviewerSettings: { type: 'USER', reviewerId: lee.id },
      remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
      sallyport: { kinds: ['ROLE'] },
    });
    const id = String(ok(made)['id']);
    ok(await ana.call('POST', `${campaigns}/${id}/launch`));
    const items = ok(await lee.person.get(`/sallyport/v1/campaigns/${id}/items`)) as unknown as { id: string }[];
    const decisions = items.map((item) => ({ reviewId: item.id, decision: 'REVOKE', note: 'not needed' }));
    ok(await lee.person.call('POST', `/sallyport/v1/campaigns/${id}/decisions`, { decisions }));
    const restore = `/sallyport/v1/reviews/${items[0]?.id}/restore`;
    expect(kindOf(await lee.person.call('POST', restore))).toBe('approval_required');
    ok(await ana.call('POST', restore));
  });

  it('let somebody give to others what a second person approves, whose own power stays', async () => {
    const [lee, bo, kim] = [await somebody(), await somebody(), await somebody()];
    // Accounts that one hand made count as one for 30 days.
    server.clock.advance(31 * 86_400);
    await ana.signIn();
    const entitlement = await bundleOf('SUPER_ADMIN');
    for (const { id, person } of [lee, bo]) {
      await give({ userId: id, entitlement });
      await person.signIn();
    }
    const path = `/api/v1/users/${kim.id}/roles`;
    const asked = (await lee.person.call('POST', path, { type: 'APP_ADMIN' })).body['sallyport'] as {
      kind: string;
      approvalId: string;
      proofUrl: string;
    };
    expect(asked.kind).toBe('approval_required');
    const approve = async (person: Person): Promise<Reply> => {
      const { challenge } = (await person.get(`/sallyport/v1/approvals/${asked.approvalId}`)).body as unknown as {
        challenge: string;
      };
      return person.call('POST', `/sallyport/v1/approvals/${asked.approvalId}/approve`, { challenge });
    };
    expect((await approve(bo.person)).body['sallyport']).toMatchObject({ reason: 'approver-for-a-while' });
    ok(await approve(ana));
    const proof = String((await lee.person.get(asked.proofUrl)).body['proof']);
    ok(await lee.person.callOnce('POST', path, { type: 'APP_ADMIN' }, { 'Sallyport-Proof': proof }));
  });

  it('outlive in history what they speak of, and end with it', async () => {
    const lee = await somebody();
    const bundle = await bundleOf();
    const row = await give({ userId: lee.id, entitlement: bundle });
    await lee.person.signIn();
    expect(ok(await ana.get(`/api/v1/iam/governance/bundles/${bundle.id}`))).toMatchObject({ openGrants: 1 });
    // From its last instant on nobody has it, also where its end was not written down yet.
    const used = (now: number) => inUse(server.services.store.read, [bundle.id], now);
    expect([...(await used(Number(row.powerEndsAt) - 1)).values()]).toEqual([1]);
    expect([...(await used(Number(row.powerEndsAt))).values()]).toEqual([]);
    ok(await ana.call('DELETE', `/api/v1/iam/governance/bundles/${bundle.id}`));
    expect(await statusOf(lee.person)).toBe(403);
    const group = await madeGroup(null);
    const second = await give({ userId: lee.id, entitlement: { kind: 'group', id: group } });
    ok(await ana.call('DELETE', `/api/v1/groups/${group}`));
    const third = await give({ userId: lee.id, entitlement: await bundleOf() });
    ok(await ana.call('POST', `/api/v1/users/${lee.id}/lifecycle/deactivate`));
    ok(await ana.call('POST', `/api/v1/users/${lee.id}/lifecycle/activate`));
    ok(await ana.call('POST', `/api/v1/users/${lee.id}/lifecycle/deactivate`));
    ok(await ana.call('DELETE', `/api/v1/users/${lee.id}`));
    const listed = (await ana.get(`/sallyport/v1/grants?whose=all&userId=${lee.id}`)).body as unknown as {
      id: string;
      endReason: string;
      user: { login: string };
      entitlement: { name: string };
    }[];
    expect(new Map(listed.map(({ id, endReason }) => [id, endReason]))).toEqual(
      new Map([
        [row.id, 'bundle-deleted'],
        [second.id, 'group-deleted'],
        [third.id, 'user-deactivated'],
      ]),
    );
    for (const { user, entitlement } of listed) {
      expect(user.login).toBe(lee.person.login);
      expect(entitlement.name).toMatch(/^(bundle|group) \d+$/);
    }
  });

  it('are listed to whoever has them, and to whoever sees who holds roles, page by page', async () => {
    const lee = await somebody();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await give({ userId: lee.id, entitlement: await bundleOf() })).id);
    await lee.person.signIn();
    const list = async (person: Person, query: string): Promise<string[]> => {
      const found: string[] = [];
      let next: string | undefined = `/sallyport/v1/grants?${query}`;
      while (next !== undefined) {
        const reply: Reply = await person.get(next);
        ok(reply);
        found.push(...(reply.body as unknown as { id: string }[]).map(({ id }) => id));
        const link: string = [reply.headers['link'] ?? []].flat().join(',');
        next = /<([^>]+)>; rel="next"/.exec(link)?.[1];
      }
      return found;
    };
    expect((await list(lee.person, 'limit=2')).toSorted()).toEqual(ids.toSorted());
    expect(await list(ana, `whose=all&status=OPEN&userId=${lee.id}&limit=1`)).toEqual(
      await list(lee.person, 'limit=5'),
    );
    ok(await end(ana, ids[2] ?? ''));
    expect(await list(lee.person, 'status=ENDED')).toEqual([ids[2]]);
    const kim = await somebody();
    expect(await list(kim.person, '')).toEqual([]);
    expect((await kim.person.get('/sallyport/v1/grants?whose=all')).status).toBe(403);
    expect((await kim.person.get(`/sallyport/v1/grants/${ids[0]}`)).status).toBe(404);
    expect((await kim.person.get('/sallyport/v1/grants?limit=0')).status).toBe(400);
  });

  it('of a bundle change with it at once', async () => {
    const lee = await somebody();
    const bundle = await bundleOf('REPORT_ADMIN');
    await give({ userId: lee.id, entitlement: bundle });
    await lee.person.signIn();
    expect(await statusOf(lee.person, '/api/v1/groups?limit=1')).toBe(403);
    const path = `/api/v1/iam/governance/bundles/${bundle.id}`;
    const put = (entitlements: readonly object[]) =>
      ana.call('PUT', path, { name: `changed ${count++}`, description: '', entitlements });
    const group = await madeGroup(null);
    ok(await put([{ role: 'USER_ADMIN', targets: [group] }, { role: 'REPORT_ADMIN' }]));
    const groups = (await lee.person.get('/api/v1/groups')).body as unknown as { id: string }[];
    expect(groups.map(({ id }) => id)).toEqual([group]);
    const { entitlements } = ok(await ana.get(`${path}/entitlements`)) as unknown as {
      entitlements: { id: string; role: string }[];
    };
    expect(entitlements.map(({ role }) => role).toSorted()).toEqual(['REPORT_ADMIN', 'USER_ADMIN']);
    const narrowed = entitlements.find(({ role }) => role === 'USER_ADMIN')?.id;
    const { entitlementValues } = ok(await ana.get(`${path}/entitlements/${narrowed}/values`)) as unknown as {
      entitlementValues: { id: string }[];
    };
    expect(entitlementValues.map(({ id }) => id)).toEqual([group]);
    const sources = `/api/v1/users/${lee.id}/roles/${narrowed}/governance`;
    const { grants } = ok(await ana.get(sources)) as unknown as { grants: { grantId: string }[] };
    expect(grants).toMatchObject([{ type: 'ENTITLEMENT-BUNDLE', bundleId: bundle.id }]);
    ok(await ana.get(`${sources}/${grants[0]?.grantId}`));
    expect((await ana.get(`${sources}/${grants[0]?.grantId}/resources`)).text).toContain(group);
    expect((await ana.get(`${sources}/gra0000000000000000`)).status).toBe(404);
    const who = (await ana.get('/sallyport/v1/access/who?permission=okta.groups.read')).body as unknown as {
      people: { id: string; by: { until: string | null }[] }[];
    };
    expect(who.people.find(({ id }) => id === lee.id)?.by[0]?.until).toMatch(/^2026-/);
    const what = (await ana.get(`/sallyport/v1/access/what/${lee.id}`)).body as unknown as {
      can: { permission: string; by: { until: string | null }[] }[];
    };
    expect(what.can.find(({ permission }) => permission === 'okta.groups.read')?.by[0]?.until).toMatch(/^2026-/);
    ok(await put([{ role: 'REPORT_ADMIN' }]));
    expect(await statusOf(lee.person, '/api/v1/groups?limit=1')).toBe(403);
    expect((await ana.get(sources)).status).toBe(404);
    for (const wrong of [
      [],
      [{ role: 'NO_SUCH_ROLE' }],
      [{ role: 'REPORT_ADMIN' }, { role: 'REPORT_ADMIN' }],
      [{ role: 'USER_ADMIN', targets: [] }],
      [{ role: 'REPORT_ADMIN', targets: [group] }],
      [{ role: 'REPORT_ADMIN', resourceSets: ['iam00000000000000000'] }],
    ])
      expect((await put(wrong)).status).toBeGreaterThanOrEqual(400);
    const other = await madeBundle({ role: 'REPORT_ADMIN' });
    const { name } = ok(await ana.get(`/api/v1/iam/governance/bundles/${other}`));
    expect((await ana.call('PUT', path, { name, entitlements: [{ role: 'REPORT_ADMIN' }] })).status).toBe(400);
  });
});
