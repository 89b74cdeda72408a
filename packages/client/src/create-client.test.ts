import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { requestOf } from './client-request.ts';
import { type ClientOptions, createClient } from './create-client.ts';
import { curlLine } from './curl-line.ts';
import { nextPage } from './next-page.ts';
import { Refusal } from './refusal.ts';
import { Unreachable } from './unreachable.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const SECRET = 'sp_cli_secret';
const serve = async (
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  options: Partial<ClientOptions> = {},
) => {
  const started = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => answer(request, response, body));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return createClient({
    origin: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    credential: { scheme: 'Bearer', secret: SECRET },
    timeoutSeconds: 5,
    userAgent: 'test',
    ...options,
  });
};
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
};

describe('the request of a route', () => {
  it('has its places filled and encoded, and only the query that was given', () => {
    expect(requestOf('users.get', { params: { userId: 'a/../b?c#d' } })).toEqual({
      method: 'GET',
      path: '/api/v1/users/a%2F..%2Fb%3Fc%23d',
    });
    expect(requestOf('logs.list', { query: { filter: 'a eq "b c"', since: undefined } }).path).toBe(
      '/api/v1/logs?filter=a+eq+%22b+c%22',
    );
  });
  it('refuses what would name another route', () => {
    for (const userId of ['', '.', '..'])
      expect(() => requestOf('users.get', { params: { userId } })).toThrow(TypeError);
  });
  it('does not compile without what the row asks for', () => {
    // @ts-expect-error a place is missing
    expect(() => requestOf('users.get', {})).toThrow(TypeError);
    // @ts-expect-error the body is not the row's
    requestOf('sessionBinding.put', { body: { asnBinding: 'SOMETIMES', ipBinding: 'ENFORCED' } });
  });
});

describe('a download', () => {
  const path = { method: 'GET', path: '/file' };
  const bytesOf = async (parts: AsyncIterable<Uint8Array>): Promise<string> => {
    const all: Uint8Array[] = [];
    for await (const part of parts) all.push(part);
    return Buffer.concat(all).toString();
  };

  it('gives the bytes as they come, with the credential', async () => {
    let sendRest = (): void => undefined;
    const client = await serve((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/csv' });
      response.write(`${request.headers.authorization},`);
      sendRest = () => void response.end('rest');
    });
    const parts = client.download(path);
    const first = await parts.next();
    expect(Buffer.from(first.value as Uint8Array).toString()).toBe(`Bearer ${SECRET},`);
    sendRest();
    expect(await bytesOf(parts)).toBe('rest');
  });

  it('that is refused, is cut off or comes no further, is none', async () => {
    const refused = await serve((_, response) => json(response, 404, { errorCode: 'E0000007' }));
    await expect(bytesOf(refused.download(path))).rejects.toThrow(Refusal);
    const short = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('short', () => response.destroy());
    });
    await expect(bytesOf(short.download(path))).rejects.toThrow(Unreachable);
    const stalled = await serve((_, response) => void response.writeHead(200).write('a'), { timeoutSeconds: 0.05 });
    await expect(bytesOf(stalled.download(path))).rejects.toThrow(Unreachable);
  });
});

describe('the client', () => {
  it('sends the credential, the agent and the body, and gives the answer', async () => {
    const client = await serve((request, response, body) =>
      json(response, 200, {
        authorization: request.headers.authorization,
        agent: request.headers['user-agent'],
        background: request.headers['x-sallyport-background'],
        method: request.method,
        body: JSON.parse(body),
      }),
    );
    const modes = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' } as const;
    expect(await client.call('sessionBinding.put', { body: modes }, { isBackground: true })).toEqual({
      authorization: `Bearer ${SECRET}`,
      agent: 'test',
      background: '1',
      method: 'PUT',
      body: modes,
    });
  });

  it('makes an envelope a refusal, with all that helps', async () => {
    const client = await serve((_, response) =>
      json(
        response,
        403,
        {
          errorCode: 'E0000006',
          errorSummary: 'No',
          errorId: 'oae1',
          errorCauses: [{ errorSummary: 'because' }, null, { other: 1 }],
          sallyport: { kind: 'step_up_required' },
        },
        { 'Retry-After': '7' },
      ),
    );
    const error = await client.call('users.me', {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({
      status: 403,
      code: 'E0000006',
      message: 'No',
      errorId: 'oae1',
      causes: ['because'],
      sallyport: { kind: 'step_up_required' },
      retryAfterSeconds: 7,
    });
  });

  it('knows a page of somebody else, good or bad, as no answer of ours', async () => {
    for (const status of [200, 502]) {
      const client = await serve((_, response) => response.writeHead(status).end('<html>'));
      await expect(client.call('users.me', {})).rejects.toMatchObject({ name: 'Refusal', code: 'none', status });
      server?.close();
    }
  });

  it('follows no redirect: the secret goes nowhere else', async () => {
    const seen: string[] = [];
    const client = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    await expect(client.call('users.me', {})).rejects.toMatchObject({ status: 302 });
    expect(seen).toEqual(['/api/v1/users/me']);
  });

  it('tells nobody from a server that hangs', async () => {
    const silent = await serve(() => undefined, { timeoutSeconds: 0.05 });
    const late = await silent.call('users.me', {}).catch((caught: unknown) => caught);
    expect(late).toBeInstanceOf(Unreachable);
    expect(late).toMatchObject({ isTimeout: true });
    const half = await serve(
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write('{');
      },
      { timeoutSeconds: 0.05 },
    );
    await expect(half.call('users.me', {})).rejects.toBeInstanceOf(Unreachable);
    const client = await serve((_, response) => json(response, 200, {}));
    server?.close();
    server?.closeAllConnections();
    await expect(client.call('users.me', {})).rejects.toMatchObject({
      isTimeout: false,
      message: expect.stringContaining('nothing listens there') as string,
    });
  });

  it('goes through the pages, on the server that was chosen', async () => {
    const client = await serve((request, response) => {
      const after = new URL(request.url ?? '', 'http://x').searchParams.get('after');
      json(response, 200, [after ?? 'first'], {
        ...(after === 'b'
          ? {}
          : { Link: `<https://evil.example/api/v1/zones?after=${after === null ? 'a' : 'b'}>; rel="next"` }),
      });
    });
    const pages: unknown[] = [];
    for await (const page of client.pages('zones.list', {})) pages.push(page);
    expect(pages).toEqual([['first'], ['a'], ['b']]);
  });
});

describe('the next page', () => {
  it.each([
    [null, null],
    ['<https://h/a?x=1>; rel="self"', null],
    ['<https://h/a?x=1>; rel="self", <https://h/a?after=2,3>; rel="next"', '/a?after=2,3'],
    ['</a?b>; title="x"; rel=next', '/a?b'],
    ['<https://h/a>; rel="nextish"', null],
  ])('of %s is %s', (link, expected) => {
    expect(nextPage(link)).toBe(expected);
  });
});

describe('the line for curl', () => {
  it('has no secret, and survives a shell', () => {
    const request = requestOf('sessions.end', { params: { sessionId: "it's" } });
    expect(curlLine('http://h', { ...request, body: { a: "b'c" } }, 'Bearer')).toBe(
      `curl -sS -X DELETE -H "Authorization: Bearer $SALLYPORT_TOKEN" -H 'Accept: application/json' -H 'Content-Type: application/json' -d '{"a":"b'\\''c"}' 'http://h/api/v1/sessions/it'\\''s'`,
    );
  });
});
