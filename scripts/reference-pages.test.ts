import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referencePages } from './reference-pages.ts';
import { ROUTE_PATHS_FILE, routePaths } from './route-paths.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'reference');

describe('the documents', () => {
  it.each([...referencePages().keys()])(
    'docs/reference/%s says what the code says; npm run reference writes it',
    (name) => {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(referencePages().get(name));
    },
  );
  it('and what a client asks for are the routes of the code; npm run reference writes them', () => {
    expect(readFileSync(join(root, ROUTE_PATHS_FILE), 'utf8')).toBe(routePaths());
  });
  it('hold no reference page that nothing writes', () => {
    expect(readdirSync(folder).sort()).toEqual([...referencePages().keys()].sort());
  });
  it('link only to files that exist', () => {
    const pages = [
      'README.md',
      ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.md'))
        .map((name) => join('docs', name)),
    ];
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(root, page, '..', target)))
        .map((target) => `${page} → ${target}`),
    );
    expect(pages.length).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  });
  it('README stays under 150 lines', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8').split('\n').length).toBeLessThan(150);
  });
});
