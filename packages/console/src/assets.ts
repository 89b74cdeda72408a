import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

export interface Asset {
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
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

const assetOf = (name: string, body: string): Asset => ({
  body,
  contentType: CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
  etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
});

const read = (folder: URL, name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** Every file that a page asks for, by its path. There is no build: what is served is the source without its types. */
export const loadAssets = (): Map<string, Asset> => {
  const files = new Map<string, string>();
  for (const name of readdirSync(UI)) if (/\.(css|svg)$/.test(name)) files.set(name, read(UI, name));
  for (const name of readdirSync(BROWSER)) {
    if (!name.endsWith('.ts') || /\.(test|d)\.ts$/.test(name)) continue;
    files.set(name.replace(/\.ts$/, '.js'), toBrowserScript(read(BROWSER, name)));
  }
  return new Map([...files].map(([name, body]) => [`/assets/${name}`, assetOf(name, body)]));
};
