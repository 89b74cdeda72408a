import { spawn } from 'node:child_process';
import { exitCodeOf } from './exit-codes.ts';
import { type Failure, printFailure } from './print.ts';

type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: Failure };

const HOST = new URL('../../server/src/host/main.ts', import.meta.url);

/** Runs an operation of the host in a program of its own and returns its answer. */
export const askHost = (operation: string, args: Record<string, unknown>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', HOST.pathname, operation, JSON.stringify(args)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', () => {
      const line = text.trim().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(line) as Answer);
      } catch {
        resolve({
          ok: false,
          error: { code: 'E0000009', message: 'the host program ended without an answer', causes: [] },
        });
      }
    });
  });

/** The result, or the refusal printed and the exit code set. */
export const runOnHost = async <T>(
  operation: string,
  args: Record<string, unknown>,
  isJson: boolean,
  hint: string | null = 'npx sallyport server doctor',
): Promise<T | null> => {
  const answer = await askHost(operation, args);
  if (answer.ok) return answer.result as T;
  printFailure(answer.error, isJson, hint);
  process.exitCode = exitCodeOf(answer.error.code);
  return null;
};
