/** More time for what runs: others say yes to it once more, one grant counts at a time, and what has ended stays ended. */
import type { Principal } from '@sallyport/model/principal';
import { afterEach, describe, expect, it } from 'vitest';
import { isGrantActive } from '../../packages/decide/src/grants/is-grant-active.ts';
import { closeExpired } from '../../packages/server/src/grants/close-expired.ts';
import { CLOCKS_DIFFER_MS, createGrant, extendGrant } from '../../packages/server/src/grants/create-grant.ts';
import { endEarly } from '../../packages/server/src/grants/end-early.ts';
import { endChain } from '../../packages/server/src/grants/end-grant.ts';
import { remindHolders } from '../../packages/server/src/grants/remind-holders.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import type { Revocation } from '../../packages/server/src/locks/revocation-bus.ts';
import { decideRequest } from '../../packages/server/src/requests/decide-request.ts';
import { rightsAt } from '../../packages/server/src/roles/standing-rights.ts';
import { assertAlive } from '../../packages/server/src/sessions/assert-still-live.ts';
import { jobContext } from '../../packages/server/src/setup/announce-setup.ts';
import type { Row } from '../../packages/server/src/store/tables.ts';
import { makeAskableGroup, TWO_FELLOW_ADMINS } from '../harness/askable-group.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { idOf, type Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { storePerson } from '../harness/stored-person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const HOUR = 3_600_000;

