import type { Address, Network } from '@sallyport/model/network';
import { compileRanges, isInRanges } from './address-range.ts';
import { addressOfBits } from './parse-address.ts';

/**
 * The closed list of design §5.2. Carrier-grade NAT (100.64/10) and documentation ranges are public: two strangers
 * behind one carrier must not share the network "local".
 */
const LOCAL = compileRanges([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]);

/** Is the address of a private range? */
export const isLocalAddress = (address: Address): boolean => isInRanges(LOCAL, address);

const PREFIX_BYTES = { v4: 3, v6: 6 } as const;

/** The network of a public address of which nothing is known: its /24 or /48, never a wildcard. */
export const prefixOf = ({ family, bits }: Address): string => {
  const kept = PREFIX_BYTES[family];
  return `${addressOfBits(bits.map((byte, i) => (i < kept ? byte : 0))).text}/${kept * 8}`;
};

/** ASN and organisation of an address, or null. */
export type AsnOf = (address: Address) => { readonly asn: number; readonly organisation: string } | null;

/** The network that an address belongs to. `asnOf` is asked for public addresses only. */
export const resolveNetwork = (address: Address, asnOf: AsnOf): Network => {
  if (isLocalAddress(address)) return { kind: 'local' };
  const known = asnOf(address);
  return known === null ? { kind: 'prefix', prefix: prefixOf(address) } : { kind: 'asn', ...known };
};

/** Do two IPv6 addresses share a /64? Privacy extensions (RFC 8981) change the lower half by the day. */
export const sameV6Subnet = (a: Address, b: Address): boolean =>
  a.family === 'v6' && b.family === 'v6' && a.bits.subarray(0, 8).every((byte, i) => byte === b.bits[i]);
