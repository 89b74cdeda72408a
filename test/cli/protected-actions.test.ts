/** Protected actions from the command line: a real process, and a person who confirms, refuses, or is somebody else. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CliOrg, confirmStepUp, HOME_ADDRESS, STEP_UP, startCliOrg } from '../harness/cli-org.ts';
import { type RunningCli, startCli } from '../harness/cli-process.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { Person, reasonOf, send } from '../harness/person.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/src/run.ts', import.meta.url));
const ELSEWHERE = '203.0.113.77';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
});
afterAll(() => org.stop());
beforeEach(async () => {
  org.proxy.address = HOME_ADDRESS;
  org.ana.cookie = null;
  await org.ana.signIn();
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});

const idle = async (): Promise<number> =>
  Number((await org.ana.get('/api/v1/first-party-app-settings/admin-console')).body['sessionIdleTimeoutMinutes']);
const tokenOf = (): string => {
  const { servers } = JSON.parse(readFileSync(org.configFile, 'utf8')) as {
    servers: Record<string, { token: string }>;
  };
  return servers[org.proxy.origin]?.token ?? '';
};

let minutes = 15;
/** A change that asks for proof each time; each time another, so that it is one. */
const change = (...more: readonly string[]): string[] => {
  minutes += 1;
  return ['settings', 'set', '--console-idle', String(minutes), '--yes', ...more];
};
const asks = async (words: readonly string[]): Promise<{ cli: RunningCli; url: string; id: string; code: string }> => {
  const cli = startCli(words, org.env);
  const [, url = '', id = '', code = ''] = await cli.said(STEP_UP);
  return { cli, url, id, code };
};
/** A code of the right form that is not the one. */
const wrong = (code: string): string => (code.startsWith('B') ? 'CCCC-CCCC' : 'BBBB-BBBB');
const makeZone = async (name: string): Promise<string> => {
  const gateways = [{ type: 'CIDR', value: '192.0.2.0/24' }];
  const made = await org.ana.call('POST', '/api/v1/zones', { type: 'IP', name, gateways });
  expect(made.status, made.text).toBe(200);
  return String(made.body['id']);
};

