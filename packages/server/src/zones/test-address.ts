import type { ClientAddress } from '@sallyport/model/network';
import type { Services } from '../services.ts';
import { networkName } from '../sessions/describe-session.ts';
import type { JudgedZone } from './zone-index.ts';

const presentZone = ({ zone, match }: JudgedZone) => ({
  id: zone.id,
  name: zone.name,
  usage: zone.isBlocklist ? 'BLOCKLIST' : 'POLICY',
  isExempt: zone.isExempt,
  answer: match.answer,
  why: match.why,
});

/** What the server makes of a client, by the same index and data as every request. */
export const testAddress = (s: Services, client: Extract<ClientAddress, { kind: 'known' }>) => {
  const { address } = client;
  const { asn, services, isLocal } = s.intel.knowledgeOf(address);
  const { country, countryCode, region, regionCodes, city } = s.intel.placeOf(address);
  const judged = s.zones.judge(client).map(presentZone);
  const blockedBy = s.zones.blockingZone(client);
  return {
    address: address.text,
    network: networkName(s.intel.resolve(address)),
    asn,
    place: country,
    countryCode,
    region,
    regionCodes,
    city,
    isLocal,
    services: [...services],
    zones: judged.filter(({ answer }) => answer === 'in'),
    /** The active zones that it is not in, or of which that is not known, and why. */
    otherZones: judged.filter(({ answer }) => answer !== 'in'),
    isBlocked: blockedBy !== null,
    blockedBy: blockedBy === null ? null : { id: blockedBy.id, name: blockedBy.name },
    isExempt: s.zones.isExempt(address),
  };
};
