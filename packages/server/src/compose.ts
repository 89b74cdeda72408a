/** The composition root: every port is made here, once, from top to bottom. No container. */
import { createHmac, hkdfSync } from 'node:crypto';
import { ID_PREFIX } from '@sallyport/model/ids';
import pino, { type Logger } from 'pino';
import { createOutsideUses } from './api-tokens/outside-uses.ts';
import { createKeyModels } from './authenticators/key-models.ts';
import { createPasswordHasher, type PasswordHasher } from './authenticators/password-hash.ts';
import { reloadKeyModels } from './authenticators/refresh-key-models.ts';
import { createHeaderProbes } from './client-address/header-probes.ts';
import { holdClock } from './clock/held-clock.ts';
import type { Config } from './config/config.ts';
import type { DataFolder } from './data-folder/open-data-folder.ts';
import { createLiveAppSessions } from './gateway/live-app-sessions.ts';
import { findHearers } from './hints/find-hearers.ts';
import { createHintBoard } from './hints/hint-board.ts';
import { createCallOut } from './http/call-out.ts';
import { createHeaderWatch } from './http/header-watch.ts';
import { createRateLimiter } from './http/rate-limits.ts';
import { buildAsnTable } from './intel/build-asn-table.ts';
import { openNetworkIntel } from './intel/network-intel.ts';
import { createKeyRing } from './keys/key-ring.ts';
import { createRevocationBus } from './locks/revocation-bus.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';
import { createKeySets } from './oauth/key-sets.ts';
import { createSinkTurns } from './outbox/sink-turns.ts';
import { createPolicyIndex } from './policies/policy-index.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import { type Random, systemRandom } from './ports/random.ts';
import { createPermissionUse } from './roles/permission-use.ts';
import type { Services } from './services.ts';
import { createLiveSessions } from './sessions/live-sessions.ts';
import { createOrgSettings } from './settings/org-settings.ts';
import { openPostgres } from './store/postgres/open-postgres.ts';
import { openSqlite } from './store/sqlite/open-sqlite.ts';
import { createBlockedRequests } from './zones/blocked-requests.ts';
import { createZoneIndex } from './zones/zone-index.ts';

/** What must never stand in a line of the process log (design §4.10). */
const REDACTED = [
  '*.password',
  '*.stateToken',
  '*.sessionToken',
  '*.token',
  '*.code',
  '*.codeVerifier',
  '*.passCode',
  '*.secret',
  '*.authorization',
  '*.client_assertion',
  '*.access_token',
  '*.cookie',
  'password',
  'stateToken',
  'sessionToken',
  'token',
  'code',
  'passCode',
  'secret',
  'req.headers.authorization',
  'req.headers.cookie',
  'err.config',
  'err.parameters',
];

/** The process log: JSON lines on standard output, secrets redacted. */
export const createLogger = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({ level: config.logLevel, redact: { paths: REDACTED, censor: '[redacted]' }, base: { name: 'sallyport' } });

export interface Overrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly passwords?: PasswordHasher;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Opens everything that the server needs. `close` undoes it in reverse. */
export const openServices = async (
  config: Config,
  folder: DataFolder,
  overrides: Overrides = {},
): Promise<Services & { close(): Promise<void> }> => {
  const clock = holdClock(overrides.clock ?? systemClock);
  const random = overrides.random ?? systemRandom;
  const logger = overrides.logger ?? createLogger(config);
  await buildAsnTable({ outFile: folder.asnTableFile });
  const intel = openNetworkIntel({ asnTablePath: folder.asnTableFile, dropInFolder: folder.intelFolder });
  const store =
    config.databaseUrl === null ? await openSqlite(folder.databaseFile) : await openPostgres(config.databaseUrl);
  const bus = createRevocationBus((error) => logger.error({ err: error }, 'a revocation listener failed'));
  const pepper = Buffer.from(hkdfSync('sha256', folder.rootKey, '', 'sallyport made-up answers v1', 32));
  const pseudonym = (login: string): string =>
    ID_PREFIX.user +
    [...createHmac('sha512', pepper).update(`user\0${login.toLowerCase()}`).digest().subarray(0, 17)]
      .map((byte) => BASE62[byte % 62])
      .join('');
  const settings = createOrgSettings(store);
  const zones = createZoneIndex(store, intel);
  const callOut = createCallOut({ privateRanges: config.keySetRanges });
  const base = {
    config,
    node: config.node,
    store,
    clock,
    random,
    intel,
    bus,
    logger,
    settings,
    zones,
    blocked: createBlockedRequests(),
    outsideUses: createOutsideUses(),
    pepper,
    pseudonym,
    keys: createKeyRing({ store, root: folder.rootKey, clock, random }),
    passwords: overrides.passwords ?? createPasswordHasher({ concurrencyMax: 2 }),
    policies: createPolicyIndex(store, clock),
    keyModels: createKeyModels(folder.metadataFolder, clock),
    permissionUse: createPermissionUse(store, clock),
    rates: createRateLimiter(),
    appSessions: createLiveAppSessions({ store, clock, settings }),
    headers: createHeaderWatch(),
    probes: createHeaderProbes(random),
    callOut,
    keySets: createKeySets({ clock, callOut }),
    hints: createHintBoard(
      (change, listeners) => findHearers(services, change, listeners),
      (error) => logger.error({ err: error }, 'who may hear of a change was not found out'),
    ),
    sinkTurns: createSinkTurns(),
    mailer: config.mail === null ? null : createSmtpMailer(config.mail.smtpUrl, config.mail.from),
  };
  const { seenAt } = await store.read
    .selectFrom('seenInstants')
    .select((e) => e.fn.max('seenAt').as('seenAt'))
    .executeTakeFirstOrThrow();
  // Null where nothing was ever kept.
  if (seenAt !== null) clock.holdAt(Number(seenAt));
  const sessions = createLiveSessions(base);
  await Promise.all([settings.reload(), zones.reload(), base.policies.reload(), base.appSessions.reload()]);
  await reloadKeyModels(base);
  await sessions.load();
  const services: Services = { ...base, sessions };
  return {
    ...services,
    async close() {
      await services.hints.close();
      await sessions.close();
      await store.close();
    },
  };
};
