/**
 * Random lives of grants on both engines against a reference that knows nothing of SQL: what counts at an instant is what
 * was given, has begun, has not run out, was not ended and still exists, whatever the clock did and whether or not a job ran.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../packages/model/src/errors.ts';
import { createBundle, deleteBundle } from '../../packages/server/src/bundles/manage-bundles.ts';
import { settleClock } from '../../packages/server/src/clock/settle-clock.ts';
import { membershipsAt } from '../../packages/server/src/grants/active-grants.ts';
import { closeExpired } from '../../packages/server/src/grants/close-expired.ts';
import { CLOCKS_DIFFER_MS, createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { endGrant } from '../../packages/server/src/grants/end-grant.ts';
import { createGroup, deleteGroup, setMembership } from '../../packages/server/src/groups/manage-groups.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { assignRole } from '../../packages/server/src/roles/assign-role.ts';
import { rightsAt, standingRights } from '../../packages/server/src/roles/standing-rights.ts';
import { changeLifecycle, createUser } from '../../packages/server/src/users/manage-users.ts';
import { signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const PEOPLE = 2;
/** What each thing gives: two bundles, and two groups that hold a role. */
const GIVES = ['READ_ONLY_ADMIN', 'APP_ADMIN', 'HELP_DESK_ADMIN', 'REPORT_ADMIN'] as const;
const isBundle = (thing: number): boolean => thing < 2;

