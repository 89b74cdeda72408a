import { afterEach, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type AskedProof, askedProof, Person, type Reply, reasonOf, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
afterEach(() => server.stop());

const lee = { profile: { firstName: 'Lee', lastName: 'Park', email: 'lee@example.org', login: 'lee@example.org' } };
const kindOf = (reply: Reply): unknown => (reply.body['sallyport'] as { kind?: string } | undefined)?.kind;
const asked = (reply: Reply): AskedProof => {
  const found = askedProof(reply);
  if (found === null) throw new Error(`no proof was asked: ${reply.status} ${reply.text}`);
  return found;
};
const proofHeader = (reply: Reply) => ({ 'Sallyport-Proof': reply.body['proof'] as string });
const people = async (person: Person): Promise<number> => (await person.get('/api/v1/users')).body.length;

describe.each(FIRST_ENGINE)('a protected action on %s', (engine) => {
  const begin = async (): Promise<Person> => {
    server = await startTestServer({ engine });
    return signedInAdmin(server);
  };

  it('is refused with what the key must sign, and passes once with the proof', async () => {
    const ana = await begin();
    const refused = await ana.callOnce('POST', '/api/v1/users', lee);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      errorCode: 'E0000092',
      sallyport: {
        kind: 'step_up_required',
        action: 'user.create',
        words: 'Create a person',
        userVerification: 'required',
        rpId: 'localhost',
      },
    });
    expect(await people(ana)).toBe(1);
    const proved = await ana.giveProof(asked(refused));
    expect(proved.status).toBe(200);
    const done = await ana.callOnce('POST', '/api/v1/users', lee, proofHeader(proved));
    expect(done.status).toBe(200);
    const again = await ana.callOnce('POST', '/api/v1/users', lee, proofHeader(proved));
    expect([again.status, reasonOf(again)]).toEqual([403, 'proof-used']);
    expect(await people(ana)).toBe(2);
  });

  it('used twice in parallel is done once', async () => {
    const ana = await begin();
    const zone = { type: 'IP', name: 'office', gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }] };
    const proved = await ana.giveProof(asked(await ana.callOnce('POST', '/api/v1/zones', zone)));
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => ana.callOnce('POST', '/api/v1/zones', zone, proofHeader(proved))),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 200)) expect(reasonOf(reply)).toBe('proof-used');
  });

  it('keeps the assertion with the event, and tells each step in the log', async () => {
    const ana = await begin();
    const first = await ana.callOnce('POST', '/api/v1/users', lee);
    await ana.callOnce('DELETE', asked(first).proofUrl);
    await ana.call('POST', '/api/v1/users', lee);
    const events = await ana.get(
      '/api/v1/logs?filter=eventType eq "security.protected_action.attempt"&sortOrder=DESCENDING',
    );
    const list = events.body as unknown as {
      outcome: { result: string };
      debugContext: { debugData: Record<string, string> };
      target: { displayName: string; type: string }[];
    }[];
    expect(list.map(({ outcome }) => outcome.result)).toEqual(['SUCCESS', 'CHALLENGE', 'ABANDONED', 'CHALLENGE']);
    expect(list[0]?.target[0]).toMatchObject({ displayName: 'Create a person', type: 'ProtectedAction' });
    expect(list[0]?.debugContext.debugData).toMatchObject({
      action: 'user.create',
      proofSignature: expect.any(String),
    });
  });

  it.each<[string, (ana: Person, header: Record<string, string>) => Promise<Reply>, string]>([
    [
      'another body',
      (ana, h) => ana.callOnce('POST', '/api/v1/users', { profile: { ...lee.profile, login: 'eve@example.org' } }, h),
      'proof-of-another-action',
    ],
    [
      'another query',
      (ana, h) => ana.callOnce('POST', '/api/v1/users?activate=false', lee, h),
      'proof-of-another-action',
    ],
    [
      'another If-Match',
      (ana, h) => ana.callOnce('POST', '/api/v1/users', lee, { ...h, 'If-Match': '"x"' }),
      'proof-of-another-action',
    ],
    [
      'the same body with a space more',
      (ana, h) => ana.callOnce('POST', '/api/v1/users', `${JSON.stringify(lee)} `, h),
      'proof-of-another-action',
    ],
    [
      'another action',
      (ana, h) =>
        ana.callOnce(
          'POST',
          '/api/v1/zones',
          { type: 'IP', name: 'x', gateways: [{ type: 'CIDR', value: '192.0.2.1' }] },
          h,
        ),
      'proof-of-another-action',
    ],
    [
      'a made-up proof',
      (ana) => ana.callOnce('POST', '/api/v1/users', lee, { 'Sallyport-Proof': 'apf0000000000000000x.AAAA' }),
      'proof-unknown',
    ],
  ])('does not pass with %s', async (_, send, reason) => {
    const ana = await begin();
    const proved = await ana.giveProof(asked(await ana.callOnce('POST', '/api/v1/users', lee)));
    const reply = await send(ana, proofHeader(proved));
    expect([reply.status, reasonOf(reply)]).toEqual([403, reason]);
    expect(await people(ana)).toBe(1);
  });

  it('does not pass when the proof has expired, at the instant', async () => {
    const ana = await begin();
    const proved = await ana.giveProof(asked(await ana.callOnce('POST', '/api/v1/users', lee)));
    server.clock.advance(60);
    const reply = await ana.callOnce('POST', '/api/v1/users', lee, proofHeader(proved));
    expect(reasonOf(reply)).toBe('proof-expired');
    const late = asked(await ana.callOnce('POST', '/api/v1/users', lee));
    server.clock.advance(120);
    expect(reasonOf(await ana.giveProof(late))).toBe('proof-expired');
  });

  it('does not pass in another session of the same person, nor can that session answer', async () => {
    const ana = await begin();
    const other = new Person(server.url, ana.login, ana.address, ana.key);
    await other.signIn();
    const refused = asked(await ana.callOnce('POST', '/api/v1/users', lee));
    expect((await other.giveProof(refused)).status).toBe(404);
    const proved = await ana.giveProof(refused);
    const reply = await other.callOnce('POST', '/api/v1/users', lee, proofHeader(proved));
    expect(reasonOf(reply)).toBe('proof-of-another');
  });

  it('does not pass after the key was removed', async () => {
    const ana = await begin();
    const proved = await ana.giveProof(asked(await ana.callOnce('POST', '/api/v1/users', lee)));
    await server.services.store.transaction((tx) => tx.deleteFrom('factors').execute());
    const reply = await ana.callOnce('POST', '/api/v1/users', lee, proofHeader(proved));
    expect(reasonOf(reply)).toBe('proof-key-gone');
  });

  it('locks proofs after wrong answers, but never the sign-in', async () => {
    const ana = await begin();
    const refused = asked(await ana.callOnce('POST', '/api/v1/users', lee));
    const signed = ana.key.assert({
      challenge: refused.challenge,
      rpId: 'localhost',
      origin: 'http://localhost:1',
      allowCredentials: refused.allowCredentials.map(({ id }) => id),
    });
    const answer = {
      clientData: signed.clientData,
      authenticatorData: signed.authenticatorData,
      signatureData: signed.signatureData,
      credentialId: signed.credentialId,
    };
    for (let i = 0; i < 5; i++) {
      const reply = await ana.callOnce('POST', refused.proofUrl, answer);
      expect([reply.status, reasonOf(reply)]).toEqual([403, 'key-answer-invalid']);
    }
    expect(reasonOf(await ana.giveProof(refused))).toBe('proof-cancelled');
    const locked = await ana.callOnce('POST', '/api/v1/users', lee);
    expect([locked.status, locked.body['errorCode']]).toEqual([429, 'E0000047']);
    const anew = new Person(server.url, ana.login, ana.address, ana.key);
    expect((await anew.signIn()).status).toBe(200);
    expect((await anew.call('POST', '/api/v1/users', lee)).status).toBe(200);
    // Signing in over the same session is never refused, and renews it; its proofs wait all the same.
    const idOf = async (): Promise<unknown> => (await ana.get('/api/v1/sessions/me')).body['id'];
    const sessionId = await idOf();
    expect((await ana.signIn()).status).toBe(200);
    expect(await idOf()).toBe(sessionId);
    const kim = { profile: { ...lee.profile, login: 'kim@example.org', email: 'kim@example.org' } };
    expect((await ana.callOnce('POST', '/api/v1/users', kim)).status).toBe(429);
    server.clock.advance(899);
    expect((await ana.callOnce('POST', '/api/v1/users', kim)).status).toBe(429);
    server.clock.advance(1);
    await ana.signIn();
    expect((await ana.call('POST', '/api/v1/users', kim)).status).toBe(200);
  });

  it('within a window asks once, by the same session, and no longer than the window', async () => {
    const ana = await begin();
    const setting = { isOn: true, maxAgeMinutes: 10, authenticator: 'DEVICE_BOUND', needsApproval: false };
    const put = await ana.call('PUT', '/sallyport/v1/protected-actions', { actions: { 'user.create': setting } });
    expect(put.status).toBe(200);
    const person = (n: number) => ({
      profile: { ...lee.profile, login: `p${n}@example.org`, email: `p${n}@example.org` },
    });
    expect((await ana.callOnce('POST', '/api/v1/users', person(1))).status).toBe(200);
    server.clock.advance(599);
    expect((await ana.callOnce('POST', '/api/v1/users', person(2))).status).toBe(200);
    server.clock.advance(1);
    expect(kindOf(await ana.callOnce('POST', '/api/v1/users', person(3)))).toBe('step_up_required');
  });

  it('cannot be switched off below the floor, and changing the table is protected itself', async () => {
    const ana = await begin();
    const off = { isOn: false, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: false };
    const table = '/sallyport/v1/protected-actions';
    for (const wrong of [
      off,
      { ...off, isOn: true, maxAgeMinutes: 6 },
      { ...off, isOn: true, authenticator: 'PHISHING_RESISTANT' },
    ]) {
      const refused = await ana.callOnce('PUT', table, { actions: { 'role.assign': wrong } });
      expect([refused.status, refused.body['errorCode']]).toEqual([400, 'E0000001']);
    }
    expect(kindOf(await ana.callOnce('PUT', table, { isOn: false }))).toBe('step_up_required');
    expect((await ana.call('PUT', '/sallyport/v1/protected-actions', { isOn: false })).status).toBe(200);
    expect((await ana.callOnce('POST', '/api/v1/users', lee)).status).toBe(200);
    const features = (await ana.get('/api/v1/features')).body as unknown as { name: string; status: string }[];
    expect(features.find(({ name }) => name === 'Protected actions')?.status).toBe('DISABLED');
    const [user] = (await ana.get('/api/v1/users')).body as unknown as { id: string }[];
    const role = await ana.callOnce('POST', `/api/v1/users/${user?.id}/roles`, { type: 'APP_ADMIN' });
    expect(kindOf(role)).toBe('step_up_required');
  });

  it('of a batch asks once, and passes each request once', async () => {
    const ana = await begin();
    const ids: string[] = [];
    for (const n of [1, 2, 3]) {
      const profile = { ...lee.profile, login: `p${n}@example.org`, email: `p${n}@example.org` };
      ids.push((await ana.call('POST', '/api/v1/users', { profile })).body['id'] as string);
    }
    const requests = ids.map((id) => ({ method: 'POST', path: `/api/v1/users/${id}/lifecycle/deactivate` }));
    const opened = await ana.callOnce('POST', '/sallyport/v1/proofs', { requests });
    expect(opened.body).toMatchObject({ kind: 'step_up_required', action: 'user.deactivate' });
    const proved = await ana.giveProof(opened.body as unknown as AskedProof);
    for (const { path } of requests) {
      expect((await ana.callOnce('POST', path, undefined, proofHeader(proved))).status).toBe(200);
      expect(reasonOf(await ana.callOnce('POST', path, undefined, proofHeader(proved)))).toBe('proof-used');
    }
  });

  it('of a batch names nobody to whom may not ask, and refuses what is no request of ours', async () => {
    const ana = await begin();
    const batch = (person: Person, path: string, method = 'POST') =>
      person.callOnce('POST', '/sallyport/v1/proofs', { requests: [{ method, path }] });
    const rita = await enrolPerson(server, ana, 'rita@example.org', 'READ_ONLY_ADMIN');
    for (const path of [`/api/v1/users/${ana.login}/factors/fwf1`, '/api/v1/users/nobody/factors/fwf1']) {
      const reply = await batch(rita, path, 'DELETE');
      expect([reply.status, reply.body['errorCode'], kindOf(reply)]).toEqual([403, 'E0000006', undefined]);
      expect(reply.text).not.toContain('Ana');
    }
    expect((await batch(ana, '/api/v1/users/%E0%A4%A/lifecycle/suspend')).status).toBe(404);
    expect((await batch(ana, '/api/v1/nothing')).status).toBe(400);
    const replies = await Promise.all(
      Array.from({ length: 70 }, (_, i) => batch(ana, `/api/v1/zones/nzo${i}`, 'DELETE')),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404, 429]));
  });

  it('of a batch is rehearsed before anybody touches a key: refused whole, with each that would be refused in words', async () => {
    const ana = await begin();
    const gateways = [{ type: 'CIDR', value: '192.0.2.0/24' }];
    const zone = async (name: string): Promise<string> =>
      String((await ana.call('POST', '/api/v1/zones', { type: 'IP', name, gateways })).body['id']);
    const [good, used] = [await zone('Good'), await zone('Used')];
    await ana.call('POST', '/api/v1/api-tokens', {
      name: 'deploy',
      purpose: 'x',
      network: { connection: 'ZONE', include: [used] },
    });
    const challenges = () =>
      ana.get('/api/v1/logs?filter=eventType eq "security.protected_action.attempt" and outcome.result eq "CHALLENGE"');
    const before = (await challenges()).body.length;
    const open = (...paths: string[]) =>
      ana.callOnce('POST', '/sallyport/v1/proofs', {
        requests: paths.map((path) => ({ method: 'DELETE', path: `/api/v1/zones/${path}` })),
      });
    const alone = await ana.callOnce('DELETE', `/api/v1/zones/${used}`);
    const refused = await open(good, used, 'nzoGone');
    expect([refused.status, refused.body['errorCode']]).toEqual([alone.status, alone.body['errorCode']]);
    expect(refused.body['sallyport']).toEqual({
      kind: 'batch_refused',
      refused: [
        { request: 1, errorCode: alone.body['errorCode'] },
        { request: 2, errorCode: 'E0000007' },
      ],
    });
    expect(refused.body['errorCauses']).toMatchObject([
      { errorSummary: expect.stringMatching(/^Delete the network zone Used: /) as string },
      { errorSummary: expect.stringMatching(/^Delete the network zone nzoGone: /) as string },
    ]);
    // One by itself is refused as it would be without a batch.
    expect((await open(used)).body['errorCauses']).toEqual(alone.body['errorCauses']);
    expect((await challenges()).body).toHaveLength(before);
    for (const id of [good, used]) expect((await ana.get(`/api/v1/zones/${id}`)).status).toBe(200);
    expect((await open(good)).body).toMatchObject({ kind: 'step_up_required' });
    expect((await ana.get(`/api/v1/zones/${good}`)).status).toBe(200);
  });

  it('of a batch with bodies is over their bytes, and is refused for what they say', async () => {
    const ana = await begin();
    const requestOf = (name: string, value: string) => {
      const body = { type: 'IP', name, gateways: [{ type: 'CIDR', value }] };
      return { body, signed: { method: 'POST', path: '/api/v1/zones', contentType: 'application/json' } };
    };
    const open = (all: readonly ReturnType<typeof requestOf>[], texts = all.map(({ body }) => JSON.stringify(body))) =>
      ana.callOnce('POST', '/sallyport/v1/proofs', {
        requests: all.map(({ signed }, i) => ({ ...signed, body: texts[i] })),
      });
    const [one, two] = [requestOf('One', '192.0.2.0/25'), requestOf('Two', '192.0.2.128/25')];
    const wrong = await open([one, requestOf('Wrong', 'somewhere')]);
    expect([wrong.status, (wrong.body['sallyport'] as { kind: string }).kind]).toEqual([400, 'batch_refused']);
    expect((await open([one], ['{'])).status).toBe(400);
    const stale = { method: 'PUT', path: '/sallyport/v1/protected-actions', body: '{"isOn":true}', ifMatch: '"old"' };
    expect((await ana.callOnce('POST', '/sallyport/v1/proofs', { requests: [stale] })).status).toBe(412);
    const opened = await open([one, two]);
    const proved = await ana.giveProof(opened.body as unknown as AskedProof);
    const other = await ana.callOnce('POST', '/api/v1/zones', requestOf('One', '0.0.0.0/0').body, proofHeader(proved));
    expect(reasonOf(other)).toBe('proof-of-another-action');
    for (const { body } of [one, two])
      expect((await ana.callOnce('POST', '/api/v1/zones', body, proofHeader(proved))).status).toBe(200);
  });

  it('of a batch shows some names and how many more; each stands below in words', async () => {
    const ana = await begin();
    const ids: string[] = [];
    for (let n = 0; n < 23; n += 1) {
      const gateways = [{ type: 'CIDR', value: '192.0.2.0/24' }];
      const made = await ana.call('POST', '/api/v1/zones', { type: 'IP', name: `Office ${n}`, gateways });
      ids.push(String(made.body['id']));
    }
    const opened = await ana.callOnce('POST', '/sallyport/v1/proofs', {
      requests: ids.map((id) => ({ method: 'DELETE', path: `/api/v1/zones/${id}` })),
    });
    expect(opened.body['words']).toBe('Delete the network zone Office 0, Office 1, Office 2 and 20 more');
    const row = await server.services.store.read
      .selectFrom('actionProofs')
      .select('summary')
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .where('action', '=', 'zone.delete')
      .executeTakeFirst();
    const lines = (row?.summary ?? '').split('\n');
    expect(lines).toHaveLength(21);
    expect([lines[0], lines[19], lines[20]]).toEqual([
      'Delete the network zone Office 0',
      'Delete the network zone Office 19',
      'and 3 more',
    ]);
  });
});
