/** A step that nobody answers passes on to others: by the clock, also where no job ran. */
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { escalateRequests } from '../../packages/server/src/requests/escalate-requests.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { signedInAdmin } from '../harness/person.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { storePerson } from '../harness/stored-person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

describe.each(ENGINES)('a step that nobody answers on %s', (engine) => {
  it('passes on at its very millisecond, and others are told once', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const sam = await enrolPerson(server, ana, 'sam@example.org', 'READ_ONLY_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const [boId, samId] = [
      String((await bo.get('/api/v1/users/me')).body['id']),
      String((await sam.get('/api/v1/users/me')).body['id']),
    ];
    const body = (more: object, decideWithin = 'PT1H') => ({
      name: 'Bo, then Sam',
      steps: [{ approvers: { by: 'people', ids: [boId] }, count: 1, ...more }],
      decideWithin,
    });
    const escalateTo = { by: 'people', ids: [samId] };
    for (const wrong of [
      body({ escalateAfter: 'PT1M' }),
      body({ escalateTo }),
      body({ escalateAfter: 'soon', escalateTo }),
      body({ escalateAfter: 'PT1H', escalateTo }),
      body({ escalateAfter: 'PT1M', escalateTo: { by: 'people', ids: ['00u00000000000000000'] } }),
    ])
      expect((await ana.call('POST', '/sallyport/v1/request-sequences', wrong)).status, JSON.stringify(wrong)).toBe(
        400,
      );
    const made = await ana.call('POST', '/sallyport/v1/request-sequences', body({ escalateAfter: 'PT1M', escalateTo }));
    expect(made.body, made.text).toMatchObject({ outlook: [{ passesOnTo: 'sam Example' }] });
    const { groupId } = await makeAskableGroup(ana, String(made.body['id']));
    const asked = await lee.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'group', id: groupId },
      duration: 'PT2H',
      reason: 'Rotate the certificate',
    });
    const path = `/sallyport/v1/requests/${String(asked.body['id'])}`;
    const asksAt = Date.parse(String(asked.body['createdAt']));
    const to = (at: number) => server.clock.advance((at - server.clock.now()) / 1000);
    const told = async () =>
      (
        (await ana.get('/api/v1/logs?filter=eventType eq "access.request.update"')).body as unknown as {
          debugContext: { debugData: Record<string, string> };
        }[]
      ).filter(({ debugContext }) => debugContext.debugData['escalated_step'] === '0').length;

    to(asksAt + 59_999);
    await escalateRequests(server.services);
    expect((await sam.get(path)).status).toBe(404);
    expect((await bo.get(path)).body).toMatchObject({
      approve: { isAllowed: true },
      steps: [{ ableCount: 1, escalation: { who: 'sam Example', isNow: false } }],
    });
    expect(await told()).toBe(0);
    to(asksAt + 60_000);
    const { digest } = (await sam.get(path)).body as unknown as { digest: string };
    expect((await sam.get(path)).body).toMatchObject({
      approve: { isAllowed: true },
      steps: [{ ableCount: 2, escalation: { isNow: true } }],
    });
    expect((await sam.get('/governance/api/v2/my/tasks')).body).toMatchObject({ data: [{ isEscalated: true }] });
    for (let time = 0; time < 2; time += 1) await escalateRequests(server.services);
    expect(await told()).toBe(1);
    expect((await sam.call('POST', `${path}/approve`, { digest })).body).toMatchObject({
      status: 'APPROVED',
      decisions: [{ by: { login: 'sam@example.org' }, insteadOf: null }],
    });
    const wire = async (id: string) =>
      (await ana.get(`/governance/api/v2/requests/${id}`)).body['requestApproval'] as unknown as { decisions: unknown };
    expect((await wire(String(asked.body['id']))).decisions).toMatchObject([
      { deciderEscalated: true, deciderDelegated: false },
    ]);
    // What is over before passes on to nobody, however long ago that was.
    const other = await makeAskableGroup(ana, String(made.body['id']), 'Others');
    const soon = await lee.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'group', id: other.groupId },
      duration: 'PT2H',
      reason: 'Rotate the certificate',
    });
    const decided = `/sallyport/v1/requests/${String(soon.body['id'])}`;
    const digestOf = (await bo.get(decided)).body['digest'];
    expect((await bo.call('POST', `${decided}/approve`, { digest: digestOf })).body).toMatchObject({
      status: 'APPROVED',
    });
    server.clock.advance(120);
    expect((await sam.get(decided)).status).toBe(404);
    expect((await bo.get(decided)).body).toMatchObject({ steps: [{ escalation: { isNow: false } }] });
    expect((await wire(String(soon.body['id']))).decisions).toMatchObject([{ deciderEscalated: false }]);
  });

  it('is told to whom it passes on, also where ten may say yes already, and to none of these', async () => {
    const smtp = await startSmtpServer();
    onTestFinished(() => smtp.stop());
    server = await startTestServer({
      engine,
      env: { SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
    });
    const ana = await signedInAdmin(server);
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const ids: string[] = [];
    for (let i = 0; i < 10; i += 1)
      ids.push(await storePerson(server.services, { login: `a${i}@example.org`, roleBy: 'import', keyBy: 'import' }));
    const samId = await storePerson(server.services, { login: 'sam@example.org', roleBy: 'import', keyBy: 'import' });
    const made = await ana.call('POST', '/sallyport/v1/request-sequences', {
      name: 'Ten, then Sam',
      steps: [
        {
          approvers: { by: 'people', ids },
          count: 1,
          escalateAfter: 'PT1M',
          escalateTo: { by: 'people', ids: [...ids.slice(0, 2), samId] },
        },
      ],
      decideWithin: 'PT1H',
    });
    const { groupId } = await makeAskableGroup(ana, String(made.body['id']));
    const asked = await lee.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'group', id: groupId },
      duration: 'PT2H',
      reason: 'Rotate the certificate',
    });
    expect(asked.status, asked.text).toBe(201);
    const told = (begins: string): string[] =>
      smtp.mails
        .filter(({ subject }) => subject.startsWith(`${begins} for your approval`))
        .flatMap(({ to }) => to)
        .toSorted();
    await expect.poll(() => told('Waits')).toEqual(ids.map((_, i) => `a${i}@example.org`));
    server.clock.advance(60);
    await escalateRequests(server.services);
    await expect.poll(() => told('Waits by now also')).toEqual(['sam@example.org']);
  });

  it('is told of all that can be, where one cannot', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const people = { by: 'people', ids: [String((await ana.get('/api/v1/users/me')).body['id'])] };
    const made = await ana.call('POST', '/sallyport/v1/request-sequences', {
      name: 'Passes on',
      steps: [{ approvers: people, count: 1, escalateAfter: 'PT1M', escalateTo: { by: 'super-admins' } }],
      decideWithin: 'PT1H',
    });
    const asked: string[] = [];
    for (const name of ['First', 'Second']) {
      const { groupId } = await makeAskableGroup(ana, String(made.body['id']), name);
      const reply = await lee.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT2H',
        reason: 'Rotate the certificate',
      });
      asked.push(String(reply.body['id']));
      server.clock.advance(1);
    }
    const { store } = server.services;
    await store.transaction((tx) =>
      tx
        .updateTable('requests')
        .set({ steps: '[{"escalateTo":' })
        .where('id', '=', asked[0] ?? '')
        .execute(),
    );
    server.clock.advance(60);
    await escalateRequests(server.services);
    const second = await store.read
      .selectFrom('requests')
      .select('escalatedStep')
      .where('id', '=', asked[1] ?? '')
      .executeTakeFirstOrThrow();
    expect(Number(second.escalatedStep ?? -1)).toBe(0);
  });
});
