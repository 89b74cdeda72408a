/** Keeps `packages/console/dist` equal to the console's sources. Plain JavaScript: it runs before Node 24 is there. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, ROOT } from './install.mjs';

const CONSOLE = join(ROOT, 'packages', 'console');
const STAMP = join(CONSOLE, 'dist', '.stamp');

const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile() && !path.endsWith('.test.ts'))
    .sort();

const wantedStamp = () => {
  const hash = createHash('sha256');
  const inputs = [
    join(ROOT, 'package-lock.json'),
    join(CONSOLE, 'vite.config.ts'),
    ...filesUnder(join(CONSOLE, 'src', 'admin')),
    ...filesUnder(join(CONSOLE, 'src', 'browser')),
    join(CONSOLE, 'src', 'ui', 'tokens.css'),
  ];
  for (const path of inputs) hash.update(path.slice(ROOT.length)).update('\0').update(readFileSync(path));
  return hash.digest('hex');
};

/** Builds if something changed; a few milliseconds if not. */
export const ensureBuilt = () => {
  const wanted = wantedStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  console.error('sallyport: building the Admin Console …');
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status, error } = spawnSync(node24(), [vite, 'build', '--logLevel', 'warn'], {
    cwd: CONSOLE,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`the build failed (${error?.message ?? `exit code ${status}`})`);
  writeFileSync(STAMP, wanted);
};
