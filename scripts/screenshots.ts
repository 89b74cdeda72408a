/**
 * `npm run screenshots`: pictures of every page and state, wide and narrow, light and dark, into `.build/screenshots`.
 * They are taken by the tests of the pages in the browser, so that what is looked at is what is tested.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureDebianPackages } from './apt.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.build', 'screenshots');

rmSync(FOLDER, { recursive: true, force: true });
ensureDebianPackages();
const { status } = spawnSync(
  join(ROOT, 'node_modules', '.bin', 'vitest'),
  ['run', 'test/browser/', 'packages/console/src/pages/'],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, E2E_SHOTS: FOLDER, CONSOLE_SHOTS: FOLDER } },
);
const pictures = readdirSync(FOLDER).filter((name) => name.endsWith('.png'));
console.log(`${pictures.length} pictures in ${FOLDER}`);
process.exitCode = status ?? 1;
