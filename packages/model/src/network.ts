/**
 * Networks: what an address belongs to, as far as sessions are bound to it (design §5.2).
 * An address here is always the output of `parseAddress` of decide: canonical text, IPv4-mapped unmapped, no zone id.
 */
export type AddressFamily = 'v4' | 'v6';

/** A canonical address. `bits` is the address as 4 or 16 bytes, in network order. */
export interface Address {
  readonly text: string;
  readonly family: AddressFamily;
  readonly bits: Uint8Array;
}

/**
 * The network of an address. `local` is the closed list of private ranges; a public address without ASN data is
 * its own network (`prefix`: /24 or /48), never a wildcard.
 */
export type Network =
  | { readonly kind: 'asn'; readonly asn: number; readonly organisation: string }
  | { readonly kind: 'local' }
  | { readonly kind: 'prefix'; readonly prefix: string };

/** A stable text of a network, for storage and comparison: `as64500`, `local`, `203.0.113.0/24`. */
export const networkKey = (network: Network): string =>
  network.kind === 'asn' ? `as${network.asn}` : network.kind === 'local' ? 'local' : network.prefix;

export interface Place {
  readonly country: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string | null;
  /** The name of the largest region of it. */
  readonly region: string | null;
  /** ISO 3166-2 (`US-CA`), the largest first; empty where none is known. */
  readonly regionCodes: readonly string[];
  readonly city: string | null;
  readonly postalCode: string | null;
  readonly geolocation: { readonly lat: number; readonly lon: number } | null;
}
/** Of an address of which no place is known, or that has none. */
export const NOWHERE: Place = {
  country: null,
  countryCode: null,
  region: null,
  regionCodes: [],
  city: null,
  postalCode: null,
  geolocation: null,
};

/** One hop of a request, nearest the client first. */
export interface Hop {
  readonly ip: string;
  readonly version: 'V4' | 'V6';
  /** Where the hop was read from. */
  readonly source: 'peer' | 'x-forwarded-for' | 'forwarded';
}

/** The client address as the server understands it: the outcome of the walk of design §4.9. */
export type ClientAddress =
  | {
      readonly kind: 'known';
      readonly address: Address;
      readonly chain: readonly Hop[];
      readonly ignoredHeaderIsPresent: boolean;
      /** What the header says beyond the client. Nobody vouches for it, but for a zone whose proxy the client is. */
      readonly unread?: { readonly headerName: 'x-forwarded-for' | 'forwarded'; readonly text: string };
    }
  | {
      readonly kind: 'unknown';
      readonly reason: 'peer-unreadable' | 'header-unreadable' | 'chain-too-long';
      readonly chain: readonly Hop[];
      readonly ignoredHeaderIsPresent: boolean;
    };
