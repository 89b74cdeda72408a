import { lstatSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { SERVER_OPTIONS } from '../http/build-router.ts';
import { markLocalSocket } from '../http/read-client.ts';

/** Owner and group, nobody else: whoever may open the socket chooses the client address. */
const SOCKET_UMASK = 0o117;

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });

/** Takes away what an earlier run left; another server's socket, or a file that is none, is left alone. */
const clear = async (path: string): Promise<void> => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket()) throw new Error(`SALLYPORT_GATEWAY_SOCKET: ${path} exists and is no socket`);
  if (await isAnswered(path)) throw new Error(`SALLYPORT_GATEWAY_SOCKET: another server listens on ${path}`);
  rmSync(path);
};

/**
 * The same server on a unix socket, for a proxy on this host: no TCP between the two, and no address that anybody else
 * could speak from. Its peers count as a trusted proxy, hence mode 0660 from the first moment.
 */
export const listenOnSocket = async (main: Server, path: string): Promise<Server> => {
  await clear(path);
  const server = createServer(SERVER_OPTIONS, (request, response) => main.emit('request', request, response));
  server.on('connection', markLocalSocket);
  const before = process.umask(SOCKET_UMASK);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
      // The file is made in this call, so that it never exists with wider rights.
      process.umask(before);
    });
  } finally {
    process.umask(before);
  }
  return server;
};
