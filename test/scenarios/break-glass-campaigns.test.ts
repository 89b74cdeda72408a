/** Reviews of access that ask about break-glass accounts: who decides, what they see, and that nothing is ever taken. Both engines. */
import { afterEach, describe, expect, it } from 'vitest';
import { remindKeepers } from '../../packages/server/src/break-glass/remind-keepers.ts';
import { runReviews } from '../../packages/server/src/reviews/run-reviews.ts';
import { breakGlass, type Glass, holderOf, makeGlass, NETWORKS } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { expectTallies } from '../harness/expect-tallies.ts';
import { type Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(async () => {
  await expectTallies(server).finally(() => server.stop());
});

const DAY = 86_400;
const HOME = '198.51.100.10';
const CAMPAIGNS = '/governance/api/v1/campaigns';
const BY_HAND =
  'A review takes no break-glass account. Under Break-glass somebody gives it a new secret, or retires it.';
const ASKED_OF_IT = 'A review said no to it: give it a new secret, or retire it.';

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly subject: { readonly id: string };
  readonly reviewers: readonly { readonly id: string }[];
  readonly reviewersVia: string;
  readonly suggestion: { readonly decision: string | null; readonly sentence: string | null };
  readonly seal: { readonly keys: readonly string[]; readonly openReviews: number } | null;
  readonly decision: string | null;
  readonly remediation: { readonly status: string; readonly sentence: string | null };
  readonly restorableUntil: string | null;
  readonly decide: { readonly isAllowed: boolean; readonly sentence: string };
}
const ok = (reply: Reply): Record<string, unknown> => {
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply.body;
};
const idOf = async (person: Person): Promise<string> => String(ok(await person.get('/api/v1/users/me'))['id']);
const draft = (reviewerId: string, more: Record<string, unknown> = {}) => ({
  name: 'Envelopes',
  scheduleSettings: { type: 'ONE_OFF', startDate: '2099-01-01T09:00:00Z', durationInDays: 7, timeZone: 'Europe/Oslo' },
  reviewerSettings: { type: 'USER', reviewerId },
  remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
  sallyport: { kinds: ['BREAK_GLASS'] },
  ...more,
});
const launched = async (person: Person, body: unknown): Promise<string> => {
  const id = String(ok(await person.call('POST', CAMPAIGNS, body))['id']);
  ok(await person.call('POST', `${CAMPAIGNS}/${id}/launch`));
  return id;
};
const items = async (person: Person, id: string): Promise<Item[]> =>
  ok(await person.get(`/sallyport/v1/campaigns/${id}/items?show=all`)) as unknown as Item[];
const decide = (person: Person, id: string, reviewId: string | undefined, decision: string): Promise<Reply> =>
  person.call('POST', `/sallyport/v1/campaigns/${id}/decisions`, {
    decisions: [{ reviewId, decision, note: 'counted the envelopes' }],
  });

