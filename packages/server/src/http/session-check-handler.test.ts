import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compileRanges } from '@sallyport/decide/address/address-range';
import { afterEach, describe, expect, it } from 'vitest';
import { CHECK, type CheckCode, codeOf } from '../sessions/check-result.ts';
import { SessionTable } from '../sessions/session-table.ts';
import { tokenHash } from '../sessions/token-hash.ts';
import { registry } from './metrics.ts';
import { createSessionCheckHandler, type OpenCheck, type SessionCheckOptions } from './session-check-handler.ts';

const NOW = 1_795_000_000_000;
const TOKEN = 'A'.repeat(43);

let server: Server | null = null;
afterEach(() => server?.close());

const tableAt = (address: string): SessionTable => {
  const table = new SessionTable();
  const isV6 = address.includes(':');
  table.insert(
    {
      id: '102aaaaaaaaaaaaaaaa1',
      userId: '00uaaaaaaaaaaaaaaaa1',
      isLocked: false,
      hasBoundKey: false,
      isProofOpen: false,
      createdAt: NOW,
      lastActivityAt: NOW,
      endsAt: NOW + 60_000,
      idleTimeoutSeconds: 30,
      baseline: { v4: isV6 ? null : address, v6: isV6 ? address : null, network: 'as64500', signInAddress: address },
      modes: { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' },
      console: null,
    },
    tokenHash(TOKEN),
  );
  return table;
};

interface Given {
  table?: SessionTable;
  isTrusted?: boolean;
  now?: number;
  judge?: SessionCheckOptions['onNeedsJudgement'];
  headerName?: SessionCheckOptions['headerName'];
  wantsConsole?: boolean;
}
/** Serves one table, and sends one request with the headers as they are given, in raw pairs. */
const ask = async (
  given: Given,
  ...headers: readonly (readonly [string, string])[]
): Promise<{ status: number | undefined; open: OpenCheck[]; body: string; cache: string | undefined }> => {
  const open: OpenCheck[] = [];
  const handler = createSessionCheckHandler({
    table: given.table ?? tableAt('192.0.2.10'),
    cookieName: 'sid',
    trusted: compileRanges(given.isTrusted === false ? [] : ['127.0.0.0/8']),
    headerName: given.headerName ?? 'x-forwarded-for',
    clock: { now: () => given.now ?? NOW + 1 },
    ...(given.wantsConsole === undefined ? {} : { wantsConsole: given.wantsConsole }),
    onNeedsJudgement: (check) => {
      open.push(check);
      return given.judge?.(check) ?? false;
    },
  });
  const running = createServer(handler);
  server = running;
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve));
  const { port } = running.address() as AddressInfo;
  const answer = Promise.withResolvers<{
    status: number | undefined;
    open: OpenCheck[];
    body: string;
    cache: string | undefined;
  }>();
  const sent = httpRequest(
    { port, host: '127.0.0.1', headers: ['Host', 'localhost', ...headers.flat()], agent: false },
    (response) => {
      let body = '';
      response
        .on('data', (chunk) => (body += chunk))
        .on('end', () =>
          answer.resolve({ status: response.statusCode, open, body, cache: response.headers['cache-control'] }),
        );
    },
  );
  sent.on('error', answer.reject).end();
  return answer.promise;
};
const COOKIE = ['Cookie', `a=1; sid=${TOKEN}`] as const;
const from = (address: string) => ['X-Forwarded-For', address] as const;

describe('the session check', () => {
  it('lets a session through at its address, and nothing is kept of the answer', async () => {
    const table = tableAt('192.0.2.10');
    expect(await ask({ table }, COOKIE, from('192.0.2.10'))).toEqual({
      status: 200,
      open: [],
      body: '',
      cache: 'no-store',
    });
    expect([...table.drainActivity()]).toEqual([
      { id: '102aaaaaaaaaaaaaaaa1', lastActivityAt: NOW + 1, consoleLastActivityAt: null },
    ]);
  });

  it.each([
    ['no cookie', []],
    ['another cookie', [['Cookie', 'side=1']]],
    ['an unknown token', [['Cookie', `sid=${'B'.repeat(43)}`]]],
    ['two session cookies', [['Cookie', `sid=${TOKEN}; sid=${TOKEN}`]]],
    ['two session cookies in two headers', [COOKIE, COOKIE]],
  ] as const)('answers %s with a bare 401, and asks nobody', async (_, headers) => {
    expect(await ask({ judge: () => true }, ...headers, from('192.0.2.10'))).toEqual({
      status: 401,
      open: [],
      body: '',
      cache: 'no-store',
    });
  });

  it('holds IPv6 by /64, through the long way', async () => {
    expect((await ask({ table: tableAt('2001:db8::1') }, COOKIE, from('2001:db8::2'))).status).toBe(200);
  });

  it('does not move the idle clock by polling', async () => {
    const table = tableAt('192.0.2.10');
    expect((await ask({ table }, COOKIE, from('192.0.2.10'), ['X-Sallyport-Background', '1'])).status).toBe(200);
    expect([...table.drainActivity()]).toEqual([]);
  });

  it('asks for the console where the gate wants it', async () => {
    const { status, open } = await ask({ wantsConsole: true }, COOKIE, from('192.0.2.10'));
    expect([status, open.map(({ result }) => codeOf(result))]).toEqual([401, [CHECK.CONSOLE_MISSING]]);
  });
});

