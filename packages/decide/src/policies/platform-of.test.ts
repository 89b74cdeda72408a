import { describe, expect, it } from 'vitest';
import { fitsPlatform, platformOf } from './platform-of.ts';

const AGENTS = [
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', 'DESKTOP', 'LINUX'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', 'DESKTOP', 'WINDOWS'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15',
    'DESKTOP',
    'MACOS',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148', 'MOBILE', 'IOS'],
  [
    'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36',
    'MOBILE',
    'ANDROID',
  ],
  ['Mozilla/5.0 (X11; CrOS x86_64 16000.0.0) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', 'DESKTOP', 'CHROMEOS'],
  ['curl/8.14.1', 'OTHER', 'OTHER'],
  ['', 'OTHER', 'OTHER'],
  // What begins after the first kilobyte is not read.
  [`${'x'.repeat(2000)} Windows NT`, 'OTHER', 'OTHER'],
] as const;

describe('platformOf', () => {
  it.each(AGENTS)('%s', (userAgent, type, os) => {
    expect(platformOf(userAgent)).toEqual({ type, os });
  });
});

describe('fitsPlatform', () => {
  it('ANY fits all, and the system OTHER fits Linux too', () => {
    const linux = { type: 'DESKTOP', os: 'LINUX' } as const;
    expect(fitsPlatform({ type: 'ANY', os: 'ANY' }, linux)).toBe(true);
    expect(fitsPlatform({ type: 'DESKTOP', os: 'OTHER' }, linux)).toBe(true);
    expect(fitsPlatform({ type: 'DESKTOP', os: 'LINUX' }, { type: 'DESKTOP', os: 'OTHER' })).toBe(false);
    expect(fitsPlatform({ type: 'MOBILE', os: 'ANY' }, linux)).toBe(false);
    expect(fitsPlatform({ type: 'ANY', os: 'MACOS' }, linux)).toBe(false);
  });
});
