import { parseCidr, parseRange } from '@sallyport/decide/address/address-range';
import { ApiError, invalid } from '@sallyport/model/errors';
import {
  type Both,
  type IpServiceCategory,
  PROXY_TYPES,
  type ProxyType,
  type ZoneContent,
  type ZoneEntry,
  type ZoneLocation,
  type ZoneUsage,
} from '@sallyport/model/network-zone';

type Asns = readonly string[] | Readonly<Record<string, string>> | null | undefined;
interface LocationBody {
  readonly country: string;
  readonly region?: string | null | undefined;
}
type Locations = readonly LocationBody[] | Readonly<Record<string, LocationBody>> | null | undefined;
type Halves<T> =
  | { readonly include?: T | undefined; readonly exclude?: T | undefined }
  | Readonly<Record<string, never>>
  | null
  | undefined;

interface CommonBody {
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
  readonly usage?: ZoneUsage | undefined;
}
/** What `POST` and `PUT` take. */
export type ZoneBody = CommonBody &
  (
    | {
        readonly type: 'IP';
        readonly gateways?: readonly ZoneEntry[] | null | undefined;
        readonly proxies?: readonly ZoneEntry[] | null | undefined;
        readonly useAsExemptList?: boolean | undefined;
      }
    | {
        readonly type: 'DYNAMIC';
        readonly asns?: Asns;
        readonly locations?: Locations;
        readonly proxyType?: string | null | undefined;
      }
    | {
        readonly type: 'DYNAMIC_V2';
        readonly asns?: Halves<Asns>;
        readonly locations?: Halves<Locations>;
        readonly ipServiceCategories?: Halves<readonly IpServiceCategory[] | null>;
      }
  );

const CAUSES_MAX = 20;
/** Of each list of a dynamic zone (`maximum: 75` in the published description). */
const LIST_MAX = 75;
const ASN_MAX = 4_294_967_295;
const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** As recorded: a range of one address is written as one. */
const asRange = ({ type, value }: ZoneEntry): ZoneEntry =>
  type === 'RANGE' && !/[-/]/.test(value) ? { type, value: `${value}-${value}` } : { type, value };

const refuseEach = (field: string, causes: readonly string[]): void => {
  if (causes.length > 0)
    throw new ApiError('E0000001', {
      args: [field],
      causes: causes.slice(0, CAUSES_MAX).map((cause) => `${field}: ${cause}`),
    });
};

/** Each line that is wrong, by its number: whoever pasted two hundred mends them all at once. */
const readEntries = (field: 'gateways' | 'proxies', given: readonly ZoneEntry[] | null | undefined): ZoneEntry[] => {
  const entries = (given ?? []).map(asRange);
  refuseEach(
    field,
    entries.flatMap(({ type, value }, i) => {
      const isRange = value.includes('-');
      const range = isRange ? parseRange(value) : parseCidr(value);
      if (range !== null && isRange === (type === 'RANGE')) return [];
      const wanted = type === 'RANGE' ? 'a range like 192.0.2.1-192.0.2.9' : 'an address or a CIDR like 192.0.2.0/24';
      return [`line ${i + 1}: ${value.slice(0, 60)} is not ${wanted}`];
    }),
  );
  return entries;
};

/** The Node client sends the lists of a DYNAMIC zone as `{"0": …}`. */
const listOf = <T>(given: readonly T[] | Readonly<Record<string, T>> | null | undefined): readonly T[] =>
  Object.values(given ?? {});

const distinct = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

const assertLength = (field: string, items: readonly unknown[]): void => {
  if (items.length > LIST_MAX) throw invalid(field, `at most ${LIST_MAX} in one list`);
};

const readAsns = (field: string, given: Asns): string[] => {
  const asns = listOf(given).map((text) => text.trim().replace(/^AS/i, ''));
  assertLength(field, asns);
  refuseEach(
    field,
    asns.flatMap((text, i) =>
      /^[1-9]\d{0,9}$/.test(text) && Number(text) <= ASN_MAX
        ? []
        : [`line ${i + 1}: ${text.slice(0, 60)} is not an AS number like 64500`],
    ),
  );
  return distinct(asns, String);
};

