import { lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { isLocalSocket, markLocalSocket } from '../http/read-client.ts';
import type { NginxCheck } from './nginx-check.ts';
import { servePlainConnection } from './plain-connection.ts';

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

export interface SocketListener {
  close(): void;
}

/**
 * A unix socket for a proxy on this host: no TCP between the two, and no address that anybody else could speak from. Its
 * peers count as a trusted proxy, hence mode 0660 from the first moment. The check is answered right there; all else is
 * the main server's, on the same connection (decision 14).
 */
export const listenOnSocket = async (path: string, check: NginxCheck, main: Server): Promise<SocketListener> => {
  await clear(path);
  const sockets = new Set<Socket>();
  // Half open, like `node:http`: who closes its side after asking still gets the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    markLocalSocket(socket);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    servePlainConnection(socket, check, main);
  });
  // A connection that `node:http` took over ends with its answer, so that the proxy keeps those that are fast.
  main.prependListener('request', (request, response) => {
    if (isLocalSocket(request.socket)) response.shouldKeepAlive = false;
  });
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
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