describe.each(FIRST_ENGINE)('a review of break-glass accounts on %s', (engine) => {
  let ana: Person;
  let bo: Person;
  let lee: Person;
  let glass: Glass;
  let [anaId, boId, leeId] = ['', '', ''];
  const account = async () => ok(await ana.get(`/sallyport/v1/break-glass/${glass.id}`));
  const glassOpens = async (): Promise<void> => {
    const holder = holderOf(server.url, glass, HOME);
    ok(await breakGlass(holder, glass.secret));
    expect((await holder.get('/api/v1/iam/roles')).status).toBe(200);
  };
  /** Ana does something with the account, and Bo approves it. */
  const byTwo = async (method: string, path: string): Promise<void> => {
    const whole = `/sallyport/v1/break-glass/${glass.id}${path}`;
    const asked = (await ana.call(method, whole)).body['sallyport'] as { approvalId: string; proofUrl: string };
    const { challenge } = ok(await bo.get(`/sallyport/v1/approvals/${asked.approvalId}`));
    ok(await bo.call('POST', `/sallyport/v1/approvals/${asked.approvalId}/approve`, { challenge }));
    const { proof } = ok(await ana.get(asked.proofUrl));
    ok(await ana.callOnce(method, whole, undefined, { 'Sallyport-Proof': String(proof) }));
  };
  /** Two super admins and one who only reads; nobody is tied to anybody, or to the account, any more. */
  const begin = async (env: Record<string, string> = {}): Promise<void> => {
    server = await startTestServer({ engine, env });
    ana = await signedInAdmin(server, HOME);
    bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN', HOME);
    lee = await enrolPerson(server, ana, 'lee@example.org', 'READ_ONLY_ADMIN', HOME);
    glass = await makeGlass(ana);
    server.clock.advance(31 * DAY);
    for (const person of [ana, bo, lee]) ok(await person.signIn());
    [anaId, boId, leeId] = [await idOf(ana), await idOf(bo), await idOf(lee)];
  };

  it('shows super admins how each stands, and tells nobody else where it opens', async () => {
    await begin();
    const id = await launched(ana, draft(boId));
    const [item, ...others] = await items(bo, id);
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      kind: 'BREAK_GLASS',
      kindWords: 'Break-glass account',
      subject: { id: glass.id },
      resource: { name: 'Super Administrator' },
      reviewers: [{ id: boId }],
      lastUsedAt: null,
      seal: {
        keys: ['Key 1', 'Key 2'],
        networks: NETWORKS,
        unsealedAt: null,
        lastDrillAt: null,
        isDrillDue: false,
        openReviews: 0,
      },
      suggestion: { decision: 'APPROVE', sentence: 'Its seal is whole, its keys are there, and no drill is due.' },
      decide: { isAllowed: true },
    });
    expect((await items(lee, id))[0]?.seal).toBeNull();
    for (const path of [`/sallyport/v1/campaigns/${id}/items?show=all`, `/sallyport/v1/campaigns/${id}/report`]) {
      const { status, text } = await lee.get(path);
      expect(status).toBe(200);
      expect(text).toContain(glass.id);
      for (const secret of ['Key 1', NETWORKS.tertiary[0] ?? '', NETWORKS.secondary[0] ?? ''])
        expect(text).not.toContain(secret);
    }
    ok(await decide(bo, id, item?.id, 'APPROVE'));
    expect((await items(ana, id))[0]).toMatchObject({ decision: 'APPROVE', remediation: { status: 'NONE' } });
    expect((await account())['todo']).not.toContain(ASKED_OF_IT);
    ok(await ana.call('POST', `${CAMPAIGNS}/${id}/end`, {}));
    expect((await ana.get(`/sallyport/v1/campaigns/${id}/report`)).body).toMatchObject({
      items: [{ kind: 'BREAK_GLASS', evidence: { seal: { keys: 2, networks: 4, openReviews: 0 } }, result: 'APPROVE' }],
    });
    expect((await ana.get(`/sallyport/v1/campaigns/${id}/report?format=html`)).text).toContain('keys: 2');
  });

  it('says what is amiss as it was at the launch, and speaks for a new secret where the seal is broken', async () => {
    await begin();
    await glassOpens();
    const id = await launched(ana, draft(boId));
    expect((await items(bo, id))[0]).toMatchObject({
      lastUsedAt: new Date(server.clock.now()).toISOString(),
      seal: { unsealedAt: expect.any(String), openReviews: 1 },
      suggestion: { decision: 'REVOKE', sentence: 'Its secret was used since it was sealed.' },
    });
  });

  it('takes nothing that is revoked, and says what is to be done until it is done', async () => {
    await begin({ SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9', SALLYPORT_MAIL_FROM: 'sallyport@example.org' });
    // Whatever the review does with what else it revokes.
    const remediationSettings = { accessApproved: 'NO_ACTION', accessRevoked: 'NO_ACTION', noResponse: 'NO_ACTION' };
    const id = await launched(ana, draft(boId, { remediationSettings }));
    const [item] = await items(bo, id);
    ok(await decide(bo, id, item?.id, 'REVOKE'));
    expect((await items(ana, id))[0]).toMatchObject({
      decision: 'REVOKE',
      remediation: { status: 'MANUAL', sentence: BY_HAND },
      restorableUntil: null,
    });
    expect(reasonOf(await decide(bo, id, item?.id, 'APPROVE'))).toBe('review-decided');
    expect((await ana.call('POST', `/sallyport/v1/reviews/${item?.id}/restore`)).text).toContain(
      'There is nothing to give back',
    );
    expect(await account()).toMatchObject({
      state: 'READY',
      isRevokedInReview: true,
      todo: expect.arrayContaining([ASKED_OF_IT]),
    });
    expect((await ana.get('/sallyport/v1/overview')).text).toContain(`break-glass-revoked-${glass.id}`);
    const reminders = async () =>
      (await server.services.store.read.selectFrom('outbox').select('payload').where('sink', '=', 'mail').execute())
        .map(({ payload }) => payload)
        .filter((payload) => payload.includes(ASKED_OF_IT));
    await remindKeepers(server.services);
    expect(await reminders()).toHaveLength(2);
    const filter = encodeURIComponent('eventType eq "certification.campaign.item.remediate"');
    expect((await ana.get(`/api/v1/logs?filter=${filter}`)).body).toMatchObject([
      { outcome: { result: 'SUCCESS', reason: BY_HAND }, debugContext: { debugData: { remediationStatus: 'MANUAL' } } },
    ]);
    // Jobs, the end of the review and its deletion change nothing of it, and neither does the time.
    await runReviews(server.services);
    ok(await ana.call('POST', `${CAMPAIGNS}/${id}/end`, {}));
    ok(await ana.call('DELETE', `${CAMPAIGNS}/${id}`));
    server.clock.advance(8 * DAY);
    await runReviews(server.services);
    for (const person of [ana, bo]) ok(await person.signIn());
    expect((await account())['todo']).toContain(ASKED_OF_IT);
    await glassOpens();
    await byTwo('POST', '/seal');
    expect(await account()).toMatchObject({ isRevokedInReview: false });
    expect((await account())['todo']).not.toContain(ASKED_OF_IT);
  });

  it('without an answer takes nothing either; of what was retired meanwhile nothing is left to do', async () => {
    await begin();
    const remediationSettings = { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'DENY' };
    const id = await launched(ana, draft(boId, { remediationSettings }));
    server.clock.advance(7 * DAY);
    await runReviews(server.services);
    for (const person of [ana, bo]) ok(await person.signIn());
    expect((await items(ana, id))[0]).toMatchObject({ isUnanswered: true, remediation: { status: 'MANUAL' } });
    expect((await account())['todo']).toContain(ASKED_OF_IT);
    await glassOpens();
    const again = await launched(ana, draft(boId));
    const [item] = await items(bo, again);
    await byTwo('DELETE', '');
    ok(await decide(bo, again, item?.id, 'REVOKE'));
    expect((await items(ana, again))[0]?.remediation).toEqual({ status: 'SUCCESS', sentence: 'It was gone already.' });
  });

  it('asks only super admins, whoever is named; and never itself', async () => {
    await begin();
    const id = await launched(ana, draft(leeId));
    const [item] = await items(ana, id);
    expect(item).toMatchObject({ reviewersVia: 'SUPER_ADMINS' });
    expect(item?.reviewers.map((one) => one.id).toSorted()).toEqual([anaId, boId].toSorted());
    const reassign = (reviewerId: string): Promise<Reply> =>
      ana.call('POST', `${CAMPAIGNS}/${id}/reviews/reassign`, { reviewerId, reviewIds: [item?.id], note: 'you do it' });
    expect((await reassign(leeId)).text).toContain('only super admins decide');
    expect((await reassign(glass.id)).status).toBe(400);
    expect(ok(await ana.get(`/sallyport/v1/campaigns/${id}`))['counts']).toMatchObject({ waitingForMe: 1 });
    expect(reasonOf(await decide(lee, id, item?.id, 'APPROVE'))).toBe('reviewer-not-asked');
    const holder = holderOf(server.url, glass, HOME);
    ok(await breakGlass(holder, glass.secret));
    expect(reasonOf(await decide(holder, id, item?.id, 'APPROVE'))).toBe('review-own');
    expect((await ana.call('POST', CAMPAIGNS, draft(glass.id))).status).toBe(400);
    // Not even where it stands in the list of those who are asked, or somebody does who has lost the role since.
    await server.services.store.transaction((tx) =>
      tx
        .insertInto('reviewers')
        .values(
          [glass.id, leeId].map((reviewerId) => ({
            itemId: item?.id ?? '',
            level: 'FIRST' as const,
            reviewerId,
            campaignId: id,
            isAskedNow: 1,
          })),
        )
        .execute(),
    );
    expect(reasonOf(await decide(holder, id, item?.id, 'APPROVE'))).toBe('review-own');
    expect(reasonOf(await decide(lee, id, item?.id, 'APPROVE'))).toBe('reviewer-no-super-admin');
    expect((await items(ana, id))[0]?.decision).toBeNull();
  });

  it('asks nobody who made it, or its keys, in the last 30 days', async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server, HOME);
    bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN', HOME);
    [anaId, boId] = [await idOf(ana), await idOf(bo)];
    glass = await makeGlass(ana);
    const id = await launched(ana, draft(anaId));
    const [item] = await items(bo, id);
    expect(item).toMatchObject({ reviewersVia: 'SUPER_ADMINS', reviewers: [{ id: boId }] });
    expect(reasonOf(await decide(ana, id, item?.id, 'APPROVE'))).toBe('reviewer-not-asked');
    const body = { reviewerId: anaId, reviewIds: [item?.id], note: 'I do it' };
    expect((await bo.call('POST', `${CAMPAIGNS}/${id}/reviews/reassign`, body)).text).toContain('In the last 30 days');
    ok(await decide(bo, id, item?.id, 'APPROVE'));
  });

  it('is left out where the review names other people, and stays out of reviews of roles', async () => {
    await begin();
    const named = await launched(ana, draft(boId, { principalScopeSettings: { userIds: [leeId] } }));
    expect(await items(ana, named)).toEqual([]);
    const roles = await launched(ana, draft(boId, { sallyport: { kinds: ['ROLE', 'BREAK_GLASS'] } }));
    expect((await items(ana, roles)).filter(({ subject }) => subject.id === glass.id)).toMatchObject([
      { kind: 'BREAK_GLASS' },
    ]);
  });

  it('where nobody stands with all power is decided by whoever has it for a while', async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server, HOME);
    bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN', HOME);
    const chi = await enrolPerson(server, ana, 'chi@example.org', 'SUPER_ADMIN', HOME);
    glass = await makeGlass(ana);
    server.clock.advance(31 * DAY);
    for (const person of [ana, bo, chi]) ok(await person.signIn());
    boId = await idOf(bo);
    const people = await Promise.all(
      [ana, bo, chi].map(async (one) => ({ id: await idOf(one), role: 'HELP_DESK_ADMIN' })),
    );
    const body = { people, sequenceId: '5a11d0000000000000000002', maximumDuration: 'PT4H' };
    ok(await ana.call('POST', '/sallyport/v1/zero-standing', body));
    const bundle = await server.services.store.read.selectFrom('bundles').select('id').executeTakeFirstOrThrow();
    const getsPower = async (asker: Person, ...others: readonly Person[]): Promise<void> => {
      const entitlement = { kind: 'bundle', id: bundle.id };
      const asked = { entitlement, duration: 'PT2H', reason: 'Look after the envelopes' };
      const id = String(ok(await asker.call('POST', '/sallyport/v1/requests', asked))['id']);
      for (const other of others) {
        const { digest } = ok(await other.get(`/sallyport/v1/requests/${id}`));
        ok(await other.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest }));
      }
    };
    await getsPower(ana, bo, chi);
    const id = await launched(ana, draft(boId));
    const [item] = await items(ana, id);
    expect(item).toMatchObject({ reviewersVia: 'CHOSEN', reviewers: [{ id: boId }] });
    expect(reasonOf(await decide(bo, id, item?.id, 'APPROVE'))).toBe('reviewer-no-super-admin');
    await getsPower(bo, ana, chi);
    ok(await decide(bo, id, item?.id, 'APPROVE'));
    expect((await items(ana, id))[0]?.decision).toBe('APPROVE');
  });
});

