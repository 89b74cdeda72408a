import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LoopbackAnswer = { readonly kind: 'code'; readonly code: string } | { readonly kind: 'refused' };

/** Waits on this computer for the browser that comes back with a code (RFC 8252 §7.3). */
export interface LoopbackListener {
  readonly redirectUri: string;
  readonly answer: Promise<LoopbackAnswer>;
  /** Sends the browser that came on its way, and closes. */
  finish(location: string): Promise<void>;
}

const HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

const letters = (count: number): string => {
  let text = '';
  while (text.length < count)
    for (const byte of randomBytes(count)) if (byte < 240 && text.length < count) text += LETTERS[byte % 20];
  return text;
};

/** A fresh `state`: eight letters for people to compare, and 128 bits that nobody guesses. */
export const newState = (): string => letters(8) + randomBytes(16).toString('base64url');

const isSame = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

/**
 * Listens on 127.0.0.1 alone, for one GET of `/callback` with our `state`. Any page may make a browser knock here, so a
 * foreign Host (DNS rebinding), another path or another `state` is turned away, and the wait goes on.
 */
export const listenOnLoopback = async (state: string, port = 0): Promise<LoopbackListener> => {
  let resolveAnswer: (answer: LoopbackAnswer) => void;
  const answer = new Promise<LoopbackAnswer>((resolve) => {
    resolveAnswer = resolve;
  });
  let waiting: ServerResponse | null = null;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, HEADERS).end(`${text}\n`);
    };
    const url = URL.parse(request.url ?? '', origin);
    if (request.headers.host !== new URL(origin).host) return refuse(421, 'This is not for this host.');
    if (request.method !== 'GET' || url === null || url.pathname !== '/callback')
      return refuse(404, 'Nothing is here.');
    const one = (name: string): string | null => {
      const values = url.searchParams.getAll(name);
      return values.length === 1 ? (values[0] ?? null) : null;
    };
    if (!isSame(one('state') ?? '', state)) return refuse(400, 'This is not the answer that was asked for.');
    if (waiting !== null) return refuse(409, 'The answer is here already.');
    const code = one('code');
    if (code === null && one('error') === null) return refuse(400, 'There is no code.');
    waiting = response;
    resolveAnswer(code === null ? { kind: 'refused' } : { kind: 'code', code });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: `${origin}/callback`,
    answer,
    finish: (location) =>
      new Promise((resolve) => {
        server.close(() => resolve());
        const end = (): void => server.closeAllConnections();
        if (waiting === null) return end();
        waiting.writeHead(303, { ...HEADERS, Location: location, Connection: 'close' }).end('', end);
      }),
  };
};
