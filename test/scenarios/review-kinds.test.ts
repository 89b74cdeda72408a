/** What reviews ask about beside roles; two levels, series, long lists, and mails to those who are asked. */
import { afterEach, describe, expect, it } from 'vitest';
import { createGrant, extendGrant } from '../../packages/server/src/grants/create-grant.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { runReviews } from '../../packages/server/src/reviews/run-reviews.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { expectTallies } from '../harness/expect-tallies.ts';
import { serviceAppBody } from '../harness/machine.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { storeRequest } from '../harness/stored-request.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(async () => {
  await expectTallies(server).finally(() => server.stop());
});

const DAY = 86_400;
interface Item {
  readonly id: string;
  readonly kind: string;
  readonly subject: { readonly id: string; readonly name: string };
  readonly resource: { readonly id: string; readonly name: string };
  readonly reviewers: readonly { readonly id: string }[];
  readonly gives: readonly string[];
  readonly how: string;
  readonly level: string;
  readonly decision: string | null;
  readonly remediation: { readonly status: string; readonly sentence: string | null };
  readonly restorableUntil: string | null;
  readonly decide: { readonly isAllowed: boolean; readonly sentence: string };
}
const ok = (reply: Reply): Record<string, unknown> => {
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply.body;
};
const make = async (person: Person, path: string, body?: unknown): Promise<string> =>
  String(ok(await person.call('POST', path, body))['id']);
const idOf = async (person: Person): Promise<string> => String(ok(await person.get('/api/v1/users/me'))['id']);
const CAMPAIGNS = '/governance/api/v1/campaigns';
const draft = (reviewerSettings: Record<string, unknown>, more: Record<string, unknown>) => ({
  name: 'Review',
  scheduleSettings: { type: 'ONE_OFF', startDate: '2099-01-01T09:00:00Z', durationInDays: 7, timeZone: 'Europe/Oslo' },
  reviewerSettings,
  remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
  ...more,
});
const launched = async (person: Person, body: unknown): Promise<string> => {
  const id = await make(person, CAMPAIGNS, body);
  ok(await person.call('POST', `${CAMPAIGNS}/${id}/launch`));
  return id;
};
const items = async (person: Person, id: string, query = 'show=all&limit=200'): Promise<Item[]> =>
  ok(await person.get(`/sallyport/v1/campaigns/${id}/items?${query}`)) as unknown as Item[];
const decide = (person: Person, id: string, reviewId: string | undefined, decision: string, note = 'because') =>
  person.call('POST', `/sallyport/v1/campaigns/${id}/decisions`, { decisions: [{ reviewId, decision, note }] });

