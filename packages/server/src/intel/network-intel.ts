import { join } from 'node:path';
import { isLocalAddress, resolveNetwork } from '@sallyport/decide/address/resolve-network';
import { type Address, type Network, NOWHERE, type Place } from '@sallyport/model/network';
import type { NetworkIntel } from '../ports/network-intel.ts';
import { openAsnTable } from './asn-table.ts';
import { createCountryOf } from './country-of.ts';
import { dropInModifiedAt, openDropInTable, reopenDropInTable } from './drop-in-table.ts';
import { openGeoFile } from './geo-file.ts';
import { openServiceFeeds } from './service-feeds.ts';

/** Looked up once, some hundredths of a second, to know an address of every country but the smallest. */
const SAMPLE_MAX = 10_000;

export interface NetworkIntelFiles {
  /** The compiled table (`buildAsnTable`). */
  readonly asnTablePath: string;
  /** `<data>/intel`: may hold `asn.csv`, `geo.mmdb`, and lists of services (`tor.txt`, `vpn.csv`, …). */
  readonly dropInFolder: string;
}

/** Opens the network data. Throws with the file and line when the operator's table is faulty. */
export const openNetworkIntel = ({ asnTablePath, dropInFolder }: NetworkIntelFiles): NetworkIntel => {
  const table = openAsnTable(asnTablePath);
  const countries = createCountryOf();
  const dropInFile = join(dropInFolder, 'asn.csv');
  let dropIn = openDropInTable(dropInFile);
  const feeds = openServiceFeeds(dropInFolder);
  const geo = openGeoFile(join(dropInFolder, 'geo.mmdb'));
  let generation = 1;
  const resolve = (address: Address): Network => {
    // The operator knows their network better than any list, also that a private range is somebody's.
    const own = dropIn.lookUp(address);
    return own === null ? resolveNetwork(address, table.lookUp) : { kind: 'asn', ...own };
  };
  // What the operator's file does not know, the shipped one may.
  const placeOf = (address: Address): Place =>
    isLocalAddress(address) ? NOWHERE : (geo.placeOf(address) ?? countries.placeOf(address));
  // The table of networks has an address wherever somebody lives; that of countries cannot be asked the other way round.
  let byPlace: Map<string, Address> | null = null;
  const exampleOfPlace = (code: string): Address | null => {
    byPlace ??= new Map(
      table.sample(SAMPLE_MAX).flatMap((address) => {
        const { countryCode, regionCodes } = placeOf(address);
        return [...(countryCode === null ? [] : [countryCode]), ...regionCodes].map((of) => [of, address] as const);
      }),
    );
    return byPlace.get(code) ?? null;
  };
  return {
    resolve,
    placeOf,
    knowledgeOf(address) {
      const network = resolve(address);
      const asn = network.kind === 'asn' ? network.asn : null;
      const { countryCode, regionCodes } = placeOf(address);
      return {
        asn,
        isLocal: network.kind === 'local',
        countryCode,
        regionCodes,
        services: feeds.servicesOf(address, asn),
        loaded: feeds.loaded,
      };
    },
    examplesOf({ asns, places }) {
      const ofAsns = [...new Set(asns)].map((asn) => dropIn.firstOf(asn) ?? table.firstOf(asn));
      const ofPlaces = [...new Set(places)].map((code) => exampleOfPlace(code));
      return [...ofAsns, ...ofPlaces].filter((address) => address !== null);
    },
    get loadedFeeds() {
      return feeds.loaded;
    },
    get hasRegions() {
      return geo.hasRegions;
    },
    describe: () => [
      { source: 'shipped table of networks', dataAt: table.header.dataAt, ranges: table.header.v4 + table.header.v6 },
      { source: 'shipped table of countries', dataAt: countries.builtAt, ranges: null },
      ...(dropIn.modifiedAt === null
        ? []
        : [{ source: 'intel/asn.csv', dataAt: dropIn.modifiedAt, ranges: dropIn.ranges }]),
      ...geo.describe(),
      ...feeds.describe(),
    ],
    get generation() {
      return generation;
    },
    async reloadDropIn() {
      const hasNewList = await feeds.reload();
      const hasNewPlaces = await geo.reload();
      if (hasNewPlaces) byPlace = null;
      if (dropInModifiedAt(dropInFile) === dropIn.modifiedAt) return hasNewList || hasNewPlaces;
      dropIn = await reopenDropInTable(dropInFile);
      generation += 1;
      return true;
    },
  };
};
