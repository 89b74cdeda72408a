import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchToken, median } from './bench-sessions.ts';
import { httpLoad } from './http-load.ts';
import type { BenchReport } from './session-check.ts';

const STARTS = 7;
const SESSIONS = 100_000;
const COOKIES = 2_000;
const CONNECTIONS = 16;
const WARM_UP = 15_000;
/** All setups of a start are up together and take turns, so that what else the machine does meets each alike. */
const TURNS = 10;
const TURN = 4_000;

/** Cookies and headers of a browser; the same bytes to every server. */
const REQUESTS = Array.from({ length: COOKIES }, (_, i) => {
  const session = Math.imul(i, 7_919) % SESSIONS;
  return Buffer.from(
    `GET /api/things?page=${i} HTTP/1.1\r\nHost: admin.example.org\r\nUser-Agent: bench\r\nAccept: */*\r\nCookie: theme=dark; __Host-sallyport=${benchToken(session)}; lang=en\r\n\r\n`,
  );
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
const message = <T>(child: ChildProcess): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onExit = (code: number | null): void => reject(new Error(`child ended with ${code}`));
  child.once('exit', onExit);
  child.once('message', (value) => resolve(value as T));
  return promise.finally(() => child.off('exit', onExit));
};

/** Microseconds that a process and its children have run (Linux): `schedstat` counts nanoseconds, not ticks. */
const cpuOf = (pid: number): number => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1000 + children.reduce((sum, child) => sum + cpuOf(Number(child)), 0);
};

interface Nginx {
  readonly pid: number;
  stop(): Promise<void>;
}
const startNginx = async (
  port: number,
  http: string,
  includes: readonly { name: string; text: string }[] = [],
): Promise<Nginx> => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-nginx-'));
  for (const { name, text } of includes) writeFileSync(join(folder, name), text);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log error;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 10000000;
  ${paths.join('\n  ')}