describe.each(FIRST_ENGINE)('reviews on %s', (engine) => {
  let ana: Person;
  let bea: Person;
  let [anaId, beaId] = ['', ''];
  const begin = async (env: Record<string, string> = {}): Promise<void> => {
    server = await startTestServer({ engine, env });
    ana = await signedInAdmin(server);
    bea = await enrolPerson(server, ana, 'bea@example.org', 'SUPER_ADMIN');
    server.clock.advance(31 * DAY);
    for (const person of [ana, bea]) await person.signIn();
    [anaId, beaId] = [await idOf(ana), await idOf(bea)];
  };
  const byBea = () => ({ type: 'USER', reviewerId: beaId });

  it('takes a token at its door at once, and revokes it at the end of the grace', async () => {
    await begin();
    const made = ok(
      await ana.call('POST', '/api/v1/api-tokens', {
        ...{ name: 'deploy', purpose: 'deploys', network: { connection: 'ANYWHERE' } },
      }),
    );
    const call = () => send(server.url, 'GET', '/api/v1/users', { Authorization: `SSWS ${String(made['token'])}` });
    expect((await call()).status).toBe(200);
    const before = await launched(ana, draft(byBea(), { sallyport: { kinds: ['API_TOKEN'] } }));
    expect((await items(bea, before))[0]).toMatchObject({ findings: [], requests: { asked: 0, given: 0, forThis: 0 } });
    // Another token of hers is tried from outside of its network: the log holds it against her.
    const zone = { type: 'IP', name: 'office', gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] };
    const network = { connection: 'ZONE', include: [await make(ana, '/api/v1/zones', zone)] };
    const other = ok(await ana.call('POST', '/api/v1/api-tokens', { name: 'other', purpose: 'tried', network }));
    const outside = { Authorization: `SSWS ${String(other['token'])}` };
    expect((await send(server.url, 'GET', '/api/v1/users', outside)).status).toBe(401);
    ok(await ana.call('DELETE', `/api/v1/api-tokens/${String(other['id'])}`));
    const id = await launched(ana, draft(byBea(), { sallyport: { kinds: ['API_TOKEN'] } }));
    const [item] = await items(bea, id);
    expect(item).toMatchObject({
      ...{ kind: 'API_TOKEN', resource: { name: 'deploy' }, subject: { id: anaId } },
      findings: [{ kind: 'OUTSIDE_NETWORK', count: 1, lastAt: new Date(server.clock.now()).toISOString() }],
      suggestion: { decision: 'REVOKE' },
    });
    for (const [format, words] of [
      ['json', '"kind": "OUTSIDE_NETWORK"'],
      ['csv', 'OUTSIDE_NETWORK 1'],
      ['html', 'a token was used from outside of its network (1, last'],
    ])
      expect((await bea.get(`/sallyport/v1/campaigns/${id}/report?format=${format}`)).text).toContain(words);
    // Its owner is its subject.
    expect((await decide(ana, id, item?.id, 'APPROVE')).status).toBe(403);
    ok(await decide(bea, id, item?.id, 'REVOKE'));
    expect((await call()).status).toBe(401);
    // Not by its owner, who would give it back to themselves.
    expect((await ana.call('POST', `/sallyport/v1/reviews/${item?.id}/restore`)).text).toContain(
      'Nobody reviews their own',
    );
    ok(await bea.call('POST', `/sallyport/v1/reviews/${item?.id}/restore`));
    expect((await call()).status).toBe(200);
    const again = await launched(ana, draft(byBea(), { sallyport: { kinds: ['API_TOKEN'] } }));
    const [second] = await items(bea, again);
    ok(await decide(bea, again, second?.id, 'REVOKE'));
    server.clock.advance(7 * DAY);
    await runReviews(server.services);
    const tokens = server.services.store.read.selectFrom('apiTokens').selectAll().where('name', '=', 'deploy');
    const row = await tokens.executeTakeFirstOrThrow();
    expect(row.revokedAt).toBe(server.clock.now());
  });

  it('takes a service app, whose maker does not review it, and what people have for a while', async () => {
    await begin();
    const appId = await make(ana, '/api/v1/apps', serviceAppBody('machine'));
    await make(ana, `/oauth2/v1/clients/${appId}/roles`, { type: 'READ_ONLY_ADMIN' });
    const groupId = await make(ana, '/api/v1/groups', { profile: { name: 'On call' } });
    const lee = await enrolPerson(server, bea, 'lee@example.org', null);
    const leeId = await idOf(lee);
    const given = await server.services.store.transaction((tx) =>
      createGrant(server.services, tx, hostPrincipal(server.services.random), {
        userId: leeId,
        entitlement: { kind: 'group', id: groupId },
        startsAt: server.clock.now(),
        expiresAt: server.clock.now() + DAY * 1000,
        source: { kind: 'admin', id: anaId },
        reason: 'on call this night',
      }),
    );
    const asked = { requesterId: leeId, beneficiaryId: leeId, steps: [], conditionId: 'gone' };
    await storeRequest(server.services, { ...asked, groupId });
    await storeRequest(server.services, {
      ...asked,
      groupId: await make(ana, '/api/v1/groups', { profile: { name: 'X' } }),
    });
    const id = await launched(
      ana,
      draft({ type: 'USER', reviewerId: anaId }, { sallyport: { kinds: ['SERVICE_APP', 'GRANT'] } }),
    );
    const all = await items(bea, id);
    const app = all.find(({ kind }) => kind === 'SERVICE_APP');
    const grant = all.find(({ kind }) => kind === 'GRANT');
    expect(app).toMatchObject({ gives: ['Read-only Administrator'], reviewers: [{ id: beaId }], requests: null });
    expect(grant).toMatchObject({
      ...{ resource: { name: 'On call' }, reviewers: [{ id: anaId }] },
      requests: { asked: 2, given: 0, forThis: 1 },
    });
    expect(grant?.how).toContain('on call this night');
    expect((await decide(ana, id, app?.id, 'REVOKE')).status).toBe(403);
    ok(await decide(bea, id, app?.id, 'REVOKE'));
    const locks = () => server.services.store.read.selectFrom('locks').select('subjectId').execute();
    expect(await locks()).toEqual([{ subjectId: appId }]);
    // It was made longer since the review began: what is taken is the access, whatever it goes on in.
    await server.services.store.transaction((tx) =>
      extendGrant(server.services, tx, {
        ...{ grantId: given.id, userId: leeId, entitlement: { kind: 'group', id: groupId }, seconds: 3600 },
        ...{ source: { kind: 'request', id: 'req1' }, reason: 'and the morning' },
      }),
    );
    ok(await decide(ana, id, grant?.id, 'REVOKE'));
    const ends = await server.services.store.read.selectFrom('grants').select(['id', 'endReason']).execute();
    expect(ends.find((one) => one.id === given.id)?.endReason).toBe('extended');
    expect(ends.filter((one) => one.id !== given.id).map(({ endReason }) => endReason)).toEqual(['ended-by-admin']);
    expect((await items(ana, id)).find(({ kind }) => kind === 'GRANT')).toMatchObject({
      remediation: { status: 'SUCCESS' },
      restorableUntil: null,
    });
    server.clock.advance(7 * DAY);
    await runReviews(server.services);
    expect(await locks()).toEqual([]);
    for (const person of [ana, bea]) await person.signIn();
    expect(ok(await ana.get(`/api/v1/apps/${appId}`))['status']).toBe('INACTIVE');
  });

  it('takes a membership with the role that comes with it; what a rule made it leaves to the rule', async () => {
    await begin();
    const leeId = await make(ana, '/api/v1/users?activate=true', {
      profile: { firstName: 'Lee', lastName: 'Park', login: 'lee@example.org', email: 'lee@example.org', city: 'Oslo' },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    const [held, ruled] = [
      await make(ana, '/api/v1/groups', { profile: { name: 'Helpers' } }),
      await make(ana, '/api/v1/groups', { profile: { name: 'Oslo' } }),
    ];
    await make(ana, `/api/v1/groups/${held}/roles`, { type: 'HELP_DESK_ADMIN' });
    ok(await ana.call('PUT', `/api/v1/groups/${held}/users/${leeId}`));
    const ruleId = await make(ana, '/api/v1/groups/rules', {
      type: 'group_rule',
      name: 'In Oslo',
      conditions: { expression: { value: 'user.city=="Oslo"', type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [ruled] } },
    });
    ok(await ana.call('POST', `/api/v1/groups/rules/${ruleId}/lifecycle/activate`));
    await expect
      .poll(async () => (await ana.get(`/api/v1/groups/${ruled}/users`)).body.length, { timeout: 15_000 })
      .toBe(1);
    server.clock.advance(31 * DAY);
    for (const person of [ana, bea]) await person.signIn();
    const roles = await launched(
      ana,
      draft(byBea(), { sallyport: { kinds: ['ROLE'] }, principalScopeSettings: { userIds: [leeId] } }),
    );
    const [viaGroup, ...others] = await items(bea, roles);
    expect(others).toEqual([]);
    expect(viaGroup).toMatchObject({ kind: 'GROUP_MEMBERSHIP', gives: ['Help Desk Administrator'] });
    ok(await decide(bea, roles, viaGroup?.id, 'REVOKE'));
    expect((await ana.get(`/api/v1/groups/${held}/users`)).body).toEqual([]);
    ok(await ana.call('POST', `/sallyport/v1/reviews/${viaGroup?.id}/restore`));
    expect((await ana.get(`/api/v1/groups/${held}/users`)).body).toHaveLength(1);
    const memberships = await launched(
      ana,
      draft(byBea(), {
        resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: ruled, resourceType: 'GROUP' }] },
      }),
    );
    const [byRule] = await items(bea, memberships);
    expect(byRule?.how).toBe('Member of the group');
    ok(await decide(bea, memberships, byRule?.id, 'REVOKE'));
    expect((await items(bea, memberships))[0]).toMatchObject({
      remediation: { status: 'MANUAL', sentence: expect.stringContaining('Change the rule') },
    });
    expect((await ana.get(`/api/v1/groups/${ruled}/users`)).body).toHaveLength(1);
  });

  it('asks a second level, another person, from its day on', async () => {
    await begin();
    const lee = await enrolPerson(server, ana, 'lee@example.org', 'HELP_DESK_ADMIN');
    const cy = await enrolPerson(server, ana, 'cy@example.org', 'READ_ONLY_ADMIN');
    server.clock.advance(31 * DAY);
    for (const person of [ana, bea, lee, cy]) await person.signIn();
    const [leeId, cyId] = [await idOf(lee), await idOf(cy)];
    const level = (reviewerId: string, startReview: Record<string, unknown>) => ({
      ...{ type: 'USER', reviewerId, startReview },
    });
    const reviewerSettings = {
      type: 'MULTI_LEVEL',
      reviewerLevels: [level(beaId, { onDay: 0 }), level(cyId, { onDay: 2, when: 'LOWER_LEVEL_APPROVES' })],
    };
    const id = await launched(
      ana,
      draft(reviewerSettings, { sallyport: { kinds: ['ROLE'] }, principalScopeSettings: { userIds: [leeId] } }),
    );
    const [item] = await items(bea, id);
    const reassign = (reviewerId: string, reviewerLevel: string) =>
      ana.call('POST', `${CAMPAIGNS}/${id}/reviews/reassign`, {
        ...{ reviewerId, reviewerLevel, reviewIds: [item?.id], note: 'away' },
      });
    // Neither level is given to whoever alone answers the other one: the item would be stuck.
    for (const [person, of] of [
      [beaId, 'SECOND'],
      [cyId, 'FIRST'],
    ] as const)
      expect((await reassign(person, of)).text).toContain('answers it at the other level');
    ok(await decide(bea, id, item?.id, 'APPROVE'));
    expect((await items(bea, id))[0]).toMatchObject({
      level: 'SECOND',
      decision: null,
      decide: { isAllowed: false, sentence: 'You decided it at the first level; the second is another person’s.' },
    });
    expect((await items(cy, id))[0]?.decide.sentence).toBe('The second level begins later.');
    server.clock.advance(2 * DAY);
    for (const person of [ana, cy]) await person.signIn();
    // Another account of whoever decided the first level is no other person.
    const numbered = async (userId: string, employeeNumber: string) =>
      ok(await ana.call('POST', `/api/v1/users/${userId}`, { profile: { employeeNumber } }));
    for (const userId of [cyId, beaId]) await numbered(userId, '4711');
    expect((await items(cy, id))[0]?.decide.sentence).toMatch(/^You decided it at the first level/);
    // Nor is somebody who is tied to them, as whoever was one person with them a moment ago.
    await numbered(cyId, '4712');
    expect((await items(cy, id))[0]?.decide.sentence).toMatch(/^Somebody with whom you are tied decided it/);
    const refused = await decide(cy, id, item?.id, 'APPROVE');
    expect([refused.status, refused.body['sallyport']]).toMatchObject([403, { reason: 'review-decided-by-tied' }]);
    for (const person of [cyId, beaId])
      expect((await reassign(person, 'SECOND')).text).toContain('answers it at the other level');
    ok(await reassign(anaId, 'SECOND'));
    ok(await decide(ana, id, item?.id, 'REVOKE'));
    expect((await ana.get(`/api/v1/users/${leeId}/roles`)).body).toEqual([]);
    const whole = ok(await ana.get(`/governance/api/v1/reviews/${item?.id}`));
    expect(whole['allReviewerLevels']).toMatchObject([
      { reviewerLevel: 'FIRST', decision: 'APPROVE' },
      { reviewerLevel: 'SECOND', decision: 'REVOKE' },
    ]);
    // Where nobody could be asked at the second level, silence takes nothing that the first one left.
    await bea.signIn();
    const alone = await launched(
      ana,
      draft(
        {
          type: 'MULTI_LEVEL',
          reviewerLevels: [level(beaId, { onDay: 0 }), level(beaId, { onDay: 1, when: 'LOWER_LEVEL_APPROVES' })],
        },
        {
          ...{ sallyport: { kinds: ['ROLE'] }, principalScopeSettings: { userIds: [anaId] } },
          remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'DENY' },
        },
      ),
    );
    const [own] = await items(bea, alone);
    ok(await decide(bea, alone, own?.id, 'APPROVE'));
    server.clock.advance(8 * DAY);
    await runReviews(server.services);
    await ana.signIn();
    expect((await items(ana, alone))[0]?.remediation.sentence).toBe(
      'Nobody could be asked about it, so nothing was taken.',
    );
    expect((await ana.get(`/api/v1/users/${anaId}/roles`)).body).toMatchObject([{ type: 'SUPER_ADMIN' }]);
  });

  it('plans the next run when one begins, and runs it after a long stop with its whole length', async () => {
    await begin();
    const start = server.clock.now() + DAY * 1000;
    const first = await make(
      ana,
      CAMPAIGNS,
      draft(byBea(), {
        sallyport: { kinds: ['ROLE'] },
        scheduleSettings: {
          ...{
            type: 'RECURRING',
            startDate: new Date(start).toISOString(),
            durationInDays: 7,
            timeZone: 'Europe/Oslo',
          },
          recurrence: { interval: 'P1M' },
        },
      }),
    );
    const rows = () => server.services.store.read.selectFrom('campaigns').selectAll().orderBy('run').execute();
    await runReviews(server.services);
    expect(await rows()).toMatchObject([{ status: 'SCHEDULED' }]);
    server.clock.advance(DAY);
    await Promise.all([runReviews(server.services), runReviews(server.services)]);
    expect(await rows()).toMatchObject([
      { id: first, status: 'ACTIVE', startAt: start },
      { status: 'SCHEDULED', seriesId: first, run: 1 },
    ]);
    // Three months without a server: one run, now, and the next in the future.
    server.clock.advance(95 * DAY);
    await server.restart();
    await runReviews(server.services);
    const [, second, third, ...more] = await rows();
    expect(more).toEqual([]);
    expect(second).toMatchObject({ status: 'ACTIVE', endsAt: server.clock.now() + 7 * DAY * 1000 });
    expect(third?.startAt).toBeGreaterThan(server.clock.now());
  });

  it('lists more than a thousand items in pages that hold each once', async () => {
    await begin();
    const groupId = await make(ana, '/api/v1/groups', { profile: { name: 'Many' } });
    await server.services.store.transaction(async (tx) => {
      const row = await tx.selectFrom('users').selectAll().where('id', '=', beaId).executeTakeFirstOrThrow();
      for (let from = 0; from < 1050; from += 150) {
        const people = Array.from({ length: 150 }, (_, i) => {
          const login = `p${String(from + i).padStart(5, '0')}@example.org`;
          const id = `00u${String(from + i).padStart(17, 'm')}`;
          return { ...row, id, login, loginFolded: login, profile: JSON.stringify({ login, email: login }) };
        });
        await tx.insertInto('users').values(people).execute();
        await tx
          .insertInto('groupMembers')
          .values(people.map(({ id }) => ({ groupId, userId: id, addedAt: 0, addedBy: 'host' })))
          .execute();
      }
    });
    const id = await launched(
      ana,
      draft(byBea(), {
        resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: groupId, resourceType: 'GROUP' }] },
      }),
    );
    const pages = async (first: string): Promise<string[]> => {
      const seen: string[] = [];
      for (let next: string | undefined = first; next !== undefined; ) {
        const reply = await ana.get(next);
        const data = (Array.isArray(reply.body) ? reply.body : reply.body['data']) as { id: string }[];
        seen.push(...data.map((one) => one.id));
        const link = [reply.headers['link'] ?? []].flat().join(', ');
        const target = /<([^>]+)>; rel="next"/.exec(link)?.[1];
        next = target === undefined ? undefined : target.slice(server.url.length);
      }
      return seen;
    };
    const filter = encodeURIComponent(`campaignId eq "${id}"`);
    const wire = await pages(`/governance/api/v1/reviews?filter=${filter}&limit=200`);
    expect(new Set(wire).size).toBe(1050);
    expect(wire).toHaveLength(1050);
    expect(await pages(`/governance/api/v1/reviews?filter=${filter}&limit=200`)).toEqual(wire);
    const own = await pages(`/sallyport/v1/campaigns/${id}/items?show=all&limit=200`);
    expect(own.toSorted()).toEqual(wire.toSorted());
    const decided = await pages(
      `/governance/api/v1/reviews?filter=${filter}&limit=200&orderBy=${encodeURIComponent('decided desc')}`,
    );
    expect(decided.toSorted()).toEqual(wire.toSorted());
  });

  it('approves in bulk what the evidence speaks for, by the caller’s key', async () => {
    await begin();
    // Ana made a campaign: she uses what she has.
    await make(ana, CAMPAIGNS, draft(byBea(), { sallyport: { kinds: ['ROLE'] } }));
    await server.services.permissionUse.flush();
    const id = await launched(ana, draft(byBea(), { sallyport: { kinds: ['ROLE'] } }));
    const path = `/governance/api/v1/my/campaigns/${id}/reviews/bulk-decisions`;
    const body = {
      criteria: { type: 'GOVERNANCE_ANALYZER', govAnalyzerCriteria: { recommendedActionDecision: 'APPROVE' } },
      reviewDecision: 'APPROVE',
      notes: 'all in use',
    };
    const done = ok(await bea.call('POST', path, body));
    expect(done).toMatchObject({ status: 'COMPLETED', eligibleReviewRecordCount: 1 });
    expect(ok(await bea.get(`${path}/jobs/${String(done['jobId'])}`))).toMatchObject({ status: 'COMPLETED' });
    expect((await ana.get(`${path}/jobs/${String(done['jobId'])}`)).status).toBe(404);
    const all = await items(ana, id);
    expect(all.filter(({ decision }) => decision === 'APPROVE')).toHaveLength(1);
    // Her own is not among them.
    expect(all.find(({ subject }) => subject.id === beaId)?.decision).toBeNull();
  });

  it('mails those who have something to answer, once, and nobody else', async () => {
    await begin({ SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9', SALLYPORT_MAIL_FROM: 'sallyport@example.org' });
    const id = await launched(
      ana,
      draft(byBea(), {
        sallyport: { kinds: ['ROLE'] },
        principalScopeSettings: { userIds: [anaId] },
        notificationSettings: {
          notifyReviewerWhenReviewAssigned: true,
          notifyReviewerAtCampaignEnd: true,
          remindersReviewerBeforeCampaignCloseInSecs: [86400, 172800],
        },
      }),
    );
    const mails = async () =>
      (await server.services.store.read.selectFrom('outbox').select('payload').where('sink', '=', 'mail').execute())
        .map(({ payload }) => JSON.parse(payload) as { to: string; subject: string; text: string })
        .filter(({ text }) => text.includes(`/reviews/${id}`))
        .map(({ to, subject }) => `${to}: ${subject}`);
    expect(await mails()).toEqual(['bea@example.org: Review of access: Review']);
    server.clock.advance(5 * DAY);
    await runReviews(server.services);
    await runReviews(server.services);
    expect(await mails()).toHaveLength(2);
    server.clock.advance(2 * DAY);
    await runReviews(server.services);
    expect((await mails()).at(-1)).toBe('bea@example.org: The review “Review” is over');
  });
});

