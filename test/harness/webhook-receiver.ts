import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface WebhookReceiver {
  readonly url: string;
  readonly hooks: readonly ReceivedHook[];
  stop(): Promise<void>;
}

/** Whoever a webhook is sent to: keeps what comes, and answers as it is told to. */
export const startWebhookReceiver = (
  options: { readonly port?: number; readonly answer?: (body: string) => number } = {},
): Promise<WebhookReceiver> => {
  const hooks: ReceivedHook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const status = options.answer?.(body) ?? 204;
      if (status < 300) hooks.push({ headers: request.headers, body });
      response.writeHead(status, status === 302 ? { Location: 'http://127.0.0.1:1/' } : {}).end();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`,
        hooks,
        stop: () =>
          new Promise((done) => {
            server.closeAllConnections();
            server.close(() => done());
          }),
      }),
    );
  });
};
