import type { ZoneHalves, ZoneLocationAnswer } from '@sallyport/client/answers';
import { EXEMPT_NAME, entriesOf, linesOf, type Zone } from './zone-answer.ts';

/** A list of the form that is one text, one entry a line; named as the server names it in its refusals. */
export type TextField =
  | 'gateways'
  | 'proxies'
  | 'asns'
  | 'locations'
  | 'asns.include'
  | 'asns.exclude'
  | 'locations.include'
  | 'locations.exclude';

/** What was typed of a zone. What another type asks for stays, so that a change of mind loses nothing. */
export interface ZoneDraft {
  readonly type: Zone['type'];
  readonly name: string;
  readonly usage: Zone['usage'];
  readonly texts: Readonly<Record<TextField, string>>;
  readonly proxyType: string;
  readonly services: ZoneHalves<string>;
}

const NOTHING: ZoneHalves<never> = { include: [], exclude: [] };
const isHalves = <T>(list: readonly T[] | ZoneHalves<T> | null | undefined): list is ZoneHalves<T> =>
  list !== null && list !== undefined && 'include' in list;
const placeText = ({ country, region }: ZoneLocationAnswer): string => region ?? country;

const textsOf = <T>(list: readonly T[] | ZoneHalves<T> | null | undefined, text: (item: T) => string) => {
  const { include, exclude } = isHalves(list) ? list : NOTHING;
  const joined = (items: readonly T[]): string => items.map(text).join('\n');
  return { all: isHalves(list) ? '' : joined(list ?? []), include: joined(include), exclude: joined(exclude) };
};

/** The draft of a zone as it is; of a new one, an empty one of addresses. */
export const draftOf = (zone: Zone | null): ZoneDraft => {
  const asns = textsOf(zone?.asns, String);
  const locations = textsOf(zone?.locations, placeText);
  return {
    type: zone?.type ?? 'IP',
    name: zone?.name ?? '',
    usage: zone?.usage ?? 'POLICY',
    texts: {
      gateways: (zone?.gateways ?? []).map(({ value }) => value).join('\n'),
      proxies: (zone?.proxies ?? []).map(({ value }) => value).join('\n'),
      asns: asns.all,
      'asns.include': asns.include,
      'asns.exclude': asns.exclude,
      locations: locations.all,
      'locations.include': locations.include,
      'locations.exclude': locations.exclude,
    },
    proxyType: zone?.proxyType ?? '',
    services: zone?.ipServiceCategories ?? NOTHING,
  };
};

const values = (text: string): string[] => linesOf(text).map(({ value }) => value);
/** `DE`, or a region of it as `DE-BE`. */
const placesOf = (text: string): { country: string; region: string | null }[] =>
  values(text).map((value) => {
    const dash = value.indexOf('-');
    return { country: dash === -1 ? value : value.slice(0, dash), region: dash === -1 ? null : value };
  });

const contentOf = ({ type, texts, proxyType, services }: ZoneDraft) => {
  if (type === 'IP') return { gateways: entriesOf(texts.gateways), proxies: entriesOf(texts.proxies) };
  if (type === 'DYNAMIC') return { asns: values(texts.asns), locations: placesOf(texts.locations), proxyType };
  return {
    asns: { include: values(texts['asns.include']), exclude: values(texts['asns.exclude']) },
    locations: { include: placesOf(texts['locations.include']), exclude: placesOf(texts['locations.exclude']) },
    ipServiceCategories: services,
  };
};

/** The body that saves the draft. */
export const bodyOf = (draft: ZoneDraft, zone: Zone | null) => ({
  type: draft.type,
  name: draft.name.trim(),
  usage: draft.usage,
  status: zone?.status ?? 'ACTIVE',
  ...contentOf(draft),
  ...(zone?.name === EXEMPT_NAME ? { useAsExemptList: true } : {}),
});

const PROXY_TYPE_WORDS: Readonly<Record<string, string>> = {
  Any: 'Tor, a VPN or a proxy',
  Tor: 'Tor',
  TorAnonymizer: 'Tor',
  NotTorAnonymizer: 'a VPN or a proxy, not Tor',
};
export const PROXY_TYPES = [
  { value: '', label: 'does not matter' },
  { value: 'Any', label: 'Tor, a VPN or a proxy' },
  { value: 'Tor', label: 'Tor' },
  { value: 'NotTorAnonymizer', label: 'a VPN or a proxy, not Tor' },
];

export const TYPE_WORDS: Readonly<Record<Zone['type'], string>> = {
  IP: 'addresses',
  DYNAMIC: 'networks and places',
  DYNAMIC_V2: 'networks, places and services, with exceptions',
};

/** `NORD_VPN` → `Nord VPN`; the groups and our own in words. */
export const serviceWords = (category: string): string => SERVICE_WORDS[category] ?? category.replaceAll('_', ' ');
const SERVICE_WORDS: Readonly<Record<string, string>> = {
  ALL_ANONYMIZERS: 'All anonymisers: Tor, VPNs, proxies',
  ALL_ANONYMIZERS_EXCEPT_TOR: 'All anonymisers but Tor',
  ALL_PROXIES_VPNS: 'All VPNs and proxies',
  ALL_IP_SERVICES: 'All services',
  ANONYMIZER_TOR: 'Tor',
  HOSTING: 'Hosting and clouds',
  TOR: 'Tor',
  VPN: 'VPNs',
  PROXY: 'Proxies',
};

/** What a zone asks, line by line, for reading. A zone that asks nothing has none. */
export const contentLines = (zone: Zone): { readonly label: string; readonly items: readonly string[] }[] => {
  const { texts, services, proxyType } = draftOf(zone);
  return [
    { label: 'Addresses', items: values(texts.gateways) },
    { label: 'Proxies of the zone', items: values(texts.proxies) },
    { label: 'AS numbers', items: values(texts.asns || texts['asns.include']) },
    { label: 'But not AS numbers', items: values(texts['asns.exclude']) },
    { label: 'Countries and regions', items: values(texts.locations || texts['locations.include']) },
    { label: 'But not countries and regions', items: values(texts['locations.exclude']) },
    { label: 'Through', items: proxyType === '' ? [] : [PROXY_TYPE_WORDS[proxyType] ?? proxyType] },
    { label: 'Services', items: services.include.map(serviceWords) },
    { label: 'But not services', items: services.exclude.map(serviceWords) },
  ].filter(({ items }) => items.length > 0);
};
