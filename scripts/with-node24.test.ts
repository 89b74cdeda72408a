import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The machine's own Node, as on a fresh clone, if there is one beside ours. */
const machineNode = ['/usr/local/bin/node', '/usr/bin/node'].find(existsSync) ?? process.execPath;

const start = (...args: string[]) =>
  spawn(machineNode, [join(import.meta.dirname, 'with-node24.mjs'), 'scripts/fixtures/report-and-wait.ts', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

describe('with-node24', () => {
  it('runs a TypeScript file under Node 24 or later, with its arguments, and leaves with its exit code', async () => {
    const child = start('7', '--x');
    const ended = once(child, 'exit');
    const [said] = await once(child.stdout, 'data');
    const { major, args } = JSON.parse(String(said));
    expect(major).toBeGreaterThanOrEqual(24);
    expect(args).toEqual(['7', '--x']);
    expect(await ended).toEqual([7, null]);
  });

  it('hands SIGTERM on and waits until the program has ended', async () => {
    const child = start('wait');
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toEqual([42, null]);
  });
});
