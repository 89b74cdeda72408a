/**
 * Issue 7: lists, the inbox and decisions on access requests cost with a million past ones what they cost with a hundredth,
 * and so does a review of 10,000 items.
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAskableGroup, ONE_APPROVER } from '../harness/askable-group.ts';
import { filledGroupId, filledUserId, fillPeople } from '../harness/fill-people.ts';
import { filledRequestId, fillRequests } from '../harness/fill-requests.ts';
import { filledItemId, fillReview } from '../harness/fill-reviews.ts';
import { expectAlike, SHARE_WORDS } from '../harness/in-turns.ts';
import { askedProof, type Person, signedInAdmin } from '../harness/person.ts';
import { settlePostgres } from '../harness/settle-postgres.ts';
import { storeRequest } from '../harness/stored-request.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const IS_FULL = process.env['PROOF'] === 'full';
const FULL = IS_FULL ? 1_000_000 : 5000;
const ITEMS = IS_FULL ? 10_000 : 500;
/** At full size the people are those of an organisation of that size, too. */
const peopleAt = (share: number) =>
  IS_FULL && share === 1 ? { users: 100_000, groups: 10_000 } : { users: 1000, groups: 100 };
/** Requests that wait, beside all that is past. */
const OPEN = 3;
const FILL_MS = 60 * 60_000;
/** So that a decision, which touches keys and the log, can be made two hundred times at both sizes. */
const MEASURE_MS = 10 * 60_000;

interface Org {
  readonly server: TestServer;
  readonly ana: Person;
  readonly count: number;
  readonly groupId: string;
  readonly conditionId: string;
  /** A review that runs, and how many items were filled into it. */
  readonly reviewId: string;
  readonly adminId: string;
  readonly items: number;
}

const STEPS = [{ approvers: { by: 'admins' }, count: 1 }];
/** Somebody who waits for an answer: of each a number of their own, for one person asks for one thing once. */
const openRequest = ({ server, groupId, conditionId }: Pick<Org, 'server' | 'groupId' | 'conditionId'>, i: number) => {
  // Every fiftieth of the filled people is suspended.
  const userId = filledUserId(i + 1 + Math.floor(i / 49));
  return storeRequest(server.services, {
    requesterId: userId,
    beneficiaryId: userId,
    groupId,
    conditionId,
    steps: STEPS,
  });
};

const openOrg = async (engine: (typeof ENGINES)[number], share: number): Promise<Org> => {
  const [count, items, people] = [FULL * share, ITEMS * share, peopleAt(share)];
  const server = await startTestServer({ engine });
  const ana = await signedInAdmin(server);
  const adminId = String((await ana.get('/api/v1/users/me')).body['id']);
  const { groupId, conditionId } = await makeAskableGroup(ana, ONE_APPROVER);
  await fillPeople(server.services, people);
  await fillRequests(server.services, { count, adminId, ...people });
  const reviewId = await fillReview(server.services, ana, {
    count: items,
    users: people.users,
    groupId: filledGroupId(4),
  });
  // Of all that is past one was her own, and one let somebody sign in as an account by what she asked for.
  await server.services.store.transaction(async (tx) => {
    const past = await tx.selectFrom('grants').selectAll().limit(1).executeTakeFirstOrThrow();
    const accountId = filledUserId(2);
    const asked = { kind: 'service-account', entitlementId: accountId, sourceId: filledRequestId(0) } as const;
    await tx
      .insertInto('grants')
      .values([
        { ...past, id: 'graOwn', userId: adminId },
        { ...past, id: 'graAsked', userId: accountId, ...asked },
      ])
      .execute();
  });
  const org = { server, ana, adminId, count, groupId, conditionId, reviewId, items };
  for (let i = 0; i < OPEN; i += 1) await openRequest(org, i);
  if (engine === 'postgres') await settlePostgres(server);
  return org;
};

