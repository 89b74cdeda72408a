import { existsSync, readFileSync, statSync } from 'node:fs';
import { addressOfBits, parseAddress } from '@sallyport/decide/address/parse-address';
import type { Address, AddressFamily } from '@sallyport/model/network';
import type { AsnEntry } from './asn-table.ts';
import { readCsvLine } from './read-csv-line.ts';

interface Entry extends AsnEntry {
  readonly line: number;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

export interface DropInTable {
  readonly ranges: number;
  readonly modifiedAt: number | null;
  lookUp(address: Address): AsnEntry | null;
  /** The first address of a network; null for one that is not in the table. */
  firstOf(asn: number): Address | null;
}

const HEADER = 'start,end,asn,organisation';
const ASN_MAX = 4_294_967_295;

const readEntry = (file: string, line: number, text: string): Entry & { readonly family: AddressFamily } => {
  const fail = (what: string): never => {
    throw new Error(`${file} line ${line}: ${what}`);
  };
  const fields = readCsvLine(text).map((field) => field.trim());
  const [start = '', end = '', asnText = '', organisation = ''] = fields;
  if (fields.length !== 4) fail(`four fields are needed (${HEADER})`);
  const from = parseAddress(start) ?? fail(`${start} is not an address`);
  const to = parseAddress(end) ?? fail(`${end} is not an address`);
  if (from.family !== to.family || Buffer.compare(from.bits, to.bits) > 0) fail(`${start} to ${end} is not a range`);
  const asn = Number(asnText.replace(/^AS/i, ''));
  if (asnText === '' || !Number.isInteger(asn) || asn < 1 || asn > ASN_MAX) fail(`${asnText} is not an AS number`);
  if (organisation === '') fail('the organisation is empty');
  return { line, family: from.family, from: from.bits, to: to.bits, asn, organisation };
};

const sortedApart = (file: string, entries: readonly Entry[]): readonly Entry[] => {
  const sorted = entries.toSorted((a, b) => Buffer.compare(a.from, b.from));
  for (const [i, entry] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before !== undefined && Buffer.compare(entry.from, before.to) <= 0) {
      throw new Error(
        `${file} line ${Math.max(entry.line, before.line)}: the range overlaps that of line ${Math.min(entry.line, before.line)}`,
      );
    }
  }
  return sorted;
};

const lookUpIn = (entries: readonly Entry[], bits: Uint8Array): AsnEntry | null => {
  let low = 0;
  let high = entries.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle] as Entry;
    if (Buffer.compare(bits, entry.from) < 0) high = middle - 1;
    else if (Buffer.compare(bits, entry.to) > 0) low = middle + 1;
    else return { asn: entry.asn, organisation: entry.organisation };
  }
  return null;
};

const EMPTY: DropInTable = { ranges: 0, modifiedAt: null, lookUp: () => null, firstOf: () => null };

/** When the file was changed last; null without one. */
export const dropInModifiedAt = (file: string): number | null => (existsSync(file) ? statSync(file).mtimeMs : null);

/**
 * The operator's own table, `start,end,asn,organisation`. A mistake is told with its line, and nothing of the file
 * counts: half a table would bind sessions to networks that nobody meant.
 */
export const openDropInTable = (file: string): DropInTable => {
  const modifiedAt = dropInModifiedAt(file);
  if (modifiedAt === null) return EMPTY;
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if ((lines[0] ?? '').trim().toLowerCase() !== HEADER) throw new Error(`${file} line 1: the header must be ${HEADER}`);
  const entries = lines.flatMap((text, i) => (i === 0 || text.trim() === '' ? [] : [readEntry(file, i + 1, text)]));
  const of = (family: AddressFamily) =>
    sortedApart(
      file,
      entries.filter((entry) => entry.family === family),
    );
  const byFamily = { v4: of('v4'), v6: of('v6') };
  return {
    ranges: entries.length,
    modifiedAt,
    lookUp: ({ family, bits }) => lookUpIn(byFamily[family], bits),
    firstOf(asn) {
      const entry = entries.find((one) => one.asn === asn);
      return entry === undefined ? null : addressOfBits(entry.from);
    },
  };
};
