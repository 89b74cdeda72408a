#!/usr/bin/env node
// Runs on any Node from 20: finds the Node 24 that the lockfile brings and hands over. What Node compiled last time is kept,
// which halves the wait.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'run.ts');
const COMPILED = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport');

// Whoever owns that folder, or the first above it that exists, can lay code there for us to run: with `sudo -E` it is
// another user, in the shared temporary folder anybody. A link is its owner's, wherever it leads.
const isOurs = (folder) =>
  existsSync(folder) ? lstatSync(folder).uid === process.getuid?.() : isOurs(dirname(folder));
const keepsCompiled = () => {
  try {
    if (!isOurs(COMPILED)) return false;
    mkdirSync(COMPILED, { recursive: true, mode: 0o700 });
    // Once more: somebody may have been faster.
    return isOurs(COMPILED);
  } catch {
    return false;
  }
};

// Since 24.12 Node takes types away without a warning.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runsHere = major > 24 || (major === 24 && minor >= 12);

const node24 = () => {
  if (major >= 24) return process.execPath;
  try {
    const require = createRequire(import.meta.url);
    const binary = join(
      dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)),
      'bin',
      'node',
    );
    if (existsSync(binary)) return binary;
  } catch {
    // said below
  }
  process.stderr.write('sallyport: error: Node 24 or newer is needed\nhint: npm ci\n');
  process.exit(1);
};

if (runsHere) {
  if (keepsCompiled()) module.enableCompileCache(COMPILED);
  await import(PROGRAM);
} else {
  const child = spawnSync(node24(), ['--disable-warning=ExperimentalWarning', PROGRAM, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: keepsCompiled() ? { NODE_COMPILE_CACHE: COMPILED, ...process.env } : process.env,
  });
  process.exit(child.status ?? 130);
}
