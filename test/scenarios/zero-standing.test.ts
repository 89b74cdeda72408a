import type { WaysInAnswer } from '@sallyport/client/answers';
import { afterEach, describe, expect, it } from 'vitest';
import { insertLock } from '../../packages/server/src/locks/store.ts';
import { gatherPeople } from '../../packages/server/src/overview/gather-overview.ts';
import { breakGlass, type Glass, holderOf, makeGlass } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { storePerson } from '../harness/stored-person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const PATH = '/sallyport/v1/zero-standing';
const TWO = '5a11d0000000000000000002';
const ONE = '5a11d0000000000000000001';

interface Outcome {
  readonly changes: readonly string[];
  readonly people: readonly {
    readonly login: string;
    readonly before: readonly string[];
    readonly after: readonly string[];
    readonly canGetIt: boolean | null;
    readonly canSayYes: readonly string[];
    readonly cannotSayYes: readonly { readonly name: string; readonly sentence: string }[];
    readonly weaknesses: readonly string[];
  }[];
  readonly standing: readonly { readonly login: string }[];
  readonly weaknesses: readonly string[];
  readonly refusals: readonly string[];
}
const outcomeOf = (reply: Reply): Outcome => {
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body as unknown as Outcome;
};

describe.each(FIRST_ENGINE)('zero standing privilege on %s', (engine) => {
  let env: Record<string, string> = {};
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    env = {};
    for (const stop of stops.splice(0)) await stop();
  });
  const idOf = async (login: string): Promise<string> =>
    (
      await server.services.store.read
        .selectFrom('users')
        .select('id')
        .where('loginFolded', '=', login)
        .executeTakeFirstOrThrow()
    ).id;
  /** Ana set the org up; the others hold super admin, too. */
  const begin = async (...others: readonly string[]): Promise<readonly [Person, ...Person[]]> => {
    server = await startTestServer({ engine, env });
    const ana = await signedInAdmin(server);
    const rest: Person[] = [];
    for (const name of others) rest.push(await enrolPerson(server, ana, `${name}@example.org`, 'SUPER_ADMIN'));
    return [ana, ...rest];
  };
  /** By then whoever made an account is not tied to it any more. */
  const later = async (days: number, ...people: readonly Person[]): Promise<void> => {
    server.clock.advance(days * 86_400);
    for (const person of people) expect((await person.signIn()).status).toBe(200);
  };
  const body = async (logins: readonly string[], role: string | null = 'READ_ONLY_ADMIN', sequenceId = TWO) => ({
    people: await Promise.all(logins.map(async (login) => ({ id: await idOf(`${login}@example.org`), role }))),
    sequenceId,
    maximumDuration: 'PT4H',
  });
  const roleTypes = async (login: string): Promise<string[]> => {
    const id = await idOf(login);
    const rows = await server.services.store.read
      .selectFrom('roleAssignments')
      .leftJoin('groupMembers', 'groupMembers.groupId', 'roleAssignments.principalId')
      .select('roleAssignments.type')
      .where((e) => e.or([e('principalId', '=', id), e('groupMembers.userId', '=', id)]))
      .orderBy('roleAssignments.type')
      .execute();
    return rows.map(({ type }) => type);
  };
  const approve = async (person: Person, id: string): Promise<Reply> => {
    const { digest } = (await person.get(`/sallyport/v1/requests/${id}`)).body as unknown as { digest: string };
    return person.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
  };

  it('goes from three standing super admins to none, and each gets it by asking the two others', async () => {
    const [ana, bo, chi] = (await begin('bo', 'chi')) as [Person, Person, Person];
    await makeGlass(ana);
    await later(31, ana, bo, chi);
    const wanted = await body(['ana', 'bo', 'chi'], 'HELP_DESK_ADMIN');
    const seen = outcomeOf(await ana.call('POST', `${PATH}/preview`, wanted));
    expect(seen).toMatchObject({ refusals: [], weaknesses: [], standing: [] });
    expect(seen.people[0]).toMatchObject({
      login: 'ana@example.org',
      isYou: true,
      before: ['Super Administrator'],
      after: ['Help Desk Administrator', 'super admin by asking, up to 4 h'],
      canGetIt: true,
      weaknesses: ['Step 1 needs 2 people, and there are no more: if one is away, it waits.'],
    });
    // Looking changed nothing.
    expect(await roleTypes('ana@example.org')).toEqual(['SUPER_ADMIN']);
    expect((await ana.get(PATH)).body).toMatchObject({ isZero: false, isAskable: false });

    const unproved = await ana.callOnce('POST', PATH, wanted);
    expect(unproved.body['sallyport']).toMatchObject({ kind: 'step_up_required', action: 'zero-standing.apply' });
    outcomeOf(await ana.call('POST', PATH, wanted));
    for (const login of ['ana', 'bo', 'chi'])
      expect(await roleTypes(`${login}@example.org`)).toEqual(['HELP_DESK_ADMIN']);
    // Her power ended with it, and so did the set-up that she could not walk any further.
    expect((await ana.get(PATH)).status).toBe(403);
    const progress = await server.services.settings.read(server.services.store.read as never, 'setupProgress');
    expect(progress.finishedAt).not.toBeNull();

    const bundle = await server.services.store.read.selectFrom('bundles').select('id').executeTakeFirstOrThrow();
    const asked = await ana.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'bundle', id: bundle.id },
      duration: 'PT2H',
      reason: 'Rotate the certificate',
    });
    expect(asked.status, asked.text).toBe(201);
    const id = String(asked.body['id']);
    expect((await approve(bo, id)).body).toMatchObject({ status: 'PENDING', approvalsGiven: 1 });
    expect((await approve(chi, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    expect((await ana.get(PATH)).body).toMatchObject({ isZero: true, standing: [], isAskable: true });
    server.clock.advance(7_200_001);
    expect((await ana.signIn()).status).toBe(200);
    expect((await ana.get(PATH)).status).toBe(403);
  });

  /** Ana, Bo and Chi, none of whom holds super admin any more, and all of whom may ask for it. */
  const zero = async (prepare: (ana: Person) => Promise<unknown> = async () => undefined) => {
    const people = (await begin('bo', 'chi')) as [Person, Person, Person];
    const glass = await makeGlass(people[0]);
    await prepare(people[0]);
    await later(31, ...people);
    outcomeOf(await people[0].call('POST', PATH, await body(['ana', 'bo', 'chi'], 'HELP_DESK_ADMIN')));
    return { people, glass };
  };
  /** Super admin for two hours, by the yes of the two others. */
  const elevate = async (asker: Person, ...others: readonly Person[]): Promise<void> => {
    const bundle = await server.services.store.read.selectFrom('bundles').select('id').executeTakeFirstOrThrow();
    const asked = await asker.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'bundle', id: bundle.id },
      duration: 'PT2H',
      reason: 'What has to be done',
    });
    for (const other of others) expect((await approve(other, String(asked.body['id']))).status).toBe(200);
    expect((await asker.get(PATH)).status).toBe(200);
  };
  it('says so on the overview once nobody could have it by asking, and not while somebody has it', async () => {
    const { people } = await zero();
    const [ana, bo, chi] = people;
    const { store } = server.services;
    /** As whoever may read who holds which role is told; none of the three does. */
    const isOutOfReach = async (): Promise<boolean> => !(await gatherPeople(server.services)).isSuperAdminInReach;
    expect(await isOutOfReach()).toBe(false);
    // Bo and Chi are no administrators any more, and so nobody’s two others.
    await elevate(ana, bo, chi);
    const day = await store.read
      .selectFrom('groups')
      .select('id')
      .where('name', 'like', 'Day to day%')
      .executeTakeFirstOrThrow();
    for (const login of ['bo@example.org', 'chi@example.org']) {
      const removed = await ana.call('DELETE', `/api/v1/groups/${day.id}/users/${await idOf(login)}`);
      expect(removed.status, removed.text).toBe(204);
    }
    expect(await isOutOfReach()).toBe(false);
    // What she has helps nobody while she is kept out.
    const anaId = await idOf('ana@example.org');
    const turn = (status: 'ACTIVE' | 'SUSPENDED') =>
      store.transaction((tx) => tx.updateTable('users').set({ status }).where('id', '=', anaId).execute());
    await turn('SUSPENDED');
    expect(await isOutOfReach()).toBe(true);
    await turn('ACTIVE');
    expect(await isOutOfReach()).toBe(false);
    const { id } = await store.read.selectFrom('grants').select('id').executeTakeFirstOrThrow();
    expect((await ana.call('POST', `/sallyport/v1/grants/${id}/end`)).status).toBe(200);
    expect(await isOutOfReach()).toBe(true);
    // Another condition fits them first, and is for less long than the one that was there.
    const there = await store.read.selectFrom('requestConditions').selectAll().executeTakeFirstOrThrow();
    const duration = JSON.stringify({ type: 'ADMIN_FIXED_DURATION', duration: 'PT1H' });
    const id2 = `${there.id.slice(0, -1)}${there.id.endsWith('Z') ? 'Y' : 'Z'}`;
    const other = { ...there, id: id2, name: 'An hour', priority: -1, duration };
    await store.transaction((tx) => tx.insertInto('requestConditions').values(other).execute());
    expect(await isOutOfReach()).toBe(true);

    // Who could say yes, the ten of whom nobody comes in, is read once for all who ask.
    const questions = async (): Promise<number> => {
      let count = 0;
      const read = store.read.withPlugin({
        transformQuery: ({ node }) => {
          count += 1;
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const services = { ...server.services, store: Object.assign(Object.create(store) as object, { read }) };
      expect((await gatherPeople(services as typeof server.services)).isSuperAdminInReach).toBe(false);
      return count;
    };
    const [createdAt, groupId] = [server.clock.now() - 90 * 86_400_000, await askerGroup()];
    for (let i = 0; i < 10; i += 1) {
      const admin = await storePerson(server.services, { createdAt, roleBy: 'import', keyBy: 'import' });
      const lock = { subjectKind: 'user', reason: 'test', createdAt, expiresAt: null, createdBy: 'test' } as const;
      await store.transaction((tx) => insertLock(tx, { ...lock, id: `lck${i}`, subjectId: admin }));
    }
    const before = await questions();
    for (let i = 0; i < 4; i += 1)
      await storePerson(server.services, { createdAt, keyBy: 'import', groupIds: [groupId] });
    expect(((await questions()) - before) / 4).toBeLessThan(60);
  });

  const askerGroup = async (): Promise<string> =>
    (
      await server.services.store.read
        .selectFrom('groups')
        .select('id')
        .where('name', '=', 'May ask for super admin')
        .executeTakeFirstOrThrow()
    ).id;
  interface Asked {
    readonly kind: string;
    readonly approvalId: string;
    readonly proofUrl: string;
  }
  const askedOf = (reply: Reply): Asked => {
    const asked = reply.body['sallyport'] as Asked | undefined;
    if (asked?.kind !== 'approval_required') throw new Error(`nothing was asked: ${reply.status} ${reply.text}`);
    return asked;
  };
  const sayYes = async (person: Person, { approvalId }: Asked): Promise<Reply> => {
    const path = `/sallyport/v1/approvals/${approvalId}`;
    const { challenge = 'x'.repeat(43) } = (await person.get(path)).body as { challenge?: string };
    return person.call('POST', `${path}/approve`, { challenge });
  };
  const keysOf = async (glass: Glass): Promise<string[]> =>
    (
      await server.services.store.read
        .selectFrom('factors')
        .select('id')
        .where('userId', '=', glass.id)
        .where('status', '=', 'ACTIVE')
        .orderBy('id')
        .execute()
    ).map(({ id }) => id);

  it('an opened envelope is told to all who may ask for super admin though nobody has it, and where asking is switched off to every administrator', async () => {
    const smtp = await startSmtpServer();
    stops.push(() => smtp.stop());
    env = { SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, SALLYPORT_MAIL_FROM: 'sallyport@example.org' };
    const { glass } = await zero((ana) => enrolPerson(server, ana, 'dan@example.org', 'REPORT_ADMIN'));
    const told = (subject: string): string[] =>
      smtp.mails.flatMap((mail) => (mail.subject.includes(subject) ? mail.to : [])).toSorted();
    const all = ['ana@example.org', 'bo@example.org', 'chi@example.org'];
    const holder = holderOf(server.url, glass, '198.51.100.10');
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    await expect.poll(() => told('its sealed secret was used')).toEqual(all);
    await expect.poll(() => told('somebody signed in as it')).toEqual(all);
    expect((await holder.get(`/sallyport/v1/break-glass/${glass.id}`)).body).toMatchObject({ alarms: { mailTo: 3 } });

    await server.services.store.transaction((tx) =>
      tx.updateTable('requestConditions').set({ status: 'INACTIVE' }).execute(),
    );
    const given = await holder.call('PUT', '/sallyport/v1/break-glass-in-use/reason', {
      reason: 'INC-17: nobody else',
    });
    expect(given.status, given.text).toBe(200);
    await expect.poll(() => told('who is in says why')).toEqual([...all, 'dan@example.org'].toSorted());
  });

  it('whoever has it for a while reseals, and gives power, with the yes of one who may ask for it, and never alone', async () => {
    const { people, glass } = await zero();
    const [ana, bo, chi] = people;
    await elevate(ana, bo, chi);
    // What she has for a while makes nobody a super admin who is there: those who may ask are told apart, and so is the safe.
    const told = (await ana.get('/sallyport/v1/ways-in')).body as unknown as WaysInAnswer;
    expect(told.superAdmins).toEqual([]);
    expect(told.askers.map(({ login, isAble, ways }) => [login, isAble, ways.length])).toEqual(
      people.map(({ login }) => [login, true, 1]),
    );
    expect(told.breakGlass).toMatchObject([{ id: glass.id, isAble: true }]);
    const seal = `/sallyport/v1/break-glass/${glass.id}/seal`;
    const asked = askedOf(await ana.call('POST', seal));
    expect((await sayYes(ana, asked)).status).toBe(403);
    // Who may say yes to it sees it, in the list too, and is counted as one who can.
    expect((await chi.get('/sallyport/v1/approvals')).body).toMatchObject([{ id: asked.approvalId }]);
    expect((await ana.get(`/sallyport/v1/approvals/${asked.approvalId}`)).body).toMatchObject({ approversCount: 2 });
    const yes = await sayYes(chi, asked);
    expect(yes.status, yes.text).toBe(200);
    const { proof } = (await ana.get(asked.proofUrl)).body as unknown as { proof: string };
    const sealed = await ana.callOnce('POST', seal, undefined, { 'Sallyport-Proof': proof });
    expect(sealed.status, sealed.text).toBe(200);

    const reset = `/api/v1/users/${await idOf('bo@example.org')}/lifecycle/reset_factors`;
    const again = askedOf(await ana.call('POST', reset));
    expect((await sayYes(chi, again)).status).toBe(200);
    const given = (await ana.get(again.proofUrl)).body as unknown as { proof: string };
    const done = await ana.callOnce('POST', reset, undefined, { 'Sallyport-Proof': given.proof });
    expect(done.status, done.text).toBe(200);

    // One hand removes no key and ends no account, not even where it sends the others away first.
    const [key = ''] = await keysOf(glass);
    const remove = `/sallyport/v1/break-glass/${glass.id}/keys/${key}`;
    askedOf(await ana.call('DELETE', remove));
    expect((await ana.call('DELETE', `/api/v1/groups/${await askerGroup()}`)).status).toBe(204);
    askedOf(await ana.call('DELETE', remove));
    expect((await ana.call('DELETE', `/sallyport/v1/break-glass/${glass.id}`)).status).toBe(403);
    expect(await keysOf(glass)).toHaveLength(2);
  });

  it('no zone blocks all who may ask for it, and a review that nobody else can answer is theirs', async () => {
    const { people } = await zero();
    const [ana, bo, chi] = people;
    server.clock.advance(86_400);
    for (const [i, person] of people.entries()) {
      person.cookie = null;
      person.address = `192.0.2.${i + 1}`;
      expect((await person.signIn()).status).toBe(200);
    }
    await elevate(ana, bo, chi);
    // Of the same network, and not in the zone: nothing of hers would be blocked.
    ana.address = '198.51.100.7';
    const block = (value: string) =>
      ana.call('POST', '/api/v1/zones', {
        type: 'IP',
        name: `without ${value}`,
        usage: 'BLOCKLIST',
        gateways: [{ type: 'CIDR', value }],
      });
    expect((await block('192.0.2.0/24')).text).toContain('nobody could undo it');
    expect((await block('192.0.2.2/31')).status).toBe(200);

    const boId = await idOf('bo@example.org');
    const made = await ana.call('POST', '/governance/api/v1/campaigns', {
      name: 'Bo',
      scheduleSettings: {
        type: 'ONE_OFF',
        startDate: '2099-01-01T09:00:00Z',
        durationInDays: 7,
        timeZone: 'Europe/Oslo',
      },
      principalScopeSettings: { userIds: [boId] },
      reviewerSettings: { type: 'USER', reviewerId: boId },
      remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
      sallyport: { kinds: ['ROLE'] },
    });
    expect(made.status, made.text).toBe(201);
    const id = String(made.body['id']);
    expect((await ana.call('POST', `/governance/api/v1/campaigns/${id}/launch`)).status).toBe(202);
    const asked = await server.services.store.read
      .selectFrom('reviewers')
      .innerJoin('reviewItems', 'reviewItems.id', 'reviewers.itemId')
      .select('reviewers.reviewerId')
      .where('reviewItems.campaignId', '=', id)
      .execute();
    expect(new Set(asked.map(({ reviewerId }) => reviewerId))).toEqual(
      new Set([await idOf('ana@example.org'), await idOf('chi@example.org')]),
    );
  });

  it('no yes to power comes from a grant, from whoever holds something small, or from an asker while a super admin stands', async () => {
    const [ana, bo, chi] = (await begin('bo', 'chi')) as [Person, Person, Person];
    const dan = await enrolPerson(server, ana, 'dan@example.org', 'HELP_DESK_ADMIN');
    const glass = await makeGlass(ana);
    await later(31, ana, bo, chi, dan);
    // Chi stays: she is asked, and Bo, who may ask, says no yes beside her.
    outcomeOf(await ana.call('POST', PATH, await body(['ana', 'bo'], 'HELP_DESK_ADMIN')));
    for (const person of [ana, bo, chi, dan]) expect((await person.signIn()).status).toBe(200);
    await elevate(ana, bo, chi);
    await elevate(bo, ana, chi);
    const seal = `/sallyport/v1/break-glass/${glass.id}/seal`;
    const first = askedOf(await ana.call('POST', seal));
    expect(reasonOf(await sayYes(bo, first))).toBe('approver-for-a-while');
    expect((await sayYes(chi, first)).status).toBe(200);
    // She is not able to sign in any more: Bo speaks, because he may ask for it and not because he has it. For Dan it is not there.
    const { store } = server.services;
    await store.transaction((tx) =>
      tx.updateTable('users').set({ status: 'SUSPENDED' }).where('loginFolded', '=', 'chi@example.org').execute(),
    );
    const second = askedOf(await ana.call('POST', `/sallyport/v1/break-glass/${glass.id}/keys`, { name: 'Third' }));
    expect((await sayYes(dan, second)).status).toBe(404);
    const see = async () => (await bo.get(`/sallyport/v1/approvals/${second.approvalId}`)).body;
    expect(await see()).toMatchObject({ approve: { isAllowed: true }, approversCount: 1 });
    const boId = await idOf('bo@example.org');
    const groupId = await askerGroup();
    await store.transaction((tx) =>
      tx.deleteFrom('groupMembers').where('userId', '=', boId).where('groupId', '=', groupId).execute(),
    );
    expect(await see()).toMatchObject({ approve: { isAllowed: false }, approversCount: 0 });
    expect((await sayYes(bo, second)).status).toBe(403);
  });

  it('whoever manages groups decides nothing about who may ask for super admin', async () => {
    const managers: Person[] = [];
    await zero(async (ana) => {
      managers.push(await enrolPerson(server, ana, 'org@example.org', 'ORG_ADMIN'));
      managers.push(await enrolPerson(server, ana, 'groups@example.org', 'GROUP_MEMBERSHIP_ADMIN'));
      await enrolPerson(server, ana, 'eve@example.org', null);
    });
    const [groupId, ana, eve] = [await askerGroup(), await idOf('ana@example.org'), await idOf('eve@example.org')];
    const rule = {
      type: 'group_rule',
      name: 'everybody',
      conditions: { expression: { value: 'user.login!=""', type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    };
    const newcomer = { firstName: 'Kim', lastName: 'Lee', login: 'kim@example.org', email: 'kim@example.org' };
    for (const manager of managers) {
      expect((await manager.signIn()).status).toBe(200);
      for (const [method, path, sent] of [
        ['PUT', `/api/v1/groups/${groupId}/users/${eve}`, undefined],
        ['DELETE', `/api/v1/groups/${groupId}/users/${ana}`, undefined],
        ['PUT', `/api/v1/groups/${groupId}`, { profile: { name: 'Anything' } }],
        ['DELETE', `/api/v1/groups/${groupId}`, undefined],
        ['POST', '/api/v1/users', { profile: newcomer, groupIds: [groupId] }],
      ] as const)
        expect((await manager.call(method, path, sent)).status, `${manager.login} ${method} ${path}`).toBe(403);
      const refused = await manager.call('POST', '/api/v1/groups/rules', rule);
      expect([refused.status, refused.text], refused.text).toEqual([400, expect.stringContaining('No rule fills it')]);
    }
    // A rule from before the group was one of these fills it no more, and takes nobody out of it with itself.
    const [org] = managers as [Person];
    const { store } = server.services;
    const turn = (status: 'ACTIVE' | 'INACTIVE') =>
      store.transaction((tx) => tx.updateTable('requestConditions').set({ status }).execute());
    const members = async (): Promise<string[]> =>
      (await store.read.selectFrom('groupMembers').select('userId').where('groupId', '=', groupId).execute()).map(
        ({ userId }) => userId,
      );
    await turn('INACTIVE');
    const made = await org.call('POST', '/api/v1/groups/rules', rule);
    expect(made.status, made.text).toBe(200);
    const path = `/api/v1/groups/rules/${String(made.body['id'])}`;
    expect((await org.call('POST', `${path}/lifecycle/activate`)).status).toBe(204);
    await expect.poll(members, { timeout: 20_000 }).toContain(eve);
    await turn('ACTIVE');
    expect((await org.call('POST', '/api/v1/users', { profile: newcomer })).status).toBe(200);
    await expect.poll(async () => (await org.get(path)).body['status'], { timeout: 20_000 }).toBe('INVALID');
    expect(await members()).not.toContain(await idOf('kim@example.org'));
    expect((await org.call('DELETE', `${path}?removeUsers=true`)).status).toBe(202);
    expect(await members()).toContain(eve);
  });

  it('a drill is left to no super admin who could not sign for it, and after it there is a way in still', async () => {
    const [ana] = await begin();
    const glass = await makeGlass(ana);
    const eve = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { firstName: 'Eve', lastName: 'Example', login: 'eve@example.org', email: 'eve@example.org' },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    await ana.call('POST', `/api/v1/users/${String(eve.body['id'])}/roles`, { type: 'SUPER_ADMIN' });
    await later(31, ana);
    const base = `/sallyport/v1/break-glass/${glass.id}`;
    expect((await ana.call('POST', `${base}/drill`)).status).toBe(200);
    const holder = holderOf(server.url, glass, '198.51.100.10');
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    await holder.call('DELETE', '/api/v1/sessions/me');
    const [use] = (await ana.get(`${base}/uses`)).body as unknown as { id: string }[];
    const closed = await ana.call('POST', `${base}/uses/${use?.id}/review`, { note: 'Eve has no key yet.' });
    expect(closed.body, closed.text).toMatchObject({ closedAt: expect.any(String) });
    // One person, and an envelope that opens though nobody sealed it again: that is two ways in.
    expect((await ana.get('/sallyport/v1/setup/progress')).body).toMatchObject({ superAdmins: { able: 2 } });
  });

  it('makes no ties: after the founding months the people whom one of them moved still say yes for each other', async () => {
    const [ana, bo] = (await begin('bo', 'chi')) as [Person, Person];
    await makeGlass(ana);
    await later(90, bo);
    const seen = outcomeOf(await bo.call('POST', `${PATH}/preview`, await body(['ana', 'bo', 'chi'])));
    expect(seen.people.map(({ canGetIt }) => canGetIt)).toEqual([true, true, true]);
  });

  it('keeps the last standing super admin while break-glass is not ready, and while nobody could say yes', async () => {
    const [ana] = await begin('bo', 'chi');
    const all = await body(['ana', 'bo', 'chi']);
    const seen = outcomeOf(await ana.call('POST', `${PATH}/preview`, all));
    expect(seen.refusals).toEqual([
      'It is the last super admin role that stands, and no break-glass account is ready: make one with two hardware keys first.',
    ]);
    expect(seen.people.map(({ canGetIt }) => canGetIt)).toEqual([null, null, null]);
    const refused = await ana.call('POST', PATH, all);
    expect(refused.body['errorCode']).toBe('E0000006');
    expect(await roleTypes('bo@example.org')).toEqual(['SUPER_ADMIN']);
    expect(await server.services.store.read.selectFrom('bundles').select('id').execute()).toEqual([]);

    // One stays: the others may go, one after the other.
    outcomeOf(await ana.call('POST', PATH, await body(['bo'])));
    const second = outcomeOf(await ana.call('POST', PATH, await body(['chi'])));
    expect(second.changes).toEqual([]);
    expect(second.standing).toMatchObject([{ login: 'ana@example.org' }]);
    await makeGlass(ana);
    const last = await body(['ana']);
    // She made both accounts, so that neither says yes to her yet.
    const early = outcomeOf(await ana.call('POST', `${PATH}/preview`, last));
    expect(early.refusals).toHaveLength(1);
    expect(early.people[0]?.cannotSayYes.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('In the last 30 days they and whoever asked'),
      expect.stringContaining('In the last 30 days they and whoever asked'),
    ]);
    expect((await ana.call('POST', PATH, last)).status).toBe(403);
    await later(31, ana);
    expect(outcomeOf(await ana.call('POST', PATH, last)).refusals).toEqual([]);
  });

  it('says to two people, and to one, what is weaker and why', async () => {
    const [ana] = await begin('bo');
    await makeGlass(ana);
    await later(31, ana);
    const both = await body(['ana', 'bo']);
    const two = outcomeOf(await ana.call('POST', `${PATH}/preview`, both));
    expect(two.weaknesses.join(' ')).toContain('neither could ever have it by asking');
    expect(two.people[0]).toMatchObject({
      canGetIt: false,
      weaknesses: ['Step 1 needs 2 people, and only one person can say yes to it now.'],
    });
    expect(two.refusals).toEqual([
      'It is the last super admin role that stands, and nobody could have it by asking: there are not enough others who could say yes.',
    ]);
    expect((await ana.call('POST', PATH, both)).status).toBe(403);
    const weaker = outcomeOf(await ana.call('POST', `${PATH}/preview`, await body(['ana', 'bo'], 'REPORT_ADMIN', ONE)));
    expect(weaker.refusals).toEqual([]);
    expect(weaker.weaknesses.join(' ')).toContain('one yes is enough');
    expect(weaker.people[0]?.weaknesses.join(' ')).toContain('One approval gives an admin role');
    const bo = outcomeOf(await ana.call('POST', `${PATH}/preview`, await body(['bo'])));
    expect(bo.refusals).toEqual([]);

    await server.services.store.transaction((tx) =>
      tx.updateTable('users').set({ status: 'SUSPENDED' }).where('loginFolded', '=', 'bo@example.org').execute(),
    );
    const alone = outcomeOf(await ana.call('POST', `${PATH}/preview`, await body(['ana'])));
    expect(alone.weaknesses.join(' ')).toContain('one administrator');
  });

  it('takes nothing from accounts of machines and of the envelope, gives nobody nothing, and trusts no group by its name', async () => {
    const [ana] = await begin('bo', 'chi');
    const glass = await makeGlass(ana);
    const errorOf = (reply: Reply) => [reply.status, reply.body['errorCode']];
    const sealed = { ...(await body([])), people: [{ id: glass.id, role: 'READ_ONLY_ADMIN' }] };
    expect(errorOf(await ana.call('POST', PATH, sealed))).toEqual([400, 'E0000001']);
    expect(errorOf(await ana.call('POST', PATH, await body(['bo'], null)))).toEqual([400, 'E0000001']);
    expect(errorOf(await ana.call('POST', PATH, await body(['bo'], 'ORG_ADMIN')))).toEqual([400, 'E0000001']);
    expect(errorOf(await ana.call('POST', PATH, await body(['bo', 'bo'])))).toEqual([400, 'E0000001']);
    // Somebody was first with the name, and the group gives more than it says.
    const made = await ana.call('POST', '/api/v1/groups', {
      profile: { name: 'Day to day: Read-only Administrator' },
    });
    await ana.call('POST', `/api/v1/groups/${String(made.body['id'])}/roles`, { type: 'ORG_ADMIN' });
    expect(errorOf(await ana.call('POST', PATH, await body(['bo'])))).toEqual([400, 'E0000001']);
    expect(await roleTypes('bo@example.org')).toEqual(['SUPER_ADMIN']);
  });

  it('names whoever is suspended, and goes on without them', async () => {
    const [ana, bo, chi] = (await begin('bo', 'chi', 'dan')) as [Person, Person, Person];
    await makeGlass(ana);
    await later(31, ana, bo, chi);
    await server.services.store.transaction((tx) =>
      tx.updateTable('users').set({ status: 'SUSPENDED' }).where('loginFolded', '=', 'dan@example.org').execute(),
    );
    const all = await body(['ana', 'bo', 'chi', 'dan']);
    const seen = outcomeOf(await ana.call('POST', `${PATH}/preview`, all));
    expect(seen.people.map(({ login, canGetIt }) => [login, canGetIt])).toEqual([
      ['ana@example.org', true],
      ['bo@example.org', true],
      ['chi@example.org', true],
      ['dan@example.org', false],
    ]);
    expect(seen.people[3]?.weaknesses).toEqual(['The account is not active.']);
    outcomeOf(await ana.call('POST', PATH, all));
    expect(await roleTypes('dan@example.org')).toEqual(['READ_ONLY_ADMIN']);
  });

  it('counts nobody who comes in from nowhere: neither as an asker nor as a yes', async () => {
    const [ana] = (await begin('bo', 'chi')) as [Person];
    await makeGlass(ana);
    await later(31, ana);
    const all = await body(['ana', 'bo', 'chi']);
    expect(outcomeOf(await ana.call('POST', `${PATH}/preview`, all)).refusals).toEqual([]);
    const lock = { subjectKind: 'user', reason: 'test', createdAt: server.clock.now(), expiresAt: null } as const;
    const boId = await idOf('bo@example.org');
    await server.services.store.transaction((tx) =>
      insertLock(tx, { ...lock, id: 'lck1', subjectId: boId, createdBy: 'test' }),
    );
    const seen = outcomeOf(await ana.call('POST', `${PATH}/preview`, all));
    expect(seen.people.map(({ canGetIt }) => canGetIt)).toEqual([false, false, false]);
    const nowhere = 'With the keys, policies and locks of today they come into the console from nowhere.';
    expect(seen.people[0]).toMatchObject({ canSayYes: ['chi Example'], cannotSayYes: [{ sentence: nowhere }] });
    expect(seen.people[1]?.weaknesses).toContain(nowhere);
    expect(seen.refusals).toEqual([expect.stringContaining('nobody could have it by asking')]);
    expect((await ana.call('POST', PATH, all)).body['errorCode']).toBe('E0000006');
    // One yes is enough for Ana and for Chi, and Bo still gets nothing.
    const one = outcomeOf(await ana.call('POST', `${PATH}/preview`, { ...all, sequenceId: ONE }));
    expect(one.people.map(({ canGetIt }) => canGetIt)).toEqual([true, false, true]);
  });

  it('gives nobody a role, or the asking, who was put into its groups before, unseen', async () => {
    const [ana] = await begin('bo', 'chi');
    await enrolPerson(server, ana, 'mallory@example.org', null);
    const made = async (name: string): Promise<void> => {
      const { body: group } = await ana.call('POST', '/api/v1/groups', { profile: { name } });
      await ana.call('PUT', `/api/v1/groups/${String(group['id'])}/users/${await idOf('mallory@example.org')}`);
    };
    await made('May ask for super admin');
    const asked = outcomeOf(await ana.call('POST', `${PATH}/preview`, await body(['bo'])));
    expect(asked.changes).toContain(
      '“May ask for super admin” has one other member already, who may ask as well: mallory Example.',
    );
    await made('Day to day: Help Desk Administrator');
    const refused = await ana.call('POST', PATH, await body(['bo'], 'HELP_DESK_ADMIN'));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('has members already')]);
    expect(await roleTypes('mallory@example.org')).toEqual([]);
    // Who may ask already is no news.
    outcomeOf(await ana.call('POST', PATH, await body(['bo'])));
    expect(outcomeOf(await ana.call('POST', `${PATH}/preview`, await body(['chi']))).changes).toEqual([]);
  });

  it('keeps what was made stricter since, and says what would be loosened, and what comes first', async () => {
    const [ana] = await begin('bo', 'chi');
    outcomeOf(await ana.call('POST', PATH, await body(['bo'])));
    const [own] = await server.services.store.read.selectFrom('requestConditions').selectAll().execute();
    const path = `/governance/api/v2/resources/${own?.resourceId}/request-conditions`;
    const harder = await ana.call('PATCH', `${path}/${own?.id}`, {
      accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT30M' },
    });
    expect(harder.status, harder.text).toBe(200);
    const { defaults } = (await ana.get(PATH)).body as unknown as { defaults: object };
    expect(defaults).toEqual({ sequenceId: TWO, maximumDuration: 'PT30M' });
    const next = { ...(await body(['chi'])), ...defaults };
    expect(outcomeOf(await ana.call('POST', `${PATH}/preview`, next)).changes).toEqual([]);
    const looser = outcomeOf(await ana.call('POST', `${PATH}/preview`, { ...next, maximumDuration: 'PT4H' }));
    expect(looser.changes).toEqual([expect.stringMatching(/up to 4 h, .*; so far for up to 30 min, /)]);

    const bundle = await ana.call('POST', '/api/v1/iam/governance/bundles', {
      name: 'Reports',
      entitlements: [{ role: 'REPORT_ADMIN' }],
    });
    const scope = JSON.parse(own?.scope ?? '{}') as { entitlementBundles: object[] };
    const entitlementBundles = [...scope.entitlementBundles, { id: String(bundle.body['id']) }];
    await server.services.store.transaction((tx) =>
      tx
        .updateTable('requestConditions')
        .set({ priority: 1, scope: JSON.stringify({ ...scope, entitlementBundles }) })
        .where('id', '=', own?.id ?? '')
        .execute(),
    );
    const raised = outcomeOf(await ana.call('POST', `${PATH}/preview`, next));
    expect(raised.changes).toEqual([
      'The condition “Super admin, asked for” decides before all others: it also gives “Reports”.',
    ]);
  });

  it('takes super admin out of groups, too, and is nothing for whoever is no super admin', async () => {
    const [ana, bo] = (await begin('bo', 'chi')) as [Person, Person];
    const dan = await enrolPerson(server, ana, 'dan@example.org', 'HELP_DESK_ADMIN');
    for (const [method, path] of [
      ['GET', PATH],
      ['POST', `${PATH}/preview`],
      ['POST', PATH],
    ] as const)
      expect((await dan.callOnce(method, path, method === 'GET' ? undefined : await body(['bo']))).status).toBe(403);
    const group = String((await ana.call('POST', '/api/v1/groups', { profile: { name: 'Owners' } })).body['id']);
    await ana.call('POST', `/api/v1/groups/${group}/roles`, { type: 'SUPER_ADMIN' });
    await ana.call('POST', `/api/v1/groups/${group}/roles`, { type: 'HELP_DESK_ADMIN' });
    await ana.call('PUT', `/api/v1/groups/${group}/users/${await idOf('bo@example.org')}`);
    // What else that group gives goes with it: it is nothing that they keep.
    const { standing } = (await ana.get(PATH)).body as unknown as { standing: { login: string; others: string[] }[] };
    expect(standing.find(({ login }) => login === 'bo@example.org')?.others).toEqual([]);
    expect((await ana.call('POST', PATH, await body(['bo'], null))).status).toBe(400);
    const done = outcomeOf(await ana.call('POST', PATH, await body(['bo'])));
    expect(done.people[0]?.before).toEqual([
      'Super Administrator',
      'Help Desk Administrator, through Owners',
      'Super Administrator, through Owners',
    ]);
    expect(await roleTypes('bo@example.org')).toEqual(['READ_ONLY_ADMIN']);
    expect((await bo.get(PATH)).status).toBe(403);
  });
});
