import { compileRanges, isInRanges, type RangeSet } from '@sallyport/decide/address/address-range';
import type { Address } from '@sallyport/model/network';
import type { Store } from '../ports/store.ts';

interface IndexedZone {
  readonly id: string;
  readonly name: string;
  readonly isBlocklist: boolean;
  readonly isExempt: boolean;
  readonly gateways: RangeSet;
}
/** A zone that an address is in. */
export type MatchedZone = Pick<IndexedZone, 'id' | 'name' | 'isBlocklist' | 'isExempt'>;

/** The active IP zones, compiled; in memory for the hot path. */
export interface ZoneIndex {
  reload(): Promise<void>;
  namesOf(address: Address): string[];
  idsOf(address: Address): string[];
  zonesOf(address: Address): readonly MatchedZone[];
  /** Is the current address a gateway of the exempt zone? An empty zone exempts nobody. */
  isExempt(address: Address): boolean;
  /**
   * Is a hop of the chain blocklisted and not exempt? The request passes only if every blocklisted address of the
   * chain is also exempt. Returns the zone that blocks, or null.
   */
  blockingZone(chain: readonly Address[]): { readonly id: string; readonly name: string } | null;
  /** Is there any address that could be blocked? Without one the hot path need not walk the chain. */
  hasBlocklist(): boolean;
  contains(zoneId: string, address: Address): boolean;
}

interface Entry {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}

export const createZoneIndex = (store: Store): ZoneIndex => {
  let zones: readonly IndexedZone[] = [];
  const isExempt = (address: Address): boolean =>
    zones.some((zone) => zone.isExempt && isInRanges(zone.gateways, address));
  return {
    async reload() {
      const rows = await store.read.selectFrom('zones').selectAll().where('status', '=', 'ACTIVE').execute();
      zones = rows.map((row) => ({
        id: row.id,
        name: row.name,
        isBlocklist: row.usage === 'BLOCKLIST',
        isExempt: row.isExempt === 1,
        gateways: compileRanges((JSON.parse(row.gateways) as Entry[]).map((entry) => entry.value)),
      }));
    },
    namesOf: (address) => zones.filter((zone) => isInRanges(zone.gateways, address)).map((zone) => zone.name),
    zonesOf: (address) => zones.filter((zone) => isInRanges(zone.gateways, address)),
    idsOf: (address) => zones.filter((zone) => isInRanges(zone.gateways, address)).map((zone) => zone.id),
    isExempt,
    blockingZone(chain) {
      for (const address of chain) {
        const zone = zones.find((z) => z.isBlocklist && isInRanges(z.gateways, address));
        if (zone !== undefined && !isExempt(address)) return zone;
      }
      return null;
    },
    hasBlocklist: () => zones.some((zone) => zone.isBlocklist && zone.gateways.v4.length + zone.gateways.v6.length > 0),
    contains: (zoneId, address) => zones.some((zone) => zone.id === zoneId && isInRanges(zone.gateways, address)),
  };
};