const encoded = encodeURIComponent;
const filtered = (filter: string): string => `/governance/api/v2/requests?limit=5&filter=${encoded(filter)}`;
const pathsOf = (count: number): Readonly<Record<string, string>> => {
  const midst = filledRequestId(Math.floor(count / 20) * 10 + 4);
  const someone = filledUserId(8);
  return {
    'mine, the newest': '/sallyport/v1/requests?limit=5&show=mine',
    'mine, a page in the midst': `/sallyport/v1/requests?limit=5&show=mine&after=${filledRequestId(Math.floor(count / 4) * 2)}`,
    'mine, those that are over': '/sallyport/v1/requests?limit=5&show=mine&status=PAST',
    'what waits for me': '/sallyport/v1/requests?show=decide',
    'all, the newest': '/sallyport/v1/requests?limit=5&show=all',
    'all, a page in the midst': `/sallyport/v1/requests?limit=5&show=all&after=${midst}`,
    'all that wait': '/sallyport/v1/requests?limit=5&show=all&status=OPEN',
    'all that are over': '/sallyport/v1/requests?limit=5&show=all&status=PAST',
    'a request of long ago': `/sallyport/v1/requests/${midst}`,
    'by status: denied': filtered('status eq "DENIED"'),
    'by status: left unanswered': filtered('status eq "EXPIRED"'),
    'by status: waiting': filtered('status eq "PENDING"'),
    'by status, a page in the midst': `${filtered('status eq "APPROVED"')}&after=${midst}`,
    'by what could not be granted': filtered('grantStatus eq "FAILED"'),
    'by whom it is for': filtered(`requestedFor eq "${someone}"`),
    'by what is asked for': filtered(`resourceId eq "${filledGroupId(4)}"`),
    'my tasks': '/governance/api/v2/my/tasks',
    'grants that I answer for': '/sallyport/v1/grants?limit=5',
    'grants of everybody': '/sallyport/v1/grants?limit=5&whose=all',
    'grants of everybody that ended': '/sallyport/v1/grants?limit=5&whose=all&status=ENDED',
    'grants of one person': `/sallyport/v1/grants?limit=5&whose=all&userId=${someone}`,
    'grants of one thing': `/sallyport/v1/grants?limit=5&whose=all&entitlementId=${filledGroupId(4)}`,
  };
};

const cursor = (value: number | string, i: number): string =>
  Buffer.from(JSON.stringify([value, filledItemId(i)])).toString('base64url');
const reviewPathsOf = ({
  reviewId,
  items,
  adminId,
}: Pick<Org, 'reviewId' | 'items' | 'adminId'>): Readonly<Record<string, string>> => {
  const wire = (more = '', filter = ''): string =>
    `/governance/api/v1/reviews?limit=5${more}&filter=${encoded(`campaignId eq "${reviewId}"${filter}`)}`;
  const own = `/sallyport/v1/campaigns/${reviewId}`;
  const midst = Math.floor(items / 20) * 10;
  return {
    'reviews, in the order of their making': wire(),
    'reviews, the last decided': wire(`&orderBy=${encoded('decided desc')}`),
    'reviews, those without a decision first': wire('&orderBy=decision'),
    'reviews by decision, a page in the midst': wire(`&orderBy=decision&after=${cursor('APPROVE', midst)}`),
    'reviews by what came of them, the last': wire(`&orderBy=${encoded('remediationStatus desc')}`),
    'reviews that are revoked': wire('', ' and decision eq "REVOKE"'),
    'reviews of one reviewer, not decided': wire('', ` and reviewerId eq "${adminId}" and decision eq "UNREVIEWED"`),
    'reviews of one person': wire('', ` and principalId eq "${filledUserId(1)}"`),
    'the inbox, with a review of many': '/sallyport/v1/me/inbox?limit=5',
    'what the frame of the console asks': '/sallyport/v1/me',
    'a review with its counts': own,
    'all reviews with their counts': '/sallyport/v1/campaigns?limit=5',
    'items that wait for me': `${own}/items?limit=5&state=open`,
    'items that wait for me, a page in the midst': `${own}/items?limit=5&state=open&after=${filledItemId(midst)}`,
    'items, all': `${own}/items?limit=5&show=all`,
    'items that are decided': `${own}/items?limit=5&show=all&state=decided`,
    'one item': `/governance/api/v1/reviews/${filledItemId(midst)}`,
  };
};

const timed = async (work: () => Promise<{ status: number; text: string }>): Promise<number> => {
  const startedAt = performance.now();
  const reply = await work();
  const took = performance.now() - startedAt;
  expect(reply.status, reply.text).toBe(200);
  return took;
};

