import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadAssets } from './assets.ts';

interface Entry {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const gzippedKb = (bytes: Buffer): number => gzipSync(bytes).length / 1000;

describe('what a browser loads, gzipped', () => {
  it('is under 300 kB for the first screen of the console', () => {
    const manifest = JSON.parse(readFileSync(`${DIST}.vite/manifest.json`, 'utf8')) as Record<string, Entry>;
    const files = new Set<string>();
    const collect = (name: string): void => {
      const entry = manifest[name];
      if (entry === undefined || files.has(entry.file)) return;
      for (const file of [entry.file, ...(entry.css ?? [])]) files.add(file);
      for (const next of entry.imports ?? []) collect(next);
    };
    collect('src/admin/main.tsx');
    collect('src/admin/screens/overview/overview.tsx');
    expect(files.size).toBeGreaterThan(2);
    const total = [...files].reduce((sum, file) => sum + gzippedKb(readFileSync(DIST + file)), 0);
    expect(total).toBeLessThan(300);
  });

  it('is under 90 kB for the sign-in page, even with every script of all pages before the console', async () => {
    const zipped = await Promise.all([...loadAssets(null).values()].map(({ gzipped }) => gzipped()));
    const total = zipped.reduce((sum, { length }) => sum + length / 1000, 0);
    expect(total).toBeLessThan(90);
  });
});