describe('the client address', () => {
  it('is the peer where no proxy is trusted, whatever the header says', async () => {
    const { status, open } = await ask({ isTrusted: false }, COOKIE, from('192.0.2.10'));
    expect(status).toBe(401);
    expect(open.map(({ client }) => client.kind === 'known' && client.address.text)).toEqual(['127.0.0.1']);
    expect((await ask({ isTrusted: false, table: tableAt('127.0.0.1') }, COOKIE, from('192.0.2.10'))).status).toBe(200);
  });

  it('is not what a client wrote into the header before the proxy did', async () => {
    const { status, open } = await ask({}, COOKIE, from('192.0.2.10, 198.51.100.7'));
    expect(status).toBe(401);
    expect(open.map(({ client }) => client.kind === 'known' && client.address.text)).toEqual(['198.51.100.7']);
  });

  it('is the last one of several lines: some proxies add a line of their own in place of appending', async () => {
    expect((await ask({}, COOKIE, from('198.51.100.7'), from('192.0.2.10'))).status).toBe(200);
    expect((await ask({}, COOKIE, from('192.0.2.10'), from('198.51.100.7'))).status).toBe(401);
  });

  it('is not read from the header that is not configured', async () => {
    expect((await ask({ headerName: 'forwarded' }, COOKIE, from('192.0.2.10'))).status).toBe(401);
    expect((await ask({ headerName: 'forwarded' }, COOKIE, ['Forwarded', 'for=192.0.2.10'])).status).toBe(200);
  });

  it('in the other header is ignored and counted', async () => {
    const counted = async (): Promise<number> => {
      const metric = await registry.getSingleMetric('sallyport_ignored_forwarding_headers_total')?.get();
      return metric?.values[0]?.value ?? 0;
    };
    const before = await counted();
    expect((await ask({}, COOKIE, from('192.0.2.10'))).status).toBe(200);
    expect((await counted()) - before).toBe(0);
    expect((await ask({}, COOKIE, from('192.0.2.10'), ['Forwarded', 'for=198.51.100.7'])).status).toBe(200);
    expect((await counted()) - before).toBe(1);
    expect((await ask({ headerName: 'forwarded' }, COOKIE, from('192.0.2.10'))).status).toBe(401);
    expect((await counted()) - before).toBe(2);
  });

  it('that cannot be read goes to judgement as unknown', async () => {
    const { status, open } = await ask({}, COOKIE, from('nonsense'));
    expect([status, open[0]?.client.kind, open.map(({ result }) => codeOf(result))]).toEqual([
      401,
      'unknown',
      [CHECK.NEEDS_JUDGEMENT],
    ]);
  });
});

describe('what the table cannot pass', () => {
  const AWAY = from('198.51.100.7');

  const JUDGES: readonly (readonly [string, SessionCheckOptions['onNeedsJudgement'], number])[] = [
    ['true', () => true, 200],
    ['false', () => false, 401],
    ['true, later', () => Promise.resolve(true), 200],
    ['false, later', () => Promise.resolve(false), 401],
    [
      'an exception',
      () => {
        throw new Error('database');
      },
      503,
    ],
    ['a failure, later', () => Promise.reject(new Error('database')), 503],
  ];

  it.each(JUDGES)('judged %s', async (_, judge, status) => {
    const answer = await ask({ judge }, COOKIE, AWAY);
    expect(answer.status).toBe(status);
    expect(answer.open.map(({ client }) => client.kind === 'known' && client.address.text)).toEqual(['198.51.100.7']);
  });

  it('is told with its reason, also what has expired or was replaced', async () => {
    const codes = async (given: Given): Promise<CheckCode[]> =>
      (await ask(given, COOKIE, from('192.0.2.10'))).open.map(({ result }) => codeOf(result));
    expect(await codes({ now: NOW + 30_000 })).toEqual([CHECK.IDLE]);
    expect(await codes({ now: NOW + 60_000 })).toEqual([CHECK.LIFETIME_REACHED]);
    const table = tableAt('192.0.2.10');
    table.rotate('102aaaaaaaaaaaaaaaa1', tokenHash('next'), NOW);
    expect(await codes({ table })).toEqual([CHECK.TOKEN_SUPERSEDED]);
  });
});
