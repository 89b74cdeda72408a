import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programEnv } from './program-env.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/cli/src/run.ts', import.meta.url));

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
export interface RunningCli {
  readonly child: ChildProcess;
  /** What it has said on stderr, once that matches. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same of stdout. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  readonly result: Promise<CliResult>;
}

const SECONDS_MAX = 30;

/** The command line as a program of its own, in pipes: no terminal, no colour, no question. */
export const startCli = (
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { input, cwd }: { input?: string; cwd?: string } = {},
): RunningCli => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...words], {
    env: { ...programEnv(), HOME: '/nonexistent', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.end(input ?? '');
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const hear = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    hear();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    hear();
  });
  const result = new Promise<CliResult>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`sallyport ${words.join(' ')} did not end: ${stdout} ${stderr}`));
    }, SECONDS_MAX * 1000);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      hear();
      resolve({ exitCode: code ?? (signal === 'SIGINT' ? 130 : 128), stdout, stderr });
    });
  });
  const until = (read: () => string, pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(read());
        if (match !== null) {
          listeners.delete(look);
          resolve(match);
        } else if (child.exitCode !== null) reject(new Error(`it ended without ${pattern}: ${stdout} ${stderr}`));
      };
      listeners.add(look);
      look();
    });
  return {
    child,
    result,
    said: (pattern) => until(() => stderr, pattern),
    printed: (pattern) => until(() => stdout, pattern),
  };
};
