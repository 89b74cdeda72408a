/** API tokens from the command line: made, listed, rotated and ended by a person, whose key is asked each time. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliOrg, HOME_ADDRESS, startCliOrg } from '../harness/cli-org.ts';
import { send } from '../harness/person.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  expect((await org.login()).exitCode).toBe(0);
});
afterAll(() => org.stop());

const use = async (secret: string): Promise<number> =>
  (
    await send(org.server.url, 'GET', '/api/v1/users?limit=1', {
      Authorization: `SSWS ${secret.trim()}`,
      'X-Forwarded-For': HOME_ADDRESS,
    })
  ).status;

it('asks what it is for, from where, and why from anywhere, before anything is sent', async () => {
  for (const [words, hint] of [
    [['token', 'create', 'siem', '--zone', 'anywhere'], '--purpose'],
    [['token', 'create', 'siem', '--purpose', 'reads'], '--zone'],
    [['token', 'create', 'siem', '--purpose', 'reads', '--zone', 'anywhere'], '--reason'],
    [
      ['token', 'create', 'siem', '--purpose', 'reads', '--zone', 'anywhere', 'loopback', '--reason', 'x'],
      'stand alone',
    ],
    [['token', 'rotate', 'siem', '--overlap', '8d'], '--overlap'],
    [['token', 'list', '--show', 'strange'], '--show'],
  ] as const) {
    const refused = await org.run(words);
    expect([refused.exitCode, refused.stdout], words.join(' ')).toEqual([2, '']);
    expect(refused.stderr).toContain(hint);
  }
  expect((await org.run(['token', 'list', '--json'])).stdout).toContain('"tokens": []');
});

it('prints the secret alone on stdout, lists what is known, rotates with an overlap, and ends one secret and both', async () => {
  const made = await org.run([
    'token',
    'create',
    'siem',
    '--purpose',
    'reads the log',
    '--zone',
    'anywhere',
    '--reason',
    'moves about',
  ]);
  expect(made.exitCode, made.stderr).toBe(0);
  expect(made.stdout).toMatch(/^00\S+\n$/);
  expect(await use(made.stdout)).toBe(200);
  const list = await org.run(['token', 'list']);
  expect(list.stdout).toMatch(/siem +ana@example.org +anywhere/);
  expect(list.stderr).toContain('siem: works from anywhere; moves about');
  for (const { stdout, stderr } of [list, await org.run(['token', 'list', '--json'])])
    expect(stdout + stderr).not.toContain(made.stdout.trim());

  const rotated = await org.run(['token', 'rotate', 'siem', '--overlap', '2h', '--json']);
  expect(rotated.exitCode, rotated.stderr).toBe(0);
  const { secret } = JSON.parse(rotated.stdout) as { secret: string };
  expect([await use(made.stdout), await use(secret)]).toEqual([200, 200]);
  expect((await org.run(['token', 'show', 'siem'])).stdout).toMatch(/Old secret ends: +in/);
  expect((await org.run(['token', 'revoke', 'siem', '--old-secret', '--yes'])).exitCode).toBe(0);
  expect([await use(made.stdout), await use(secret)]).toEqual([401, 200]);

  const updated = await org.run(['token', 'update', 'siem', '--purpose', 'reads the log, still', '--zone', 'loopback']);
  expect(updated.exitCode, updated.stderr).toBe(0);
  expect(await use(secret)).toBe(401);
  expect((await org.run(['token', 'revoke', 'siem', '--no-input'])).exitCode).toBe(5);
  expect((await org.run(['token', 'revoke', 'siem', '--yes'])).exitCode).toBe(0);
  expect((await org.run(['token', 'show', 'siem'])).exitCode).not.toBe(0);
});

it('makes a token that belongs to a service account', async () => {
  const login = 'robot@example.org';
  const profile = { login, email: login, firstName: 'Ro', lastName: 'Bot' };
  const { id } = (await org.ana.call('POST', '/api/v1/users?activate=false', { profile })).body as unknown as {
    id: string;
  };
  const create = ['service-account', 'create-token', login, 'nightly', '--purpose', 'backs up'];
  const refused = await org.run([...create, '--zone', 'loopback']);
  expect([refused.exitCode === 0, refused.stdout]).toEqual([false, '']);
  expect(refused.stderr).toContain('Mark it as a service account first');
  expect((await org.run(['service-account', 'mark', login, '--yes'])).exitCode).toBe(0);
  expect((await org.ana.call('POST', `/api/v1/users/${id}/lifecycle/activate?sendEmail=false`)).status).toBe(200);
  await org.ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' });
  const made = await org.run([...create, '--zone', 'anywhere', '--reason', 'moves about']);
  expect(made.exitCode, made.stderr).toBe(0);
  expect(made.stdout).toMatch(/^00\S+\n$/);
  expect(made.stderr).toContain(`It has the rights of ${login} at each call.`);
  expect(await use(made.stdout)).toBe(200);
  const renewed = await org.run(['token', 'rotate', 'nightly', '--overlap', '0h']);
  expect(renewed.exitCode, renewed.stderr).toBe(0);
  expect([await use(made.stdout), await use(renewed.stdout)]).toEqual([401, 200]);
});
