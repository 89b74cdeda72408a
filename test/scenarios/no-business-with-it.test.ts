/**
 * Nobody learns of a request, an approval, a review item or a grant that they have no business with: random organisations
 * and turns over HTTP, beside a second reading, kept by the test alone, of who has.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escalateRequests } from '../../packages/server/src/requests/escalate-requests.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { type Ear, listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const HOUR = 3600;
/** Ana manages requests; Ro reads reviews and grants; three may be approvers, as Ro may; two are nobody's administrators. */
const CAST = { ana: 'SUPER_ADMIN', ro: 'READ_ONLY_ADMIN', bo: 'HELP_DESK_ADMIN', cy: 'HELP_DESK_ADMIN' } as const;
const NAMES = ['ana', 'ro', 'bo', 'cy', 'lee', 'kim'] as const;
type Name = (typeof NAMES)[number];
const APPROVERS = ['ro', 'bo', 'cy'] as const satisfies readonly Name[];
const loginOf = (name: Name): string => `${name}@example.org`;

/** What the test knows of a request: nothing of it is asked of the server. */
interface Asked {
  readonly id: string;
  readonly mark: string;
  readonly by: Name;
  readonly beneficiary: Name;
  readonly deciders: Set<Name>;
  /** Whom each step was given to last. */
  readonly given: Map<number, Name>;
  /** When each step began to wait, and ceased to. */
  readonly opened: (number | null)[];
  readonly closed: (number | null)[];
  isOpen: boolean;
  readonly saw: Set<Name>;
}

const who = fc.constantFrom(...NAMES);
const approver = fc.constantFrom(...APPROVERS);
const at = fc.nat(7);
const turn = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('ask'), who, forLee: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('approve'), who: approver, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deny'), who: approver, at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('say'), who, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel'), who, at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delegate'), who: approver, to: approver }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undelegate'), who: approver }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reassign'), to: approver, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait') }) },
) as fc.Arbitrary<
  | { kind: 'ask'; who: Name; forLee: boolean }
  | { kind: 'approve' | 'deny' | 'say' | 'cancel'; who: Name; at: number }
  | { kind: 'delegate'; who: Name; to: Name }
  | { kind: 'undelegate'; who: Name }
  | { kind: 'reassign'; to: Name; at: number }
  | { kind: 'wait' }
>;
const orgs = fc.record({
  first: fc.subarray([...APPROVERS], { minLength: 1, maxLength: 2 }),
  // Two, so that one is left who did not decide the first step.
  second: fc.subarray([...APPROVERS], { minLength: 2, maxLength: 2 }),
  passesOnTo: fc.subarray([...APPROVERS], { minLength: 1, maxLength: 1 }),
  reviewed: fc.subarray([...NAMES], { minLength: 1, maxLength: 4 }),
  reviewer: fc.constantFrom<Name>('bo', 'cy', 'lee'),
  turns: fc.array(turn, { minLength: 8, maxLength: 16 }),
});

