/** The unix socket answers plain checks by itself: it must say what `node:http` says over TCP, to whatever is sent. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppPlace, AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const HOME = '198.51.100.10';
const SAME_ISP = '198.51.100.99';
const OTHER_ISP = '203.0.113.77';

let folder: string;
let path: string;
let server: TestServer;
let ana: Person;
let place: AppPlace;
let cookie: string;

const enter = async (): Promise<string> => {
  ana.cookie = null;
  ana.address = HOME;
  server.clock.advance(3);
  await ana.signIn();
  const me = new AppVisitor(ana, place);
  expect((await me.enter()).status).toBe(303);
  return `Cookie: sallyport=${me.cookie}\r\n`;
};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-socket-'));
  path = join(folder, 'gateway.sock');
  server = await startTestServer({ env: { SALLYPORT_GATEWAY_SOCKET: path } });
  ana = await signedInAdmin(server, HOME);
  place = await createAppAt(ana, 'Grafana', 'http://grafana.localhost:8081', server.url);
  cookie = await enter();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Way = 'tcp' | 'socket';
interface Line {
  /** Sends, one piece after the other, each when the server (in this process) has seen the one before. */
  send(...pieces: readonly Buffer[]): Promise<void>;
  end(): void;
  /** The answers so far, once there are `count` of them, or no more can come. */
  answers(count: number): Promise<readonly string[]>;
  readonly closed: Promise<void>;
  close(): void;
}

/** Whole answers at the beginning of what was received, each with its body. */
const split = (text: string): string[] => {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end === -1) return found;
    const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(text.slice(at, end)) ?? [];
    const next = end + 4 + Number(length);
    if (text.length < next) return found;
    found.push(text.slice(at, next));
    at = next;
  }
};
const open = (way: Way): Promise<Line> =>
  new Promise((resolve, reject) => {
    let text = '';
    let isOver = false;
    let wake = (): void => undefined;
    const port = Number(new URL(server.url).port);
    const client = connect(way === 'tcp' ? { port, host: '127.0.0.1', noDelay: true } : { path });
    client.setEncoding('latin1');
    client.on('data', (part) => {
      text += part;
      wake();
    });
    client.once('error', reject);
    const closed = new Promise<void>((over) =>
      client.once('close', () => {
        isOver = true;
        over();
        wake();
      }),
    );
    client.once('connect', () => {
      client.on('error', () => undefined);
      resolve({
        closed,
        async send(...pieces) {
          for (const piece of pieces) {
            // Who has an answer that ends the connection sends no more: a failed write would throw the answer away.
            if (isOver || /\r\nconnection: close\r\n|^HTTP\/1\.1 4[03][01] .*\r\nContent-Length/i.test(text)) return;
            await new Promise<void>((sent) => client.write(piece, () => sent()));
            for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next));
          }
        },
        end: () => client.end(),
        close: () => client.destroy(),
        async answers(count) {
          const isAll = (): boolean => isOver || split(text).length >= count;
          while (!isAll())
            await new Promise<void>((again) => {
              wake = again;
            });
          return split(text);
        },
      });
    });
  });

/** What differs from one answer to the next, and what belongs to the connection alone. */
const normal = (answer: string): string =>
  answer
    .replaceAll(/\r\n(date|connection|keep-alive|transfer-encoding): [^\r]*/gi, '')
    .replaceAll(/gw-[A-Za-z0-9]{20}/g, 'gw-…')
    .replaceAll(/oae[A-Za-z0-9]{17}/g, 'oae…')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uuid');

const ask = async (way: Way, ...pieces: readonly Buffer[]): Promise<string> => {
  const line = await open(way);
  await line.send(...pieces);
  const [answer = 'closed'] = await line.answers(1);
  line.close();
  return normal(answer);
};
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const cutAt = (whole: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [...new Set(cuts.map((cut) => cut % whole.length))].toSorted((a, b) => a - b).filter(Boolean);
  return [0, ...places].map((from, i) => whole.subarray(from, places[i] ?? whole.length));
};
/** The same answer by both ways; it. */
const same = async (text: string, cuts: readonly number[] = []): Promise<string> => {
  const pieces = cutAt(bytes(text), cuts);
  const [tcp, socket] = [await ask('tcp', ...pieces), await ask('socket', ...pieces)];
  expect(socket).toBe(tcp);
  return socket;
};

const from = (address: string): string => `X-Forwarded-For: ${address}\r\n`;
const host = (): string => `Host: ${place.host}\r\n`;
const check = (lines: string, url = '/gateway/nginx'): string => `GET ${url} HTTP/1.1\r\n${lines}\r\n`;
const good = (): string => check(host() + from(HOME) + cookie);
const status = (answer: string | undefined): number => Number(answer?.split(' ', 2)[1]);

