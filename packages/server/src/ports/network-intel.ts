import type { Address, Network, Place } from '@sallyport/model/network';
import type { AddressKnowledge, ServiceFeed } from '@sallyport/model/network-zone';

/** One set of network data that is in use. */
export interface IntelSource {
  readonly source: string;
  /** When the data was made; null when unknown. */
  readonly dataAt: number | null;
  /** Null where the format does not tell. */
  readonly ranges: number | null;
  /** The service that the source lists, for those that list one. */
  readonly feed?: ServiceFeed | null;
  /** Why the file as it is now is not used; what was read before it stays. */
  readonly problem?: string | null;
}

/** What is known of addresses. Local data only: nothing is asked of anybody. */
export interface NetworkIntel {
  /** The network of an address: the operator's own table first, then local ranges, then the shipped table. */
  resolve(address: Address): Network;
  placeOf(address: Address): Place;
  /** All that zones may ask of an address. */
  knowledgeOf(address: Address): AddressKnowledge;
  /** The services of which a list is loaded. */
  readonly loadedFeeds: ReadonlySet<ServiceFeed>;
  /** Is it known of addresses in which region they are? Countries are known always. */
  readonly hasRegions: boolean;
  /** One address of each of these networks, and of each country (`DE`) or region (`US-CA`), as far as the data has one. */
  examplesOf(wanted: { readonly asns: readonly number[]; readonly places: readonly string[] }): readonly Address[];
  describe(): readonly IntelSource[];
  /** Grows each time that data changed. */
  readonly generation: number;
  /**
   * Reads the operator's files again where they changed, in another thread; true when one did. A faulty list of a service
   * is told by `describe`; a faulty table rejects. Either way the old one stays.
   */
  reloadDropIn(): Promise<boolean>;
}
