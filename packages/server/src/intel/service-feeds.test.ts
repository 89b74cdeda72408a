import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServiceFeeds, type ServiceFeeds } from './service-feeds.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-feeds-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string | Buffer, second = 1): void => {
  writeFileSync(join(folder, name), text);
  utimesSync(join(folder, name), second, second);
};
const of = (feeds: ServiceFeeds, text: string, asn: number | null = null): string[] => {
  const address = parseAddress(text);
  if (address === null) throw new Error(text);
  return [...feeds.servicesOf(address, asn)].toSorted();
};
const problems = (feeds: ServiceFeeds): (string | null | undefined)[] => feeds.describe().map(({ problem }) => problem);

describe('lists of services', () => {
  it('are read one entry a line, as CSV and as MMDB, each for the service that its name says', () => {
    put('tor.txt', '# exits\n192.0.2.1\n\n2001:db8::1   ; a bridge\r\n198.51.100.0/28\n');
    put('vpn.csv', 'asn,network\n64500,203.0.113.0/24\n');
    put('proxy.csv', '\uFEFFstart_ip,end_ip,name\n192.0.2.10,192.0.2.19,"Ex, Inc."\n');
    put('nord_vpn.netset', '192.0.2.32-192.0.2.39\nAS64501\n');
    const countries = createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/package.json');
    copyFileSync(join(dirname(countries), 'geo-whois-asn-country.mmdb'), join(folder, 'warp_vpn.mmdb'));
    const feeds = openServiceFeeds(folder);
    expect(problems(feeds)).toEqual([null, null, null, null, null]);
    expect([...feeds.loaded].toSorted()).toEqual(['HOSTING', 'NORD_VPN', 'PROXY', 'TOR', 'VPN', 'WARP_VPN']);
    expect(of(feeds, '192.0.2.1')).toContain('TOR');
    expect(of(feeds, '2001:db8::1')).toContain('TOR');
    expect(of(feeds, '198.51.100.16')).not.toContain('TOR');
    expect(of(feeds, '203.0.113.9')).toContain('VPN');
    expect(of(feeds, '192.0.2.19')).toContain('PROXY');
    expect(of(feeds, '192.0.2.20', 64501)).toContain('NORD_VPN');
    expect(of(feeds, '1.1.1.1')).toEqual(['WARP_VPN']);
    expect(feeds.describe().find(({ source }) => source === 'intel/tor.txt')).toEqual({
      source: 'intel/tor.txt',
      dataAt: 1000,
      ranges: 3,
      feed: 'TOR',
      problem: null,
    });
    expect(feeds.describe().find(({ source }) => source === 'intel/warp_vpn.mmdb')?.dataAt).toBeGreaterThan(1e12);
  });

  it('a link to nowhere stops nothing else', async () => {
    symlinkSync(join(folder, 'gone'), join(folder, 'tor.txt'));
    put('vpn.txt', '192.0.2.7\n');
    const feeds = openServiceFeeds(folder);
    expect(problems(feeds)).toEqual(['there is no such file any more', null]);
    expect([...feeds.loaded].toSorted()).toEqual(['HOSTING', 'VPN']);
    put('vpn.txt', '192.0.2.8\n', 2);
    expect(await feeds.reload()).toBe(true);
    expect(of(feeds, '192.0.2.8')).toEqual(['VPN']);
  });

  it('a binary file whose records are damaged is no list any more, and no request fails for it', () => {
    const countries = createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/package.json');
    const bytes = readFileSync(join(dirname(countries), 'geo-whois-asn-country.mmdb'));
    const data = bytes.indexOf(Buffer.alloc(16), bytes.length >> 1);
    bytes.fill(0xff, data + 16, bytes.lastIndexOf('\xAB\xCD\xEFMaxMind.com', undefined, 'latin1'));
    put('vpn.mmdb', bytes);
    const feeds = openServiceFeeds(folder);
    expect(feeds.loaded).toContain('VPN');
    expect(of(feeds, '1.1.1.1')).toEqual([]);
    expect(problems(feeds)).toEqual(['it is damaged: an address could not be looked up in it']);
    expect([...feeds.loaded]).toEqual(['HOSTING']);
  });

  it('know the clouds without any file', () => {
    const feeds = openServiceFeeds(join(folder, 'not there'));
    expect(of(feeds, '3.5.140.2', 16509)).toEqual(['HOSTING']);
    expect(of(feeds, '192.0.2.1', 64500)).toEqual([]);
    expect([...feeds.loaded]).toEqual(['HOSTING']);
    expect(feeds.describe()).toEqual([]);
  });

  it.each([
    ['tor.txt', '192.0.2.1\n192.0.2.300\n', 'line 2: 192.0.2.300 is not an address'],
    ['tor.txt', '', 'no entry'],
    ['tor.txt', '# nothing yet\n', 'no entry'],
    ['tor.txt', '<html><body>429 Too Many Requests</body></html>\n', 'line 1'],
    ['tor.txt', Buffer.from([0x31, 0, 0x2e]), 'not text'],
    ['tor.csv', 'name,country\nx,DE\n', 'the header names no column'],
    ['tor.csv', 'network\n10.0.0.0/33\n', 'line 2'],
    ['tor.csv', 'start,end\n192.0.2.9,192.0.2.1\n', 'line 2'],
    ['tor.mmdb', Buffer.alloc(2000, 7), ''],
    ['tor.mmdb', '', ''],
    ['torr.txt', '192.0.2.1\n', 'the name is that of no list'],
  ])('%s that is faulty (%#) is refused whole, with the reason', (name, content, reason) => {
    put(name, content);
    const feeds = openServiceFeeds(folder);
    expect([...feeds.loaded]).toEqual(['HOSTING']);
    expect(of(feeds, '192.0.2.1')).toEqual([]);
    expect(problems(feeds)).toEqual([expect.stringContaining(reason)]);
  });

  it('are read again without the thread that answers: it does a small part of the work, however long the list is', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    const feeds = openServiceFeeds(folder);
    put('tor.txt', lines.join('\n'), 100);
    const worked = async (work: () => unknown): Promise<number> => {
      const before = process.threadCpuUsage();
      await work();
      const { user, system } = process.threadCpuUsage(before);
      return user + system;
    };
    const elsewhere = await worked(() => feeds.reload());
    expect(of(feeds, '10.3.13.63')).toEqual(['TOR']);
    const here = await worked(() => openServiceFeeds(folder));
    expect(elsewhere).toBeLessThan(here / 4);
  });

  it('are refused unread where they are too large', async () => {
    const feeds = openServiceFeeds(folder);
    put('tor.txt', '192.0.2.1\n', 100);
    await feeds.reload();
    truncateSync(join(folder, 'tor.txt'), 64 * 1024 * 1024 + 1);
    const before = process.threadCpuUsage();
    expect(await feeds.reload()).toBe(true);
    expect(process.threadCpuUsage(before).user).toBeLessThan(50_000);
    expect(problems(feeds)).toEqual(['larger than 64 MiB']);
    expect(of(feeds, '192.0.2.1')).toEqual(['TOR']);
  });

  it('are read again when they change; of a damaged one the last good state stays, until it is mended or gone', async () => {
    put('tor.txt', '192.0.2.1\n', 100);
    const feeds = openServiceFeeds(folder);
    expect(await feeds.reload()).toBe(false);
    put('tor.txt', '192.0.2.2\n', 200);
    expect(await feeds.reload()).toBe(true);
    expect([of(feeds, '192.0.2.1'), of(feeds, '192.0.2.2')]).toEqual([[], ['TOR']]);

    put('tor.txt', '192.0.2.3\nbroken\n', 300);
    expect(await feeds.reload()).toBe(true);
    expect(await feeds.reload()).toBe(false);
    expect([of(feeds, '192.0.2.3'), of(feeds, '192.0.2.2')]).toEqual([[], ['TOR']]);
    // The age is that of what counts.
    expect(feeds.describe()).toEqual([
      expect.objectContaining({ dataAt: 200_000, problem: expect.stringContaining('line 2') }),
    ]);

    put('tor.txt', '192.0.2.3\n', 400);
    await feeds.reload();
    expect([problems(feeds), of(feeds, '192.0.2.3')]).toEqual([[null], ['TOR']]);
    rmSync(join(folder, 'tor.txt'));
    expect(await feeds.reload()).toBe(true);
    expect([...feeds.loaded]).toEqual(['HOSTING']);
  });
});
