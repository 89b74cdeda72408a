/** A value of the data section. Whole numbers are uint32, others are doubles. */
export type MmdbValue = string | number | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

const SEPARATOR = Buffer.alloc(16);
const MARKER = Buffer.from('\xAB\xCD\xEFMaxMind.com', 'latin1');
const RECORD_BYTES = 3;
const BITS = 128;

/** The control bytes of a type and a size below 285. */
const control = (type: number, size: number): Buffer => {
  const [short, more] = size < 29 ? [size, []] : [29, [size - 29]];
  return Buffer.from(type < 8 ? [(type << 5) | short, ...more] : [short, type - 7, ...more]);
};
const encode = (value: MmdbValue): Buffer => {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') {
    const isWhole = Number.isInteger(value) && value >= 0;
    const bytes = Buffer.alloc(isWhole ? 4 : 8);
    if (isWhole) bytes.writeUInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Buffer.concat([control(isWhole ? 6 : 3, bytes.length), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, of]) => [encode(key), encode(of)])]);
};

interface Node {
  readonly kind: 'node';
  readonly at: number;
  readonly children: [Child, Child];
}
type Child = Node | { readonly kind: 'data'; readonly bytes: Buffer } | null;

const bitsOf = (cidr: string): number[] => {
  const [address = '', length = '32'] = cidr.split('/');
  const bits = address.split('.').flatMap((part) => [...Number(part).toString(2).padStart(8, '0')].map(Number));
  return [...Array.from({ length: BITS - 32 }, () => 0), ...bits.slice(0, Number(length))];
};

/** A MaxMind DB 2.0 with a record for each of these IPv4 networks, none of which holds another. */
export const encodeMmdb = (databaseType: string, networks: Readonly<Record<string, MmdbValue>>): Buffer => {
  const nodes: Node[] = [];
  const newNode = (): Node => {
    const node: Node = { kind: 'node', at: nodes.length, children: [null, null] };
    nodes.push(node);
    return node;
  };
  const root = newNode();
  for (const [cidr, value] of Object.entries(networks)) {
    const bits = bitsOf(cidr);
    let node = root;
    for (const bit of bits.slice(0, -1)) {
      const next = node.children[bit] ?? newNode();
      if (next.kind === 'data') throw new Error(`${cidr} is in another network`);
      node.children[bit] = next;
      node = next;
    }
    node.children[bits.at(-1) ?? 0] = { kind: 'data', bytes: encode(value) };
  }
  const tree = Buffer.alloc(nodes.length * RECORD_BYTES * 2);
  const data: Buffer[] = [];
  let size = 0;
  const recordOf = (child: Child): number => {
    if (child === null) return nodes.length;
    if (child.kind === 'node') return child.at;
    const at = nodes.length + SEPARATOR.length + size;
    data.push(child.bytes);
    size += child.bytes.length;
    return at;
  };
  for (const { at, children } of nodes)
    children.forEach((child, i) => {
      tree.writeUIntBE(recordOf(child), (at * 2 + i) * RECORD_BYTES, RECORD_BYTES);
    });
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: databaseType,
    description: {},
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: RECORD_BYTES * 8,
  });
  return Buffer.concat([tree, SEPARATOR, ...data, MARKER, metadata]);
};
