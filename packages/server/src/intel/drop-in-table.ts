import { existsSync, readFileSync, statSync } from 'node:fs';
import { addressOfBits, parseAddress } from '@sallyport/decide/address/parse-address';
import type { Address, AddressFamily } from '@sallyport/model/network';
import type { AsnEntry } from './asn-table.ts';
import { readCsvLine } from './read-csv-line.ts';
import { readTableElsewhere } from './read-elsewhere.ts';

interface Entry extends AsnEntry {
  readonly line: number;
  readonly family: AddressFamily;
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
const BYTES_MAX = 64 * 1024 * 1024;

const readEntry = (file: string, line: number, text: string): Entry => {
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

/** The ranges of one family, ascending and apart: addresses one after another, and of each range its ASN and the place of its name. */
interface Ranges {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly asn: Uint32Array;
  readonly name: Uint32Array;
}
/** The table in arrays, which change threads without being copied. */
export interface DropInData {
  readonly v4: Ranges;
  readonly v6: Ranges;
  /** The names, in UTF-8, one after another, and where each ends. */
  readonly names: Uint8Array;
  readonly nameEnds: Uint32Array;
}
const BYTES = { v4: 4, v6: 16 } as const;

const compiled = (entries: readonly Entry[], family: AddressFamily, places: ReadonlyMap<string, number>): Ranges => {
  const from = new Uint8Array(entries.length * BYTES[family]);
  const to = new Uint8Array(from.length);
  for (const [i, entry] of entries.entries()) {
    from.set(entry.from, i * BYTES[family]);
    to.set(entry.to, i * BYTES[family]);
  }
  return {
    from,
    to,
    asn: Uint32Array.from(entries, ({ asn }) => asn),
    name: Uint32Array.from(entries, ({ organisation }) => places.get(organisation) ?? 0),
  };
};

/** Where the address stands among ranges: the place of its range, or -1. */
const placeIn = ({ from, to, asn }: Ranges, bits: Uint8Array): number => {
  const compare = (bounds: Uint8Array, at: number): number => {
    for (let i = 0; i < bits.length; i++) {
      const difference = (bits[i] as number) - (bounds[at * bits.length + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  let low = 0;
  let high = asn.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (compare(from, middle) < 0) high = middle - 1;
    else if (compare(to, middle) > 0) low = middle + 1;
    else return middle;
  }
  return -1;
};

const EMPTY: DropInTable = { ranges: 0, modifiedAt: null, lookUp: () => null, firstOf: () => null };

/** When the file was changed last; null without one. */
export const dropInModifiedAt = (file: string): number | null => (existsSync(file) ? statSync(file).mtimeMs : null);

/** Reads the table whole. Throws with the line of a mistake, and for a file that is too large before it is read. */
export const readDropIn = (file: string): DropInData => {
  if (statSync(file).size > BYTES_MAX) throw new Error(`${file} is larger than ${BYTES_MAX / 1_048_576} MiB`);
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if ((lines[0] ?? '').trim().toLowerCase() !== HEADER) throw new Error(`${file} line 1: the header must be ${HEADER}`);
  const entries = lines.flatMap((text, i) => (i === 0 || text.trim() === '' ? [] : [readEntry(file, i + 1, text)]));
  const places = new Map<string, number>();
  for (const { organisation } of entries) if (!places.has(organisation)) places.set(organisation, places.size);
  const names = [...places.keys()].map((name) => Buffer.from(name, 'utf8'));
  const nameEnds = new Uint32Array(names.length);
  for (const [i, name] of names.entries()) nameEnds[i] = (nameEnds[i - 1] ?? 0) + name.length;
  const of = (family: AddressFamily): Ranges => {
    const own = entries.filter((entry) => entry.family === family);
    return compiled(sortedApart(file, own), family, places);
  };
  return { v4: of('v4'), v6: of('v6'), names: new Uint8Array(Buffer.concat(names)), nameEnds };
};

/** A table that is asked. */
export const dropInTableOf = ({ v4, v6, names, nameEnds }: DropInData, modifiedAt: number): DropInTable => {
  const nameAt = (place: number): string =>
    Buffer.from(names.buffer, names.byteOffset, names.length).toString(
      'utf8',
      place === 0 ? 0 : nameEnds[place - 1],
      nameEnds[place],
    );
  return {
    ranges: v4.asn.length + v6.asn.length,
    modifiedAt,
    lookUp({ family, bits }) {
      const ranges = family === 'v4' ? v4 : v6;
      const at = placeIn(ranges, bits);
      if (at === -1) return null;
      return { asn: ranges.asn[at] as number, organisation: nameAt(ranges.name[at] as number) };
    },
    firstOf(asn) {
      for (const [ranges, width] of [
        [v4, BYTES.v4],
        [v6, BYTES.v6],
      ] as const) {
        const at = ranges.asn.indexOf(asn);
        if (at !== -1) return addressOfBits(ranges.from.slice(at * width, (at + 1) * width));
      }
      return null;
    },
  };
};

/**
 * The operator's own table, `start,end,asn,organisation`. A mistake is told with its line, and nothing of the file
 * counts: half a table would bind sessions to networks that nobody meant.
 */
export const openDropInTable = (file: string): DropInTable => {
  const modifiedAt = dropInModifiedAt(file);
  return modifiedAt === null ? EMPTY : dropInTableOf(readDropIn(file), modifiedAt);
};

/** The same, read in another thread. */
export const reopenDropInTable = async (file: string): Promise<DropInTable> => {
  const modifiedAt = dropInModifiedAt(file);
  return modifiedAt === null ? EMPTY : dropInTableOf(await readTableElsewhere(file), modifiedAt);
};
