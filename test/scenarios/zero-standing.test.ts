import { afterEach, describe, expect, it } from 'vitest';
import { makeGlass } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

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
    readonly cannotSayYes: readonly { readonly sentence: string }[];
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

describe.each(ENGINES)('zero standing privilege on %s', (engine) => {
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
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const rest: Person[] = [];
    for (const name of others) rest.push(await enrolPerson(server, ana, `${name}@example.org`, 'SUPER_ADMIN'));
    return [ana, ...rest];
  };
  /** By then whoever made an account is not tied to it any more. */
  const later = async (days: number, ...people: readonly Person[]): Promise<void> => {
    server.clock.advance(days * 86_400_000);
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
    await ana.call('PUT', `/api/v1/groups/${group}/users/${await idOf('bo@example.org')}`);
    const done = outcomeOf(await ana.call('POST', PATH, await body(['bo'])));
    expect(done.people[0]?.before).toEqual(['Super Administrator', 'Super Administrator, through Owners']);
    expect(await roleTypes('bo@example.org')).toEqual(['READ_ONLY_ADMIN']);
    expect((await bo.get(PATH)).status).toBe(403);
  });
});
