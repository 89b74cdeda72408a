import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const BIN = '/usr/lib/postgresql/15/bin';
const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;

export interface ThrowawayPostgres {
  /** A superuser's connection string: tests make their own databases or schemas. */
  readonly url: string;
  /** Its data and its log. */
  readonly folder: string;
  /** Ends the server and removes its folder. */
  readonly stop: () => Promise<void>;
  /** SIGKILL to the server and each of its processes, as a crash would: nothing is flushed. */
  readonly kill9: () => Promise<void>;
  /** Starts it again, on the same data and port, after `kill9`. */
  readonly restart: () => Promise<void>;
}

/** PostgreSQL refuses to run as root; the Debian package brings a user for it. */
const ordinaryUser = (): { uid: number; gid: number } | Record<string, never> => {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
};

/** Removes everything when its standard input closes: also when the process that holds the other end was killed. */
const JANITOR = `
cat > /dev/null
test -f "$1/data/postmaster.pid" && kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")" && sleep 1
rm -rf "$1"`;

/** The processes whose parent is `pid`: each PostgreSQL process is its own session, so no group holds them all. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8');
        // After the name, which may hold spaces and brackets itself: state, then the parent's id.
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false; // It ended while we looked.
      }
    });

const isAlive = (pid: number): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Starts a PostgreSQL 15 of its own, with fsync on, in a temporary folder and on a free port of the loopback. */
export const startPostgres = async (): Promise<ThrowawayPostgres> => {
  const user = ordinaryUser();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = randomBytes(24).toString('hex');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chmodSync(folder, 0o700);
  if (user.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);

  // Detached: a Ctrl-C at the terminal is for the tests, which then close the pipe by ending.
  const janitor = spawn('/bin/sh', ['-c', JANITOR, 'sh', folder], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  janitor.unref();

  const removeFolder = async (): Promise<void> => {
    const gone = once(janitor, 'exit');
    janitor.ref();
    janitor.stdin.end();
    await gone;
  };

  const initdb = [
    '-D',
    data,
    '-U',
    'sallyport',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '-N',
  ];
  const made = spawnSync(join(BIN, 'initdb'), initdb, { ...user, cwd: '/', encoding: 'utf8' });
  if (made.status !== 0) {
    await removeFolder();
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  }

  const port = await freePort();
  let server: ChildProcess;

  const start = async (): Promise<void> => {
    const log = openSync(join(folder, 'log'), 'a');
    const args = [
      '-D',
      data,
      '-k',
      folder,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=on',
      '-c',
      'max_connections=200',
    ];
    server = spawn(join(BIN, 'postgres'), args, { ...user, cwd: '/', detached: true, stdio: ['ignore', log, log] });
    server.unref();
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    const isReady = () =>
      spawnSync(join(BIN, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0;
    while (!isReady()) {
      if (server.exitCode !== null || server.signalCode !== null || Date.now() > giveUpAt) {
        const said = readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
        await removeFolder();
        throw new Error(`PostgreSQL did not become ready:\n${said}`);
      }
      await pause(POLL_MS);
    }
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.ref();
    server.kill(signal);
    await gone;
  };

  await start();
  return {
    url: `postgres://sallyport:${password}@127.0.0.1:${port}/postgres`,
    folder,
    stop: async () => {
      await end('SIGINT'); // PostgreSQL's "fast shutdown": clients are cut off.
      await removeFolder();
    },
    kill9: async () => {
      const children = server.pid === undefined ? [] : childrenOf(server.pid);
      const dead = end('SIGKILL');
      for (const pid of children) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      await dead;
      // A server that starts while a child of the last one still holds its shared memory refuses to.
      while (children.some(isAlive)) await pause(POLL_MS);
    },
    restart: start,
  };
};
