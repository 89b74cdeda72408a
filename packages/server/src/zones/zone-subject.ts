import { parseAddress } from '@sallyport/decide/address/parse-address';
import { readClaims } from '@sallyport/decide/address/walk-client-address';
import { CLAIMS_MAX, type ZoneSubject } from '@sallyport/decide/zones/match-zone';
import type { Address, ClientAddress } from '@sallyport/model/network';
import type { AddressKnowledge } from '@sallyport/model/network-zone';
import type { NetworkIntel } from '../ports/network-intel.ts';

/** An address as zones see it; looked up at most once, and only when a zone asks for it. */
const subjectOf = (intel: NetworkIntel, address: Address, client: ClientAddress | null): ZoneSubject => {
  let known: AddressKnowledge | undefined;
  return {
    address,
    claims: () => (client === null ? [] : readClaims(client, CLAIMS_MAX)),
    knowledge: () => (known ??= intel.knowledgeOf(address)),
  };
};

/** A client that comes from an address directly. */
export const knownClient = (address: Address): Extract<ClientAddress, { kind: 'known' }> => ({
  kind: 'known',
  address,
  chain: [],
  ignoredHeaderIsPresent: false,
});

/** The client of a request as zones see it; null when it is unknown. */
export const clientSubject = (intel: NetworkIntel, client: ClientAddress): ZoneSubject | null =>
  client.kind === 'known' ? subjectOf(intel, client.address, client) : null;

/** Every hop that was read, the client first. */
export const hopSubjects = (intel: NetworkIntel, client: ClientAddress): readonly ZoneSubject[] => {
  const own = clientSubject(intel, client);
  const others = client.chain
    .map(({ ip }) => parseAddress(ip))
    .filter((address) => address !== null)
    .filter(({ text }) => text !== own?.address.text)
    .map((address) => subjectOf(intel, address, null));
  return own === null ? others : [own, ...others];
};
