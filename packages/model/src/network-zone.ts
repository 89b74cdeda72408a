/**
 * Network zones: names for addresses. An IP zone lists them; a dynamic one says what must be known of an address. What
 * is not known of it makes the zone *unknown* there: never a match, and never a silent "not in it" (design §4.2).
 */
export const ZONE_TYPES = ['IP', 'DYNAMIC', 'DYNAMIC_V2'] as const;
export type ZoneType = (typeof ZONE_TYPES)[number];
export type ZoneUsage = 'POLICY' | 'BLOCKLIST';

/** Services that carry other people's traffic, each known by the file that lists its addresses. */
export const SERVICE_PROVIDERS = [
  'ASTRILL_VPN',
  'AVAST_VPN',
  'CYBERGHOST_VPN',
  'EXPRESS_VPN',
  'GLOBALPROTECT_VPN',
  'GOOGLE_VPN',
  'MULLVAD_VPN',
  'NORD_VPN',
  'PIA_VPN',
  'SAMSUNG_VPN',
  'SURFSHARK_VPN',
  'SYMANTEC_VPN',
  'TRENDMICRO_VPN',
  'ULTRASURF_VPN',
  'WARP_VPN',
  'ABCPROXY_PROXY',
  'APPLE_ICLOUD_RELAY_PROXY',
  'BIGMAMA_PROXY',
  'DATAIMPULSE_PROXY',
  'FACELESS_PROXY',
  'FROXY_PROXY',
  'GEONODE_PROXY',
  'IPCOLA_PROXY',
  'IPIDEA_PROXY',
  'IPROXYSHOP_PROXY',
  'LUMINATI_PROXY',
  'NETNUT_PROXY',
  'NEXUS_PROXY',
  'OCULUS_PROXY',
  'OXYLABS_PROXY',
  'PROXYRACK_PROXY',
  'SPACEPROXIES_PROXY',
  'YILU_PROXY',
] as const;

/** What a list of addresses can stand for. One file of `<data>/intel/` each: `tor`, `vpn`, `nord_vpn`, … */
export const SERVICE_FEEDS = ['TOR', 'VPN', 'PROXY', 'HOSTING', ...SERVICE_PROVIDERS] as const;
export type ServiceFeed = (typeof SERVICE_FEEDS)[number];

/** What a zone may ask for. `HOSTING` is our own; the others are those of the wire we are compatible with. */
export const IP_SERVICE_CATEGORIES = [
  'ALL_ANONYMIZERS',
  'ALL_ANONYMIZERS_EXCEPT_TOR',
  'ALL_PROXIES_VPNS',
  'ALL_IP_SERVICES',
  'ANONYMIZER_TOR',
  'HOSTING',
  ...SERVICE_PROVIDERS,
] as const;
export type IpServiceCategory = (typeof IP_SERVICE_CATEGORIES)[number];

/** `TorAnonymizer` is what clients send for `Tor`; the empty text asks for nothing. */
export const PROXY_TYPES = ['Any', 'Tor', 'TorAnonymizer', 'NotTorAnonymizer', ''] as const;
export type ProxyType = (typeof PROXY_TYPES)[number];

/** A country (ISO 3166-1 alpha-2), or a region of it (ISO 3166-2, `US-CA`). */
export interface ZoneLocation {
  readonly country: string;
  readonly region: string | null;
}
export interface ZoneEntry {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}
export interface Both<T> {
  readonly include: readonly T[];
  readonly exclude: readonly T[];
}

/** What an address must be to be in the zone. */
export type ZoneContent =
  | { readonly type: 'IP'; readonly gateways: readonly ZoneEntry[]; readonly proxies: readonly ZoneEntry[] }
  | {
      readonly type: 'DYNAMIC';
      readonly asns: readonly string[];
      readonly locations: readonly ZoneLocation[];
      readonly proxyType: ProxyType | null;
    }
  | {
      readonly type: 'DYNAMIC_V2';
      readonly asns: Both<string>;
      readonly locations: Both<ZoneLocation>;
      readonly ipServiceCategories: Both<IpServiceCategory>;
    };

/** What network data tells of one address. */
export interface AddressKnowledge {
  readonly asn: number | null;
  /** A private address has no ASN, no country, and belongs to no service; that is known, not missing. */
  readonly isLocal: boolean;
  readonly countryCode: string | null;
  /** ISO 3166-2 (`US-CA`): it may be in a region that is in another; empty where none is known. */
  readonly regionCodes: readonly string[];
  readonly services: ReadonlySet<ServiceFeed>;
  /** The lists that are loaded: of any other, nothing is known. */
  readonly loaded: ReadonlySet<ServiceFeed>;
}
