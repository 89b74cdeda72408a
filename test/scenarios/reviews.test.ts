/** Reviews of access: who is asked, what a decision takes, and what no answer does. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { runReviews } from '../../packages/server/src/reviews/run-reviews.ts';
import { listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { expectTallies } from '../harness/expect-tallies.ts';
import { askedProof, type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(async () => {
  await expectTallies(server).finally(() => server.stop());
});

const DAY = 86_400;
/** People tied by who made whom in the last 30 days do not review each other; this is later. */
const LATER = 31 * DAY;

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly subject: { readonly id: string; readonly name: string };
  readonly resource: { readonly name: string };
  readonly reviewers: readonly { readonly id: string; readonly name: string }[];
  readonly reviewersVia: string;
  readonly suggestion: { readonly decision: string | null; readonly sentence: string };
  readonly decision: string | null;
  readonly isUnanswered: boolean;
  readonly level: string;
  readonly remediation: { readonly status: string; readonly sentence: string | null };
  readonly restorableUntil: string | null;
  readonly decide: { readonly isAllowed: boolean; readonly sentence: string };
}
interface Made {
  readonly id: string;
}

const idOf = async (person: Person): Promise<string> =>
  ((await person.get('/api/v1/users/me')).body as unknown as Made).id;
const draft = (reviewerId: string, more: Record<string, unknown> = {}) => ({
  name: 'Administrators',
  scheduleSettings: {
    type: 'ONE_OFF',
    // Later: a job of the server would otherwise start it before the test does.
    startDate: '2099-01-01T09:00:00Z',
    durationInDays: 7,
    timeZone: 'Europe/Oslo',
  },
  reviewerSettings: { type: 'USER', reviewerId },
  remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
  sallyport: { kinds: ['ROLE'] },
  ...more,
});
const create = async (person: Person, body: unknown): Promise<string> => {
  const reply = await person.call('POST', '/governance/api/v1/campaigns', body);
  if (reply.status !== 201) throw new Error(`campaign: ${reply.status} ${reply.text}`);
  return String(reply.body['id']);
};
const launch = async (person: Person, id: string): Promise<void> => {
  const reply = await person.call('POST', `/governance/api/v1/campaigns/${id}/launch`);
  if (reply.status !== 202) throw new Error(`launch: ${reply.status} ${reply.text}`);
};
const items = async (person: Person, id: string, query = 'show=all&limit=200'): Promise<Item[]> => {
  const reply = await person.get(`/sallyport/v1/campaigns/${id}/items?${query}`);
  if (reply.status !== 200) throw new Error(`items: ${reply.status} ${reply.text}`);
  return reply.body as unknown as Item[];
};
const itemOf = async (person: Person, id: string, login: string): Promise<Item> => {
  const found = (await items(person, id)).find(({ subject }) => subject.name.startsWith(login));
  if (found === undefined) throw new Error(`no item of ${login}`);
  return found;
};
const decide = (person: Person, id: string, decisions: readonly Record<string, unknown>[]): Promise<Reply> =>
  person.call('POST', `/sallyport/v1/campaigns/${id}/decisions`, { decisions });
/** Signed now, and sent when called. */
const signed = async (person: Person, id: string, decisions: readonly Record<string, unknown>[]) => {
  const path = `/sallyport/v1/campaigns/${id}/decisions`;
  const asked = askedProof(await person.callOnce('POST', path, { decisions }));
  if (asked === null) throw new Error('no proof was asked');
  const { body } = await person.giveProof(asked);
  return () => person.callOnce('POST', path, { decisions }, { 'Sallyport-Proof': String(body['proof']) });
};
const refusal = (reply: Reply) => (reply.body['sallyport'] as { reason?: string } | undefined)?.reason;
const summary = async (person: Person, id: string) =>
  (await person.get(`/sallyport/v1/campaigns/${id}`)).body as unknown as {
    status: string;
    remark: string | null;
    reportSha256: string | null;
    counts: Record<string, number>;
  };
const rolesOf = async (person: Person, userId: string): Promise<string[]> =>
  ((await person.get(`/api/v1/users/${userId}/roles`)).body as unknown as { type: string }[]).map(({ type }) => type);
const events = async (person: Person, type: string) =>
  (
    await person.get(
      `/api/v1/logs?filter=${encodeURIComponent(`eventType eq "${type}"`)}&since=2020-01-01T00:00:00.000Z`,
    )
  ).body as unknown as {
    actor: { id: string };
    outcome: { result: string };
    debugContext: { debugData: Record<string, string> };
  }[];