describe('a command that asks for fresh proof', () => {
  it('says what it is for, waits without noise, and goes on with the same request when it is confirmed', async () => {
    const { cli, url, id, code } = await asks(change());
    expect(url).toBe(`${org.proxy.origin}/step-up/${id}`);
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    const read = await org.ana.get(`/sallyport/v1/proofs/${id}`);
    expect(read.body).toMatchObject({ status: 'ASKED', words: 'Change the lifetimes of admin sessions' });
    // Nothing that the browser reads lets a request pass.
    expect(read.text).not.toContain(code);
    expect(read.body['proof']).toBeUndefined();
    // As somebody types it.
    expect((await confirmStepUp(org.ana, id, code.toLowerCase().replace('-', ' '))).body).toEqual({ status: 'PROVED' });
    const { exitCode, stdout, stderr } = await cli.result;
    expect([exitCode, stdout]).toEqual([0, 'Changed.\n']);
    for (const noise of ['\r', '\u001b', 'left']) expect(stderr).not.toContain(noise);
    expect(await idle()).toBe(minutes);
  });

  it('opens the page in the browser, unless told not to', async () => {
    const opened = join(org.folder, 'opened');
    mkdirSync(join(org.folder, 'bin'), { recursive: true });
    const opener = join(org.folder, 'bin', 'xdg-open');
    writeFileSync(opener, `#!/bin/sh\necho "$1" >> '${opened}'\n`);
    chmodSync(opener, 0o755);
    const quiet = await asks(change('--no-browser'));
    await confirmStepUp(org.ana, quiet.id, quiet.code);
    expect((await quiet.cli.result).exitCode).toBe(0);
    expect(existsSync(opened)).toBe(false);
    const { cli, url, id, code } = await asks(change());
    await expect
      .poll(() => (existsSync(opened) ? readFileSync(opened, 'utf8') : ''), { timeout: 10_000 })
      .toBe(`${url}\n`);
    await confirmStepUp(org.ana, id, code);
    expect((await cli.result).exitCode).toBe(0);
  });

  it('changes nothing when it is refused in the browser: exit 3', async () => {
    const before = await idle();
    const { cli, id } = await asks(change());
    expect((await org.ana.call('DELETE', `/sallyport/v1/proofs/${id}`)).status).toBe(204);
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('refused, or cancelled\n  nothing was changed')]);
    expect(await idle()).toBe(before);
  });

  it('changes nothing when nobody confirms in time: exit 5', async () => {
    const before = await idle();
    const { cli, id, code } = await asks(change());
    await org.server.services.store.transaction((tx) =>
      tx
        .updateTable('actionProofs')
        .set({ expiresAt: Date.now() - 1 })
        .where('id', '=', id)
        .execute(),
    );
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('not confirmed in time\n  nothing was changed')]);
    expect(reasonOf(await confirmStepUp(org.ana, id, code))).toBe('proof-expired');
    expect(await idle()).toBe(before);
  });

  it('is cancelled by Ctrl-C: exit 130, and the link is worth nothing', async () => {
    const before = await idle();
    const { cli, id, code } = await asks(change());
    cli.child.kill('SIGINT');
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([130, expect.stringMatching(/interrupted\nNothing was changed\.\n$/)]);
    expect(reasonOf(await confirmStepUp(org.ana, id, code))).toBe('proof-cancelled');
    expect(await idle()).toBe(before);
  });

  it('does not keep an idle session alive by waiting', async () => {
    const status = async () => JSON.parse((await org.run(['status', '--json'])).stdout) as { idleEndsAt: string };
    const { cli, id } = await asks(change());
    const { idleEndsAt } = await status();
    const after = Date.now();
    // Three polls.
    await expect.poll(() => Date.now() - after, { timeout: 10_000 }).toBeGreaterThan(3000);
    expect((await status()).idleEndsAt).toBe(idleEndsAt);
    await org.ana.call('DELETE', `/sallyport/v1/proofs/${id}`);
    expect((await cli.result).exitCode).toBe(3);
  });

  it('counts down in a terminal, on one line', async () => {
    const env = Object.entries(org.env).map(([name, value]) => `${name}='${value}'`);
    const line = `${env.join(' ')} NO_COLOR=1 ${process.execPath} --disable-warning=ExperimentalWarning ${CLI} ${change('--no-browser').join(' ')}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const closed = once(child, 'close');
    await expect.poll(() => shown, { timeout: 20_000 }).toMatch(/\rWaiting for you to confirm: 4:5\d left/);
    const [, , id = '', code = ''] = new RegExp(STEP_UP.source.replaceAll('\\n', '\\r?\\n')).exec(shown) ?? [];
    await confirmStepUp(org.ana, id, code);
    await closed;
    expect(shown).not.toContain('\u001b');
    // The last of it is wiped before the answer is written.
    expect(shown).toMatch(/left\r +\r+Changed\.\r?\n$/);
  });
});

describe('without a person at hand', () => {
  it('exits with 5 at once, and says where to confirm; the command goes on with that proof later, once', async () => {
    const words = change('--no-input', '--json');
    const { exitCode, stdout, stderr } = await org.run(words);
    expect([exitCode, stderr]).toEqual([5, '']);
    const { error } = JSON.parse(stdout) as { error: { sallyport: { url: string; code: string; proofUrl: string } } };
    expect(error).toMatchObject({
      code: 'E0000092',
      sallyport: {
        kind: 'step_up_required',
        action: 'admin-console-settings.update',
        url: expect.stringMatching(/\/step-up\/\w+$/) as string,
        code: expect.any(String) as string,
        expiresAt: expect.any(String) as string,
      },
    });
    const id = error.sallyport.proofUrl.split('/').at(-1) ?? '';
    const early = await org.run([...words, '--proof', id]);
    expect(early.exitCode).toBe(5);
    expect(JSON.parse(early.stdout)).toMatchObject({ error: { code: 'proof_not_given' } });
    expect((await confirmStepUp(org.ana, id, error.sallyport.code)).status).toBe(200);
    // Another change than the one that was signed does not pass with it, and does not use it up.
    const other = await org.run(['settings', 'set', '--console-idle', '600', '--yes', '--no-input', '--proof', id]);
    expect([other.exitCode, other.stderr]).toEqual([3, expect.stringContaining('given for another request')]);
    const done = await org.run([...words, '--proof', id]);
    expect([done.exitCode, done.stderr]).toEqual([0, '']);
    expect(await idle()).toBe(minutes);
    const body = { sessionIdleTimeoutMinutes: minutes, sessionMaxLifetimeMinutes: 720 };
    const again = await org.run([
      'api',
      'PUT',
      '/api/v1/first-party-app-settings/admin-console',
      '--body',
      JSON.stringify(body),
      '--proof',
      id,
    ]);
    expect(again.exitCode).not.toBe(0);
  });

  it('goes on waiting for a proof that is not given yet', async () => {
    const words = change();
    const { stdout } = await org.run([...words, '--no-input', '--json']);
    const { error } = JSON.parse(stdout) as { error: { sallyport: { code: string; proofUrl: string } } };
    const id = error.sallyport.proofUrl.split('/').at(-1) ?? '';
    const cli = startCli([...words, '--proof', id], org.env);
    const confirmed = await confirmStepUp(org.ana, id, error.sallyport.code);
    expect(confirmed.status, confirmed.text).toBe(200);
    expect((await cli.result).exitCode).toBe(0);
  });
});

describe('several at once', () => {
  it('are confirmed by one touch; what one of them came to is said of that one', async () => {
    const ids = [await makeZone('one'), await makeZone('two'), await makeZone('three')];
    const { cli, id, code } = await asks(['zone', 'delete', 'one', 'two', 'three', 'one', '--yes', '--json']);
    const read = await org.ana.get(`/sallyport/v1/proofs/${id}`);
    expect(read.body).toMatchObject({ words: 'Delete the network zone one, two, three' });
    // One is gone before it is confirmed.
    await org.ana.call('DELETE', `/api/v1/zones/${ids[1]}`);
    await confirmStepUp(org.ana, id, code);
    const { exitCode, stdout, stderr } = await cli.result;
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ error: { deleted: [ids[0], ids[2]], failed: [ids[1]] } });
    expect(stderr.match(/fresh proof/g)).toHaveLength(1);
    expect((await org.ana.get('/api/v1/zones')).text).not.toMatch(/"(?:one|two|three)"/);
  });

  it('of which one would be refused are refused before anybody is asked, with why', async () => {
    const [free, used] = [await makeZone('free'), await makeZone('used')];
    const token = await org.ana.call('POST', '/api/v1/api-tokens', {
      name: 'holds it',
      purpose: 'x',
      network: { connection: 'ZONE', include: [used] },
    });
    expect(token.status, token.text).toBe(201);
    const { exitCode, stderr } = await org.run(['zone', 'delete', 'free', 'used', '--yes']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('delete the network zone used: ');
    expect(stderr).not.toContain('fresh proof');
    for (const id of [free, used]) expect((await org.ana.get(`/api/v1/zones/${id}`)).status).toBe(200);
    await org.ana.call('DELETE', `/api/v1/api-tokens/${String(token.body['id'])}`);
    for (const id of [free, used]) await org.ana.call('DELETE', `/api/v1/zones/${id}`);
  });

  it('pass as they were signed, and no other beside them', async () => {
    const [kept] = [await makeZone('kept'), await makeZone('four'), await makeZone('five')];
    const { cli, id, code } = await asks(['zone', 'delete', 'four', 'five', '--yes']);
    await confirmStepUp(org.ana, id, code);
    expect((await cli.result).stdout).toBe('Deleted four.\nDeleted five.\n');
    const more = await org.run(['api', 'DELETE', `/api/v1/zones/${kept}`, '--proof', id]);
    expect([more.exitCode, more.stderr]).toEqual([3, expect.stringMatching(/given for another request|expired/)]);
    expect((await org.ana.get(`/api/v1/zones/${kept}`)).status).toBe(200);
    await org.ana.call('DELETE', `/api/v1/zones/${kept}`);
  });
});

describe('an attacker', () => {
  it('who is somebody else finds nothing behind the link', async () => {
    const { cli, id, code } = await asks(change());
    const eve = await enrolPerson({ ...org.server, url: org.proxy.origin }, org.ana, 'eve@example.org', null);
    expect((await eve.get(`/step-up/${id}`)).status).toBe(404);
    expect((await confirmStepUp(eve, id, code)).status).toBe(404);
    expect((await eve.call('DELETE', `/sallyport/v1/proofs/${id}`)).status).toBe(404);
    expect((await org.ana.get(`/sallyport/v1/proofs/${id}`)).body['status']).toBe('ASKED');
    cli.child.kill('SIGINT');
    await cli.result;
  });

  it('in another network is refused, with the owner’s own key and code', async () => {
    const { cli, id, code } = await asks(change());
    // The command line itself stays where it is: it does not look while the proxy speaks for the attacker.
    cli.child.kill('SIGSTOP');
    org.proxy.address = ELSEWHERE;
    const away = new Person(org.proxy.origin, org.ana.login, ELSEWHERE, org.ana.key);
    await away.signIn();
    const page = await away.get(`/step-up/${id}`);
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('in another network')]);
    expect(reasonOf(await confirmStepUp(away, id, code))).toBe('proof-other-network');
    expect(reasonOf(await away.call('DELETE', `/sallyport/v1/proofs/${id}`))).toBe('proof-other-network');
    org.proxy.address = HOME_ADDRESS;
    cli.child.kill('SIGCONT');
    cli.child.kill('SIGINT');
    await cli.result;
  });

  it('who guesses the code has five tries, twenty at once among them; then the link is closed', async () => {
    const { cli, id, code } = await asks(change());
    const first = await confirmStepUp(org.ana, id, wrong(code));
    expect(first.body['sallyport']).toMatchObject({ reason: 'proof-code-wrong', triesLeft: 4 });
    await Promise.all(Array.from({ length: 20 }, () => confirmStepUp(org.ana, id, wrong(code))));
    expect((await cli.result).exitCode).toBe(3);
    expect(reasonOf(await confirmStepUp(org.ana, id, code))).toBe('proof-cancelled');
    // That session's proofs wait; its owner's sign-in does not.
    const locked = await org.run(change());
    expect([locked.exitCode, locked.stderr]).toEqual([8, expect.stringContaining('too many wrong proofs')]);
    expect((await org.ana.signIn()).status).toBe(200);
  });

  it('who sends the link to the owner has no use of a touch without the code', async () => {
    const { cli, id } = await asks(change());
    expect(reasonOf(await confirmStepUp(org.ana, id, ''))).toBe('proof-code-wrong');
    expect((await org.ana.get(`/sallyport/v1/proofs/${id}`)).body['status']).toBe('ASKED');
    cli.child.kill('SIGINT');
    await cli.result;
  });

  it('with another session of the same person’s command line cannot take the proof', async () => {
    const words = change('--no-input', '--json');
    const { error } = JSON.parse((await org.run(words)).stdout) as {
      error: { sallyport: { code: string; proofUrl: string } };
    };
    const id = error.sallyport.proofUrl.split('/').at(-1) ?? '';
    await confirmStepUp(org.ana, id, error.sallyport.code);
    const firstProfile = readFileSync(org.configFile, 'utf8');
    const token = tokenOf();
    const other = { XDG_CONFIG_HOME: join(org.folder, 'other') };
    mkdirSync(join(org.folder, 'other', 'sallyport'), { recursive: true });
    await org.login();
    writeFileSync(join(org.folder, 'other', 'sallyport', 'profiles.json'), readFileSync(org.configFile), {
      mode: 0o600,
    });
    writeFileSync(org.configFile, firstProfile);
    const taken = await org.run([...words, '--proof', id], other);
    expect(taken.exitCode).not.toBe(0);
    expect(taken.stdout).not.toContain('isApplied');
    // Signing in again ended the first: its proof is worth nothing either.
    expect((await org.run([...words, '--proof', id], { SALLYPORT_TOKEN: token })).exitCode).toBe(4);
    expect(await idle()).not.toBe(minutes);
  });

  it('gets nothing by a command line that was signed out meanwhile', async () => {
    const before = await idle();
    const { cli, id, code } = await asks(change());
    await send(org.proxy.origin, 'DELETE', '/api/v1/sessions/me', { Authorization: `Bearer ${tokenOf()}` });
    expect((await cli.result).exitCode).toBe(4);
    expect(reasonOf(await confirmStepUp(org.ana, id, code))).toBe('session-ended');
    const page = await org.ana.get(`/step-up/${id}`);
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('signed out')]);
    expect(await idle()).toBe(before);
  });

  it('gets nothing by a browser that was signed out meanwhile', async () => {
    const { cli, id, code } = await asks(change());
    const stale = org.ana.thief(HOME_ADDRESS);
    await org.ana.call('DELETE', '/api/v1/sessions/me');
    expect((await confirmStepUp(stale, id, code)).status).toBe(401);
    const page = await stale.get(`/step-up/${id}`);
    expect([page.status, page.headers['location']]).toEqual([303, `/sign-in?next=%2Fstep-up%2F${id}`]);
    // The command line was that browser's, and ended with it.
    expect((await cli.result).exitCode).toBe(4);
    await org.ana.signIn();
  });

  it('with another key gets nothing', async () => {
    const { cli, id, code } = await asks(change());
    const reply = await confirmStepUp(org.ana, id, code, createSoftAuthenticator()).catch((error: unknown) => error);
    expect(reply).toBeInstanceOf(Error);
    cli.child.kill('SIGINT');
    await cli.result;
  });
});

describe('what somebody else must approve', () => {
  const pipeline = async (): Promise<Record<string, string>> => {
    const made = await org.ana.call('POST', '/api/v1/api-tokens', {
      name: 'pipeline',
      purpose: 'for a pipeline',
      network: { connection: 'ANYWHERE' },
    });
    return { SALLYPORT_TOKEN: String(made.body['token']) };
  };
  /** As an approver's key would; how it comes to that is told in scenarios/approvals.test.ts. */
  const decide = (id: string, decision: 'APPROVED' | 'DENIED', decisionReason: string | null = null) =>
    org.server.services.store.transaction((tx) =>
      tx
        .updateTable('actionProofs')
        .set({ decision, decisionReason, decidedAt: Date.now() })
        .where('id', '=', id)
        .execute(),
    );
  const waiting = async (env: Record<string, string>): Promise<{ cli: RunningCli; words: string[]; id: string }> => {
    const words = change();
    const cli = startCli([...words, '--wait'], { ...org.env, ...env });
    const [, id = ''] = await cli.said(/They approve at \S+\/approvals\/(\w+)\.\n/);
    return { cli, words, id };
  };

  it('exits with 8 and the address where a token asked, and waits no longer than it was told', async () => {
    const env = await pipeline();
    const pending = await org.run(change('--json'), env);
    expect(pending.exitCode).toBe(8);
    expect(JSON.parse(pending.stdout)).toMatchObject({
      error: {
        code: 'E0000092',
        sallyport: {
          kind: 'approval_required',
          action: 'admin-console-settings.update',
          approvalUrl: expect.stringContaining('/approvals/') as string,
        },
      },
    });
    const waited = await org.run(change('--wait', '2s'), env);
    expect([waited.exitCode, waited.stderr]).toEqual([8, expect.stringContaining('They approve at http')]);
  });

  it('goes on when it is approved', async () => {
    const { cli, id } = await waiting(await pipeline());
    await decide(id, 'APPROVED');
    expect(await cli.result).toMatchObject({ exitCode: 0, stdout: 'Changed.\n' });
    expect(await idle()).toBe(minutes);
  });

  it('is done when it is denied: exit 3, with what they said', async () => {
    const { cli, id } = await waiting(await pipeline());
    await decide(id, 'DENIED', 'Not on a Friday');
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('it was denied\n  not on a Friday')]);
  });

  it('stays open at Ctrl-C, and is done later', async () => {
    const env = await pipeline();
    const { cli, words, id } = await waiting(env);
    cli.child.kill('SIGINT');
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining(`repeat this with --wait --proof ${id}`)]);
    expect((await org.run([...words, '--proof', id], env)).exitCode).toBe(8);
    await decide(id, 'APPROVED');
    expect((await org.run([...words, '--proof', id], env)).exitCode).toBe(0);
    expect(await idle()).toBe(minutes);
  });

  it('takes one’s own key first, and then somebody else', async () => {
    await enrolPerson({ ...org.server, url: org.proxy.origin }, org.ana, 'sam@example.org', 'SUPER_ADMIN');
    const set = ['protected-action', 'set', 'zone.delete', '--yes', '--second-person'];
    expect((await org.run([...set, 'on'])).exitCode).toBe(0);
    const zoneId = await makeZone('of two');
    const { cli, id, code } = await asks(['zone', 'delete', 'of two', '--yes', '--wait']);
    await confirmStepUp(org.ana, id, code);
    await cli.said(/Somebody else must approve it: Delete the network zone of two\.\nThey approve at /);
    expect((await org.ana.get(`/step-up/${id}`)).text).toContain('somebody else must approve');
    expect((await org.ana.get(`/api/v1/zones/${zoneId}`)).status).toBe(200);
    await decide(id, 'APPROVED');
    expect(await cli.result).toMatchObject({ exitCode: 0, stdout: 'Deleted of two.\n' });
    expect((await org.run([...set, 'off'])).exitCode).toBe(0);
  });
});

describe('the table of protected actions', () => {
  it('is not changed over somebody else’s change: exit 7', async () => {
    const { cli, id, code } = await asks(['protected-action', 'set', 'zone.create', '--every', '5m', '--yes']);
    const other = { isOn: true, maxAgeMinutes: 3, authenticator: 'DEVICE_BOUND', needsApproval: false };
    const put = await org.ana.call('PUT', '/sallyport/v1/protected-actions', { actions: { 'zone.update': other } });
    expect(put.status, put.text).toBe(200);
    await confirmStepUp(org.ana, id, code);
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([7, expect.stringContaining('somebody else changed')]);
    const list = await org.run(['protected-action', 'list', 'zone', '--json']);
    const { actions } = JSON.parse(list.stdout) as {
      actions: { action: string; setting: { maxAgeMinutes: number } }[];
    };
    expect(Object.fromEntries(actions.map(({ action, setting }) => [action, setting.maxAgeMinutes]))).toMatchObject({
      'zone.create': 0,
      'zone.update': 3,
    });
  });
});
