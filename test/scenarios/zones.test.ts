/** Zones of all types: what they hold, what of them is refused, and what data that is missing means. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeMmdb } from '@sallyport/testkit/encode-mmdb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Zone {
  readonly id: string;
  readonly name: string;
  readonly [key: string]: unknown;
}
const OWN = '198.51.100.10';
const ELSEWHERE = '203.0.113.7';

describe.each(ENGINES)('zones on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let made = 0;

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const name of ['tor.txt', 'geo.mmdb']) rmSync(join(server.dataDir, 'intel', name), { force: true });
    await server.services.intel.reloadDropIn();
  });

  const post = (body: object): Promise<Reply> =>
    ana.call('POST', '/api/v1/zones', { name: `zone ${made++}`, usage: 'POLICY', ...body });
  const create = async (body: object): Promise<Zone> => {
    const reply = await post(body);
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as Zone;
  };
  const causes = (reply: Reply): string[] =>
    ((reply.body['errorCauses'] ?? []) as { errorSummary: string }[]).map(({ errorSummary }) => errorSummary);
  const list = async (query = ''): Promise<Zone[]> =>
    (await ana.get(`/api/v1/zones${query}`)).body as unknown as Zone[];
  const named = async (name: string): Promise<Zone> => {
    const zone = (await list('?limit=200')).find((one) => one.name === name);
    if (zone === undefined) throw new Error(name);
    return zone;
  };
  const put = (zone: Zone, body: object): Promise<Reply> =>
    ana.call('PUT', `/api/v1/zones/${zone.id}`, { type: zone['type'], name: zone.name, usage: zone['usage'], ...body });
  const judged = async (address: string, zone: Zone): Promise<Zone> => {
    const { result } = (await ana.get(`/sallyport/v1/network-test?address=${address}`)).body as unknown as {
      result: Record<'zones' | 'otherZones', Zone[]>;
    };
    const found = [...result.zones, ...result.otherZones].find(({ id }) => id === zone.id);
    if (found === undefined) throw new Error(`${zone.name} is not active`);
    return found;
  };
  const feed = async (name: string, text: string | Buffer): Promise<void> => {
    writeFileSync(join(server.dataDir, 'intel', name), text);
    await server.services.intel.reloadDropIn();
  };

  it('of all three types are kept as they were written, in one order', async () => {
    const dynamic = await create({
      type: 'DYNAMIC',
      asns: { 0: 'AS64500', 1: '64496', 2: '64500' },
      locations: [{ country: 'us' }, { country: 'AF', region: 'BGL' }],
      proxyType: '',
    });
    expect(dynamic).toMatchObject({
      type: 'DYNAMIC',
      asns: ['64500', '64496'],
      locations: [
        { country: 'AF', region: 'AF-BGL' },
        { country: 'US', region: null },
      ],
      proxyType: '',
      sallyport: { missingData: ['regions of countries'] },
    });
    const enhanced = await create({
      type: 'DYNAMIC_V2',
      asns: {},
      ipServiceCategories: { include: ['ALL_ANONYMIZERS', 'HOSTING'], exclude: ['WARP_VPN'] },
    });
    expect(enhanced).toMatchObject({
      asns: { include: [], exclude: [] },
      locations: { include: [], exclude: [] },
      ipServiceCategories: { include: ['ALL_ANONYMIZERS', 'HOSTING'], exclude: ['WARP_VPN'] },
      sallyport: { missingData: ['TOR', 'VPN', 'PROXY', 'WARP_VPN'] },
    });
    expect((await ana.get(`/api/v1/zones/${enhanced.id}`)).body).toEqual(enhanced);
    const wider = await put(dynamic, { asns: ['64500'] });
    expect(wider.body).toMatchObject({ asns: ['64500'], locations: null, proxyType: null });
    expect(wider.body).not.toHaveProperty('sallyport');
  });

  it.each<[string, object, RegExp]>([
    ['an IP zone of nothing', { type: 'IP', gateways: [] }, /at least one gateway or proxy/],
    [
      'a dynamic zone of nothing',
      { type: 'DYNAMIC', asns: [], proxyType: '' },
      /at least one of asns, locations and proxyType/,
    ],
    [
      'an enhanced zone of nothing',
      { type: 'DYNAMIC_V2', asns: {}, locations: null },
      /at least one of asns, locations and ip/,
    ],
    ['an ASN that is none', { type: 'DYNAMIC', asns: ['64500', 'ten'] }, /asns: line 2: ten is not an AS number/],
    ['an ASN beyond 32 bits', { type: 'DYNAMIC', asns: ['4294967296'] }, /line 1/],
    [
      'a continent',
      { type: 'DYNAMIC', locations: [{ country: 'EUROPE' }] },
      /locations: line 1: EUROPE is not a country/,
    ],
    ['a country that is none', { type: 'DYNAMIC', locations: [{ country: 'QQ' }] }, /QQ is not a country/],
    [
      'a region of another country',
      { type: 'DYNAMIC', locations: [{ country: 'US', region: 'DE-BE' }] },
      /DE-BE is not a region/,
    ],
    ['a proxy type that is none', { type: 'DYNAMIC', proxyType: 'Some' }, /proxyType: must be one of/],
    [
      'a category that is none',
      { type: 'DYNAMIC_V2', ipServiceCategories: { include: ['MY_VPN'] } },
      /ipServiceCategories/,
    ],
    ['an excluded line', { type: 'DYNAMIC_V2', asns: { include: ['1'], exclude: ['x'] } }, /asns.exclude: line 1/],
    ['more than 75 ASNs', { type: 'DYNAMIC', asns: Array.from({ length: 76 }, (_, i) => `${i + 1}`) }, /at most 75/],
    [
      'more than 150 entries',
      { type: 'IP', gateways: Array.from({ length: 151 }, (_, i) => ({ type: 'CIDR', value: `10.0.0.${i}` })) },
      /at most 150/,
    ],
    ['an unknown type', { type: 'GEO', asns: ['1'] }, /type/],
  ])('%s is refused with its reason, and nothing is kept', async (_, body, reason) => {
    const before = await list('?limit=200');
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(causes(reply).join('\n')).toMatch(reason);
    expect(await list('?limit=200')).toEqual(before);
  });

  it('hold at most 25,000 entries together, and a blocklist 1,000', async () => {
    const entries = (count: number, third: number) =>
      Array.from({ length: count }, (_, i) => ({ type: 'CIDR', value: `10.${third}.${i >> 8}.${i & 255}` }));
    const one = await post({ type: 'IP', usage: 'BLOCKLIST', gateways: entries(1001, 1) });
    expect(causes(one)).toEqual(['gateways: at most 1000 gateways and proxies']);
    const legacy = await named('LegacyIpZone');
    expect((await put(legacy, { gateways: entries(4999, 2) })).status).toBe(200);
    const now = server.services.clock.now();
    // The rest of what may be, as rows: it is the sum that is refused.
    await server.services.store.transaction((tx) =>
      tx
        .insertInto('zones')
        .values({
          id: 'nzo00000000000filler',
          name: 'filler',
          type: 'IP',
          status: 'INACTIVE',
          usage: 'POLICY',
          isSystem: 0,
          isExempt: 0,
          gateways: JSON.stringify(entries(19_999, 3)),
          proxies: '[]',
          conditions: '{}',
          createdAt: now,
          lastUpdatedAt: now,
        })
        .execute(),
    );
    const last = await post({ type: 'IP', gateways: entries(3, 4) });
    expect(causes(last)).toEqual([expect.stringMatching(/at most 25000 .* this would make 2500\d/)]);
    expect((await ana.call('DELETE', '/api/v1/zones/nzo00000000000filler')).status).toBe(204);
    expect((await put(legacy, { gateways: null })).body).toMatchObject({ gateways: null, system: true });
  });

  it('keep their type', async () => {
    const zone = await create({ type: 'DYNAMIC', asns: ['64501'] });
    const reply = await put(zone, { type: 'IP', gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] });
    expect([reply.status, causes(reply)]).toEqual([
      400,
      ['type: The type of a zone cannot be changed; this one is DYNAMIC'],
    ]);
  });

  it('that are built in can be changed as far as they are for it', async () => {
    expect((await list('?filter=system eq true')).map(({ name }) => name).toSorted()).toEqual([
      'BlockedIpZone',
      'DefaultEnhancedDynamicZone',
      'DefaultExemptIpZone',
      'LegacyIpZone',
    ]);
    const anonymisers = await named('DefaultEnhancedDynamicZone');
    expect(anonymisers).toMatchObject({
      type: 'DYNAMIC_V2',
      status: 'INACTIVE',
      usage: 'BLOCKLIST',
      ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] },
    });
    const content = { ipServiceCategories: { include: ['ANONYMIZER_TOR'] } };
    expect(causes(await put(anonymisers, { ...content, usage: 'POLICY' }))).toEqual([
      'usage: A built-in zone keeps its usage',
    ]);
    expect(causes(await put({ ...anonymisers, name: 'Mine' }, content))).toEqual([
      'name: A built-in zone keeps its name',
    ]);
    expect((await put(anonymisers, content)).body).toMatchObject({ status: 'INACTIVE', system: true });
    expect((await ana.call('DELETE', `/api/v1/zones/${anonymisers.id}`)).status).toBe(403);

    const exempt = await named('DefaultExemptIpZone');
    const exempting = (body: object) => put(exempt, { useAsExemptList: true, ...body });
    expect(causes(await exempting({ proxies: [{ type: 'CIDR', value: '192.0.2.1' }] }))).toEqual([
      'proxies: DefaultExemptIpZone takes gateways only',
    ]);
    expect(causes(await exempting({ type: 'DYNAMIC', asns: ['64500'] }))).toEqual([expect.stringMatching(/^type: /)]);
    expect(causes(await exempting({ status: 'INACTIVE' }))).toEqual([expect.stringMatching(/^status: /)]);
    expect(causes(await exempting({ usage: 'BLOCKLIST' }))).toEqual([expect.stringMatching(/^usage: /)]);
    // On any other zone the flag does nothing.
    const other = await create({ type: 'IP', gateways: [{ type: 'CIDR', value: ELSEWHERE }], useAsExemptList: true });
    expect(await judged(ELSEWHERE, other)).toMatchObject({ answer: 'in', isExempt: false });
    expect((await ana.get(`/sallyport/v1/network-test?address=${ELSEWHERE}`)).body['result']).toMatchObject({
      isExempt: false,
    });
    await ana.call('DELETE', `/api/v1/zones/${other.id}`);
  });

  it('are listed page by page and by a filter', async () => {
    const page = await ana.get('/api/v1/zones?limit=2');
    expect(page.body).toHaveLength(2);
    const all = [...(page.body as unknown as Zone[])];
    for (let next = /<([^>]+)>; rel="next"/.exec(String(page.headers['link']))?.[1]; next !== undefined; ) {
      const reply = await ana.get(new URL(next).pathname + new URL(next).search);
      all.push(...(reply.body as unknown as Zone[]));
      next = /<([^>]+)>; rel="next"/.exec(String(reply.headers['link']))?.[1];
    }
    expect(all).toEqual(await list('?limit=200'));
    const [first] = all;
    expect(await list(`?filter=${encodeURIComponent(`id eq "${first?.id}"`)}`)).toEqual([first]);
    const blocking = await list(`?filter=${encodeURIComponent('usage eq "BLOCKLIST"')}`);
    expect(blocking.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['BlockedIpZone', 'DefaultEnhancedDynamicZone']),
    );
    expect(blocking.every(({ usage }) => usage === 'BLOCKLIST')).toBe(true);
    expect((await ana.get(`/api/v1/zones?filter=${encodeURIComponent('type co "IP"')}`)).status).toBe(400);
  });

  it('judge by ASN, country and list; what is not known is said', async () => {
    const hosting = await create({ type: 'DYNAMIC', asns: ['64500'] });
    expect(await judged(ELSEWHERE, hosting)).toMatchObject({ answer: 'in', why: 'It is of AS64500.' });
    expect(await judged(OWN, hosting)).toMatchObject({ answer: 'out' });
    expect(await judged('10.1.2.3', hosting)).toMatchObject({ answer: 'out', why: 'A private address has no ASN.' });
    const clouds = await create({ type: 'DYNAMIC_V2', ipServiceCategories: { include: ['HOSTING'] } });
    expect(await judged('3.5.140.2', clouds)).toMatchObject({ answer: 'in' });
    expect(await judged(OWN, clouds)).toMatchObject({ answer: 'out' });
    const america = await create({ type: 'DYNAMIC', locations: [{ country: 'US' }] });
    expect(await judged('8.8.8.8', america)).toMatchObject({ answer: 'in' });
    expect(await judged('240.0.0.1', america)).toMatchObject({
      answer: 'unknown',
      why: 'No country is known of the address.',
    });
    const california = await create({ type: 'DYNAMIC', locations: [{ country: 'US', region: 'US-CA' }] });
    expect(await judged('8.8.8.8', california)).toMatchObject({
      answer: 'unknown',
      why: 'It is in US; no region is known of the address.',
    });
    expect(california).toMatchObject({ sallyport: { missingData: ['regions of countries'] } });
    // What rests on it is told: a zone that blocks.
    const blocking = await create({
      type: 'DYNAMIC',
      usage: 'BLOCKLIST',
      locations: [{ country: 'US', region: 'US-CA' }],
    });
    const lacking = async (): Promise<string[]> => {
      const { findings } = (await ana.get('/sallyport/v1/overview')).body as unknown as {
        findings: { kind: string; sentence: string }[];
      };
      return findings.flatMap(({ kind, sentence }) => (kind === `zone-without-data-${blocking.id}` ? [sentence] : []));
    };
    expect(await lacking()).toEqual([
      `The zone ${blocking.name} asks for data that is not there: regions of countries.`,
    ]);
    const withCode = (iso_code: string, en: string) => ({ iso_code, names: { en } });
    await feed(
      'geo.mmdb',
      encodeMmdb('Test-City', {
        '8.8.8.0/24': {
          country: withCode('US', 'United States'),
          subdivisions: [withCode('CA', 'California')],
          city: withCode('', 'Elk Grove'),
        },
        '8.8.4.0/24': { country: withCode('US', 'United States'), subdivisions: [withCode('NV', 'Nevada')] },
      }),
    );
    expect(await judged('8.8.8.8', california)).toMatchObject({ answer: 'in', why: 'It is in US-CA.' });
    expect(await judged('8.8.4.4', california)).toMatchObject({ answer: 'out', why: 'It is in US-NV.' });
    expect((await ana.get(`/api/v1/zones/${california.id}`)).body['sallyport']).toBeUndefined();
    expect(await lacking()).toEqual([]);
    expect((await ana.call('DELETE', `/api/v1/zones/${blocking.id}`)).status).toBe(204);
    const { body: asked } = await ana.get('/sallyport/v1/network-test?address=8.8.8.8');
    expect(asked['result']).toMatchObject({ region: 'California', regionCodes: ['US-CA'], city: 'Elk Grove' });
    // The log says where somebody was.
    const stranger = ana.thief('8.8.8.8');
    stranger.cookie = null;
    await stranger.call('POST', '/api/v1/authn', { username: 'nobody@example.org', password: 'a guess' });
    const filter = encodeURIComponent('client.geographicalContext.state eq "California"');
    const [event] = (await ana.get(`/api/v1/logs?filter=${filter}`)).body as unknown as { client: object }[];
    expect(event?.client).toMatchObject({
      ipAddress: '8.8.8.8',
      geographicalContext: { city: 'Elk Grove', state: 'California', country: 'United States' },
    });
    const tor = await create({ type: 'DYNAMIC', proxyType: 'Tor' });
    expect(await judged(ELSEWHERE, tor)).toMatchObject({ answer: 'unknown', why: 'There is no data for TOR.' });
    await feed('tor.txt', `${ELSEWHERE}\n`);
    expect(await judged(ELSEWHERE, tor)).toMatchObject({ answer: 'in' });
    expect(await judged(OWN, tor)).toMatchObject({ answer: 'out' });
    await feed('tor.txt', 'not a list\n');
    const test = (await ana.get('/sallyport/v1/network-test')).body as unknown as {
      sources: { source: string; problem: string | null }[];
    };
    expect(test.sources.find(({ source }) => source === 'intel/tor.txt')?.problem).toMatch(/^line 1: not a list/);
    // What was read before it was damaged still counts.
    expect(await judged(ELSEWHERE, tor)).toMatchObject({ answer: 'in' });
  });

  it('hold a token to where it may be used: unknown includes nobody and excludes everybody', async () => {
    const tor = await create({ type: 'DYNAMIC', proxyType: 'TorAnonymizer' });
    const ownerId = String((await ana.get('/api/v1/users/me')).body['id']);
    const tokenFor = async (network: { include?: string[]; exclude?: string[] }): Promise<string> =>
      (
        await createApiToken(server.services, hostPrincipal(server.services.random), {
          name: `held ${made++}`,
          ownerId,
          purpose: 'test',
          ttlSeconds: 3600,
          network: { connection: 'ZONE', ...network },
          protectedActions: [],
        })
      ).token;
    const status = async (token: string, from: string): Promise<number> =>
      (
        await send(server.url, 'GET', '/api/v1/users/me', {
          'X-Forwarded-For': from,
          Authorization: `SSWS ${token}`,
        })
      ).status;
    const [inside, outside] = [await tokenFor({ include: [tor.id] }), await tokenFor({ exclude: [tor.id] })];
    expect([await status(inside, ELSEWHERE), await status(outside, ELSEWHERE)]).toEqual([401, 401]);
    await feed('tor.txt', `${ELSEWHERE}\n`);
    expect([await status(inside, ELSEWHERE), await status(outside, ELSEWHERE)]).toEqual([200, 401]);
    expect([await status(inside, OWN), await status(outside, OWN)]).toEqual([401, 200]);

    const refused = await ana.call('POST', `/api/v1/zones/${tor.id}/lifecycle/deactivate`);
    expect([refused.status, causes(refused)]).toEqual([
      400,
      [expect.stringMatching(/API token held \d+ uses this zone/)],
    ]);
    expect((await ana.call('DELETE', `/api/v1/zones/${tor.id}`)).status).toBe(400);
    expect((await put(tor, { proxyType: 'Tor', usage: 'BLOCKLIST' })).status).toBe(400);
    expect((await put(tor, { proxyType: 'Tor' })).status).toBe(200);
  });

  it('believe a proxy only for the zone whose proxy it is', async () => {
    const branch = await create({
      type: 'IP',
      gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
      proxies: [{ type: 'CIDR', value: ELSEWHERE }],
    });
    const other = await create({ type: 'IP', gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] });
    const through = async (forwardedFor: string): Promise<Record<'zones' | 'otherZones', Zone[]>> =>
      (await ana.get(`/sallyport/v1/network-test?${new URLSearchParams({ address: '127.0.0.1', forwardedFor })}`)).body[
        'result'
      ] as Record<'zones' | 'otherZones', Zone[]>;
    const told = await through(`192.0.2.9, ${ELSEWHERE}`);
    expect(told).toMatchObject({ address: ELSEWHERE });
    expect(told.zones.map(({ id }) => id)).toContain(branch.id);
    expect(told.otherZones.find(({ id }) => id === other.id)).toMatchObject({ answer: 'out' });
    const silent = await through(ELSEWHERE);
    expect(silent.otherZones.find(({ id }) => id === branch.id)).toMatchObject({ answer: 'unknown' });
  });
});
