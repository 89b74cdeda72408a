/** Access requests under true concurrency: whoever tries, in whichever order, on the real stores of both engines. */
import type { Principal } from '@sallyport/model/principal';
import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { makersOf } from '../../packages/server/src/approvals/ties.ts';
import { newId } from '../../packages/server/src/ports/random.ts';
import type { Transaction } from '../../packages/server/src/ports/store.ts';
import { decideRequest } from '../../packages/server/src/requests/decide-request.ts';
import { expireRequests } from '../../packages/server/src/requests/expire-requests.ts';
import { cancelRequest } from '../../packages/server/src/requests/follow-request.ts';
import { enterParty, findRequest } from '../../packages/server/src/requests/store.ts';
import { standingRights } from '../../packages/server/src/roles/standing-rights.ts';
import { jobContext } from '../../packages/server/src/setup/announce-setup.ts';
import { makeAskableGroup, TWO_FELLOW_ADMINS } from '../harness/askable-group.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { storePerson } from '../harness/stored-person.ts';
import { storeRequest } from '../harness/stored-request.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const PEOPLE = 8;
/**
 * What one of the eight is: who made their account, and who their key; whether they are an employee with two accounts;
 * which groups they are in.
 */
interface Shape {
  readonly makerAt: number | null;
  readonly keyMakerAt: number | null;
  readonly employee: '1' | '2' | null;
  readonly inGroups: readonly ('first' | 'second')[];
}
type Try =
  | { readonly kind: 'approve' | 'deny'; readonly who: number }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'expire' };

