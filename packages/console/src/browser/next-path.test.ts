import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPath } from './next-path.ts';

const ORIGIN = 'https://sallyport.example';
const after = (next: string): string => nextPath(`?${new URLSearchParams({ next }).toString()}`, ORIGIN);

describe('nextPath', () => {
  it('goes to a path of this server', () => {
    expect(after('/log?filter=a#b')).toBe(`${ORIGIN}/log?filter=a#b`);
  });

  it.each([
    '',
    'log',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n\\evil.example',
    '\t//evil.example',
    'javascript:alert(1)',
  ])('does not follow %j', (next) => {
    expect(after(next)).toBe('/');
  });

  it('stays here when the dots of a path are taken out', () => {
    expect(after('/.//evil.example')).toBe(`${ORIGIN}//evil.example`);
  });

  it('never leaves the origin', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '\t',
      '\n',
      '\r',
      '.',
      '..',
      '@',
      ':',
      'evil.example',
      '%2f',
      '?',
      '#',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        (pieces) => new URL(after(`/${pieces.join('')}`), ORIGIN).origin === ORIGIN,
      ),
    );
  });
});
