/** Issue 7: lists, the inbox and decisions on access requests cost with a million past ones what they cost with a hundredth. */
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAskableGroup, ONE_APPROVER } from '../harness/askable-group.ts';
import { filledGroupId, filledUserId, fillPeople } from '../harness/fill-people.ts';
import { filledRequestId, fillRequests } from '../harness/fill-requests.ts';
import { expectAlike, SHARE_WORDS } from '../harness/in-turns.ts';
import { askedProof, type Person, signedInAdmin } from '../harness/person.ts';
import { storeRequest } from '../harness/stored-request.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const IS_FULL = process.env['PROOF'] === 'full';
const FULL = IS_FULL ? 1_000_000 : 5000;
const PEOPLE = { users: 1000, groups: 100 };
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
}

const STEPS = [{ approvers: { by: 'admins' }, count: 1 }];
/** Somebody who waits for an answer: of each a number of their own, for one person asks for one thing once. */
const openRequest = ({ server, groupId, conditionId }: Org, i: number) => {
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

const openOrg = async (engine: (typeof ENGINES)[number], count: number): Promise<Org> => {
  const server = await startTestServer({ engine });
  const ana = await signedInAdmin(server);
  const adminId = String((await ana.get('/api/v1/users/me')).body['id']);
  const { groupId, conditionId } = await makeAskableGroup(ana, ONE_APPROVER);
  await fillPeople(server.services, PEOPLE);
  await fillRequests(server.services, { count, adminId, ...PEOPLE });
  const org = { server, ana, count, groupId, conditionId };
  for (let i = 0; i < OPEN; i += 1) await openRequest(org, i);
  // What autovacuum and the checkpointer do by themselves within minutes.
  if (engine === 'postgres')
    for (const settling of [sql`vacuum analyze`, sql`checkpoint`]) await settling.execute(server.services.store.read);
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
    'grants of everybody': '/sallyport/v1/grants?limit=5&whose=all',
    'grants of everybody that ended': '/sallyport/v1/grants?limit=5&whose=all&status=ENDED',
    'grants of one person': `/sallyport/v1/grants?limit=5&whose=all&userId=${someone}`,
    'grants of one thing': `/sallyport/v1/grants?limit=5&whose=all&entitlementId=${filledGroupId(4)}`,
  };
};

const timed = async (work: () => Promise<{ status: number; text: string }>): Promise<number> => {
  const startedAt = performance.now();
  const reply = await work();
  const took = performance.now() - startedAt;
  expect(reply.status, reply.text).toBe(200);
  return took;
};

describe.each(ENGINES)(`${FULL} past requests on %s`, (engine) => {
  let small: Org;
  let full: Org;
  const figures: string[] = [];

  beforeAll(async () => {
    small = await openOrg(engine, FULL / 100);
    full = await openOrg(engine, FULL);
  }, FILL_MS);
  afterAll(async () => {
    console.log(`${engine}, ${SHARE_WORDS} at 1 % and at ${FULL} past requests\n${figures.join('\n')}`);
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
