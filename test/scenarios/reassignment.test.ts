/** A step that a super admin gives to people who are named: one vote however many they pick, and never for themself. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { idOf, type Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const V2 = '/governance/api/v2';
const see = (person: Person, id: string): Promise<Reply> => person.get(`/sallyport/v1/requests/${id}`);
const approve = async (person: Person, id: string): Promise<Reply> =>
  person.call('POST', `/sallyport/v1/requests/${id}/approve`, {
    digest: String((await see(person, id)).body['digest'] ?? 'x'.repeat(43)),
  });
const give = (person: Person, id: string, assignees: readonly string[], step = 0): Promise<Reply> =>
  person.call('POST', `/sallyport/v1/requests/${id}/reassign`, { assignees, step });
const [BO, CHI, DEL, EVE, LEE] = ['bo', 'chi', 'del', 'eve', 'lee'].map((name) => `${name}@example.org`) as [
  string,
  string,
  string,
  string,
  string,
];

describe.each(FIRST_ENGINE)('a step that is given to others on %s', (engine) => {
  const idOfLogin = async (login: string): Promise<string> =>
    (
      await server.services.store.read
        .selectFrom('users')
        .select('id')
        .where('loginFolded', '=', login)
        .executeTakeFirstOrThrow()
    ).id;
  /** Ana set the org up and made Lee, who asks; Bo and Chi decide, Del and Eve are administrators who do not. */
  const begin = async (count = 1) => {
    // Nothing listens there: what is to be mailed stands in the outbox.
    const env = {
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${await freePort()}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.org',
    };
    server = await startTestServer({ engine, env });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, BO, 'HELP_DESK_ADMIN');
    const chi = await enrolPerson(server, ana, CHI, 'SUPER_ADMIN');
    const del = await enrolPerson(server, ana, DEL, 'READ_ONLY_ADMIN');
    const eve = await enrolPerson(server, ana, EVE, 'READ_ONLY_ADMIN');
    const lee = await enrolPerson(server, ana, LEE, null);
    const ids = [await idOfLogin(BO), await idOfLogin(CHI)];
    const sequence = await ana.call('POST', '/sallyport/v1/request-sequences', {
      name: 'Bo and Chi',
      steps: [{ approvers: { by: 'people', ids }, count }],
    });
    const { groupId } = await makeAskableGroup(ana, idOf(sequence));
    const ask = async (person: Person = lee): Promise<string> =>
      idOf(
        await person.call('POST', '/sallyport/v1/requests', {
          entitlement: { kind: 'group', id: groupId },
          duration: 'PT2H',
          reason: 'Rotate the certificate',
        }),
      );
    return { ana, bo, chi, del, eve, lee, ask };
  };
  const mailed = async (subject: string): Promise<string[]> => {
    const rows = await server.services.store.read
      .selectFrom('outbox')
      .select('payload')
      .where('sink', '=', 'mail')
      .execute();
    return rows
      .map(({ payload }) => JSON.parse(payload) as { to: string; subject: string })
      .filter((mail) => mail.subject.startsWith(subject))
      .map(({ to }) => to);
  };
  const inbox = async (person: Person): Promise<unknown> =>
    (await person.get('/sallyport/v1/requests?show=decide')).body;

  it('waits for these, and a no stays with whom it named; it takes a key, and is in the log', async () => {
    const { ana, bo, chi, del, eve, ask } = await begin();
    const id = await ask();
    const path = `/sallyport/v1/requests/${id}/reassign`;
    const body = { assignees: [DEL], step: 0 };
    expect((await chi.callOnce('POST', path, body)).body['sallyport']).toMatchObject({
      kind: 'step_up_required',
      action: 'request.reassign',
      target: { name: '“Payroll operators, for 2 h” for lee@example.org' },
    });
    expect((await bo.call('POST', path, body)).status).toBe(403);
    expect((await see(del, id)).status).toBe(404);
    const [ofDel, ofEve] = [await listen(del), await listen(eve)];
    const given = await give(chi, id, [DEL]);
    await expect.poll(() => ofDel.hints().toSorted()).toEqual(['inbox', `request ${id}`]);
    // Nobody is told of what they do not see, and so not whom else it was given to.
    expect(ofEve.hints()).toEqual([]);
    expect(given.status, given.text).toBe(200);
    expect((await see(del, id)).body).toMatchObject({
      approve: { isAllowed: true },
      insteadOf: null,
      steps: [
        {
          ableCount: 1,
          able: [{ login: DEL }],
          unable: [],
          reassignment: { to: [{ login: DEL }], by: { login: CHI } },
        },
      ],
    });
    expect(await inbox(del)).toMatchObject([{ id }]);
    expect(
      await mailed('Given to you, and waits for your approval: Payroll operators, for 2 h, asked by lee@example.org'),
    ).toEqual([DEL]);
    expect(await inbox(bo)).toEqual([]);
    expect((await bo.get(`${V2}/my/tasks`)).body).toMatchObject({ data: [] });
    expect(reasonOf(await approve(bo, id))).toBe('request-reassigned');
    expect((await see(eve, id)).status).toBe(404);
    expect((await see(bo, id)).body).toMatchObject({ deny: { isAllowed: true } });
    expect((await approve(del, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    const logged = async (eventType: string) =>
      (
        (await ana.get(`/api/v1/logs?filter=eventType eq "${eventType}"`)).body as unknown as {
          debugContext: { debugData: Record<string, string> };
        }[]
      ).at(-1)?.debugContext.debugData;
    const [delId, chiId] = [await idOfLogin(DEL), await idOfLogin(CHI)];
    expect(await logged('access.request.update')).toMatchObject({ reassigned_step: '0', reassigned_to: delId });
    expect(await logged('access.request.resolve')).toMatchObject({ decision: 'approve', reassigned_by: chiId });
    const other = await ask(eve);
    await give(chi, other, [DEL]);
    await expect.poll(() => ofDel.hints()).toContain(`request ${other}`);
    const heard = ofDel.hints().length;
    // It is none of their business any more; that it waits no longer is.
    expect((await give(chi, other, [BO])).status).toBe(200);
    await expect.poll(() => ofDel.hints().slice(heard)).toEqual(['inbox']);
    for (const ear of [ofDel, ofEve]) ear.stop();
    const no = await bo.call('POST', `/sallyport/v1/requests/${other}/deny`, { comment: 'Not today' });
    expect(no.body).toMatchObject({ status: 'DENIED', decisions: [{ by: { login: BO } }] });
  });

  it('is one vote of whoever gave it, however many they pick and however many come at once', async () => {
    const { bo, chi, del, eve, ask } = await begin(2);
    const id = await ask();
    // Two whom she picks are one, and so are she and one whom she picks: the step could not be met.
    for (const picked of [[DEL, EVE], [CHI, DEL], [DEL]]) {
      const refused = await give(chi, id, picked);
      expect(refused.status, refused.text).toBe(400);
    }
    expect((await give(chi, id, [BO, DEL, EVE])).status).toBe(200);
    const both = await Promise.all([approve(del, id), approve(eve, id)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect((await see(bo, id)).body).toMatchObject({ status: 'PENDING', approvalsGiven: 1 });
    // Hers is none beside it, whatever she gives to whom; nor is that of a second whom she picks.
    expect(reasonOf(await approve(chi, id))).toBe('request-decided-for-you');
    expect((await give(chi, id, [CHI])).status).toBe(400);
    expect((await give(chi, id, [both[0]?.status === 200 ? EVE : DEL])).status).toBe(400);
    expect((await approve(bo, id)).body).toMatchObject({ status: 'APPROVED' });
  });

  it('and a yes at the same moment: one of the two comes first, and the other is told', async () => {
    const { bo, chi, ask } = await begin();
    for (let time = 0; time < 3; time += 1) {
      const id = await ask();
      const [yes, given] = await Promise.all([approve(bo, id), give(chi, id, [DEL])]);
      expect([yes.status, given.status].toSorted()).toEqual([200, 403]);
      expect(['request-reassigned', 'request-moved-on', 'request-decided']).toContain(
        reasonOf(yes.status === 200 ? given : yes),
      );
      const { status, decisions } = (await see(bo, id)).body as unknown as { status: string; decisions: unknown[] };
      expect([status, decisions.length]).toEqual(yes.status === 200 ? ['APPROVED', 1] : ['PENDING', 0]);
      if (status === 'APPROVED') break;
      idOf(await bo.call('POST', `/sallyport/v1/requests/${id}/deny`, { comment: 'Again' }));
    }
  });

  it('is never given of one’s own, to who could not say yes, or by who is out of use', async () => {
    const { ana, bo, chi, eve, ask } = await begin();
    const ofChi = await ask(chi);
    expect(reasonOf(await give(chi, ofChi, [BO]))).toBe('request-own');
    expect((await see(bo, ofChi)).body).toMatchObject({ steps: [{ reassignment: null }] });
    const id = await ask();
    const said = async (person: Person, assignees: readonly string[], of = id): Promise<string> => {
      const reply = await give(person, of, assignees);
      expect(reply.status, reply.text).toBe(400);
      return JSON.stringify(reply.body['errorCauses']);
    };
    expect(await said(chi, [CHI, BO], await ask(bo))).toContain('bo@example.org: They asked for it.');
    expect(await said(chi, ['nobody@example.org'])).toContain('is nobody who could decide');
    // She made whoever asks: whom she picks would be her hand in it.
    expect(await said(ana, [DEL])).toContain('In the last 30 days');
    expect(await said(ana, [await idOfLogin('ana@example.org')])).toContain('In the last 30 days');
    expect(reasonOf(await give(chi, id, [BO], 1))).toBe('request-moved-on');
    expect((await give(chi, id, [EVE])).status).toBe(200);
    expect((await see(eve, id)).body).toMatchObject({ approve: { isAllowed: true } });
    const chiId = await idOfLogin(CHI);
    idOf(await ana.call('POST', `/api/v1/users/${chiId}/lifecycle/suspend`));
    expect((await see(eve, id)).status).toBe(404);
    expect((await see(bo, id)).body).toMatchObject({ approve: { isAllowed: true }, steps: [{ reassignment: null }] });
    await ana.call('POST', `/api/v1/users/${chiId}/lifecycle/unsuspend`);
    expect((await approve(eve, id)).body).toMatchObject({ status: 'APPROVED' });
  });
});
