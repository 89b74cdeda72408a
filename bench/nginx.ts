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
const MEASURED = 40_000;

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
  child.once('message', (value) => resolve(value as T));
  child.once('exit', (code) => reject(new Error(`child ended with ${code}`)));
  return promise;
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

/** CPU microseconds per request, over all processes that had a part in it. */
const measure = async (port: number, status: number, cpu: () => Promise<number> | number): Promise<number> => {
  await httpLoad(port, REQUESTS, WARM_UP, CONNECTIONS, status);
  const before = await cpu();
  await httpLoad(port, REQUESTS, MEASURED, CONNECTIONS, status);
  return ((await cpu()) - before) / MEASURED;
};

const bare = async (): Promise<number> => {
  const child = fork(new URL('session-check-server.ts', import.meta.url).pathname, ['bare', '0']);
  try {
    const { port } = await message<{ port: number }>(child);
    return await measure(port, 200, () => cpuOf(child.pid as number));
  } finally {
    child.removeAllListeners('exit');
    child.kill();
  }
};

const withoutGuard = async (): Promise<number> => {
  const [upstream, port] = [await freePort(), await freePort()];
  const app = await startNginx(upstream, static_(upstream));
  const proxy = await startNginx(port, plain(port, upstream));
  try {
    return await measure(port, 204, () => cpuOf(app.pid) + cpuOf(proxy.pid));
  } finally {
    await proxy.stop();
    await app.stop();
  }
};

interface CheckServer {
  readonly port: number;
  readonly snippet: string;
  readonly includes: readonly { name: string; text: string }[];
}

/** The files that we ship and the snippet that the server prints; TLS, which costs the same with and without, left out. */
const withGuard = async (way: 'tcp' | 'socket'): Promise<number> => {
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
  try {
    return await measure(port, 204, async () => {
      check.send('cpu');
      const { cpu } = await message<{ cpu: NodeJS.CpuUsage }>(check);
      return cpu.user + cpu.system + cpuOf(app.pid) + cpuOf(proxy.pid);
    });
  } finally {
    await proxy.stop();
    await app.stop();
    check.removeAllListeners('exit');
    check.disconnect();
  }
};

/**
 * What our guard adds to nginx's full path (proxy to a static application over kept connections): CPU of all processes,
 * with the shipped files less without them, in units of a bare `node:http` server of the same run.
 */
export const benchNginx = async (): Promise<BenchReport> => {
  const title = 'nginx auth_request';
  if (!existsSync('/usr/sbin/nginx')) return { title, lines: ['not measured: there is no nginx here'] };
  const figures = { bare: [] as number[], plain: [] as number[], tcp: [] as number[], socket: [] as number[] };
  for (let start = 0; start < STARTS; start++) {
    figures.bare.push(await bare());
    figures.plain.push(await withoutGuard());
    figures.tcp.push(await withGuard('tcp'));
    figures.socket.push(await withGuard('socket'));
  }
  const r = median(figures.bare);
  const added = (list: readonly number[]): string => ((median(list) - median(figures.plain)) / r).toFixed(2);
  const spread = (list: readonly number[]): string =>
    `${median(list).toFixed(1)} µs (${Math.min(...list).toFixed(1)}-${Math.max(...list).toFixed(1)})`;
  return {
    title,
    lines: [
      `added to nginx's full path, unix socket ${added(figures.socket)}`,
      `added to nginx's full path, TCP ${added(figures.tcp)}`,
      `CPU per request of all processes: bare node:http ${spread(figures.bare)}, nginx without guard ${spread(figures.plain)}, with guard by TCP ${spread(figures.tcp)}, by unix socket ${spread(figures.socket)}; ${SESSIONS} sessions, ${STARTS} starts`,
    ],
  };
};
