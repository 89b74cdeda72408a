import { chmodSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { ApiError, summaryOf } from '@sallyport/model/errors';
import { ZodError } from 'zod';
import type { DataFolder } from '../data-folder/open-data-folder.ts';
import type { Services } from '../services.ts';
import { OPERATIONS } from './operations.ts';

const MESSAGE_BYTES_MAX = 1024 * 1024;
const PROOF_NAME = /^proof-[0-9a-f]{32}$/;

interface Request {
  readonly proof: string;
  readonly operation: string;
  readonly args: unknown;
}

/**
 * Who is at the other end? Node does not show the peer's credentials, so the caller shows that it may write to the data
 * folder as the server's own user: it makes a file there, and the server looks at the owner of that file.
 */
const provesOwnUser = (folder: string, name: string): boolean => {
  if (!PROOF_NAME.test(name)) return false;
  const file = join(folder, name);
  try {
    const stat = lstatSync(file);
    return stat.isFile() && (stat.uid === process.geteuid?.() || stat.uid === 0);
  } catch {
    return false;
  } finally {
    rmSync(file, { force: true });
  }
};

/** What a refusal looks like to the command line. */
export const describeFailure = (error: unknown): { code: string; message: string; causes: readonly string[] } => {
  if (error instanceof ApiError)
    return {
      code: error.code,
      message: summaryOf(error.code, error.options.args ?? []),
      causes: error.options.causes ?? [],
    };
  if (error instanceof ZodError)
    return {
      code: 'E0000001',
      message: 'the arguments are wrong',
      causes: error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    };
  return { code: 'E0000009', message: error instanceof Error ? error.message : String(error), causes: [] };
};

const serve = async (s: Services, folder: string, line: string): Promise<string> => {
  try {
    const { proof, operation, args } = JSON.parse(line) as Request;
    if (!provesOwnUser(folder, proof)) throw new ApiError('E0000006');
    const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (run === undefined) throw new ApiError('E0000008');
    return JSON.stringify({ ok: true, result: await run(s, args) });
  } catch (error) {
    if (!(error instanceof ApiError)) s.logger.warn({ err: error }, 'a host operation failed');
    return JSON.stringify({ ok: false, error: describeFailure(error) });
  }
};

/** Listens on `<data>/control.sock`, mode 0600, one JSON line each way. */
export const startControlSocket = async (s: Services, folder: DataFolder): Promise<Server> => {
  if (existsSync(folder.controlSocket)) rmSync(folder.controlSocket);
  const server = createServer((socket: Socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MESSAGE_BYTES_MAX) socket.destroy();
      const end = text.indexOf('\n');
      if (end < 0) return;
      const line = text.slice(0, end);
      text = '';
      void serve(s, dirname(folder.controlSocket), line).then((answer) => socket.end(`${answer}\n`));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(folder.controlSocket, resolve);
  });
  chmodSync(folder.controlSocket, 0o600);
  return server;
};