${http}
}
`,
  );
  const child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!(await isOpen(port))) {
    if (isOver) throw new Error('nginx did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    pid: child.pid as number,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const static_ = (port: number): string => `  server { listen 127.0.0.1:${port}; location / { return 204; } }`;
const plain = (port: number, upstream: number): string => `
  upstream app { server 127.0.0.1:${upstream}; keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }`;

/** A server under load, and what all processes behind it have used. */
interface Setup {
  readonly port: number;
  readonly status: number;
  /** CPU microseconds by process, from the start on. */
  cpu(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** All threads of a Node child. */
const cpuOfChild = async (child: ChildProcess): Promise<number> => {
  child.send('cpu');
  const { cpu } = await message<{ cpu: NodeJS.CpuUsage }>(child);
  return cpu.user + cpu.system;
};

const bare = async (): Promise<Setup> => {
  const child = fork(new URL('session-check-server.ts', import.meta.url).pathname, ['bare', '0']);
  const { port } = await message<{ port: number }>(child);
  return {
    port,
    status: 200,
    cpu: async () => ({ node: await cpuOfChild(child) }),
    stop: async () => child.disconnect(),
  };
};

const withoutGuard = async (): Promise<Setup> => {
  const [upstream, port] = [await freePort(), await freePort()];
  const app = await startNginx(upstream, static_(upstream));
  const proxy = await startNginx(port, plain(port, upstream));
  return {
    port,
    status: 204,
    cpu: async () => ({ application: cpuOf(app.pid), nginx: cpuOf(proxy.pid) }),
    async stop() {
      await proxy.stop();
      await app.stop();
    },
  };
};

interface CheckServer {
  readonly port: number;
  readonly snippet: string;
  readonly includes: readonly { name: string; text: string }[];
}

/** The files that we ship and the snippet that the server prints; TLS, which costs the same with and without, left out. */
const withGuard = async (way: 'tcp' | 'socket'): Promise<Setup> => {
  const [upstream, port] = [await freePort(), await freePort()];
  const app = await startNginx(upstream, static_(upstream));
  const check = fork(new URL('nginx-check-server.ts', import.meta.url).pathname, [
    String(SESSIONS),
    `127.0.0.1:${upstream}`,
  ]);
  const { port: checkPort, snippet, includes } = await message<CheckServer>(check);
  const http = snippet
    .replace(/ssl_certificate.*\n/g, '\n')
    .replace(/listen .*;/, `listen 127.0.0.1:${port};`)
    .replace(/server (unix:\S+);/, way === 'tcp' ? `server 127.0.0.1:${checkPort};` : 'server $1;');
  const proxy = await startNginx(port, http, includes);
  return {
    port,
    status: 204,
    cpu: async () => ({ application: cpuOf(app.pid), nginx: cpuOf(proxy.pid), sallyport: await cpuOfChild(check) }),
    async stop() {
      await proxy.stop();
      await app.stop();
      check.disconnect();
    },
  };
};

const SETUPS = {
  bare,
  plain: withoutGuard,
  tcp: () => withGuard('tcp'),
  socket: () => withGuard('socket'),
};
type SetupName = keyof typeof SETUPS;
type Figures = Readonly<Record<string, number>>;

const sum = (figures: Figures): number => Object.values(figures).reduce((total, one) => total + one, 0);

/** CPU microseconds per request and process of one setup, of a start of all of them. */
const measureStart = async (names: readonly SetupName[]): Promise<Map<SetupName, Figures>> => {
  const setups = new Map<SetupName, Setup>();
  const figures = new Map<SetupName, Record<string, number>>();
  try {
    for (const name of names) setups.set(name, await SETUPS[name]());
    for (const { port, status } of setups.values()) await httpLoad(port, REQUESTS, WARM_UP, CONNECTIONS, status);
    for (let turn = 0; turn < TURNS; turn++)
      for (const [name, { port, status, cpu }] of setups) {
        const before = await cpu();
        await httpLoad(port, REQUESTS, TURN, CONNECTIONS, status);
        const total = figures.get(name) ?? {};
        for (const [process, after] of Object.entries(await cpu()))
          total[process] = (total[process] ?? 0) + (after - (before[process] ?? 0)) / (TURNS * TURN);
        figures.set(name, total);
      }
  } finally {
    for (const setup of setups.values()) await setup.stop();
  }
  return figures;
};

/**
 * What our guard adds to nginx's full path (proxy to a static application over kept connections): CPU of all processes,
 * with the shipped files less without them, in units of a bare `node:http` server of the same start.
 */
export const benchNginx = async (): Promise<BenchReport> => {
  const title = 'nginx auth_request';
  if (!existsSync('/usr/sbin/nginx')) return { title, lines: ['not measured: there is no nginx here'] };
  const names = Object.keys(SETUPS) as SetupName[];
  const starts: Map<SetupName, Figures>[] = [];
  for (let start = 0; start < STARTS; start++) starts.push(await measureStart(names));
  const of = (name: SetupName): Figures[] => starts.map((start) => start.get(name) ?? {});
  const range = (values: readonly number[], digits: number): string =>
    `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)})`;
  const added = (name: SetupName): string =>
    range(
      starts.map((start) => {
        const [guarded, unguarded, unit] = ([name, 'plain', 'bare'] as const).map((one) => sum(start.get(one) ?? {}));
        return ((guarded ?? Number.NaN) - (unguarded ?? Number.NaN)) / (unit ?? Number.NaN);
      }),
      2,
    );
  const spread = (name: SetupName): string => {
    const processes = Object.keys(of(name)[0] ?? {});
    const parts = processes.map(
      (one) => `${one} ${median(of(name).map((start) => start[one] ?? Number.NaN)).toFixed(1)}`,
    );
    return `${range(of(name).map(sum), 1)} µs${parts.length < 2 ? '' : `: ${parts.join(', ')}`}`;
  };
  return {
    title,
    lines: [
      `added to nginx's full path, unix socket ${added('socket')}`,
      `added to nginx's full path, TCP ${added('tcp')}`,
      `median of ${STARTS} starts, and their range; in each start all setups take turns of ${TURN} requests. ${SESSIONS} sessions`,
      ...(
        [
          ['bare node:http', 'bare'],
          ['nginx without guard', 'plain'],
          ['guard by TCP', 'tcp'],
          ['guard by unix socket', 'socket'],
        ] as const
      ).map(([what, name]) => `CPU per request, ${what} ${spread(name)}`),
    ],
  };
};
