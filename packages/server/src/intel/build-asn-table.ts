import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ASN_TABLE_MAGIC, type AsnTableHeader, asnTableLayout, asnTableStart, readAsnHeader } from './asn-table.ts';
import { readCsvLine } from './read-csv-line.ts';

const PACKAGE = '@ip-location-db/asn';
const HEADER_BYTES_MAX = 1024;
const WORD_BITS = 32n;
const WORD_MASK = 0xffff_ffffn;

const packageFolder = (): string => dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));

/** The version carries the day of the data: 2.3.2026061719. */
const dayOf = (version: string): number => {
  const [, year, month, day] = /\.(\d{4})(\d{2})(\d{2})\d{0,2}$/.exec(version) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day));
};

const versionOf = (file: string): string | null => {
  if (!existsSync(file)) return null;
  const head = Buffer.alloc(HEADER_BYTES_MAX);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, head, 0, HEADER_BYTES_MAX, 0);
  } finally {
    closeSync(fd);
  }
  return readAsnHeader(head)?.header.version ?? null;
};

/** Index of each owner (ASN and name), in the order of appearance. */
const createOwners = () => {
  const indexes = new Map<string, number>();
  const asns: number[] = [];
  const names: string[] = [];
  return {
    asns,
    names,
    indexOf(asn: string, name: string): number {
      const key = `${asn} ${name}`;
      const known = indexes.get(key);
      if (known !== undefined) return known;
      indexes.set(key, asns.length);
      asns.push(Number(asn));
      names.push(name);
      return asns.length - 1;
    },
  };
};

const linesOf = (folder: string, name: string): string[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

const v6Words = (text: string): number[] => {
  const value = BigInt(text);
  return [96n, 64n, WORD_BITS, 0n].map((shift) => Number((value >> shift) & WORD_MASK));
};

/**
 * Compiles the network data of the package into one file of typed arrays: half a million ranges that open in
 * milliseconds. Does nothing when the file is of the installed version. Written beside and renamed: a crash leaves the
 * old file or the new one.
 */
export const buildAsnTable = async ({ outFile }: { readonly outFile: string }): Promise<void> => {
  const folder = packageFolder();
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  if (versionOf(outFile) === version) return;
  const owners = createOwners();
  const arrays: Record<string, number[]> = { v4From: [], v4To: [], v4Owner: [], v6From: [], v6To: [], v6Owner: [] };
  const push = (name: string, ...values: number[]): void => void arrays[name]?.push(...values);
  for (const line of linesOf(folder, 'asn-ipv4-num.csv')) {
    const [from = '', to = '', asn = '', name = ''] = readCsvLine(line);
    push('v4From', Number(from));
    push('v4To', Number(to));
    push('v4Owner', owners.indexOf(asn, name));
  }
  for (const line of linesOf(folder, 'asn-ipv6-num.csv')) {
    const [from = '', to = '', asn = '', name = ''] = readCsvLine(line);
    push('v6From', ...v6Words(from));
    push('v6To', ...v6Words(to));
    push('v6Owner', owners.indexOf(asn, name));
  }
  const texts = owners.names.map((name) => Buffer.from(name, 'utf8'));
  let end = 0;
  arrays['ownerAsn'] = owners.asns;
  arrays['ownerText'] = [0, ...texts.map((text) => (end += text.length))];
  const header: AsnTableHeader = {
    version,
    dataAt: dayOf(version),
    v4: arrays['v4Owner']?.length ?? 0,
    v6: arrays['v6Owner']?.length ?? 0,
    organisations: owners.asns.length,
    textBytes: end,
  };
  const headerText = JSON.stringify(header);
  const head = Buffer.from(`${ASN_TABLE_MAGIC}${String(Buffer.byteLength(headerText)).padStart(8, '0')}${headerText}`);
  const padding = (length: number): Buffer => Buffer.alloc(-length & 7);
  const parts: Buffer[] = [head, Buffer.alloc(asnTableStart(headerText) - head.length)];
  for (const { name } of asnTableLayout(header)) {
    const bytes = Buffer.from(Uint32Array.from(arrays[name] ?? []).buffer);
    parts.push(bytes, padding(bytes.length));
  }
  writeFileSync(`${outFile}.new`, Buffer.concat([...parts, ...texts]), { flush: true });
  renameSync(`${outFile}.new`, outFile);
};
