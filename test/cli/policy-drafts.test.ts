/** Drafts, publishing, confirming, history and tests of policies in a terminal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliOrg, startCliOrg } from '../harness/cli-org.ts';
import type { CliResult } from '../harness/cli-process.ts';

describe('policies in a terminal', () => {
  let org: CliOrg;
  beforeAll(async () => {
    org = await startCliOrg();
    expect((await org.login()).exitCode).toBe(0);
  });
  afterAll(() => org.stop());

  const run = (...words: string[]): Promise<CliResult> => org.run(words);
  const ok = async (...words: string[]): Promise<CliResult> => {
    const result = await run(...words);
    expect(result.exitCode, `${words.join(' ')}\n${result.stdout}${result.stderr}`).toBe(0);
    return result;
  };
  const json = async (...words: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await ok(...words, '--json')).stdout) as Record<string, unknown>;
  const CONSOLE = 'Admin Console';
  const DENY = { appSignOn: { access: 'DENY' } };

  it('a draft is begun, saved, compared and published, and waits for a sign-in that came after it', async () => {
    const shown = (await json('policy', 'show', CONSOLE)) as { rules: { id: string; system: boolean }[] };
    const file = join(org.folder, 'rules.json');
    const [first, ...others] = shown.rules;
    writeFileSync(file, JSON.stringify({ rules: [first, { name: 'Contractors', actions: DENY }, ...others] }));
    const made = (await json('policy', 'draft', 'create', CONSOLE, '--draft', file, '--note', 'contractors')) as {
      draft: { id: string; rules: { id: string }[] };
    };
    const id = made.draft.id;
    expect(made.draft.rules[0]?.id).toBe(first?.id);
    expect((await ok('policy', 'draft', 'list', CONSOLE)).stdout).toContain('contractors');
    expect((await ok('policy', 'diff', CONSOLE, id)).stdout).toContain('New rule “Contractors”: denies.');
    const looked = await ok('policy', 'publish', CONSOLE, id.slice(0, 8), '--dry-run');
    expect(looked.stdout).toContain('would end by itself after five minutes');
    expect((await ok('policy', 'show', CONSOLE)).stdout).not.toContain('Contractors');

    // Whoever cannot be asked says that they looked; what it would change is told in any case.
    const unasked = await run('policy', 'publish', CONSOLE, id, '--reason', 'CHG-7');
    expect([unasked.exitCode, unasked.stderr]).toEqual([5, expect.stringContaining('New rule “Contractors”: denies.')]);
    expect((await ok('policy', 'show', CONSOLE)).stdout).not.toContain('Contractors');

    const done = await ok('policy', 'publish', CONSOLE, id, '--reason', 'CHG-7', '--yes');
    expect(done.stdout).toContain('version 2 counts now.');
    expect(done.stdout).toContain('unless it is confirmed');
    expect(done.stdout).toContain('sallyport policy confirm');
    expect((await ok('policy', 'pending')).stdout).toContain('Sign in again first');
    // The session that published confirms nothing.
    const same = await run('policy', 'confirm');
    expect([same.exitCode, same.stderr]).toEqual([3, expect.stringContaining('sign in again first')]);
    // Nor does another that hangs on the same sign-in of the browser.
    org.server.clock.advance(5);
    await org.login();
    expect((await run('policy', 'confirm')).exitCode).toBe(3);
    org.ana.cookie = null;
    await org.ana.signIn();
    await org.login();
    expect((await ok('policy', 'confirm')).stdout).toContain('confirmed');
    org.server.clock.advance(400);
    expect((await ok('policy', 'show', CONSOLE)).stdout).toContain('Contractors');
    const history = await ok('policy', 'history', CONSOLE);
    expect(history.stdout).toMatch(/2 +counts .*ana@example\.org +Draft published +CHG-7/);
  });

  it('an earlier version is put back, and taken back at once', async () => {
    const back = await ok('policy', 'rollback', CONSOLE, '1', '--reason', 'too early');
    expect(back.stdout).toContain('“Contractors” is gone.');
    expect((await json('policy', 'pending'))['change']).toMatchObject({ state: 'WAITS' });
    await ok('policy', 'take-back');
    expect((await ok('policy', 'show', CONSOLE)).stdout).toContain('Contractors');
    expect((await ok('policy', 'pending')).stdout).toContain('what counted before counts again');
    expect((await run('policy', 'take-back')).exitCode).toBe(3);
    expect((await ok('policy', 'diff', CONSOLE, '1')).stdout).toContain('New rule “Contractors”');
    expect((await run('policy', 'rollback', CONSOLE, 'one')).exitCode).toBe(2);
  });

  it('tests are run by themselves and before each publication', async () => {
    await ok('policy', 'test', 'add', CONSOLE, 'passwords stay out', '--with', 'password', '--expect', 'step-up');
    expect((await ok('policy', 'test', 'run', CONSOLE)).stdout).toBe('passes  passwords stay out\n');
    const file = join(org.folder, 'deny.json');
    writeFileSync(file, JSON.stringify([{ name: 'nobody', actions: DENY }]));
    const made = (await json('policy', 'draft', 'create', CONSOLE, '--draft', file)) as { draft: { id: string } };
    const failing = await run('policy', 'test', 'run', CONSOLE, '--draft-id', made.draft.id);
    expect(failing.exitCode).toBe(1);
    expect(failing.stdout).toContain('FAILS  passwords stay out: expects asked for more. It is denied by “nobody”.');
    await ok('policy', 'test', 'delete', CONSOLE, 'passwords stay out');
    expect((await json('policy', 'test', 'list', CONSOLE))['tests']).toEqual([]);
    await ok('policy', 'draft', 'discard', CONSOLE, made.draft.id);
    expect((await run('policy', 'draft', 'show', CONSOLE, made.draft.id)).exitCode).toBe(6);
  });

  it('a policy is made of a file, changed by a part of one, turned off and deleted; what is wrong changes nothing', async () => {
    const written = (name: string, content: unknown): string => {
      const file = join(org.folder, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    };
    const settings = { password: { complexity: { minLength: 16 } } };
    const group = await org.ana.call('POST', '/api/v1/groups', { profile: { name: 'Contractors' } });
    const conditions = { people: { groups: { include: [String(group.body['id'])] } } };
    const whole = written('whole.json', { type: 'PASSWORD', name: 'Long ones', conditions, settings });
    const { policy } = (await json('policy', 'create', whole)) as { policy: { id: string } };
    const shown = (await ok('policy', 'show', 'Long ones')).stdout;
    expect(shown).toContain('at least 16 characters');

    for (const [name, content, says] of [
      ['none.json', '{', 'none.json'],
      ['list.json', [], 'holds no policy'],
      ['other.json', { type: 'ACCESS_POLICY' }, 'of another kind: ACCESS_POLICY, and not PASSWORD'],
    ] as const) {
      const refused = await run('policy', 'edit', 'Long ones', written(name, content));
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(says)]);
    }
    const short = written('short.json', { settings: { password: { complexity: { minLength: 2 } } } });
    expect((await run('policy', 'edit', 'Long ones', short)).exitCode).toBe(2);
    expect((await ok('policy', 'show', 'Long ones')).stdout).toBe(shown);
    expect((await run('policy', 'edit', 'Nothing like it', whole)).exitCode).toBe(6);

    // As it was printed, and a part of it: what the file does not say stays.
    const printed = written('printed.json', await json('policy', 'show', policy.id));
    await ok('policy', 'edit', policy.id, printed);
    expect((await ok('policy', 'show', 'Long ones')).stdout).toBe(shown);
    await ok('policy', 'edit', policy.id, written('part.json', { name: 'Longer ones' }));
    expect((await ok('policy', 'show', 'Longer ones')).stdout).toBe(shown.replace('Long ones', 'Longer ones'));

    expect((await run('policy', 'deactivate', 'Longer ones')).exitCode).toBe(5);
    await ok('policy', 'deactivate', 'Longer ones', '--yes');
    expect((await ok('policy', 'show', 'Longer ones')).stdout).toContain('INACTIVE');
    await ok('policy', 'activate', 'Longer ones');
    expect((await run('policy', 'delete', 'Longer ones')).exitCode).toBe(5);
    await ok('policy', 'delete', 'Longer ones', '--yes');
    expect((await run('policy', 'show', 'Longer ones')).exitCode).toBe(6);
  });

  it('a name that several policies have means none of them by chance', async () => {
    for (const words of [['show'], ['history'], ['draft', 'create']]) {
      const refused = await run('policy', ...words, 'Default Policy');
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('names 3 policies')]);
      expect(refused.stderr).toContain('(OKTA_SIGN_ON)');
    }
  });

  it('a draft whose policy moved on is refused in words, and brought up to date', async () => {
    const made = (await json('policy', 'draft', 'create', CONSOLE)) as {
      draft: { id: string; rules: { name: string }[] };
    };
    const file = join(org.folder, 'more.json');
    writeFileSync(file, JSON.stringify({ rules: [...made.draft.rules, { name: 'More', actions: DENY }] }));
    await ok('policy', 'draft', 'save', CONSOLE, made.draft.id, '--draft', file);
    await ok('policy', 'rollback', CONSOLE, '1');
    const late = await run('policy', 'publish', CONSOLE, made.draft.id, '--yes');
    expect([late.exitCode, late.stderr]).toEqual([
      7,
      expect.stringContaining('was changed since this draft was begun'),
    ]);
    await ok('policy', 'draft', 'rebase', CONSOLE, made.draft.id, '--keep', 'draft');
    await ok('policy', 'publish', CONSOLE, made.draft.id, '--yes');
    expect((await ok('policy', 'show', CONSOLE)).stdout).toContain('More');
  });
});