describe('what a campaign may ask', () => {
  it('is refused in words where this server cannot do it', async () => {
    server = await startTestServer({});
    const ana = await signedInAdmin(server);
    const anaId = await idOf(ana);
    const refused = async (more: Record<string, unknown>): Promise<string> => {
      const reply = await ana.call('POST', CAMPAIGNS, draft({ type: 'USER', reviewerId: anaId }, more));
      expect(reply.status, reply.text).toBe(400);
      return JSON.stringify(reply.body['errorCauses']);
    };
    const roles = { sallyport: { kinds: ['ROLE'] } };
    expect(await refused({})).toContain('names nothing to review');
    expect(
      await refused({ ...roles, principalScopeSettings: { userScopeExpression: 'security.risk.level == "HIGH"' } }),
    ).toContain('asks about people');
    expect(await refused({ ...roles, principalScopeSettings: { userScopeExpression: 'user.getGroups()' } })).toContain(
      'is not understood',
    );
    expect(
      await refused({ ...roles, principalScopeSettings: { predefinedInactiveUsersScope: { inactiveDays: 29 } } }),
    ).toContain('inactiveDays');
    expect(await refused({ ...roles, reviewerSettings: { type: 'USER', reviewerId: '00uNobody' } })).toContain(
      'no such person',
    );
    const level = { type: 'USER', reviewerId: anaId };
    const reviewerLevels = [0, 7].map((onDay) => ({ ...level, startReview: { onDay } }));
    expect(await refused({ ...roles, reviewerSettings: { type: 'MULTI_LEVEL', reviewerLevels } })).toContain(
      'lies after the end',
    );
    const schedule = {
      type: 'RECURRING',
      startDate: '2099-01-01T09:00:00Z',
      durationInDays: 7,
      timeZone: 'Europe/Oslo',
    };
    expect(await refused({ ...roles, scheduleSettings: { ...schedule, timeZone: 'Mars/Olympus' } })).toContain(
      'no time zone',
    );
    expect(await refused({ ...roles, scheduleSettings: { ...schedule, recurrence: { interval: 'PT1H' } } })).toContain(
      'P3M',
    );
    expect(
      await refused({
        resourceSettings: { type: 'APPLICATION', targetResources: [{ resourceId: 'x', resourceType: 'APPLICATION' }] },
      }),
    ).toContain('the Admin Console is reviewed');
    expect(await server.services.store.read.selectFrom('campaigns').select('id').execute()).toEqual([]);
  });
});
