/** A service app from the terminal: a key that only its file holds, scopes, a role, another key, and the end. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';
import { Machine, type MachineKey } from '../harness/machine.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  expect((await org.login()).exitCode).toBe(0);
});
afterAll(() => org.stop());

const ok = async (...words: readonly string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await org.run(words);
  expect(exitCode, stderr).toBe(0);
  return stdout;
};
const keyIn = (file: string): MachineKey => {
  const privateJwk = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  return { alg: 'RS256', privateJwk, publicJwk: { kid: privateJwk['kid'] } };
};

it('makes, empowers, rekeys and stops a machine', async () => {
  const file = join(org.folder, 'deploy.jwk.json');
  const refused = await org.run(['app', 'create-service', 'deploy', '--generate-key', file, '--zone', 'anywhere']);
  expect(refused.stderr).toContain('--reason');
  expect(() => statSync(file)).toThrow();
  const zone = ['--zone', 'anywhere', '--reason', 'its hosts have no fixed address'];
  const id = (await ok('app', 'create-service', 'deploy', '--generate-key', file, ...zone)).trim();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await org.run(['app', 'create-service', 'other', '--generate-key', file, ...zone]);
  expect(again.stderr).toContain('is not overwritten');
  expect(await ok('app', 'grant', 'add', 'deploy', 'okta.users.read')).toContain('Granted okta.users.read.');
  await ok('role', 'assign', 'READ_ONLY_ADMIN', '--to-app', 'deploy');

  const machine = new Machine(org.server, id, keyIn(file));
  const users = async (): Promise<number> => (await machine.call('GET', '/api/v1/users')).status;
  await machine.authenticate('okta.users.read');
  expect(await users()).toBe(200);
  const shown = await ok('app', 'show', 'deploy');
  for (const words of ['service app', 'anywhere', 'okta.users.read', 'Read-only Administrator'])
    expect(shown).toContain(words);
  const second = join(org.folder, 'second.jwk.json');
  await ok('app', 'key', 'add', 'deploy', '--generate-key', second);
  const secondKey = keyIn(second);
  const oldKid = String(machine.key.publicJwk['kid']);
  await ok('app', 'key', 'retire', 'deploy', oldKid, '--yes');
  expect(await ok('app', 'key', 'list', 'deploy')).toMatch(/retired/);
  expect(await users()).toBe(401);
  const renewed = await machine.askToken('okta.users.read', { assertion: machine.assertion({}, {}, secondKey) });
  machine.token = String(renewed.body['access_token']);
  expect(await users()).toBe(200);
  await ok('role', 'unassign', 'READ_ONLY_ADMIN', '--from-app', 'deploy', '--yes');
  expect(await users()).toBe(403);
  await ok('app', 'deactivate', 'deploy', '--yes');
  expect(await users()).toBe(401);
  const { apps } = JSON.parse(await ok('app', 'list', '--json')) as { apps: { label: string; status: string }[] };
  expect(apps.find(({ label }) => label === 'deploy')?.status).toBe('INACTIVE');
});
