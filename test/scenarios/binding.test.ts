/** Design §5.2, bullet by bullet, as stories over real HTTP, on both engines. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGroup } from '../../packages/server/src/groups/manage-groups.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { rightsOf } from '../../packages/server/src/roles/standing-rights.ts';
import { type Person, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const OTHER_ISP = '203.0.113.77';
const SAME_ISP = '198.51.100.99';
const PROTECTED = '/api/v1/users?limit=1';

const eventsOf = async (
  person: Person,
  filter: string,
): Promise<
  {
    eventType: string;
    outcome: { result: string; reason: string };
    debugContext: { debugData: Record<string, string> };
    target: { type: string; detailEntry: Record<string, string> | null }[];
    actor: { alternateId: string };
  }[]
> => {
  const reply = await person.get(`/api/v1/logs?filter=${encodeURIComponent(filter)}`);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as never;
};
const ROAMED = 'eventType eq "security.session.detect_client_roaming"';

describe.each(ENGINES)('session binding on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const freshSignIn = async (address = '198.51.100.10'): Promise<void> => {
    // Nobody signs in thirty times within a minute: the limit by name would bite.
    server.clock.advance(3);
    ana.cookie = null;
    ana.address = address;
    const reply = await ana.signIn();
    expect(reply.status, reply.text).toBe(200);
  };
  const setModes = async (asnBinding: string, ipBinding: string): Promise<void> => {
    await freshSignIn();
    const reply = await ana.call('PUT', '/sallyport/v1/session-binding', { asnBinding, ipBinding });
    expect(reply.status, reply.text).toBe(200);
  };
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('holds in the network it began in', async () => {
    await setModes('ENFORCED', 'MONITOR');
    expect((await ana.get(PROTECTED)).status).toBe(200);
  });

  it('a copy in another network gets a bare 401, the owner is out, and the event stands in the log with both sides', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const stolen = await ana.thief(OTHER_ISP).get(PROTECTED);
    expect(stolen.status).toBe(401);
    expect(stolen.body['errorCode']).toBe('E0000011');
    expect(stolen.text).not.toMatch(/roam|network|asn|203\.0\.113/i);
    expect((await ana.get(PROTECTED)).status).toBe(401);
    await freshSignIn();
    const event = (await eventsOf(ana, ROAMED)).at(-1);
    expect(event?.outcome).toEqual({ result: 'DENY', reason: 'ASN_MISMATCH' });
    expect(event?.actor.alternateId).toBe('ana@example.org');
    expect(event?.debugContext.debugData).toMatchObject({
      PreviousIpAddress: '198.51.100.10',
      NewIpAddress: OTHER_ISP,
      previousAsNumber: '64496',
      newAsNumber: '64500',
    });
    expect(event?.target.find((target) => target.type === 'Session')?.detailEntry).toMatchObject({
      previousAsNumber: '64496',
      newAsNumber: '64500',
    });
  });

  it('replay after revocation stays refused, also from the right network', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const copy = ana.thief('198.51.100.10');
    await ana.thief(OTHER_ISP).get(PROTECTED);
    for (let i = 0; i < 3; i += 1) expect((await copy.get(PROTECTED)).status).toBe(401);
  });

  it('other sessions of the same person live on', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const other = ana.thief('198.51.100.10');
    other.cookie = null;
    expect((await other.signIn()).status).toBe(200);
    await ana.thief(OTHER_ISP).get(PROTECTED);
    expect((await other.get(PROTECTED)).status).toBe(200);
  });

  it('of twenty requests at once, half of them roaming, no roaming one succeeds, and one event is written', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const before = (await eventsOf(ana, ROAMED)).length;
    const thief = ana.thief(OTHER_ISP);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? ana : thief).get(PROTECTED).then((reply) => ({ isThief: i % 2 === 1, status: reply.status })),
      ),
    );
    expect(replies.filter((reply) => reply.isThief).every((reply) => reply.status === 401)).toBe(true);
    expect(replies.every((reply) => [200, 401].includes(reply.status))).toBe(true);
    await freshSignIn();
    expect((await eventsOf(ana, ROAMED)).length).toBe(before + 1);
  });

  it('a mutating request that roams changes nothing', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const refused = await ana
      .thief(OTHER_ISP)
      .call('POST', '/api/v1/groups', { profile: { name: `stolen-${engine}` } });
    expect(refused.status).toBe(401);
    await freshSignIn();
    expect((await ana.get(`/api/v1/groups?q=stolen-${engine}`)).body).toEqual([]);
  });

  it('another address of the same network is observed, once, while IP binding is MONITOR', async () => {
    await setModes('ENFORCED', 'MONITOR');
    ana.address = SAME_ISP;
    for (let i = 0; i < 3; i += 1) expect((await ana.get(PROTECTED)).status).toBe(200);
    const changes = await eventsOf(
      ana,
      `eventType eq "user.session.context.change" and debugContext.debugData.NewIpAddress eq "${SAME_ISP}"`,
    );
    expect(changes).toHaveLength(1);
    const report = await ana.get('/sallyport/v1/session-binding/report');
    expect(report.body['summary']).toMatch(
      /^Had this been on for 14 days, 1 person and \d+ sessions? would have ended\.$/,
    );
  });

  it('the baseline never slides: a held new address is not the next one’s starting point', async () => {
    await setModes('DISABLED', 'MONITOR');
    ana.address = OTHER_ISP;
    expect((await ana.get(PROTECTED)).status).toBe(200);
    const row = await server.services.store.read
      .selectFrom('sessions')
      .select('baseline')
      .where('endedAt', 'is', null)
      .where('parentId', 'is', null)
      .orderBy('createdAt', 'desc')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.baseline)).toMatchObject({ v4: '198.51.100.10', network: 'as64496' });
  });

  it('IP binding enforced ends a session at another address of the same network', async () => {
    await setModes('ENFORCED', 'ENFORCED');
    expect((await ana.thief(SAME_ISP).get(PROTECTED)).status).toBe(401);
    await freshSignIn();
    expect((await eventsOf(ana, ROAMED)).at(-1)?.outcome.reason).toBe('IP_MISMATCH');
  });

  it('IPv6 compares by /64; the other family counts as another address unless learned at sign-in', async () => {
    await setModes('ENFORCED', 'ENFORCED');
    await freshSignIn('2001:db8:1:1::10');
    ana.address = '2001:db8:1:1:aaaa::1';
    expect((await ana.get(PROTECTED)).status).toBe(200);
    expect((await ana.thief('2001:db8:1:2::1').get(PROTECTED)).status).toBe(401);
    // Learned: the second step of the sign-in comes over IPv4 of the same network.
    ana.cookie = null;
    ana.address = '2001:db8:1:1::10';
    const begun = await ana.call('POST', '/api/v1/authn', { username: ana.login });
    ana.address = '198.51.100.10';
    const proved = await ana.prove(begun);
    expect(proved.body['status'], proved.text).toBe('SUCCESS');
    expect((await ana.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] })).status).toBe(
      200,
    );
    for (const address of ['198.51.100.10', '2001:db8:1:1::99']) {
      ana.address = address;
      expect((await ana.get(PROTECTED)).status).toBe(200);
    }
  });

  it('a sign-in that changes its network half-way is refused', async () => {
    await setModes('ENFORCED', 'MONITOR');
    ana.cookie = null;
    const begun = await ana.call('POST', '/api/v1/authn', { username: ana.login });
    ana.address = OTHER_ISP;
    const refused = await ana.prove(begun);
    expect(refused.status).toBe(403);
    expect(refused.body['errorCode']).toBe('E0000085');
  });

  it('an address that cannot be established is refused', async () => {
    await setModes('ENFORCED', 'MONITOR');
    expect((await ana.get(PROTECTED, { 'X-Forwarded-For': 'not-an-address' })).status).toBe(401);
  });

  it('a header to the left of the proxy’s own entry changes nothing', async () => {
    await setModes('ENFORCED', 'MONITOR');
    // The thief sends the owner's address; the proxy appends the thief's own.
    const stolen = await ana.thief(OTHER_ISP).get(PROTECTED, { 'X-Forwarded-For': `198.51.100.10, ${OTHER_ISP}` });
    expect(stolen.status).toBe(401);
  });

  it('the ignored header does not move the client', async () => {
    await setModes('ENFORCED', 'MONITOR');
    expect((await ana.get(PROTECTED, { Forwarded: `for=${OTHER_ISP}` })).status).toBe(200);
  });

  it('the user agent alone never ends a session', async () => {
    await setModes('ENFORCED', 'ENFORCED');
    ana.userAgent = 'curl/8.0';
    expect((await ana.get(PROTECTED)).status).toBe(200);
  });

  it('the exempt zone lets its current address pass and counts it', async () => {
    await setModes('ENFORCED', 'ENFORCED');
    const zones = (await ana.get('/api/v1/zones')).body as unknown as {
      id: string;
      name: string;
      type: string;
      usage: string;
      status: string;
    }[];
    const zone = zones.find((candidate) => candidate.name === 'DefaultExemptIpZone');
    expect(zone).toBeDefined();
    const put = await ana.call('PUT', `/api/v1/zones/${zone?.id ?? ''}`, {
      name: zone?.name,
      type: 'IP',
      usage: 'POLICY',
      status: 'ACTIVE',
      gateways: [{ type: 'CIDR', value: `${OTHER_ISP}/32` }],
      useAsExemptList: true,
    });
    expect(put.status, put.text).toBe(200);
    ana.address = OTHER_ISP;
    expect((await ana.get(PROTECTED)).status).toBe(200);
    await server.services.sessions.flush();
    const passes = await server.services.store.read
      .selectFrom('sessions')
      .select('exemptPasses')
      .where('endedAt', 'is', null)
      .where('parentId', 'is', null)
      .orderBy('createdAt', 'desc')
      .executeTakeFirstOrThrow();
    expect(passes.exemptPasses).toBeGreaterThan(0);
    ana.address = '203.0.113.78';
    expect((await ana.get(PROTECTED)).status).toBe(401);
    await freshSignIn();
    const cleared = await ana.call('PUT', `/api/v1/zones/${zone?.id ?? ''}`, {
      name: zone?.name,
      type: 'IP',
      usage: 'POLICY',
      status: 'ACTIVE',
      gateways: [],
      useAsExemptList: true,
    });
    expect(cleared.status, cleared.text).toBe(200);
  });

  it('monitor and enforce give equal verdicts on the same traffic', async () => {
    const traffic = ['198.51.100.10', SAME_ISP, OTHER_ISP, '192.0.2.5', '2001:db8:2::1'];
    const differs: Record<string, boolean[]> = { MONITOR: [], ENFORCED: [] };
    for (const mode of ['MONITOR', 'ENFORCED']) {
      for (const address of traffic) {
        await setModes(mode, mode);
        const id = ((await ana.get('/api/v1/sessions/me')).body as { id?: string }).id ?? '';
        await ana.thief(address).get(PROTECTED);
        const seen =
          mode === 'MONITOR'
            ? await server.services.store.read
                .selectFrom('observations')
                .select('sessionId')
                .where('sessionId', '=', id)
                .execute()
            : await server.services.store.read
                .selectFrom('sessions')
                .select('id')
                .where('id', '=', id)
                .where('endReason', '=', 'client-roaming')
                .execute();
        differs[mode]?.push(seen.length > 0);
      }
    }
    expect(differs['MONITOR']).toEqual([false, true, true, true, true]);
    expect(differs['ENFORCED']).toEqual(differs['MONITOR']);
  });

  it('the check for proxies is the same door: it holds, ends what roams, and honours blocklists', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const GATE = '/gateway/check';
    expect((await ana.get(GATE)).status).toBe(200);
    expect((await ana.get(GATE, { Cookie: '' })).status).toBe(401);
    const zone = await ana.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: `gate-${engine}`,
      usage: 'BLOCKLIST',
      gateways: [{ type: 'CIDR', value: `${SAME_ISP}/32` }],
    });
    expect(zone.status, zone.text).toBe(200);
    expect((await ana.thief(SAME_ISP).get(GATE)).status).toBe(403);
    expect((await ana.get(GATE)).status).toBe(200);
    expect((await ana.call('DELETE', `/api/v1/zones/${String(zone.body['id'])}`)).status).toBe(204);
    const stolen = await ana.thief(OTHER_ISP).get(GATE);
    expect([stolen.status, stolen.text]).toEqual([401, '']);
    for (const path of [GATE, PROTECTED]) expect((await ana.get(path)).status).toBe(401);
  });

  it('a session that ended between the check and the change changes nothing', async () => {
    await setModes('ENFORCED', 'MONITOR');
    const session = (await ana.get('/api/v1/sessions/me')).body as { id?: string; userId?: string };
    const { request } = hostPrincipal(server.services.random);
    const principal = {
      kind: 'session',
      userId: session.userId ?? '',
      sessionId: session.id ?? '',
      hasConsole: true,
      ...rightsOf(['SUPER_ADMIN']),
      request,
    } as const;
    const name = `late-${engine}`;
    expect((await ana.call('DELETE', '/api/v1/sessions/me')).status).toBe(204);
    await expect(createGroup(server.services, principal, { profile: { name } })).rejects.toMatchObject({
      code: 'E0000011',
    });
    await freshSignIn();
    expect((await ana.get(`/api/v1/groups?q=${name}`)).body).toEqual([]);
  });

  it('every past verdict can be computed again', async () => {
    await setModes('ENFORCED', 'MONITOR');
    await ana.thief(OTHER_ISP).get(PROTECTED);
    await freshSignIn();
    const rows = await server.services.store.read.selectFrom('verdicts').select('eventUuid').execute();
    expect(rows.length).toBeGreaterThan(3);
    for (const { eventUuid } of rows)
      expect((await ana.get(`/sallyport/v1/logs/${eventUuid}/why`)).body['agrees']).toBe(true);
    // An event of something done has no verdict, and says so; an event that is not there is not found.
    const judged = new Set(rows.map(({ eventUuid }) => eventUuid));
    const events = await ana.get('/api/v1/logs?limit=100&sortOrder=DESCENDING');
    const done = (events.body as unknown as { uuid: string }[]).find(({ uuid }) => !judged.has(uuid));
    const told = await ana.get(`/sallyport/v1/logs/${done?.uuid ?? ''}/why`);
    expect([told.status, told.body['agrees'], told.body['recorded']]).toEqual([200, null, null]);
    expect(told.body['sentences']).toEqual([expect.stringContaining('Nothing was judged here')]);
    expect((await ana.get('/sallyport/v1/logs/00000000-0000-4000-8000-000000000000/why')).status).toBe(404);
  });

  it('two session cookies, a foreign Host and a cross-site request are refused', async () => {
    await setModes('ENFORCED', 'MONITOR');
    expect((await ana.get(PROTECTED, { Cookie: `sid=${ana.cookie}; sid=x` })).status).toBe(401);
    expect((await send(server.url, 'GET', PROTECTED, ana.headers({ Host: 'evil.example' }))).status).toBe(421);
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }]) {
      const reply = await ana.call('POST', '/api/v1/groups', { profile: { name: 'x' } }, headers);
      expect([reply.status, reply.body['errorCode']]).toEqual([403, 'E0000212']);
    }
  });
});
