/** Child of the nginx benchmark: the whole server, on TCP and a unix socket, with live sessions of one app in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServices } from '../packages/server/src/compose.ts';
import { loadConfig } from '../packages/server/src/config/config.ts';
import { openDataFolder } from '../packages/server/src/data-folder/open-data-folder.ts';
import { GATEWAY_APP_NAME, type GatewaySettings } from '../packages/server/src/gateway/gateway-app.ts';
import { gatewaySnippet } from '../packages/server/src/gateway/nginx-snippet.ts';
import { tokenDigest } from '../packages/server/src/sign-in/token-digest.ts';
import { startServer } from '../packages/server/src/start-server.ts';
import { benchId, benchToken } from './bench-sessions.ts';

const count = Number(process.argv[2]);
const ADDRESS = '127.0.0.1';
const HOUR = 3_600_000;
const APP_ID = '0oaBench00000000000A';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const config = loadConfig({
  SALLYPORT_PORT: '0',
  SALLYPORT_DATA_DIR: folder,
  SALLYPORT_LOG_LEVEL: 'silent',
  SALLYPORT_TRUSTED_PROXIES: `${ADDRESS}/32`,
  SALLYPORT_PUBLIC_URL: 'http://localhost:7070',
  SALLYPORT_GATEWAY_SOCKET: join(folder, 'gateway.sock'),
});
const services = await openServices(config, openDataFolder(folder));
const now = services.clock.now();
const settings: GatewaySettings = {
  externalUrl: 'https://admin.example.org',
  sessionIdleTimeoutMinutes: 15,
  sessionMaxLifetimeMinutes: 720,
  backgroundPaths: [],
};
await services.store.transaction((tx) =>
  tx
    .insertInto('apps')
    .values({
      id: APP_ID,
      name: GATEWAY_APP_NAME,
      label: 'Bench',
      status: 'ACTIVE',
      signOnMode: 'BOOKMARK',
      isSystem: 0,
      policyId: null,
      host: 'admin.example.org',
      body: JSON.stringify(settings),
      createdAt: now,
      lastUpdatedAt: now,
    })
    .execute(),
);
await services.appSessions.reload();
const baseline = { v4: ADDRESS, v6: null, network: 'local', signInAddress: ADDRESS, userAgent: '', recordedAt: now };
const common = {
  baseline: JSON.stringify(baseline),
  signInAddress: ADDRESS,
  previousTokenHash: null,
  previousValidUntilAt: null,
  openedBySessionId: null,
  boundKey: null,
  provedAddress: null,
  openProofs: null,
  proofDueAt: null,
  deviceId: null,
  proofs: '[]',
  createdAt: now,
  lastActivityAt: now,
  idleTimeoutSeconds: 7200,
  endsAt: now + 12 * HOUR,
  endedAt: null,
  endReason: null,
  endDetail: null,
  answeredAt: null,
  answer: null,
  exemptPasses: 0,
};
for (let i = 0; i < count; i++) {
  const userId = benchId('00u', i);
  const org = { ...common, id: benchId('102', i), userId, parentId: null, appId: null };
  services.sessions.admit({ ...org, tokenHash: tokenDigest(`org ${benchToken(i)}`) }, null);
  const app = { ...common, id: benchId('103', i), userId, parentId: org.id, appId: APP_ID };
  services.appSessions.admit(
    { ...app, tokenHash: tokenDigest(benchToken(i)) },
    { userId, login: `person${i}@example.org`, displayName: `Person ${i}` },
  );
}
const server = await startServer(services);
const upstream = process.argv[3] ?? '';
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
process.send?.({ port: server.port, ...(await gatewaySnippet(services, APP_ID, upstream)) });