describe.each(ENGINES)(`${FULL} past requests, and ${ITEMS} items of a review, on %s`, (engine) => {
  let small: Org;
  let full: Org;
  const figures: string[] = [];

  beforeAll(async () => {
    small = await openOrg(engine, 1 / 100);
    full = await openOrg(engine, 1);
  }, FILL_MS);
  afterAll(async () => {
    console.log(
      `${engine}, ${SHARE_WORDS} at 1 % and at ${FULL} past requests, ${ITEMS} items of a review\n${figures.join('\n')}`,
    );
    await small?.server.stop();
    await full?.server.stop();
  });

  it.each(Object.keys(pathsOf(FULL)))(
    '%s',
    async (name) => {
      const reads =
        ({ ana, count }: Org) =>
        () =>
          timed(() => ana.get(pathsOf(count)[name] ?? ''));
      const { text } = await full.ana.get(pathsOf(full.count)[name] ?? '');
      const answer = JSON.parse(text) as { data?: unknown[] } | unknown[];
      expect((Array.isArray(answer) ? answer : (answer.data ?? [answer])).length, name).toBeGreaterThan(0);
      figures.push(await expectAlike(name, reads(small), reads(full)));
    },
    MEASURE_MS,
  );

  it.each(Object.keys(reviewPathsOf({ reviewId: '', adminId: '', items: 0 })))(
    '%s',
    async (name) => {
      const reads = (org: Org) => () => timed(() => org.ana.get(reviewPathsOf(org)[name] ?? ''));
      const { text } = await full.ana.get(reviewPathsOf(full)[name] ?? '');
      const answer = JSON.parse(text) as { data?: unknown[] } | unknown[];
      expect((Array.isArray(answer) ? answer : (answer.data ?? [answer])).length, text).toBeGreaterThan(0);
      figures.push(await expectAlike(name, reads(small), reads(full)));
    },
    MEASURE_MS,
  );

  it(
    'one more item decided',
    async () => {
      const decides = (org: Org) => async (round: number) => {
        // Every tenth from the fourth on waits.
        const reviewId = filledItemId((round * 10 + 4) % org.items);
        const decisions = [{ reviewId, decision: 'APPROVE', note: 'still needed' }];
        await org.server.services.store.transaction(async (tx) => {
          await tx.deleteFrom('reviewDecisions').where('itemId', '=', reviewId).execute();
          await tx
            .updateTable('reviewItems')
            .set({ decision: null, decidedAt: null })
            .where('id', '=', reviewId)
            .execute();
          await tx.updateTable('reviewers').set({ isAskedNow: 1 }).where('itemId', '=', reviewId).execute();
        });
        const path = `/sallyport/v1/campaigns/${org.reviewId}/decisions`;
        const asked = askedProof(await org.ana.callOnce('POST', path, { decisions }));
        if (asked === null) throw new Error('no proof was asked');
        const { body } = await org.ana.giveProof(asked);
        const proof = { 'Sallyport-Proof': String(body['proof']) };
        // One session asks for so many proofs a minute.
        org.server.clock.advance(2);
        return timed(() => org.ana.callOnce('POST', path, { decisions }, proof));
      };
      figures.push(await expectAlike('one item decided', decides(small), decides(full)));
    },
    MEASURE_MS,
  );

  it(
    'the whole of a review: its report, and one yes to all that wait',
    async () => {
      const report = `/sallyport/v1/campaigns/${full.reviewId}/report`;
      for (const format of ['json', 'csv', 'html'])
        figures.push(
          `the report as ${format}: ${(await timed(() => full.ana.get(`${report}?format=${format}`))).toFixed(0)} ms`,
        );
      const path = `/governance/api/v1/my/campaigns/${full.reviewId}/reviews/bulk-decisions`;
      const body = { criteria: { type: 'GOVERNANCE_ANALYZER' }, reviewDecision: 'APPROVE', notes: 'still needed' };
      const startedAt = performance.now();
      const reply = await full.ana.call('POST', path, body);
      const took = performance.now() - startedAt;
      expect(reply.status, reply.text).toBe(202);
      const count = Number(reply.body['eligibleReviewRecordCount']);
      expect(count).toBeGreaterThan(full.items / 2);
      figures.push(`one yes to ${count}, with the proof: ${took.toFixed(0)} ms`);
    },
    MEASURE_MS,
  );

  it(
    'one more approved, with the grant that it gives',
    async () => {
      const approves = (org: Org) => async (round: number) => {
        const { id, digest } = await openRequest(org, OPEN + round);
        const path = `/sallyport/v1/requests/${id}/approve`;
        const asked = askedProof(await org.ana.callOnce('POST', path, { digest }));
        if (asked === null) throw new Error('no proof was asked');
        const { body } = await org.ana.giveProof(asked);
        const proof = { 'Sallyport-Proof': String(body['proof']) };
        // One session asks for so many proofs a minute.
        org.server.clock.advance(2);
        const took = await timed(() => org.ana.callOnce('POST', path, { digest }, proof));
        const row = await org.server.services.store.read
          .selectFrom('requests')
          .select('grantStatus')
          .where('id', '=', id)
          .executeTakeFirst();
        expect(row?.grantStatus).toBe('GRANTED');
        return took;
      };
      figures.push(await expectAlike('one approved', approves(small), approves(full)));
    },
    MEASURE_MS,
  );

  it(
    'one more denied',
    async () => {
      const denies = (org: Org) => async (round: number) => {
        const { id } = await openRequest(org, OPEN + 300 + round);
        return timed(() => org.ana.callOnce('POST', `/sallyport/v1/requests/${id}/deny`, { comment: 'Not today' }));
      };
      figures.push(await expectAlike('one denied', denies(small), denies(full)));
    },
    MEASURE_MS,
  );
});