describe.each(FIRST_ENGINE)('what others gave and took since a review on %s', (engine) => {
  it('is not undone by giving back what the review took', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server, HOME);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN', HOME);
    const lee = await enrolPerson(server, ana, 'lee@example.org', 'HELP_DESK_ADMIN', HOME);
    const leeId = await idOf(lee);
    const make = async (name: string): Promise<string> => {
      const id = String(ok(await ana.call('POST', '/api/v1/groups', { profile: { name } }))['id']);
      ok(await ana.call('PUT', `/api/v1/groups/${id}/users/${leeId}`));
      return id;
    };
    const [fought, quiet] = [await make('Fought over'), await make('Quiet')];
    server.clock.advance(31 * DAY);
    for (const person of [ana, bo]) ok(await person.signIn());
    const groups = [fought, quiet].map((resourceId) => ({ resourceId, resourceType: 'GROUP' }));
    const id = await launched(
      ana,
      draft(await idOf(bo), {
        sallyport: { kinds: ['ROLE'] },
        resourceSettings: { type: 'GROUP', targetResources: groups },
        principalScopeSettings: { userIds: [leeId] },
      }),
    );
    const all = (await items(bo, id)) as unknown as { id: string; resource: { id: string } }[];
    const itemOf = (resourceId: string) => all.find(({ resource }) => resource.id === resourceId)?.id;
    for (const item of all) ok(await decide(bo, id, item.id, 'REVOKE'));
    const restore = (resourceId: string): Promise<Reply> =>
      ana.call('POST', `/sallyport/v1/reviews/${itemOf(resourceId)}/restore`);
    const members = async (group: string): Promise<number> =>
      (await ana.get(`/api/v1/groups/${group}/users`)).body.length as unknown as number;

    server.clock.advance(60);
    ok(await ana.call('PUT', `/api/v1/groups/${fought}/users/${leeId}`));
    expect((await restore(fought)).text).toContain('there is nothing to give back');
    const given = ok(await ana.call('POST', `/api/v1/users/${leeId}/roles`, { type: 'HELP_DESK_ADMIN' }));
    server.clock.advance(60);
    ok(await bo.call('DELETE', `/api/v1/groups/${fought}/users/${leeId}`));
    ok(await bo.call('DELETE', `/api/v1/users/${leeId}/roles/${String(given['id'])}`));
    for (const what of [fought, 'HELP_DESK_ADMIN']) {
      const refused = await restore(what);
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('given anew and taken again')]);
    }
    expect(await members(fought)).toBe(0);
    expect((await ana.get(`/api/v1/users/${leeId}/roles`)).body).toEqual([]);
    // It stays refused, and nothing of it can be made to look like nothing happened by asking again; the other is given back.
    expect((await restore(fought)).status).toBe(403);
    ok(await ana.call('POST', `/api/v1/users/${leeId}/roles`, { type: 'READ_ONLY_ADMIN' }));
    ok(await restore(quiet));
    expect(await members(quiet)).toBe(1);
  });

  it('is told apart from what was given to others, and of another kind', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server, HOME);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN', HOME);
    const lee = await enrolPerson(server, ana, 'lee@example.org', 'HELP_DESK_ADMIN', HOME);
    const leeId = await idOf(lee);
    server.clock.advance(31 * DAY);
    for (const person of [ana, bo]) ok(await person.signIn());
    const id = await launched(
      ana,
      draft(await idOf(bo), { sallyport: { kinds: ['ROLE'] }, principalScopeSettings: { userIds: [leeId] } }),
    );
    const [item] = await items(bo, id);
    ok(await decide(bo, id, item?.id, 'REVOKE'));
    // Another role came and went, and the same role of another person.
    const other = ok(await ana.call('POST', `/api/v1/users/${leeId}/roles`, { type: 'READ_ONLY_ADMIN' }));
    ok(await ana.call('DELETE', `/api/v1/users/${leeId}/roles/${String(other['id'])}`));
    ok(await ana.call('POST', `/api/v1/users/${await idOf(bo)}/roles`, { type: 'HELP_DESK_ADMIN' }));
    ok(await ana.call('POST', `/sallyport/v1/reviews/${item?.id}/restore`));
    expect((await ana.get(`/api/v1/users/${leeId}/roles`)).body).toMatchObject([{ type: 'HELP_DESK_ADMIN' }]);
  });
});