describe.each(ENGINES)('access requests on %s', (engine) => {
  const begin = async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const groupIds: Record<string, string> = {};
    for (const name of ['first', 'second'])
      groupIds[name] = String((await ana.call('POST', '/api/v1/groups', { profile: { name } })).body['id']);
    const { groupId, conditionId } = await makeAskableGroup(ana);
    const [session] = await server.services.store.read.selectFrom('sessions').select('id').execute();
    return { groupIds, groupId, conditionId, sessionId: session?.id ?? '' };
  };

  /** Eight accounts of these shapes, written as they stand in the store. */
  const makePeople = async (
    shapes: readonly Shape[],
    groupIds: Readonly<Record<string, string>>,
  ): Promise<string[]> => {
    const { services } = server;
    const ids = shapes.map(() => newId<string>(services.random, 'user'));
    const maker = (makerAt: number | null, at: number) => (makerAt === at || makerAt === null ? null : ids[makerAt]);
    for (const [at, { makerAt, keyMakerAt, employee, inGroups }] of shapes.entries())
      await storePerson(services, {
        id: ids[at] as string,
        createdBy: maker(makerAt, at) ?? 'import',
        keyBy: maker(keyMakerAt, at) ?? 'import',
        profile: employee === null ? {} : { employeeNumber: employee },
        groupIds: inGroups.map((name) => groupIds[name] as string),
      });
    return ids;
  };

  const principalOf = async (userId: string, sessionId: string): Promise<Principal> => ({
    kind: 'session',
    userId,
    sessionId,
    hasConsole: true,
    ...(await standingRights(server.services.store.read, userId)),
    request: jobContext('test'),
  });

  const shape: fc.Arbitrary<Shape> = fc.record({
    makerAt: fc.option(fc.integer({ min: 0, max: PEOPLE - 1 }), { freq: 1 }),
    keyMakerAt: fc.option(fc.integer({ min: 0, max: PEOPLE - 1 }), { freq: 1 }),
    employee: fc.option(fc.constantFrom('1' as const, '2' as const), { freq: 1 }),
    inGroups: fc.subarray(['first', 'second'] as const, { minLength: 1 }),
  });
  const approval = fc.integer({ min: 0, max: PEOPLE - 1 }).map((who): Try => ({ kind: 'approve', who }));
  const rest: fc.Arbitrary<Try> = fc.oneof(
    fc.integer({ min: 0, max: PEOPLE - 1 }).map((who): Try => ({ kind: 'deny', who })),
    fc.constantFrom<Try>({ kind: 'cancel' }, { kind: 'expire' }),
  );
  const fifty = { minLength: 50, maxLength: 50 };
  const tries = fc.oneof(
    fc.array(approval, fifty),
    fc.array(fc.oneof({ weight: 12, arbitrary: approval }, { weight: 1, arbitrary: rest }), fifty),
  );
  const cases = fc.record({
    shapes: fc.array(shape, { minLength: PEOPLE, maxLength: PEOPLE }),
    counts: fc.array(fc.record({ group: fc.constantFrom('first', 'second'), count: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
    beneficiary: fc.constantFrom(0, 0, 1),
    tries,
    isLate: fc.boolean(),
  });

  /** Of eight people who have nothing to do with each other one is given it, whatever else chance brings. */
  const OF_STRANGERS = {
    shapes: Array.from(
      { length: PEOPLE },
      (): Shape => ({
        ...{ makerAt: null, keyMakerAt: null, employee: null },
        inGroups: ['first', 'second'],
      }),
    ),
    counts: [{ group: 'first', count: 2 }],
    beneficiary: 0,
    tries: Array.from({ length: 50 }, (_, at): Try => ({ kind: 'approve', who: at % PEOPLE })),
    isLate: false,
  };

  it('never grant without the required distinct humans, with fifty at once', async () => {
    const { groupIds, groupId, conditionId, sessionId } = await begin();
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ shapes, counts, beneficiary, tries: all, isLate }) => {
        const { services, clock } = server;
        const db = services.store.read;
        const ids = await makePeople(shapes, groupIds);
        const [requesterId, beneficiaryId] = [ids[0] as string, ids[beneficiary] as string];
        const steps = counts.map(({ group, count }) => ({ approvers: { by: 'group', id: groupIds[group] }, count }));
        const { id, digest } = await storeRequest(services, {
          ...{ requesterId, beneficiaryId, groupId, conditionId, steps },
          decideWithinMs: 60_000,
        });
        if (isLate) clock.advance(59.999);
        const principals = await Promise.all(ids.map((userId) => principalOf(userId, sessionId)));
        const results = await Promise.allSettled(
          all.map((one, at) => {
            // In the middle the last millisecond passes.
            if (isLate && at === 25) clock.advance(0.001);
            if (one.kind === 'expire') return expireRequests(services);
            if (one.kind === 'cancel') return cancelRequest(services, principals[0] as Principal, id);
            const principal = principals[one.who] as Principal;
            return decideRequest(services, principal, id, { kind: one.kind, digest });
          }),
        );
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason, String(result.reason?.stack)).toHaveProperty('code');
        const row = await findRequest(db, id);
        const decisions = await db.selectFrom('requestDecisions').selectAll().where('requestId', '=', id).execute();
        const grants = await db.selectFrom('grants').select('id').where('sourceId', '=', id).execute();
        const yes = decisions.filter(({ kind }) => kind === 'approve');
        // Reference, from the shapes alone: who could be whom.
        const at = (userId: string): number => ids.indexOf(userId);
        const human = (userId: string): string => shapes[at(userId)]?.employee ?? userId;
        const makers = (userId: string): readonly (number | null | undefined)[] =>
          [shapes[at(userId)]?.makerAt, shapes[at(userId)]?.keyMakerAt].filter(
            (one) => one !== null && one !== at(userId),
          );
        const parties = [...new Set([requesterId, beneficiaryId]), ...yes.map(({ deciderId }) => deciderId)];
        for (const [index, { deciderId }] of yes.entries()) {
          const others = [requesterId, beneficiaryId, ...yes.slice(0, index).map((one) => one.deciderId)];
          for (const earlier of others) {
            expect(human(deciderId)).not.toBe(human(earlier));
            const [mine, theirs] = [makers(deciderId), makers(earlier)];
            expect(mine).not.toContain(at(earlier));
            expect(theirs).not.toContain(at(deciderId));
            // Nor two whom one third person made, or gave a key.
            expect(mine.filter((one) => theirs.includes(one))).toEqual([]);
          }
        }
        for (const [step, { count }] of counts.entries())
          expect(yes.filter((one) => Number(one.step) === step).length).toBeLessThanOrEqual(count);
        const needed = counts.reduce((sum, { count }) => sum + count, 0);
        expect(grants).toHaveLength(row.grantStatus === 'GRANTED' ? 1 : 0);
        expect(row.outcome === 'APPROVED').toBe(yes.length === needed && decisions.length === needed);
        if (row.outcome === 'APPROVED') {
          expect(row.grantStatus).toBe('GRANTED');
          granted += 1;
          expect(Number(row.resolvedAt)).toBeLessThan(Number(row.decideBy));
          expect(new Set(parties.map(human)).size).toBeGreaterThanOrEqual(needed + 1);
        }
        if (row.outcome !== 'APPROVED') expect(grants).toEqual([]);
      }),
      { numRuns: 10, examples: [[OF_STRANGERS]] },
    );
    expect(granted).toBeGreaterThan(0);
  });

  it('give an admin nothing through accounts and keys that they made, however many say yes at once', async () => {
    const { groupId, conditionId, sessionId } = await begin();
    const { services } = server;
    const db = services.store.read;
    const none = { inGroups: [], employee: null };
    const bare = (count: number): Shape[] =>
      Array.from({ length: count }, () => ({ ...none, makerAt: null, keyMakerAt: null }));
    // The admin, two accounts that they made, one whose key they enrolled, one that got the role from them; and two others.
    const [mallory = ''] = await makePeople(bare(1), {});
    const own = [
      await storePerson(services, { createdBy: mallory, roleBy: 'import', keyBy: 'import' }),
      await storePerson(services, { createdBy: mallory, roleBy: mallory, keyBy: mallory }),
      await storePerson(services, { roleBy: 'import', keyBy: mallory }),
      await storePerson(services, { roleBy: mallory, keyBy: 'import' }),
    ];
    const others = [
      await storePerson(services, { roleBy: 'import', keyBy: 'import' }),
      await storePerson(services, { roleBy: 'import', keyBy: 'import' }),
    ];
    const sequence = await db
      .selectFrom('requestSequences')
      .select('steps')
      .where('id', '=', TWO_FELLOW_ADMINS)
      .executeTakeFirstOrThrow();
    const steps = JSON.parse(sequence.steps) as readonly unknown[];
    const decidedBy = async (requesterId: string, deciders: readonly string[]) => {
      const { id, digest } = await storeRequest(services, {
        ...{ requesterId, beneficiaryId: requesterId, groupId, conditionId, steps },
      });
      const principals = await Promise.all(deciders.map((userId) => principalOf(userId, sessionId)));
      await Promise.allSettled(
        Array.from({ length: 50 }, (_, at) =>
          decideRequest(services, principals[at % principals.length] as Principal, id, { kind: 'approve', digest }),
        ),
      );
      const rows = await db.selectFrom('requestDecisions').select('deciderId').where('requestId', '=', id).execute();
      return { outcome: (await findRequest(db, id)).outcome, deciders: rows.map(({ deciderId }) => deciderId) };
    };
    // What they ask for themselves, none of their accounts decides.
    expect(await decidedBy(mallory, [mallory, ...own])).toEqual({ outcome: null, deciders: [] });
    const [other = ''] = others;
    // What one of the accounts asks for, neither its maker nor an account of the same maker decides: with a real other it is one.
    expect(await decidedBy(own[1] ?? '', [mallory, ...own, other])).toEqual({ outcome: null, deciders: [other] });
    // Nor are two of them two people for a stranger.
    const stranger = await storePerson(services);
    const two = await decidedBy(stranger, own);
    expect(two).toMatchObject({ outcome: null, deciders: [expect.any(String)] });
    const fair = await decidedBy(await storePerson(services), others);
    expect(fair.outcome).toBe('APPROVED');
    expect(fair.deciders.toSorted()).toEqual(others.toSorted());
  });

  it('keep who made whom in one direction', async () => {
    const { groupIds } = await begin();
    const none = { employee: null, keyMakerAt: null, inGroups: [] };
    const ids = await makePeople(
      [
        { makerAt: null, ...none },
        { makerAt: 0, ...none },
      ],
      groupIds,
    );
    const now = server.clock.now();
    let read = 0;
    const counted = server.services.store.read.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        read += result.rows.length;
        return result;
      },
    }) as Transaction;
    expect(await makersOf(counted, ids[1] as string, now)).toEqual([ids[0]]);
    const ofOne = read;
    expect(ofOne).toBeGreaterThan(0);
    // What somebody made is not read to tell who made them: they may have imported a hundred thousand people.
    const maker = ids[0] as string;
    for (let i = 0; i < 3; i += 1)
      await storePerson(server.services, { createdBy: maker, roleBy: maker, keyBy: maker });
    read = 0;
    expect(await makersOf(counted, maker, now)).toEqual([]);
    expect(read).toBe(ofOne);
    server.clock.advance(30 * 86_400 + 1);
    expect(await makersOf(server.services.store.read, ids[1] as string, server.clock.now())).toEqual([]);
  });

  it('have no room in the store for one human twice, for who asked, or for a vote too many', async () => {
    const { groupIds, groupId, conditionId } = await begin();
    const shapes = Array.from(
      { length: 4 },
      () => ({ makerAt: null, keyMakerAt: null, employee: null, inGroups: [] }) as const,
    );
    const ids = await makePeople(shapes, groupIds);
    const [requesterId, a, b, c] = ids as [string, string, string, string];
    const { id } = await storeRequest(server.services, {
      ...{ requesterId, beneficiaryId: requesterId, groupId, conditionId, steps: [] },
    });
    const { store } = server.services;
    const vote = (deciderId: string, slot: number | null, needed = 2, kind: 'approve' | 'deny' = 'approve') =>
      store.transaction((tx) =>
        tx
          .insertInto('requestDecisions')
          .values({
            requestId: id,
            deciderId,
            requesterId,
            beneficiaryId: requesterId,
            step: 0,
            needed,
            slot,
            kind,
            digest: '',
            comment: null,
            createdAt: 0,
            insteadOf: null,
            behind: '[]',
          })
          .execute(),
      );
    await expect(vote(requesterId, 0)).rejects.toThrow();
    await vote(a, 0);
    await expect(vote(a, 1)).rejects.toThrow();
    await expect(vote(b, 0)).rejects.toThrow();
    await vote(b, 1);
    await expect(vote(c, 2)).rejects.toThrow();
    await expect(vote(c, null)).rejects.toThrow();
    const enter = (userId: string, links: readonly string[]) =>
      store.transaction((tx) => enterParty(tx, id, { userId, links, makers: [] }));
    expect(await enter(a, [a, 'employee:9'])).toBe(true);
    expect(await enter(b, [b, 'employee:9'])).toBe(false);
    expect(await enter(requesterId, [requesterId])).toBe(false);
  });
});