interface Given {
  readonly who: number;
  readonly thing: number;
  readonly startsAt: number;
  readonly powerEndsAt: number;
  isOpen: boolean;
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('give' as const),
      who: fc.nat(PEOPLE - 1),
      thing: fc.nat(GIVES.length - 1),
      inSeconds: fc.integer({ min: -30, max: 60 }),
      forSeconds: fc.integer({ min: 1, max: 120 }),
    }),
  },
  {
    weight: 5,
    // A request, or the job, settles a clock that went back; until one does, time stands still.
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      seconds: fc.integer({ min: -60, max: 90 }),
      isSettled: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'job' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), thing: fc.nat(GIVES.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      who: fc.nat(PEOPLE - 1),
      thing: fc.integer({ min: 2, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deactivate' as const), who: fc.nat(PEOPLE - 1) }) },
);

describe.each(ENGINES)('grants and their reference on %s', (engine) => {
  let server: TestServer;
  let n = 0;
  const margin = engine === 'postgres' ? CLOCKS_DIFFER_MS : 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('agree after every step', async () => {
    const { services: s, clock } = server;
    const host = hostPrincipal(s.random);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const people: string[] = [];
        for (let i = 0; i < PEOPLE; i++) {
          const login = `r${n++}@example.org`;
          const profile = { firstName: 'R', lastName: 'R', login, email: login };
          const credentials = { password: { value: 'correct horse battery staple' } };
          people.push((await createUser(s, host, { profile, credentials }, true)).id);
        }
        const things: string[] = [];
        for (const [thing, role] of GIVES.entries()) {
          const name = `thing ${n++}`;
          if (isBundle(thing)) things.push((await createBundle(s, host, { name, entitlements: [{ role }] })).id);
          else {
            const { id } = await createGroup(s, host, { profile: { name } });
            await assignRole(s, host, 'group', id, { type: role });
            things.push(id);
          }
        }
        const given: (Given & { readonly id: string })[] = [];
        const exists = GIVES.map(() => true);
        const isActive = people.map(() => true);
        const joined = new Set<string>();
        const counts = (one: Given, now: number): boolean => one.isOpen && one.startsAt <= now && now < one.powerEndsAt;

        for (const one of steps) {
          const now = s.clock.now();
          if (one.do === 'clock') {
            clock.advance(one.seconds);
            const wentBack = clock.now() < now;
            if (one.isSettled) await settleClock(s);
            if (one.isSettled && wentBack)
              for (const grant of given) if (now >= grant.powerEndsAt) grant.isOpen = false;
            expect(s.clock.now()).toBe(wentBack && !one.isSettled ? now : clock.now());
          }
          if (one.do === 'job') {
            await closeExpired(s);
            for (const grant of given) if (now >= grant.powerEndsAt) grant.isOpen = false;
          }
          if (one.do === 'end') {
            const grant = given[one.which % Math.max(given.length, 1)];
            if (grant !== undefined) {
              const row = await s.store.read
                .selectFrom('grants')
                .selectAll()
                .where('id', '=', grant.id)
                .executeTakeFirstOrThrow();
              const ended = await s.store.transaction((tx) => endGrant(s, tx, host, row, 'ended-by-admin'));
              expect(ended !== null).toBe(grant.isOpen);
              grant.isOpen = false;
            }
          }
          if (one.do === 'delete' && exists[one.thing] === true) {
            const id = things[one.thing] ?? '';
            await (isBundle(one.thing) ? deleteBundle(s, host, id) : deleteGroup(s, host, id));
            exists[one.thing] = false;
            for (const grant of given) if (grant.thing === one.thing) grant.isOpen = false;
          }
          if (one.do === 'deactivate' && isActive[one.who] === true) {
            await changeLifecycle(s, host, people[one.who] ?? '', 'deactivate');
            isActive[one.who] = false;
            for (const grant of given) if (grant.who === one.who) grant.isOpen = false;
          }
          if (one.do === 'join' && exists[one.thing] === true) {
            await setMembership(s, host, things[one.thing] ?? '', people[one.who] ?? '', true);
            joined.add(`${one.who} ${one.thing}`);
          }
          if (one.do === 'give') {
            const startsAt = now + one.inSeconds * 1000;
            const expiresAt = startsAt + one.forSeconds * 1000;
            const powerEndsAt = Math.max(startsAt, expiresAt - margin);
            const before = given.find(({ who, thing, isOpen }) => who === one.who && thing === one.thing && isOpen);
            const isTaken = before !== undefined && (counts(before, now) || now < before.startsAt);
            const stands = joined.has(`${one.who} ${one.thing}`);
            const mayBe =
              exists[one.thing] === true && isActive[one.who] === true && expiresAt > now && !isTaken && !stands;
            const made = await s.store
              .transaction((tx) =>
                createGrant(s, tx, 'system', {
                  userId: people[one.who] ?? '',
                  entitlement: { kind: isBundle(one.thing) ? 'bundle' : 'group', id: things[one.thing] ?? '' },
                  startsAt,
                  expiresAt,
                  source: { kind: 'request', id: 'r' },
                  reason: 'r',
                }),
              )
              .catch((error: unknown) => {
                expect(error).toBeInstanceOf(ApiError);
                return null;
              });
            expect(made !== null).toBe(mayBe);
            if (made !== null) {
              if (before !== undefined) before.isOpen = false;
              given.push({ id: made.id, who: one.who, thing: one.thing, startsAt, powerEndsAt, isOpen: true });
            }
          }

          const at = s.clock.now();
          for (const [who, id] of people.entries()) {
            const stands = GIVES.filter((_, thing) => joined.has(`${who} ${thing}`) && exists[thing] === true);
            const forAWhile = given.filter((grant) => grant.who === who && counts(grant, at));
            const roles = [...new Set([...stands, ...forAWhile.map(({ thing }) => GIVES[thing])])].sort();
            expect((await rightsAt(s.store.read, id, at)).roles).toEqual(roles);
            expect((await standingRights(s.store.read, id)).roles).toEqual([...stands].sort());
            const memberships = await s.store.read
              .selectFrom(membershipsAt(s.store.read, at).as('m'))
              .select('m.groupId')
              .where('m.userId', '=', id)
              .where('m.groupId', 'in', things)
              .execute();
            const groups = GIVES.flatMap((_, thing) =>
              !isBundle(thing) &&
              exists[thing] === true &&
              (joined.has(`${who} ${thing}`) || forAWhile.some((grant) => grant.thing === thing))
                ? [things[thing]]
                : [],
            );
            expect(memberships.map(({ groupId }) => groupId).sort()).toEqual([...groups].sort());
          }
        }
        // History outlives everything, and each end is told once.
        const rows = await s.store.read.selectFrom('grants').select('id').where('userId', 'in', people).execute();
        expect(rows.map(({ id }) => id).sort()).toEqual(given.map(({ id }) => id).sort());
        for (const { id, isOpen } of given) {
          const ends = await s.store.read
            .selectFrom('events')
            .select('uuid')
            .where('eventType', 'in', ['user.account.privilege.revoke', 'group.user_membership.remove'])
            .where('body', 'like', `%"grantId":"${id}"%`)
            .execute();
          expect(ends.length).toBe(isOpen ? 0 : 1);
        }
      }),
      { numRuns: engine === 'postgres' ? 8 : 20 },
    );
  });
});
