/** Break-glass accounts and webhooks from the command line. */
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breakGlass, registerSealedKey } from '../harness/break-glass.ts';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';
import { Person } from '../harness/person.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

let org: CliOrg;
let receiver: WebhookReceiver;
beforeAll(async () => {
  org = await startCliOrg({ SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32' });
  receiver = await startWebhookReceiver();
  expect((await org.login()).exitCode).toBe(0);
});
afterAll(async () => {
  await receiver.stop();
  await org.stop();
});

const LOGIN = 'glass@example.org';

it('is made with a page for the envelope, drilled, sealed anew and reviewed', async () => {
  expect((await org.run(['break-glass', 'create', LOGIN])).stderr).toMatch(/--primary/);
  const made = await org.run(['break-glass', 'create', LOGIN, '--primary', '198.51.100.0/24', '--print']);
  expect(made.exitCode, made.stderr).toBe(0);
  const [, secret = ''] = /Secret\s+(\S+)/.exec(made.stdout) ?? [];
  expect(made.stdout).toMatch(/Name\s+glass@example\.org/);
  const listed = await org.run(['break-glass', 'list']);
  expect(listed.stdout).toMatch(/glass@example\.org\s+not ready\s+0/);
  expect(listed.stdout).not.toContain(secret);
  const { account } = JSON.parse((await org.run(['break-glass', 'show', LOGIN, '--json=id'])).stdout) as {
    account: { id: string };
  };
  const keys = [createSoftAuthenticator(), createSoftAuthenticator()] as const;
  for (const [i, key] of keys.entries())
    expect((await registerSealedKey(org.ana, account.id, `Key ${i}`, key)).status).toBe(200);

  const drill = await org.run(['break-glass', 'drill', LOGIN]);
  expect(drill.exitCode, drill.stderr).toBe(0);
  expect(drill.stdout).toContain('1. open the envelope');
  const holder = new Person(org.server.url, LOGIN, '198.51.100.10', keys[0]);
  expect((await breakGlass(holder, secret)).status).toBe(200);
  await holder.call('DELETE', '/api/v1/sessions/me');
  const sealed = await org.run(['break-glass', 'rotate', LOGIN, '--yes', '--json=secret']);
  const next = (JSON.parse(sealed.stdout) as { account: { secret: string } }).account.secret;
  expect((await breakGlass(holder, secret)).status).toBe(401);
  expect(next).not.toBe(secret);
  expect((await org.run(['break-glass', 'uses', LOGIN])).stdout).toMatch(
    /drill\s+.*\s1\s+0\s+198\.51\.100\.10\s+0 of 1/,
  );
  expect((await org.run(['break-glass', 'review', LOGIN])).stderr).toMatch(/--note/);
  const reviewed = await org.run(['break-glass', 'review', LOGIN, '--note', 'It took us four minutes.']);
  expect(reviewed.stdout, reviewed.stderr).toBe('Signed. The review is closed.\n');
  expect((await org.run(['break-glass', 'review', LOGIN, '--note', 'Once more, to be sure.'])).exitCode).not.toBe(0);
  expect((await org.run(['break-glass', 'show', 'nobody@example.org'])).exitCode).not.toBe(0);
});

it('prints a page for each share, of which some open it, and says what does not fit', async () => {
  const login = 'shared@example.org';
  const create = ['break-glass', 'create', login, '--primary', '198.51.100.0/24'];
  expect((await org.run([...create, '--shares', '3'])).stderr).toMatch(/--shares and --needed/);
  expect((await org.run([...create, '--shares', '2', '--needed', '3'])).stderr).toMatch(/not that many shares/);
  const made = await org.run([...create, '--shares', '3', '--needed', '2', '--print']);
  expect(made.exitCode, made.stderr).toBe(0);
  const pages = made.stdout.split('cut here');
  expect(pages.map((page) => /share \w, \d of 3/.exec(page)?.[0])).toEqual([
    'share A, 1 of 3',
    'share B, 2 of 3',
    'share C, 3 of 3',
  ]);
  expect(pages.every((page) => page.includes('2 of the 3 shares, any of them'))).toBe(true);
  const shares = pages.map((page) => /Share\s+(\S+)/.exec(page)?.[1] ?? '');
  const { account } = JSON.parse((await org.run(['break-glass', 'show', login, '--json=id'])).stdout) as {
    account: { id: string };
  };
  const key = createSoftAuthenticator();
  expect((await registerSealedKey(org.ana, account.id, 'Safe', key)).status).toBe(200);
  const holder = new Person(org.server.url, login, '198.51.100.10', key);
  expect((await breakGlass(holder, `${shares[2]}\n${shares[0]}`)).status).toBe(200);
  const rotate = ['break-glass', 'rotate', login, '--yes'];
  const again = JSON.parse((await org.run([...rotate, '--json=secret,shares'])).stdout) as {
    account: { secret: null; shares: string[] };
  };
  expect([again.account.secret, again.account.shares.length]).toEqual([null, 3]);
  expect((await org.run([...rotate, '--whole', '--shares', '3', '--needed', '2'])).stderr).toMatch(/--whole/);
  const whole = JSON.parse((await org.run([...rotate, '--whole', '--json=secret'])).stdout) as {
    account: { secret: string };
  };
  expect((await breakGlass(holder, whole.account.secret)).status).toBe(200);
});

it('tests the alarm for real, and fails where one channel alone takes it', async () => {
  const none = await org.run(['break-glass', 'test-alarm']);
  expect([none.exitCode === 0, none.stderr]).toEqual([false, expect.stringMatching(/one channel alone, or none/)]);
  const made = await org.run(['webhook', 'create', 'siem', receiver.url]);
  expect(made.stdout, made.stderr).toMatch(/whsec_/);
  const test = await org.run(['webhook', 'test', 'siem']);
  expect(test.stdout, test.stderr).toBe('The test reached siem.\n');
  const alarm = await org.run(['break-glass', 'test-alarm', LOGIN]);
  expect(alarm.stdout).toBe('Sent to 0 people by mail, and to 1 webhooks.\n');
  expect(receiver.hooks.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
    'test',
    'break_glass.use',
  ]);
  expect((await org.run(['webhook', 'rotate', 'siem', '--overlap', '1'])).stdout).toMatch(/with the old one, too/);
  expect((await org.run(['webhook', 'list'])).stdout).toMatch(/siem\s+active\s+0/);
  expect((await org.run(['webhook', 'delete', 'siem', '--yes'])).exitCode).toBe(0);
  expect((await org.run(['webhook', 'test', 'siem'])).exitCode).not.toBe(0);
});