describe('the unix socket of the gateway', () => {
  it('says what is said over TCP, to the byte', async () => {
    const yes = await same(good());
    expect(yes).toMatch(
      /^HTTP\/1\.1 200 OK\r\ncontent-length: 0\r\ncache-control: no-store\r\nsallyport-user: 00u\w+\r\nsallyport-login: ana@example\.org\r\nsallyport-name: Ana Admin\r\nsallyport-session: 102\w+\r\n\r\n$/,
    );
    const bare = (line: string): string => `HTTP/1.1 ${line}\r\ncontent-length: 0\r\ncache-control: no-store\r\n\r\n`;
    expect(await same(check(host() + from(HOME)))).toBe(bare('401 Unauthorized'));
    expect(await same(check(host() + from(HOME) + cookie.replace('\r\n', '; sallyport=x\r\n')))).toBe(
      bare('401 Unauthorized'),
    );
    expect(await same(check(`${host()}${from(HOME)}Cookie: sallyport=${'A'.repeat(43)}\r\n`))).toBe(
      bare('401 Unauthorized'),
    );
    expect(await same(check(`Host: evil.example\r\n${from(HOME)}${cookie}`))).toBe(
      'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\ncache-control: no-store\r\nsallyport-reference: app-unknown.gw-…\r\n\r\n',
    );
    const page = 'X-Original-Method: GET\r\nSec-Fetch-Mode: navigate\r\n';
    expect(await same(check(`${host()}${page}X-Original-URI: /d?a=b\r\n`, '/gateway/nginx/401'))).toBe(
      `HTTP/1.1 303 See Other\r\ncontent-length: 0\r\ncache-control: no-store\r\nlocation: http://${place.host}/.sallyport/start?rd=%2Fd%3Fa%3Db\r\n\r\n`,
    );
    const reference = `Sallyport-Reference: app-unknown.gw-${'a'.repeat(20)}\r\n`;
    expect(await same(check(`${host()}${page}${reference}`, '/gateway/nginx/403'))).toContain('\r\nlocation: ');
    expect(await same(check(host() + reference, '/gateway/nginx/403'))).toContain('\r\nsallyport-reference: gw-…');
  });

  it.each<readonly [string, () => string, number]>([
    ['a page of ours', () => check(host(), '/.sallyport/nothing'), 404],
    ['the server’s health', () => check('Host: localhost\r\n', '/healthz'), 200],
    ['another method', () => good().replace('GET', 'DELETE'), 200],
    ['a body', () => `${good().replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\n')}abc`, 200],
    [
      'a body that is a request',
      () => {
        const inner = good();
        return `${check(host() + from(HOME)).replace('\r\n\r\n', `\r\nContent-Length: ${inner.length}\r\n\r\n`)}${inner}`;
      },
      401,
    ],
    [
      'chunks',
      () => `${good().replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')}3\r\nabc\r\n0\r\n\r\n`,
      200,
    ],
    [
      'a length and chunks',
      () => `${good().replace('\r\n\r\n', '\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n')}0\r\n\r\n`,
      400,
    ],
    ['two lengths', () => good().replace('\r\n\r\n', '\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\n'), 400],
    ['a folded line', () => good().replace('X-Forwarded-For: ', 'X-Forwarded-For:\r\n '), 400],
    ['bare line feeds', () => good().replaceAll('\r\n', '\n'), 400],
    ['a bare carriage return', () => good().replace('sallyport=', 'a\rsallyport='), 400],
    ['a NUL', () => good().replace('sallyport=', 'a\0sallyport='), 400],
    ['a blank before a colon', () => good().replace('Cookie:', 'Cookie :'), 400],
    ['no host', () => check(from(HOME) + cookie), 400],
    ['two hosts, the second ours', () => check(`Host: evil.example\r\n${host()}${from(HOME)}${cookie}`), 403],
    ['two forwarded hosts', () => check(`${host()}X-Forwarded-Host: a\r\nX-Forwarded-Host: b\r\n${cookie}`), 403],
    ['two addresses in two lines', () => check(host() + from(HOME) + from('127.0.0.1') + cookie), 200],
    ['two cookie lines with the same name', () => check(host() + from(HOME) + cookie + cookie), 401],
    ['two cookie lines', () => check(`${host()}${from(HOME)}Cookie: a=1\r\n${cookie}`), 200],
    ['an absolute form', () => good().replace('/gateway', 'http://evil.example/gateway'), 404],
    ['HTTP/1.0', () => good().replace('HTTP/1.1', 'HTTP/1.0'), 200],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['more than sixteen kilobytes', () => check(`${host()}${from(HOME)}Cookie: ${'a=1; '.repeat(4_000)}\r\n`), 431],
    ['what is no HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('says what is said over TCP to %s, however it is cut', async (_what, text, expected) => {
    const answer = await same(text());
    expect([status(answer), answer.split('\r\n', 1)]).toEqual([expected, [expect.stringContaining(String(expected))]]);
    const { length } = text();
    for (const cuts of [[1], [length - 1], [length >> 1], [length >> 2, length >> 1, length - 2]])
      expect(await same(text(), cuts)).toBe(answer);
  });

  it('says the same to anything else', async () => {
    const piece = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '\0',
      ' ',
      '\t',
      ':',
      ';',
      'a',
      'Host: x\r\n',
      'Content-Length: 4\r\n',
      'Connection: close\r\n',
      'X-Forwarded-Host: y\r\n',
    );
    const change = fc.tuple(fc.nat(), piece, fc.nat({ max: 3 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 2 }),
        fc.array(fc.nat(), { maxLength: 2 }),
        async (changes, cuts) => {
          let text = good();
          for (const [where, what, cut] of changes) {
            const at = where % text.length;
            text = text.slice(0, at) + what + text.slice(at + cut);
          }
          // What never ends would be waited for; the end of another request ends it.
          await same(`${text}GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`, cuts);
        },
      ),
      { numRuns: 200 },
    );
    // An address that was damaged has ended it.
    cookie = await enter();
  });

  it('answers several in a row in their order, also when one has to be thought about', async () => {
    const mine = await enter();
    const line = await open('socket');
    const ofMine = (address: string): string => check(host() + from(address) + mine);
    await line.send(bytes(ofMine(HOME) + ofMine(SAME_ISP) + check(host() + from(HOME)) + ofMine(HOME)));
    expect((await line.answers(4)).map(status)).toEqual([200, 200, 401, 200]);
    await line.send(bytes(ofMine(HOME) + ofMine(OTHER_ISP) + ofMine(HOME)));
    // Roaming ended it: not one request that came behind in the same bytes passes.
    expect((await line.answers(7)).slice(4).map(status)).toEqual([200, 401, 401]);
    line.close();
    cookie = await enter();
  });

  it('keeps the connection of plain requests, and ends one that node:http took over with its answer', async () => {
    const line = await open('socket');
    for (let i = 1; i <= 5; i++) {
      await line.send(bytes(good()));
      expect((await line.answers(i)).map(status)).toEqual(Array.from({ length: i }, () => 200));
    }
    const half = bytes(good());
    await line.send(half.subarray(0, 40), half.subarray(40));
    const last = (await line.answers(6)).at(-1);
    expect([status(last), /\r\nconnection: close\r\n/i.test(last ?? '')]).toEqual([200, false]);
    await line.closed;
    const other = await open('socket');
    await other.send(bytes(good() + check('Host: localhost\r\n', '/healthz') + good()));
    const answers = await other.answers(3);
    // A request behind one that ends the connection is not answered (RFC 9112 §9.6).
    expect(answers.map(status)).toEqual([200, 200]);
    expect(answers[1]).toMatch(/\r\nconnection: close\r\n/i);
    await other.closed;
  });

  it('answers who closes its side after asking', async () => {
    const line = await open('socket');
    await line.send(bytes(good()));
    line.end();
    expect((await line.answers(1)).map(status)).toEqual([200]);
    await line.closed;
  });

  it('refuses a blocked network the same way, and lives on when nobody waits for the answer', async () => {
    const zone = {
      type: 'IP',
      name: 'Blocked',
      usage: 'BLOCKLIST',
      gateways: [{ type: 'RANGE', value: `${OTHER_ISP}-${OTHER_ISP}` }],
    };
    const made = await ana.call('POST', '/api/v1/zones', zone);
    expect(made.status, made.text).toBe(200);
    expect(await same(check(host() + from(OTHER_ISP) + cookie))).toContain('network-blocked.gw-…');
    expect(status(await same(good()))).toBe(200);
    const gone = await open('socket');
    await gone.send(bytes(good()));
    gone.close();
    await gone.closed;
    expect(status(await same(good()))).toBe(200);
    const { id } = made.body as unknown as { id: string };
    await ana.call('POST', `/api/v1/zones/${id}/lifecycle/deactivate`);
    expect((await ana.call('DELETE', `/api/v1/zones/${id}`)).status).toBe(204);
  });

  it('ends with the server, and leaves no file', async () => {
    const alone = await open('socket');
    await alone.send(bytes(good()));
    await alone.answers(1);
    await server.restart();
    await alone.closed;
    expect(existsSync(path)).toBe(true);
    expect(status(await same(good()))).toBe(200);
  });
});
