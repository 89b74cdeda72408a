import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type AdminBundle, readAdminBundle } from './admin-bundle.ts';

export interface Asset {
  readonly body: Buffer;
  /** Made when it is first asked for, in a thread of the pool: neither a start nor a check waits for it. */
  readonly gzipped: () => Promise<Buffer>;
  readonly contentType: string;
  readonly etag: string;
  /** Its name holds its digest: it never changes. */
  readonly isImmutable: boolean;
}

const UI = new URL('./ui/', import.meta.url);
const BROWSER = new URL('./browser/', import.meta.url);
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
};

/** Types become blanks, so that lines and columns stay those of the source; `./x.ts` is served as `./x.js`. */
export const toBrowserScript = (source: string): string =>
  stripTypeScriptTypes(source, { mode: 'strip' }).replace(
    /\b(from|import)(\s*)(['"])(\.\/[\w-]+)\.ts\3/g,
    '$1$2$3$4.js$3',
  );

const zip = promisify(gzip);

const assetOf = (name: string, body: Buffer, isImmutable: boolean): Asset => {
  let gzipped: Promise<Buffer> | null = null;
  return {
    body,
    gzipped: () => (gzipped ??= zip(body, { level: 9 })),
    contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    isImmutable,
  };
};

const read = (folder: URL, name: string): string => readFileSync(new URL(name, folder), 'utf8');

/**
 * Every file that a page asks for, by its path. The sign-in pages have no build: what is served is the source without
 * its types. The Admin Console is the bundle of `npm run build`.
 */
export const loadAssets = (bundle: AdminBundle | null = readAdminBundle()): Map<string, Asset> => {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(UI))
    if (/\.(css|svg)$/.test(name)) assets.set(`/assets/${name}`, assetOf(name, Buffer.from(read(UI, name)), false));
  for (const name of readdirSync(BROWSER)) {
    if (!name.endsWith('.ts') || /\.(test|d)\.ts$/.test(name)) continue;
    const script = name.replace(/\.ts$/, '.js');
    assets.set(`/assets/${script}`, assetOf(script, Buffer.from(toBrowserScript(read(BROWSER, name))), false));
  }
  for (const [path, body] of bundle?.files ?? []) assets.set(path, assetOf(path, body, true));
  return assets;
};