describe.each(FIRST_ENGINE)('a grant that is made longer on %s', (engine) => {
  const margin = engine === 'postgres' ? CLOCKS_DIFFER_MS : 0;

  /** Lee, who is no administrator, has a group for two hours, to which Bo and Chi said yes. */
  const begin = async (env: Record<string, string> = {}) => {
    server = await startTestServer({ engine, env });
    const { services: s, clock } = server;
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const chi = await enrolPerson(server, ana, 'chi@example.org', 'SUPER_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const { groupId, conditionId } = await makeAskableGroup(ana, TWO_FELLOW_ADMINS);
    const entitlement = { kind: 'group' as const, id: groupId };
    const ask = (more: Record<string, unknown> = {}): Promise<Reply> =>
      lee.call('POST', '/sallyport/v1/requests', { entitlement, duration: 'PT2H', reason: 'Close the month', ...more });
    const approve = async (person: Person, id: string): Promise<Reply> => {
      const path = `/sallyport/v1/requests/${id}`;
      return person.call('POST', `${path}/approve`, { digest: (await person.get(path)).body['digest'] });
    };
    const grants = () => s.store.read.selectFrom('grants').selectAll().orderBy('startsAt').orderBy('id').execute();
    const active = async () => (await grants()).filter((row) => isGrantActive(row, clock.now())).map(({ id }) => id);
    const first = idOf(await ask());
    idOf(await approve(bo, first));
    idOf(await approve(chi, first));
    const [old] = await grants();
    if (old === undefined) throw new Error('nothing was given');
    const longer = (more: Record<string, unknown> = {}): Promise<Reply> =>
      ask({ extends: old.id, duration: 'PT1H', ...more });
    return { s, clock, ana, bo, chi, lee, groupId, conditionId, ask, approve, grants, active, old, longer };
  };

  it('goes on under another id, without a gap and without two at once, and both stand in the history', async () => {
    const { s, clock, ana, bo, chi, lee, approve, grants, active, old, longer } = await begin();
    clock.advance(5400);
    for (const person of [ana, bo, chi, lee]) await person.signIn();
    const preview = await lee.call('POST', '/sallyport/v1/requests/preview', {
      ...{ entitlement: { kind: 'group', id: old.entitlementId }, extends: old.id, duration: 'PT1H' },
    });
    expect(preview.body).toMatchObject({ steps: [{ count: 2, ableCount: 2 }] });
    const asked = await longer();
    const id = idOf(asked);
    const until = Number(old.expiresAt) + HOUR;
    expect(asked.body).toMatchObject({
      words: 'Payroll operators, 1 h longer',
      extends: {
        id: old.id,
        endsAt: new Date(Number(old.expiresAt)).toISOString(),
        untilAt: new Date(until).toISOString(),
      },
    });
    const said: Revocation[] = [];
    const stop = s.bus.subscribe((one) => said.push(one));
    idOf(await approve(bo, id));
    expect(await active()).toEqual([old.id]);
    clock.advance(60);
    const done = await approve(chi, id);
    stop();
    expect(done.body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    const at = clock.now();
    const [before, after, ...more] = await grants();
    expect(more).toEqual([]);
    expect(before).toMatchObject({ id: old.id, endedAt: at, endReason: 'extended', expiresAt: old.expiresAt });
    expect(after).toMatchObject({
      ...{ startsAt: at, expiresAt: until, powerEndsAt: until - margin, endedAt: null },
      ...{ extendsGrantId: old.id, sourceId: id, reason: 'Close the month' },
    });
    for (const now of [at - 1, at, at + 1]) {
      const counting = [before, after].filter((row) => {
        if (row === undefined) return false;
        // As it was at that moment: what ended later had not ended yet.
        const endedAt = row.endedAt !== null && row.endedAt > now ? null : row.endedAt;
        return isGrantActive({ ...row, endedAt }, now);
      });
      expect(counting, String(now - at)).toHaveLength(1);
    }
    // Who listens by it asks anew until when. No session of an app ends, and no stream of the person is cut.
    expect(said.filter(({ kind }) => kind !== 'key')).toEqual([
      { kind: 'grant', id: old.id, reason: 'rights-changed' },
    ]);
    const history = (await lee.get('/sallyport/v1/grants')).body as unknown as { endReason: string | null }[];
    expect(history.map(({ endReason }) => endReason)).toEqual([null, 'extended']);
    const events = (await s.store.read.selectFrom('events').select(['eventType', 'body']).execute())
      .filter(({ eventType }) => eventType.startsWith('group.user_membership.'))
      .map(({ eventType, body }) => ({
        eventType,
        debugData: (JSON.parse(body) as { debugContext: { debugData: Record<string, string> } }).debugContext.debugData,
      }));
    expect(events.slice(-2)).toMatchObject([
      { eventType: 'group.user_membership.remove', debugData: { grantId: old.id, grantEndReason: 'extended' } },
      { eventType: 'group.user_membership.add', debugData: { grantId: after?.id, grantExtends: old.id } },
    ]);
    // It ends by itself like any other, and can be made longer again.
    clock.advance((until - margin - at) / 1000);
    expect(await active()).toEqual([]);
    await closeExpired(s);
    expect((await grants()).at(-1)).toMatchObject({ id: after?.id, endReason: 'expired' });
  });

  it('can be asked for until its last moment, and a yes that comes at its end gives nothing', async () => {
    const { clock, bo, chi, ana, lee, approve, grants, active, old, longer } = await begin();
    const end = Number(old.powerEndsAt);
    clock.advance((end - 1000 - clock.now()) / 1000);
    for (const person of [ana, bo, chi, lee]) await person.signIn();
    const left = (end - clock.now()) / 1000;
    expect(left).toBeGreaterThan(0);
    const asked = await longer();
    const id = idOf(asked);
    // It waits no longer than there is something to make longer.
    expect(asked.body['decideBy']).toBe(new Date(end).toISOString());
    idOf(await approve(bo, id));
    const { digest } = asked.body;
    clock.advance((end - clock.now()) / 1000);
    const late = await chi.callOnce('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    expect(late.status).toBe(403);
    expect(await active()).toEqual([]);
    expect(await grants()).toHaveLength(1);
    expect((await lee.get(`/sallyport/v1/requests/${id}`)).body).toMatchObject({
      status: 'EXPIRED',
      grant: null,
      approve: { isAllowed: false },
    });
    expect(reasonOf(await longer())).toBe('grant-not-running');
    // It can be asked for anew, as anything.
    expect((await longer({ extends: undefined })).body).toMatchObject({ status: 'PENDING', extends: null });
  });

  it('that somebody ended stays ended, whatever others say yes to after that', async () => {
    const { bo, chi, lee, approve, grants, active, old, longer } = await begin();
    const id = idOf(await longer());
    idOf(await approve(bo, id));
    idOf(await lee.call('POST', `/sallyport/v1/grants/${old.id}/end`));
    expect(reasonOf(await approve(chi, id))).toBe('grant-not-running');
    expect(await active()).toEqual([]);
    expect(await grants()).toHaveLength(1);
    expect((await lee.get(`/sallyport/v1/requests/${id}`)).body).toMatchObject({
      status: 'PENDING',
      approvalsGiven: 1,
    });
    idOf(await lee.call('POST', `/sallyport/v1/requests/${id}/cancel`));
    expect(reasonOf(await longer())).toBe('grant-not-running');
  });

  it('is asked for by whoever has it alone, for that very thing, and no longer than may be asked for', async () => {
    const { s, clock, chi, bo, groupId, ana, longer, old, grants } = await begin();
    const entitlement = { kind: 'group', id: groupId };
    const body = { entitlement, extends: old.id, duration: 'PT1H', reason: 'why' };
    expect((await bo.call('POST', '/sallyport/v1/requests', body)).status).toBe(404);
    // Not even by who may ask in the name of others, or sees all grants.
    expect((await chi.call('POST', '/sallyport/v1/requests', { ...body, forUserId: old.userId })).status).toBe(404);
    expect((await longer({ duration: 'PT9H' })).text).toContain('at most PT8H');
    expect((await longer({ startsAt: new Date(clock.now() + HOUR).toISOString() })).text).toContain('startsAt');
    const other = await makeAskableGroup(ana, TWO_FELLOW_ADMINS, 'Another');
    expect((await longer({ entitlement: { kind: 'group', id: other.groupId } })).text).toContain('something else');
    const later = await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', {
        userId: old.userId,
        entitlement: { kind: 'group', id: other.groupId },
        ...{ startsAt: clock.now() + HOUR, expiresAt: clock.now() + 2 * HOUR, reason: 'later' },
        source: { kind: 'request', id: 'req1' },
      }),
    );
    const early = await longer({ entitlement: { kind: 'group', id: other.groupId }, extends: later.id });
    expect(reasonOf(early)).toBe('grant-not-running');
    // Nor once, at the same time, with another open one.
    idOf(await longer());
    expect((await longer()).status).toBe(409);
    expect(await grants()).toHaveLength(2);
  });

  it('is told of its end once, with the way to more time, and not where it went on or ended before', async () => {
    const { s, clock, lee, ana, chi, conditionId, old } = await begin({
      ...{ SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9', SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
    });
    const told = async (): Promise<string[]> => {
      const { services } = server;
      // As two nodes would at the same moment.
      await Promise.all([remindHolders(services), remindHolders(services)]);
      const rows = await services.store.read
        .selectFrom('outbox')
        .select('payload')
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      const mails = rows.map(({ payload }) => JSON.parse(payload) as { kind: string; to: string; text: string });
      return mails.flatMap(({ kind, to, text }) => (kind === 'grant.ending' ? [`${to} ${text}`] : []));
    };
    const given = { userId: old.userId, entitlement: { kind: 'group' as const, id: old.entitlementId } };
    const ground = { source: { kind: 'request' as const, id: 'req1' }, reason: 'why' };
    const give = (hours: number, beginsIn = 0) => {
      const startsAt = clock.now() + beginsIn * HOUR;
      const times = { startsAt, expiresAt: startsAt + hours * HOUR };
      return s.store.transaction((tx) => createGrant(s, tx, 'system', { ...given, ...ground, ...times }));
    };
    const end = (row: Row<'grants'>) =>
      s.store.transaction((tx) => endChain(s, tx, hostPrincipal(s.random), row, 'ended-by-admin'));
    const advanceTo = (at: number): void => clock.advance((at - clock.now()) / 1000);
    // Two hours: whoever asked for them knows.
    advanceTo(Number(old.powerEndsAt) - 1000);
    expect(await told()).toEqual([]);
    advanceTo(Number(old.expiresAt));

    const long = await give(7 * 24);
    advanceTo(Number(long.expiresAt) - 24 * HOUR - 1);
    expect(await told()).toEqual([]);
    clock.advance(0.001);
    const [first, ...none] = await told();
    expect(none).toEqual([]);
    expect(first).toContain('lee@example.org');
    expect(first).toContain(
      `until ${new Date(Number(long.expiresAt)).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    );
    // Lee is no administrator, and so the console is no way for Lee.
    expect(first).toContain(`sallyport grant extend ${long.id} --for 1h`);
    clock.advance(3600);
    expect(await told()).toHaveLength(1);
    // Of what it goes on in it counts anew from when it was asked for: so long once more, told once more.
    const longer = await s.store.transaction((tx) =>
      extendGrant(s, tx, { ...given, ...ground, grantId: long.id, seconds: 3600 }),
    );
    advanceTo(Number(longer.expiresAt) - HOUR / 2);
    const both = await told();
    expect(both.filter((text) => text.includes(longer.id))).toHaveLength(1);
    expect(both).toHaveLength(2);
    await end(longer);

    // One that is ended before, one that has not begun, and one that a job comes to too late.
    const cut = await give(5);
    advanceTo(Number(cut.expiresAt) - HOUR / 2 - 1000);
    await end(cut);
    clock.advance(2);
    expect(await told()).toHaveLength(2);
    const later = await give(4, 100);
    expect(await told()).toHaveLength(2);
    advanceTo(Number(later.powerEndsAt));
    expect(await told()).toHaveLength(2);

    // While more time is asked for it says so; where nobody can ask for it, that, too.
    const asked = await give(8);
    for (const person of [ana, lee]) await person.signIn();
    const request = idOf(
      await lee.call('POST', '/sallyport/v1/requests', {
        ...{ entitlement: given.entitlement, extends: asked.id, duration: 'PT1H', reason: 'not done' },
      }),
    );
    advanceTo(Number(asked.expiresAt) - HOUR / 2);
    expect((await told()).at(-1)).toContain(`sallyport request show ${request}`);
    await end(asked);
    // What it offers is what is taken: so long as the condition says, with a ticket where it needs one.
    const condition = (id: string, change: { duration: object; ticket?: 'required' }): Promise<unknown> =>
      s.store.transaction((tx) =>
        tx
          .updateTable('requestConditions')
          .set({ ...change, duration: JSON.stringify(change.duration) })
          .where('id', '=', id)
          .execute(),
      );
    const upTo = (maximumDuration: string) => ({ type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration });
    const always = (duration: string) => ({ type: 'ADMIN_FIXED_DURATION', duration });
    for (const [change, offered] of [
      [{ duration: upTo('PT30M') }, "--for 30m --reason '…'\n"],
      [{ duration: always('P1DT3H'), ticket: 'required' }, "--for 27h --reason '…' --ticket '…'\n"],
    ] as const) {
      await condition(conditionId, change);
      const one = await give(8);
      advanceTo(Number(one.expiresAt) - HOUR / 2);
      expect((await told()).at(-1)).toContain(`sallyport grant extend ${one.id} ${offered}`);
      await end(one);
    }
    await s.store.transaction((tx) =>
      tx.updateTable('requestConditions').set({ status: 'INACTIVE' }).where('id', '=', conditionId).execute(),
    );
    const last = await give(8);
    advanceTo(Number(last.expiresAt) - HOUR / 2);
    expect((await told()).at(-1)).toContain('As things stand it cannot be made longer.');
    await end(last);
    // A service account is nobody: whoever asked to sign in as it is told, with what they may ask for.
    const robotId = await storePerson(s, { login: 'robot@example.org', profile: {}, createdAt: 0 });
    const entitlement = { kind: 'service-account' as const, id: robotId };
    await s.store.transaction(async (tx) => {
      await tx.updateTable('users').set({ serviceAccountAt: clock.now() }).where('id', '=', robotId).execute();
      const like = await tx
        .selectFrom('requestConditions')
        .selectAll()
        .where('id', '=', conditionId)
        .executeTakeFirstOrThrow();
      const ofRobot = { id: 'ofRobot', resourceId: robotId, status: 'ACTIVE', ticket: 'optional' } as const;
      await tx
        .insertInto('requestConditions')
        .values({ ...like, ...ofRobot })
        .execute();
    });
    let row: Row<'grants'> | null = null;
    const toldOfRobot = async (): Promise<string> => {
      if (row !== null) await end(row);
      row = await s.store.transaction((tx) => {
        const times = { startsAt: clock.now(), expiresAt: clock.now() + 8 * HOUR };
        const source = { kind: 'request' as const, id: old.sourceId };
        return createGrant(s, tx, 'system', { userId: robotId, entitlement, ...times, source, reason: 'its key' });
      });
      clock.advance(7.5 * 3600);
      const text = (await told()).at(-1) ?? '';
      expect(text).toMatch(/^lee@example\.org .*sign in as robot@example\.org/s);
      return text.replaceAll(row.id, 'ID');
    };
    await condition('ofRobot', { duration: upTo('PT8H') });
    expect(await toldOfRobot()).toContain('sallyport grant extend ID --for 1h');
    // A day from now at most: a day more is refused.
    await condition('ofRobot', { duration: always('PT24H') });
    expect(await toldOfRobot()).toContain('As things stand it cannot be made longer.');
    if (row !== null) await end(row);
    row = null;
    await condition('ofRobot', { duration: upTo('PT8H') });
    // Who else asked for it meanwhile is no business of theirs, and nobody asks beside that.
    await chi.signIn();
    const ofChi = idOf(
      await chi.call('POST', '/sallyport/v1/requests', { entitlement, duration: 'PT1H', reason: 'another time' }),
    );
    const beside = await toldOfRobot();
    expect(beside).toContain('As things stand it cannot be made longer.');
    expect(beside).not.toContain(ofChi);
    // Whom nothing can be sent to costs no transaction, and what fails for one keeps no other from being told.
    const [suspendedId, kimId, maxId] = [
      await storePerson(s, { login: 'suspended@example.org', profile: {}, createdAt: 0 }),
      await storePerson(s, { login: 'kim@example.org', profile: {}, createdAt: 0 }),
      await storePerson(s, { login: 'max@example.org', profile: {}, createdAt: 0 }),
    ];
    const before = await told();
    for (const userId of [suspendedId, kimId, maxId]) {
      const times = { startsAt: clock.now(), expiresAt: clock.now() + 8 * HOUR };
      await s.store.transaction((tx) => createGrant(s, tx, 'system', { ...given, ...ground, ...times, userId }));
      clock.advance(0.001);
    }
    await s.store.transaction((tx) =>
      tx.updateTable('users').set({ status: 'SUSPENDED' }).where('id', '=', suspendedId).execute(),
    );
    let tried = 0;
    const transaction: typeof s.store.transaction = (work) => {
      tried += 1;
      return tried === 1 ? Promise.reject(new Error('the store does not answer')) : s.store.transaction(work);
    };
    // By a clock of its own, so that the server's job, which runs beside it, finds nothing that is due.
    const at = clock.now() + 7.5 * HOUR;
    const ahead = { ...s, clock: { ...s.clock, now: () => at }, store: { ...s.store, transaction } };
    await remindHolders(ahead);
    expect(tried).toBe(2);
    await remindHolders(ahead);
    expect(tried).toBe(3);
    const toldNow = (await told()).slice(before.length).map((text) => text.split(' ')[0]);
    expect(toldNow.toSorted()).toEqual(['kim@example.org', 'max@example.org']);
    await remindHolders(ahead);
    expect(tried).toBe(3);
    // Once, whatever the clock does and however often the server starts.
    clock.advance(-600);
    await server.restart();
    clock.advance(600);
    expect(await told()).toHaveLength(before.length + 2);
  });

  it('is not what the approvers saw where the store says another one', async () => {
    const { s, bo, approve, longer } = await begin();
    const id = idOf(await longer());
    await s.store.transaction((tx) =>
      tx.updateTable('requests').set({ extendsGrantId: null }).where('id', '=', id).execute(),
    );
    expect(reasonOf(await approve(bo, id))).toBe('request-changed');
  });

  it('ends where somebody ends what it came from, also of two that do it at the same moment', async () => {
    const { s, clock, bo, chi, lee, approve, grants, active, old, longer } = await begin();
    const principalOf = async (userId: string, hasConsole: boolean): Promise<Principal> => ({
      ...{ kind: 'session', userId, hasConsole },
      sessionId: (
        await s.store.read.selectFrom('sessions').select('id').where('userId', '=', userId).executeTakeFirstOrThrow()
      ).id,
      ...(await rightsAt(s.store.read, userId, clock.now())),
      request: jobContext('test'),
    });
    const holder = await principalOf(old.userId, false);
    const decider = await principalOf(String((await chi.get('/api/v1/users/me')).body['id']), true);
    const given = async (): Promise<string> => {
      const id = idOf(await longer({ extends: undefined }));
      idOf(await approve(bo, id));
      idOf(await approve(chi, id));
      return (await active())[0] ?? '';
    };
    let current = old.id;
    const outcomes = new Set<string>();
    for (const order of ['end first', 'yes first', 'at once']) {
      const asked = await longer({ extends: current });
      const id = idOf(asked);
      idOf(await approve(bo, id));
      const yes = () => decideRequest(s, decider, id, { kind: 'approve', digest: String(asked.body['digest']) });
      // The page of whoever ends it shows the one from before.
      const end = () => endEarly(s, holder, current);
      if (order === 'at once') await Promise.allSettled([yes(), end()]);
      else for (const one of order === 'end first' ? [end, yes] : [yes, end]) await one().catch(() => undefined);
      expect(await active(), order).toEqual([]);
      const { status } = (await lee.get(`/sallyport/v1/requests/${id}`)).body as unknown as { status: string };
      outcomes.add(status);
      if (status === 'PENDING') idOf(await lee.call('POST', `/sallyport/v1/requests/${id}/cancel`));
      current = await given();
    }
    expect([...outcomes].toSorted()).toEqual(['APPROVED', 'PENDING']);
    // Whoever read it before, on another node, and ends it after: all of it ends.
    const [stale] = (await grants()).filter((row) => isGrantActive(row, clock.now()));
    if (stale === undefined) throw new Error('nothing was given');
    const thing = { userId: stale.userId, entitlement: { kind: 'group' as const, id: stale.entitlementId } };
    const more = { ...thing, seconds: 60, source: { kind: 'request' as const, id: 'req1' }, reason: 'more' };
    const second = await s.store.transaction((tx) => extendGrant(s, tx, { ...more, grantId: stale.id }));
    await s.store.transaction((tx) => extendGrant(s, tx, { ...more, grantId: second.id }));
    const ended = await s.store.transaction((tx) => endChain(s, tx, hostPrincipal(s.random), stale, 'ended-by-admin'));
    expect(ended?.extendsGrantId).toBe(second.id);
    expect(await active()).toEqual([]);
    // What was made longer once is not made longer beside that.
    await expect(s.store.transaction((tx) => extendGrant(s, tx, { ...more, grantId: stale.id }))).rejects.toMatchObject(
      { code: 'E0000090' },
    );
  });

  it('runs to its own end where it cannot be made longer at the last yes', async () => {
    const { s, bo, chi, approve, active, old, longer, groupId } = await begin();
    const id = idOf(await longer());
    idOf(await approve(bo, id));
    await s.store.transaction((tx) =>
      tx
        .insertInto('groupMembers')
        .values({ groupId, userId: old.userId, addedAt: s.clock.now(), addedBy: 'test' })
        .execute(),
    );
    expect((await approve(chi, id)).body).toMatchObject({
      status: 'APPROVED',
      grant: { status: 'FAILED', sentence: 'This person holds the same without an end: directly, or through a group.' },
    });
    expect(await active()).toEqual([old.id]);
  });

  it('keeps a change that is under way, and stops one where it ends', async () => {
    server = await startTestServer({ engine });
    const { services: s, clock } = server;
    const ana = await signedInAdmin(server);
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const userId = String((await lee.get('/api/v1/users/me')).body['id']);
    const made = await ana.call('POST', '/api/v1/iam/governance/bundles', {
      ...{ name: 'Readers', description: 'for tests', entitlements: [{ role: 'READ_ONLY_ADMIN' }] },
    });
    const given = {
      ...{ userId, entitlement: { kind: 'bundle' as const, id: idOf(made) }, reason: 'why' },
      source: { kind: 'request' as const, id: 'req1' },
    };
    const now = clock.now();
    const row = await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', { ...given, startsAt: now, expiresAt: now + HOUR }),
    );
    const session = await s.store.read
      .selectFrom('sessions')
      .select('id')
      .where('userId', '=', userId)
      .executeTakeFirstOrThrow();
    const principal: Principal = {
      ...{ kind: 'session', userId, hasConsole: true, sessionId: session.id },
      ...(await rightsAt(s.store.read, userId, clock.now())),
      request: jobContext('test'),
    };
    const alive = () => s.store.transaction((tx) => assertAlive(s, tx, principal));
    await alive();
    const next = await s.store.transaction((tx) => extendGrant(s, tx, { ...given, grantId: row.id, seconds: 3600 }));
    await alive();
    expect([...(await rightsAt(s.store.read, userId, clock.now())).roles]).toEqual(['READ_ONLY_ADMIN']);
    await s.store.transaction((tx) => endChain(s, tx, hostPrincipal(s.random), next, 'ended-by-admin'));
    await expect(alive()).rejects.toMatchObject({ code: 'E0000006' });
    expect([...(await rightsAt(s.store.read, userId, clock.now())).roles]).toEqual([]);
  });
});
