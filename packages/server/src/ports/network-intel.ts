import type { Address, Network, Place } from '@sallyport/model/network';

/** One set of network data that is in use. */
export interface IntelSource {
  readonly source: string;
  /** When the data was made; null when unknown. */
  readonly dataAt: number | null;
  /** Null where the format does not tell. */
  readonly ranges: number | null;
}

/** What is known of addresses. Local data only: nothing is asked of anybody. */
export interface NetworkIntel {
  /** The network of an address: the operator's own table first, then local ranges, then the shipped table. */
  resolve(address: Address): Network;
  placeOf(address: Address): Place;
  describe(): readonly IntelSource[];
  /** Grows each time that data changed. */
  readonly generation: number;
  /** Reads the operator's table again if its file changed; true when it did. Throws and keeps the old one when it is faulty. */
  reloadDropIn(): boolean;
}
