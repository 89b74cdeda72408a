import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import { NOWHERE, networkKey } from '@sallyport/model/network';
import { encodeMmdb } from '@sallyport/testkit/encode-mmdb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAsnTable } from './build-asn-table.ts';
import { openNetworkIntel } from './network-intel.ts';

const HEADER = 'start,end,asn,organisation';
const folder = mkdtempSync(join(tmpdir(), 'sallyport-intel-'));
const asnTablePath = join(folder, 'asn.bin');
const dropInFolder = join(folder, 'intel');
const csv = join(dropInFolder, 'asn.csv');
const address = (text: string) => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};
const open = () => openNetworkIntel({ asnTablePath, dropInFolder });

beforeAll(async () => {
  mkdirSync(dropInFolder);
  await buildAsnTable({ outFile: asnTablePath });
});
beforeEach(() => rmSync(csv, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

describe('network data', () => {
  it('knows well-known networks of both families', () => {
    const intel = open();
    expect(intel.resolve(address('1.1.1.1'))).toMatchObject({ kind: 'asn', asn: 13335 });
    expect(intel.resolve(address('8.8.8.8'))).toMatchObject({ kind: 'asn', asn: 15169 });
    expect(intel.resolve(address('2606:4700::1111'))).toMatchObject({ kind: 'asn', asn: 13335 });
    expect(networkKey(intel.resolve(address('10.1.2.3')))).toBe('local');
    expect(networkKey(intel.resolve(address('198.51.100.7')))).toBe('198.51.100.0/24');
    expect(networkKey(intel.resolve(address('0.0.0.0')))).toBe('0.0.0.0/24');
    expect(networkKey(intel.resolve(address('255.255.255.255')))).toBe('255.255.255.0/24');
    expect(networkKey(intel.resolve(address('ffff::1')))).toBe('ffff::/48');
    expect(intel.placeOf(address('8.8.8.8'))).toEqual({ ...NOWHERE, country: 'United States', countryCode: 'US' });
    expect(intel.placeOf(address('10.1.2.3'))).toEqual(NOWHERE);
  });
  it('is built once for a version', async () => {
    const before = statSync(asnTablePath).mtimeMs;
    await buildAsnTable({ outFile: asnTablePath });
    expect(statSync(asnTablePath).mtimeMs).toBe(before);
  });
  it('says what to do with a file that is no table', () => {
    const file = join(folder, 'garbage.bin');
    writeFileSync(file, 'garbage');
    expect(() => openNetworkIntel({ asnTablePath: file, dropInFolder })).toThrow('delete it and start the server');
  });
});

describe('the operator’s table', () => {
  it('wins over the shipped one and over local ranges', () => {
    writeFileSync(
      csv,
      `\uFEFF${HEADER}\r\n1.1.1.0,1.1.1.255,64500,"Example, Inc."\r\n10.0.0.0,10.0.0.255,AS64501,Lab\r\n\r\n2001:db8::,2001:db8::ffff,64502,Six\n`,
    );
    const intel = open();
    expect(intel.resolve(address('1.1.1.1'))).toEqual({ kind: 'asn', asn: 64500, organisation: 'Example, Inc.' });
    expect(intel.resolve(address('1.1.2.0'))).not.toMatchObject({ asn: 64500 });
    expect(networkKey(intel.resolve(address('10.0.0.255')))).toBe('as64501');
    expect(networkKey(intel.resolve(address('10.0.1.0')))).toBe('local');
    expect(networkKey(intel.resolve(address('2001:db8::7')))).toBe('as64502');
    expect(intel.describe().at(-1)).toMatchObject({ source: 'intel/asn.csv', ranges: 3 });
  });
  it.each([
    ['start,end,asn', 'line 1: the header must be'],
    [`${HEADER}\n1.1.1.1,1.1.1.2,64500`, 'line 2: four fields'],
    [`${HEADER}\n1.1.1.1,x,64500,A`, 'line 2: x is not an address'],
    [`${HEADER}\nx,1.1.1.1,64500,A`, 'line 2: x is not an address'],
    [`${HEADER}\n1.1.1.2,1.1.1.1,64500,A`, 'line 2: 1.1.1.2 to 1.1.1.1 is not a range'],
    [`${HEADER}\n1.1.1.2,::1,64500,A`, 'is not a range'],
    [`${HEADER}\n1.1.1.1,1.1.1.1,,A`, 'is not an AS number'],
    [`${HEADER}\n1.1.1.1,1.1.1.1,0,A`, '0 is not an AS number'],
    [`${HEADER}\n1.1.1.1,1.1.1.1,4294967296,A`, 'is not an AS number'],
    [`${HEADER}\n1.1.1.1,1.1.1.1,64500,`, 'the organisation is empty'],
    [`${HEADER}\n1.1.1.5,1.1.1.9,64500,A\n1.1.1.1,1.1.1.5,64501,B`, 'line 3: the range overlaps that of line 2'],
  ])('refuses %j', (text, message) => {
    writeFileSync(csv, text);
    expect(open).toThrow(message);
  });
  it('is refused unread where it is too large; what was read before stays', async () => {
    writeFileSync(csv, `${HEADER}\n198.51.100.0,198.51.100.255,64496,One\n2001:db8::,2001:db8::1,64497,Zwei Straße`);
    const intel = open();
    expect(intel.examplesOf({ asns: [64496, 64497, 4_200_000_000], places: [] }).map(({ text }) => text)).toEqual([
      '198.51.100.0',
      '2001:db8::',
    ]);
    expect(intel.resolve(address('2001:db8::1'))).toMatchObject({ organisation: 'Zwei Straße' });
    truncateSync(csv, 64 * 1024 * 1024 + 1);
    await expect(intel.reloadDropIn()).rejects.toThrow('larger than 64 MiB');
    expect(networkKey(intel.resolve(address('198.51.100.1')))).toBe('as64496');
    expect(open).toThrow('larger than 64 MiB');
  });

  it('knows a real address of a network and of a country', () => {
    const intel = open();
    const [google, germany, ...more] = intel.examplesOf({ asns: [15169], places: ['DE', 'XX'] });
    if (google === undefined || germany === undefined) throw new Error('none');
    expect(intel.resolve(google)).toMatchObject({ asn: 15169 });
    expect(intel.placeOf(germany).countryCode).toBe('DE');
    expect(more).toEqual([]);
  });

  it('is read again when it changed; a faulty one leaves the old in force', async () => {
    const intel = open();
    expect(await intel.reloadDropIn()).toBe(false);
    writeFileSync(csv, `${HEADER}\n198.51.100.0,198.51.100.255,64496,One`);
    expect(await intel.reloadDropIn()).toBe(true);
    expect(intel.generation).toBe(2);
    expect(networkKey(intel.resolve(address('198.51.100.1')))).toBe('as64496');
    writeFileSync(csv, 'nonsense');
    utimesSync(csv, 1, 1);
    await expect(intel.reloadDropIn()).rejects.toThrow('line 1');
    expect(networkKey(intel.resolve(address('198.51.100.1')))).toBe('as64496');
  });
});

describe('the operator’s database of places', () => {
  const file = join(dropInFolder, 'geo.mmdb');
  const named = (iso_code: string, en: string) => ({ iso_code, names: { en } });
  const put = (bytes: Buffer, second: number): void => {
    writeFileSync(file, bytes);
    utimesSync(file, second, second);
  };
  const CITY = encodeMmdb('Test-City', {
    '8.8.8.0/24': {
      country: named('US', 'Somewhere else'),
      subdivisions: [named('CA', 'California'), named('067', 'Sacramento')],
      city: named('', 'Elk Grove'),
      postal: { code: '95624' },
      location: { latitude: 38.4, longitude: -121.3 },
    },
    '1.1.1.0/24': { country: named('DE', 'Germany') },
    '9.9.9.0/24': { country: named('de', 'No code'), subdivisions: [named('BE', 'Berlin')] },
    '10.0.0.0/8': { country: named('US', 'A private network is nowhere') },
  });
  afterAll(() => rmSync(file, { force: true }));

  it('tells regions, goes before the shipped countries, and leaves to them what it does not know', async () => {
    const intel = open();
    expect([intel.hasRegions, intel.knowledgeOf(address('8.8.8.8')).regionCodes]).toEqual([false, []]);
    put(CITY, 1);
    expect(await intel.reloadDropIn()).toBe(true);
    expect(intel.describe()).toContainEqual({
      source: 'intel/geo.mmdb',
      dataAt: 1_700_000_000_000,
      ranges: null,
      problem: null,
    });
    expect(intel.hasRegions).toBe(true);
    expect(intel.placeOf(address('8.8.8.8'))).toEqual({
      country: 'United States',
      countryCode: 'US',
      region: 'California',
      regionCodes: ['US-CA', 'US-067'],
      city: 'Elk Grove',
      postalCode: '95624',
      geolocation: { lat: 38.4, lon: -121.3 },
    });
    expect(intel.knowledgeOf(address('8.8.8.8'))).toMatchObject({
      countryCode: 'US',
      regionCodes: ['US-CA', 'US-067'],
    });
    expect(intel.placeOf(address('1.1.1.1'))).toEqual({ ...NOWHERE, country: 'Germany', countryCode: 'DE' });
    // What is no code is no country, and its regions are none of another's.
    expect(intel.placeOf(address('9.9.9.9')).regionCodes).toEqual([]);
    expect(intel.placeOf(address('8.8.4.4'))).toMatchObject({ countryCode: 'US', region: null });
    expect(intel.placeOf(address('10.1.2.3'))).toEqual(NOWHERE);
    expect(intel.placeOf(address('2001:4860:4860::8888')).regionCodes).toEqual([]);
    expect(await intel.reloadDropIn()).toBe(false);
  });

  it('a faulty one is refused and said, what was read stays; a file of countries has no regions; none is none', async () => {
    put(CITY, 1);
    const intel = open();
    put(CITY.subarray(0, CITY.length >> 1), 2);
    expect(await intel.reloadDropIn()).toBe(true);
    expect(intel.describe().find(({ source }) => source === 'intel/geo.mmdb')?.problem).not.toBe(null);
    expect(intel.placeOf(address('8.8.8.8')).regionCodes).toEqual(['US-CA', 'US-067']);
    put(encodeMmdb('Test-Country', { '8.8.8.0/24': { country: named('CA', 'Canada') } }), 3);
    expect(await intel.reloadDropIn()).toBe(true);
    expect([intel.hasRegions, intel.placeOf(address('8.8.8.8')).countryCode]).toEqual([false, 'CA']);
    rmSync(file);
    expect(await intel.reloadDropIn()).toBe(true);
    expect(intel.placeOf(address('8.8.8.8')).countryCode).toBe('US');
    expect(intel.describe().some(({ source }) => source === 'intel/geo.mmdb')).toBe(false);
  });
});
