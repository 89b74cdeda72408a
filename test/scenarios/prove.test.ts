/** Design §5.2, "prove and continue": how it works, and how one would break it. Over HTTP, on both engines. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asked,
  answer,
  askedOf,
  forgedSignature,
  makePageKey,
  type PageKey,
  register,
  signatureOf,
} from '../harness/page-key.ts';
import { type Person, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const HOME = '198.51.100.10';
const MOVED = '198.51.100.99';
const MOVED_AGAIN = '192.0.2.5';
const OTHER_ISP = '203.0.113.77';
const PROTECTED = '/api/v1/users?limit=1';
const PROOF = '/sallyport/v1/me/sessions/current/proof';
const ROAMED = 'eventType eq "security.session.detect_client_roaming"';
const CHANGED = 'eventType eq "user.session.context.change"';

describe.each(FIRST_ENGINE)('prove and continue on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let key: PageKey;

  const signIn = async (address = HOME): Promise<void> => {
    server.clock.advance(3);
    ana.cookie = null;
    ana.address = address;
    const reply = await ana.signIn();
    expect(reply.status, reply.text).toBe(200);
  };
  const setModes = async (asnBinding: string, ipBinding: string): Promise<void> => {
    await signIn();
    const reply = await ana.call('PUT', '/sallyport/v1/session-binding', { asnBinding, ipBinding });
    expect([reply.status, reply.body['ipBinding']], reply.text).toEqual([200, ipBinding]);
  };
  /** A fresh session under PROVE, with the page's key registered unless told otherwise. */
  const begin = async (withKey = true): Promise<void> => {
    await setModes('ENFORCED', 'PROVE');
    await signIn();
    key = makePageKey();
    if (withKey) expect((await register(ana, key)).status).toBe(201);
  };
  const eventsOf = async (filter: string) => {
    const reply = await ana.get(`/api/v1/logs?limit=1000&filter=${encodeURIComponent(filter)}`);
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as {
      uuid: string;
      outcome: { result: string; reason: string };
      authenticationContext: { externalSessionId: string };
      client: { ipAddress: string };
      debugContext: { debugData: Record<string, string> };
    }[];
  };
  const rowOf = (id: string) =>
    server.services.store.read.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  /** Refused with a challenge for the address it came from. */
  const challenged = async (person: Person, path = PROTECTED): Promise<Asked> => {
    const reply = await person.get(path);
    expect([reply.status, reply.body['errorCode']], reply.text).toEqual([401, 'E0000011']);
    const asked = askedOf(reply);
    expect(asked, reply.text).toMatchObject({
      kind: 'proof_of_session_required',
      address: person.address,
      proofUrl: PROOF,
      expiresAt: new Date(server.clock.now() + 30_000).toISOString(),
    });
    return asked as Asked;
  };
  const expectEnded = async (id: string, address: string, how: 'wrong' | 'unanswered'): Promise<void> => {
    for (const where of [HOME, address]) {
      const reply = await ana.thief(where).get(PROTECTED);
      expect([reply.status, askedOf(reply)]).toEqual([401, undefined]);
    }
    expect((await rowOf(id)).endReason).toBe('client-roaming');
    await signIn();
    const event = (await eventsOf(ROAMED)).at(-1);
    expect(event?.authenticationContext.externalSessionId).toBe(id);
    expect(event?.client.ipAddress).toBe(address);
    expect(event?.outcome).toEqual({ result: 'DENY', reason: 'IP_MISMATCH' });
    expect(event?.debugContext.debugData).toMatchObject({
      PreviousIpAddress: HOME,
      NewIpAddress: address,
      ProofOfSession: how,
    });
    const why = await ana.get(`/sallyport/v1/logs/${event?.uuid ?? ''}/why`);
    expect(why.body['agrees'], why.text).toBe(true);
    const told = (await ana.get('/sallyport/v1/me/sessions')).body['lastEnded'] as unknown as Record<string, unknown>;
    expect(told).toMatchObject({ sessionId: id, reason: 'client-roaming', to: { address } });
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('a new address inside the network is refused, proved, and then goes on; the baseline stays', async () => {
    await begin();
    ana.address = MOVED;
    const asked = await challenged(ana);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    const proved = await answer(ana, key, asked);
    expect([proved.status, proved.body['provedAddress']], proved.text).toEqual([200, MOVED]);
    expect((await ana.get(PROTECTED)).status).toBe(200);
    ana.address = HOME;
    expect((await ana.get(PROTECTED)).status).toBe(200);
    const row = await rowOf(key.sessionId);
    expect(JSON.parse(row.baseline)).toMatchObject({ v4: HOME, network: 'as64496', signInAddress: HOME });
    expect([row.provedAddress, row.openProofs, row.proofDueAt]).toEqual([MOVED, null, null]);
    const events = (await eventsOf(CHANGED)).filter((e) => e.authenticationContext.externalSessionId === key.sessionId);
    expect(events.map(({ outcome, client }) => [outcome, client.ipAddress])).toEqual([
      [{ result: 'ALLOW', reason: 'address-proved' }, MOVED],
    ]);
    expect((await ana.get(`/sallyport/v1/logs/${events[0]?.uuid ?? ''}/why`)).body).toMatchObject({
      agrees: true,
      computed: { kind: 'prove' },
    });
  });

  it('of twenty requests at once none succeeds before the proof, and all get one challenge', async () => {
    await begin();
    ana.address = MOVED;
    const replies = await Promise.all(Array.from({ length: 20 }, () => ana.get(PROTECTED)));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([401]));
    const challenges = new Set(replies.map((reply) => askedOf(reply)?.challenge));
    expect(challenges.size).toBe(1);
    expect([...challenges][0]).toMatch(/^[\w-]{43}$/);
    // Twenty answers at once: one counts, nothing breaks.
    const asked = askedOf(replies[0] as (typeof replies)[number]) as Asked;
    const answers = await Promise.all(Array.from({ length: 20 }, () => answer(ana, key, asked)));
    expect(answers.filter((reply) => reply.status === 200)).toHaveLength(1);
    expect((await ana.get(PROTECTED)).status).toBe(200);
    expect(
      (await eventsOf(CHANGED)).filter((e) => e.authenticationContext.externalSessionId === key.sessionId),
    ).toHaveLength(1);
  });

  it('every door is shut meanwhile, and a door without a page says nothing', async () => {
    await begin();
    ana.address = MOVED;
    const gate = await ana.get('/gateway/check');
    expect([gate.status, gate.text]).toEqual([401, '']);
    for (const path of [PROTECTED, '/api/v1/sessions/me', '/sallyport/v1/me/sessions', '/sallyport/v1/me/events'])
      await challenged(ana, path);
    const change = await ana.call('POST', '/api/v1/groups', { profile: { name: `moved-${engine}` } });
    expect(askedOf(change)?.kind).toBe('proof_of_session_required');
    expect((await ana.call('DELETE', '/api/v1/sessions/me')).status).toBe(401);
    expect((await answer(ana, key, await challenged(ana))).status).toBe(200);
    expect((await ana.get('/gateway/check')).status).toBe(200);
    expect((await ana.get(`/api/v1/groups?q=moved-${engine}`)).body).toEqual([]);
  });

  it('a thief in the same network never gets through, his attempt ends the session, and the owner reads it', async () => {
    await begin();
    const thief = ana.thief(MOVED);
    const asked = await challenged(thief);
    // The owner works on until the time is over: nobody is put out by a mere attempt to put them out.
    expect((await ana.get(PROTECTED)).status).toBe(200);
    server.clock.advance(29.999);
    expect((await ana.get(PROTECTED)).status).toBe(200);
    expect(askedOf(await thief.get(PROTECTED))?.challenge).toBe(asked.challenge);
    server.clock.advance(0.001);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    await expectEnded(key.sessionId, MOVED, 'unanswered');
  });

  it('an unanswered challenge counts also where idleness would have ended the session first', async () => {
    await begin();
    await challenged(ana.thief(MOVED));
    server.clock.advance(86_400);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    await expectEnded(key.sessionId, MOVED, 'unanswered');
  });

  it('a wrong signature ends the session at once', async () => {
    for (const forge of [
      (asked: Asked) => signatureOf({ ...makePageKey(), sessionId: key.sessionId }, asked), // another key
      () => forgedSignature('x'), // nobody's
      (asked: Asked) => signatureOf(key, { ...asked, address: HOME }), // another address
      (asked: Asked) => signatureOf({ ...key, sessionId: '102aaaaaaaaaaaaaaaa1' }, asked), // another session
      (asked: Asked) => signatureOf(key, { ...asked, challenge: forgedSignature('y').slice(0, 43) }), // another challenge
      () => 'A', // no signature
    ]) {
      await begin();
      const thief = ana.thief(MOVED);
      const asked = await challenged(thief);
      const reply = await thief.call('POST', PROOF, { challenge: asked.challenge, signature: forge(asked) });
      expect([reply.status, askedOf(reply)]).toEqual([401, undefined]);
      await expectEnded(key.sessionId, MOVED, 'wrong');
    }
  });

  it('a proof cannot be replayed, nor carried to another address or another session', async () => {
    await begin();
    ana.address = MOVED;
    const asked = await challenged(ana);
    const signature = signatureOf(key, asked);
    const proof = { challenge: asked.challenge, signature };
    expect((await ana.call('POST', PROOF, proof)).status).toBe(200);
    // Again, from where it was given: refused, and nothing ends.
    const again = await ana.call('POST', PROOF, proof);
    expect([again.status, again.body['errorCode']]).toEqual([403, 'E0000068']);
    // From elsewhere in the network: that address owes a proof of its own.
    const thief = ana.thief(MOVED_AGAIN);
    const carried = await thief.call('POST', PROOF, proof);
    expect(carried.status).toBe(401);
    expect(askedOf(carried)).toMatchObject({ address: MOVED_AGAIN });
    expect(askedOf(carried)?.challenge).not.toBe(asked.challenge);
    expect((await thief.get(PROTECTED)).status).toBe(401);
    expect((await answer(thief, key, askedOf(carried) as Asked)).status).toBe(200);
    // Another session of the same person at the same address.
    const first = ana.cookie;
    const firstKey = key;
    await signIn();
    key = makePageKey();
    expect((await register(ana, key)).status).toBe(201);
    ana.address = MOVED;
    await challenged(ana);
    const foreign = await ana.call('POST', PROOF, proof);
    expect([foreign.status, askedOf(foreign)?.address]).toEqual([401, MOVED]);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    // The first session is none the worse for it.
    ana.cookie = first;
    ana.address = HOME;
    expect((await ana.get(PROTECTED)).status).toBe(200);
    expect((await rowOf(firstKey.sessionId)).provedAddress).toBe(MOVED_AGAIN);
  });

  it('a proof that is posted from another address of the network proves the challenged one only', async () => {
    await begin();
    const moved = ana.thief(MOVED);
    const asked = await challenged(moved);
    const elsewhere = ana.thief(MOVED_AGAIN);
    expect((await answer(elsewhere, key, asked)).body['provedAddress']).toBe(MOVED);
    expect((await moved.get(PROTECTED)).status).toBe(200);
    expect(askedOf(await elsewhere.get(PROTECTED))?.address).toBe(MOVED_AGAIN);
  });

  it('a proof from another network ends the session instead', async () => {
    await begin();
    const asked = await challenged(ana.thief(MOVED));
    const reply = await answer(ana.thief(OTHER_ISP), key, asked);
    expect([reply.status, askedOf(reply)]).toEqual([401, undefined]);
    expect((await rowOf(key.sessionId)).endReason).toBe('client-roaming');
  });

  it('two addresses take turns: each is asked, the last proved one counts, and the baseline always', async () => {
    await begin();
    for (const address of [MOVED, MOVED_AGAIN, MOVED, MOVED_AGAIN]) {
      ana.address = address;
      expect((await answer(ana, key, await challenged(ana))).status).toBe(200);
      expect((await ana.get(PROTECTED)).status).toBe(200);
      ana.address = HOME;
      expect((await ana.get(PROTECTED)).status).toBe(200);
    }
    expect((await rowOf(key.sessionId)).provedAddress).toBe(MOVED_AGAIN);
    await challenged(ana.thief(MOVED));
    server.clock.advance(30);
    expect((await ana.get(PROTECTED)).status).toBe(401);
  });

  it('one answered and one unanswered challenge: the unanswered one ends the session', async () => {
    await begin();
    await challenged(ana.thief(MOVED_AGAIN));
    ana.address = MOVED;
    expect((await answer(ana, key, await challenged(ana))).status).toBe(200);
    server.clock.advance(30);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    await expectEnded(key.sessionId, MOVED_AGAIN, 'unanswered');
  });

  it('a late answer is none', async () => {
    await begin();
    ana.address = MOVED;
    const asked = await challenged(ana);
    server.clock.advance(30);
    const reply = await answer(ana, key, asked);
    expect([reply.status, askedOf(reply)]).toEqual([401, undefined]);
    await expectEnded(key.sessionId, MOVED, 'unanswered');
  });

  it('too many new addresses at once are no person who moves', async () => {
    await begin();
    for (let i = 0; i < 8; i += 1) await challenged(ana.thief(`198.51.100.${100 + i}`));
    expect(askedOf(await ana.thief('198.51.100.200').get(PROTECTED))).toBeUndefined();
    await expectEnded(key.sessionId, '198.51.100.200', 'unanswered');
  });

  it('another network, no key, and an address that nobody knows are as under ENFORCED', async () => {
    for (const [address, withKey] of [
      [OTHER_ISP, true],
      [MOVED, false],
      ['not-an-address', true],
    ] as const) {
      await begin(withKey);
      const id = String((await ana.get('/api/v1/sessions/me')).body['id']);
      const reply = await ana.thief(address).get(PROTECTED);
      expect([reply.status, askedOf(reply)], address).toEqual([401, undefined]);
      expect((await ana.get(PROTECTED)).status).toBe(401);
      expect((await rowOf(id)).endReason).toBe('client-roaming');
    }
  });

  it('asnBinding PROVE enforces: a network cannot be proved', async () => {
    await setModes('PROVE', 'PROVE');
    await signIn();
    key = makePageKey();
    expect((await register(ana, key)).status).toBe(201);
    await challenged(ana.thief(MOVED));
    const reply = await ana.thief(OTHER_ISP).get(PROTECTED);
    expect([reply.status, askedOf(reply)]).toEqual([401, undefined]);
    expect((await rowOf(key.sessionId)).endReason).toBe('client-roaming');
  });

  it('what was proved counts under PROVE only', async () => {
    await begin();
    ana.address = MOVED;
    expect((await answer(ana, key, await challenged(ana))).status).toBe(200);
    const moved = ana.thief(MOVED);
    await setModes('ENFORCED', 'ENFORCED');
    expect((await moved.get(PROTECTED)).status).toBe(401);
    expect((await rowOf(key.sessionId)).endReason).toBe('client-roaming');
  });

  it('a challenge stays owed when the modes are loosened', async () => {
    await begin();
    await challenged(ana.thief(MOVED));
    const { sessionId } = key;
    const { cookie } = ana;
    await setModes('ENFORCED', 'MONITOR');
    ana.cookie = cookie;
    server.clock.advance(30);
    await server.services.sessions.sweep();
    await expectEnded(sessionId, MOVED, 'unanswered');
  });

  it('a fresh key proof sets a new baseline and forgets what was proved, not what is owed', async () => {
    await begin();
    ana.address = MOVED;
    expect((await answer(ana, key, await challenged(ana))).status).toBe(200);
    await challenged(ana.thief(MOVED_AGAIN));
    const before = ana.cookie;
    expect((await ana.signIn()).status).toBe(200);
    expect(ana.cookie).not.toBe(before);
    const row = await rowOf(key.sessionId);
    expect(JSON.parse(row.baseline)).toMatchObject({ v4: MOVED });
    expect([row.provedAddress, row.boundKey, row.openProofs === null]).toEqual([null, null, false]);
    // The new baseline has a key of its own; the challenge of before is not forgiven by that.
    const next = makePageKey();
    expect((await register(ana, next)).status).toBe(201);
    expect((await ana.get(PROTECTED)).status).toBe(200);
    server.clock.advance(30);
    expect((await ana.get(PROTECTED)).status).toBe(401);
  });

  it('restarts in mid-challenge: the same challenge is open, and can be answered', async () => {
    await begin();
    ana.address = MOVED;
    const asked = await challenged(ana);
    await server.restart();
    const again = await ana.get(PROTECTED);
    expect(askedOf(again)).toEqual(asked);
    expect((await answer(ana, key, asked)).status).toBe(200);
    await server.restart();
    expect((await ana.get(PROTECTED)).status).toBe(200);
  });

  it('restarts in mid-challenge: time goes on without the server, and nobody need have looked', async () => {
    await begin();
    await challenged(ana.thief(MOVED));
    server.clock.advance(20);
    await server.restart();
    server.clock.advance(10);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    await expectEnded(key.sessionId, MOVED, 'unanswered');
  });

  it('the sweep ends it when nobody asks at all', async () => {
    await begin();
    await challenged(ana.thief(MOVED));
    server.clock.advance(30);
    expect(server.services.sessions.isLive(key.sessionId)).toBe(false);
    await server.services.sessions.sweep();
    await expectEnded(key.sessionId, MOVED, 'unanswered');
  });

  it('a key is registered once, at once, and from where the session began', async () => {
    const refusalOf = async (person: Person): Promise<unknown> => {
      const reply = await register(person, makePageKey());
      expect([reply.status, reply.body['errorCode']], reply.text).toEqual([403, 'E0000038']);
      return (reply.body['sallyport'] as unknown as { reason: string }).reason;
    };
    await begin();
    expect(await refusalOf(ana)).toBe('page-key-registered');
    // The key that was there first still answers.
    ana.address = MOVED;
    expect((await answer(ana, key, await challenged(ana))).status).toBe(200);

    await setModes('ENFORCED', 'MONITOR');
    await signIn();
    server.clock.advance(120);
    expect(await refusalOf(ana)).toBe('page-key-late');
    await signIn();
    server.clock.advance(119.999);
    expect(await refusalOf(ana.thief(MOVED))).toBe('page-key-elsewhere');
    expect((await register(ana, makePageKey())).status).toBe(201);
    await signIn();
    expect((await register(ana.thief(OTHER_ISP), makePageKey())).status).toBe(401);
    await signIn();
    for (const publicKey of ['', 'AAAA', 'x'.repeat(201), '<script>', 7]) {
      const reply = await ana.call('POST', '/sallyport/v1/me/sessions/current/key', { publicKey });
      expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
    }
    // Ten pages at once: one key.
    const replies = await Promise.all(Array.from({ length: 10 }, () => register(ana, makePageKey())));
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    const registered = await eventsOf('eventType eq "sallyport.session.key.register"');
    expect(registered.at(-1)?.outcome.result).toBe('SUCCESS');
  });

  it('a token has no page, and no proof door', async () => {
    await begin();
    const made = await ana.call('POST', '/api/v1/api-tokens', {
      name: `prove-${engine}`,
      purpose: 'tries a door that is none',
      network: { connection: 'ANYWHERE' },
    });
    expect(made.status, made.text).toBe(201);
    const secret = String(made.body['token'] ?? '');
    const bearer = { Authorization: `SSWS ${secret}`, 'X-Forwarded-For': HOME };
    for (const [path, body] of [
      ['/sallyport/v1/me/sessions/current/key', { publicKey: makePageKey().publicKey }],
      [PROOF, { challenge: 'abc', signature: 'abc' }],
    ] as const) {
      const reply = await send(server.url, 'POST', path, bearer, body);
      expect([reply.status, reply.body['errorCode']], path).toEqual([401, 'E0000011']);
    }
  });

  it('the proof door is nothing to strangers and to other sites', async () => {
    await begin();
    const thief = ana.thief(MOVED);
    const asked = await challenged(thief);
    const good = { challenge: asked.challenge, signature: signatureOf(key, asked) };
    expect((await send(server.url, 'POST', PROOF, { 'X-Forwarded-For': MOVED }, good)).status).toBe(401);
    const crossSite = await thief.call('POST', PROOF, good, { 'Sec-Fetch-Site': 'cross-site' });
    expect([crossSite.status, crossSite.body['errorCode']]).toEqual([403, 'E0000212']);
    const long = await thief.call('POST', PROOF, { challenge: 'x'.repeat(201), signature: 'x' });
    expect(long.status).toBe(400);
    const unknown = await thief.call('POST', PROOF, { challenge: 'x'.repeat(43), signature: 'x' });
    expect(askedOf(unknown)?.challenge).toBe(asked.challenge);
    expect((await thief.call('POST', PROOF, good)).status).toBe(200);
  });

  it('every verdict can be computed again', async () => {
    await signIn();
    const rows = await server.services.store.read.selectFrom('verdicts').select('eventUuid').execute();
    for (const { eventUuid } of rows)
      expect((await ana.get(`/sallyport/v1/logs/${eventUuid}/why`)).body['agrees'], eventUuid).toBe(true);
  });
});
