/** The program that people start, whichever Node is theirs, and where it keeps what was compiled. */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/sallyport.mjs', import.meta.url));
const OF_MACHINE = ['/usr/local/bin/node', '/usr/bin/node'].find(existsSync);
const NOBODY = 65_534;

const folder = mkdtempSync(join(tmpdir(), 'sallyport-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each with a home of its own. */
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(folder, 'home-'));
});
const run = (node: string, ...words: string[]) =>
  spawnSync(node, [BIN, ...words], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home } });
const compiled = (): string[] => {
  const kept = join(home, '.cache', 'sallyport');
  return existsSync(kept) ? readdirSync(kept) : [];
};

describe.each([
  ['the Node of the lockfile', process.execPath],
  ...(OF_MACHINE === undefined ? [] : [['the Node of the machine', OF_MACHINE]]),
])('sallyport, started by %s', (_, node = '') => {
  it('runs, says nothing of its own, and ends as the verb does', () => {
    expect(run(node, '--version')).toMatchObject({ status: 0, stderr: '', stdout: '0.1.0\n' });
    const refused = run(node, 'request', 'list', '--url', 'http://localhost:1');
    expect(refused).toMatchObject({ status: 4, stdout: '' });
    expect(refused.stderr).toBe(
      'sallyport: error: not signed in to http://localhost:1\nhint: sallyport login --url http://localhost:1\n',
    );
    expect(run(node, 'nothing')).toMatchObject({ status: 2, stdout: '' });
  });

  it('keeps what was compiled in a folder of the person’s own', () => {
    expect(compiled()).toEqual([]);
    run(node, '--version');
    expect(compiled()).not.toEqual([]);
  });

  it('runs where nothing can be kept', () => {
    // A file, where a folder would be made.
    writeFileSync(join(home, '.cache'), '');
    expect(run(node, '--version')).toMatchObject({ status: 0, stderr: '' });
  });

  it.runIf(process.getuid?.() === 0)('reads nothing from, and writes nothing to, a folder of another user', () => {
    mkdirSync(join(home, '.cache', 'sallyport'), { recursive: true });
    chownSync(join(home, '.cache', 'sallyport'), NOBODY, NOBODY);
    expect(run(node, '--version').status).toBe(0);
    expect(compiled()).toEqual([]);
    // Nor through a link of theirs, wherever it leads.
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere);
    rmSync(join(home, '.cache', 'sallyport'), { recursive: true });
    symlinkSync(elsewhere, join(home, '.cache', 'sallyport'));
    lchownSync(join(home, '.cache', 'sallyport'), NOBODY, NOBODY);
    expect(run(node, '--version').status).toBe(0);
    expect(readdirSync(elsewhere)).toEqual([]);
    // Nor where only the home is theirs, as with `sudo` that keeps it.
    rmSync(join(home, '.cache'), { recursive: true });
    chownSync(home, NOBODY, NOBODY);
    expect(run(node, '--version').status).toBe(0);
    expect(compiled()).toEqual([]);
  });
});
