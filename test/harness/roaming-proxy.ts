import { createServer, request as httpRequest } from 'node:http';

/** The reverse proxy in front of the server. Whoever comes through it seems to come from `address`. */
export interface RoamingProxy {
  readonly origin: string;
  address: string;
  stop(): Promise<void>;
}

/** Forwards to a port on loopback; `Host` stays as the browser sent it, and bodies are streamed both ways. */
export const startRoamingProxy = async (port: number, serverPort: number, address: string): Promise<RoamingProxy> => {
  const server = createServer((request, response) => {
    const forwarded = httpRequest(
      {
        host: '127.0.0.1',
        port: serverPort,
        method: request.method,
        path: request.url,
        agent: false,
        headers: { ...request.headers, 'x-forwarded-for': proxy.address },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        // An event stream says nothing at first: its headers must not wait for a body.
        response.flushHeaders();
        answer.pipe(response);
        answer.once('error', () => response.destroy());
      },
    );
    forwarded.once('error', () => response.destroy());
    response.once('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
  const proxy: RoamingProxy = {
    origin: `http://localhost:${port}`,
    address,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return proxy;
};
