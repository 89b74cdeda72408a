import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const DAYS_31 = 31 * 86_400;
const lee = { profile: { firstName: 'Lee', lastName: 'Park', email: 'lee@example.org', login: 'lee@example.org' } };
const refusal = (reply: Reply) => reply.body['sallyport'] as { kind: string; reason: string } | undefined;
const reasonOf = (reply: Reply): string | undefined => refusal(reply)?.reason;
const logins = async (person: Person): Promise<string[]> =>
  ((await person.get('/api/v1/users')).body as unknown as { profile: { login: string } }[]).map((u) => u.profile.login);

/** What uses an API token. */
interface Machine {
  readonly id: string;
  call(method: string, path: string, body?: unknown, proof?: string): Promise<Reply>;
}
const machineOf = async (owner: Person, more: Record<string, unknown> = {}): Promise<Machine> => {
  const made = await owner.call('POST', '/api/v1/api-tokens', {
    name: 'deploy',
    purpose: 'creates people from the HR system',
    network: { connection: 'ANYWHERE' },
    ...more,
  });
  if (made.status !== 201) throw new Error(`token: ${made.status} ${made.text}`);
  const { id, token } = made.body as unknown as { id: string; token: string };
  return {
    id,
    call: (method, path, body, proof) =>
      send(
        server.url,
        method,
        path,
        {
          'X-Forwarded-For': '192.0.2.77',
          Authorization: `SSWS ${token}`,
          ...(proof === undefined ? {} : { 'Sallyport-Proof': proof }),
        },
        body,
      ),
  };
};
interface Asked {
  readonly approvalId: string;
  readonly proofUrl: string;
}
const asked = (reply: Reply): Asked => {
  if (refusal(reply)?.kind !== 'approval_required') throw new Error(`nothing was asked: ${reply.status} ${reply.text}`);
  return reply.body['sallyport'] as Asked;
};
const see = (person: Person, id: string): Promise<Reply> => person.get(`/sallyport/v1/approvals/${id}`);
const approve = async (person: Person, id: string): Promise<Reply> => {
  const { challenge } = (await see(person, id)).body as unknown as { challenge: string };
  return person.call('POST', `/sallyport/v1/approvals/${id}/approve`, { challenge });
};
const deny = (person: Person, id: string, reason = 'Not today'): Promise<Reply> =>
  person.callOnce('POST', `/sallyport/v1/approvals/${id}/deny`, { reason });
const proofOf = async (machine: Machine, { proofUrl }: Asked): Promise<string> =>
  String((await machine.call('GET', proofUrl)).body['proof']);
const secondPerson = (ana: Person, actions: readonly string[]) =>
  ana.call('PUT', '/sallyport/v1/protected-actions', {
    actions: Object.fromEntries(
      actions.map((action) => [
        action,
        { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: true },
      ]),
    ),
  });

/** Two accounts with one number of an employee are one person's. */
const numbered = async (admin: Person, person: Person, employeeNumber: string): Promise<void> => {
  const { id } = (await person.get('/api/v1/users/me')).body as unknown as { id: string };
  expect((await admin.call('POST', `/api/v1/users/${id}`, { profile: { employeeNumber } })).status).toBe(200);
};

