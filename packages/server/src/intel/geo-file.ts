import { readFileSync, statSync } from 'node:fs';
import type { Address, Place } from '@sallyport/model/network';
import { Reader } from 'mmdb-lib';
import type { IntelSource } from '../ports/network-intel.ts';
import { readFeedElsewhere } from './read-elsewhere.ts';

/** Where addresses are, by the operator's file: `geo.mmdb`, shaped like a City or a Country database. */
export interface GeoFile {
  /** What it says of an address; null where it says no country. */
  placeOf(address: Address): Place | null;
  /** Does it tell regions at all? */
  readonly hasRegions: boolean;
  describe(): readonly IntelSource[];
  /** Reads the file where it changed, in another thread; true when it did. A faulty one is refused: what was read stays. */
  reload(): Promise<boolean>;
}

/** One of cities of the whole world has some 120 MiB. */
const BYTES_MAX = 256 * 1024 * 1024;
const SOURCE = 'intel/geo.mmdb';
const COUNTRY = /^[A-Z]{2}$/;
const SUBDIVISION = /^[A-Z0-9]{1,3}$/;
/** What a file calls itself that tells more than countries. */
const WITH_REGIONS = /city|enterprise|insights|region|subdivision/i;

interface Named {
  readonly iso_code?: unknown;
  readonly names?: { readonly en?: unknown } | null;
}
/** As far as it is read; a file may say anything. */
interface GeoRecord {
  readonly country?: Named | null;
  readonly subdivisions?: readonly (Named | null)[] | null;
  readonly city?: Named | null;
  readonly postal?: { readonly code?: unknown } | null;
  readonly location?: { readonly latitude?: unknown; readonly longitude?: unknown } | null;
}

const TEXT_MAX = 100;
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, TEXT_MAX) : null;
const nameOf = (named: Named | null | undefined): string | null => textOf(named?.names?.en);
const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const placeIn = (record: GeoRecord | null): Place | null => {
  const countryCode = textOf(record?.country?.iso_code);
  if (record === null || countryCode === null || !COUNTRY.test(countryCode)) return null;
  const subdivisions = Array.isArray(record.subdivisions) ? record.subdivisions : [];
  const { latitude: lat, longitude: lon } = record.location ?? {};
  return {
    country: countryNames.of(countryCode) ?? countryCode,
    countryCode,
    region: nameOf(subdivisions[0]),
    regionCodes: subdivisions.flatMap((one) => {
      const code = textOf(one?.iso_code);
      return code !== null && SUBDIVISION.test(code) ? [`${countryCode}-${code}`] : [];
    }),
    city: nameOf(record.city),
    postalCode: textOf(record.postal?.code),
    geolocation: typeof lat === 'number' && typeof lon === 'number' ? { lat, lon } : null,
  };
};

interface Loaded {
  /** Size and time of the file as it was read, or found faulty, last. */
  readonly state: string;
  readonly reader: Reader<Record<string, unknown>> | null;
  readonly problem: string | null;
}
const NONE: Loaded = { state: '', reader: null, problem: null };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Opens the file where there is one. A faulty one counts as not there, and says so. */
export const openGeoFile = (file: string): GeoFile => {
  let loaded = NONE;
  const stateOf = (): { readonly state: string; readonly size: number } => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat === undefined
      ? { state: '', size: 0 }
      : { state: `${stat.size} ${stat.mtimeMs} ${stat.ino}`, size: stat.size };
  };
  const refused = (state: string, problem: string): Loaded => ({ state, reader: loaded.reader, problem });
  const taken = (state: string, bytes: Uint8Array): Loaded => ({
    state,
    reader: new Reader<Record<string, unknown>>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    problem: null,
  });
  const tooLarge = `larger than ${BYTES_MAX / 1_048_576} MiB`;
  const open = (): void => {
    const { state, size } = stateOf();
    if (state === '') return;
    try {
      loaded = size > BYTES_MAX ? refused(state, tooLarge) : taken(state, readFileSync(file));
    } catch (error) {
      loaded = refused(state, messageOf(error));
    }
  };
  open();
  return {
    placeOf(address) {
      const { reader } = loaded;
      if (reader === null || (address.family === 'v6' && reader.metadata.ipVersion !== 6)) return null;
      try {
        return placeIn(reader.get(address.text) as GeoRecord | null);
      } catch {
        // It is read where it is asked. From here on nothing of it is believed.
        loaded = { ...loaded, reader: null, problem: 'it is damaged: an address could not be looked up in it' };
        return null;
      }
    },
    get hasRegions() {
      return loaded.reader !== null && WITH_REGIONS.test(loaded.reader.metadata.databaseType);
    },
    describe: () =>
      loaded.state === ''
        ? []
        : [
            {
              source: SOURCE,
              dataAt: loaded.reader?.metadata.buildEpoch.getTime() ?? null,
              ranges: null,
              problem: loaded.problem,
            },
          ],
    async reload() {
      const { state, size } = stateOf();
      if (state === loaded.state) return false;
      if (state === '') loaded = NONE;
      else if (size > BYTES_MAX) loaded = refused(state, tooLarge);
      else
        loaded = await readFeedElsewhere(file)
          .then((data) => (data.kind === 'mmdb' ? taken(state, data.bytes) : refused(state, 'it is no MMDB')))
          .catch((error: unknown) => refused(state, messageOf(error)));
      return true;
    },
  };
};
