import { fork } from 'node:child_process';
import { benchAddress, benchToken, median } from './bench-sessions.ts';
import { httpLoad } from './http-load.ts';

export interface BenchReport {
  readonly title: string;
  /** One line a figure; ratios first, for those compare between machines. */
  readonly lines: readonly string[];
}

const STARTS = 7;
const SESSIONS = 100_000;
const COOKIES = 2_000;
const CONNECTIONS = 16;
const WARM_UP = 40_000;
const MEASURED = 80_000;

const file = (name: string): string => new URL(name, import.meta.url).pathname;
const message = <T>(child: ReturnType<typeof fork>): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  child.once('message', (value) => resolve(value as T));
  child.once('exit', (code) => reject(new Error(`child ended with ${code}`)));
  return promise;
};

const request = (headers: readonly string[]): Buffer =>
  Buffer.from(`GET /gateway/check HTTP/1.1\r\nHost: localhost\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`);
const session = (i: number): number => Math.imul(i, 7_919) % SESSIONS;
const SIGNED_IN = Array.from({ length: COOKIES }, (_, i) =>
  request([
    `X-Forwarded-For: ${benchAddress(session(i))}`,
    `Cookie: theme=dark; __Host-sid=${benchToken(session(i))}; lang=en`,
  ]),
);
const STRANGERS = Array.from({ length: COOKIES }, (_, i) =>
  request([
    `X-Forwarded-For: ${benchAddress(session(i))}`,
    `Cookie: theme=dark; __Host-sid=${benchToken(SESSIONS + i)}; lang=en`,
  ]),
);
const EMPTY = [request([])];

/** CPU microseconds per request of one fresh server process. */
const cpuPerRequest = async (kind: 'bare' | 'check', requests: readonly Buffer[], status: number): Promise<number> => {
  const child = fork(file('session-check-server.ts'), [kind, String(SESSIONS)]);
  try {
    const { port } = await message<{ port: number }>(child);
    const cpu = async (): Promise<number> => {
      child.send('cpu');
      const {
        cpu: { user, system },
      } = await message<{ cpu: NodeJS.CpuUsage }>(child);
      return user + system;
    };
    await httpLoad(port, requests, WARM_UP, CONNECTIONS, status);
    const before = await cpu();
    await httpLoad(port, requests, MEASURED, CONNECTIONS, status);
    return ((await cpu()) - before) / MEASURED;
  } finally {
    child.removeAllListeners('exit');
    child.kill();
  }
};

const inProcess = async (count: number): Promise<{ nanoseconds: number; bytesPerSession: number }> => {
  const runs = [];
  for (let i = 0; i < 3; i++)
    runs.push(
      await message<{ nanoseconds: number; bytesPerSession: number }>(
        fork(file('session-check-in-process.ts'), [String(count)], { execArgv: ['--expose-gc'] }),
      ),
    );
  return {
    nanoseconds: median(runs.map((run) => run.nanoseconds)),
    bytesPerSession: median(runs.map((run) => run.bytesPerSession)),
  };
};

/**
 * The session check against a bare `node:http` server that is sent the same bytes: fresh processes, interleaved,
 * medians. Cookies and addresses rotate, for a single one flatters the caches.
 */
export const benchSessionCheck = async (): Promise<BenchReport> => {
  const setups = {
    bare: ['bare', SIGNED_IN, 200],
    check: ['check', SIGNED_IN, 200],
    refusal: ['check', STRANGERS, 401],
    empty: ['bare', EMPTY, 200],
  } as const;
  const figures = { bare: [] as number[], check: [] as number[], refusal: [] as number[], empty: [] as number[] };
  for (let start = 0; start < STARTS; start++) {
    for (const name of ['bare', 'check', 'refusal', 'empty'] as const) {
      const [kind, requests, status] = setups[name];
      figures[name].push(await cpuPerRequest(kind, requests, status));
    }
  }
  const r = median(figures.bare);
  const spread = (list: readonly number[]): string =>
    `${median(list).toFixed(1)} µs (${Math.min(...list).toFixed(1)}-${Math.max(...list).toFixed(1)})`;
  const ratio = (list: readonly number[], base = r): string => (median(list) / base).toFixed(2);
  const [small, usual, large] = [await inProcess(1_000), await inProcess(SESSIONS), await inProcess(1_000_000)];
  const growth = (median(figures.check) + (large.nanoseconds - small.nanoseconds) / 1000) / median(figures.check);
  return {
    title: 'Session check',
    lines: [
      `forward-auth ${ratio(figures.check)}`,
      `forward-auth, unknown cookie ${ratio(figures.refusal)}`,
      `forward-auth against bare without any header ${ratio(figures.check, median(figures.empty))}`,
      `in-process ${(usual.nanoseconds / 1000 / r).toFixed(3)} (${Math.round(usual.nanoseconds)} ns, random session of 100k, cookie header to verdict)`,
      `growth of a request from 1k to 1M sessions ${growth.toFixed(3)} (${Math.round(small.nanoseconds)} ns to ${Math.round(large.nanoseconds)} ns in-process)`,
      `bytes per session ${Math.round(usual.bytesPerSession)} at 100k, ${Math.round(large.bytesPerSession)} at 1M (JS heap and external, every session of another person)`,
      `CPU per request: bare ${spread(figures.bare)}, check ${spread(figures.check)}, refusal ${spread(figures.refusal)}, bare without headers ${spread(figures.empty)}; ${STARTS} starts`,
    ],
  };
};
