import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { compileRanges, isInRanges, parseRange, type RangeSet } from '@sallyport/decide/address/address-range';
import type { Address } from '@sallyport/model/network';
import { Reader } from 'mmdb-lib';
import { readCsvLine } from './read-csv-line.ts';

/** A list of addresses, and of whole networks, that stands for one service. */
export interface Feed {
  /** Null where the format does not tell. */
  readonly entries: number | null;
  /** When the data was made, where the file says so itself. */
  readonly builtAt: number | null;
  has(address: Address, asn: number | null): boolean;
}

/** What a list holds, in arrays that change threads without being copied. */
export type FeedData =
  | { readonly kind: 'ranges'; readonly entries: number; readonly ranges: RangeSet; readonly asns: Uint32Array }
  | { readonly kind: 'mmdb'; readonly bytes: Uint8Array };

const ENTRIES_MAX = 500_000;
const ASN = /^AS(\d{1,10})$/i;
/** Columns of a CSV that hold an address or a CIDR, and pairs of them that hold a range. */
const NETWORK_COLUMNS = ['network', 'cidr', 'ip', 'address', 'prefix', 'ip_range'];
const RANGE_COLUMNS = [
  ['start', 'end'],
  ['start_ip', 'end_ip'],
  ['from', 'to'],
] as const;

const fail = (line: number, what: string): never => {
  throw new Error(`line ${line}: ${what}`);
};

const COMMENT = { list: /[#;].*$/, csv: /^#.*$/ } as const;

/** Lines that hold something, with their numbers; in a list, what follows `#` or `;` is a comment. */
const linesOf = (text: string, form: keyof typeof COMMENT): { readonly line: number; readonly text: string }[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((one, i) => ({ line: i + 1, text: one.trim().replace(COMMENT[form], '').trim() }))
    .filter((one) => one.text !== '');

/** Which part of a line of the CSV is the range, by its header. */
const rangeColumn = (header: string): ((fields: readonly string[]) => string) => {
  const names = readCsvLine(header).map((name) => name.trim().toLowerCase());
  const at = names.findIndex((name) => NETWORK_COLUMNS.includes(name));
  if (at !== -1) return (fields) => fields[at]?.trim() ?? '';
  for (const [from, to] of RANGE_COLUMNS) {
    const [first, last] = [names.indexOf(from), names.indexOf(to)];
    if (first !== -1 && last !== -1) return (fields) => `${fields[first]?.trim() ?? ''}-${fields[last]?.trim() ?? ''}`;
  }
  return fail(1, `the header names no column ${NETWORK_COLUMNS.join(', ')}, nor start and end`);
};

const rangesOf = (entries: readonly { readonly line: number; readonly text: string }[]): FeedData => {
  if (entries.length === 0) throw new Error('there is no entry in it');
  if (entries.length > ENTRIES_MAX) throw new Error(`more than ${ENTRIES_MAX} entries`);
  const asns = new Set<number>();
  const ranges: string[] = [];
  for (const { line, text } of entries) {
    const asn = ASN.exec(text)?.[1];
    if (asn !== undefined) asns.add(Number(asn));
    else if (parseRange(text) === null) fail(line, `${text.slice(0, 60)} is not an address, a CIDR, a range or an ASN`);
    else ranges.push(text);
  }
  return { kind: 'ranges', entries: entries.length, ranges: compileRanges(ranges), asns: Uint32Array.from(asns) };
};

/** A list that is asked. Throws for a binary one that is none. */
export const feedOf = (data: FeedData): Feed => {
  if (data.kind === 'ranges') {
    const { entries, ranges } = data;
    const asns = new Set(data.asns);
    return {
      entries,
      builtAt: null,
      has: (address, asn) => isInRanges(ranges, address) || (asn !== null && asns.has(asn)),
    };
  }
  const { buffer, byteOffset, byteLength } = data.bytes;
  const reader = new Reader<Record<string, unknown>>(Buffer.from(buffer, byteOffset, byteLength));
  return {
    entries: null,
    builtAt: reader.metadata.buildEpoch.getTime(),
    has: (address) => (address.family === 'v4' || reader.metadata.ipVersion === 6) && reader.get(address.text) !== null,
  };
};

const isShared = ({ buffer, byteLength }: Uint8Array): boolean => buffer.byteLength !== byteLength;

/**
 * Reads a list: `.mmdb` (whatever has a record is in it), `.csv` (a header that names the column), anything else one
 * address, CIDR, range or `AS64500` a line. Throws with the line for a mistake: half a list is none.
 */
export const readFeed = (file: string): FeedData => {
  const bytes = readFileSync(file);
  // A small file lies in memory that it shares with others, which cannot change threads.
  if (extname(file) === '.mmdb') return { kind: 'mmdb', bytes: isShared(bytes) ? new Uint8Array(bytes) : bytes };
  if (bytes.includes(0)) throw new Error('it is not text');
  const text = bytes.toString('utf8');
  if (extname(file) !== '.csv') return rangesOf(linesOf(text, 'list'));
  const [header, ...rows] = linesOf(text, 'csv');
  if (header === undefined) throw new Error('there is no entry in it');
  const columnOf = rangeColumn(header.text);
  return rangesOf(rows.map(({ line, text: row }) => ({ line, text: columnOf(readCsvLine(row)) })));
};
