import { readFileSync } from 'node:fs';
import { addressOfBits } from '@sallyport/decide/address/parse-address';
import type { Address } from '@sallyport/model/network';

/** `<magic><header length, 8 digits><JSON header>`, then the arrays one after another, each at a multiple of eight. */
export const ASN_TABLE_MAGIC = 'SALLYPORT-ASN-1\n';

/** What stands at the head of the file. */
export interface AsnTableHeader {
  readonly version: string;
  readonly dataAt: number;
  readonly v4: number;
  readonly v6: number;
  readonly organisations: number;
  readonly textBytes: number;
}

export interface AsnEntry {
  readonly asn: number;
  readonly organisation: string;
}
export interface AsnTable {
  readonly header: AsnTableHeader;
  lookUp(address: Address): AsnEntry | null;
  /** The first address of a network; null for one that is not in the table. */
  firstOf(asn: number): Address | null;
  /** First addresses of ranges, so many, evenly from all over the table. */
  sample(count: number): readonly Address[];
}

const aligned = (offset: number): number => (offset + 7) & ~7;

/** The arrays of the table with their lengths, in the order of the file. */
export const asnTableLayout = (header: AsnTableHeader) =>
  [
    { name: 'v4From', length: header.v4 },
    { name: 'v4To', length: header.v4 },
    { name: 'v4Owner', length: header.v4 },
    { name: 'v6From', length: header.v6 * 4 },
    { name: 'v6To', length: header.v6 * 4 },
    { name: 'v6Owner', length: header.v6 },
    { name: 'ownerAsn', length: header.organisations },
    // One more: where the last text ends.
    { name: 'ownerText', length: header.organisations + 1 },
  ] as const;
type ArrayName = ReturnType<typeof asnTableLayout>[number]['name'];

/** Where the arrays begin, after the header. */
export const asnTableStart = (headerText: string): number =>
  aligned(ASN_TABLE_MAGIC.length + 8 + Buffer.byteLength(headerText));

/** Reads only the head, to tell whether the file is today's; null when it is no table. */
export const readAsnHeader = (bytes: Buffer): { header: AsnTableHeader; start: number } | null => {
  if (bytes.subarray(0, ASN_TABLE_MAGIC.length).toString('latin1') !== ASN_TABLE_MAGIC) return null;
  const from = ASN_TABLE_MAGIC.length + 8;
  const text = bytes
    .subarray(from, from + Number(bytes.subarray(ASN_TABLE_MAGIC.length, from).toString('latin1')))
    .toString('utf8');
  try {
    return { header: JSON.parse(text) as AsnTableHeader, start: asnTableStart(text) };
  } catch {
    return null;
  }
};

const word = (bits: Uint8Array, i: number): number =>
  (((bits[i] as number) << 24) |
    ((bits[i + 1] as number) << 16) |
    ((bits[i + 2] as number) << 8) |
    (bits[i + 3] as number)) >>>
  0;

/** Opens the compiled table. Names stay bytes until one is asked for: 91,000 strings would be a burden on the heap. */
export const openAsnTable = (file: string): AsnTable => {
  const bytes = readFileSync(file);
  const head = readAsnHeader(bytes);
  if (head === null)
    throw new Error(`${file} is not a table of networks; delete it and start the server, which makes a new one`);
  const { header } = head;
  const arrays = {} as Record<ArrayName, Uint32Array>;
  // A buffer of its own, so that the arrays are aligned wherever the file was read to.
  const body = new Uint8Array(bytes.subarray(head.start)).buffer;
  let offset = 0;
  for (const { name, length } of asnTableLayout(header)) {
    arrays[name] = new Uint32Array(body, offset, length);
    offset = aligned(offset + length * 4);
  }
  const text = Buffer.from(body, offset, header.textBytes);
  const { v4From, v4To, v4Owner, v6From, v6To, v6Owner, ownerAsn, ownerText } = arrays;

  const owner = (index: number): AsnEntry => ({
    asn: ownerAsn[index] as number,
    organisation: text.subarray(ownerText[index], ownerText[index + 1]).toString('utf8'),
  });
  const compareV6 = (array: Uint32Array, at: number, bits: Uint8Array): number => {
    for (let i = 0; i < 4; i++) {
      const difference = word(bits, i * 4) - (array[at * 4 + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  /** The last range that begins at or before the address; the file's ranges do not overlap. */
  const find = (count: number, isBefore: (at: number) => boolean): number => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (isBefore(middle)) high = middle - 1;
      else low = middle + 1;
    }
    return high;
  };
  const bytesOf = (words: Uint32Array): Uint8Array =>
    Uint8Array.from([...words].flatMap((bits) => [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255]));
  /** The first address of a range, those of IPv4 first. */
  const startOf = (at: number): Address => {
    const v6 = at - header.v4;
    return addressOfBits(bytesOf(v6 < 0 ? v4From.subarray(at, at + 1) : v6From.subarray(v6 * 4, v6 * 4 + 4)));
  };
  return {
    header,
    firstOf(asn) {
      const isOwn = (index: number): boolean => ownerAsn[index] === asn;
      const v4 = v4Owner.findIndex(isOwn);
      if (v4 !== -1) return startOf(v4);
      const v6 = v6Owner.findIndex(isOwn);
      return v6 === -1 ? null : startOf(header.v4 + v6);
    },
    sample(count) {
      const all = header.v4 + header.v6;
      const step = Math.max(1, Math.ceil(all / count));
      return Array.from({ length: Math.ceil(all / step) }, (_, i) => startOf(i * step));
    },
    lookUp({ family, bits }) {
      if (family === 'v4') {
        const value = word(bits, 0);
        const at = find(header.v4, (i) => value < (v4From[i] as number));
        return at >= 0 && value <= (v4To[at] as number) ? owner(v4Owner[at] as number) : null;
      }
      const at = find(header.v6, (i) => compareV6(v6From, i, bits) < 0);
      return at >= 0 && compareV6(v6To, at, bits) <= 0 ? owner(v6Owner[at] as number) : null;
    },
  };
};
