import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from './cli-error.ts';

/** A server that somebody signed in to. */
export interface Profile {
  readonly token: string;
  readonly login: string;
  readonly sessionId: string;
  readonly endsAt: string;
}
export interface Profiles {
  /** The server that is meant when none is named. */
  readonly current: string | null;
  /** By origin: a token is never sent to another server than the one that gave it. */
  readonly servers: Readonly<Record<string, Profile>>;
}

const NONE: Profiles = { current: null, servers: {} };

export const profilesFile = (env: NodeJS.ProcessEnv): string =>
  join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'sallyport', 'profiles.json');

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/** Reads the profiles. A file that others may read has leaked already, so it is refused until somebody has looked. */
export const readProfiles = (file: string): Profiles => {
  try {
    const others = statSync(file).mode & 0o077;
    if (others !== 0 && process.platform !== 'win32')
      throw new CliError('failed', `others may read ${file}, and the token in it`, {
        code: 'profile_exposed',
        hint: `chmod 600 ${file}, then sallyport login: what others may have seen should end`,
      });
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as Partial<Profiles>;
    return { current: parsed.current ?? null, servers: parsed.servers ?? {} };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return NONE;
    if (error instanceof CliError) throw error;
    throw new CliError('failed', `${file} cannot be read`, {
      code: 'profile_unreadable',
      reasons: [error instanceof Error ? error.message : String(error)],
      hint: 'remove the file and sign in again: sallyport login',
    });
  }
};

/** Replaces the file in one step, for its owner's eyes only; a half-written one never stands there. */
export const writeProfiles = (file: string, profiles: Profiles): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ schemaVersion: 1, ...profiles }, null, 2)}\n`, { mode: 0o600 });
  // Where a leftover of that name stood, its mode stayed.
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
};
