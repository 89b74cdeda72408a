import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `vite build` made of `admin/`: the files by their path below `/assets/admin/`, and those the page names. */
export interface AdminBundle {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly script: string;
  readonly styles: readonly string[];
}

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
}

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
export const ADMIN_BASE = '/assets/admin/';

/** Reads the built console. Null when it was not built: the sign-in pages work without it. */
export const readAdminBundle = (dist: string = DIST): AdminBundle | null => {
  const manifestFile = join(dist, '.vite', 'manifest.json');
  if (!existsSync(manifestFile)) return null;
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, ManifestEntry>;
  const entry = Object.values(manifest).find(({ isEntry }) => isEntry === true);
  if (entry === undefined) return null;
  const names = readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`);
  return {
    files: new Map(names.map((name) => [`${ADMIN_BASE}${name}`, readFileSync(join(dist, name))])),
    script: `${ADMIN_BASE}${entry.file}`,
    styles: (entry.css ?? []).map((name) => `${ADMIN_BASE}${name}`),
  };
};
