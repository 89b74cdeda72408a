import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { judgeClientAddress } from '@sallyport/decide/address/judge-client-address';
import { configuredFacts } from '../client-address/check-client-address.ts';
import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import { DataFolderError, openDataFolder } from '../data-folder/open-data-folder.ts';
import { openNetworkIntel } from '../intel/network-intel.ts';
import { openServiceFeeds } from '../intel/service-feeds.ts';
import { openPostgres } from '../store/postgres/open-postgres.ts';
import { openSqlite } from '../store/sqlite/open-sqlite.ts';

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly sentence: string;
  /** The line that mends it. */
  readonly mend: string | null;
}

const ok = (check: string, sentence: string): Finding => ({ check, state: 'ok', sentence, mend: null });
const warning = (check: string, sentence: string, mend: string): Finding => ({
  check,
  state: 'warning',
  sentence,
  mend,
});
const fault = (check: string, sentence: string, mend: string): Finding => ({ check, state: 'fault', sentence, mend });

const FREE_BYTES_MIN = 256 * 1024 * 1024;
const ASN_AGE_DAYS_MAX = 270;
/** Exits and VPN servers change by the day; a list of last month names others. */
const LIST_AGE_DAYS_MAX = 30;
const CLOCK_FLOOR = Date.UTC(2026, 0, 1);

const checkDatabase = async (config: Config, databaseFile: string | null): Promise<Finding> => {
  try {
    const store =
      config.databaseUrl !== null
        ? await openPostgres(config.databaseUrl, { isOwner: false })
        : databaseFile !== null
          ? await openSqlite(databaseFile)
          : null;
    await store?.read.selectFrom('chainHeads').select('node').limit(1).execute();
    await store?.close();
    return ok('database', config.databaseUrl === null ? 'SQLite opens and answers' : 'PostgreSQL opens and answers');
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return fault(
      'database',
      `it does not open: ${text}`,
      config.databaseUrl === null
        ? 'npx sallyport server restore <backup folder>'
        : 'psql "$SALLYPORT_DATABASE_URL" -c "select 1"   # and mend what it says',
    );
  }
};

const checkAsnData = (config: Config): Finding => {
  try {
    const intel = openNetworkIntel({
      asnTablePath: join(config.dataDir, 'asn.bin'),
      dropInFolder: join(config.dataDir, 'intel'),
    });
    const sources = intel.describe().filter(({ feed }) => feed === undefined);
    const dataAt = Math.max(...sources.map((source) => source.dataAt ?? 0));
    const days = Math.round((Date.now() - dataAt) / 86_400_000);
    const sentence = `${sources.map((source) => (source.ranges === null ? source.source : `${source.source}: ${source.ranges} ranges`)).join('; ')}; newest ${days} days old`;
    return days > ASN_AGE_DAYS_MAX
      ? warning(
          'asn-data',
          sentence,
          `put a newer asn.csv (start,end,asn,organisation) into ${join(config.dataDir, 'intel')}`,
        )
      : ok('asn-data', sentence);
  } catch (error) {
    return fault(
      'asn-data',
      error instanceof Error ? error.message : String(error),
      'npm start   # builds the table; a faulty intel/asn.csv is named above: mend that line',
    );
  }
};

/** The operator's lists of services: each with its age; a damaged one with the reason, and what it still does. */
const checkLists = (config: Config): readonly Finding[] => {
  const folder = join(config.dataDir, 'intel');
  const sources = openServiceFeeds(folder).describe();
  if (sources.length === 0)
    return [ok('service-lists', `none of Tor, VPNs or proxies in ${folder}: zones that ask for them hold nobody`)];
  return sources.map(({ source, dataAt, ranges, problem = null }) => {
    if (problem !== null)
      return fault(
        'service-lists',
        `${source} is not read: ${problem}`,
        `mend ${join(config.dataDir, source)}, or remove it`,
      );
    const days = Math.round((Date.now() - (dataAt ?? 0)) / 86_400_000);
    const sentence = `${source}${ranges === null ? '' : `: ${ranges} entries`}, ${days} days old`;
    return days > LIST_AGE_DAYS_MAX
      ? warning('service-lists', sentence, `put a newer ${source} into ${config.dataDir}, written beside and renamed`)
      : ok('service-lists', sentence);
  });
};

/** The judgement of the running server, as far as the configuration alone says it. */
const checkProxies = (config: Config): readonly Finding[] =>
  judgeClientAddress({ ...configuredFacts(config), untrustedHeaders: 0, probe: null }).findings.map(
    ({ state, sentence, mend }) => ({ check: 'trusted-proxies', state, sentence, mend }),
  );

const isAnswering = (socketFile: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(socketFile);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const checkMail = ({ mail }: Config): Finding =>
  ok(
    'mail',
    mail === null
      ? 'off: nobody is mailed; SALLYPORT_SMTP_URL and SALLYPORT_MAIL_FROM switch it on'
      : `through ${mail.smtpUrl.host}, from ${mail.from}`,
  );

/** Checks configuration, data folder, lock, database, network data, proxies and clock; each fault with its mending line. */
export const runDoctor = async (env: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  let config: Config;
  try {
    config = loadConfig(env);
    findings.push(
      ok('configuration', `listens on ${config.host}:${config.port}, public URL ${config.publicUrl.origin}`),
    );
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : String(error);
    return [
      fault(
        'configuration',
        text,
        `export ${text.split(':', 1)[0]?.split(' ', 1)[0] ?? 'SALLYPORT_…'}=<a value as described>   # or unset it`,
      ),
    ];
  }
  let databaseFile: string | null = null;
  try {
    const folder = openDataFolder(config.dataDir);
    databaseFile = folder.databaseFile;
    findings.push(ok('data-folder', `${config.dataDir} is writable`), ok('lock', 'free; no server is running on it'));
    findings.push(await checkDatabase(config, databaseFile));
    folder.release();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof DataFolderError && text.includes('in use')) {
      const answers = await isAnswering(join(config.dataDir, 'control.sock'));
      findings.push(ok('data-folder', config.dataDir));
      findings.push(
        answers
          ? ok('lock', `${text.split(';', 1)[0]}, which answers`)
          : fault(
              'lock',
              text,
              `kill ${JSON.parse(readFileSync(join(config.dataDir, 'lock'), 'utf8')).pid as number}   # it holds the folder but does not answer`,
            ),
      );
      if (config.databaseUrl !== null) findings.push(await checkDatabase(config, null));
    } else findings.push(fault('data-folder', text, `mkdir -p ${config.dataDir} && chmod 700 ${config.dataDir}`));
  }
  if (existsSync(config.dataDir)) {
    const space = statfsSync(config.dataDir);
    const free = space.bavail * space.bsize;
    if (free < FREE_BYTES_MIN)
      findings.push(
        fault(
          'disk',
          `${Math.round(free / 1_048_576)} MiB free: events could not be written, and nothing would be allowed`,
          `df -h ${config.dataDir}   # and free some space`,
        ),
      );
    const mode = statSync(config.dataDir).mode & 0o077;
    if (mode !== 0)
      findings.push(
        fault('data-folder-mode', 'others on this host may read the root key', `chmod 700 ${config.dataDir}`),
      );
  }
  findings.push(checkAsnData(config), ...checkLists(config), ...checkProxies(config), checkMail(config));
  findings.push(
    Date.now() > CLOCK_FLOOR
      ? ok('clock', new Date().toISOString())
      : fault('clock', `it says ${new Date().toISOString()}`, 'timedatectl set-ntp true'),
  );
  return findings;
};
