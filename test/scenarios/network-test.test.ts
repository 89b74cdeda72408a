/** What the server says of an address and of a forwarding header is what it does with them; zones and what uses them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

describe.each(ENGINES)('addresses and zones on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  const test = (query: Record<string, string>): Promise<Reply> =>
    ana.get(`/sallyport/v1/network-test?${new URLSearchParams(query).toString()}`);
  const tokenFor = async (owner: string, zone: string): Promise<string> =>
    (
      await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: 'office-only',
        ownerId: owner,
        purpose: 'test',
        ttlSeconds: 3600,
        network: zone === '' ? { connection: 'ANYWHERE' } : { connection: 'ZONE', include: [zone] },
        protectedActions: [],
      })
    ).token;
  const zoneBody = (name: string, values: readonly string[], usage = 'POLICY') => ({
    type: 'IP',
    name,
    usage,
    gateways: values.map((value) => ({ type: value.includes('-') ? 'RANGE' : 'CIDR', value })),
  });

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());

  it('tells of an address what every request is judged by', async () => {
    const own = await test({});
    expect(own.body['own']).toBe('198.51.100.10');
    expect(own.body['result']).toMatchObject({
      address: '198.51.100.10',
      network: 'AS64496 Example ISP',
      isBlocked: false,
    });
    const mapped = await test({ address: ' ::ffff:203.0.113.7 ' });
    expect(mapped.body['result']).toMatchObject({ address: '203.0.113.7', network: 'AS64500 Example Hosting' });
    expect((await test({ address: '10.1.2.3' })).body['result']).toMatchObject({
      network: 'the local network',
      place: null,
    });
    for (const address of ['nowhere', '203.0.113.7/24', '1.2.3', '0x7f.1'])
      expect([address, (await test({ address })).status]).toEqual([address, 400]);
  });

  it('explains a header by the walk that every request takes', async () => {
    const hops = (reply: Reply): string[] =>
      (reply.body['forwarded'] as unknown as { hops: { text: string; role: string }[] }).hops.map(
        ({ text, role }) => `${text} ${role}`,
      );
    // The proxy of the tests is trusted; what the client itself wrote is not read.
    const spoofed = await test({ address: '127.0.0.1', forwardedFor: 'X-Forwarded-For: 192.0.2.1, 203.0.113.7' });
    expect(hops(spoofed)).toEqual(['192.0.2.1 unread', '203.0.113.7 client', '127.0.0.1 proxy']);
    expect(spoofed.body['result']).toMatchObject({ address: '203.0.113.7' });
    const stranger = await test({ address: '203.0.113.7', forwardedFor: '198.51.100.10' });
    expect(hops(stranger)).toEqual(['198.51.100.10 unread', '203.0.113.7 client']);
    const unreadable = await test({ forwardedFor: '203.0.113.7, unknown' });
    expect(unreadable.body['result']).toBe(null);
    expect(hops(unreadable)).toEqual(['203.0.113.7 unread', 'unknown unreadable', '127.0.0.1 proxy']);
    expect((await test({ forwardedFor: 'x'.repeat(5000) })).status).toBe(400);
  });

  it('names every wrong line of a zone, and keeps the zone as it was', async () => {
    const refused = await ana.call(
      'POST',
      '/api/v1/zones',
      zoneBody('Office', ['192.0.2.0/24', '192.0.2.0/33', '192.0.2.9-192.0.2.1', '198.51.100.0/24']),
    );
    expect(refused.status).toBe(400);
    const causes = (refused.body['errorCauses'] as unknown as { errorSummary: string }[]).map((c) => c.errorSummary);
    expect(causes.map((cause) => /line (\d+)/.exec(cause)?.[1])).toEqual(['2', '3']);
    const made = await ana.call('POST', '/api/v1/zones', zoneBody('Office', ['192.0.2.0/24']));
    expect(made.status).toBe(200);
  });

  it('says what uses a zone, to whoever may read it', async () => {
    const zones = (await ana.get('/api/v1/zones')).body as unknown as { id: string; name: string }[];
    const idOf = (name: string): string => zones.find((zone) => zone.name === name)?.id ?? '';
    const usage = (name: string): Promise<Reply> => ana.get(`/sallyport/v1/zones/${idOf(name)}/usage`);
    expect((await usage('Office')).body).toEqual({ rules: [], tokens: [], apps: [], isExempt: false });
    expect((await usage('DefaultExemptIpZone')).body['isExempt']).toBe(true);
    expect((await ana.get('/sallyport/v1/zones/nzo00000000000000000/usage')).status).toBe(404);

    const me = String((await ana.get('/api/v1/users/me')).body['id']);
    await tokenFor(me, idOf('Office'));
    const [policy] = (await ana.get('/api/v1/policies?type=ACCESS_POLICY')).body as unknown as {
      id: string;
      name: string;
    }[];
    const rule = await ana.call('POST', `/api/v1/policies/${policy?.id}/rules`, {
      name: 'From the office',
      conditions: { network: { connection: 'ZONE', include: [idOf('Office')] } },
      actions: { appSignOn: { access: 'DENY' } },
    });
    expect(rule.status, rule.text).toBe(200);
    expect((await usage('Office')).body).toMatchObject({
      rules: [{ name: 'From the office', policyId: policy?.id, policyName: policy?.name }],
      tokens: [{ name: 'office-only' }],
    });
    expect((await test({ address: '192.0.2.7' })).body['result']).toMatchObject({
      zones: [{ name: 'Office', usage: 'POLICY' }],
    });
  });

  it('is for whoever may read zones', async () => {
    const user = await ana.call('POST', '/api/v1/users?activate=true', {
      profile: { login: 'rep@example.org', email: 'rep@example.org' },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    const id = String(user.body['id']);
    await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'REPORT_ADMIN' });
    const token = await tokenFor(id, '');
    const headers = { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` };
    for (const path of ['/sallyport/v1/network-test?address=203.0.113.7', '/sallyport/v1/zones/nzo0/usage'])
      expect([path, (await send(server.url, 'GET', path, headers)).status]).toEqual([path, 403]);
  });
});
