import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** A folder that is owned by another process, or that cannot be used; the message says what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

export interface DataFolder {
  readonly path: string;
  readonly databaseFile: string;
  readonly intelFolder: string;
  /** May hold `blob.jwt`, the FIDO metadata of key models, and `root.pem`, the root of its signature. */
  readonly metadataFolder: string;
  readonly asnTableFile: string;
  readonly controlSocket: string;
  /** 32 bytes, the root of trust of sealed secrets. */
  readonly rootKey: Buffer;
  release(): void;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};

/** On Linux a pid alone may have been given to another program; its start time tells them apart. */
const startOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const takeLock = (file: string): (() => void) => {
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const fd = openSync(file, 'wx', 0o600);
      writeSync(fd, mine);
      fsyncSync(fd);
      closeSync(fd);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const holder = ((): { pid: number; start: string } | null => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start: string };
      } catch {
        return null;
      }
    })();
    if (holder !== null && isAlive(holder.pid) && startOf(holder.pid) === holder.start) {
      throw new DataFolderError(
        `the data folder is in use by process ${holder.pid}; stop it, or give this one another SALLYPORT_DATA_DIR`,
      );
    }
    // Left behind by a process that was killed: no manual step is needed (kill -9, power cut).
    rmSync(file, { force: true });
  }
  throw new DataFolderError(`the lock ${file} could not be taken; another process took it at the same moment`);
};

const readRootKey = (file: string): Buffer => {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (key.length !== 32)
    throw new DataFolderError(`${file} is damaged: it must hold 32 bytes in base64url; restore it from a backup`);
  return key;
};

/** Opens, or makes, the data folder for exactly one process. */
export const openDataFolder = (path: string): DataFolder => {
  try {
    for (const folder of ['intel', 'metadata']) mkdirSync(join(path, folder), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataFolderError(
      `SALLYPORT_DATA_DIR: ${path} cannot be made or written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  chmodSync(path, 0o700);
  const release = takeLock(join(path, 'lock'));
  return {
    path,
    databaseFile: join(path, 'sallyport.db'),
    intelFolder: join(path, 'intel'),
    metadataFolder: join(path, 'metadata'),
    asnTableFile: join(path, 'asn.bin'),
    controlSocket: join(path, 'control.sock'),
    rootKey: readRootKey(join(path, 'root.key')),
    release,
  };
};
