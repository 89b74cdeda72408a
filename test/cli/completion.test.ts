/** Completion in a real shell, and what the scripts for the others hold. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPLETION_SCRIPTS } from '../../packages/cli/src/verbs/completion.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/run.ts', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-completion-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a program named sallyport first in the path. */
const asSallyport = (lines: string): void => {
  const path = join(folder, 'sallyport');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
};
/** What bash offers after these words, the last one being typed. */
const inBash = (...words: string[]): string[] => {
  const script = `${COMPLETION_SCRIPTS['bash']}
COMP_WORDS=(sallyport "$@")
COMP_CWORD=$#
_sallyport
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
};

describe('completion', () => {
  it('offers in bash what may follow, from the program itself', () => {
    asSallyport(`exec '${process.execPath}' --disable-warning=ExperimentalWarning '${MAIN}' "$@"`);
    expect(inBash('session', '')).toEqual(['list', 'show', 'revoke', 'help']);
    expect(inBash('session', 're')).toEqual(['revoke']);
    expect(inBash('zone', 'list', '--js')).toEqual(['--json']);
    expect(inBash('nothing', 'x')).toEqual([]);
    expect(inBash('completion', 'x')).toEqual([]);
  });
  it('never puts a name on the line that the shell would run or take apart', () => {
    asSallyport(`printf '%s\\n' '$(touch ran)' 'Head office' '*' '; touch ran' 'plain'`);
    expect(inBash('zone', 'show', '')).toEqual([
      '\\$\\(touch\\ ran\\)',
      'Head\\ office',
      '\\*',
      '\\;\\ touch\\ ran',
      'plain',
    ]);
    const found = spawnSync('ls', [folder], { encoding: 'utf8' }).stdout;
    expect(found.split('\n').filter((name) => name !== '')).toEqual(['sallyport']);
  });
  it('asks the program from every shell, with the words so far behind --', () => {
    expect(Object.keys(COMPLETION_SCRIPTS)).toEqual(['bash', 'zsh', 'fish', 'powershell']);
    for (const script of Object.values(COMPLETION_SCRIPTS)) {
      expect(script).toMatch(/sallyport complete (@next '--'|--) /);
      // No verb stands in a script: a new one needs no new script.
      expect(script).not.toMatch(/revoke|whoami|zone/);
    }
  });
  it('tells PowerShell’s empty word by an option, and quotes what is not plain', () => {
    const script = COMPLETION_SCRIPTS['powershell'] ?? '';
    expect(script).toContain('Register-ArgumentCompleter -Native -CommandName sallyport');
    expect(script).toContain("if ($wordToComplete -eq '') { @('--next') }");
    expect(script).toContain(String.raw`$_ -match '^[\w./:=-][\w./:@=-]*$'`);
    expect(script).toContain(`"'" + $_.Replace("'", "''") + "'"`);
    for (const [open, close] of ['{}', '()', '[]'])
      expect(script.split(open as string).length).toBe(script.split(close as string).length);
  });
});
