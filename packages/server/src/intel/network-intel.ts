import { join } from 'node:path';
import { isLocalAddress, resolveNetwork } from '@sallyport/decide/address/resolve-network';
import type { Address, Network, Place } from '@sallyport/model/network';
import type { NetworkIntel } from '../ports/network-intel.ts';
import { openAsnTable } from './asn-table.ts';
import { createCountryOf } from './country-of.ts';
import { dropInModifiedAt, openDropInTable, reopenDropInTable } from './drop-in-table.ts';
import { openServiceFeeds } from './service-feeds.ts';

/** Looked up once, some hundredths of a second, to know an address of every country but the smallest. */
const SAMPLE_MAX = 10_000;

const NOWHERE = { country: null, countryCode: null } as const;

export interface NetworkIntelFiles {
  /** The compiled table (`buildAsnTable`). */
  readonly asnTablePath: string;
  /** `<data>/intel`: may hold `asn.csv`, and lists of services (`tor.txt`, `vpn.csv`, …). */
  readonly dropInFolder: string;
}

/** Opens the network data. Throws with the file and line when the operator's table is faulty. */
export const openNetworkIntel = ({ asnTablePath, dropInFolder }: NetworkIntelFiles): NetworkIntel => {
  const table = openAsnTable(asnTablePath);
  const countries = createCountryOf();
  const dropInFile = join(dropInFolder, 'asn.csv');
  let dropIn = openDropInTable(dropInFile);
  const feeds = openServiceFeeds(dropInFolder);
  let generation = 1;
  const resolve = (address: Address): Network => {
    // The operator knows their network better than any list, also that a private range is somebody's.
    const own = dropIn.lookUp(address);
    return own === null ? resolveNetwork(address, table.lookUp) : { kind: 'asn', ...own };
  };
  const placeOf = (address: Address): Place => (isLocalAddress(address) ? NOWHERE : countries.placeOf(address));
  // The table of networks has an address wherever somebody lives; that of countries cannot be asked the other way round.
  let byCountry: Map<string, Address> | null = null;
  const exampleOfCountry = (code: string): Address | null => {
    byCountry ??= new Map(
      table.sample(SAMPLE_MAX).flatMap((address) => {
        const { countryCode } = countries.placeOf(address);
        return countryCode === null ? [] : [[countryCode, address] as const];
      }),
    );
    return byCountry.get(code) ?? null;
  };
  return {
    resolve,
    placeOf,
    knowledgeOf(address) {
      const network = resolve(address);
      const asn = network.kind === 'asn' ? network.asn : null;
      return {
        asn,
        isLocal: network.kind === 'local',
        countryCode: placeOf(address).countryCode,
        services: feeds.servicesOf(address, asn),
        loaded: feeds.loaded,
      };
    },
    examplesOf({ asns, countries: codes }) {
      const ofAsns = [...new Set(asns)].map((asn) => dropIn.firstOf(asn) ?? table.firstOf(asn));
      const ofCountries = [...new Set(codes)].map((code) => exampleOfCountry(code));
      return [...ofAsns, ...ofCountries].filter((address) => address !== null);
    },
    get loadedFeeds() {
      return feeds.loaded;
    },
    describe: () => [
      { source: 'shipped table of networks', dataAt: table.header.dataAt, ranges: table.header.v4 + table.header.v6 },
      { source: 'shipped table of countries', dataAt: countries.builtAt, ranges: null },
      ...(dropIn.modifiedAt === null
        ? []
        : [{ source: 'intel/asn.csv', dataAt: dropIn.modifiedAt, ranges: dropIn.ranges }]),
      ...feeds.describe(),
    ],
    get generation() {
      return generation;
    },
    async reloadDropIn() {
      const hasNewList = await feeds.reload();
      if (dropInModifiedAt(dropInFile) === dropIn.modifiedAt) return hasNewList;
      dropIn = await reopenDropInTable(dropInFile);
      generation += 1;
      return true;
    },
  };
};
