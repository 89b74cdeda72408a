import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureBuilt } from './build-console.mjs';
import { ensureInstalled, node24, ROOT } from './install.mjs';

/** A failure to prepare is for the person at the terminal: one sentence, no stack. */
const prepare = (needsConsole) => {
  try {
    ensureInstalled();
    if (needsConsole) ensureBuilt();
    return node24();
  } catch (error) {
    console.error(`sallyport: ${error.message}`);
    process.exit(1);
  }
};

/**
 * Runs a file of this repository under Node 24 as if this process were it: same arguments, streams, signals and exit
 * code. Programs it starts find Node 24 and the locked tools first. `needsConsole` builds the Admin Console before.
 */
export const runNode24 = (file, args, { needsConsole = false } = {}) => {
  const program = prepare(needsConsole);
  const PATH = [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(program, ['--disable-warning=ExperimentalWarning', join(ROOT, file), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH },
  });
  // At a terminal Ctrl-C reaches the whole process group, and a second SIGINT would read as "leave at once".
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => {
    console.error(`sallyport: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
};
