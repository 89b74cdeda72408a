import { sentenceOf } from '@sallyport/model/reasons';
import { afterEach, describe, expect, it } from 'vitest';
import { beginApproved } from '../../packages/server/src/requests/grant-request.ts';
import { invalidateConditions } from '../../packages/server/src/requests/invalidate-conditions.ts';
import { isEligible } from '../../packages/server/src/requests/is-eligible.ts';
import { askedFactsOf } from '../../packages/server/src/requests/store.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { listen } from '../harness/ear.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { askedProof, idOf, type Person, type Reply, reasonOf, send, signedInAdmin } from '../harness/person.ts';
import { storeRequest } from '../harness/stored-request.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const TWO_FELLOW_ADMINS = '5a11d0000000000000000002';
const ONE_APPROVER = '5a11d0000000000000000001';
const REASON = { reason: 'Rotate the SAML certificate for Payroll', ticket: 'CHG-4411' };

/** Where the next page stands; null on the last. */
const nextOf = ({ headers }: Reply): string | null => {
  const [, link] = /<([^>]+)>; rel="next"/.exec([headers['link'] ?? []].flat().join()) ?? [];
  return link === undefined ? null : link.slice(new URL(link).origin.length);
};
const see = (person: Person, id: string): Promise<Reply> => person.get(`/sallyport/v1/requests/${id}`);
const approve = async (person: Person, id: string): Promise<Reply> => {
  const { digest } = (await see(person, id)).body as unknown as { digest?: string };
  return person.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest: digest ?? 'x'.repeat(43) });
};
const deny = (person: Person, id: string, comment = 'Not today'): Promise<Reply> =>
  person.callOnce('POST', `/sallyport/v1/requests/${id}/deny`, { comment });

interface Team {
  readonly ana: Person;
  readonly bo: Person;
  readonly chi: Person;
  readonly lee: Person;
  readonly groupId: string;
  readonly conditionPath: string;
  ask(more?: Record<string, unknown>, who?: Person): Promise<Reply>;
}

