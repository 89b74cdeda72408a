import { readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadAssets, toBrowserScript } from './assets.ts';

const assets = loadAssets(null);
const scripts = [...assets].filter(([path]) => path.endsWith('.js'));

describe('toBrowserScript', () => {
  it('takes the types away and names what the browser can load, line by line', () => {
    expect(
      toBrowserScript(
        `import { a, type B } from './a-b.ts';\nimport './c.ts';\nexport const d = (x: B): string => \`\${a(x)} './e.ts'\`;`,
      ).replaceAll(/ +/g, ' '),
    ).toBe(`import { a, } from './a-b.js';\nimport './c.js';\nexport const d = (x ) => \`\${a(x)} './e.ts'\`;`);
  });
});

describe('loadAssets', () => {
  it('serves every script of the pages, and no test or configuration', () => {
    const sources = readdirSync(new URL('./browser/', import.meta.url)).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    expect(scripts.map(([path]) => path).sort()).toEqual(
      sources.map((name) => `/assets/${name.replace('.ts', '.js')}`).sort(),
    );
  });

  it('imports nothing that is not served', () => {
    const imports = scripts.flatMap(([, { body }]) =>
      [...body.toString().matchAll(/^import .*'([^']+)';$/gm)].map(([, name]) => name ?? ''),
    );
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter((name) => !assets.has(name.replace(/^\.\//, '/assets/')))).toEqual([]);
  });

  it('writes no HTML from text: the pages require Trusted Types', () => {
    for (const [path, { body }] of scripts)
      expect(body.toString(), path).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      );
  });

  it('knows the built console by names that hold their digest', async () => {
    const bundle = { files: new Map([['/assets/admin/assets/main-abc.js', Buffer.from('1')]]), script: '', styles: [] };
    const found = loadAssets(bundle).get('/assets/admin/assets/main-abc.js');
    expect(found).toMatchObject({ isImmutable: true, contentType: 'text/javascript; charset=utf-8' });
    expect(gunzipSync((await found?.gzipped()) ?? Buffer.alloc(0)).toString()).toBe('1');
    expect(await found?.gzipped()).toBe(await found?.gzipped());
    expect(assets.get('/assets/sallyport.css')?.isImmutable).toBe(false);
  });

  it('is the same each time, with a type and a strong ETag of its content', () => {
    const contentOf = (of: typeof assets) => [...of].map(([path, { body, etag }]) => [path, body, etag]);
    expect(contentOf(loadAssets(null))).toEqual(contentOf(assets));
    for (const { contentType, etag } of assets.values()) {
      expect(contentType).not.toBe('application/octet-stream');
      expect(etag).toMatch(/^"[\w-]{43}"$/);
    }
    expect(new Set([...assets.values()].map(({ etag }) => etag)).size).toBe(assets.size);
  });
});
