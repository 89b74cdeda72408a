import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainHead } from './read-plain-head.ts';
import { type GatewayHeader, noGatewayHeaders } from './request-head.ts';

const socket = new Socket();
const read = (text: string) => readPlainHead(Buffer.from(text, 'latin1'), socket);
const HOST = 'Host: a.example\r\n';
const get = (lines: string): string => `GET /gateway/nginx HTTP/1.1\r\n${lines}\r\n`;
/** What nginx sends with the files that we ship. */
const USUAL = get(
  `${HOST}Cookie: a=1; sallyport=x; b=2\r\nUser-Agent: Some Browser/1.0\r\nX-Forwarded-For: 192.0.2.1\r\nX-Original-URI: /a?b=c\r\n`,
);

describe('readPlainHead', () => {
  it('reads what nginx sends', () => {
    const head = read(USUAL);
    expect([head?.url, head?.end]).toEqual(['/gateway/nginx', USUAL.length]);
    expect(head?.headers).toEqual({
      ...noGatewayHeaders(),
      host: 'a.example',
      cookie: 'a=1; sallyport=x; b=2',
      'user-agent': 'Some Browser/1.0',
      'x-forwarded-for': '192.0.2.1',
      'x-original-uri': '/a?b=c',
    });
    expect(head?.rawHeaders.slice(0, 4)).toEqual(['host', 'a.example', 'cookie', 'a=1; sallyport=x; b=2']);
  });

  it('reads the first of several, and says where the next begins', () => {
    expect(read(USUAL + USUAL)?.end).toBe(USUAL.length);
    expect(read(`${USUAL}\0\0`)?.end).toBe(USUAL.length);
  });

  it('reads no half of a head', () => {
    for (let length = 0; length < USUAL.length; length++) expect(read(USUAL.slice(0, length))).toBeNull();
  });

  it.each([
    ['a length', get(`${HOST}Content-Length: 0\r\n`)],
    ['a body', `${get(`${HOST}Content-Length: 5\r\n`)}12345`],
    ['chunks', `${get(`${HOST}Transfer-Encoding: chunked\r\n`)}0\r\n\r\n`],
    ['both', get(`${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`)],
    ['a framing name in capitals', get(`${HOST}TRANSFER-ENCODING: chunked\r\n`)],
    ['an upgrade', get(`${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n`)],
    ['a connection that shall end', get(`${HOST}Connection: close\r\n`)],
    ['an expectation', get(`${HOST}Expect: 100-continue\r\n`)],
    ['a folded line', get(`${HOST}Cookie: a=1;\r\n sallyport=x\r\n`)],
    ['a folded first line', get(` ${HOST}`)],
    ['a blank before the colon', get(`${HOST}Content-Length : 5\r\n`)],
    ['a line without a colon', get(`${HOST}Cookie\r\n`)],
    ['a name that is empty', get(`${HOST}: x\r\n`)],
    ['a name that is no token', get(`${HOST}Coo(kie: x\r\n`)],
    ['a bare LF at the end of a line', get(`Host: a.example\nCookie: x\r\n`)],
    ['a bare LF at the end of the head', `GET / HTTP/1.1\r\nHost: a\r\n\n`],
    ['a bare CR in a value', get(`${HOST}Cookie: a\rb\r\n`)],
    ['a NUL in a value', get(`${HOST}Cookie: a\0b\r\n`)],
    ['a NUL in the path', `GET /gateway\0 HTTP/1.1\r\n${HOST}\r\n`],
    ['a delete character', get(`${HOST}Cookie: a\x7fb\r\n`)],
    ['two hosts', get(`${HOST}${HOST}`)],
    ['two hosts in two spellings', get(`${HOST}hOST: b.example\r\n`)],
    ['two forwarded hosts', get(`${HOST}X-Forwarded-Host: a\r\nX-Forwarded-Host: b\r\n`)],
    ['two cookie lines', get(`${HOST}Cookie: a=1\r\nCookie: b=2\r\n`)],
    ['two addresses', get(`${HOST}X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n`)],
    ['an empty line of a name and one with a value', get(`${HOST}Cookie:\r\nCookie: b=2\r\n`)],
    ['no host', get('Cookie: a=1\r\n')],
    ['no header at all', 'GET / HTTP/1.1\r\n\r\n'],
    ['another method', USUAL.replace('GET', 'POST')],
    ['a method in small letters', USUAL.replace('GET', 'get')],
    ['HTTP/1.0', USUAL.replace('HTTP/1.1', 'HTTP/1.0')],
    ['HTTP/1.2', USUAL.replace('HTTP/1.1', 'HTTP/1.2')],
    ['HTTP/0.9', 'GET /\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an absolute form', USUAL.replace('/gateway', 'http://b.example/gateway')],
    ['two blanks in the request line', USUAL.replace('GET /', 'GET  /')],
    ['a tab in the request line', USUAL.replace('GET /', 'GET\t/')],
    ['a blank line first', `\r\n${USUAL}`],
    ['bytes above 0x7e in the path', USUAL.replace('/gateway', '/gät')],
    ['more lines than anybody needs', get(HOST + 'X: 1\r\n'.repeat(100))],
    ['more bytes than anybody needs', get(`${HOST}Cookie: ${'a'.repeat(16_384)}\r\n`)],
  ])('leaves %s to node:http', (_what, text) => {
    expect(read(text)).toBeNull();
  });
});

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}
/** What `node:http` makes of the bytes: requests, and whether it found something wrong. */
const byNode = async (pieces: readonly Buffer[]): Promise<{ seen: Seen[]; isError: boolean }> => {
  const seen: Seen[] = [];
  let isError = false;
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const { method, url, headers } = request;
    let body = '';
    request.setEncoding('latin1').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      seen.push({ method, url, headers, body });
      response.end();
    });
  });
  server.on('clientError', (_error, client) => {
    isError = true;
    client.destroy();
  });
  const [mine, theirs] = duplexPair() as [Duplex, Duplex];
  server.emit('connection', theirs);
  mine.on('error', () => undefined).resume();
  const closed = new Promise<void>((resolve) => theirs.once('close', () => resolve()));
  for (const piece of pieces) mine.write(piece);
  mine.end();
  await closed;
  return { seen, isError };
};