/** `US`, and of it `CA`, `US-CA` or nothing. */
const readLocations = (field: string, given: Locations): ZoneLocation[] => {
  const locations = listOf(given).map(({ country, region }) => {
    const code = country.trim().toUpperCase();
    const part = (region ?? '').trim().toUpperCase();
    return { country: code, region: part === '' ? null : part.includes('-') ? part : `${code}-${part}` };
  });
  assertLength(field, locations);
  refuseEach(
    field,
    locations.flatMap(({ country, region }, i) => {
      if (!/^[A-Z]{2}$/.test(country) || countryNames.of(country) === undefined)
        return [`line ${i + 1}: ${country.slice(0, 60)} is not a country of ISO 3166-1 like DE`];
      return region === null || new RegExp(`^${country}-[A-Z0-9]{1,3}$`).test(region)
        ? []
        : [`line ${i + 1}: ${region.slice(0, 60)} is not a region of ISO 3166-2 like ${country}-1`];
    }),
  );
  // In one order, so that equal zones have equal texts; the narrower ones first.
  return distinct(locations, ({ country, region }) => region ?? country).toSorted(
    (a, b) =>
      Number(a.region === null) - Number(b.region === null) ||
      (a.region ?? a.country).localeCompare(b.region ?? b.country),
  );
};

const readHalves = <T, U>(
  field: string,
  given: Halves<T>,
  read: (field: string, half: T | undefined) => U[],
): Both<U> => ({
  include: read(`${field}.include`, given?.include),
  exclude: read(`${field}.exclude`, given?.exclude),
});

const readCategories = (field: string, given: readonly IpServiceCategory[] | null | undefined): IpServiceCategory[] => {
  assertLength(field, given ?? []);
  return distinct(given ?? [], String);
};

const readProxyType = (given: string | null | undefined): ProxyType | null => {
  // The published description lists the text "null" for none.
  if (given === null || given === undefined || given === 'null') return null;
  const known = PROXY_TYPES.find((type) => type === given);
  if (known === undefined)
    throw invalid('proxyType', `must be one of ${PROXY_TYPES.filter(Boolean).join(', ')}, or empty`);
  return known;
};

const isEmpty = (...lists: readonly Both<unknown>[]): boolean =>
  lists.every(({ include, exclude }) => include.length + exclude.length === 0);

/**
 * What a zone asks of an address, checked. A zone that asks nothing is refused, but for a built-in one, which begins
 * empty. E0000001 with a cause for each line that is wrong.
 */
export const readZoneContent = (body: ZoneBody, isSystem: boolean): ZoneContent => {
  if (body.type === 'IP') {
    const content = {
      type: body.type,
      gateways: readEntries('gateways', body.gateways),
      proxies: readEntries('proxies', body.proxies),
    };
    if (content.gateways.length + content.proxies.length === 0 && !isSystem)
      throw invalid('gateways', 'a zone needs at least one gateway or proxy');
    return content;
  }
  if (body.type === 'DYNAMIC') {
    const content = {
      type: body.type,
      asns: readAsns('asns', body.asns),
      locations: readLocations('locations', body.locations),
      proxyType: readProxyType(body.proxyType),
    };
    if (content.asns.length + content.locations.length === 0 && (content.proxyType ?? '') === '')
      throw invalid('asns', 'a dynamic zone needs at least one of asns, locations and proxyType');
    return content;
  }
  const content = {
    type: body.type,
    asns: readHalves('asns', body.asns, readAsns),
    locations: readHalves('locations', body.locations, readLocations),
    ipServiceCategories: readHalves('ipServiceCategories', body.ipServiceCategories, readCategories),
  };
  if (isEmpty(content.asns, content.locations, content.ipServiceCategories))
    throw invalid('asns', 'an enhanced dynamic zone needs at least one of asns, locations and ipServiceCategories');
  return content;
};