describe.each(ENGINES)('an access request on %s', (engine) => {
  /** Ana set the org up; Bo and Chi are administrators, Lee is none. A group can be asked for by everybody. */
  const begin = async (sequence = TWO_FELLOW_ADMINS, more: Record<string, unknown> = {}): Promise<Team> => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const chi = await enrolPerson(server, ana, 'chi@example.org', 'SUPER_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const groupId = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Payroll operators' } }));
    const conditions = `/governance/api/v2/resources/${groupId}/request-conditions`;
    const made = await ana.call('POST', conditions, {
      name: 'Payroll for a day',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT8H' },
      approvalSequenceId: sequence,
      ...more,
    });
    const conditionPath = `${conditions}/${idOf(made)}`;
    idOf(await ana.call('POST', `${conditionPath}/activate`));
    return {
      ana,
      bo,
      chi,
      lee,
      groupId,
      conditionPath,
      ask: (changed = {}, who = lee) =>
        who.call('POST', '/sallyport/v1/requests', {
          entitlement: { kind: 'group', id: groupId },
          duration: 'PT2H',
          ...REASON,
          ...changed,
        }),
    };
  };
  const idOfLogin = async (login: string): Promise<string> =>
    (
      await server.services.store.read
        .selectFrom('users')
        .select('id')
        .where('loginFolded', '=', login)
        .executeTakeFirstOrThrow()
    ).id;
  const grants = async () =>
    (await server.services.store.read.selectFrom('grants').selectAll().execute()).map((row) => ({
      userId: row.userId,
      startsAt: Number(row.startsAt),
      expiresAt: Number(row.expiresAt),
      sourceId: row.sourceId,
    }));

  it('ends in a grant after two others said yes with their keys over all of it, and its timer starts then', async () => {
    const { bo, chi, lee, ana, ask, groupId } = await begin();
    const preview = await lee.call('POST', '/sallyport/v1/requests/preview', {
      entitlement: { kind: 'group', id: groupId },
      duration: 'PT2H',
    });
    expect(preview.body).toMatchObject({
      duration: 'PT2H',
      sequence: { name: 'Two fellow admins' },
      steps: [{ count: 2, given: 0, who: 'administrators', ableCount: 2 }],
    });
    const asked = await ask();
    const id = idOf(asked);
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({
      status: 'PENDING',
      words: 'Payroll operators, for 2 h',
      requestedBy: { login: 'lee@example.org' },
      approvalsGiven: 0,
      approvalsNeeded: 2,
      cancel: { isAllowed: true },
      approve: { isAllowed: false },
    });
    expect((await bo.get('/sallyport/v1/requests?show=decide')).body).toHaveLength(1);
    expect((await lee.get('/sallyport/v1/requests?show=decide')).body).toHaveLength(0);
    const seen = (await see(bo, id)).body as unknown as { digest: string; words: string };
    const { digest } = seen;
    expect(seen.words).toBe('Payroll operators, for 2 h, asked by lee@example.org');
    const unproved = await bo.callOnce('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    expect(unproved.body['sallyport']).toMatchObject({
      kind: 'step_up_required',
      action: 'request.approve',
      words: 'Approve “Payroll operators, for 2 h” for lee@example.org',
    });
    expect((await approve(bo, id)).body).toMatchObject({ status: 'PENDING', approvalsGiven: 1 });
    expect(await grants()).toEqual([]);
    expect((await bo.get('/sallyport/v1/requests?show=decide')).body).toHaveLength(0);
    server.clock.advance(600);
    const done = await approve(chi, id);
    expect(done.body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    const now = server.clock.now();
    const leeId = await idOfLogin('lee@example.org');
    expect(await grants()).toEqual([{ userId: leeId, startsAt: now, expiresAt: now + 7_200_000, sourceId: id }]);
    expect(reasonOf(await approve(chi, id))).toBe('request-decided');
    const events = (await ana.get(`/api/v1/logs?filter=eventType sw "access.request."&limit=100`)).body as unknown as {
      eventType: string;
      debugContext: { debugData: Record<string, string> };
    }[];
    const ofIt = events.filter(({ debugContext }) => debugContext.debugData['access_request_id'] === id);
    expect(ofIt.map(({ eventType }) => eventType).toSorted()).toEqual([
      'access.request.create',
      'access.request.resolve',
      'access.request.update',
    ]);
    expect(ofIt.at(-1)?.debugContext.debugData).toMatchObject({
      access_scope_type: 'GROUP',
      access_scope_id: groupId,
      requester_id: leeId,
    });
  });

  it('is never decided by who asked, by whom it is for, by a token, or twice by one person', async () => {
    const { ana, bo, chi, lee, ask, groupId } = await begin();
    // Chi, a super admin, asks for herself and for Lee: no exception.
    const own = idOf(
      await chi.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT1H',
        ...REASON,
      }),
    );
    expect(reasonOf(await approve(chi, own))).toBe('request-own');
    expect(reasonOf(await deny(chi, own))).toBe('request-own');
    // Whoever made her account and gave her the role is tied to her.
    expect(reasonOf(await approve(ana, own))).toBe('approver-tied');
    const asked = await chi.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'group', id: groupId },
      forUserId: await idOfLogin('bo@example.org'),
      duration: 'PT1H',
      ...REASON,
    });
    const forBo = idOf(asked);
    expect(asked.body).toMatchObject({ requestedFor: { login: 'bo@example.org' } });
    expect(reasonOf(await approve(chi, forBo))).toBe('request-own');
    expect(reasonOf(await approve(bo, forBo))).toBe('request-for-you');
    const forLee = idOf(await ask());
    expect(reasonOf(await ask())).toBe('request-open');
    expect(reasonOf(await approve(lee, forLee))).toBe('approver-not-a-person');
    idOf(await approve(bo, forLee));
    expect(reasonOf(await approve(bo, forLee))).toBe('request-decided-by-you');
    const forOther = await bo.callOnce('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'group', id: groupId },
      forUserId: await idOfLogin('chi@example.org'),
      duration: 'PT1H',
      ...REASON,
    });
    expect(forOther.status).toBe(403);
    const token = await chi.call('POST', '/api/v1/api-tokens', {
      name: 'bot',
      purpose: 'approves',
      network: { connection: 'ANYWHERE' },
    });
    const { digest } = (await see(ana, forLee)).body as unknown as { digest: string };
    const byToken = await send(
      server.url,
      'POST',
      `/sallyport/v1/requests/${forLee}/approve`,
      { Authorization: `SSWS ${String(token.body['token'])}`, 'X-Forwarded-For': '198.51.100.10' },
      { digest },
    );
    expect(reasonOf(byToken)).toBe('approver-not-a-person');
    expect(await grants()).toEqual([]);
  });

  it('does not exist for whoever has nothing to do with it', async () => {
    const { ana, bo, lee, ask } = await begin();
    const kim = await enrolPerson(server, ana, 'kim@example.org', null);
    const [ofBo, ofLee, ofKim] = [await listen(bo), await listen(lee), await listen(kim)];
    const sessionOfBo = String((await bo.get('/api/v1/sessions/me')).body['id']);
    const before = server.services.sessions.deadlinesOf(sessionOfBo)?.idleEndsAt;
    server.clock.advance(60);
    const id = idOf(await ask());
    // Whoever may decide hears of it, and that something waits; whoever asked hears of it; nobody else hears anything.
    await expect.poll(() => ofBo.hints().toSorted()).toEqual(['inbox', `request ${id}`]);
    await expect.poll(() => ofLee.hints()).toEqual([`request ${id}`]);
    const said = await lee.call('POST', `/governance/api/v2/requests/${id}/messages`, { message: 'It is urgent' });
    expect(said.status, said.text).toBeLessThan(300);
    await expect.poll(() => ofBo.hints()).toHaveLength(4);
    await expect.poll(() => ofLee.hints()).toEqual([`request ${id}`, `request ${id}`]);
    expect(ofKim.text()).toBe('event: open\ndata: {}\n\n');
    // What is hinted at keeps no session alive.
    expect(server.services.sessions.deadlinesOf(sessionOfBo)?.idleEndsAt).toBe(before);
    for (const ear of [ofBo, ofLee, ofKim]) ear.stop();
    expect((await see(kim, id)).status).toBe(404);
    for (const verb of ['cancel', 'nudge'])
      expect((await kim.call('POST', `/sallyport/v1/requests/${id}/${verb}`)).status).toBe(404);
    expect((await deny(kim, id)).status).toBe(404);
    expect((await approve(kim, id)).status).toBe(404);
    expect((await kim.get('/sallyport/v1/requests')).body).toHaveLength(0);
    expect((await kim.callOnce('GET', '/sallyport/v1/requests?show=all')).status).toBe(403);
    expect((await lee.get('/sallyport/v1/requests')).body).toHaveLength(1);
    expect((await see(lee, 'req00000000000000000')).status).toBe(404);
  });

  it('cannot be approved through accounts and keys that an administrator made', async () => {
    const { ana, bo, chi, lee, ask, groupId } = await begin();
    const eve = await enrolPerson(server, ana, 'eve@example.org', 'SUPER_ADMIN');
    const x = await enrolPerson(server, eve, 'x@example.org', 'HELP_DESK_ADMIN');
    const y = await enrolPerson(server, eve, 'y@example.org', 'HELP_DESK_ADMIN');
    const own = idOf(
      await eve.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT1H',
        ...REASON,
      }),
    );
    for (const puppet of [x, y]) expect(reasonOf(await approve(puppet, own))).toBe('approver-tied');
    const id = idOf(await ask());
    idOf(await approve(x, id));
    expect(reasonOf(await approve(y, id))).toBe('approver-tied-to-other');
    expect(reasonOf(await approve(eve, id))).toBe('approver-tied-to-other');
    expect(await grants()).toEqual([]);
    // One asks with the other: both are hers.
    const byX = idOf(
      await x.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT1H',
        ...REASON,
      }),
    );
    expect(reasonOf(await approve(y, byX))).toBe('approver-tied');
    expect((await approve(bo, id)).body).toMatchObject({ status: 'APPROVED' });
    expect([chi, lee]).toHaveLength(2);
  });

  it('counts two accounts of one employee as one', async () => {
    const { ana, bo, chi, lee, ask } = await begin();
    for (const login of ['bo@example.org', 'chi@example.org'])
      await ana.call('POST', `/api/v1/users/${await idOfLogin(login)}`, { profile: { employeeNumber: '4711' } });
    const id = idOf(await ask());
    idOf(await approve(bo, id));
    expect(reasonOf(await approve(chi, id))).toBe('approver-same-person');
    // A number that is taken off again makes no second person of it, nor does another one, for thirty days.
    for (const employeeNumber of ['4712', '']) {
      await ana.call('POST', `/api/v1/users/${await idOfLogin('chi@example.org')}`, { profile: { employeeNumber } });
      expect(reasonOf(await approve(chi, id))).toBe('approver-tied-to-other');
    }
    server.clock.advance(30 * 86_400 + 1);
    for (const person of [bo, chi, lee]) await person.signIn();
    const later = idOf(await ask());
    idOf(await approve(bo, later));
    expect((await approve(chi, later)).body).toMatchObject({ status: 'APPROVED' });
  });

  it('has no sequence that takes two accounts of one employee for two people', async () => {
    const { ana, chi } = await begin();
    const two = { name: 'two', steps: [{ approvers: { by: 'super-admins' }, count: 2 }] };
    const made = await ana.call('POST', '/sallyport/v1/request-sequences', two);
    expect(made.body).toMatchObject({ outlook: [{ ableNow: 2, needed: 2 }] });
    const profile = { employeeNumber: '7' };
    for (const [writer, whose] of [
      [ana, chi],
      [chi, ana],
    ] as const)
      idOf(await writer.call('POST', `/api/v1/users/${await idOfLogin(whose.login)}`, { profile }));
    expect((await ana.get(`/sallyport/v1/request-sequences/${idOf(made)}`)).body).toMatchObject({
      outlook: [{ ableNow: 1, needed: 2 }],
    });
    const refused = await ana.call('POST', '/sallyport/v1/request-sequences', two);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('only 1 of those named')]);
  });

  it('is approved as it was submitted, and as nothing else', async () => {
    const { bo, chi, ask } = await begin();
    const id = idOf(await ask());
    // What was signed for one opens no other, nor the same twice, nor by anybody else; and no other's key signs it.
    const second = idOf(await ask({}, bo));
    const digestOf = async (of: string) => String((await see(chi, of)).body['digest']);
    const [first, digestOfSecond] = [await digestOf(id), await digestOf(second)];
    const path = (of: string): string => `/sallyport/v1/requests/${of}/approve`;
    const challenge = askedProof(await chi.callOnce('POST', path(second), { digest: digestOfSecond }));
    if (challenge === null) throw new Error('no proof was asked');
    const ofBo = askedProof(await bo.callOnce('POST', path(id), { digest: first }));
    const byBo = { ...challenge, allowCredentials: ofBo?.allowCredentials ?? [] };
    expect((await chi.giveProof(byBo, bo.key)).status).toBe(403);
    const proof = { 'Sallyport-Proof': String((await chi.giveProof(challenge)).body['proof']) };
    const misused = [
      await chi.callOnce('POST', path(id), { digest: first }, proof),
      await chi.callOnce('POST', path(second), { digest: first }, proof),
      await bo.callOnce('POST', path(id), { digest: first }, proof),
    ];
    expect(misused.map(reasonOf)).toEqual(['proof-of-another-action', 'proof-of-another-action', 'proof-of-another']);
    idOf(await chi.callOnce('POST', path(second), { digest: digestOfSecond }, proof));
    expect((await chi.callOnce('POST', path(second), { digest: digestOfSecond }, proof)).status).toBe(403);
    const other = await bo.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest: 'A'.repeat(43) });
    expect(reasonOf(other)).toBe('request-of-another');
    const { digest } = (await see(bo, id)).body as unknown as { digest: string };
    const wrongStep = await bo.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest, step: 1 });
    expect(reasonOf(wrongStep)).toBe('request-moved-on');
    idOf(await approve(bo, id));
    // Whoever can write to the store makes it longer: nobody approves that.
    await server.services.store.transaction((tx) =>
      tx.updateTable('requests').set({ durationSeconds: 28_800 }).where('id', '=', id).execute(),
    );
    expect(reasonOf(await approve(chi, id))).toBe('request-changed');
    expect(await grants()).toEqual([]);
  });

  it('is approved for what it gave when it was asked for, and for no role that was put into it since', async () => {
    const { ana, bo, ask, groupId } = await begin(ONE_APPROVER);
    const startsAt = server.clock.now() + 600_000;
    const later = idOf(await ask({ startsAt: new Date(startsAt).toISOString() }));
    expect((await approve(bo, later)).body).toMatchObject({ grant: { status: 'PENDING' } });
    const id = idOf(await ask());
    // In the same millisecond: what it gives is compared, and no clock.
    idOf(await ana.call('POST', `/api/v1/groups/${groupId}/roles`, { type: 'SUPER_ADMIN' }));
    expect((await see(bo, id)).body).toMatchObject({ approve: { isAllowed: false, reason: 'request-gives-other' } });
    expect(reasonOf(await approve(bo, id))).toBe('request-gives-other');
    // Nor where everybody had said yes before, and it was to begin later.
    server.clock.advance(600);
    await beginApproved(server.services);
    expect((await see(bo, later)).body).toMatchObject({
      grant: { status: 'FAILED', sentence: sentenceOf('request-gives-other') },
    });
    expect(await grants()).toEqual([]);
    idOf(await deny(bo, id));
    // Asked for anew it is what everybody sees.
    expect((await approve(bo, idOf(await ask()))).body).toMatchObject({ grant: { status: 'GRANTED' } });
  });

  it('is approved by a group whose people nobody chooses who could not give the role themself', async () => {
    const { ana, lee } = await begin();
    const eve = await enrolPerson(server, ana, 'eve@example.org', 'USER_ADMIN');
    const leads = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Security leads' } }));
    const boId = await idOfLogin('bo@example.org');
    const member = `/api/v1/groups/${leads}/users/${await idOfLogin('lee@example.org')}`;
    expect((await ana.call('PUT', `/api/v1/groups/${leads}/users/${boId}`)).status).toBe(204);
    for (const method of ['PUT', 'DELETE']) expect((await eve.call(method, member)).status).toBe(204);
    const rule = {
      type: 'group_rule',
      name: 'Everybody leads',
      conditions: { expression: { value: 'user.lastName=="Example"', type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [leads] } },
    };
    const ruleId = idOf(await eve.call('POST', '/api/v1/groups/rules', rule));
    idOf(
      await ana.call('POST', '/sallyport/v1/request-sequences', {
        name: 'Leads',
        steps: [{ approvers: { by: 'group', id: leads }, count: 1 }],
      }),
    );
    for (const [method, path] of [
      ['PUT', member],
      ['POST', `/api/v1/groups/rules/${ruleId}/lifecycle/activate`],
    ] as const) {
      const refused = await eve.call(method, path);
      expect(refused.status, `${method} ${path}`).toBe(403);
      expect(refused.text).toContain('approves access');
    }
    expect((await ana.get(`/sallyport/v1/groups/${leads}`)).body).toMatchObject({ givesRole: false });
    expect((await ana.call('PUT', member)).status).toBe(204);
    expect(lee.login).toBe('lee@example.org');
  });

  it('finds the few whom a step names among many administrators whom it does not name', async () => {
    const { ana } = await begin();
    const boId = await idOfLogin('bo@example.org');
    const { store } = server.services;
    const own = await store.read.selectFrom('users').selectAll().where('id', '=', boId).executeTakeFirstOrThrow();
    const key = await store.read.selectFrom('factors').selectAll().where('userId', '=', boId).executeTakeFirstOrThrow();
    const role = await store.read
      .selectFrom('roleAssignments')
      .selectAll()
      .where('principalId', '=', boId)
      .executeTakeFirstOrThrow();
    await store.transaction(async (tx) => {
      for (let i = 0; i < 60; i += 1) {
        const n = String(i).padStart(2, '0');
        const id = `00u000000000000000${n}`;
        const login = `help${n}@example.org`;
        await tx
          .insertInto('users')
          .values({ ...own, id, login, loginFolded: login })
          .execute();
        await tx
          .insertInto('factors')
          .values({ ...key, id: `${key.id}${n}`, userId: id, credentialId: `${key.credentialId}${n}` })
          .execute();
        await tx
          .insertInto('roleAssignments')
          .values({ ...role, id: `${role.id}${n}`, principalId: id })
          .execute();
      }
    });
    for (const approvers of [{ by: 'super-admins' }, { by: 'permission', permission: 'okta.roles.manage' }]) {
      const made = await ana.call('POST', '/sallyport/v1/request-sequences', {
        name: approvers.by,
        steps: [{ approvers, count: 2 }],
      });
      expect(made.status, made.text).toBe(201);
    }
  });

  it('ends at exactly decideBy, also where no job ran, and can be asked for again', async () => {
    const { ana, bo, chi, ask, lee } = await begin();
    const id = idOf(await ask());
    idOf(await approve(bo, id));
    server.clock.advance(86_400 - 1);
    for (const person of [ana, bo, chi, lee]) await person.signIn();
    const { digest } = (await see(chi, id)).body as unknown as { digest: string };
    const late = await chi.prepare('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    server.clock.advance(1);
    expect(reasonOf(await late())).toBe('request-expired');
    expect((await see(lee, id)).body).toMatchObject({ status: 'EXPIRED', cancel: { isAllowed: false } });
    expect((await ask()).status).toBe(201);
    const events = (await ana.get('/api/v1/logs?filter=eventType eq "access.request.expire"')).body;
    expect(events).toHaveLength(1);
    expect(await grants()).toEqual([]);
  });

  it('is taken back by who asked, denied by one, and final either way', async () => {
    const { bo, chi, ask, lee } = await begin();
    const first = idOf(await ask());
    expect(reasonOf(await chi.call('POST', `/sallyport/v1/requests/${first}/cancel`))).toBe('request-not-asker');
    expect((await lee.call('POST', `/sallyport/v1/requests/${first}/cancel`)).body).toMatchObject({
      status: 'CANCELED',
    });
    expect(reasonOf(await approve(bo, first))).toBe('request-canceled');
    const second = idOf(await ask());
    idOf(await approve(bo, second));
    expect((await deny(chi, second, 'Use the read-only role')).body).toMatchObject({
      status: 'DENIED',
      decisions: [
        { by: { login: 'bo@example.org' }, kind: 'approve' },
        { by: { login: 'chi@example.org' }, kind: 'deny', comment: 'Use the read-only role' },
      ],
    });
    expect(reasonOf(await lee.call('POST', `/sallyport/v1/requests/${second}/cancel`))).toBe('request-decided');
    expect(await grants()).toEqual([]);
    const third = idOf(await ask());
    expect((await lee.call('POST', `/sallyport/v1/requests/${third}/nudge`)).status).toBe(200);
    expect(reasonOf(await lee.call('POST', `/sallyport/v1/requests/${third}/nudge`))).toBe('request-nudged');
    const said = await lee.call('POST', `/governance/api/v2/requests/${third}/messages`, { message: 'It is urgent' });
    expect(said.status).toBe(201);
    expect((await see(bo, third)).body).toMatchObject({ messages: [{ text: 'It is urgent' }] });
  });

  it('is decided only by those who are eligible at that moment', async () => {
    const { ana, bo, chi, ask } = await begin();
    const id = idOf(await ask());
    const { digest } = (await see(bo, id)).body as unknown as { digest: string };
    const later = await bo.prepare('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    const boId = await idOfLogin('bo@example.org');
    const roles = (await ana.get(`/api/v1/users/${boId}/roles`)).body as unknown as { id: string }[];
    await ana.call('DELETE', `/api/v1/users/${boId}/roles/${roles[0]?.id}`);
    const refused = await later();
    expect([403, 404]).toContain(refused.status);
    idOf(await approve(chi, id));
    await ana.call('POST', `/api/v1/users/${await idOfLogin('lee@example.org')}/lifecycle/suspend`);
    expect((await see(ana, id)).body).toMatchObject({ approve: { isAllowed: false, reason: 'request-people-gone' } });
    expect(await grants()).toEqual([]);
  });

  it('keeps the steps under which it was submitted, and goes on where its condition is switched off', async () => {
    const { ana, bo, chi, ask, conditionPath, lee } = await begin();
    const id = idOf(await ask());
    idOf(await ana.call('POST', `${conditionPath}/deactivate`));
    const weaker = await ana.call('PUT', `/sallyport/v1/request-sequences/${TWO_FELLOW_ADMINS}`, {
      name: 'Two fellow admins',
      steps: [{ approvers: { by: 'admins' }, count: 1 }],
    });
    expect(weaker.status).toBe(200);
    expect((await approve(bo, id)).body).toMatchObject({ status: 'PENDING', approvalsNeeded: 2 });
    expect((await approve(chi, id)).body).toMatchObject({ status: 'APPROVED' });
    expect(reasonOf(await ask())).toBe('request-no-condition');
    expect((await lee.get('/governance/api/v2/my/catalogs/default/entries')).body).toMatchObject({ data: [] });
  });

  it('gives nothing to whoever may not ask any more when the last yes comes', async () => {
    const { ana, bo, chi, ask, conditionPath } = await begin();
    const engineers = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Engineers' } }));
    const member = `/api/v1/groups/${engineers}/users/${await idOfLogin('lee@example.org')}`;
    expect((await ana.call('PUT', member)).status).toBe(204);
    idOf(
      await ana.call('PATCH', conditionPath, {
        requesterSettings: { type: 'GROUPS', groups: [{ id: engineers }] },
      }),
    );
    const id = idOf(await ask());
    expect((await approve(bo, id)).body['status']).toBe('PENDING');
    expect((await ana.call('DELETE', member)).status).toBe(204);
    expect((await approve(chi, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'FAILED' } });
    expect(await grants()).toEqual([]);
  });

  it('gives nothing once its condition was deleted, neither at the last yes nor at the asked time', async () => {
    const { ana, bo, chi, ask, conditionPath, lee } = await begin();
    const later = idOf(await ask({ startsAt: new Date(server.clock.now() + 60_000).toISOString() }));
    await approve(bo, later);
    expect((await approve(chi, later)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'PENDING' } });
    const open = idOf(await ask());
    expect((await approve(bo, open)).body['status']).toBe('PENDING');
    // Both are told of to whoever would delete it.
    expect((await ana.get('/sallyport/v1/request-conditions')).body).toMatchObject([{ openRequests: 2 }]);
    expect((await ana.call('DELETE', conditionPath)).status).toBe(204);
    const failed = {
      status: 'APPROVED',
      grant: { status: 'FAILED', sentence: sentenceOf('request-eligibility-lost') },
    };
    expect((await approve(chi, open)).body).toMatchObject(failed);
    server.clock.advance(60);
    await expect.poll(async () => (await see(lee, later)).body).toMatchObject(failed);
    expect(await grants()).toEqual([]);
  });

  it('counts whoever set the organisation up like anybody else once it is two months old', async () => {
    const { ana, ask, lee } = await begin();
    server.clock.advance(61 * 86_400);
    for (const person of [ana, lee]) expect((await person.signIn()).status).toBe(200);
    const dee = await enrolPerson(server, ana, 'dee@example.org', 'HELP_DESK_ADMIN');
    const eve = await enrolPerson(server, ana, 'eve@example.org', 'HELP_DESK_ADMIN');
    const id = idOf(await ask());
    expect((await approve(dee, id)).body['status']).toBe('PENDING');
    expect(reasonOf(await approve(eve, id))).toBe('approver-tied-to-other');
    expect(await grants()).toEqual([]);
  });

  it('has no approvers whom a group rule chooses, and gives no admin role for longer than somebody said', async () => {
    const { ana, lee, groupId, conditionPath } = await begin();
    const group = async (name: string) => idOf(await ana.call('POST', '/api/v1/groups', { profile: { name } }));
    const filled = await group('Filled');
    expect((await ana.call('PUT', `/api/v1/groups/${filled}/users/${await idOfLogin('bo@example.org')}`)).status).toBe(
      204,
    );
    const rule = idOf(
      await ana.call('POST', '/api/v1/groups/rules', {
        type: 'group_rule',
        name: 'fills',
        conditions: { expression: { type: 'urn:okta:expression:1.0', value: 'user.department=="Ops"' } },
        actions: { assignUserToGroups: { groupIds: [filled] } },
      }),
    );
    expect((await ana.call('POST', `/api/v1/groups/rules/${rule}/lifecycle/activate`)).status).toBe(204);
    const sequence = { name: 'By group', steps: [{ approvers: { by: 'group', id: filled }, count: 1 }] };
    const refused = await ana.call('POST', '/sallyport/v1/request-sequences', sequence);
    expect([refused.status, refused.body['errorCode']]).toEqual([400, 'E0000192']);
    expect((await ana.call('POST', `/api/v1/groups/rules/${rule}/lifecycle/deactivate`)).status).toBe(204);
    expect((await ana.call('POST', '/sallyport/v1/request-sequences', sequence)).status).toBe(201);

    // Without a word on how long it would be a year.
    expect((await ana.call('PATCH', conditionPath, { accessDurationSettings: null })).status).toBe(200);
    const body = { entitlement: { kind: 'group', id: groupId }, ...REASON };
    expect((await lee.call('POST', '/sallyport/v1/requests/preview', body)).body['duration']).toBe('P365D');
    const role = await ana.call('POST', `/api/v1/groups/${groupId}/roles`, { type: 'READ_ONLY_ADMIN' });
    expect(role.status, role.text).toBe(201);
    expect(reasonOf(await lee.call('POST', '/sallyport/v1/requests', body))).toBe('request-without-duration');
    const again = await ana.call('PATCH', conditionPath, { name: 'Payroll still', accessDurationSettings: null });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('say for how long')]);
  });

  it('lets no administrator choose their own manager, or seem another person than they are', async () => {
    const { ana } = await begin();
    const dee = await enrolPerson(server, ana, 'dee@example.org', 'USER_ADMIN');
    const path = `/api/v1/users/${await idOfLogin('dee@example.org')}`;
    const write = (profile: object): Promise<Reply> => dee.call('POST', path, { profile });
    for (const profile of [{ managerId: 'bo@example.org' }, { employeeNumber: '7' }, { email: 'other@example.org' }]) {
      const refused = await write(profile);
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('somebody else changes yours')]);
    }
    expect((await write({ nickName: 'Dee' })).status).toBe(200);
    expect((await ana.call('POST', path, { profile: { managerId: 'bo@example.org' } })).status).toBe(200);
  });

  it('begins at the asked time, for whoever could still ask for it then', async () => {
    const { ana, bo, ask, lee, groupId } = await begin(ONE_APPROVER, {
      requesterSettings: { type: 'EVERYONE' },
    });
    expect((await ask({ startsAt: new Date(server.clock.now()).toISOString() })).status).toBe(400);
    const startsAt = server.clock.now() + 3_600_000;
    const id = idOf(await ask({ startsAt: new Date(startsAt).toISOString() }));
    expect((await approve(bo, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'PENDING' } });
    expect(await grants()).toEqual([]);
    server.clock.advance(3600);
    await expect.poll(grants, { timeout: 20_000 }).toHaveLength(1);
    expect(await grants()).toMatchObject([{ startsAt, expiresAt: startsAt + 7_200_000 }]);
    await Promise.all([ana.signIn(), bo.signIn(), lee.signIn()]);
    expect(groupId).toMatch(/^00g/);
  });

  it('tells from where somebody asks to whoever decides, and to nobody who cannot', async () => {
    const { ana, bo, chi, lee, ask } = await begin();
    const id = idOf(await ask());
    const about = async (person: Person) =>
      (await see(person, id)).body['about'] as { past: Record<string, number>; session: { network: string } | null };
    expect((await about(bo)).session).toMatchObject({ network: expect.any(String), authenticator: expect.any(String) });
    expect((await about(lee)).session).not.toBeNull();
    idOf(await approve(bo, id));
    // Once Bo has decided it is not for him any more, nor for a super admin who manages requests and may not decide.
    expect((await about(bo)).session).toBeNull();
    expect((await about(chi)).session).not.toBeNull();
    idOf(await deny(chi, id));
    expect(await about(ana)).toEqual({
      past: { days: 90, asked: 1, isMore: false, approved: 0, denied: 1, given: 0 },
      session: null,
    });
    expect((await see(ana, id)).body).toMatchObject({ gains: { roles: [], permissions: [], smaller: [] } });
  });

  it('tells of the session that it was asked from, whichever was opened since', async () => {
    const { bo, lee, ask } = await begin();
    const id = idOf(await ask());
    const since = async (requestId: string): Promise<string | undefined> =>
      ((await see(bo, requestId)).body['about'] as { session: { since: string } | null }).session?.since;
    const first = await since(id);
    expect(first).toBeDefined();
    server.clock.advance(60);
    // In another browser: one and the same would go on with the session that it has.
    lee.cookie = null;
    expect((await lee.signIn()).status).toBe(200);
    expect(await since(id)).toBe(first);
    idOf(await lee.call('POST', `/sallyport/v1/requests/${id}/cancel`));
    server.clock.advance(1);
    expect(await since(idOf(await ask()))).not.toBe(first);
  });

  it('weighs what is held over everything, and what less there is over no more', async () => {
    const { ana, bo, lee, groupId } = await begin(ONE_APPROVER);
    const leeId = await idOfLogin('lee@example.org');
    const few = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Five people' } }));
    const scoped = async (path: string, type: string): Promise<void> => {
      const roleId = idOf(await ana.call('POST', `${path}/roles`, { type }));
      expect((await ana.call('PUT', `${path}/roles/${roleId}/targets/groups/${few}`)).status).toBe(204);
    };
    await scoped(`/api/v1/users/${leeId}`, 'USER_ADMIN');
    idOf(await ana.call('POST', `/api/v1/groups/${groupId}/roles`, { type: 'USER_ADMIN' }));
    const ask = (id: string): Promise<Reply> =>
      lee.call('POST', '/sallyport/v1/requests', { entitlement: { kind: 'group', id }, duration: 'PT2H', ...REASON });
    const gains = async (id: string) =>
      (await see(bo, id)).body['gains'] as {
        permissions: { isHeld: boolean; name: string }[];
        smaller: { id: string }[];
      };
    const asked = idOf(await ask(groupId));
    const users = (await gains(asked)).permissions.filter(({ name }) => name.startsWith('okta.users.'));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ isHeld }) => isHeld)).toEqual([]);
    idOf(await deny(bo, asked));
    // The help desk's role gives less than a user admin's, over everybody: beside one over five people it is not less.
    const help = await makeAskableGroup(ana, ONE_APPROVER, 'Help desk for a while');
    idOf(await ana.call('POST', `/api/v1/groups/${help.groupId}/roles`, { type: 'HELP_DESK_ADMIN' }));
    const again = idOf(await ask(groupId));
    expect((await gains(again)).smaller).toMatchObject([{ id: help.groupId }]);
    idOf(await deny(bo, again));
    const five = await makeAskableGroup(ana, ONE_APPROVER, 'User admin of five');
    await scoped(`/api/v1/groups/${five.groupId}`, 'USER_ADMIN');
    expect((await gains(idOf(await ask(five.groupId)))).smaller).toEqual([]);
  });

  it('waits in the inbox of whoever decides it, however many newer ones wait for others', async () => {
    const { bo, lee, ask, groupId, conditionPath } = await begin(ONE_APPROVER);
    const id = idOf(await ask());
    server.clock.advance(1);
    const leeId = await idOfLogin('lee@example.org');
    const steps = [{ approvers: { by: 'people', ids: [leeId] }, count: 1 }];
    const conditionId = conditionPath.split('/').at(-1) ?? '';
    const stored = { requesterId: leeId, beneficiaryId: leeId, steps, conditionId };
    for (let i = 0; i < 501; i += 1) await storeRequest(server.services, { ...stored, groupId: `${groupId}${i}` });
    expect((await bo.get('/sallyport/v1/requests?show=decide')).body).toMatchObject([{ id }]);
    expect((await bo.get('/governance/api/v2/my/tasks')).body).toMatchObject({ data: [{ requestId: id }] });
    expect((await bo.get('/sallyport/v1/me')).body['waiting']).toEqual({ count: 1, isMore: false });
    expect((await bo.get('/sallyport/v1/me/inbox')).body).toMatchObject([
      {
        ...{ kind: 'request', id, words: 'Payroll operators, for 2 h, asked by lee@example.org', items: null },
        insteadOf: null,
        askedBy: { kind: 'person', person: { login: 'lee@example.org' } },
        requestedFor: { login: 'lee@example.org' },
      },
    ]);
    // What Lee asked for waits for others, whomever else its steps name.
    expect((await lee.get('/sallyport/v1/me')).body['waiting']).toEqual({ count: 0, isMore: false });

    // Whatever runs out first stands first; each once, over all pages; and no more than twenty are counted.
    const admins = [{ approvers: { by: 'admins' }, count: 1 }];
    const due: string[] = [];
    for (let i = 0; i < 24; i += 1) {
      const more = { steps: admins, groupId: `${groupId}x${i}`, decideWithinMs: (30 - Math.floor(i / 2)) * 60_000 };
      due.unshift((await storeRequest(server.services, { ...stored, ...more })).id);
    }
    expect((await bo.get('/sallyport/v1/me')).body['waiting']).toEqual({ count: 20, isMore: true });
    const seen: { id: string; dueAt: string }[] = [];
    for (let page: string | null = '/sallyport/v1/me/inbox?limit=7'; page !== null; ) {
      const reply = await bo.get(page);
      seen.push(...(reply.body as unknown as typeof seen));
      page = nextOf(reply);
    }
    expect(seen.map((one) => one.id).toSorted()).toEqual([...due, id].toSorted());
    const order = (a: (typeof seen)[number], b: (typeof seen)[number]): number =>
      Date.parse(a.dueAt) - Date.parse(b.dueAt) || (a.id < b.id ? -1 : 1);
    expect(seen).toEqual(seen.toSorted(order));
    expect(seen.at(-1)?.id).toBe(id);
    expect((await bo.get('/sallyport/v1/me/inbox?after=nothing')).status).toBe(400);

    // In as many questions to the store as for one of them.
    const asked = async (rows: readonly { readonly id: string }[]): Promise<number> => {
      let questions = 0;
      const counted = server.services.store.read.withPlugin({
        transformQuery: ({ node }) => {
          questions += 1;
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const all = await counted
        .selectFrom('requests')
        .selectAll()
        .where(
          'id',
          'in',
          rows.map((one) => one.id),
        )
        .execute();
      expect((await askedFactsOf(counted, all)).size).toBe(rows.length);
      return questions;
    };
    expect(await asked(seen)).toBe(await asked(seen.slice(0, 1)));
  });

  it('is taken back before it begins by who asked or a super admin, and never begins then', async () => {
    const { ana, bo, chi, ask, lee } = await begin(ONE_APPROVER);
    const begins = (seconds: number) => ({ startsAt: new Date(server.clock.now() + seconds * 1000).toISOString() });
    const cancel = (person: Person, id: string) => person.call('POST', `/sallyport/v1/requests/${id}/cancel`);
    const first = idOf(await ask(begins(3600)));
    // As long as it waits only who asked takes it back, also from a super admin.
    expect(reasonOf(await cancel(chi, first))).toBe('request-not-asker');
    idOf(await approve(bo, first));
    expect((await see(bo, first)).body).toMatchObject({ cancel: { isAllowed: false, reason: 'request-not-asker' } });
    expect(reasonOf(await cancel(bo, first))).toBe('request-not-asker');
    expect((await cancel(lee, first)).body).toMatchObject({ status: 'CANCELED', grant: null });
    expect(reasonOf(await cancel(lee, first))).toBe('request-canceled');
    const second = idOf(await ask(begins(3600)));
    idOf(await approve(bo, second));
    expect((await cancel(chi, second)).body).toMatchObject({ status: 'CANCELED', grant: null });
    // One that is not taken back begins, though it was asked for last: the job has come by then.
    const third = idOf(await ask(begins(3660)));
    idOf(await approve(bo, third));
    server.clock.advance(3660);
    await expect.poll(grants, { timeout: 20_000 }).toHaveLength(1);
    expect(await grants()).toMatchObject([{ sourceId: third }]);
    expect(reasonOf(await cancel(lee, third))).toBe('request-decided');
    await ana.signIn();
    expect((await ana.get('/api/v1/logs?filter=eventType eq "access.request.cancel"')).body).toHaveLength(2);
  });

  it('is a place in its lists also when it left them: no page is shown twice, or begins anew', async () => {
    const { ana, bo, lee, ask } = await begin(ONE_APPROVER);
    const more = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Auditors' } }));
    const conditions = `/governance/api/v2/resources/${more}/request-conditions`;
    const made = await ana.call('POST', conditions, {
      name: 'Auditors for a day',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT8H' },
      approvalSequenceId: ONE_APPROVER,
    });
    idOf(await ana.call('POST', `${conditions}/${idOf(made)}/activate`));
    const older = idOf(await ask());
    server.clock.advance(1);
    const newer = idOf(await ask({ entitlement: { kind: 'group', id: more } }));
    const ids = (reply: Reply) => (reply.body as unknown as { id: string }[]).map(({ id }) => id);
    const inbox = await bo.get('/sallyport/v1/requests?show=decide&limit=1');
    expect(ids(inbox)).toEqual([newer]);
    const tasks = await bo.get('/governance/api/v2/my/tasks?limit=1');
    const nextTasks = (tasks.body as unknown as { _links: { next: { href: string } } })._links.next.href;
    const entries = '/governance/api/v2/my/catalogs/default/entries';
    const names = (reply: Reply) =>
      (reply.body as unknown as { data: { name: string }[] }).data.map(({ name }) => name);
    const catalog = await lee.get(`${entries}?limit=1`);
    expect(names(catalog)).toEqual(['Auditors']);
    const nextEntries = (catalog.body as unknown as { _links: { next: { href: string } } })._links.next.href;
    idOf(await lee.call('POST', `/sallyport/v1/requests/${newer}/cancel`));
    idOf(await ana.call('POST', `${conditions}/${idOf(made)}/deactivate`));
    expect(ids(await bo.get(nextOf(inbox) ?? ''))).toEqual([older]);
    const left = (await bo.get(nextTasks.slice(new URL(nextTasks).origin.length))).body;
    expect((left as unknown as { data: { requestId: string }[] }).data.map((one) => one.requestId)).toEqual([older]);
    expect(names(await lee.get(nextEntries.slice(new URL(nextEntries).origin.length)))).toEqual(['Payroll operators']);
    expect(ids(await bo.get('/sallyport/v1/requests?show=decide&after=req_of_nobody'))).toEqual([]);
  });

  it('shows the last that was said, and page by page all of it, to whoever sees it', async () => {
    const { bo, lee, ask, ana } = await begin(ONE_APPROVER);
    const id = idOf(await ask());
    await server.services.store.transaction(async (tx) => {
      for (let at = 0; at < 249; at += 1)
        await tx
          .insertInto('requestMessages')
          .values({
            id: `rqm${String(at).padStart(5, '0')}`,
            requestId: id,
            authorId: 'gone',
            text: `said ${at}`,
            createdAt: server.clock.now() - 1000 + at,
          })
          .execute();
    });
    const said = await lee.call('POST', `/governance/api/v2/requests/${id}/messages`, { message: 'and last' });
    expect(said.status).toBe(201);
    const page = (await see(bo, id)).body as unknown as { messages: { text: string }[]; hasEarlierMessages: boolean };
    expect([page.messages.length, page.messages[0]?.text, page.messages.at(-1)?.text, page.hasEarlierMessages]).toEqual(
      [50, 'said 200', 'and last', true],
    );
    const texts: string[] = [];
    let path: string | null = `/sallyport/v1/requests/${id}/messages?limit=100`;
    while (path !== null) {
      const reply = await bo.get(path);
      texts.push(...(reply.body as unknown as { text: string }[]).map(({ text }) => text));
      path = nextOf(reply);
    }
    expect(texts).toEqual(['and last', ...Array.from({ length: 249 }, (_, at) => `said ${248 - at}`)]);
    const kim = await enrolPerson(server, ana, 'kim@example.org', null);
    expect((await kim.get(`/sallyport/v1/requests/${id}/messages`)).status).toBe(404);
  });

  it('gives nothing at the asked time to whoever may not ask any more', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const leeId = await idOfLogin('lee@example.org');
    const wanted = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Payroll' } }));
    const askers = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'SRE' } }));
    const conditions = `/governance/api/v2/resources/${wanted}/request-conditions`;
    const made = await ana.call('POST', conditions, {
      name: 'SRE only',
      requesterSettings: { type: 'GROUPS', groups: [{ id: askers }] },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT1H' },
      approvalSequenceId: ONE_APPROVER,
    });
    idOf(await ana.call('POST', `${conditions}/${idOf(made)}/activate`));
    const body = { entitlement: { kind: 'group', id: wanted }, ...REASON };
    expect(reasonOf(await lee.call('POST', '/sallyport/v1/requests', body))).toBe('request-not-yours');
    await ana.call('PUT', `/api/v1/groups/${askers}/users/${leeId}`);
    const tooLong = await lee.call('POST', '/sallyport/v1/requests', { ...body, duration: 'PT2H' });
    expect(tooLong.status).toBe(400);
    const startsAt = new Date(server.clock.now() + 60_000).toISOString();
    const id = idOf(await lee.call('POST', '/sallyport/v1/requests', { ...body, startsAt }));
    idOf(await approve(bo, id));
    await ana.call('DELETE', `/api/v1/groups/${askers}/users/${leeId}`);
    server.clock.advance(60);
    const status = async () => ((await see(lee, id)).body['grant'] as { status: string }).status;
    await expect.poll(status, { timeout: 20_000 }).toBe('FAILED');
    expect(await grants()).toEqual([]);
  });

  it('gives an admin role for a while to whoever may ask, who is an administrator to sign-in from then on', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'HELP_DESK_ADMIN');
    const chi = await enrolPerson(server, ana, 'chi@example.org', 'READ_ONLY_ADMIN');
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const leeId = await idOfLogin('lee@example.org');
    expect(await isEligible(server.services.store.read, leeId)).toBe(false);
    const bundleId = idOf(
      await ana.call('POST', '/api/v1/iam/governance/bundles', {
        name: 'Super admin for a while',
        description: 'by request only',
        entitlements: [{ role: 'SUPER_ADMIN' }],
      }),
    );
    const apps = (await ana.get('/api/v1/apps')).body as unknown as { id: string; name: string }[];
    const consoleId = apps.find(({ name }) => name === 'saasure')?.id ?? '';
    const conditions = `/governance/api/v2/resources/${consoleId}/request-conditions`;
    const body = {
      name: 'Super admin',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: bundleId }] },
      accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT2H' },
      approvalSequenceId: TWO_FELLOW_ADMINS,
    };
    // Standing power is what all of this is against.
    const forEver = await ana.call('POST', conditions, { ...body, accessDurationSettings: null });
    expect(forEver.status).toBe(400);
    const conditionId = idOf(await ana.call('POST', conditions, body));
    expect(await isEligible(server.services.store.read, leeId)).toBe(false);
    idOf(await ana.call('POST', `${conditions}/${conditionId}/activate`));
    expect(await isEligible(server.services.store.read, leeId)).toBe(true);
    // What a list says of whom a lesser admin may take out is what the call says.
    const gus = await enrolPerson(server, ana, 'gus@example.org', 'USER_ADMIN');
    const club = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: 'Club' } }));
    expect((await ana.call('PUT', `/api/v1/groups/${club}/users/${leeId}`)).status).toBe(204);
    const members = (await gus.get(`/sallyport/v1/groups/${club}/members`)).body as unknown as {
      id: string;
      refusal: string | null;
    }[];
    expect(members.find(({ id }) => id === leeId)?.refusal).toContain('Only a super admin');
    expect((await gus.call('DELETE', `/api/v1/groups/${club}/users/${leeId}`)).status).toBe(403);
    // What the wire's clients see and send.
    const entries = (await lee.get('/governance/api/v2/my/catalogs/default/entries?filter=not(parent pr)')).body as {
      data?: { id: string; name: string }[];
    };
    const entry = entries.data?.[0];
    expect(entry?.name).toBe('Super admin for a while');
    const path = `/governance/api/v2/my/catalogs/default/entries/${entry?.id}`;
    expect((await lee.get(`${path}/request-fields`)).body).toMatchObject({
      data: [{ id: 'ACCESS_DURATION', value: 'PT2H', readOnly: true }, { id: 'REASON' }, { id: 'TICKET' }, {}],
    });
    expect((await lee.call('POST', `${path}/requests`, { requesterFieldValues: [] })).status).toBe(400);
    const asked = await lee.call('POST', `${path}/requests`, {
      requesterFieldValues: [{ id: 'REASON', type: 'TEXT', value: 'Rotate the certificate' }],
    });
    expect(asked.status).toBe(202);
    const id = idOf(asked);
    expect(asked.body).toMatchObject({
      status: 'PENDING',
      accessDuration: 'PT2H',
      requested: { entryId: entry?.id, accessScopeId: bundleId, accessScopeType: 'ENTITLEMENT_BUNDLE' },
    });
    const tasks = (await bo.get('/governance/api/v2/my/tasks')).body as { data?: { id: string }[] };
    expect(tasks.data).toMatchObject([{ status: 'OPEN', type: 'APPROVAL', requestId: id, value: null }]);
    expect(tasks.data?.[0]?.id).toMatch(/^[0-9a-f]{24}$/);
    idOf(await approve(bo, id));
    expect((await bo.get('/governance/api/v2/my/tasks')).body).toMatchObject({ data: [] });
    expect((await approve(chi, id)).body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    const task = `/governance/api/v2/my/tasks/${tasks.data?.[0]?.id}`;
    expect((await bo.get(task)).body).toMatchObject({ status: 'COMPLETED', value: 'APPROVED' });
    expect((await lee.get(`${path}/requests/${id}`)).body).toMatchObject({
      status: 'APPROVED',
      grantStatus: 'GRANTED',
      requestApproval: { status: 'APPROVED', decisions: [{ decision: 'APPROVE' }, { decision: 'APPROVE' }] },
    });
    await lee.signIn();
    expect((await lee.get('/api/v1/users?limit=1')).status).toBe(200);
    // Time-bound power approves nothing, however great it is.
    const byBo = await bo.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'bundle', id: bundleId },
      ...REASON,
    });
    expect(reasonOf(await approve(lee, idOf(byBo)))).toBe('approver-not-named');
    // Whoever has it asks for nothing.
    const again = await lee.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'bundle', id: bundleId },
      ...REASON,
    });
    expect(reasonOf(again)).toBe('grant-exists');
    server.clock.advance(7200);
    await lee.signIn();
    expect((await lee.get('/api/v1/users?limit=1')).status).toBe(403);
    // What the condition gives is gone: it lets nobody ask, and says so.
    await ana.signIn();
    expect((await ana.call('DELETE', `/api/v1/iam/governance/bundles/${bundleId}`)).status).toBe(204);
    expect((await ana.get(`${conditions}/${conditionId}`)).body).toMatchObject({ status: 'INVALID' });
    expect(await isEligible(server.services.store.read, leeId)).toBe(false);
    await invalidateConditions(server.services);
    await invalidateConditions(server.services);
    const events = await ana.get('/api/v1/logs?filter=eventType eq "access.request.condition.invalidate"');
    expect(events.body).toHaveLength(1);
  });

  it('cannot be made by conditions and sequences that mean nobody, or nothing', async () => {
    const { ana, groupId, conditionPath, lee } = await begin();
    const conditions = conditionPath.slice(0, conditionPath.lastIndexOf('/'));
    const good = {
      name: 'good',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      approvalSequenceId: ONE_APPROVER,
    };
    const wrong = [
      { approvalSequenceId: 'f'.repeat(24) },
      { requesterSettings: { type: 'GROUPS', groups: [{ id: '00g00000000000000000' }] } },
      { requesterSettings: { type: 'TEAMS', teams: [{ id: 'f'.repeat(24) }] } },
      { accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: '0bb00000000000000000' }] } },
      { accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'P366D' } },
    ];
    for (const one of wrong) expect((await ana.call('POST', conditions, { ...good, ...one })).status).toBe(400);
    expect((await ana.call('POST', conditions.replace(groupId, '00g00000000000000000'), good)).status).toBe(404);
    expect((await lee.call('POST', conditions, good)).status).toBe(403);
    const sequences = '/sallyport/v1/request-sequences';
    const step = (approvers: unknown, count = 1) => ({ name: 's', steps: [{ approvers, count }] });
    expect((await ana.call('POST', sequences, step({ by: 'group', id: groupId }))).status).toBe(400);
    expect((await ana.call('POST', sequences, step({ by: 'super-admins' }, 3))).status).toBe(400);
    expect((await ana.call('POST', sequences, step({ by: 'manager' }, 2))).status).toBe(400);
    expect((await ana.call('POST', sequences, { name: 's', steps: [] })).status).toBe(400);
    // One person counts once in all steps: two that name the same two people need two of them, and three need a third.
    const one = { approvers: { by: 'super-admins' }, count: 1 };
    const twice = await ana.call('POST', sequences, { name: 'twice', steps: [one, one] });
    expect(twice.body).toMatchObject({
      outlook: [
        { ableNow: 2, needed: 1 },
        { ableNow: 2, needed: 2 },
      ],
    });
    const thrice = await ana.call('POST', sequences, { name: 'thrice', steps: [one, one, one] });
    expect([thrice.status, thrice.text]).toEqual([
      400,
      expect.stringContaining('steps.2.count: with the steps before'),
    ]);
    const manager = { approvers: { by: 'manager' }, count: 1 };
    expect((await ana.call('POST', sequences, { name: 's', steps: [manager, manager] })).status).toBe(400);
    const made = await ana.call('POST', sequences, step({ by: 'super-admins' }, 2));
    expect(made.status).toBe(201);
    const moved = await ana.call('PATCH', conditionPath, { approvalSequenceId: idOf(made) });
    expect(moved.body).toMatchObject({ approvalSequenceId: idOf(made), status: 'ACTIVE' });
    // The lowest priority is a new one's, unless it says where it stands.
    const second = await ana.call('POST', conditions, { ...good, priority: 0 });
    expect(second.body).toMatchObject({ priority: 0, status: 'INACTIVE' });
    expect((await ana.get(conditionPath)).body).toMatchObject({ priority: 1 });
    expect((await ana.call('DELETE', `/governance/api/v2/request-sequences/${idOf(made)}`)).status).toBe(204);
    expect((await ana.get(conditionPath)).body).toMatchObject({ status: 'INVALID' });
    expect((await ana.call('POST', `${conditionPath}/activate`)).status).toBe(400);
    const events = (await ana.get('/api/v1/logs?filter=eventType eq "access.request.condition.invalidate"')).body;
    expect(events).toHaveLength(1);
  });
});