describe('what somebody has no business with', () => {
  let server: TestServer;
  const people = new Map<Name, Person>();
  const ids = new Map<Name, string>();
  let n = 0;
  const person = (name: Name): Person => people.get(name) as Person;
  const ana = (): Person => person('ana');
  const idOf = (reply: Reply): string => {
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
    return String(reply.body['id']);
  };
  /** Whatever comes to the sessions of somebody without being asked for. */
  const ears = new Map<Name, Ear[]>();
  const signInAll = async (): Promise<void> => {
    for (const [name, one] of people) {
      expect((await one.signIn()).status).toBe(200);
      ears.set(name, [...(ears.get(name) ?? []), await listen(one)]);
    }
  };

  beforeAll(async () => {
    // Nobody listens there: what is mailed stays in the outbox, as it would be sent.
    server = await startTestServer({
      env: { SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9', SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
    });
    people.set('ana', await signedInAdmin(server));
    for (const name of NAMES.slice(1))
      people.set(name, await enrolPerson(server, ana(), loginOf(name), (CAST as Record<string, string>)[name] ?? null));
    // Ties by who made whom are over.
    server.clock.advance(61 * 24 * HOUR);
    await signInAll();
    for (const name of NAMES) ids.set(name, idOf(await person(name).get('/api/v1/users/me')));
    idOf(await ana().call('POST', '/sallyport/v1/webhooks', { name: 'siem', url: 'https://hooks.invalid/alarms' }));
  });
  afterAll(() => server.stop());

  const groupOf = async (members: readonly Name[]): Promise<string> => {
    const id = idOf(await ana().call('POST', '/api/v1/groups', { profile: { name: `group ${++n}` } }));
    await server.services.store.transaction(async (tx) => {
      for (const name of members)
        await tx
          .insertInto('groupMembers')
          .values({ groupId: id, userId: ids.get(name) ?? '', addedAt: 0, addedBy: 'host' })
          .execute();
    });
    return id;
  };
  const sent = async (after: number) => {
    const rows = await server.services.store.read
      .selectFrom('outbox')
      .select(['sink', 'payload', 'createdAt'])
      .where('createdAt', '>=', after)
      .execute();
    return rows.map(({ sink, payload }) => ({ sink, payload }));
  };
  /** What a reply says beside the id that was asked for. */
  const said = ({ status, text }: Reply, id: string): string => {
    expect(status).not.toBe(429);
    return `${status} ${text.replaceAll(id, '…').replace(/"errorId":"[^"]*"/, '')}`;
  };

  const play = async (org: typeof orgs extends fc.Arbitrary<infer T> ? T : never) => {
    const begun = server.clock.now();
    const first = await groupOf(org.first);
    const second = await groupOf(org.second);
    const third = await groupOf(org.passesOnTo);
    const steps = [
      {
        approvers: { by: 'group', id: first },
        count: 1,
        escalateAfter: 'PT1H',
        escalateTo: { by: 'group', id: third },
      },
      { approvers: { by: 'group', id: second }, count: 1 },
    ];
    const sequenceId = idOf(
      await ana().call('POST', '/sallyport/v1/request-sequences', { name: `sequence ${++n}`, steps }),
    );
    const { groupId } = await makeAskableGroup(ana(), sequenceId, `Wanted ${n}`);
    const asked: Asked[] = [];
    /** Who decides in whose stead. */
    const delegates = new Map<Name, Name>();
    const now = (): number => server.clock.now();

    /** The second reading. */
    const hasPassedOn = ({ opened, closed }: Asked): boolean =>
      opened[0] !== null && Math.min(now(), closed[0] ?? now()) - (opened[0] as number) >= HOUR * 1000;
    const isNamed = (name: Name, one: Asked): boolean =>
      [...org.first, ...org.second, ...(hasPassedOn(one) ? org.passesOnTo : [])].some((named) => named === name);
    const decidesFor = (name: Name): Name[] => [...delegates].flatMap(([from, to]) => (to === name ? [from] : []));
    const sees = (name: Name, one: Asked): boolean =>
      name === 'ana' ||
      [one.by, one.beneficiary, ...one.deciders, ...one.given.values()].includes(name) ||
      [name, ...decidesFor(name)].some((voice) => isNamed(voice, one));

    // One is granted in each organisation, before anything else comes.
    const [firstYes, secondYes] = [org.first[0] as Name, org.second.find((name) => name !== org.first[0]) as Name];
    const granted: typeof org.turns = [
      { kind: 'ask', who: 'kim', forLee: false },
      { kind: 'approve', who: firstYes, at: 0 },
      { kind: 'approve', who: secondYes, at: 0 },
    ];
    for (const step of [...granted, ...org.turns]) {
      const one = 'at' in step ? asked[step.at % Math.max(asked.length, 1)] : undefined;
      const path = `/sallyport/v1/requests/${one?.id}`;
      if (step.kind === 'ask') {
        const mark = `mark${++n}x`;
        const isForLee = step.who === 'ana' && step.forLee;
        const reply = await person(step.who).call('POST', '/sallyport/v1/requests', {
          entitlement: { kind: 'group', id: groupId },
          duration: 'PT2H',
          reason: mark,
          ...(isForLee ? { forUserId: ids.get('lee') } : {}),
        });
        if (reply.status < 300)
          asked.push({
            id: String(reply.body['id']),
            ...{ mark, by: step.who, beneficiary: isForLee ? 'lee' : step.who },
            ...{ deciders: new Set<Name>(), given: new Map<number, Name>(), saw: new Set<Name>() },
            ...{ opened: [now(), null], closed: [null, null], isOpen: true },
          });
      } else if (step.kind === 'wait') {
        server.clock.advance(HOUR);
        await signInAll();
        await escalateRequests(server.services);
      } else if (step.kind === 'delegate' || step.kind === 'undelegate') {
        const endTime = new Date(now() + 24 * HOUR * 1000).toISOString();
        const appointments =
          step.kind === 'undelegate'
            ? []
            : [{ delegate: { type: 'OKTA_USER', externalId: ids.get(step.to) }, endTime }];
        const reply = await person(step.who).call('PATCH', '/governance/api/v1/my/settings', {
          delegates: { appointments },
        });
        if (reply.status < 300 && step.kind === 'delegate') delegates.set(step.who, step.to);
        if (reply.status < 300 && step.kind === 'undelegate') delegates.delete(step.who);
      } else if (one === undefined) continue;
      else if (step.kind === 'say')
        await person(step.who).call('POST', `/governance/api/v2/requests/${one.id}/messages`, { message: one.mark });
      else if (step.kind === 'reassign') {
        const open = one.closed[0] === null ? 0 : 1;
        const reply = await ana().call('POST', `${path}/reassign`, { assignees: [loginOf(step.to)], step: open });
        if (reply.status < 300) one.given.set(open, step.to);
      } else {
        const { digest } = (await person(step.who).get(path)).body as { digest?: string };
        const body = { approve: { digest: digest ?? 'x'.repeat(43) }, deny: { comment: one.mark }, cancel: undefined };
        const reply = await person(step.who).call('POST', `${path}/${step.kind}`, body[step.kind]);
        if (reply.status < 300) {
          const open = one.closed[0] === null ? 0 : 1;
          if (step.kind !== 'cancel') one.deciders.add(step.who);
          one.closed[open] = now();
          if (step.kind === 'approve' && open === 0) one.opened[1] = now();
          else {
            one.closed.fill(now(), open);
            one.isOpen = false;
          }
        }
      }
      for (const each of asked) for (const name of NAMES) if (sees(name, each)) each.saw.add(name);
    }
    return { asked, sees, begun };
  };

  it('is in no list, page, task, mail, webhook or stream, and is told from what never was by no answer', async () => {
    let hidden = 0;
    let granted = 0;
    let told = 0;
    /** Of all organisations: what nobody answered in one runs out in the next. */
    const ever: { readonly one: Asked; readonly sees: (name: Name, one: Asked) => boolean }[] = [];
    await fc.assert(
      fc.asyncProperty(orgs, async (org) => {
        // What was delegated, and what waited, in the organisation before is over.
        server.clock.advance(25 * HOUR);
        for (const ear of [...ears.values()].flat()) ear.stop();
        ears.clear();
        await signInAll();
        const { asked, sees, begun } = await play(org);
        ever.push(...asked.map((one) => ({ one, sees })));
        await signInAll();

        // A review of a group, by one person; items about that one go to the super admin.
        const reviewedId = await groupOf(org.reviewed);
        const review = `review${++n}x`;
        const campaignId = idOf(
          await ana().call('POST', '/governance/api/v1/campaigns', {
            name: review,
            scheduleSettings: {
              type: 'ONE_OFF',
              startDate: '2099-01-01T00:00:00Z',
              durationInDays: 7,
              timeZone: 'UTC',
            },
            resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: reviewedId, resourceType: 'GROUP' }] },
            reviewerSettings: { type: 'USER', reviewerId: ids.get(org.reviewer) },
            notificationSettings: { notifyReviewerWhenReviewAssigned: true },
            remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'NO_ACTION', noResponse: 'NO_ACTION' },
          }),
        );
        expect((await ana().call('POST', `/governance/api/v1/campaigns/${campaignId}/launch`)).status).toBe(202);
        const all = (await ana().get(`/sallyport/v1/campaigns/${campaignId}/items?show=all`)).body as unknown as {
          id: string;
          subject: { id: string };
        }[];
        expect(all.map(({ subject }) => subject.id).toSorted()).toEqual(
          org.reviewed.map((name) => ids.get(name)).toSorted(),
        );
        const seesItem = (name: Name, subjectId: string): boolean =>
          name === 'ana' || name === 'ro' || (name === org.reviewer && subjectId !== ids.get(name));
        const seesReview = (name: Name): boolean => all.some(({ subject }) => seesItem(name, subject.id));

        const db = server.services.store.read;
        const tasks = await db.selectFrom('requestTasks').select(['id', 'requestId']).execute();
        const grants = await db.selectFrom('grants').select(['id', 'userId', 'sourceId']).execute();
        const given = grants.filter(({ sourceId }) => asked.some(({ id }) => id === sourceId));
        granted += given.length;

        for (const name of NAMES) {
          const me = person(name);
          // So that no limit of a minute answers for the rule.
          server.clock.advance(60);
          const list = async (path: string): Promise<{ text: string; rows: Record<string, unknown>[] }> => {
            const { body, text } = await me.get(path);
            return { text, rows: (Array.isArray(body) ? body : ((body as { data?: unknown[] }).data ?? [])) as never };
          };
          const idsOf = (rows: readonly Record<string, unknown>[], key = 'id') => rows.map((row) => String(row[key]));
          const ofRun = (found: readonly string[]) => found.filter((id) => asked.some((one) => one.id === id));

          // Lists.
          const mine = await list('/sallyport/v1/requests?show=mine&limit=100');
          expect(ofRun(idsOf(mine.rows)).toSorted()).toEqual(
            asked.flatMap(({ id, by, beneficiary }) => ([by, beneficiary].includes(name) ? [id] : [])).toSorted(),
          );
          const decide = await list('/sallyport/v1/requests?show=decide&limit=100');
          const myTasks = await list('/governance/api/v2/my/tasks?limit=200');
          expect(idsOf(myTasks.rows, 'requestId').toSorted()).toEqual(idsOf(decide.rows).toSorted());
          for (const id of ofRun(idsOf(decide.rows)))
            expect(
              asked.some((one) => one.id === id && one.isOpen && sees(name, one)),
              `${name} ${id}`,
            ).toBe(true);
          const everything = [
            mine,
            decide,
            myTasks,
            await list('/sallyport/v1/requests?show=all&limit=100'),
            await list('/governance/api/v2/requests?limit=200'),
            await list('/sallyport/v1/me'),
            await list('/sallyport/v1/me/actions'),
            await list('/sallyport/v1/approvals'),
            await list('/sallyport/v1/me/inbox?limit=100'),
          ];
          const grantList = await list('/sallyport/v1/grants?whose=all&limit=200');
          const ownGrants = await list('/sallyport/v1/grants?limit=200');
          expect(idsOf(ownGrants.rows).toSorted()).toEqual(
            grants.flatMap(({ id, userId }) => (userId === ids.get(name) ? [id] : [])).toSorted(),
          );
          const seesGrants = name === 'ana' || name === 'ro';
          expect(grantList.rows.length > 0).toBe(seesGrants && grants.length > 0);
          const reviews = await list('/sallyport/v1/campaigns?limit=100');
          expect(idsOf(reviews.rows).includes(campaignId)).toBe(seesReview(name));
          const items = await list(`/sallyport/v1/campaigns/${campaignId}/items?show=all&limit=200`);
          expect(idsOf(seesReview(name) ? items.rows : []).toSorted()).toEqual(
            all.flatMap(({ id, subject }) => (seesItem(name, subject.id) ? [id] : [])).toSorted(),
          );

          // One by one. What somebody does not see answers as what never was, whatever they try with it.
          const alike = async (id: string, calls: (id: string) => readonly [string, string, unknown?][]) => {
            const none = `${id.slice(0, 3)}${'Z'.repeat(id.length - 3)}`;
            const others = calls(none);
            for (const [i, [method, path, body]] of calls(id).entries()) {
              const [, otherPath, otherBody] = others[i] ?? ['', ''];
              const reply = await me.callOnce(method, path, body);
              const made = await me.callOnce(method, otherPath, otherBody);
              expect(said(reply, id), `${name} ${method} ${path}`).toBe(said(made, none));
            }
          };
          for (const one of asked) {
            const isSeen = sees(name, one);
            const reply = await me.get(`/sallyport/v1/requests/${one.id}`);
            expect(reply.status, `${name} ${one.mark}`).toBe(isSeen ? 200 : 404);
            for (const { text } of everything)
              if (!isSeen) expect(text.includes(one.mark) || text.includes(one.id), `${name} ${one.mark}`).toBe(false);
            const isTold = isSeen || given.some((grant) => grant.sourceId === one.id && grant.userId === ids.get(name));
            if (!isTold) expect(ownGrants.text).not.toContain(one.mark);
            if (!isTold && !seesGrants) expect(grantList.text).not.toContain(one.mark);
            // One for each person: what is tried with it is much.
            if (isSeen || one !== asked.findLast((other) => !sees(name, other))) continue;
            hidden += 1;
            const requests = '/sallyport/v1/requests';
            await alike(one.id, (id) => [
              ['GET', `${requests}/${id}`],
              ['GET', `${requests}/${id}/messages`],
              ['GET', `/governance/api/v2/requests/${id}`],
              ['GET', `${requests}?show=mine&after=${id}`],
              ['GET', `${requests}?show=decide&after=${id}`],
              ['POST', `${requests}/${id}/approve`, { digest: 'x'.repeat(43) }],
              ['POST', `${requests}/${id}/deny`, { comment: 'no' }],
              ['POST', `${requests}/${id}/cancel`],
              ['POST', `${requests}/${id}/nudge`],
              ['POST', `/governance/api/v2/requests/${id}/messages`, { message: 'hello' }],
            ]);
            for (const task of tasks.filter(({ requestId }) => requestId === one.id))
              await alike(task.id, (id) => [
                ['GET', `/governance/api/v2/my/tasks/${id}`],
                ['GET', `/governance/api/v2/my/tasks?after=${id}`],
                ['POST', `/governance/api/v2/my/tasks/${id}/resolve`, { value: 'DENIED' }],
                ['POST', `/governance/api/v2/my/tasks/${id}/resolve`, { value: 'APPROVED', digest: 'x'.repeat(43) }],
              ]);
          }
          const strange = given.find(({ userId }) => !seesGrants && userId !== ids.get(name));
          for (const grant of strange === undefined ? [] : [strange]) {
            await alike(grant.id, (id) => [
              ['GET', `/sallyport/v1/grants/${id}`],
              ['GET', `/sallyport/v1/grants?after=${id}`],
              ['GET', `/governance/api/v1/grants/${id}`],
              ['POST', `/sallyport/v1/grants/${id}/end`],
            ]);
          }
          const decision = (id: string) => ({ decisions: [{ reviewId: id, decision: 'APPROVE', note: 'x' }] });
          if (!seesReview(name))
            await alike(campaignId, (id) => [
              ['GET', `/sallyport/v1/campaigns/${id}`],
              ['GET', `/sallyport/v1/campaigns/${id}/items`],
              ['GET', `/sallyport/v1/campaigns?after=${id}`],
              ['GET', `/sallyport/v1/campaigns/${id}/report`],
              ['POST', `/sallyport/v1/campaigns/${id}/decisions`, decision(all[0]?.id ?? '')],
              [
                'POST',
                `/governance/api/v1/my/campaigns/${id}/reviews/bulk-decisions`,
                { criteria: { type: 'GOVERNANCE_ANALYZER' }, reviewDecision: 'APPROVE' },
              ],
            ]);
          const strangeItem = all.find(({ subject }) => !seesItem(name, subject.id));
          for (const item of strangeItem === undefined ? [] : [strangeItem])
            await alike(item.id, (id) => [
              ['GET', `/sallyport/v1/campaigns/${campaignId}/items?after=${id}`],
              ['GET', `/governance/api/v1/reviews/${id}`],
              ['POST', `/sallyport/v1/campaigns/${campaignId}/decisions`, decision(id)],
              ['POST', `/sallyport/v1/reviews/${id}/restore`],
            ]);
        }

        // What comes by itself; a step may have passed on meanwhile.
        for (const one of asked) for (const name of NAMES) if (sees(name, one)) one.saw.add(name);
        for (const { sink, payload } of await sent(begun)) {
          const to = NAMES.find((name) => loginOf(name) === (JSON.parse(payload) as { to?: string }).to);
          for (const one of asked.filter(({ mark, id }) => payload.includes(mark) || payload.includes(id)))
            expect(sink === 'mail' && to !== undefined && one.saw.has(to), `${sink} ${to} ${one.mark}`).toBe(true);
          if (!payload.includes(review)) continue;
          // Ana did it, and is told so; beside that only whoever is asked about something.
          const isAsked = all.some(({ subject }) =>
            to === 'ana' ? subject.id === ids.get(org.reviewer) : to === org.reviewer && subject.id !== ids.get(to),
          );
          const isOwnDoing = to === 'ana' && payload.includes('Done with your account');
          expect(sink === 'mail' && (isAsked || isOwnDoing), `${sink} ${to} ${payload}`).toBe(true);
        }
        const wasSeen = (past: (typeof ever)[number], name: Name): boolean =>
          past.one.saw.has(name) || past.sees(name, past.one);
        const opened = [...ears].flatMap(([name, streams]) => streams.map((one) => [name, one] as const));
        for (const [name, ear] of opened) {
          ear.stop();
          expect(ear.text(), name).toMatch(
            /^event: open\ndata: \{\}\n\n(: still here\n\n|event: (inbox\ndata: \{\}|(request|review)\ndata: \{"id":"\w+"\})\n\n)*(event: ended\ndata: \{"reason":"[\w-]+"\}\n\n)?$/,
          );
          for (const [what, id] of ear.hints().map((hint) => hint.split(' '))) {
            told += 1;
            // Something waited for them, or does no more: of what they saw once, as all that is named to them.
            const isOwn =
              what === 'review'
                ? id === campaignId && seesReview(name)
                : ever.some((past) => wasSeen(past, name) && (what === 'inbox' || past.one.id === id));
            expect(isOwn || (what === 'inbox' && seesReview(name)), `${name} ${what} ${id}`).toBe(true);
          }
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
    expect(hidden).toBeGreaterThan(0);
    expect(granted).toBeGreaterThan(0);
    expect(told).toBeGreaterThan(0);
  }, 300_000);
});
