/**
 * `npm run demo`: a server with a filled organisation, in a data folder of its own that each start makes anew.
 * The organisation lives a week through the real API while the server's clock runs ahead; then the clock is the
 * machine's.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openServices } from '../packages/server/src/compose.ts';
import { ConfigError, loadConfig } from '../packages/server/src/config/config.ts';
import { DataFolderError, openDataFolder } from '../packages/server/src/data-folder/open-data-folder.ts';
import { startControlSocket } from '../packages/server/src/host/control-socket.ts';
import { deliverOutbox } from '../packages/server/src/outbox/deliver-outbox.ts';
import { createSetupCode, setupLink } from '../packages/server/src/setup/setup-code.ts';
import { startServer } from '../packages/server/src/start-server.ts';
import { openAttackSocket } from './attack-socket.ts';
import { DEMO_NETWORKS, VISITOR } from './people.ts';
import { type DemoClock, liveThroughAWeek } from './week.ts';

const MARK = 'this-is-a-demo';
const dataDir = resolve(process.env['SALLYPORT_DATA_DIR'] ?? '.data/demo');

const createDemoClock = (): DemoClock & { follow(): void } => {
  let at: number | null = 0;
  return {
    now: () => at ?? Date.now(),
    goTo(next) {
      if (at !== null && next > at) at = next;
    },
    follow() {
      at = null;
    },
  };
};

const fail = (message: string): never => {
  process.stderr.write(`sallyport: error: ${message}\n`);
  process.exit(1);
};

if (existsSync(dataDir) && !existsSync(join(dataDir, MARK)))
  fail(`${dataDir} holds something that is no demo; give the demo another SALLYPORT_DATA_DIR`);
try {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(join(dataDir, 'intel'), { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, MARK), 'Made anew by each `npm run demo`.\n');
  writeFileSync(join(dataDir, 'intel', 'asn.csv'), DEMO_NETWORKS);
  const config = loadConfig({
    SALLYPORT_LOG_LEVEL: 'warn',
    SALLYPORT_ENVIRONMENT: 'demo',
    SALLYPORT_CHECKPOINT_FILE: join(dataDir, 'checkpoints.jsonl'),
    // So that the people of the demo can come from addresses of their own. Any local process could say it is anybody.
    SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32,::1/128',
    ...process.env,
    SALLYPORT_DATA_DIR: dataDir,
  });
  const clock = createDemoClock();
  const folder = openDataFolder(dataDir);
  clock.goTo(Date.now() - 8 * 86_400_000);
  const services = await openServices(config, folder, { clock });
  const server = await startServer(services);
  const url = config.publicUrl.origin;
  process.stdout.write('An organisation lives through a week; this takes some seconds …\n');
  const { people, visitorId } = await liveThroughAWeek(services, url, clock, Date.now());
  clock.follow();
  await deliverOutbox(services);
  const code = await services.store.transaction((tx) => createSetupCode(services, tx, 'enrol', visitorId));
  const control = await startControlSocket(services, folder);
  const attacks = await openAttackSocket(join(dataDir, 'attack.sock'), people);
  const { events } = await services.store.read
    .selectFrom('events')
    .select((e) => e.fn.countAll<number>().as('events'))
    .executeTakeFirstOrThrow();
  process.stdout.write(
    [
      '',
      `Sallyport demo on ${url}: ${people.size} administrators, ${Number(events)} events of the last seven days.`,
      '',
      'Three things worth trying:',
      '',
      `1. Open the console. Register a key for ${VISITOR.login} within 30 minutes, then sign in:`,
      `     ${setupLink(url, code)}`,
      '   No security key at hand? Chrome: developer tools → More tools → WebAuthn → virtual authenticator (usb, with',
      '   user verification).',
      '2. Steal a cookie, and see what it is worth:',
      '     npm run demo:steal',
      '3. Lee Park asks to be super admin for two hours, and one of two approvals is there. Give the other with your key:',
      `     ${url}/requests`,
      '',
      'Ctrl-C ends the demo; the next start makes it anew.',
      '',
    ].join('\n'),
  );
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    control.close();
    attacks.close();
    void server
      .close()
      .then(() => services.close())
      .then(() => {
        folder.release();
        process.exit(0);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  if (error instanceof ConfigError || error instanceof DataFolderError) fail(error.message);
  throw error;
}
