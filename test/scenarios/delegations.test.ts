/** Who decides on access requests in somebody's stead: one vote, by the clock, and never a second hand of one human. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../packages/model/src/principal.ts';
import { nameDelegateFor } from '../../packages/server/src/delegations/name-delegate.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { breakGlass, holderOf, makeGlass } from '../harness/break-glass.ts';
import { listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { idOf, type Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const MINE = '/governance/api/v1/my/settings';
const see = (person: Person, id: string): Promise<Reply> => person.get(`/sallyport/v1/requests/${id}`);
const digestFor = async (person: Person, id: string): Promise<string> =>
  String((await see(person, id)).body['digest'] ?? 'x'.repeat(43));
const approve = async (person: Person, id: string): Promise<Reply> =>
  person.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest: await digestFor(person, id) });
const canApprove = async (person: Person, id: string): Promise<string> =>
  String(((await see(person, id)).body['approve'] as { reason: string } | undefined)?.reason);

describe.each(FIRST_ENGINE)('a delegate on %s', (engine) => {
  const idOfLogin = async (login: string): Promise<string> =>
    (
      await server.services.store.read
        .selectFrom('users')
        .select('id')
        .where('loginFolded', '=', login)
        .executeTakeFirstOrThrow()
    ).id;
  /** Ana set the org up; Bo and Chi decide, Del and Eve are administrators who do not, and Lee asks. */
  const begin = async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const chi = await enrolPerson(server, ana, 'chi@example.org', 'SUPER_ADMIN');
    const del = await enrolPerson(server, ana, 'del@example.org', 'READ_ONLY_ADMIN');
    const eve = await enrolPerson(server, ana, 'eve@example.org', 'READ_ONLY_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const ids = [await idOfLogin('bo@example.org'), await idOfLogin('chi@example.org')];
    const sequence = await ana.call('POST', '/sallyport/v1/request-sequences', {
      name: 'Bo and Chi',
      steps: [{ approvers: { by: 'people', ids }, count: 2 }],
    });
    const { groupId } = await makeAskableGroup(ana, idOf(sequence));
    const ask = (person: Person = lee): Promise<Reply> =>
      person.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT2H',
        reason: 'Rotate the certificate',
      });
    return { ana, bo, chi, del, eve, lee, ask };
  };
  const iso = (seconds: number): string => new Date(server.clock.now() + seconds * 1000).toISOString();
  const settings = (login: string | null, from = 0, until = 3600) => ({
    delegates: {
      appointments:
        login === null
          ? []
          : [
              {
                delegate: { type: 'OKTA_USER', externalId: login },
                startTime: iso(from),
                endTime: iso(until),
                note: 'On leave',
              },
            ],
    },
  });
  const name = async (person: Person, login: string | null, from = 0, until = 3600): Promise<Reply> =>
    person.call('PATCH', MINE, settings(login, from, until));
  const events = async (person: Person, eventType: string) =>
    (await person.get(`/api/v1/logs?filter=eventType eq "${eventType}"&limit=100`)).body as unknown as {
      debugContext: { debugData: Record<string, string> };
    }[];

  it('is asked beside whoever named them, and gives that one’s one vote', async () => {
    const { ana, bo, chi, del, ask } = await begin();
    const unproved = await bo.callOnce('PATCH', MINE, settings('del@example.org'));
    expect(unproved.body['sallyport']).toMatchObject({ kind: 'step_up_required', action: 'delegate.name' });
    const named = await name(bo, 'del@example.org');
    expect(named.status, named.text).toBe(200);
    expect((await bo.get('/sallyport/v1/me/delegation')).body).toMatchObject({
      given: { delegate: { login: 'del@example.org' }, isActive: true, note: 'On leave' },
      received: [],
    });
    expect((await del.get('/sallyport/v1/me/delegation')).body).toMatchObject({
      given: null,
      received: [{ delegator: { login: 'bo@example.org' }, namedBy: { login: 'bo@example.org' } }],
    });
    const id = idOf(await ask());
    expect((await del.get('/sallyport/v1/requests?show=decide')).body).toMatchObject([{ id }]);
    expect((await del.get('/sallyport/v1/me/inbox')).body).toMatchObject([
      { kind: 'request', id, insteadOf: { login: 'bo@example.org' } },
    ]);
    expect((await see(del, id)).body).toMatchObject({
      approve: { isAllowed: true },
      insteadOf: { login: 'bo@example.org' },
    });
    const { steps, weaknesses } = (await see(chi, id)).body as unknown as {
      steps: { able: { login: string; insteadOf: { login: string } | null }[] }[];
      weaknesses: { kind: string }[];
    };
    expect(steps[0]?.able.map(({ login, insteadOf }) => [login, insteadOf?.login]).toSorted()).toEqual([
      ['bo@example.org', undefined],
      ['chi@example.org', undefined],
      ['del@example.org', 'bo@example.org'],
    ]);
    // Three may, and two of them are one vote.
    expect(weaknesses.map(({ kind }) => kind)).toEqual(['exactly-enough']);
    expect((await approve(del, id)).body).toMatchObject({
      approvalsGiven: 1,
      decisions: [{ by: { login: 'del@example.org' }, insteadOf: { login: 'bo@example.org' } }],
    });
    expect(reasonOf(await approve(bo, id))).toBe('request-decided-for-you');
    expect(reasonOf(await approve(del, id))).toBe('request-decided-by-you');
    expect((await approve(chi, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    const boId = await idOfLogin('bo@example.org');
    expect((await events(ana, 'access.request.update')).map((one) => one.debugContext.debugData['instead_of'])).toEqual(
      [boId],
    );
    expect((await events(ana, 'governance.principal.settings.update'))[0]?.debugContext.debugData).toMatchObject({
      delegator_id: boId,
      delegate_id: await idOfLogin('del@example.org'),
    });
  });

  it('and whoever named them are one, also at the same moment', async () => {
    const { bo, del, ask } = await begin();
    await name(bo, 'del@example.org');
    const id = idOf(await ask());
    const both = await Promise.all([approve(bo, id), approve(del, id)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect((await see(bo, id)).body).toMatchObject({ status: 'PENDING', approvalsGiven: 1 });
  });

  it('decides from the very moment until the very moment, with no job to say so', async () => {
    const { bo, del, ask } = await begin();
    const id = idOf(await ask());
    const begins = server.clock.now() + 60_000;
    await name(bo, 'del@example.org', 60, 120);
    const to = (at: number) => server.clock.advance((at - server.clock.now()) / 1000);
    to(begins - 1);
    expect((await see(del, id)).status).toBe(404);
    to(begins);
    expect(await canApprove(del, id)).toBe('approver-may-decide');
    to(begins + 59_999);
    expect(await canApprove(del, id)).toBe('approver-may-decide');
    to(begins + 60_000);
    expect((await see(del, id)).status).toBe(404);
    expect((await del.call('POST', `/sallyport/v1/requests/${id}/deny`, { comment: 'No' })).status).toBe(404);
    expect((await bo.get(MINE)).body).toMatchObject({ delegates: { appointments: [] } });
  });

  it('is none on what either asked for, hands nothing on, and is gone with either account', async () => {
    const { ana, bo, chi, del, eve, ask } = await begin();
    await name(bo, 'del@example.org');
    await name(del, 'eve@example.org');
    const ofBo = idOf(await ask(bo));
    expect(await canApprove(del, ofBo)).toBe('delegator-own-request');
    const ofDel = idOf(await ask(del));
    expect(await canApprove(del, ofDel)).toBe('request-own');
    expect(await canApprove(bo, ofDel)).toBe('approver-may-decide');
    const id = idOf(await ask());
    expect(await canApprove(del, id)).toBe('approver-may-decide');
    expect((await see(eve, id)).status).toBe(404);
    // What the delegator lost, the delegate has not: at once.
    const boId = await idOfLogin('bo@example.org');
    idOf(await ana.call('POST', `/api/v1/users/${boId}/lifecycle/suspend`));
    expect((await see(del, id)).status).toBe(404);
    await ana.call('POST', `/api/v1/users/${boId}/lifecycle/unsuspend`);
    expect(await canApprove(del, id)).toBe('approver-may-decide');
    await chi.signIn();
    idOf(await chi.call('POST', `/api/v1/users/${boId}/lifecycle/deactivate`));
    await chi.call('POST', `/api/v1/users/${boId}/lifecycle/activate`);
    expect((await see(del, id)).status).toBe(404);
    expect((await del.get('/sallyport/v1/me/delegation')).body).toMatchObject({ received: [] });
    expect((await events(ana, 'governance.principal.settings.update')).at(-1)?.debugContext.debugData).toMatchObject({
      delegator_id: boId,
      delegate_id: '',
    });
  });

  it('whom somebody else named carries that one’s hand, too', async () => {
    const { ana, bo, chi, del, eve, ask } = await begin();
    const boId = await idOfLogin('bo@example.org');
    const path = `/governance/api/v1/principal-settings/${boId}`;
    const [ofDel, ofEve, ofAna] = [await listen(del), await listen(eve), await listen(ana)];
    expect((await bo.call('PATCH', path, settings('del@example.org'))).status).toBe(403);
    expect((await chi.call('PATCH', path, settings('chi@example.org'))).status).toBe(400);
    // Whoever decides by now, and whoever no longer does, hears at once that their inbox is another; nobody else does.
    expect((await chi.call('PATCH', path, settings('eve@example.org'))).status).toBe(200);
    await expect.poll(() => ofEve.hints()).toEqual(['inbox']);
    expect(ofDel.hints()).toEqual([]);
    const named = await chi.call('PATCH', path, settings('del@example.org'));
    expect(named.body, named.text).toMatchObject({ delegates: { appointments: [{ note: 'On leave' }] } });
    await expect.poll(() => ofDel.hints()).toEqual(['inbox']);
    await expect.poll(() => ofEve.hints()).toEqual(['inbox', 'inbox']);
    expect(ofAna.hints()).toEqual([]);
    for (const ear of [ofDel, ofEve, ofAna]) ear.stop();
    expect((await bo.get('/sallyport/v1/me/delegation')).body).toMatchObject({
      given: { namedBy: { login: 'chi@example.org' } },
    });
    const filter = encodeURIComponent(`delegatorId eq "${boId}"`);
    expect((await ana.get(`/governance/api/v1/delegates?filter=${filter}`)).body).toMatchObject({
      data: [{ delegator: { externalId: boId } }],
    });
    const ofChi = idOf(await ask(chi));
    expect(await canApprove(del, ofChi)).toBe('delegator-own-request');
    const id = idOf(await ask());
    expect((await approve(del, id)).body).toMatchObject({ approvalsGiven: 1 });
    // She chose who said yes: hers would be the same one's second.
    expect(reasonOf(await approve(chi, id))).toBe('request-decided-for-you');
    // Bo ends it himself.
    expect((await name(bo, null)).body).toMatchObject({ delegates: { appointments: [] } });
  });

  it('is named for others by a person alone: no machine, no break-glass account, and nobody who would be it themself', async () => {
    const { ana, chi } = await begin();
    const boId = await idOfLogin('bo@example.org');
    const path = `/governance/api/v1/principal-settings/${boId}`;
    for (const kind of ['token', 'service-app', 'host', 'job'])
      await expect(
        nameDelegateFor(server.services, { kind } as Principal, boId, settings('del@example.org')),
      ).rejects.toMatchObject({ options: { extra: { sallyport: { reason: 'session-needed' } } } });
    // The same employee's second account.
    for (const login of ['chi@example.org', 'del@example.org'])
      await ana.call('POST', `/api/v1/users/${await idOfLogin(login)}`, { profile: { employeeNumber: '4711' } });
    expect((await chi.call('PATCH', path, settings('del@example.org'))).text).toContain('nobody names themself');
    expect((await chi.call('PATCH', path, settings('eve@example.org'))).status).toBe(200);
    const glass = await makeGlass(ana);
    const holder = holderOf(server.url, glass, '127.0.0.1');
    expect((await breakGlass(holder, glass.secret)).status).toBe(200);
    expect(reasonOf(await holder.call('PATCH', path, settings('del@example.org')))).toBe('approver-break-glass');
    const ended = await holder.call('PATCH', path, settings(null));
    expect(ended.body, ended.text).toMatchObject({ delegates: { appointments: [] } });
  });

  it('cannot be named for good, for oneself, in the past, or where they could decide nothing', async () => {
    const { bo } = await begin();
    const refused = async (body: unknown) => {
      const reply = await bo.call('PATCH', MINE, body);
      expect(reply.status, reply.text).toBe(400);
    };
    const one = settings('del@example.org').delegates.appointments[0];
    await refused({ delegates: { appointments: [{ ...one, endTime: undefined }] } });
    await refused({ delegates: { appointments: [one, one] } });
    await refused(settings('del@example.org', 60, 60));
    await refused(settings('del@example.org', 0, 366 * 86_400));
    await refused(settings('bo@example.org'));
    await refused(settings('nobody@example.org'));
    await refused(settings('lee@example.org'));
    expect((await bo.get('/sallyport/v1/me/delegation')).body).toMatchObject({ given: null });
  });
});
