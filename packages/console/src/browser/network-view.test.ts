import { describe, expect, it } from 'vitest';
import { looksWrong } from './network-view.ts';

const seen = (address: string | null, name: string) => ({ address, name, chain: [], configuredProxies: [] });

describe('looksWrong', () => {
  it('doubts a private address behind a public name, and no address at all', () => {
    expect(looksWrong(seen('10.0.0.5', 'the local network'), 'admin.example.com')).toBe(true);
    expect(looksWrong(seen(null, 'an unknown network'), 'localhost')).toBe(true);
  });

  it.each(['localhost', '192.168.1.4', '172.20.0.2', '[::1]', 'sallyport.internal'])(
    'believes a private address on %s',
    (hostname) => {
      expect(looksWrong(seen('192.168.1.9', 'the local network'), hostname)).toBe(false);
    },
  );

  it('believes a public address', () => {
    expect(looksWrong(seen('203.0.113.7', 'AS64500 Example ISP'), 'admin.example.com')).toBe(false);
  });
});
