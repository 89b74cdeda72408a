import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Address, NOWHERE, type Place } from '@sallyport/model/network';
import { Reader } from 'mmdb-lib';

const PACKAGE = '@ip-location-db/geo-whois-asn-country-mmdb';
const CODE = /^[A-Z]{2}$/;

/** Country of an address from the shipped data, which knows no region. */
export const createCountryOf = (): { placeOf(address: Address): Place; builtAt: number } => {
  const folder = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  const reader = new Reader(readFileSync(join(folder, 'geo-whois-asn-country.mmdb')));
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  return {
    builtAt: reader.metadata.buildEpoch.getTime(),
    placeOf(address) {
      const countryCode = (reader.get(address.text) as { readonly country_code?: string } | null)?.country_code;
      if (countryCode === undefined || !CODE.test(countryCode)) return NOWHERE;
      return { ...NOWHERE, country: names.of(countryCode) ?? countryCode, countryCode };
    },
  };
};
