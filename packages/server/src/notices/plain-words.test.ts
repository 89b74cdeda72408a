import { describe, expect, it } from 'vitest';
import { oneLine, withoutLinks } from './plain-words.ts';

describe('words of others in a mail', () => {
  it.each([
    ['see https://evil.example/a?b=c', 'see https[:]//evil[.]example/a?b=c'],
    ['see HTTP://EVIL.example', 'see HTTP[:]//EVIL[.]example'],
    ['www.evil.example or evil.co/login', 'www[.]evil[.]example or evil[.]co/login'],
    ['ana@evil.example/login', 'ana@evil[.]example/login'],
    ['ana@evil.example:8080', 'ana@evil[.]example:8080'],
    ['ftp://ana@evil.example', 'ftp[:]//ana@evil[.]example'],
    ['evil。example', 'evil[.]example'],
    ['(evil.example)', '(evil[.]example)'],
  ])('lead nowhere: %s', (words, plain) => expect(withoutLinks(words)).toBe(plain));
  it.each([
    '“Rotate the certificate”, CHG-4411',
    'ana@example.org: that was it.',
    'from 198.51.100.10 (AS64496 Example ISP)',
    '    at 2026-11-25 12:00 UTC',
    'Payroll operators, for 2 h. Then nothing.',
  ])('stay as they are where they lead nowhere: %s', (words) => expect(withoutLinks(words)).toBe(words));
  it('are one line, read in one direction, and not long', () => {
    expect(oneLine('a\r\nBcc: eve@example.org')).toBe('a Bcc: eve@example.org');
    expect(withoutLinks('a\u202egpj.exe\u2028b\u0000c')).toBe('a gpj[.]exe b c');
    expect(oneLine('x'.repeat(999))).toHaveLength(200);
  });
});