describe.each(FIRST_ENGINE)('an approval on %s', (engine) => {
  const begin = async (): Promise<Person> => {
    server = await startTestServer({ engine });
    return signedInAdmin(server);
  };

  it('lets the very request of a token pass once, after its owner said yes with their key', async () => {
    const ana = await begin();
    const machine = await machineOf(ana);
    const ask = asked(await machine.call('POST', '/api/v1/users', lee));
    expect(asked(await machine.call('POST', '/api/v1/users', lee)).approvalId).toBe(ask.approvalId);
    const inbox = await ana.get('/sallyport/v1/approvals?status=WAITING');
    expect(inbox.body).toHaveLength(1);
    const shown = await see(ana, ask.approvalId);
    expect(shown.body).toMatchObject({
      status: 'WAITING',
      words: 'Create a person',
      askedBy: { kind: 'token', person: { login: 'ana@example.org' }, token: { name: 'deploy' } },
      from: { address: '192.0.2.77' },
      approve: { isAllowed: true },
      requests: [{ method: 'POST', path: '/api/v1/users' }],
      approvers: [{ login: 'ana@example.org' }],
    });
    expect(String(shown.body['summary'])).toContain('lee@example.org');
    const { challenge } = shown.body as unknown as { challenge: string };
    const unproved = await ana.callOnce('POST', `/sallyport/v1/approvals/${ask.approvalId}/approve`, { challenge });
    expect(unproved.body['sallyport']).toMatchObject({
      kind: 'step_up_required',
      action: 'approval.give',
      words: 'Approve “Create a person”, asked by the token deploy of ana@example.org',
    });
    expect((await machine.call('GET', ask.proofUrl)).body).toMatchObject({ status: 'WAITING' });
    expect((await approve(ana, ask.approvalId)).body).toMatchObject({ status: 'APPROVED' });
    const proof = await proofOf(machine, ask);
    expect((await machine.call('POST', '/api/v1/users', lee, proof)).status).toBe(200);
    expect(reasonOf(await machine.call('POST', '/api/v1/users', lee, proof))).toBe('proof-used');
    expect((await see(ana, ask.approvalId)).body).toMatchObject({
      status: 'DONE',
      decision: { result: 'APPROVED', by: { login: 'ana@example.org' } },
    });
    expect((await logins(ana)).toSorted()).toEqual(['ana@example.org', 'lee@example.org']);
    const events = (
      await ana.get(
        '/api/v1/logs?filter=eventType eq "security.protected_action.attempt" and debugContext.debugData.approverId pr and outcome.result eq "SUCCESS"',
      )
    ).body as unknown as { outcome: { result: string }; debugContext: { debugData: Record<string, string> } }[];
    expect(events).toHaveLength(1);
    expect(events[0]?.debugContext.debugData).toMatchObject({ action: 'user.create', proofId: ask.approvalId });
  });

  it('is of one request, one token and five minutes', async () => {
    const ana = await begin();
    const machine = await machineOf(ana);
    const other = await machineOf(ana, { name: 'other' });
    const ask = asked(await machine.call('POST', '/api/v1/users', lee));
    await approve(ana, ask.approvalId);
    const proof = await proofOf(machine, ask);
    const eve = { profile: { ...lee.profile, login: 'eve@example.org' } };
    expect(reasonOf(await machine.call('POST', '/api/v1/users', eve, proof))).toBe('proof-of-another-action');
    expect(reasonOf(await other.call('POST', '/api/v1/users', lee, proof))).toBe('proof-of-another');
    expect((await other.call('GET', ask.proofUrl)).status).toBe(404);
    server.clock.advance(299);
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => machine.call('POST', '/api/v1/users', lee, proof)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const late = { profile: { ...lee.profile, login: 'late@example.org', email: 'late@example.org' } };
    const second = asked(await machine.call('POST', '/api/v1/users', late));
    await approve(ana, second.approvalId);
    const slow = await proofOf(machine, second);
    server.clock.advance(300);
    expect(reasonOf(await machine.call('POST', '/api/v1/users', late, slow))).toBe('proof-expired');
    expect(await logins(ana)).not.toContain('late@example.org');
  });

  it('is worth nothing after the token was revoked, or has expired', async () => {
    const ana = await begin();
    const machine = await machineOf(ana);
    const ask = asked(await machine.call('POST', '/api/v1/users', lee));
    const waiting = asked(
      await machine
        .call('POST', '/api/v1/groups', { profile: { name: 'x' } })
        .then(async (reply) =>
          reply.status === 200 ? machine.call('DELETE', `/api/v1/groups/${String(reply.body['id'])}`) : reply,
        ),
    );
    await approve(ana, ask.approvalId);
    const proof = await proofOf(machine, ask);
    await ana.call('DELETE', `/api/v1/api-tokens/${machine.id}`);
    expect((await machine.call('POST', '/api/v1/users', lee, proof)).status).toBe(401);
    expect(reasonOf(await approve(ana, waiting.approvalId))).toBe('approval-asker-gone');
    const short = await machineOf(ana);
    const again = asked(await short.call('POST', '/api/v1/users', lee));
    await server.services.store.transaction((tx) =>
      tx.updateTable('apiTokens').set({ expiresAt: server.clock.now() }).where('id', '=', short.id).execute(),
    );
    expect(reasonOf(await approve(ana, again.approvalId))).toBe('approval-asker-gone');
    expect(await logins(ana)).toEqual(['ana@example.org']);
  });

  it('that was denied says why, to whoever asked, and is final', async () => {
    const ana = await begin();
    const machine = await machineOf(ana);
    const ask = asked(await machine.call('POST', '/api/v1/users', lee));
    expect(
      (await ana.callOnce('POST', `/sallyport/v1/approvals/${ask.approvalId}/deny`, { reason: '  ' })).status,
    ).toBe(400);
    expect((await deny(ana, ask.approvalId, 'Lee starts in June')).body).toMatchObject({ status: 'DENIED' });
    expect((await machine.call('GET', ask.proofUrl)).body).toMatchObject({
      status: 'DENIED',
      decisionReason: 'Lee starts in June',
    });
    expect(reasonOf(await approve(ana, ask.approvalId))).toBe('approval-decided');
    const events = (await ana.get('/api/v1/logs?filter=outcome.result eq "DENY"')).body as unknown as {
      eventType: string;
    }[];
    expect(events.map(({ eventType }) => eventType)).toContain('security.protected_action.attempt');
  });

  it('is decided exactly once, whoever comes at the same moment', async () => {
    const ana = await begin();
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    const machine = await machineOf(ana);
    for (const n of [1, 2, 3]) {
      const one = { profile: { ...lee.profile, login: `p${n}@example.org`, email: `p${n}@example.org` } };
      const ask = asked(await machine.call('POST', '/api/v1/users', one));
      const replies = await Promise.all([
        approve(ana, ask.approvalId),
        approve(bo, ask.approvalId),
        deny(bo, ask.approvalId),
        deny(ana, ask.approvalId),
      ]);
      const [won, ...more] = replies.filter(({ status }) => status === 200);
      expect(more).toEqual([]);
      expect(replies.filter(({ status }) => status !== 200).map(reasonOf)).toEqual(
        Array.from({ length: 3 }, () => 'approval-decided'),
      );
      const row = await server.services.store.read
        .selectFrom('actionProofs')
        .select('decision')
        .where('id', '=', ask.approvalId)
        .executeTakeFirstOrThrow();
      expect(row.decision).toBe(won?.body['status']);
      const status = (await machine.call('POST', '/api/v1/users', one, await proofOf(machine, ask))).status;
      expect(status).toBe(row.decision === 'APPROVED' ? 200 : 403);
    }
  });

  it('does not come after its time, nor after it was taken back', async () => {
    const ana = await begin();
    const machine = await machineOf(ana);
    const first = asked(await machine.call('POST', '/api/v1/users', lee));
    expect((await machine.call('DELETE', first.proofUrl)).status).toBe(204);
    expect(reasonOf(await approve(ana, first.approvalId))).toBe('proof-cancelled');
    expect(reasonOf(await deny(ana, first.approvalId))).toBe('proof-cancelled');
    const second = asked(await machine.call('POST', '/api/v1/users', lee));
    server.clock.advance(1800);
    await ana.signIn();
    expect((await see(ana, second.approvalId)).body).toMatchObject({
      status: 'EXPIRED',
      approve: { isAllowed: false },
    });
    expect(reasonOf(await approve(ana, second.approvalId))).toBe('proof-expired');
    const past = (await ana.get('/sallyport/v1/approvals?status=PAST')).body as unknown as { status: string }[];
    expect(past.map(({ status }) => status).sort()).toEqual(['CANCELLED', 'EXPIRED']);
  });

  it('is never given by a token, by whoever may not do it themselves, or for another challenge', async () => {
    const ana = await begin();
    const helper = await enrolPerson(server, ana, 'helper@example.org', 'HELP_DESK_ADMIN');
    const machine = await machineOf(ana);
    const judge = await machineOf(ana, { name: 'judge', protectedActions: ['approval.give'] });
    const ask = asked(await machine.call('POST', '/api/v1/users', lee));
    const { challenge } = (await see(ana, ask.approvalId)).body as unknown as { challenge: string };
    const path = `/sallyport/v1/approvals/${ask.approvalId}`;
    expect(reasonOf(await judge.call('POST', `${path}/approve`, { challenge }))).toBe('approver-not-a-person');
    expect(reasonOf(await judge.call('POST', `${path}/deny`, { reason: 'no' }))).toBe('approver-not-a-person');
    expect(reasonOf(await machine.call('POST', `${path}/deny`, { reason: 'no' }))).toBe('approver-not-a-person');
    expect((await see(helper, ask.approvalId)).status).toBe(404);
    expect((await helper.get('/sallyport/v1/approvals')).body).toEqual([]);
    // Whoever does not see it learns from no answer that it is there, nor, later, how it stands.
    const none = `/sallyport/v1/approvals/${'Z'.repeat(ask.approvalId.length)}`;
    const alike = async (way: string, body: object): Promise<void> => {
      const [there, nowhere] = [
        await helper.call('POST', path + way, body),
        await helper.call('POST', none + way, body),
      ];
      const said = ({ status, body: answer }: Reply, id: string): unknown => [
        status,
        answer['errorCode'],
        String(answer['errorSummary']).replace(id, ''),
        answer['sallyport'],
      ];
      expect(there.status).toBe(404);
      expect(said(there, ask.approvalId)).toEqual(said(nowhere, 'Z'.repeat(ask.approvalId.length)));
    };
    await alike('/approve', { challenge });
    await alike('/deny', { reason: 'no' });
    const wrong = await ana.call('POST', `${path}/approve`, { challenge: challenge.split('').toReversed().join('') });
    expect(reasonOf(wrong)).toBe('approval-of-another');
    expect((await see(ana, ask.approvalId)).body).toMatchObject({ status: 'WAITING' });
    expect((await deny(ana, ask.approvalId)).status).toBe(200);
    await alike('/deny', { reason: 'no' });
  });

  it('of a second person is given by no one who asked, nor by who made the other’s account lately', async () => {
    const ana = await begin();
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    expect((await secondPerson(ana, ['user.create'])).status).toBe(200);
    const proved = await ana.call('POST', '/api/v1/users', lee);
    const ask = asked(proved);
    expect(reasonOf(await approve(ana, ask.approvalId))).toBe('approval-own');
    expect(reasonOf(await approve(bo, ask.approvalId))).toBe('approver-tied');
    expect((await see(bo, ask.approvalId)).body).toMatchObject({ approvers: [], approve: { reason: 'approver-tied' } });
    // And the other way round.
    const ofBo = asked(await bo.call('POST', '/api/v1/users', lee));
    expect(reasonOf(await approve(ana, ofBo.approvalId))).toBe('approver-tied');
    // Nor does it wait for her; what asks in her own name does not either.
    expect((await ana.get('/sallyport/v1/me/inbox')).body).toEqual([]);
    // A token of the owner does not make them two.
    const machine = await machineOf(ana);
    const ofToken = asked(await machine.call('POST', '/api/v1/users', lee));
    expect(reasonOf(await approve(ana, ofToken.approvalId))).toBe('approval-own');

    server.clock.advance(DAYS_31);
    await ana.signIn();
    await bo.signIn();
    const later = asked(await ana.call('POST', '/api/v1/users', lee));
    expect((await see(bo, later.approvalId)).body).toMatchObject({ approvers: [{ login: 'bo@example.org' }] });
    expect((await approve(bo, later.approvalId)).status).toBe(200);
    const proof = String((await ana.get(later.proofUrl)).body['proof']);
    const done = await ana.callOnce('POST', '/api/v1/users', lee, { 'Sallyport-Proof': proof });
    expect(done.status).toBe(200);
    // A second account of one employee is no second person, however old both are: not asked, not counted, not allowed.
    for (const person of [ana, bo]) await numbered(ana, person, '4711');
    const again = asked(
      await ana.call('POST', '/api/v1/users', { profile: { ...lee.profile, login: 'l2@example.org' } }),
    );
    for (const employeeNumber of ['4711', '4712']) {
      await numbered(ana, bo, employeeNumber);
      expect((await see(bo, again.approvalId)).body).toMatchObject({
        approvers: [],
        approve: { reason: 'approver-tied' },
      });
      expect(reasonOf(await approve(bo, again.approvalId))).toBe('approver-tied');
    }
  });

  it('of what changes an administrator is given by a super admin', async () => {
    const ana = await begin();
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    const org = await enrolPerson(server, ana, 'org@example.org', 'ORG_ADMIN');
    const [user] = (await ana.get('/api/v1/users?q=org@example.org')).body as unknown as { id: string }[];
    await secondPerson(ana, ['admin.suspend']);
    server.clock.advance(DAYS_31);
    for (const person of [ana, bo, org]) await person.signIn();
    const ask = asked(await ana.call('POST', `/api/v1/users/${user?.id}/lifecycle/suspend`));
    expect(reasonOf(await approve(org, ask.approvalId))).toBe('approver-not-super');
    expect((await approve(bo, ask.approvalId)).status).toBe(200);
  });

  it('is counted in the header of whoever may give it', async () => {
    const ana = await begin();
    const machine = await machineOf(ana);
    const waiting = async (person: Person) => (await person.get('/sallyport/v1/me')).body['waiting'];
    expect(await waiting(ana)).toEqual({ count: 0, isMore: false });
    const ear = await listen(ana);
    const ask = asked(await machine.call('POST', '/api/v1/users', lee));
    await expect.poll(() => ear.hints().toSorted()).toEqual([`approval ${ask.approvalId}`, 'inbox']);
    expect(await waiting(ana)).toEqual({ count: 1, isMore: false });
    expect((await ana.get('/sallyport/v1/me/inbox')).body).toMatchObject([
      { kind: 'approval', id: ask.approvalId, words: 'Create a person', askedBy: { kind: 'token' } },
    ]);
    // It waits for whoever else may say yes, and not for whoever only asked.
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    expect(await waiting(bo)).toEqual({ count: 1, isMore: false });
    const org = await enrolPerson(server, ana, 'org@example.org', 'READ_ONLY_ADMIN');
    expect(await waiting(org)).toEqual({ count: 0, isMore: false });
    const [ofOrg, ofBo] = [await listen(org), await listen(bo)];
    await deny(ana, ask.approvalId);
    await expect.poll(() => ofBo.hints().toSorted()).toEqual([`approval ${ask.approvalId}`, 'inbox']);
    await expect.poll(() => ear.hints().filter((hint) => hint === 'inbox')).toHaveLength(2);
    expect(ofOrg.text()).toBe('event: open\ndata: {}\n\n');
    for (const one of [ear, ofOrg, ofBo]) one.stop();
    expect(await waiting(ana)).toEqual({ count: 0, isMore: false });
  });

  it('a second person who does not exist cannot be asked for', async () => {
    const ana = await begin();
    expect((await secondPerson(ana, ['user.create'])).status).toBe(400);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    // Nor is a second account of whoever is there.
    for (const person of [ana, bo]) await numbered(ana, person, '4711');
    expect((await secondPerson(ana, ['user.create'])).status).toBe(400);
    await numbered(ana, bo, '4712');
    expect((await secondPerson(ana, ['user.create'])).status).toBe(200);
    expect((await secondPerson(ana, ['approval.give'])).status).toBe(400);
  });
});