/** What two nodes would do on one database: their transactions at the same moment. */
describe.runIf(ENGINES.includes('postgres'))('two nodes on one database', () => {
  it('move a request on once, whoever comes at the same moment', async () => {
    server = await startTestServer({ engine: 'postgres' });
    const ana: Person = await signedInAdmin(server);
    expect(ana.cookie).not.toBeNull();
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(server.services.store.read);
    const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
    url.pathname = `/${rows[0]?.name}`;
    const nodes = await Promise.all(
      [1, 2].map(async () => {
        const node = new pg.Client({ connectionString: url.toString() });
        await node.connect();
        return node;
      }),
    );
    try {
      const columns =
        'request_id, decider_id, requester_id, beneficiary_id, step, needed, slot, kind, digest, created_at';
      const insert = (node: pg.Client, decider: string, request: string) =>
        node.query(`insert into request_decisions (${columns}) values ($1, $2, 'q', 'q', 0, 1, 0, 'approve', '', 0)`, [
          request,
          decider,
        ]);
      for (let turn = 0; turn < 20; turn += 1) {
        const both = await Promise.allSettled(nodes.map((node, at) => insert(node, `d${at}`, `r${turn}`)));
        expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      }
    } finally {
      await Promise.all(nodes.map((node) => node.end()));
    }
  });
});
