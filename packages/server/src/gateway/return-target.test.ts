import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeReturnTarget } from './return-target.ts';

const ORIGIN = 'https://admin.example.org';
const PIECES = [
  '/',
  '\\',
  '//',
  '.',
  '..',
  '%2f',
  '%5c',
  '%2e',
  '\t',
  '\n',
  '\r',
  '@',
  ':',
  '?',
  '#',
  ' ',
  'evil.example',
  'https:',
  '%00',
  '%0d%0a',
  'a',
  'ü',
];

describe('safeReturnTarget', () => {
  it('keeps a path with its query', () => {
    for (const path of ['/', '/a/b', '/a/?q=https://x//y', '/a%2Fb', '/a?b#c', '/a/%20b'])
      expect(safeReturnTarget(path, ORIGIN)).toBe(path);
  });

  it('takes dot segments out, and does not come to our own pages', () => {
    expect(safeReturnTarget('/a/../b', ORIGIN)).toBe('/b');
    for (const path of ['/.sallyport/start', '/x/../.sallyport/sign-out', '/.SALLYPORT/x', '/.sallyport'])
      expect(safeReturnTarget(path, ORIGIN)).toBe('/');
  });

  it('is the front page for nothing, for what is too long, and for what is no path', () => {
    for (const text of [undefined, '', 'a', '?a', `/${'a'.repeat(2048)}`, 'https://admin.example.org/a'])
      expect(safeReturnTarget(text, ORIGIN)).toBe('/');
  });

  it('whatever is put together, leads to the same origin, also when a proxy decodes it once more', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const target = safeReturnTarget(`/${text}`, ORIGIN);
        expect(target).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
        expect(new URL(target, ORIGIN).origin).toBe(ORIGIN);
        const path = target.split(/[?#]/, 1)[0] ?? '';
        const decoded = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(new URL(decoded, ORIGIN).origin).toBe(ORIGIN);
        expect(decoded).not.toMatch(/^\/[/\\]|[\r\n]/);
      }),
      { numRuns: 3000 },
    );
  });
});