const NEXT = 'GET /next HTTP/1.1\r\nHost: next\r\n\r\n';
const KNOWN = Object.keys(noGatewayHeaders()).filter((name) => name !== 'host');
const names = fc.constantFrom(...KNOWN, 'X-Other', 'Accept-Language');
const cased = fc.tuple(names, fc.boolean()).map(([name, isUpper]) => (isUpper ? name.toUpperCase() : name));
const character = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 4, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  { weight: 2, arbitrary: fc.constant(0x09) },
);
const value = fc.array(character, { maxLength: 30 }).map((codes) => String.fromCharCode(...codes));
const blanks = fc.constantFrom('', ' ', '\t', '  ');
const line = fc
  .tuple(cased, blanks, value, blanks)
  .map(([name, before, text, after]) => `${name}:${before}${text}${after}\r\n`);
const path = fc.stringMatching(/^\/[a-z/?=&%.~-]{0,20}$/);
const request = fc
  .tuple(
    path,
    fc.uniqueArray(line, { maxLength: 8, selector: (one) => one.slice(0, one.indexOf(':')).toLowerCase() }),
    fc.constantFrom(HOST, HOST, HOST, '', `${HOST}${HOST}`, `${HOST}Connection: close\r\n`),
  )
  .map(([url, lines, host]) => `GET ${url} HTTP/1.1\r\n${host}${lines.join('')}\r\n`);
/** A request with one byte put in, taken away or changed, where it hurts. */
const damaged = fc
  .tuple(
    request,
    fc.nat(),
    fc.constantFrom('\r', '\n', '\0', ' ', ':', '\t', '\x0b', '\x7f', 'a', ''),
    fc.nat({ max: 1 }),
  )
  .map(([text, where, what, cut]) => {
    const at = where % text.length;
    return text.slice(0, at) + what + text.slice(at + cut);
  });

const agree = async (text: string, cuts: readonly number[]): Promise<void> => {
  const bytes = Buffer.from(text + NEXT, 'latin1');
  const head = readPlainHead(bytes, socket);
  if (head === null) return;
  // However the bytes arrive, node:http reads the same request, without a body, and the next one begins where we say.
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b);
  const pieces = [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
  const { seen, isError } = await byNode(pieces.filter((piece) => piece.length > 0));
  const [first, ...others] = seen;
  expect([first?.method, first?.url, first?.body]).toEqual(['GET', head.url, '']);
  for (const name of Object.keys(head.headers) as GatewayHeader[])
    expect([name, first?.headers[name]]).toEqual([name, head.headers[name]]);
  const rest = bytes.subarray(head.end).toString('latin1');
  if (rest === NEXT) expect([others.map(({ url }) => url), isError]).toEqual([['/next'], false]);
  // A head may end early when it was damaged; what follows is then another request, or none.
  else expect(text + NEXT).toContain(rest);
};

describe('readPlainHead and node:http', () => {
  it('read the same', async () => {
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 3 });
    await fc.assert(fc.asyncProperty(request, cuts, agree), { numRuns: 400 });
  });
  it('read the same of what is damaged, or it is left to node:http', async () => {
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 3 });
    await fc.assert(fc.asyncProperty(damaged, cuts, agree), { numRuns: 1500 });
  });
  it('leaves nothing to node:http that is plain', () => {
    fc.assert(
      fc.property(path, fc.uniqueArray(fc.constantFrom(...KNOWN)), value, (url, some, text) => {
        const plain = `GET ${url} HTTP/1.1\r\n${HOST}${some.map((name) => `${name}: ${text}\r\n`).join('')}\r\n`;
        expect(read(plain)?.end).toBe(plain.length);
      }),
    );
  });
});
