/**
 * Networks in which computers are rented by the hour: a session that comes from there is a machine, a tunnel, or somebody
 * else. Our own list, put together by hand in 2026 from what the companies say of themselves and checked against the
 * names in the shipped table; no other list was copied, and it may be used under the licence of this repository.
 *
 * Not in it, on purpose: carriers that also host, content networks (Cloudflare, Fastly, the Akamai CDN), through which
 * company VPN services leave, and universities. Operators add theirs in `<data>/intel/hosting.txt`, as `AS64500`.
 */
export const HOSTING_ASNS: ReadonlySet<number> = new Set([
  // Amazon, Google Cloud, Microsoft, Oracle, IBM
  16509, 14618, 8987, 396982, 19527, 8075, 8068, 8069, 31898, 36351,
  // Alibaba, Tencent, Huawei, UCloud, Kaopu, Cloudie, Zenlayer
  45102, 37963, 45090, 132203, 136907, 55990, 135377, 138915, 55933, 21859,
  // DigitalOcean, Akamai (Linode), Vultr, OVH, Hetzner, Scaleway, UpCloud, Contabo, netcup, IONOS, Host Europe
  14061, 63949, 20473, 16276, 35540, 24940, 213230, 212317, 12876, 202053, 51167, 40021, 197540, 8560, 34011,
  // Leaseweb, Rackspace, Equinix Metal, Latitude.sh, Servers.com, Hivelocity, Limestone, QuadraNet, Psychz
  60781, 28753, 59253, 30633, 7203, 19148, 27357, 33070, 19994, 54825, 396356, 7979, 29802, 61317, 46475, 8100, 40676,
  // M247, Datacamp, Clouvider, 31173, Private Layer, HostRoyale, Melbikomas: much of the VPN trade rents here
  9009, 60068, 212238, 62240, 39351, 51852, 203020, 8849,
  // Hostinger, HostPapa, GoDaddy, Namecheap, Unified Layer, Interserver, InMotion, FranTech, IT7, WholeSale Internet
  47583, 36352, 54290, 26496, 22612, 46606, 19318, 3842, 53667, 25820, 32097,
  // Sharktech, Multacom, Eonix, EGIHosting, GTHost, 24 Shells, B2 Net, PebbleHost, Performive, DEFT
  46844, 35916, 62904, 18779, 63023, 55081, 55286, 212027, 46562, 23352,
  // WorldStream, NForce, Global Layer, Serverius, The Infrastructure Group, IP Volume, Scalaxy, Hydra, iomart, GHOSTnet
  49981, 43350, 49453, 50673, 60404, 202425, 58061, 25369, 20860, 12586, 42831,
  // Selectel, Timeweb, Beget, REG.RU, Baxet, Petersburg Internet Network, AlexHost, FlokiNET, Green Floid, MEVSPACE
  49505, 50340, 9123, 198610, 197695, 49392, 34665, 200019, 200651, 50979, 201814,
]);