describe.each(FIRST_ENGINE)('an API token on %s', (engine) => {
  const begin = async (): Promise<Person> => {
    server = await startTestServer({ engine });
    return signedInAdmin(server);
  };

  it('performs by itself what was allowed to it by name, and nothing else', async () => {
    const ana = await begin();
    const machine = await machineOf(ana, { protectedActions: ['user.create'] });
    expect((await ana.get(`/api/v1/api-tokens/${machine.id}`)).body).toMatchObject({
      protectedActions: ['user.create'],
    });
    const made = await machine.call('POST', '/api/v1/users', lee);
    expect(made.status).toBe(200);
    const id = String(made.body['id']);
    asked(await machine.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`));
    const unknown = await ana.call('POST', '/api/v1/api-tokens', {
      name: 'x',
      purpose: 'x',
      network: { connection: 'ANYWHERE' },
      protectedActions: ['user.create', 'everything'],
    });
    expect(unknown.status).toBe(400);
  });

  it('widens neither its network nor its actions, unless that was allowed to it', async () => {
    const ana = await begin();
    const machine = await machineOf(ana, { protectedActions: ['user.create'] });
    const path = `/api/v1/api-tokens/${machine.id}`;
    asked(await machine.call('PUT', path, { network: { connection: 'ANYWHERE' } }));
    asked(await machine.call('PUT', path, { protectedActions: [] }));
    const wider = await machineOf(ana, { name: 'wider', protectedActions: ['api-token.update'] });
    const own = `/api/v1/api-tokens/${wider.id}`;
    expect((await wider.call('PUT', own, { network: { connection: 'ANYWHERE' } })).status).toBe(200);
    expect((await wider.call('PUT', own, { protectedActions: ['api-token.update', 'role.assign'] })).status).toBe(400);
    expect((await ana.call('PUT', own, { protectedActions: ['role.assign'] })).status).toBe(400);
    expect((await ana.call('PUT', own, { protectedActions: [] })).body).toMatchObject({ protectedActions: [] });
    asked(await wider.call('PUT', own, { name: 'again' }));
  });

  it('gives another token nothing that it has not itself', async () => {
    const ana = await begin();
    const body = (protectedActions: string[]) => ({
      name: 'next',
      purpose: 'next',
      network: { connection: 'ANYWHERE' },
      protectedActions,
    });
    const plain = await machineOf(ana);
    asked(await plain.call('POST', '/api/v1/api-tokens', body([])));
    const maker = await machineOf(ana, { name: 'maker', protectedActions: ['api-token.create', 'user.create'] });
    expect((await maker.call('POST', '/api/v1/api-tokens', body(['role.assign']))).status).toBe(403);
    expect((await maker.call('POST', '/api/v1/api-tokens', body(['user.create']))).status).toBe(201);
  });
});
