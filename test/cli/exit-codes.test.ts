/** `sallyport help exit-codes`, row by row: each code is what a real command ends with. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../packages/cli/src/exit-codes.ts';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';
import { startCli } from '../harness/cli-process.ts';
import { freePort } from '../harness/test-server.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => org.stop());

const ended = async (line: string, env: Record<string, string> = {}): Promise<number> =>
  (await org.run(line.split(' '), env)).exitCode;

const WAYS: Readonly<Record<string, () => Promise<number>>> = {
  done: () => ended('whoami'),
  failed: async () => {
    // A row that somebody edited: the chain is broken, and the truth is not 0.
    const edited = await startCliOrg();
    try {
      await edited.login();
      await edited.server.services.store.transaction((tx) =>
        tx.updateTable('events').set({ body: '{}' }).where('seq', '=', 3).execute(),
      );
      const broken = await edited.run(['log', 'verify']);
      expect(broken.stdout).toContain('NOT verified');
      return broken.exitCode;
    } finally {
      await edited.stop();
    }
  },
  usage: () => ended('session list --state gone'),
  denied: () =>
    ended(
      `api POST /sallyport/v1/cli/authorizations --body ${JSON.stringify({
        redirectUri: 'http://127.0.0.1:4000/callback',
        state: `BCDFGHJK${'x'.repeat(22)}`,
        codeChallenge: 'x'.repeat(43),
        codeChallengeMethod: 'S256',
      })}`,
    ),
  notSignedIn: () => ended('whoami', { SALLYPORT_TOKEN: 'sp_cli_of-a-session-that-never-was' }),
  needsInput: () => ended('settings set --console-idle 20 --no-input'),
  notFound: () => ended('zone show nowhere'),
  conflict: () => {
    writeFileSync(join(org.folder, 'there.jsonl'), '');
    return ended('log export --out there.jsonl');
  },
  pending: () => ended('login --no-browser --wait 1'),
  unreachable: async () =>
    ended(`whoami --url http://127.0.0.1:${await freePort()}`, { SALLYPORT_TOKEN: 'x'.repeat(30) }),
  interrupted: async () => {
    const tail = startCli(['log', 'tail', '--json'], org.env);
    await tail.printed(/"eventType"/);
    tail.child.kill('SIGINT');
    const { exitCode, stdout } = await tail.result;
    // JSON Lines to the last one.
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ schemaVersion: 1 });
    return exitCode;
  },
};

describe('exit codes', () => {
  it('has a way to each', () => {
    expect(Object.keys(WAYS)).toEqual(Object.keys(EXIT));
  });
  it.each(Object.entries(EXIT))('%s is %i', async (name, code) => {
    expect(await WAYS[name]?.()).toBe(code);
  });
});
