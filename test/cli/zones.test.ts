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
