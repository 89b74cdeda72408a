import type { Address } from '@sallyport/model/network';
import type {
  AddressKnowledge,
  Both,
  IpServiceCategory,
  ZoneContent,
  ZoneLocation,
} from '@sallyport/model/network-zone';
import { compileRanges, isInRanges, type RangeSet } from '../address/address-range.ts';
import { categoryOf, feedsOf } from './service-feeds.ts';

/** A zone made ready for every request. */
export interface CompiledZone {
  readonly id: string;
  readonly name: string;
  readonly isBlocklist: boolean;
  readonly isExempt: boolean;
  readonly content: CompiledContent;
}
type CompiledContent =
  | { readonly kind: 'ip'; readonly gateways: RangeSet; readonly proxies: RangeSet; readonly hasProxies: boolean }
  | {
      readonly kind: 'dynamic';
      readonly asns: Both<number>;
      readonly locations: Both<ZoneLocation>;
      readonly services: Both<IpServiceCategory>;
    };

/** Where a request comes from, as far as zones ask. What costs is asked for only when a zone needs it. */
export interface ZoneSubject {
  readonly address: Address;
  /** What the hop before said, and the one before that, nearest first; null stands for text that is no address. */
  claims(): readonly (Address | null)[];
  knowledge(): AddressKnowledge;
}

export interface ZoneMatch {
  readonly answer: 'in' | 'out' | 'unknown';
  readonly why: string;
}

/** As many hops as are followed through the proxies of one zone. */
export const CLAIMS_MAX = 5;

const asNumbers = (asns: readonly string[]): number[] => asns.map(Number);

const compileContent = (content: ZoneContent): CompiledContent => {
  if (content.type === 'IP')
    return {
      kind: 'ip',
      gateways: compileRanges(content.gateways.map(({ value }) => value)),
      proxies: compileRanges(content.proxies.map(({ value }) => value)),
      hasProxies: content.proxies.length > 0,
    };
  if (content.type === 'DYNAMIC')
    return {
      kind: 'dynamic',
      asns: { include: asNumbers(content.asns), exclude: [] },
      locations: { include: content.locations, exclude: [] },
      services: { include: categoryOf(content.proxyType), exclude: [] },
    };
  return {
    kind: 'dynamic',
    asns: { include: asNumbers(content.asns.include), exclude: asNumbers(content.asns.exclude) },
    locations: content.locations,
    services: content.ipServiceCategories,
  };
};

/** Makes a zone ready. Throws RangeError for an entry that is no range: whoever stores zones checks them first. */
export const compileZone = (zone: Omit<CompiledZone, 'content'> & { readonly content: ZoneContent }): CompiledZone => ({
  ...zone,
  content: compileContent(zone.content),
});

const inside = (why: string): ZoneMatch => ({ answer: 'in', why });
const outside = (why: string): ZoneMatch => ({ answer: 'out', why });
const unknown = (why: string): ZoneMatch => ({ answer: 'unknown', why });
const NOT_LISTED = outside('The address is not among those of the zone.');

/**
 * Is the address a gateway of the zone? Where it is a proxy of the zone, the hop that it names is asked instead, and so
 * on. Gateway and proxy are of the same zone: what another zone trusts is not believed here.
 */
const matchIp = (
  { gateways, proxies, hasProxies }: CompiledContent & { kind: 'ip' },
  subject: ZoneSubject,
): ZoneMatch => {
  if (isInRanges(gateways, subject.address)) return inside(`${subject.address.text} is an address of the zone.`);
  if (!hasProxies || !isInRanges(proxies, subject.address)) return NOT_LISTED;
  let proxy = subject.address;
  for (const hop of subject.claims().slice(0, CLAIMS_MAX)) {
    if (hop === null) return unknown(`${proxy.text} is a proxy of the zone, and names no address.`);
    if (isInRanges(gateways, hop))
      return inside(
        `${hop.text} is an address of the zone; ${proxy.text}, a proxy of the zone, says that it came from there.`,
      );
    if (!isInRanges(proxies, hop)) return NOT_LISTED;
    proxy = hop;
  }
  return unknown(`${proxy.text} is a proxy of the zone, and nothing says where it got the request from.`);
};

const matchAsns = (asns: readonly number[], { asn, isLocal }: AddressKnowledge): readonly ZoneMatch[] => {
  if (asns.length === 0) return [];
  if (isLocal) return [outside('A private address has no ASN.')];
  if (asn === null) return [unknown('No ASN is known of the address.')];
  return [asns.includes(asn) ? inside(`It is of AS${asn}.`) : outside(`It is of AS${asn}.`)];
};

const matchLocation = (
  { country, region }: ZoneLocation,
  { countryCode, regionCodes, isLocal }: AddressKnowledge,
): ZoneMatch => {
  if (isLocal) return outside('A private address has no country.');
  if (countryCode === null) return unknown('No country is known of the address.');
  if (countryCode !== country) return outside(`It is in ${countryCode}.`);
  if (region === null) return inside(`It is in ${country}.`);
  if (regionCodes.length === 0) return unknown(`It is in ${country}; no region is known of the address.`);
  return regionCodes.includes(region) ? inside(`It is in ${region}.`) : outside(`It is in ${regionCodes.join(', ')}.`);
};

const matchCategory = (category: IpServiceCategory, { services, loaded, isLocal }: AddressKnowledge): ZoneMatch => {
  const { any, needed } = feedsOf(category);
  const hit = any.find((feed) => services.has(feed));
  if (hit !== undefined) return inside(`It is in the list ${hit}.`);
  if (isLocal) return outside('A private address belongs to no service.');
  const missing = needed.filter((feed) => !loaded.has(feed));
  return missing.length === 0
    ? outside(`It is in no list of ${category}.`)
    : unknown(`There is no data for ${missing.join(', ')}.`);
};

/** The first match with that answer. */
const first = (matches: readonly ZoneMatch[], answer: ZoneMatch['answer']): ZoneMatch | undefined =>
  matches.find((match) => match.answer === answer);

/** One kind of condition: one of what is included is enough, and nothing of what is left out may hold. */
const judgeKind = ({ include, exclude }: Both<ZoneMatch>): readonly ZoneMatch[] => {
  const left = first(exclude, 'in');
  if (left !== undefined) return [outside(`${left.why} The zone leaves that out.`)];
  const wanted = first(include, 'in') ?? first(include, 'unknown') ?? include[0];
  return [wanted, first(exclude, 'unknown')].filter((match) => match !== undefined);
};

const mapped = <T>({ include, exclude }: Both<T>, match: (item: T) => ZoneMatch): Both<ZoneMatch> => ({
  include: include.map(match),
  exclude: exclude.map(match),
});

/** Every kind of condition that the zone has must hold. */
const matchDynamic = (content: CompiledContent & { kind: 'dynamic' }, known: AddressKnowledge): ZoneMatch => {
  const { asns, locations, services } = content;
  const judged = [
    ...judgeKind({ include: matchAsns(asns.include, known), exclude: matchAsns(asns.exclude, known) }),
    ...judgeKind(mapped(locations, (location) => matchLocation(location, known))),
    ...judgeKind(mapped(services, (category) => matchCategory(category, known))),
  ];
  return (
    first(judged, 'out') ??
    first(judged, 'unknown') ??
    inside(judged.map(({ why }) => why).join(' ') || 'It is nothing that the zone leaves out.')
  );
};

/** Is a request in the zone, and why? */
export const matchZone = ({ content }: CompiledZone, subject: ZoneSubject): ZoneMatch =>
  content.kind === 'ip' ? matchIp(content, subject) : matchDynamic(content, subject.knowledge());
