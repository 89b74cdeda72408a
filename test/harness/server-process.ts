import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { send } from './person.ts';
import { programEnv } from './program-env.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
const HOST = fileURLToPath(new URL('../../packages/server/src/host/main.ts', import.meta.url));

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const READY_SECONDS_MAX = 30;

/** The server as a program of its own. Resolves when `/readyz` answers; how long that took is told. */
export const spawnServer = async (
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess & { readySeconds: number }> => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { ...programEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://localhost:${env['SALLYPORT_PORT'] ?? ''}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${output}`);
    const reply = await send(url, 'GET', '/readyz', {}).catch(() => null);
    if (reply?.status === 200) break;
    if ((performance.now() - startedAt) / 1000 > READY_SECONDS_MAX)
      throw new Error(`the server is not ready: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    url,
    child,
    output: () => output,
    readySeconds: (performance.now() - startedAt) / 1000,
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
};

/** A host operation as the command line runs it. */
export const runHost = (
  env: Readonly<Record<string, string>>,
  operation: string,
  args: Record<string, unknown>,
): Promise<{ ok: boolean; result: Record<string, unknown>; error?: { code: string; message: string } }> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', HOST, operation, JSON.stringify(args)],
      { env: { ...programEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let text = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => {
      const line = text.trim().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(line) as never);
      } catch {
        reject(new Error(`no answer: ${text} ${errors}`));
      }
    });
  });
