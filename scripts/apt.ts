import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/**
 * What the tests need besides npm packages: the file that shows it is there, the Debian package that brings it, and what
 * does as well, only slower, where that cannot be had.
 */
const NEEDED: readonly { readonly file: string; readonly debian: string; readonly instead?: string }[] = [
  { file: '/usr/bin/chromium-headless-shell', debian: 'chromium-headless-shell', instead: '/usr/bin/chromium' },
  { file: '/usr/lib/postgresql/15/bin/postgres', debian: 'postgresql-15' },
  { file: '/usr/sbin/nginx', debian: 'nginx-light' },
];

const apt = (...args: string[]): void => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 2, 2], env });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed (${error?.message ?? `exit code ${status}`})`);
};

/** Debian asks this file before it starts a service; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Runs work while no package may start its service: the tests start what they need, on ports of their own. */
const withoutServices = (work: () => void): void => {
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
};

const install = (missing: readonly string[]): void => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `the tests need ${missing.join(' and ')}: apt-get install --no-install-recommends ${missing.join(' ')}`,
    );
  }
  console.error(`sallyport: installing ${missing.join(' and ')} …`);
  apt('update');
  withoutServices(() => apt('install', '-y', '--no-install-recommends', ...missing));
};

/** Installs the Debian packages that are missing; throws with what to do where it may not or cannot. */
export const ensureDebianPackages = (): void => {
  const missing = NEEDED.filter(({ file }) => !existsSync(file));
  if (missing.length === 0) return;
  try {
    install(missing.map(({ debian }) => debian));
  } catch (error) {
    if (!missing.every(({ instead }) => instead !== undefined && existsSync(instead))) throw error;
    console.error(
      `sallyport: ${error instanceof Error ? error.message : String(error)}; going on with ${missing.map(({ instead }) => instead).join(' and ')}`,
    );
  }
};
