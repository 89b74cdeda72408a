#!/usr/bin/env node
// Runs on any Node from 20: finds the Node 24 that the lockfile brings and hands over.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const node24 = () => {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
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
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts');
const child = spawnSync(node24(), ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(child.status ?? 130);
