import { parseAddress } from '@sallyport/decide/address/parse-address';
import { invalid } from '@sallyport/model/errors';
import type { Services } from '../services.ts';
import { networkName } from '../sessions/describe-session.ts';

/** What the server makes of an address, by the same index and data as every request. */
export const testAddress = (s: Services, text: string) => {
  const address = parseAddress(text);
  if (address === null) throw invalid('address', 'must be an IPv4 or IPv6 address');
  return {
    address: address.text,
    network: networkName(s.intel.resolve(address)),
    place: s.intel.placeOf(address).country,
    zones: s.zones.zonesOf(address).map((zone) => ({
      id: zone.id,
      name: zone.name,
      usage: zone.isBlocklist ? 'BLOCKLIST' : 'POLICY',
      isExempt: zone.isExempt,
    })),
    isBlocked: s.zones.blockingZone([address]) !== null,
    isExempt: s.zones.isExempt(address),
  };
};
