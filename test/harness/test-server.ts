import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createPasswordHasher } from '../../packages/server/src/authenticators/password-hash.ts';
import { openServices } from '../../packages/server/src/compose.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { openDataFolder } from '../../packages/server/src/data-folder/open-data-folder.ts';
import type { Services } from '../../packages/server/src/services.ts';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { startServer } from '../../packages/server/src/start-server.ts';
import { ONCE_DATABASE, ONCE_FOLDER } from './once-a-run.ts';

export type Engine = 'sqlite' | 'postgres';
/** Both engines where the runner gave a PostgreSQL; the runner of `npm test` always does. */
export const ENGINES: readonly Engine[] =
  process.env['TEST_POSTGRES_URL'] === undefined ? ['sqlite'] : ['sqlite', 'postgres'];

const IS_FULL = process.env['PROOF'] === 'full';
/**
 * For what is judged above the store and asks it nothing that other files do not ask on both engines, every route among
 * that: in `npm test` SQLite, in `npm run proof` both.
 */
export const FIRST_ENGINE: readonly Engine[] = IS_FULL ? ENGINES : ENGINES.slice(0, 1);

/** Documentation ranges get networks of their own: two ISPs, a hosting company, and one ISP with both families. */
const ASN_CSV = [
  'start,end,asn,organisation',
  '198.51.100.0,198.51.100.255,64496,Example ISP',
  '203.0.113.0,203.0.113.255,64500,Example Hosting',
  '192.0.2.0,192.0.2.255,64496,Example ISP',
  '2001:db8:1::,2001:db8:1:ffff:ffff:ffff:ffff:ffff,64496,Example ISP',
  '2001:db8:2::,2001:db8:2:ffff:ffff:ffff:ffff:ffff,64500,Example Hosting',
].join('\n');

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** A database of its own on the runner's PostgreSQL: an empty one, or a copy of another; durable unless it need not be. */
export const createDatabase = async (template = 'template1', isDurable = true): Promise<string> => {
  const base = process.env['TEST_POSTGRES_URL'];
  if (base === undefined) throw new Error('TEST_POSTGRES_URL is not set');
  const name = `t${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  await client.query(`create database ${name} template ${template}`);
  if (!isDurable) await client.query(`alter database ${name} set synchronous_commit = off`);
  await client.end();
  const url = new URL(base);
  url.pathname = `/${name}`;
  return url.toString();
};

/** A clock that stands still until a test moves it. */
export interface TestClock {
  now(): number;
  advance(seconds: number): void;
}
export const createTestClock = (start = Date.UTC(2026, 10, 25, 12)): TestClock => {
  let now = start;
  return {
    now: () => now,
    advance(seconds) {
      now += seconds * 1000;
    },
  };
};

export interface TestServer {
  readonly url: string;
  readonly services: Services;
  readonly clock: TestClock;
  readonly dataDir: string;
  /** A fresh one-time claim code, as the host would print it. */
  claimCode(): Promise<string>;
  stop(): Promise<void>;
  /** Stops and starts on the same state; what happens meanwhile no server sees. */
  restart(whileDown?: () => void): Promise<void>;
}

export interface TestServerOptions {
  readonly engine?: Engine;
  readonly clock?: TestClock;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Does a commit wait for a disk? What a crash leaves is asked of servers that are processes of their own, and how fast the
 * product is of the proofs in their full size; a server in the process of a test stops in order.
 */
const IS_DURABLE = IS_FULL;
const MEMORY = '/dev/shm';
/** Where there is memory to spare as a folder, it; else the folder of all others. */
const newFolder = (): string => {
  if (IS_DURABLE || !existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 2 ** 30 ? MEMORY : tmpdir();
};

/**
 * Argon2id at the least that RFC 9106 §3.1 allows: most passwords of tests are made and never typed. What one costs is
 * shown where the hasher itself is tested, and by servers that are processes of their own.
 */
const LEAST_COST = { memoryKib: 8, passes: 1, lanes: 1 };

/** The whole server in this process, on real sockets and a real store, with a clock of the test's. */
export const startTestServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const dataDir = mkdtempSync(join(newFolder(), 'sallyport-'));
  mkdirSync(join(dataDir, 'intel'), { recursive: true });
  writeFileSync(join(dataDir, 'intel', 'asn.csv'), ASN_CSV);
  // Copies of what `once-a-run.ts` made; where it did not run (a benchmark) the server makes its own.
  const once = process.env[ONCE_FOLDER];
  if (once !== undefined) copyFileSync(join(once, 'asn.bin'), join(dataDir, 'asn.bin'));
  const port = await freePort();
  const databaseUrl =
    options.engine === 'postgres' ? await createDatabase(process.env[ONCE_DATABASE], IS_DURABLE) : undefined;
  if (once !== undefined && databaseUrl === undefined)
    copyFileSync(join(once, 'sallyport.db'), join(dataDir, 'sallyport.db'));
  const config = loadConfig({
    SALLYPORT_PORT: String(port),
    SALLYPORT_DATA_DIR: dataDir,
    SALLYPORT_LOG_LEVEL: 'silent',
    SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32,::1/128',
    ...(databaseUrl === undefined ? {} : { SALLYPORT_DATABASE_URL: databaseUrl }),
    ...options.env,
  });
  const clock = options.clock ?? createTestClock();
  const open = async () => {
    const folder = openDataFolder(dataDir);
    const passwords = createPasswordHasher({ concurrencyMax: 2, cost: LEAST_COST });
    const services = await openServices(config, folder, { clock, ...(IS_DURABLE ? {} : { passwords }) });
    const server = await startServer(services);
    return { folder, services, server };
  };
  let running = await open();
  const stopRunning = async (): Promise<void> => {
    await running.server.close();
    await running.services.close();
    running.folder.release();
  };
  return {
    url: config.publicUrl.origin,
    get services() {
      return running.services;
    },
    clock,
    dataDir,
    claimCode: () => running.services.store.transaction((tx) => createSetupCode(running.services, tx, 'claim', null)),
    async stop() {
      await stopRunning();
      rmSync(dataDir, { recursive: true, force: true });
    },
    async restart(whileDown = () => undefined) {
      await stopRunning();
      whileDown();
      running = await open();
    },
  };
};
