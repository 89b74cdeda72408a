import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { openServices } from '../compose.ts';
import type { Config } from '../config/config.ts';
import { DataFolderError, openDataFolder } from '../data-folder/open-data-folder.ts';
import { describeFailure } from './control-socket.ts';
import { OPERATIONS } from './operations.ts';

export type HostAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: { code: string; message: string; causes: readonly string[] } };

const overSocket = (dataDir: string, operation: string, args: unknown): Promise<HostAnswer> =>
  new Promise((resolve, reject) => {
    const proof = `proof-${randomBytes(16).toString('hex')}`;
    const file = join(dataDir, proof);
    writeFileSync(file, '', { mode: 0o600 });
    const socket = createConnection(join(dataDir, 'control.sock'));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify({ proof, operation, args })}\n`));
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error) => {
      rmSync(file, { force: true });
      reject(error);
    });
    socket.on('close', () => {
      rmSync(file, { force: true });
      try {
        resolve(JSON.parse(text) as HostAnswer);
      } catch {
        reject(new Error('the server closed the control socket without an answer'));
      }
    });
  });

/** Runs a host operation: through the running server when there is one, else on the data folder itself. */
export const callHost = async (config: Config, operation: string, args: unknown): Promise<HostAnswer> => {
  let folder: ReturnType<typeof openDataFolder>;
  try {
    folder = openDataFolder(config.dataDir);
  } catch (error) {
    if (error instanceof DataFolderError && existsSync(join(config.dataDir, 'control.sock')))
      return overSocket(config.dataDir, operation, args);
    throw error;
  }
  const services = await openServices({ ...config, logLevel: 'error' }, folder);
  try {
    const run = OPERATIONS[operation];
    if (run === undefined) throw new Error(`there is no operation ${operation}`);
    return { ok: true, result: await run(services, args) };
  } catch (error) {
    return { ok: false, error: describeFailure(error) };
  } finally {
    await services.close();
    folder.release();
  }
};
