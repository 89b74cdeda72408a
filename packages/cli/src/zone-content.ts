import type { ZoneAnswer, ZoneHalves, ZoneLocationAnswer } from '@sallyport/client/answers';
import type { RouteInput } from '@sallyport/client/route-input';
import { fieldsOf } from './json-fields.ts';
import { rangeOf, rangeText } from './zone-ranges.ts';

export type ZoneType = ZoneAnswer['type'];
export type ZoneBody = NonNullable<RouteInput<'zones.create'>['body']>;

/** What `--json=<fields>` may choose of a zone. */
export const ZONE_FIELDS = fieldsOf<ZoneAnswer>({
  id: true,
  name: true,
  type: true,
  status: true,
  usage: true,
  system: true,
  lastUpdated: true,
  gateways: true,
  proxies: true,
  asns: true,
  locations: true,
  proxyType: true,
  ipServiceCategories: true,
  sallyport: true,
});

/** The lists that a zone can be made of: what each is called, and in which types it stands. */
export const ZONE_LISTS = {
  gateway: { label: 'Gateways', types: ['IP'] },
  proxy: { label: 'Proxies', types: ['IP'] },
  asn: { label: 'ASNs', types: ['DYNAMIC', 'DYNAMIC_V2'] },
  notAsn: { label: 'ASNs left out', types: ['DYNAMIC_V2'] },
  place: { label: 'Places', types: ['DYNAMIC', 'DYNAMIC_V2'] },
  notPlace: { label: 'Places left out', types: ['DYNAMIC_V2'] },
  service: { label: 'Services', types: ['DYNAMIC_V2'] },
  notService: { label: 'Services left out', types: ['DYNAMIC_V2'] },
} as const satisfies Readonly<Record<string, { label: string; types: readonly ZoneType[] }>>;
export type ZoneList = keyof typeof ZONE_LISTS;
export const ZONE_LIST_NAMES = Object.keys(ZONE_LISTS) as ZoneList[];

/** Whether zones of the type have the list. */
export const hasList = (type: ZoneType, list: ZoneList): boolean =>
  (ZONE_LISTS[list].types as readonly ZoneType[]).includes(type);

/** What a zone is made of, as it is typed; `proxyType` as the wire has it, empty where none is asked. */
export interface ZoneTexts {
  readonly lists: Readonly<Record<ZoneList, readonly string[]>>;
  readonly proxyType: string;
}

const NONE = { gateway: [], proxy: [], asn: [], notAsn: [], place: [], notPlace: [], service: [], notService: [] };

type Listed<T> = readonly T[] | ZoneHalves<T> | null | undefined;
const halvesOf = <T>(list: Listed<T>, text: (item: T) => string): [readonly string[], readonly string[]] =>
  list !== null && list !== undefined && 'include' in list
    ? [list.include.map(text), list.exclude.map(text)]
    : [(list ?? []).map(text), []];
const placeText = ({ country, region }: ZoneLocationAnswer): string => region ?? country;

/** What a zone is made of; of a new one, nothing. */
export const textsOf = (zone: ZoneAnswer | null): ZoneTexts => {
  if (zone === null) return { lists: NONE, proxyType: '' };
  const [asn, notAsn] = halvesOf(zone.asns, String);
  const [place, notPlace] = halvesOf(zone.locations, placeText);
  const [service, notService] = halvesOf(zone.ipServiceCategories, String);
  return {
    lists: {
      gateway: (zone.gateways ?? []).map(rangeText),
      proxy: (zone.proxies ?? []).map(rangeText),
      ...{ asn, notAsn, place, notPlace, service, notService },
    },
    proxyType: zone.proxyType ?? '',
  };
};

/** `DE`, or a region of it, `DE-BE`. */
const placeOf = (text: string) => ({ country: text.split('-')[0] ?? '', region: text.includes('-') ? text : null });

/** The part of a zone's body that says what it is made of. */
export const contentOf = (type: ZoneType, { lists, proxyType }: ZoneTexts) => {
  if (type === 'IP') return { gateways: lists.gateway.map(rangeOf), proxies: lists.proxy.map(rangeOf) };
  if (type === 'DYNAMIC') return { asns: [...lists.asn], locations: lists.place.map(placeOf), proxyType };
  return {
    asns: { include: [...lists.asn], exclude: [...lists.notAsn] },
    locations: { include: lists.place.map(placeOf), exclude: lists.notPlace.map(placeOf) },
    ipServiceCategories: { include: [...lists.service], exclude: [...lists.notService] },
  };
};

export const listText = (texts: readonly string[]): string => texts.join(', ') || 'none';

/** What the zone asks of an address, by its type; lists of what is left out only where something stands in them. */
export const contentFacts = (zone: ZoneAnswer): [string, string][] => {
  const { lists, proxyType } = textsOf(zone);
  return [
    ...ZONE_LIST_NAMES.filter(
      (list) => hasList(zone.type, list) && (!list.startsWith('not') || lists[list].length > 0),
    ).map((list): [string, string] => [ZONE_LISTS[list].label, listText(lists[list])]),
    ...(zone.type === 'DYNAMIC' ? [['Proxy type', proxyType || 'none asked'] as [string, string]] : []),
  ];
};

/** What is to be said of a zone that asks for what nothing is known of here; nothing of any other. */
export const missingLines = ({ sallyport }: Pick<ZoneAnswer, 'sallyport'>): string[] =>
  sallyport === undefined
    ? []
    : [
        `There is no data for ${sallyport.missingData.join(', ')}: of no address it is known whether it is of that,`,
        'so nobody is let in, and nobody blocked, by it.',
      ];
