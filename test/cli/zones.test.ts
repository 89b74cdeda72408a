/** Zones from the command line: what an address is, of which lists there is no data, and whether an address can be chosen. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  expect((await org.login()).exitCode).toBe(0);
});
afterAll(() => org.stop());

it('tells of an address which zones it is in, why, and what is not known', async () => {
  const made = await org.ana.call('POST', '/api/v1/zones', { type: 'DYNAMIC', name: 'hidden', proxyType: 'Tor' });
  expect(made.status, made.text).toBe(200);
  const unknown = await org.run(['zone', 'test', '203.0.113.7']);
  expect(unknown.exitCode, unknown.stderr).toBe(0);
  expect(unknown.stdout).toMatch(/hidden\s+not known\s+There is no data for TOR\./);
  expect(unknown.stdout).toContain('No list is loaded for TOR, VPN, PROXY');
  writeFileSync(join(org.server.dataDir, 'intel', 'tor.txt'), '203.0.113.0/24\n');
  writeFileSync(join(org.server.dataDir, 'intel', 'vpn.txt'), 'nonsense\n');
  await org.server.services.intel.reloadDropIn();
  const known = await org.run(['zone', 'test', '127.0.0.1', '--chain', '192.0.2.1, 203.0.113.7']);
  expect(known.stdout).toMatch(/hidden\s+yes\s+It is in the list TOR\./);
  expect(known.stdout).toMatch(/192\.0\.2\.1\s+unread/);
  expect(known.stdout).toContain('intel/vpn.txt is not read: line 1: nonsense');
  const shown = await org.run(['zone', 'show', 'hidden']);
  expect(shown.stdout).toMatch(/Proxy type:\s+Tor/);
});

interface Zone {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly [field: string]: unknown;
}
const zoneNamed = async (name: string): Promise<Zone | undefined> =>
  ((await org.ana.get('/api/v1/zones?limit=200')).body as readonly Zone[]).find((zone) => zone.name === name);

it('makes zones of every type, and changes of one only what was named', async () => {
  const made = async (...words: string[]) => {
    const done = await org.run(['zone', ...words]);
    expect(done.exitCode, done.stderr).toBe(0);
    return done.stdout;
  };
  await made('create', 'site', '--gateway', '198.51.100.0/24', '192.0.2.1-192.0.2.9', '--proxy', '203.0.113.250');
  expect(await zoneNamed('site')).toMatchObject({
    type: 'IP',
    usage: 'POLICY',
    gateways: [
      { type: 'CIDR', value: '198.51.100.0/24' },
      { type: 'RANGE', value: '192.0.2.1-192.0.2.9' },
    ],
    proxies: [{ type: 'CIDR', value: '203.0.113.250' }],
  });
  await made('update', 'site', '--add-gateway', '2001:db8::/32', '--remove-gateway', '192.0.2.1-192.0.2.9');
  expect(await zoneNamed('site')).toMatchObject({
    gateways: [
      { type: 'CIDR', value: '198.51.100.0/24' },
      { type: 'CIDR', value: '2001:db8::/32' },
    ],
    proxies: [{ type: 'CIDR', value: '203.0.113.250' }],
  });
  const regions = await made('create', 'bavaria', '--type', 'dynamic', '--place', 'de-by', '--proxy-type', 'not-tor');
  expect(regions).toContain('There is no data for');
  expect(regions).toContain('regions of countries');
  expect(await zoneNamed('bavaria')).toMatchObject({
    type: 'DYNAMIC',
    locations: [{ country: 'DE', region: 'DE-BY' }],
    proxyType: 'NotTorAnonymizer',
  });
  const enhanced = ['create', 'abroad', '--type', 'dynamic_v2', '--use', 'blocklist', '--asn', 'AS64999'];
  await made(...enhanced, '--not-place', 'DE', 'FR', '--service', 'all-anonymizers', '--not-service', 'nord_vpn');
  const abroad = {
    type: 'DYNAMIC_V2',
    usage: 'BLOCKLIST',
    asns: { include: ['64999'], exclude: [] },
    ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: ['NORD_VPN'] },
  };
  expect(await zoneNamed('abroad')).toMatchObject({
    ...abroad,
    locations: {
      include: [],
      exclude: [
        { country: 'DE', region: null },
        { country: 'FR', region: null },
      ],
    },
  });
  await made('update', 'abroad', '--not-place', 'none', '--name', 'elsewhere');
  expect(await zoneNamed('elsewhere')).toMatchObject({ ...abroad, locations: { include: [], exclude: [] } });
  // Switched off it stays off through a change of something else.
  await made('deactivate', 'elsewhere');
  await made('update', 'elsewhere', '--asn', '64998');
  expect(await zoneNamed('elsewhere')).toMatchObject({ status: 'INACTIVE', asns: { include: ['64998'], exclude: [] } });
  await made('activate', 'elsewhere');
  expect((await zoneNamed('elsewhere'))?.status).toBe('ACTIVE');
});

it.each([
  ['what is no address', ['create', 'x', '--gateway', '192.0.2.0/33'], 2, 'line 1: 192.0.2.0/33 is not an address'],
  ['a zone of nothing', ['create', 'x'], 2, 'at least one gateway or proxy'],
  [
    'a service that nobody knows',
    ['create', 'x', '--type', 'dynamic_v2', '--service', 'nope'],
    2,
    'ipServiceCategories',
  ],
  [
    'what its type has not',
    ['create', 'x', '--type', 'dynamic', '--not-place', 'DE'],
    2,
    '--not-place: a zone of type',
  ],
  ['a proxy type of another type', ['create', 'x', '--proxy-type', 'tor'], 2, '--proxy-type: a zone of type ip'],
  ['a use there is not', ['create', 'x', '--gateway', '192.0.2.1', '--use', 'deny'], 2, '--use: must be one of'],
  ['a blocklist of where one is', ['create', 'x', '--gateway', '0.0.0.0/0', '--use', 'blocklist'], 2, 'lock you out'],
  ['a name that is taken', ['create', 'LegacyIpZone', '--gateway', '192.0.2.1'], 2, 'already exists'],
  ['to take out what is not in it', ['update', 'LegacyIpZone', '--remove-gateway', '192.0.2.77'], 2, 'is no gateway'],
  [
    'two ways to say which',
    ['update', 'LegacyIpZone', '--gateway', '192.0.2.1', '--add-gateway', '192.0.2.2'],
    2,
    'names all of them',
  ],
  ['to change nothing', ['update', 'LegacyIpZone'], 2, 'nothing to change'],
  ['a zone that is not there', ['update', 'nowhere', '--name', 'x'], 6, 'nowhere'],
])('refuses %s, and makes nothing', async (_, words, exitCode, sentence) => {
  const before = (await org.ana.get('/api/v1/zones?limit=200')).text;
  const refused = await org.run(['zone', ...words]);
  expect(refused.exitCode, refused.stderr).toBe(exitCode);
  expect(refused.stderr).toContain(sentence);
  expect((await org.ana.get('/api/v1/zones?limit=200')).text).toBe(before);
});

it('says under --dry-run what would change, and changes nothing', async () => {
  const told = await org.run(['zone', 'update', 'LegacyIpZone', '--add-gateway', '192.0.2.5', '--dry-run', '--json']);
  expect(told.exitCode, told.stderr).toBe(0);
  expect(JSON.parse(told.stdout)).toMatchObject({ changes: [{ field: 'gateways', from: 'none', to: '192.0.2.5' }] });
  expect(await zoneNamed('LegacyIpZone')).toMatchObject({ gateways: null });
});

it('tries whether an address can be chosen: the proxy of these tests sets the header itself', async () => {
  const tried = await org.run(['zone', 'spoof-test']);
  expect(tried.exitCode, tried.stderr).toBe(0);
  expect(tried.stdout).toMatch(
    /ok\s+A request that claimed in X-Forwarded-For to come from 192\.0\.2\.\d+ was taken for/,
  );
  expect(tried.stdout).toContain('any process on this host may choose its client address');
  const told = JSON.parse((await org.run(['zone', 'spoof-test', '--json'])).stdout) as { canBeSpoofed: string };
  expect(told.canBeSpoofed).toBe('no');
  // The credential was not part of the lie.
  expect((await org.run(['whoami'])).exitCode).toBe(0);
});