interface Cast {
  readonly ana: Person;
  readonly bea: Person;
  readonly lee: Person;
  readonly anaId: string;
  readonly beaId: string;
  readonly leeId: string;
}
/** Two super admins and a help desk; nobody is tied to anybody any more. */
const cast = async (engine: 'sqlite' | 'postgres'): Promise<Cast> => {
  server = await startTestServer({ engine });
  const ana = await signedInAdmin(server);
  const bea = await enrolPerson(server, ana, 'bea@example.org', 'SUPER_ADMIN');
  const lee = await enrolPerson(server, ana, 'lee@example.org', 'HELP_DESK_ADMIN');
  server.clock.advance(LATER);
  for (const person of [ana, bea, lee]) await person.signIn();
  return { ...{ ana, bea, lee }, anaId: await idOf(ana), beaId: await idOf(bea), leeId: await idOf(lee) };
};

describe.each(ENGINES)('a review of access on %s', (engine) => {
  it('asks about each role, takes what is revoked at once, and gives it back within its grace', async () => {
    const { ana, bea, lee, leeId, beaId } = await cast(engine);
    const id = await create(ana, draft(beaId));
    await launch(ana, id);
    const item = await itemOf(bea, id, 'lee');
    expect(item).toMatchObject({
      kind: 'ROLE',
      resource: { name: 'Help Desk Administrator' },
      reviewers: [{ id: beaId }],
      decide: { isAllowed: true },
    });
    expect(item.suggestion.sentence).not.toBe('');
    const open = (await items(bea, id)).filter(({ decide: { isAllowed } }) => isAllowed).length;
    expect((await bea.get('/sallyport/v1/me/inbox')).body).toMatchObject([
      { kind: 'review', id, items: open, askedBy: { person: { login: 'ana@example.org' } } },
    ]);
    expect((await lee.get('/sallyport/v1/me/inbox')).body).toEqual([]);
    // A thief with her live session has no key of hers.
    const bare = await bea.callOnce('POST', `/sallyport/v1/campaigns/${id}/decisions`, {
      decisions: [{ reviewId: item.id, decision: 'REVOKE', note: 'left the team' }],
    });
    expect(bare.body['sallyport']).toMatchObject({ kind: 'step_up_required', action: 'review.decide' });
    expect(await rolesOf(ana, leeId)).toEqual(['HELP_DESK_ADMIN']);
    const noted = await decide(bea, id, [{ reviewId: item.id, decision: 'REVOKE' }]);
    expect(refusal(noted)).toBe('review-note-missing');
    expect((await decide(bea, id, [{ reviewId: item.id, decision: 'REVOKE', note: 'left the team' }])).status).toBe(
      200,
    );
    expect(await rolesOf(ana, leeId)).toEqual([]);
    expect((await lee.get('/api/v1/users')).status).toBe(403);
    const taken = await itemOf(ana, id, 'lee');
    expect(taken).toMatchObject({ decision: 'REVOKE', remediation: { status: 'SUCCESS' } });
    expect(taken.restorableUntil).toBe(new Date(server.clock.now() + 7 * DAY * 1000).toISOString());
    expect(refusal(await decide(bea, id, [{ reviewId: item.id, decision: 'APPROVE', note: 'oh' }]))).toBe(
      'review-decided',
    );
    const decided = await events(ana, 'certification.campaign.item.decide');
    expect(decided).toMatchObject([{ actor: { id: beaId }, debugContext: { debugData: { decision: 'REVOKE' } } }]);
    // Exactly as it was.
    server.clock.advance(7 * DAY - 1);
    await ana.signIn();
    expect((await ana.call('POST', `/sallyport/v1/reviews/${item.id}/restore`)).status).toBe(200);
    expect(await rolesOf(ana, leeId)).toEqual(['HELP_DESK_ADMIN']);
    const again = await ana.call('POST', `/sallyport/v1/reviews/${item.id}/restore`);
    expect(again.body['errorCauses']).toEqual([{ errorSummary: 'There is nothing to give back.' }]);
  });

  it('is not deleted while something can be given back; once it is, its items are in no list', async () => {
    const { ana, bea, beaId } = await cast(engine);
    const id = await create(ana, draft(beaId));
    await launch(ana, id);
    const item = await itemOf(bea, id, 'lee');
    expect((await decide(bea, id, [{ reviewId: item.id, decision: 'REVOKE', note: 'left' }])).status).toBe(200);
    const path = `/governance/api/v1/campaigns/${id}`;
    expect((await ana.call('POST', `${path}/end`, {})).status).toBe(202);
    const listed = async (): Promise<unknown[]> =>
      (await ana.get('/governance/api/v1/reviews')).body['data'] as unknown as unknown[];
    expect((await listed()).length).toBeGreaterThan(0);
    const refused = await ana.call('DELETE', path);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('can still be given back')]);
    server.clock.advance(7 * DAY);
    await ana.signIn();
    expect((await ana.call('DELETE', path)).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect((await ana.get(`/governance/api/v1/reviews/${item.id}`)).status).toBe(404);
  });

  it('gives nothing back at the very end of the grace, with every job stopped', async () => {
    const { ana, bea, leeId, beaId } = await cast(engine);
    const id = await create(ana, draft(beaId));
    await launch(ana, id);
    const item = await itemOf(bea, id, 'lee');
    await decide(bea, id, [{ reviewId: item.id, decision: 'REVOKE', note: 'left' }]);
    server.clock.advance(7 * DAY);
    await ana.signIn();
    const late = await ana.call('POST', `/sallyport/v1/reviews/${item.id}/restore`);
    expect(late.status).toBe(403);
    expect(late.text).toContain('The time in which it could be given back is over');
    await runReviews(server.services);
    await runReviews(server.services);
    expect(await rolesOf(ana, leeId)).toEqual([]);
    expect((await itemOf(ana, id, 'lee')).restorableUntil).toBeNull();
    const steps = (await events(ana, 'certification.campaign.item.remediate')).map(
      (event) => event.debugContext.debugData['step'] ?? 'taken',
    );
    expect(steps).toEqual(['taken', 'removed']);
  });

  it('never asks the subject, nor anybody tied to them, and does not let them decide', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bea = await enrolPerson(server, ana, 'bea@example.org', 'SUPER_ADMIN');
    const [anaId, beaId] = [await idOf(ana), await idOf(bea)];
    const id = await create(ana, draft(beaId));
    await launch(ana, id);
    // Ana made Bea’s account today: neither is asked about the other, nor about themselves.
    for (const item of await items(ana, id)) {
      expect(item.reviewers.map((one) => one.id)).not.toContain(item.subject.id);
      expect(item).toMatchObject({ reviewers: [], reviewersVia: 'NOBODY' });
      const reply = await decide(bea, id, [{ reviewId: item.id, decision: 'APPROVE', note: 'mine' }]);
      expect(['review-own', 'reviewer-not-asked']).toContain(refusal(reply));
    }
    // A reassignment does not get around it.
    const own = await itemOf(ana, id, 'bea');
    const asked = (reviewerId: string) =>
      ana.call('POST', `/governance/api/v1/campaigns/${id}/reviews/reassign`, {
        reviewerId,
        reviewIds: [own.id],
        note: 'please',
      });
    expect((await asked(beaId)).text).toContain('Nobody reviews their own access.');
    expect((await asked(anaId)).text).toContain('In the last 30 days');
    expect((await items(ana, id)).every(({ decision }) => decision === null)).toBe(true);
  });

  it('goes to the fallback, then to the super admins other than the subject', async () => {
    const { ana, anaId, beaId, leeId } = await cast(engine);
    const byManager = {
      type: 'REVIEWER_EXPRESSION',
      reviewerScopeExpression: 'user.profile.managerId',
      fallBackReviewerId: beaId,
    };
    await ana.call('POST', `/api/v1/users/${leeId}`, { profile: { managerId: anaId } });
    const id = await create(ana, draft('', { reviewerSettings: byManager }));
    await launch(ana, id);
    expect(await itemOf(ana, id, 'lee')).toMatchObject({ reviewersVia: 'CHOSEN', reviewers: [{ id: anaId }] });
    expect(await itemOf(ana, id, 'Ana')).toMatchObject({ reviewersVia: 'FALLBACK', reviewers: [{ id: beaId }] });
    const ofBea = await itemOf(ana, id, 'bea');
    expect(ofBea).toMatchObject({ reviewersVia: 'SUPER_ADMINS', reviewers: [{ id: anaId }] });
    // Two accounts of one employee are one person: neither is asked about the other, nor decides where they were before.
    for (const userId of [anaId, beaId])
      expect((await ana.call('POST', `/api/v1/users/${userId}`, { profile: { employeeNumber: '4711' } })).status).toBe(
        200,
      );
    const own = await decide(ana, id, [{ reviewId: ofBea.id, decision: 'APPROVE', note: 'mine' }]);
    expect(refusal(own)).toBe('reviewer-tied');
    const again = await create(ana, draft('', { reviewerSettings: byManager }));
    await launch(ana, again);
    expect(await itemOf(ana, again, 'lee')).toMatchObject({ reviewersVia: 'CHOSEN', reviewers: [{ id: anaId }] });
    for (const name of ['Ana', 'bea'])
      expect(await itemOf(ana, again, name)).toMatchObject({ reviewersVia: 'NOBODY', reviewers: [] });
  });

  it('of fifty decisions at once one counts', async () => {
    const { ana, bea, anaId, beaId, leeId } = await cast(engine);
    const group = String((await ana.call('POST', '/api/v1/groups', { profile: { name: 'Reviewers' } })).body['id']);
    for (const userId of [anaId, beaId]) await ana.call('PUT', `/api/v1/groups/${group}/users/${userId}`);
    const id = await create(ana, draft('', { reviewerSettings: { type: 'GROUP', reviewerGroupId: group } }));
    await launch(ana, id);
    const item = await itemOf(bea, id, 'lee');
    const prepared: (() => Promise<Reply>)[] = [];
    for (let i = 0; i < 50; i += 1) {
      const person = i % 2 === 0 ? ana : bea;
      const decisions = [{ reviewId: item.id, decision: i % 4 < 2 ? 'APPROVE' : 'REVOKE', note: `vote ${i}` }];
      // One session asks for at most sixty proofs a minute.
      server.clock.advance(2);
      prepared.push(await signed(person, id, decisions));
    }
    const replies = await Promise.all(prepared.map((go) => go()));
    const good = replies.filter(({ status }) => status === 200);
    expect(good, replies[0]?.text).toHaveLength(1);
    expect(await events(ana, 'certification.campaign.item.decide')).toHaveLength(1);
    const { decision } = await itemOf(ana, id, 'lee');
    expect(await rolesOf(ana, leeId)).toEqual(decision === 'APPROVE' ? ['HELP_DESK_ADMIN'] : []);
  });

  it('counts a submission as a whole: one refused item changes nothing', async () => {
    const { ana, bea, anaId, beaId, leeId } = await cast(engine);
    const id = await create(ana, draft(beaId));
    await launch(ana, id);
    const [mine, other] = [await itemOf(bea, id, 'lee'), await itemOf(bea, id, 'bea')];
    const reply = await decide(bea, id, [
      { reviewId: mine.id, decision: 'REVOKE', note: 'left' },
      { reviewId: other.id, decision: 'APPROVE', note: 'me' },
    ]);
    expect(reply.status).toBe(403);
    expect(reply.body['sallyport']).toMatchObject({ kind: 'review_refused', items: [{ reviewId: other.id }] });
    expect(await rolesOf(ana, leeId)).toEqual(['HELP_DESK_ADMIN']);
    expect((await itemOf(ana, id, 'lee')).decision).toBeNull();
    expect(anaId).not.toBe(beaId);
  });

  it('lets no token decide, nor somebody who is not asked, nor see it', async () => {
    const { ana, bea, lee, beaId } = await cast(engine);
    const id = await create(ana, draft(beaId));
    const [ofBea, ofLee] = [await listen(bea), await listen(lee)];
    await launch(ana, id);
    await expect.poll(() => ofBea.hints().toSorted()).toEqual(['inbox', `review ${id}`]);
    expect(ofLee.hints()).toEqual([]);
    for (const ear of [ofBea, ofLee]) ear.stop();
    const item = await itemOf(bea, id, 'lee');
    const made = await bea.call('POST', '/api/v1/api-tokens', {
      ...{ name: 'deploy', purpose: 'test', network: { connection: 'ANYWHERE' } },
    });
    expect(made.status, made.text).toBe(201);
    const reply = await send(
      server.url,
      'POST',
      `/sallyport/v1/campaigns/${id}/decisions`,
      { Authorization: `SSWS ${String(made.body['token'])}`, 'X-Forwarded-For': bea.address },
      { decisions: [{ reviewId: item.id, decision: 'REVOKE', note: 'machine' }] },
    );
    expect(reply.status).toBe(403);
    expect((await lee.get(`/sallyport/v1/campaigns/${id}`)).status).toBe(404);
    expect((await lee.get('/sallyport/v1/campaigns')).body).toEqual([]);
    expect((await lee.get('/governance/api/v1/reviews')).status).toBe(403);
    expect((await itemOf(ana, id, 'lee')).decision).toBeNull();
  });

  it('ends at its end and not before, whether or not a job ran, and takes for no answer what it says', async () => {
    const { ana, bea, beaId, leeId } = await cast(engine);
    const remediationSettings = { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'DENY' };
    const id = await create(ana, draft(beaId, { remediationSettings }));
    await launch(ana, id);
    const mine = await itemOf(bea, id, 'Ana');
    server.clock.advance(7 * DAY - 1);
    for (const person of [ana, bea]) await person.signIn();
    await runReviews(server.services);
    expect((await summary(ana, id)).status).toBe('ACTIVE');
    expect((await decide(bea, id, [{ reviewId: mine.id, decision: 'APPROVE', note: 'still here' }])).status).toBe(200);
    server.clock.advance(1);
    const other = await itemOf(bea, id, 'lee');
    expect(other.decide).toMatchObject({ isAllowed: false, sentence: 'The review has ended.' });
    const late = await decide(bea, id, [{ reviewId: other.id, decision: 'APPROVE', note: 'late' }]);
    expect(refusal(late)).toBe('campaign-over');
    expect((await summary(ana, id)).status).toBe('COMPLETED');
    expect(await rolesOf(ana, leeId)).toEqual(['HELP_DESK_ADMIN']);
    // A restart in the middle of it, and the job again: once.
    await server.restart();
    for (const person of [ana, bea]) await person.signIn();
    await runReviews(server.services);
    await runReviews(server.services);
    expect(await rolesOf(ana, leeId)).toEqual([]);
    expect(await itemOf(ana, id, 'lee')).toMatchObject({ isUnanswered: true, remediation: { status: 'SUCCESS' } });
    const none = (await events(ana, 'certification.campaign.item.decide')).filter(
      (event) => event.debugContext.debugData['decision'] === 'NORESPONSE',
    );
    expect(none).toHaveLength(2);
    const closed = await events(ana, 'certification.campaign.close');
    expect(closed).toHaveLength(1);
    // The digest in the log is that of the bytes of the report, also after something was given back.
    await ana.call('POST', `/sallyport/v1/reviews/${other.id}/restore`);
    const report = await ana.get(`/sallyport/v1/campaigns/${id}/report`);
    const digest = createHash('sha256').update(report.text).digest('hex');
    expect(closed[0]?.debugContext.debugData['reportSha256']).toBe(digest);
    expect((await summary(ana, id)).reportSha256).toBe(digest);
    const csv = await ana.get(`/sallyport/v1/campaigns/${id}/report?format=csv`);
    expect(csv.text.split('\r\n').filter((line) => line !== '')).toHaveLength(4);
    expect((await ana.get(`/sallyport/v1/campaigns/${id}/report?format=html`)).text).toContain(digest);
  });

  it('never takes the last super admin who can sign in: the item says why', async () => {
    const { ana, bea, anaId, beaId } = await cast(engine);
    const id = await create(ana, draft(beaId));
    await launch(ana, id);
    const [anas, beas] = [await itemOf(ana, id, 'Ana'), await itemOf(ana, id, 'bea')];
    expect((await decide(bea, id, [{ reviewId: anas.id, decision: 'REVOKE', note: 'no' }])).status).toBe(200);
    expect(await rolesOf(bea, anaId)).toEqual([]);
    expect(beas.reviewers.map((one) => one.id)).toEqual([anaId]);
    expect((await decide(ana, id, [{ reviewId: beas.id, decision: 'REVOKE', note: 'you too' }])).status).toBe(200);
    expect(await rolesOf(bea, beaId)).toEqual(['SUPER_ADMIN']);
    expect(await itemOf(bea, id, 'bea')).toMatchObject({
      decision: 'REVOKE',
      remediation: { status: 'ERROR', sentence: expect.stringContaining('last super admin') },
    });
    // Nobody gives anything back to themselves.
    expect((await ana.call('POST', `/sallyport/v1/reviews/${anas.id}/restore`)).status).toBe(403);
  });

  it('asks nobody where there is nothing to review, and says so', async () => {
    const { ana, beaId } = await cast(engine);
    const empty = String((await ana.call('POST', '/api/v1/groups', { profile: { name: 'Empty' } })).body['id']);
    const id = await create(
      ana,
      draft(beaId, {
        sallyport: undefined,
        resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: empty, resourceType: 'GROUP' }] },
      }),
    );
    await launch(ana, id);
    expect(await summary(ana, id)).toMatchObject({
      status: 'COMPLETED',
      remark: 'There was nothing to review: nobody was asked.',
      counts: { items: 0 },
    });
  });
});
