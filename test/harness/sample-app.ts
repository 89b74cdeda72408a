import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Somebody's admin application: it believes the headers it is sent, and says what it saw. */
export interface SampleApp {
  readonly port: number;
  /** Requests that reached it, WebSocket handshakes included. */
  readonly requests: number;
  /** TCP connections that were opened to it. */
  readonly connections: number;
  stop(): Promise<void>;
}
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Echoes each request as JSON; `/page` is a page, `/forbidden` the application's own 403, and upgrades are accepted. */
export const startSampleApp = async (): Promise<SampleApp> => {
  let requests = 0;
  let connections = 0;
  const upgraded = new Set<Socket>();
  const server = createServer((request, response) => {
    requests++;
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      if (url.startsWith('/page'))
        return response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<!doctype html><title>Sample</title><h1>Sample admin app</h1><p id="who"></p><p>${url}</p>`);
      const status = url === '/forbidden' ? 403 : 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ method, url, headers, body } satisfies Echo));
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', () => {
    connections++;
  });
  server.on('upgrade', (request, socket: Socket) => {
    requests++;
    upgraded.add(socket);
    const who = String(request.headers['sallyport-login'] ?? '');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSeen-Login: ${who}\r\n\r\n`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get requests() {
      return requests;
    },
    get connections() {
      return connections;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of upgraded) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
