import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { openServices } from '../compose.ts';
import type { Config } from '../config/config.ts';
import { openDataFolder } from '../data-folder/open-data-folder.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { callHost, type HostAnswer } from './call-host.ts';
import { hostPrincipal } from './host-principal.ts';

/** Copies the database, the root key and the operator's network data into a new folder, also beside a running server. */
export const backUp = async (config: Config, target: string): Promise<HostAnswer> => {
  const folder = resolve(target);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    return { ok: false, error: { code: 'E0000001', message: `${folder} is not empty; name a new folder`, causes: [] } };
  mkdirSync(join(folder, 'intel'), { recursive: true, mode: 0o700 });
  if (config.databaseUrl === null) {
    const answer = await callHost(config, 'server.backup', { file: join(folder, 'sallyport.db') });
    if (!answer.ok) return answer;
  }
  copyFileSync(join(config.dataDir, 'root.key'), join(folder, 'root.key'));
  for (const name of readdirSync(join(config.dataDir, 'intel')))
    copyFileSync(join(config.dataDir, 'intel', name), join(folder, 'intel', name));
  writeFileSync(
    join(folder, 'backup.json'),
    `${JSON.stringify({ version: 1, engine: config.databaseUrl === null ? 'sqlite' : 'postgres', takenAt: new Date().toISOString() }, null, 2)}\n`,
  );
  return {
    ok: true,
    result: {
      folder,
      note: config.databaseUrl === null ? null : 'take the database with pg_dump; this folder holds the root key',
    },
  };
};

/**
 * Puts a backup in place of the data folder's state and ends every session and pending sign-in: a session that was
 * revoked after the backup was taken must not come back to life.
 */
export const restore = async (config: Config, source: string): Promise<HostAnswer> => {
  const from = resolve(source);
  if (!existsSync(join(from, 'backup.json')))
    return {
      ok: false,
      error: { code: 'E0000001', message: `${from} is not a backup: it has no backup.json`, causes: [] },
    };
  const manifest = JSON.parse(readFileSync(join(from, 'backup.json'), 'utf8')) as { engine: string };
  const engine = config.databaseUrl === null ? 'sqlite' : 'postgres';
  if (manifest.engine !== engine)
    return {
      ok: false,
      error: {
        code: 'E0000001',
        message: `the backup is of ${manifest.engine}, this server uses ${engine}`,
        causes: [],
      },
    };
  const lock = openDataFolder(config.dataDir);
  if (engine === 'sqlite') {
    for (const suffix of ['-wal', '-shm']) rmSync(lock.databaseFile + suffix, { force: true });
    copyFileSync(join(from, 'sallyport.db'), `${lock.databaseFile}.new`);
    renameSync(`${lock.databaseFile}.new`, lock.databaseFile);
  }
  copyFileSync(join(from, 'root.key'), join(config.dataDir, 'root.key'));
  for (const name of readdirSync(join(from, 'intel')))
    copyFileSync(join(from, 'intel', name), join(lock.intelFolder, name));
  lock.release();

  const folder = openDataFolder(config.dataDir);
  const services = await openServices({ ...config, logLevel: 'error' }, folder);
  try {
    const principal = hostPrincipal(services.random);
    const ended = await services.store.transaction(async (tx) => {
      const now = services.clock.now();
      const result = await tx
        .updateTable('sessions')
        .set({ endedAt: now, endReason: 'server-restored' })
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      await tx.deleteFrom('signIns').execute();
      await tx.deleteFrom('setupCodes').execute();
      await recordEvent(services, tx, principal, {
        eventType: 'sallyport.server.restore',
        debugData: { endedSessions: String(result.numUpdatedRows) },
      });
      return Number(result.numUpdatedRows);
    });
    return { ok: true, result: { endedSessions: ended } };
  } finally {
    await services.close();
    folder.release();
  }
};
