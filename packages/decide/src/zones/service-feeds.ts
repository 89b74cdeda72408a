import type { IpServiceCategory, ProxyType, ServiceFeed } from '@sallyport/model/network-zone';
import { SERVICE_PROVIDERS } from '@sallyport/model/network-zone';

/** Which lists speak of a category. */
interface CategoryFeeds {
  /** In one of these: of the category. */
  readonly any: readonly ServiceFeed[];
  /** Only when all of these are loaded, an address that is in none is not of the category: `VPN` is a list of all VPNs. */
  readonly needed: readonly ServiceFeed[];
}

const PASSERS: CategoryFeeds = { any: ['VPN', 'PROXY', ...SERVICE_PROVIDERS], needed: ['VPN', 'PROXY'] };
const ALL: CategoryFeeds = { any: ['TOR', ...PASSERS.any], needed: ['TOR', ...PASSERS.needed] };
const GROUPS: Readonly<Partial<Record<IpServiceCategory, CategoryFeeds>>> = {
  ALL_ANONYMIZERS: ALL,
  ALL_IP_SERVICES: ALL,
  ALL_ANONYMIZERS_EXCEPT_TOR: PASSERS,
  ALL_PROXIES_VPNS: PASSERS,
  ANONYMIZER_TOR: { any: ['TOR'], needed: ['TOR'] },
};

/** The lists that speak of a category; one without a group of its own is a list of its own. */
export const feedsOf = (category: IpServiceCategory): CategoryFeeds =>
  GROUPS[category] ?? { any: [category as ServiceFeed], needed: [category as ServiceFeed] };

const PROXY_TYPE_CATEGORIES: Readonly<Record<Exclude<ProxyType, ''>, IpServiceCategory>> = {
  Any: 'ALL_ANONYMIZERS',
  Tor: 'ANONYMIZER_TOR',
  TorAnonymizer: 'ANONYMIZER_TOR',
  NotTorAnonymizer: 'ALL_ANONYMIZERS_EXCEPT_TOR',
};

/** The category that a proxy type of a DYNAMIC zone asks for; none for the empty one. */
export const categoryOf = (proxyType: ProxyType | null): IpServiceCategory[] =>
  proxyType === null || proxyType === '' ? [] : [PROXY_TYPE_CATEGORIES[proxyType]];

/** The lists without which the zone's categories are not known. */
export const missingFeeds = (
  categories: readonly IpServiceCategory[],
  loaded: ReadonlySet<ServiceFeed>,
): readonly ServiceFeed[] => [
  ...new Set(categories.flatMap((category) => feedsOf(category).needed.filter((feed) => !loaded.has(feed)))),
];
