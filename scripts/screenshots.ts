/**
 * `npm run screenshots -- --docs`: the pictures of docs/zero-standing-privilege.md, into `docs/images`.
 * `npm run screenshots`: pictures of every page and state, wide and narrow, light and dark, into `.build/screenshots`.
 * They are taken by the tests of the pages in the browser, so that what is looked at is what is tested.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureDebianPackages } from './apt.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.build', 'screenshots');

const run = (paths: readonly string[], env: Readonly<Record<string, string>>): number =>
  spawnSync(join(ROOT, 'node_modules', '.bin', 'vitest'), ['run', ...paths], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  }).status ?? 1;

ensureDebianPackages();
if (process.argv.includes('--docs'))
  process.exitCode = run(['test/browser/zero-standing.test.ts'], { STORY_PICTURES: join(ROOT, 'docs', 'images') });
else {
  rmSync(FOLDER, { recursive: true, force: true });
  process.exitCode = run(['test/browser/', 'packages/console/src/pages/'], {
    E2E_SHOTS: FOLDER,
    CONSOLE_SHOTS: FOLDER,
  });
  const pictures = readdirSync(FOLDER).filter((name) => name.endsWith('.png'));
  console.log(`${pictures.length} pictures in ${FOLDER}`);
}
